"""The sweep: lanes side by side, each strictly serial; every visit is kept before it is read, and a wall stops its lane alone."""

import asyncio
import logging
import random
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.adapter import Adapter, Ask, Pace
from tracker.capture import clean
from tracker.capture.lanes import Interrupted, Lanes, OpenLane, Sleep, Time, closed, queues
from tracker.capture.ports import Care, Fetchers, Job, Progress, Sink, Unable
from tracker.errors import TrackerError
from tracker.model import HANDLING, IGNORANCE, Aspect, Exchange, Handling, Observation, Outcome, Route, Unseen, Visit
from tracker.model.lane_state import LaneState, of_control

MOST_EXCHANGES = 80
"""Per visit: the longest honest one asks for 56 days and three lists."""
MOST_ROUNDS = 12
"""Rounds of `Adapter.next` per visit; route `api`, whose rounds may be single calls, is held by MOST_EXCHANGES alone."""

_PUBLIC = (Route.BROWSER, Route.HTTP)
"""Routes that see what any visitor sees: a veto that rests on them is read twice."""

_log = logging.getLogger(__name__)


async def sweep(
    jobs: Sequence[Job],
    *,
    adapters: Mapping[str, Adapter],
    fetchers: Fetchers,
    sink: Sink,
    progress: Progress,
    stop: asyncio.Event,
    pace: Callable[[Adapter], Pace] = lambda adapter: adapter.pace,
    sleep: Sleep = asyncio.sleep,
    rng: random.Random | None = None,
    care: Care | None = None,
) -> int:
    """Do all jobs; returns how many were left because their lane's budget was spent.

    Ends early and cleanly when `stop` is set: a visit in flight is dropped whole and can be done again.
    Raises the sink's UsageError or EvidenceDamaged, after which nothing more is fetched.
    """
    time = asyncio.get_running_loop().time
    care = care or Care()
    lanes = Lanes(adapters, fetchers, pace, sleep=sleep, time=time, rng=rng or random.SystemRandom(), stop=stop, care=care)
    run = _Sweep(adapters=adapters, sink=sink, progress=progress, lanes=lanes, stop=stop, care=care, time=time, began=time())
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run.work(queue)) for queue in queues(jobs).values()]
    except* TrackerError as errors:
        raise errors.exceptions[0] from None
    finally:
        await lanes.close()
    return sum(task.result() for task in tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    adapters: Mapping[str, Adapter]
    sink: Sink
    progress: Progress
    lanes: Lanes
    stop: asyncio.Event
    care: Care
    time: Time
    began: float

    async def work(self, queue: Sequence[Job]) -> int:
        """One queue: its jobs, the second readings that follow, the control account last. Returns how many were left."""
        first = [job for job in queue if not job.second]
        later = [(self.began + job.not_before, job) for job in queue if job.second]
        left = 0
        try:
            for job in first:
                if self.stop.is_set():
                    return 0
                done, again = await self._job(job)
                left += not done
                later += [(self.time() + self.care.wait, again)] if again else []
            for ready, job in sorted(later, key=lambda one: one[0]):
                done, _ = await self._second(job, ready)
                left += not done
            await self._close(queue)
        except Interrupted:
            return left
        return left

    async def _second(self, job: Job, ready: float) -> tuple[bool, Job | None]:
        """A second reading, when it is time."""
        lane = self.lanes.of(job, job.routes[0])
        if lane.stopped is None:
            await lane.rest(0 if lane.ending else ready - self.time())
        return await self._job(job)

    async def _job(self, job: Job) -> tuple[bool, Job | None]:
        """One account or link by the first route that tells something. Gives whether it was done, and what must be read again."""
        said: Observation | None = None
        told = False
        for route in job.routes:
            lane = self.lanes.of(job, route)
            if lane.stopped:
                continue
            if lane.spent():
                return False, None
            told = told or self._started(job)
            await self._prove(lane, route)
            visit = replace(job.visit, route=route, lane=lane.name)
            async with lane.visit():
                if lane.ending:
                    return False, None
                if lane.stopped:
                    continue
                said = await self._visit(job, visit, lane)
                lane.seen()
            if said.outcome not in IGNORANCE:
                again = route in _PUBLIC and not job.second and self.care.again(visit, said)
                self._visited(job, said)
                return True, replace(job, routes=(route,), second=True) if again else None
        self._visited(job, said or self._shut(job))
        return True, None

    def _started(self, job: Job) -> bool:
        if not job.second:
            self.progress.started(job)
        return True

    def _visited(self, job: Job, said: Observation | None) -> None:
        if said and not job.second:
            self.progress.visited(job, said)

    async def _prove(self, lane: OpenLane, route: Route, *, ending: bool = False) -> None:
        """Read the control account where it is due; a lane that it does not prove is shut."""
        if not lane.control_due(route, ending=ending):
            return
        async with lane.visit(last=True):
            # another queue of the same lane may have been quicker
            if lane.control and lane.control_due(route, ending=ending):
                await self._control(lane, lane.control)

    async def _control(self, lane: OpenLane, visit: Visit) -> None:
        job = Job(visit=visit, routes=(visit.route,), lane=lane.lane, second=True)
        try:
            said, at = await self._guarded(job, visit, lane)
        except Unable:
            lane.unproved()
            return
        if lane.proved(of_control(said, at) if at else LaneState.BAD, said) and lane.stopped:
            self.progress.lane_stopped(lane.lane, lane.stopped.outcome, lane.stopped.detail)

    async def _close(self, queue: Sequence[Job]) -> None:
        """The control account after the last: what came since it last read well is believed only then."""
        routes = {(job.lane, route): job for job in queue for route in job.routes}
        for (_, route), job in routes.items():
            await self._prove(self.lanes.of(job, route), route, ending=True)

    def _shut(self, job: Job) -> Observation | None:
        """Record a job that no open lane could take; of a second reading nothing is said, the first one stands alone."""
        if job.second:
            return None
        route = job.routes[0]
        lane = self.lanes.of(job, route)
        stopped = lane.stopped
        said = closed(stopped or Observation(outcome=Outcome.NOT_OBSERVABLE))
        said = replace(said, aspects=self._unseen(job, route, said))
        self.sink.record(replace(job.visit, route=route), said)
        return said

    def _unseen(self, job: Job, route: Route, said: Observation) -> Mapping[Aspect, Unseen]:
        sees = self.adapters[job.lane.platform].sees
        unseen = Unseen(outcome=said.outcome, detail=said.detail)
        return {aspect: unseen for aspect, routes in sees.items() if route in routes}

    async def _visit(self, job: Job, visit: Visit, lane: OpenLane) -> Observation:
        """One account by one route."""
        try:
            said, _ = await self._guarded(job, visit, lane)
        except Unable as error:
            said = self._unable(job, visit, str(error))
        if lane.heed(said):
            self.progress.lane_stopped(lane.lane, said.outcome, said.detail)
        return said

    async def _guarded(self, job: Job, visit: Visit, lane: OpenLane) -> tuple[Observation, datetime | None]:
        """A look and when it was answered. The one broad `except` of the program: one account's surprise is no other's."""
        try:
            return await self._look(visit, lane)
        except (TrackerError, Interrupted, Unable):
            raise
        except Exception as error:  # noqa: BLE001 - DESIGN §4: around one account, so that the sweep goes on
            return self._surprise(job, visit, error), None

    def _unable(self, job: Job, visit: Visit, why: str) -> Observation:
        """Record a visit for which this machine lacks the means; another lane, or a link, may need none."""
        said = Observation(outcome=Outcome.NOT_OBSERVABLE, detail=why)
        said = replace(said, aspects=self._unseen(job, visit.route, said))
        self.sink.record(visit, said)
        return said

    async def _look(self, visit: Visit, lane: OpenLane) -> tuple[Observation, datetime | None]:
        """What the visit said, and when its last answer came; None = none did."""
        adapter = self.adapters[lane.lane.platform]
        exchanges = await _fetch_all(adapter, visit, lane)
        self.sink.keep(visit, exchanges)
        said = adapter.read(visit, exchanges)
        self.sink.record(visit, said)
        return said, exchanges[-1].at if exchanges else None

    def _surprise(self, job: Job, visit: Visit, error: Exception) -> Observation:
        name = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        # The message of a foreign exception may quote what it choked on, a token too: the class and the place must do.
        _log.error("visit failed: %s at %s (%s, route %s)", name, places, _who(visit), visit.route)
        said = Observation(outcome=Outcome.DRIFT, detail=f"程序读取时出错({name}),日志里有位置,请交给开发者")
        said = replace(said, aspects=self._unseen(job, visit.route, said))
        self.sink.record(visit, said)
        return said


def _who(visit: Visit) -> str:
    return visit.account.account_id if visit.account else clean.url(visit.url)


async def _fetch_all(adapter: Adapter, visit: Visit, lane: OpenLane) -> tuple[Exchange, ...]:
    """Everything the adapter asks for, redacted, within the caps."""
    so_far: tuple[Exchange, ...] = ()
    rounds = MOST_EXCHANGES if visit.route is Route.API else MOST_ROUNDS
    for _ in range(rounds):
        asks = adapter.next(visit, so_far)
        before = len(so_far)
        so_far = await _fetch_round(adapter, visit, lane, asks, so_far)
        if len(so_far) == before or len(so_far) >= MOST_EXCHANGES:
            break
    return so_far


async def _fetch_round(
    adapter: Adapter, visit: Visit, lane: OpenLane, asks: Sequence[Ask], so_far: tuple[Exchange, ...]
) -> tuple[Exchange, ...]:
    for number, ask in enumerate(asks, 1):
        async with lane.request(ask) as open_:
            found = await lane.fetcher.fetch(ask, visit) if open_ else []
        so_far = (*so_far, *(_safe(adapter, exchange) for exchange in found))[:MOST_EXCHANGES]
        if len(so_far) == MOST_EXCHANGES or (number < len(asks) and _at_a_wall(adapter, visit, so_far)):
            break
    return so_far


def _at_a_wall(adapter: Adapter, visit: Visit, so_far: Sequence[Exchange]) -> bool:
    """Whether the asks that are left must not be sent any more."""
    return HANDLING[adapter.read(visit, so_far).outcome] in (Handling.STOP, Handling.REST)


def _safe(adapter: Adapter, exchange: Exchange) -> Exchange:
    scrubbed = clean.exchange(exchange, ())
    return replace(scrubbed, body=adapter.redact(scrubbed))
