"""Facts and verdicts as rows: kept once, streamed, complete or not there at all; names of a registry; the step from the texts."""

import dataclasses
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import made
from tests.store.invented import ACCOUNTS, AT, BOUNDS, SHA, VERDICTS, account, sweep, visit
from tracker.errors import UsageError
from tracker.facts import Evidence, Facts, Quantity
from tracker.model import Account, Aspect, Conclusion, Found, Hit, Identity, Observation, Outcome, Post, Seen, Unseen, Verdict
from tracker.store import JudgementHead, Store, StoredFacts, facts_of, facts_text, verdict_to_json
from tracker.store import database as module
from tracker.store.codec import REATTACHED, account_to_json, dumps, observation_to_json, verdict_of, verdict_text
from tracker.text import key

HEAD = JudgementHead(sweep="2026-11-02", profile="national", profile_digest="d", at=AT)


def verdict(n: int, conclusion: Conclusion = Conclusion.PASSED) -> Verdict:
    return Verdict(
        account=account(n), conclusion=conclusion, word="合格", check_date=date(2026, 11, 2), latest_post=None, idle_days=None
    )


def judged(store: Store, *verdicts: Verdict, head: JudgementHead = HEAD) -> JudgementHead:
    begun = store.begin_judgement(head)
    store.add_verdicts(begun, verdicts, 0)
    return store.end_judgement(begun, len(verdicts))


def test_verdicts_are_streamed_in_order_and_found_by_account(store: Store) -> None:
    store.start_sweep(sweep())
    made = [verdict(n, Conclusion.FAILED if n % 3 else Conclusion.PASSED) for n in range(1200)]
    head = judged(store, *made)
    assert list(store.verdicts(head)) == made
    assert list(store.verdicts(head, [Conclusion.FAILED])) == [one for one in made if one.conclusion is Conclusion.FAILED]
    assert store.verdict(head, "account007") == made[7]
    assert store.verdict(head, "nobody") is None
    assert (head.total, store.last_head(HEAD.sweep)) == (1200, head)


def test_a_judgement_that_was_broken_off_counts_for_nothing(store: Store) -> None:
    store.start_sweep(sweep())
    whole = judged(store, verdict(1))
    broken = store.begin_judgement(HEAD)
    store.add_verdicts(broken, [verdict(1), verdict(2)], 0)
    assert store.last_head(HEAD.sweep) == whole
    last = store.last_judgement(HEAD.sweep)
    assert last
    assert (last.number, last.verdicts) == (whole.number, (verdict(1),))


def test_a_verdict_never_takes_the_place_of_another(store: Store) -> None:
    store.start_sweep(sweep())
    begun = store.begin_judgement(HEAD)
    store.add_verdicts(begun, [verdict(1), verdict(2)], 0)
    with pytest.raises(UsageError, match="拒绝了这一步"):
        store.add_verdicts(begun, [verdict(3)], 1)
    assert list(store.verdicts(begun)) == [verdict(1), verdict(2)]


def test_facts_are_kept_once_per_digest(store: Store) -> None:
    store.start_sweep(sweep())
    store.start_sweep(sweep("other"))
    rows = [StoredFacts(account_id=f"a{n}", digest=f"{n:064}", told=f'"{n}"') for n in range(700)]
    store.add_facts("2026-11-02", rows)
    store.add_facts("2026-11-02", [dataclasses.replace(rows[0], told="later"), dataclasses.replace(rows[0], digest="x" * 64)])
    assert store.facts("2026-11-02", [row.digest for row in rows] + ["nothing"]) == {row.digest: row.told for row in rows}
    assert store.facts("other", [rows[0].digest]) == {}


