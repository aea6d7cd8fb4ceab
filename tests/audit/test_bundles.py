"""A hostile reading of bundles: what a trusted office, or a registry that is not ours, may not bring about here."""

import zipfile
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.bundle.offices import look, office, refused, sent, taken, verdicts
from tests.e2e.running import tracker
from tests.evidence.test_sealing import behind
from tracker.backup.restore import restore
from tracker.bundle import Terms, take
from tracker.bundle.matching import Matcher
from tracker.clock import now
from tracker.credentials import fresh
from tracker.errors import UsageError
from tracker.model import Account
from tracker.workspace import opened

SWEEP = "2026-11-06"
CLEAN, OLD = "新浪微博,示例发布,2026-11-06,2026-11-05,无", "新浪微博,示例发布,2026-11-06,2026-09-01,无"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())


def test_a_trusted_office_cannot_pass_its_own_looks_off_as_ours(tmp_path: Path) -> None:
    city, county = office(tmp_path / "市", "示例市", "发布"), office(tmp_path / "县", "示例县", "发布")
    look(city, SWEEP, CLEAN)
    own = sent(city, tmp_path / "自己")
    look(county, SWEEP, OLD)
    # the county says in its bundle that the check is the city's
    columns = "(name, office, fingerprint, sweep)"
    behind(county, f"INSERT INTO origin_sweep {columns} VALUES ('{SWEEP}', '示例市', '{own}', '{SWEEP}')")  # noqa: S608
    forged, theirs = tmp_path / "b", sent(county, tmp_path / "b", "--sweep", SWEEP)
    assert "自称是本单位的" in refused(city, forged, "--trust", theirs)
    assert verdicts(city, SWEEP)["示例发布"]["findings"] == []
    # whoever wants them in the check says so
    assert taken(city, forged, "--trust", theirs, "--into", SWEEP)["sweeps"][0]["visits"] == 1


def test_our_own_check_that_comes_home_through_another_office_is_nothing_new(tmp_path: Path) -> None:
    city, county = office(tmp_path / "市", "示例市", "发布"), office(tmp_path / "县", "示例县", "发布")
    look(city, SWEEP, CLEAN)
    name = taken(county, tmp_path / "a", "--trust", sent(city, tmp_path / "a"))["sweeps"][0]["name"]
    back = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b", "--sweep", name))
    assert [(one["name"], one["visits"], one["known"]) for one in back["sweeps"]] == [(SWEEP, 0, 1)]


def test_two_accounts_of_theirs_are_never_one_of_ours() -> None:
    def account(own: str, name: str) -> Account:
        return Account(account_id=own, platform="weibo", kind="新浪微博", name=name, organisation="示例局")

    ours = account("a1", "新名")
    matcher = Matcher([ours], {"a1": ["旧名"]})
    old, new = account("a1", "旧名"), account("a2", "新名")
    assert matcher.find(old) is ours
    assert matcher.find(new) is ours
    found = matcher.pairs({"a1": old, "a2": new})
    assert all(isinstance(why, str) and "两个" in why for why in found.values())
    assert matcher.pairs({"a2": new}) == {"a2": ours}


def test_what_another_office_disputes_is_not_printed_where_the_import_died_before_it_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, county = office(tmp_path / "市", "示例市", "发布"), office(tmp_path / "县", "示例县", "发布")
    path = city / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("persons = 2", "persons = 1"), encoding="utf-8")
    look(city, SWEEP, OLD)
    look(county, SWEEP, CLEAN)
    theirs = sent(county, tmp_path / "b")
    monkeypatch.setattr("tracker.bundle.taking._judge", lambda *told: None)
    with opened(city) as ws:
        take(ws, tmp_path / "b", BY_PLATFORM, Terms(who="王某", trust=theirs), at=now())
    wanted = ("report", "noncompliant", "--sweep", SWEEP, "--final", "--as", "csv", "--to", city / "印发")
    said = tracker(*wanted, workspace=city)
    assert (said.code, "不能印发旧的结论" in said.err) == (2, True), said
    # judged again, what the two say otherwise waits for a person
    assert [one["status"] for one in verdicts(city, SWEEP)["示例发布"]["findings"]] == ["candidate"]


def test_a_backup_whose_list_nests_without_end_is_told_in_a_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as box:
        box.writestr("backup.json", "[" * 200_000)
    with pytest.raises(UsageError, match="不是 tracker backup 做的备份"):
        restore(tmp_path / "b.zip", tmp_path / "到")
    assert not (tmp_path / "到").exists()
