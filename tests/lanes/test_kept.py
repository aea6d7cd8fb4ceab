"""Control visits and second readings in the journal: judged, replayed, broken off at any point and gone on with."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.lanes.world import BEGAN, TODAY, WINDOW, Answering, Journal, Platform, Tape, clock, on_virtual_clock, seen
from tracker import settings
from tracker.adapter import Pace
from tracker.capture import Lane
from tracker.clock import SHANGHAI
from tracker.drift import freeze
from tracker.judge import as_json, judge
from tracker.model import Account, Conclusion, Route, Status, StoredVisit, Verdict
from tracker.proof import Setting, care, planned
from tracker.store import SweepRecord
from tracker.sweep import Access, open_sweep, replay, resume, run
from tracker.workspace import Workspace, create, opened

PLATFORM = Platform(pace=Pace(between_accounts=(30, 60), between_requests=2, control_every=3))
ADAPTERS = {"demo": PLATFORM}
ACCESS = Access(sessions={("demo", "session"): "login"}, grants=frozenset())
NAMES = ("a0", "a1", "silent", "a3", "a4", "a5", "a6")
SILENT: Mapping[str, Sequence[str]] = {"silent": ("silent",)}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path / "ws") as found:
        yield found


@contextmanager
def workspace(root: Path) -> Iterator[Workspace]:
    create(root, settings.template(profile="national"))
    accounts = [
        Account(account_id=f"demo-{name}", platform="demo", kind="示例", name=name, ids={"uid": name}, position=n)
        for n, name in enumerate(NAMES, 1)
    ]
    with opened(root) as ws:
        ws.store.add_accounts(accounts, "测试", BEGAN)
        yield ws


def begin(ws: Workspace, name: str = "s", at: datetime = BEGAN) -> SweepRecord:
    return open_sweep(ws, name, at=at, window=WINDOW)


def go(
    ws: Workspace,
    sweep: SweepRecord,
    told: Mapping[str, Sequence[str]] = SILENT,
    *,
    after: float = 0.0,
    stop_at: float | None = None,
) -> tuple[Tape, int]:
    """The sweep, or what is left of it, `after` seconds later on the virtual clock; stopped at a second of it."""
    tape = Tape()

    async def live() -> int:
        stop = asyncio.Event()
        if stop_at is not None:
            asyncio.get_running_loop().call_later(stop_at, stop.set)
        later = lambda: clock() + timedelta(seconds=after)  # noqa: E731 - the virtual present
        setting = Setting(ws=ws, sweep=sweep, adapters=ADAPTERS, access=ACCESS, clock=later)
        plan = planned(setting)
        tools = {"fetchers": lambda lane, adapter: Answering(lane, tape, told), "progress": Journal(), "clock": later}
        return await run(ws, sweep, plan.jobs, ADAPTERS, stop=stop, care=care(setting, plan), **tools)

    return tape, on_virtual_clock(live())


def judged(ws: Workspace, sweep: SweepRecord) -> dict[str, Verdict]:
    return {one.account.name: one for one in judge(ws, sweep, ws.profile(), ADAPTERS, at=BEGAN).verdicts}


def words(ws: Workspace, sweep: SweepRecord) -> dict[str, Conclusion]:
    return {name: one.conclusion for name, one in judged(ws, sweep).items()}


def visits(ws: Workspace) -> list[StoredVisit]:
    return [*ws.store.visits("s"), *ws.store.controls("s")]


def test_a_silence_that_two_readings_show_is_on_the_list_by_itself(ws: Workspace) -> None:
    sweep = begin(ws)
    go(ws, sweep)
    told = judged(ws, sweep)["silent"]
    assert told.conclusion is Conclusion.FAILED
    assert [(one.code, one.status) for one in told.findings] == [("UPD-01", Status.AUTOMATIC)]
    assert [one.account_id for one in ws.store.visits("s")].count("demo-silent") == 2
    assert len(ws.store.controls("s")) == 4
    assert ws.store.sweep_head("s").ended_at is not None  # type: ignore[union-attr]


def test_control_visits_are_stored_marked_and_nobodys(ws: Workspace) -> None:
    ws.store.add_accounts([Account(account_id="filed", platform="demo", kind="示例", name="示例快讯")], "测试", BEGAN)
    sweep = begin(ws)
    go(ws, sweep)
    controls = ws.store.controls("s")
    assert {(one.account_id, one.control, one.lane) for one in controls} == {("", True, "login")}
    meta, exchanges = ws.evidence.read(controls[0].file)
    assert (meta.control, meta.url, bool(exchanges)) == (True, "control", True)
    assert not {one.file for one in ws.store.visits("s")} & {one.file for one in controls}
    assert "示例快讯" not in {one.account_id for one in ws.store.visits("s", "filed")}


def test_one_reading_waits_for_a_person(ws: Workspace) -> None:
    sweep = begin(ws)
    _, _ = go(ws, sweep, {"silent": ("silent", "thin")})
    told = judged(ws, sweep)["silent"]
    assert told.conclusion is Conclusion.TO_REVIEW
    assert "只读到一次" in told.findings[0].arithmetic


def test_two_readings_that_differ_accuse_nobody(ws: Workspace) -> None:
    """The second shows an older newest post than the first: one of the two hides something."""

    class Older(Answering):
        async def fetch(self, ask, visit):
            (found,) = await super().fetch(ask, visit)
            second = self.times.get("silent", -1) >= 1
            return [replace(found, body=b"older" if found.body == b"silent" and second else found.body)]

    sweep = begin(ws)
    tape = Tape()

    class Reading(Platform):
        def read(self, visit, exchanges):
            if exchanges and exchanges[-1].body == b"older":
                return seen(exchanges[-1], timedelta(days=50), whole=True)
            return super().read(visit, exchanges)

    adapters = {"demo": Reading(pace=PLATFORM.pace)}

    async def live() -> None:
        setting = Setting(ws=ws, sweep=sweep, adapters=adapters, access=ACCESS, clock=clock)
        plan = planned(setting)
        tools = {"fetchers": lambda lane, adapter: Older(lane, tape, SILENT), "progress": Journal(), "clock": clock}
        await run(ws, sweep, plan.jobs, adapters, stop=asyncio.Event(), care=care(setting, plan), **tools)

    on_virtual_clock(live())
    told = judged(ws, sweep)["silent"]
    assert told.conclusion is Conclusion.UNCHECKED
    assert told.findings == ()
    assert any("存疑" in one.reason for one in told.undetermined)


def test_with_the_setting_off_one_reading_is_enough(ws: Workspace) -> None:
    sweep = begin(ws)
    plain = replace(ws, settings=ws.settings.model_copy(update={"confirm_public_vetoes": False}))
    tape, _ = go(plain, sweep)
    assert [who for _, _, who in tape.sent].count("silent") == 1
    assert words(ws, sweep)["silent"] is Conclusion.FAILED


@pytest.mark.parametrize("then", ["thin", "silent", "half"])
def test_what_an_unproved_lane_saw_proves_freshness_only(ws: Workspace, then: str) -> None:
    """The control account reads well at the start only: of `silent` nothing is known, the fresh ones stay fresh."""
    sweep = begin(ws)
    go(ws, sweep, {**SILENT, "control": ("fresh", then)})
    told = words(ws, sweep)
    assert told["silent"] is Conclusion.UNCHECKED
    assert told["a0"] is told["a1"] is Conclusion.PASSED
    assert told["a4"] is Conclusion.UNCHECKED


def test_a_wall_leaves_the_stretch_before_it_unproved_as_well(ws: Workspace) -> None:
    sweep = begin(ws)
    go(ws, sweep, {**SILENT, "a3": ("wall",), "control": ("fresh",)})
    assert words(ws, sweep)["a0"] is Conclusion.PASSED
    assert words(ws, sweep)["silent"] in (Conclusion.UNCHECKED, Conclusion.TO_REVIEW)


def test_a_replay_of_the_files_gives_the_same_verdicts(ws: Workspace, tmp_path: Path) -> None:
    sweep = begin(ws)
    go(ws, sweep, {**SILENT, "control": ("fresh", "fresh", "thin")})
    here = [as_json(one) for one in judge(ws, sweep, ws.profile(), ADAPTERS, at=BEGAN).verdicts]
    with workspace(tmp_path / "other") as other:
        again = begin(other)
        list(replay(other, again, ws.evidence.root / "s", ADAPTERS))
        there = [as_json(one) for one in judge(other, again, other.profile(), ADAPTERS, at=BEGAN).verdicts]
        assert len(other.store.controls("s")) == len(ws.store.controls("s"))
    assert there == here


@pytest.mark.parametrize("stop_at", [1, 100, 200, 300, 420, 560, 700, 1000, 1200])
def test_a_sweep_that_is_broken_off_goes_on_where_it_was(ws: Workspace, stop_at: float) -> None:
    sweep = begin(ws)
    go(ws, sweep, stop_at=stop_at)
    before = {one.file for one in visits(ws)}
    ended = ws.store.sweep_head("s").ended_at  # type: ignore[union-attr]
    if ended is None:
        resume(ws, sweep, ADAPTERS)
        go(ws, sweep, after=stop_at + 60)
    counted = [one.account_id for one in ws.store.visits("s")]
    assert {name: counted.count(f"demo-{name}") for name in NAMES} == {**dict.fromkeys(NAMES, 1), "silent": 2}
    assert before <= {one.file for one in visits(ws)}
    assert ws.evidence.verify("s") == ()
    assert {one.file for one in visits(ws)} == {one.file for one in ws.evidence.files("s")}
    first, second = (one.at for one in ws.store.visits("s", "demo-silent"))
    assert second - first >= timedelta(minutes=10)
    assert words(ws, sweep)["silent"] is Conclusion.FAILED
    assert freeze(ws, sweep, at=datetime(2026, 11, 3, tzinfo=SHANGHAI)) == ()


def test_the_plan_of_a_broken_off_sweep_names_the_second_reading_that_is_owed(ws: Workspace) -> None:
    sweep = begin(ws)
    go(ws, sweep, stop_at=400)
    told = Setting(ws=ws, sweep=sweep, adapters=ADAPTERS, access=ACCESS, clock=lambda: BEGAN + timedelta(seconds=500))
    plan = planned(told)
    (second,) = (one for one in plan.jobs if one.second)
    assert second.visit.account
    assert second.visit.account.name == "silent"
    assert 0 < second.not_before <= 600
    assert plan.lanes[0].lane == Lane(platform="demo", credential="login")
    assert told.today == TODAY
    assert second.routes == (Route.BROWSER,)
