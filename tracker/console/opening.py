"""Opening the pasted links: the link box's own machinery in the background, at the platforms' pace, one lane per platform."""

import asyncio
from dataclasses import replace
from datetime import datetime

from tracker.capture import Job, Lane
from tracker.clock import day
from tracker.console.background import Background, Work
from tracker.console.checks import check_or_new, judged
from tracker.console.desk import Desk
from tracker.facts.reasons import REASONS
from tracker.links import jobs_of, open_links
from tracker.model import IGNORANCE, Observation, Outcome
from tracker.store import Link, SweepHead, SweepRecord
from tracker.sweep import REACH
from tracker.watch import Logged
from tracker.workspace import Workspace


def links_now(ws: Workspace, at: datetime) -> tuple[Link, ...]:
    """The links that were pasted for the check that is going on: since today's period began, outside any in the last weeks."""
    name = ws.period_on(day(at))
    period = ws.store.period(name) if name else None
    since = period.start if period else day(at) - REACH
    return tuple(link for link in ws.store.links() if day(link.added_at) >= since)


def left(ws: Workspace, sweep: SweepHead | None, at: datetime) -> int:
    """How many links of now are still to be opened."""
    links = links_now(ws, at)
    return len(jobs_of(ws, sweep, links, day(at))) if sweep and links else len(links)


def opening(desk: Desk) -> Work:
    """The work: open every link of now that the check has not read yet, record it, judge."""

    def work(background: Background) -> str:
        at = desk.clock()
        sweep = check_or_new(desk.ws, at)
        jobs = jobs_of(desk.ws, sweep, links_now(desk.ws, at), day(at))
        background.note(lambda state: replace(state, total=len(jobs)))
        asyncio.run(_live(desk, background, sweep, jobs))
        judged(desk, sweep)
        return _told(background, desk, sweep)

    return work


def _told(background: Background, desk: Desk, sweep: SweepRecord) -> str:
    state = background.state
    done, unseen = (state.done - state.shut, state.unseen - state.shut) if state else (0, 0)
    rest = left(desk.ws, sweep, desk.clock())
    told = [f"打开了 {done} 个链接"]
    if unseen:
        told.append(f"其中 {unseen} 个没能看到内容")
    if rest:
        told.append(f"还有 {rest} 个没有读到,可以再点一次“打开链接”")
    return ",".join(told)


async def _live(desk: Desk, background: Background, sweep: SweepRecord, jobs: tuple[Job, ...]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def halt() -> None:
        loop.call_soon_threadsafe(stop.set)

    background.on_stop(halt)
    try:
        async with desk.net(desk.ws) as net:
            await open_links(
                desk.ws,
                sweep,
                jobs,
                desk.adapters,
                fetchers=net,
                progress=Logged(_Notes(background, desk), sweep.name),
                clock=desk.clock,
                stop=stop,
                pace=desk.pace,
            )
    finally:
        background.on_stop(lambda: None)


class _Notes:
    """The engine's progress, told to the page."""

    def __init__(self, background: Background, desk: Desk) -> None:
        self._background, self._desk = background, desk
        self._begun: set[str] = set()

    def started(self, job: Job) -> None:
        """A link is being opened."""
        self._begun.add(job.visit.url)
        self._background.note(lambda state: replace(state, line=f"正在打开 {job.visit.url}"))

    def visited(self, job: Job, observation: Observation) -> None:
        """A link is done, or its lane was shut already."""
        unseen, shut = observation.outcome in IGNORANCE, job.visit.url not in self._begun
        self._background.note(
            lambda state: replace(state, done=state.done + 1, unseen=state.unseen + unseen, shut=state.shut + shut)
        )

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A wall: a person is asked."""
        adapter = self._desk.adapters.get(lane.platform)
        title = adapter.title if adapter else lane.platform
        told = f"{title}:通道已停,需要人工。{detail or REASONS[outcome]}"
        self._background.note(lambda state: replace(state, walls=(*state.walls, told)))