@pytest.mark.parametrize("table", ["facts", "verdict", "judgement_end"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_neither_facts_nor_verdicts_can_be_changed_or_removed(store: Store, table: str, verb: str) -> None:
    store.start_sweep(sweep())
    judged(store, verdict(1))
    store.add_facts("2026-11-02", [StoredFacts(account_id="a", digest=SHA, told="{}")])
    row = getattr(store._rows, table)
    changed = {"judgement_end": {"verdicts": 7}}.get(table, {"account_id": "x"})
    query = row.delete() if verb == "delete" else row.update(**changed)
    with pytest.raises(peewee.DatabaseError, match="append only"):
        query.execute()
    assert row.select().count() == 1


def test_sweeps_are_listed_without_reading_an_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.start_sweep(sweep())

    def refuse(*_: object) -> None:
        raise AssertionError("an account was read")

    monkeypatch.setattr("tracker.store.sweeps.account_of", refuse)
    assert [one.name for one in store.sweeps()] == ["2026-11-02"]
    assert store.sweep_head() == store.sweeps()[0]
    assert (store.sweep_size("2026-11-02"), store.sweep_ids("2026-11-02")) == (2, {"account001", "account002"})
    with pytest.raises(AssertionError, match="was read"):
        store.sweep("2026-11-02")


def test_frozen_accounts_are_streamed_in_their_order(store: Store) -> None:
    accounts = tuple(account(n) for n in range(25))
    store.start_sweep(sweep(accounts=accounts))
    store.narrow_sweep("2026-11-02", {one.account_id for one in accounts} - {"account003"})
    store.extend_sweep("2026-11-02", [account(3, name="后来的"), account(4, name="改了名")])
    chunks = list(store.frozen("2026-11-02", 10))
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    back = [one.account for chunk in chunks for one in chunk]
    assert back == [*(one for one in accounts if one.account_id != "account003"), account(3, name="后来的")]


def test_the_names_of_a_registry_are_kept_once_and_never_move(store: Store) -> None:
    store.add_accounts([account(1, organisation="示例市 统计局"), account(2, supervisor="示例市人民政府")], "王某", AT)
    store.start_sweep(sweep(accounts=(account(1, name="已改名"),)))
    roster = store.roster("2026-11-02")
    wanted = {key(name) for name in ("示例市统计局", "示例市人民政府", "示例发布 1", "已改名", "示例日报")}
    assert store.kin(roster, wanted) == wanted - {"示例日报"}
    store.start_sweep(sweep("same", accounts=(account(1, name="已改名"),)))
    assert store.roster("same") == roster
    store.add_accounts([account(3, name="示例日报")], "王某", AT)
    assert store.roster("2026-11-02") == roster
    store.extend_sweep("same", [account(3, name="示例日报")])
    assert store.kin(store.roster("same"), wanted) == wanted
    assert store.kin(roster, wanted) == wanted - {"示例日报"}


def test_visits_are_traced_without_what_they_saw(store: Store) -> None:
    for name in ("2026-11-02", "earlier", "old"):
        store.start_sweep(sweep(name))
    seen = Observation(outcome=Outcome.OK, aspects={Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例发布"))})
    now, late = visit(1, observation=seen), visit(2, at=AT + timedelta(days=1))
    before = visit(3, sweep="earlier", file="earlier/1", at=AT - timedelta(days=7))
    too_old = visit(4, sweep="old", file="old/1", at=AT - timedelta(days=500))
    later = visit(5, sweep="earlier", file="earlier/2", at=AT + timedelta(days=9))
    other = visit(6, account_id="account002", observation=dataclasses.replace(seen, aspects={Aspect.EXISTENCE: UNSEEN}))
    for one in (now, late, before, too_old, later, other):
        store.add_visit(one)
    traces = store.traces("2026-11-02", ["account001"], AT - timedelta(days=400), AT)
    assert [trace.file for trace in traces["account001"]] == [before.file, now.file, late.file]
    assert store.visits_at([now.file, too_old.file]) == {now.file: now, too_old.file: too_old}
    assert store.seen_by("2026-11-02", "alpha", "http") == {"account001"}


UNSEEN = Unseen(outcome=Outcome.LOGIN_WALL)
HITS = st.lists(st.builds(Hit, at=st.none()), max_size=2).map(tuple)
FACTS = st.builds(
    Facts,
    account=ACCOUNTS,
    **{
        name: st.builds(Quantity, bounds=BOUNDS)
        for name in ("idle", "idle_original", "gap", "published", "originals", "unanswered")
    },
    footers=st.builds(lambda hits: Evidence(found=Found(hits=hits, whole=True)), HITS),
    calendar=st.just(Facts.__dataclass_fields__["calendar"].default_factory()),  # type: ignore[misc]
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40, deadline=None)
@given(facts=FACTS)
def test_any_facts_survive_as_text_and_give_the_same_text_again(facts: Facts) -> None:
    told = facts_text(facts)
    back = facts_of(told, account=facts.account)
    assert back == facts
    assert facts_text(back) == told
    assert not set(json.loads(told)) & set(REATTACHED)


def test_a_set_is_written_in_one_order() -> None:
    names = [f"示例单位{n}" for n in range(50)]
    facts = [dataclasses.replace(made.facts_of({}), kin=frozenset(order)) for order in (names, names[::-1])]
    assert [json.loads(facts_text(one))["kin"] for one in facts] == [sorted(names)] * 2


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, deadline=None)
@given(record=VERDICTS)
def test_any_verdict_survives_as_text(record: Verdict) -> None:
    assert verdict_of(verdict_text(record)) == record
    assert verdict_of(dumps(verdict_to_json(record))) == record


def test_half_a_surrogate_in_a_verdict_becomes_a_replacement_character() -> None:
    assert verdict_of(verdict_text(dataclasses.replace(verdict(1), notes=("坏\ud800字",)))).notes == ("坏\ufffd字",)


def old_world(store: Store, accounts: tuple[Account, ...], verdicts: list[Verdict], observation: Observation) -> None:
    """What the first schema kept as texts, written as it did."""
    say, mark = store._database.execute_sql, store._database.param
    frozen = dumps([account_to_json(one) for one in accounts])
    columns = "name, kind, period, check_date, since, until, started_at, ended_at, accounts, source"
    sql = f"INSERT INTO sweep ({columns}) VALUES ({', '.join([mark] * 10)})"  # noqa: S608 - our own words
    stamp = "2026-11-02T01:30:00.000000+00:00"
    say(sql, ("2026-11-02", "check", "2026Q4", "2026-11-02", "2026-10-01", "2026-11-02", stamp, None, frozen, ""))
    columns = "file, sweep, account_id, platform, route, url, url_key, sha256, at, printed_date, observation"
    sql = f"INSERT INTO visit ({columns}) VALUES ({', '.join([mark] * 11)})"  # noqa: S608 - the same
    seen = dumps(observation_to_json(observation))
    say(sql, ("f", "2026-11-02", "account001", "alpha", "http", "u", "k", SHA, stamp, "", seen))
    sql = f"INSERT INTO judgement (sweep, profile, profile_digest, at, verdicts) VALUES ({', '.join([mark] * 5)})"  # noqa: S608 - the same
    for some in ([], verdicts):
        say(sql, ("2026-11-02", "national", "d", stamp, dumps([verdict_to_json(one) for one in some])))


def test_what_the_first_schemas_kept_as_texts_becomes_rows(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tmp_path / "old"
    first.mkdir()
    for path in module.MIGRATIONS.glob("000[123]*.py"):
        shutil.copy(path, first)
    accounts, verdicts = (account(1, name="当时的名字"), account(2)), [verdict(1, Conclusion.FAILED), verdict(2)]
    seen = Observation(outcome=Outcome.OK, aspects={Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例发布"))})
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", first)
        with Store.open(url) as old:
            filed = dumps(account_to_json(account(1, organisation="示例市统计局")))
            marks = ", ".join([old._database.param] * 5)
            into = f"INSERT INTO account (account_id, platform, name_key, position, data) VALUES ({marks})"  # noqa: S608 - the same
            old._database.execute_sql(into, ("account001", "alpha", "k", 1, filed))  # type: ignore[no-untyped-call]
            old_world(old, accounts, verdicts, seen)
    with Store.open(url) as new:
        assert new.sweep("2026-11-02") == sweep(accounts=accounts)
        last = new.last_judgement("2026-11-02")
        assert last
        assert (last.verdicts, last.at, last.total) == (tuple(verdicts), AT, 2)
        assert new.seen_by("2026-11-02", "alpha", "http") == {"account001"}
        names = {"示例市统计局", key("当时的名字")}
        assert new.kin(new.roster("2026-11-02"), names | {"别的"}) == names
        head = judged(new, verdict(2))
        assert head.number == last.number + 1
        with pytest.raises(peewee.DatabaseError, match="append only"):
            new._rows.judgement.delete().execute()


def test_a_sqlite_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 26, 0))
    with pytest.raises(UsageError, match=r"SQLite.*太旧.*3\.35"):
        Store.open("sqlite:///data.db")


def test_a_post_keeps_its_instant() -> None:
    facts = dataclasses.replace(made.facts_of({}), latest=Post(id="1", at=AT))
    back = facts_of(facts_text(facts), account=facts.account)
    assert back.latest
    assert back.latest.at == AT
    assert back.latest.at.isoformat() == AT.isoformat()
