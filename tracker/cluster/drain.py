"""One lane of a shared sweep, drained by the machine that holds it: the same visits as on one machine, until nothing is left."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tracker.access import Allowed, learn, vault_of
from tracker.capture import SHUT, Job, Sink
from tracker.capture import sweep as capture
from tracker.cluster.again import FAULTS, RESTS, Again, wait_after
from tracker.cluster.book import Book
from tracker.cluster.fence import Fence, held
from tracker.cluster.lines import access_of_lanes, lane_of, left_in, locks_of, narrowed
from tracker.cluster.means import Means
from tracker.errors import EvidenceDamaged, TrackerError, UsageError
from tracker.model import Exchange, Observation, Visit
from tracker.proof import Setting, care, planned
from tracker.recording import Reader, recover
from tracker.store import LaneStanding, QueuedLane, SweepRecord
from tracker.store.machines import ALL
from tracker.sweep import Recorder
from tracker.watch import Logged


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How a machine is asked to end: `enough` = after the visits under way, `stop` = at once."""

    enough: asyncio.Event
    stop: asyncio.Event


async def drain(means: Means, number: int, ends: Ends) -> None:
    """Work in a queued lane until nothing is left in it. Raises Again when another machine, or this one later, must go on."""
    store = means.ws.store
    line = store.queued_lane(number)
    if line is None or line.standing is not LaneStanding.QUEUED:
        return
    if line.wait > 0:
        raise Again(line.wait, line.note)
    may = means.allowed()
    if line.credential and may.secret(lane_of(line)) is None:
        raise Again(means.terms.heartbeat, "这台机器没有这条通道的凭据")
    async with held(means.url, locks_of(line), means.name, means.terms.heartbeat) as fence:
        line = store.queued_lane(number)
        if line is None or line.standing is not LaneStanding.QUEUED:
            return
        try:
            await _work(means, line, may, fence, ends)
        except (UsageError, EvidenceDamaged) as error:
            _fault(means, line, fence, error)


async def _work(means: Means, line: QueuedLane, may: Allowed, fence: Fence, ends: Ends) -> None:
    whole = _setting(means, line.sweep)
    told = narrowed(whole, line)
    _share(means, whole.sweep)
    sink = _Patient(Recorder(means.ws, whole.sweep, means.adapters, means.clock))
    run = asyncio.create_task(_run(means, told, line, may, sink, fence, ends))
    lost = asyncio.create_task(fence.lost.wait())
    try:
        await asyncio.wait([run, lost], return_when=asyncio.FIRST_COMPLETED)
    finally:
        # cut off: whatever is under way ends now, before another machine begins
        if not run.done():
            run.cancel()
        lost.cancel()
        await asyncio.gather(run, lost, return_exceptions=True)
    if fence.lost.is_set():
        raise Again(fence.beat, "与数据库断开")
    run.result()
    _stand(means, line, left_in(told, line), ends)


def _setting(means: Means, name: str) -> Setting:
    ws = means.ws
    access = access_of_lanes(ws.store.queued_lanes(name))
    return Setting(ws=ws, sweep=ws.sweep(name), adapters=means.adapters, access=access, clock=means.clock, pace=means.pace)


def _share(means: Means, sweep: SweepRecord) -> None:
    """Enter what a machine that died left in the evidence, once this is known to be the evidence of all. Raises UsageError."""
    ws = means.ws
    known = ws.store.known_files(sweep.name)
    if known - {one.file for one in ws.evidence.files(sweep.name)}:
        raise UsageError(
            f"这台机器的 {ws.evidence.root} 里没有批次 {sweep.name} 已有的证据文件;各台机器的 snapshots 要是同一个共享文件夹"
        )
    recover(ws, sweep.name, Reader(sweep.accounts, means.adapters))


async def _run(means: Means, told: Setting, line: QueuedLane, may: Allowed, sink: Sink, fence: Fence, ends: Ends) -> None:
    """The visits that the week has hours for."""
    ws, made = means.ws, planned(told)
    jobs = [job for job in made.jobs if job.lane == lane_of(line)]
    book = Book(ws.store, fence, line.platform, means.clock)
    watched = replace(care(told, made), ledger=book, enough=ends.enough, place=means.name)
    async with means.desks(may.secret) as desk:
        try:
            await capture(
                [replace(job, visit=replace(job.visit, twice=watched.twice)) for job in jobs],
                adapters=means.adapters,
                fetchers=desk,
                sink=sink,
                progress=Logged(means.progress, line.sweep),
                stop=ends.stop,
                pace=told.paced,
                care=watched,
            )
        finally:
            if may.names and not fence.lost.is_set():
                learn(vault_of(ws), may, jobs, ws.store.visits(line.sweep), means.adapters)


class _Patient:
    """Leaves out what a lane that stopped did not begin: here it waits until a person has freed the lane."""

    def __init__(self, sink: Recorder) -> None:
        self._sink = sink

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        self._sink.keep(visit, exchanges)

    def record(self, visit: Visit, observation: Observation) -> None:
        if not observation.detail.startswith(SHUT):
            self._sink.record(visit, observation)


def _stand(means: Means, line: QueuedLane, left: Sequence[Job], ends: Ends) -> None:
    """Write down how the lane stands after a run; raises Again when it goes on by itself."""
    store = means.ws.store
    pasts = [one for one in store.lane_pasts(line.platform) if one.lane in (line.credential, ALL) and one.stopped]
    if not left:
        store.stand_lane(line.id, LaneStanding.DONE, only=LaneStanding.QUEUED)
    elif pasts:
        worst = max(pasts, key=lambda one: one.rest)
        if worst.rest == float("inf") or line.rests >= RESTS:
            store.stand_lane(line.id, LaneStanding.STOPPED, note=worst.detail or worst.stopped, only=LaneStanding.QUEUED)
            return
        note = f"被平台拒绝,歇过再接着做:{worst.detail or worst.stopped}"
        wait, queued = worst.rest, LaneStanding.QUEUED
        store.stand_lane(line.id, queued, note=note, wait=wait, rests=line.rests + 1, only=queued)
        raise Again(worst.rest, note)
    elif ends.enough.is_set() or ends.stop.is_set():
        raise Again(0, "这台机器要停")
    else:
        store.stand_lane(line.id, LaneStanding.LATE, note=f"本周排不下,还有{len(left)}个", only=LaneStanding.QUEUED)


def _fault(means: Means, line: QueuedLane, fence: Fence, error: TrackerError) -> None:
    """A failure of our own: tried again a few times, then a person is asked. Raises Again."""
    store, beat = means.ws.store, means.terms.heartbeat
    if fence.lost.is_set():
        raise Again(beat, "与数据库断开") from error
    with suppress(UsageError):
        if isinstance(error, EvidenceDamaged) or line.faults >= FAULTS:
            store.stand_lane(line.id, LaneStanding.STOPPED, note=str(error), only=LaneStanding.QUEUED)
            return
        wait = wait_after(line.faults, beat)
        store.stand_lane(line.id, LaneStanding.QUEUED, note=str(error), wait=wait, rests=line.rests, faults=line.faults + 1)
    raise Again(wait_after(line.faults, beat), str(error)) from error
