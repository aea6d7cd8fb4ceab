"""A lane at work: one thing at a time, never faster than its pace, and closed for good at the first wall."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from tracker.adapter import Adapter, Pace
from tracker.capture.ports import Fetcher, Fetchers, Job, Lane, Unable
from tracker.model import HANDLING, Handling, Observation, Outcome, Route

Sleep = Callable[[float], Awaitable[None]]
Time = Callable[[], float]


class Interrupted(Exception):
    """已请求停止: the visit in flight is dropped whole."""


class OpenLane:
    """State of one lane during one sweep. All times in seconds."""

    def __init__(
        self, lane: Lane, fetcher: Fetcher, pace: Pace, *, sleep: Sleep, time: Time, rng: random.Random, stop: asyncio.Event
    ) -> None:
        self.lane, self.fetcher, self.pace = lane, fetcher, pace
        self.stopped: Observation | None = None
        """What stopped the lane; None = it works."""
        self._sleep, self._time, self._rng, self._stop = sleep, time, rng, stop
        self._lock = asyncio.Lock()
        self._visits = 0
        self._sent = 0
        self._last_visit = self._last_request = float("-inf")

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """The lane for one visit, after the pause that is due; one that sends nothing leaves none. Raises Interrupted."""
        async with self._lock:
            await self._pause_between_visits()
            sent = self._sent
            try:
                yield
            finally:
                if self._sent > sent:
                    self._visits += 1
                    self._last_visit = self._time()

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """One request within a visit, after the pause that is due."""
        await self._rest(self._last_request + self.pace.between_requests - self._time())
        sent = True
        try:
            yield
        except Unable:
            sent = False
            raise
        finally:
            self._sent += sent
            self._last_request = self._time() if sent else self._last_request

    def heed(self, observation: Observation) -> bool:
        """Act on what a visit gave; whether this observation stopped the lane."""
        if self.stopped or HANDLING[observation.outcome] not in (Handling.STOP, Handling.REST):
            return False
        self.stopped = observation
        return True

    async def _pause_between_visits(self) -> None:
        if not self._visits:
            await self._rest(0)
            return
        pause = self._rng.uniform(*self.pace.between_accounts)
        if self.pace.rest_every and self._visits % self.pace.rest_every == 0:
            pause = max(pause, self.pace.rest_for)
        await self._rest(self._last_visit + pause - self._time())

    async def _rest(self, seconds: float) -> None:
        if seconds > 0 and not self._stop.is_set():
            await _unless(self._stop, self._sleep(seconds))
        if self._stop.is_set():
            raise Interrupted


async def _unless(stop: asyncio.Event, rest: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(rest), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Lanes:
    """All lanes of one sweep. A route that needs no credential goes through the guest lane of its platform, whoever asks."""

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        fetchers: Fetchers,
        pace: Callable[[Adapter], Pace],
        *,
        sleep: Sleep,
        time: Time,
        rng: random.Random,
        stop: asyncio.Event,
    ) -> None:
        self._adapters, self._fetchers, self._pace = adapters, fetchers, pace
        self._sleep, self._time, self._rng, self._stop = sleep, time, rng, stop
        self._open: dict[Lane, OpenLane] = {}

    def of(self, job: Job, route: Route) -> OpenLane:
        """The lane in which `job` takes `route`."""
        adapter = self._adapters[job.lane.platform]
        needed = any(need.route is route for need in adapter.needs)
        lane = job.lane if needed else Lane(platform=job.lane.platform)
        if lane not in self._open:
            self._open[lane] = OpenLane(
                lane,
                self._fetchers(lane, adapter),
                self._pace(adapter),
                sleep=self._sleep,
                time=self._time,
                rng=self._rng,
                stop=self._stop,
            )
        return self._open[lane]

    async def close(self) -> None:
        """Give back what the lanes held."""
        for lane in self._open.values():
            await lane.fetcher.close()


def queues(jobs: Iterable[Job]) -> dict[Lane, list[Job]]:
    """The jobs of each lane, in the order given."""
    found: dict[Lane, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.lane, []).append(job)
    return found


def closed(stopped: Observation) -> Observation:
    """What is recorded for a job that was not begun because its lane had stopped."""
    why = stopped.detail or _WORDS.get(stopped.outcome, str(stopped.outcome))
    return Observation(outcome=stopped.outcome, detail=f"通道已停:{why}")


_WORDS: Mapping[Outcome, str] = {
    Outcome.LOGIN_WALL: "需要登录",
    Outcome.CHALLENGE: "出现验证码",
    Outcome.AUTH: "授权失效或不足",
    Outcome.RATE_LIMITED: "访问过于频繁",
    Outcome.REFUSED: "平台拒绝访问",
    Outcome.QUOTA: "接口当日次数已用完",
}
