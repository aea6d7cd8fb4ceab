"""What the store keeps of bundles, seals and tombstones, on both databases; and what an old database becomes."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import peewee
import pytest

from tests.store.conftest import store, url
from tests.store.invented import AT, SHA, sweep
from tracker.store import Hand, Origin, OriginRecord, OriginSweep, Store, Tombstone, TrustedKey, through
from tracker.store import database as module

__all__ = ["store", "url"]

COUNTY, CITY = (Hand(office=name, fingerprint=digit * 32, at=AT) for name, digit in (("示例县", "a"), ("示例市", "b")))
ORIGIN = Origin(bundle="c" * 64, hand=COUNTY, exported_by="甲", who="乙", at=AT)
STONE = Tombstone(file="2026-11-02/x-1.warc.gz", sweep="2026-11-02", sha256=SHA, size=7, who="甲", why="期满", at=AT)


def test_a_bundle_is_entered_once_and_its_records_too(store: Store) -> None:
    number = store.add_origin(ORIGIN)
    assert store.add_origin(replace(ORIGIN, who="别人")) == number
    assert store.origins() == (replace(ORIGIN, id=number),)
    record = OriginRecord(kind="verdict", sweep="s", account_id="a", told={"x": ["中", 1]})
    assert store.add_origin_records(number, [record, record]) == (record,)
    assert store.add_origin_records(number, [record]) == ()
    assert store.origin_records("verdict", ["a"]) == (replace(record, at=AT),)
    assert (store.origin_records("verdict", ["b"]), store.origin_records("decision")) == ((), ())


def test_hands_are_told_in_their_order(store: Store) -> None:
    store.start_sweep(sweep())
    assert store.add_origin_visits("2026-11-02", {SHA: (COUNTY, CITY)}) == 1
    assert store.add_origin_visits("2026-11-02", {SHA: (CITY,)}) == 0
    assert through(store.hands([SHA, "0"])[SHA]) == "来自 示例县(指纹aaaaaaaa),经 示例市(指纹bbbbbbbb)"
    assert through(()) == ""


def test_ours_come_before_theirs_where_no_sweep_is_named(store: Store) -> None:
    store.start_sweep(sweep())
    store.start_sweep(sweep("他人的", started_at=AT + timedelta(days=1)))
    told = OriginSweep(name="他人的", office="示例县", fingerprint="a" * 32, sweep="2026-11-02")
    store.add_origin_sweep(told)
    store.add_origin_sweep(replace(told, office="别的"))
    assert store.origin_sweeps() == {"他人的": told}
    head = store.sweep_head()
    assert head is not None
    assert head.name == "2026-11-02"


def test_the_last_word_on_a_key_counts(store: Store) -> None:
    said = TrustedKey(fingerprint="a" * 32, office="示例县", trusted=True, who="甲", at=AT)
    store.say_trust(said)
    store.say_trust(replace(said, trusted=False))
    assert store.trusted_keys() == {"a" * 32: replace(said, trusted=False)}


def test_the_newest_seal_and_its_timestamp_are_known(store: Store) -> None:
    store.start_sweep(sweep())
    assert store.seal_head("2026-11-02") is None
    for number, digest, stamp in ((1, "x", ""), (2, "y", ""), (1, "x", "t")):
        store.add_seal_head("2026-11-02", number, digest, AT, stamp=stamp)
    assert (store.seal_head("2026-11-02"), store.seal_stamps("2026-11-02")) == ((2, "y"), {1: "t"})


def test_a_tombstone_stands_once(store: Store) -> None:
    store.start_sweep(sweep())
    store.add_tombstones([STONE])
    store.add_tombstones([replace(STONE, why="又")])
    assert store.tombstones("2026-11-02") == (STONE,)


@pytest.mark.parametrize(
    "table", ["origin", "origin_record", "trusted_key", "seal_head", "tombstone", "origin_visit", "origin_sweep"]
)
def test_nothing_of_it_can_be_changed_or_removed(store: Store, table: str) -> None:
    store.start_sweep(sweep())
    number = store.add_origin(ORIGIN)
    store.add_origin_records(number, [OriginRecord(kind="k", sweep="", account_id="", told={})])
    store.add_origin_visits("2026-11-02", {SHA: (COUNTY,)})
    store.add_origin_sweep(OriginSweep(name="x", office="y", fingerprint="z", sweep="w"))
    store.say_trust(TrustedKey(fingerprint="a", office="", trusted=True, who="", at=AT))
    store.add_seal_head("2026-11-02", 1, "x", AT)
    store.add_tombstones([STONE])
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {'name = name' if table == 'origin_sweep' else 'id = id'}"):  # noqa: S608
        with pytest.raises(peewee.DatabaseError, match="append only"), store._database.connection_context():
            store._database.execute_sql(statement)


def test_a_database_of_the_first_migration_loses_nothing(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(module.MIGRATIONS / "0001_first.py", first)
    rows = {
        "account": ("a1", "weibo", "k", 1, '{"account_id":"a1","platform":"weibo","kind":"新浪微博","name":"示例"}'),
        "sweep": ("旧", "check", None, None, "2020-01-01", "2020-01-31", "2020-01-31T00:00:00.000000+00:00", None, "[]", ""),
    }
    named = "INSERT INTO decision (sweep, account_id, code, confirmed, who, why, at) VALUES "
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", first)
        with Store.open(url) as old, old._database.connection_context():
            mark = old._database.param
            for table, values in rows.items():
                old._database.execute_sql(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(values))})", values)  # noqa: S608
            told = ("旧", "a1", "UPD-02", True, "甲", "", "2020-02-01T00:00:00.000000+00:00")
            old._database.execute_sql(f"{named}({', '.join([mark] * 7)})", told)
    with Store.open(url) as new:
        assert [one.name for one in new.accounts()] == ["示例"]
        assert [one.name for one in new.sweeps()] == ["旧"]
        assert [(one.account_id, one.who) for one in new.decisions("旧")] == [("a1", "甲")]
        assert (new.origins(), new.tombstones("旧"), new.seal_head("旧")) == ((), (), None)
        new.add_seal_head("旧", 1, "x", AT)
        assert new.seal_head("旧") == (1, "x")
