"""Stored visits of whole sweeps: whose they are, which count, and what may still be printed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from adapters.weixin import owner
from tests.made import noon, posts, visit
from tracker import report, settings
from tracker.clock import start_of
from tracker.errors import UsageError
from tracker.evidence import VisitMeta
from tracker.judge import judge
from tracker.model import (
    Account,
    Aspect,
    Decision,
    Found,
    Hit,
    Identity,
    Outcome,
    Post,
    Posts,
    Route,
    Seen,
    Status,
    Verdict,
    Window,
)
from tracker.recording import Reader
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

PLATFORM = next(iter(BY_PLATFORM))
ONE = Account(account_id="one", platform=PLATFORM, kind="新浪微博", name="示例发布", position=1)
TWO = Account(account_id="two", platform=PLATFORM, kind="新浪微博", name="示例交通", position=2)
TWIN = replace(ONE, account_id="twin", ids={"uid": "7"}, position=3)
DAY = date(2026, 11, 6)


def meta(account_id: str, key: str) -> VisitMeta:
    return VisitMeta(
        account_id=account_id,
        account_key=key,
        platform=PLATFORM,
        route=Route.MANUAL,
        window=Window(since=DAY, until=DAY),
        today=DAY,
        at=noon(DAY),
        version="0",
    )


# --- whose a visit is


def test_two_accounts_of_one_name_are_not_matched_by_name() -> None:
    reader = Reader([ONE, TWIN], BY_PLATFORM)
    assert reader.match(PLATFORM, Identity(ids={"uid": "9"}, name="示例发布")) is None
    assert reader.match(PLATFORM, Identity(ids={}, name="示例发布")) is None
    assert reader.match(PLATFORM, Identity(ids={"uid": "7"}, name="示例发布")) is TWIN
    assert reader.account(meta("foreign", f"{PLATFORM}:示例发布")) is None


def test_a_foreign_visit_whose_id_collides_is_nobodys() -> None:
    """A replay from another workspace: its id is one of ours, its name is that of another of our accounts."""
    reader = Reader([ONE, TWO], BY_PLATFORM)
    assert reader.account(meta("one", f"{PLATFORM}:示例交通")) is None
    assert reader.account(meta("one", "elsewhere:示例发布")) is None
    assert reader.account(meta("one", f"{PLATFORM}:旧名称")) is ONE
    assert reader.account(meta("foreign", f"{PLATFORM}:示例 交通")) is TWO


# --- which visits count


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    create(tmp_path / "巡检", settings.template())
    with opened(tmp_path / "巡检") as found:
        found.store.add_accounts([ONE, TWO], "测试", noon(DAY))
        yield found


def begun(ws: Workspace, on: date) -> SweepRecord:
    window = Window(since=on, until=on)
    made = SweepRecord(
        name=str(on), kind="check", period=None, check_date=None, window=window, started_at=noon(on), accounts=(ONE, TWO)
    )
    ws.store.start_sweep(made)
    return made


def put(ws: Workspace, made: SweepRecord, account: Account, told: dict, *, on: date | None = None, **more) -> None:
    route = more.get("route", Route.BROWSER)
    one = visit(told, at=on or made.window.until, sweep=made.name, **more)
    file = f"{made.name}/{account.account_id}-{route}.warc.gz"
    ws.store.add_visit(replace(one, account_id=account.account_id, platform=PLATFORM, file=file))


GONE = {Aspect.EXISTENCE: Seen(value=Identity(ids={}, name=""), outcome=Outcome.GONE)}
THERE = {Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例交通"))}


def first(ws: Workspace, made: SweepRecord) -> Verdict:
    return judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY)).verdicts[0]


def test_a_pasted_link_that_opens_does_not_prove_the_browsers_lane_fit(ws: Workspace) -> None:
    sweeps = [begun(ws, DAY - timedelta(days=7)), begun(ws, DAY)]
    for made in sweeps:
        put(ws, made, ONE, GONE, outcome=Outcome.GONE)
        put(ws, made, TWO, THERE, route=Route.LINK)
    assert first(ws, sweeps[1]).findings == ()
    for made in sweeps:
        put(ws, made, TWO, THERE)
    assert [one.code for one in first(ws, sweeps[1]).findings] == ["REG-04"]


def test_claims_of_later_sweeps_do_not_count(ws: Workspace) -> None:
    sweeps = [begun(ws, DAY), begun(ws, DAY + timedelta(days=7))]
    for made in sweeps:
        put(ws, made, ONE, GONE, outcome=Outcome.GONE)
        put(ws, made, TWO, THERE)
    assert first(ws, sweeps[0]).findings == ()


def test_a_decision_of_one_sweep_says_nothing_of_another(ws: Workspace) -> None:
    sweeps = [begun(ws, DAY - timedelta(days=7)), begun(ws, DAY)]
    for made in sweeps:
        put(ws, made, ONE, {Aspect.FOOTERS: Seen(value=Found(hits=(Hit(kind="商品卡片", quote="壶"),)))})
    told = Decision(account_id="one", code="CNT-03", confirmed=True, who="甲", why="看过", at=noon(DAY))
    ws.store.add_decision(sweeps[0].name, told)
    assert [first(ws, made).findings[0].status for made in sweeps] == [Status.CONFIRMED, Status.CANDIDATE]


# --- what may be printed


def test_a_final_list_is_not_printed_from_a_judgement_older_than_its_visits(ws: Workspace) -> None:
    made = begun(ws, DAY)
    stale = {Aspect.POSTS: Seen(value=posts([date(2026, 10, 1)], as_of=DAY, complete_since=date(2026, 9, 1)))}
    put(ws, made, ONE, stale)
    judged = judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY) + timedelta(hours=1))
    assert len(report.context_of(ws, made, judged, final=True).rows) == 1
    report.must_be_last(ws, made)
    fresh = {Aspect.POSTS: Seen(value=posts([date(2026, 11, 7)], as_of=DAY + timedelta(days=1)))}
    put(ws, made, ONE, fresh, on=DAY + timedelta(days=1), route=Route.LINK)
    with pytest.raises(UsageError, match="判定之后"):
        report.must_be_last(ws, made)


# --- one owner, two interfaces


def answers(day_posts: Posts | None, published: tuple[Post, ...]) -> Seen:
    return owner.beside(day_posts, published)


def test_what_one_interface_shows_the_other_cannot_deny() -> None:
    """Silence by the daily figures, a newer article by the list of published ones."""
    by_day = Posts(
        items=(Post(id="1_1", at=start_of(date(2026, 10, 1))),),
        as_of=datetime.fromisoformat("2026-11-05T23:59:59+08:00"),
        complete_since=start_of(date(2026, 9, 11)),
    )
    newer = Post(id="9_1", at=start_of(date(2026, 10, 20)))
    torn = answers(by_day, (newer,))
    assert (torn.outcome, torn.value.complete_since) == (Outcome.PARTIAL, None)
    for harmless in ((), (replace(newer, id="1_1"),), (replace(newer, at=start_of(date(2026, 9, 20))),)):
        assert answers(by_day, harmless).value.complete_since is not None
    assert answers(by_day, (replace(newer, at=noon(DAY)),)).value.complete_since is not None
