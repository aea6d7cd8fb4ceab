"""Periods that close, draws, printed lists, notices of absence; and a database of the first schema brought up to date."""

import dataclasses
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.invented import AT, account, sweep, visit
from tracker.absence import Absence
from tracker.errors import UsageError
from tracker.model import Aspect, Bounds, Decision, Identity, Observation, Outcome, Period, Seen
from tracker.store import Draw, Paper, PaperFinding, PaperLine, Store, Stratum
from tracker.store import database as module

Q2 = Period(name="2026Q2", title="二季度", start=date(2026, 4, 1), end=date(2026, 6, 30))
Q3 = Period(name="2026Q3", title="三季度", start=date(2026, 7, 1), end=date(2026, 9, 30))
Q4 = Period(name="2026Q4", title="四季度", start=date(2026, 10, 26), end=date(2026, 11, 6))


def draw(**told: object) -> Draw:
    fixed: dict[str, object] = {
        "period": "2026Q4",
        "method": "strata",
        "by": "region",
        "size": "30%",
        "seed": 2**40,
        "once_a_year": True,
        "frame": ("a", "b", "c"),
        "drawn": ("b",),
        "strata": (Stratum(name="市直", frame=3, eligible=2, wanted=1, drawn=1),),
        "at": AT,
        "who": "王某",
    }
    return Draw(**(fixed | told))  # type: ignore[arg-type]


def notice(**told: object) -> Absence:
    fixed: dict[str, object] = {
        "account_id": "account001",
        "first": date(2026, 10, 1),
        "last": date(2026, 10, 9),
        "filed_on": date(2026, 9, 28),
        "reason": "系统升级",
        "document": "示政办〔2026〕9号",
        "who": "王某",
        "at": AT,
    }
    return Absence(**(fixed | told))  # type: ignore[arg-type]


def paper(period: Period, *lines: PaperLine) -> tuple[Paper, Period]:
    told = Paper(period=period.name, file="附件.docx", sha256="a" * 64, at=AT, who="王某", lines=lines)
    return told, dataclasses.replace(period, closed_at=AT, closed_by="王某", source="来自纸质通报 附件.docx")


def line(**told: object) -> PaperLine:
    fixed: dict[str, object] = {"row": 2, "platform": "alpha", "kind": "某平台", "name": "示例发布 1"}
    return PaperLine(**(fixed | told))  # type: ignore[arg-type]


def test_closing_is_for_good(store: Store) -> None:
    store.put_period(Q4)
    store.close_period("2026Q4", "王某", "全部办结", AT)
    closed = dataclasses.replace(Q4, closed_at=AT, closed_by="王某", closed_why="全部办结")
    assert store.period("2026Q4") == closed
    for again in (
        lambda: store.put_period(Q4),
        lambda: store.close_period("2026Q4", "李某", "", AT),
        lambda: store.add_draw(draw()),
    ):
        with pytest.raises(UsageError, match="2026Q4 已经关闭"):
            again()
    with pytest.raises(UsageError, match="没有名为 2030Q1 的检查期"):
        store.close_period("2030Q1", "王某", "", AT)
    assert store.period("2026Q4") == closed


def test_the_period_before(store: Store) -> None:
    for one in (Q4, Q2, Q3):
        store.put_period(one)
    assert store.previous_period("2026Q4") == Q3
    assert store.previous_period("2026Q3") == Q2
    assert store.previous_period("2026Q2") is None
    assert store.previous_period("2019Q1") is None
    overlapping = Period(name="10月", title="10月", start=date(2026, 10, 1), end=date(2026, 10, 31))
    store.put_period(overlapping)
    assert store.previous_period("2026Q4") == overlapping


def test_a_draw_comes_back_as_it_was(store: Store) -> None:
    store.put_period(Q4)
    store.add_draw(draw())
    with pytest.raises(UsageError, match="--why"):
        store.add_draw(draw())
    store.add_draw(draw(why="重抽", drawn=("a", "c")))
    assert store.draws("2026Q4") == (draw(), draw(why="重抽", drawn=("a", "c")))
    assert store.last_draw("2026Q4") == draw(why="重抽", drawn=("a", "c"))
    assert (store.draws("2026Q3"), store.last_draw("2026Q3")) == ((), None)


def test_of_two_who_draw_at_once_only_one_needs_no_reason(store: Store) -> None:
    store.put_period(Q4)
    barrier = threading.Barrier(6)

    def one(n: int) -> bool:
        barrier.wait(10)
        try:
            store.add_draw(draw(seed=n))
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 1
    assert len(store.draws("2026Q4")) == 1


def test_notices_come_back_and_need_an_account(store: Store) -> None:
    store.add_accounts([account(1), account(2)], "王某", AT)
    store.add_absence(notice())
    store.add_absence(notice(account_id="account002", last=date(2026, 10, 1)))
    assert store.absences("account001") == (notice(),)
    assert len(store.absences()) == 2
    with pytest.raises(UsageError, match="没有编号为“x”"):
        store.add_absence(notice(account_id="x"))
    with pytest.raises(UsageError, match="早于开始日期"):
        store.add_absence(notice(last=date(2026, 9, 30)))


@pytest.mark.parametrize("table", ["draw", "paper", "absence"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_was_entered_is_never_changed(store: Store, table: str, verb: str) -> None:
    store.add_accounts([account(1)], "王某", AT)
    store.put_period(Q4)
    store.add_draw(draw())
    store.add_absence(notice())
    store.add_paper(*paper(Q3, line()))
    row = getattr(store._rows, table)
    with pytest.raises(peewee.DatabaseError, match="append only"):
        (row.update(who="别人") if verb == "update" else row.delete()).execute()


def test_findings_by_id_and_by_name(store: Store) -> None:
    store.add_accounts([account(1), account(2)], "王某", AT)
    told = PaperFinding(code="UPD-01", phrase="未更新", rectified="已整改")
    more = PaperFinding(code="INT-01", phrase="禁止留言")
    store.add_paper(
        *paper(Q3, line(account_id="account002", findings=(told,)), line(name="示例发布１", findings=(more,)), line())
    )
    assert store.paper_findings("2026Q3", "account002") == (told,)
    assert store.paper_findings("2026Q3", "account001") == (more,), (
        "by name, as the field compares names; two rows are one account"
    )
    assert len(store.paper_lines("2026Q3", "account001")) == 2
    assert store.paper_findings("2026Q3", "nobody") == ()
    assert store.paper_findings("2026Q2", "account001") == ()


def test_a_printed_list_and_its_period_come_together_or_not_at_all(store: Store) -> None:
    store.put_period(Q4)
    with pytest.raises(UsageError, match="本程序里的检查期"):
        store.add_paper(*paper(Q4, line()), again=True)
    assert (store.period("2026Q4"), store.papers("2026Q4")) == (Q4, ())
    store.add_paper(*paper(Q3, line()))
    with pytest.raises(UsageError, match="--again"):
        store.add_paper(*paper(Q3, line(row=3)))
    store.add_paper(*paper(Q3, line(row=4)), again=True)
    assert [one.lines[0].row for one in store.papers("2026Q3")] == [2, 4]
    assert store.paper("2026Q3") == paper(Q3, line(row=4))[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.builds(PaperLine, findings=st.lists(st.builds(PaperFinding), max_size=2).map(tuple), last_post=st.none() | st.dates()))
def test_any_line_comes_back(store: Store, one: PaperLine) -> None:
    store.add_paper(*paper(Q3, one), again=True)
    found = store.paper("2026Q3")
    assert found
    assert found.lines == (one,)


def test_former_names(store: Store) -> None:
    store.add_accounts([account(1), account(2)], "王某", AT)
    store.change_account(account(1, name="二"), "王某", AT, "改名")
    store.change_account(account(1, name="三"), "王某", AT + timedelta(days=1), "改名")
    assert store.former_names() == {"account001": ("示例发布 1", "二")}


STAMP = "2026-11-02T01:30:00.000000+00:00"
FILED = (
    '{"account_id":"account001","certified_org":"","extra":{},"filed_id":"","filed_kind":"","ids":{},"kind":"某平台",'
    '"name":"示例发布 1","note":"","opened_on":null,"org_type":"","organisation":"","platform":"alpha","position":1,"region":"",'
    '"site_code":"","status":"正常","status_date":null,"successor":"","supervisor":"","update_freq":"","url":""}'
)
"""An account as the first program wrote it: every value here is a fixed text, so that no later code writes its own past."""
SEEN = (
    '{"aspects":{"existence":{"outcome":"ok","value":{"closed":"","ids":{},"name":"示例发布 1"}}},"detail":"","notes":[],'
    '"outcome":"ok","reported":[]}'
)
JUDGED = (
    f'{{"account":{FILED},"check_date":"2026-11-02","conclusion":"passed","findings":[],"idle_days":{{"least":3,"most":3}},'
    '"latest_post":"2026-10-30","notes":[],"printed_date":"","undetermined":[],"word":"合格"}'
)
FIRST: tuple[tuple[str, dict[str, object]], ...] = (
    ("period", {"name": "2026Q4", "title": "四季度", "start_on": "2026-10-26", "end_on": "2026-11-06"}),
    ("account", {"account_id": "account001", "platform": "alpha", "name_key": "示例发布1", "position": 1, "data": FILED}),
    (
        "account_change",
        {
            "account_id": "account001",
            "field": "account_id",
            "old": "",
            "new": "account001",
            "at": STAMP,
            "who": "王某",
            "why": "",
        },
    ),
    (
        "sweep",
        {"name": "2026-11-02", "kind": "check", "period": "2026Q4", "check_date": "2026-11-02", "since": "2026-10-01"}
        | {"until": "2026-11-02", "started_at": STAMP, "ended_at": None, "accounts": f"[{FILED}]", "source": ""},
    ),
    (
        "visit",
        {"file": "2026-11-02/account001-1.warc.gz", "sweep": "2026-11-02", "account_id": "account001", "platform": "alpha"}
        | {"route": "http", "url": "https://example.test/1", "url_key": "k", "sha256": "a" * 64, "at": STAMP}
        | {"check_date": None, "printed_date": "", "latest_post": None, "as_of": None, "observation": SEEN},
    ),
    ("link", {"url_key": "k", "url": "https://example.test/1", "platform": "alpha", "added_at": STAMP, "who": "王某"}),
    (
        "decision",
        {"sweep": "2026-11-02", "account_id": "account001", "code": "INT-01", "confirmed": True, "who": "王某", "why": "看过"}
        | {"at": STAMP},
    ),
    (
        "judgement",
        {"sweep": "2026-11-02", "profile": "national", "profile_digest": "d", "at": STAMP, "verdicts": f"[{JUDGED}]"},
    ),
)
"""One row of every table of the first schema."""


def write_first(url: str, only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as the first program left it."""
    only.mkdir()
    shutil.copy(module.MIGRATIONS / "0001_first.py", only)
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", only)
        with Store.open(url) as old:
            tables = {one for one in old._database.get_tables() if one != "schema_migration"}
            assert tables == {table for table, _ in FIRST}
            for table, row in FIRST:
                marks = ", ".join([old._database.param] * len(row))
                sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our own words
                old._database.execute_sql(sql, tuple(row.values()))  # type: ignore[no-untyped-call]  # the stubs leave it untyped


def test_a_database_of_the_first_schema_keeps_everything(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_first(url, tmp_path / "only_first", monkeypatch)
    with Store.open(url) as new:
        assert (new.periods(), new.accounts()) == ((Q4,), (account(1),))
        assert [(one.field, one.new, one.who) for one in new.history("account001")] == [("account_id", "account001", "王某")]
        assert new.sweep("2026-11-02") == sweep(accounts=(account(1),))
        seen = Observation(
            outcome=Outcome.OK, aspects={Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例发布 1"), outcome=Outcome.OK)}
        )
        assert new.visits("2026-11-02") == (visit(1, at=AT, observation=seen),)
        assert [(one.url, one.who, one.added_at) for one in new.links()] == [("https://example.test/1", "王某", AT)]
        said = Decision(account_id="account001", code="INT-01", confirmed=True, who="王某", why="看过", at=AT)
        assert new.decisions("2026-11-02") == (said,)
        last = new.last_judgement("2026-11-02")
        assert last
        assert (last.at, last.profile, last.profile_digest, last.total) == (AT, "national", "d", 1)
        (verdict,) = last.verdicts
        assert (verdict.account, verdict.word, verdict.latest_post) == (account(1), "合格", date(2026, 10, 30))
        assert verdict.idle_days == Bounds(least=3, most=3)


def test_a_database_of_the_first_schema_takes_what_is_new(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_first(url, tmp_path / "only_first", monkeypatch)
    with Store.open(url) as new:
        new.add_draw(draw())
        new.add_absence(notice())
        new.start_sweep(sweep("2026-11-09"))
        assert new.add_visit(visit(2, sweep="2026-11-09"))
        assert new.sweep("2026-11-09") == sweep("2026-11-09")
        assert new.last_draw("2026Q4") == draw()
