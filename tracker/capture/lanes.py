"""A lane at work: one thing at a time, never faster than its pace, and closed for good at the first wall."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace

from tracker.adapter import Adapter, Ask, Pace
from tracker.capture.ports import Budget, Care, Fetcher, Fetchers, Job, Lane, Past, Unable
from tracker.model import HANDLING, Handling, Observation, Outcome, Route, Visit
from tracker.model.lane_state import LaneState

Sleep = Callable[[float], Awaitable[None]]
Time = Callable[[], float]


class Interrupted(Exception):
    """已请求停止: the visit in flight is dropped whole."""


class Gate:
    """What all lanes of a platform share for requests that carry no credential: one at a time, one pace, one first wall."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.last_request = float("-inf")
        self.stopped: Observation | None = None
        """The wall that an anonymous request met; None = none did."""


class OpenLane:
    """State of one lane during one sweep. All times in seconds."""

    def __init__(
        self,
        lane: Lane,
        fetcher: Fetcher,
        pace: Pace,
        gate: Gate,
        *,
        sleep: Sleep,
        time: Time,
        rng: random.Random,
        stop: asyncio.Event,
        control: Visit | None = None,
        budget: Budget | None = None,
        care: Care | None = None,
    ) -> None:
        self.lane, self.fetcher, self.pace, self._gate = lane, fetcher, pace, gate
        self.control = control
        """The visit that proves the lane fit; None = its own visits must do."""
        self._budget, self._began = budget, time()
        self._state = LaneState.NONE
        self._unproved = 0
        """Accounts that were visited since the control account last read well."""
        self._stopped: Observation | None = None
        self._anonymous = False
        """Whether the last request carried no credential."""
        self._sleep, self._time, self._rng, self._stop = sleep, time, rng, stop
        self._lock = asyncio.Lock()
        self._visits = 0
        self._sent = 0
        self._last_visit = self._last_request = float("-inf")
        self._care = care or Care()
        self.name = lane.name + (f"@{self._care.place}" if self._care.place else "")
        """As visits tell it."""
        if self._care.ledger:
            self._remember(self._care.ledger.past(lane))

    def _remember(self, past: Past) -> None:
        """Go on where the lane was left, by whichever machine."""
        now = self._time()
        self._last_request, self._last_visit, self._visits = now - past.request, now - past.visit, past.visits
        self._gate.last_request = max(self._gate.last_request, now - past.anonymous_request)
        self._stopped, self._gate.stopped = past.stopped, self._gate.stopped or past.anonymous

    @asynccontextmanager
    async def visit(self, *, last: bool = False) -> AsyncIterator[None]:
        """The lane for one visit, after the pause that is due; one that sends nothing leaves none. Raises Interrupted.

        Unless it is a `last` one the pause is broken off when the run is `ending`: then nothing may be sent in it.
        """
        async with self._lock:
            await self._pause_between_visits(last=last)
            sent = self._sent
            try:
                yield
            finally:
                if self._sent > sent:
                    self._visits += 1
                    self._last_visit = self._time()

    @property
    def ending(self) -> bool:
        """Whether no further visit is to be begun."""
        return self._care.enough is not None and self._care.enough.is_set()

    @property
    def stopped(self) -> Observation | None:
        """What stopped the lane; None = it works. A lane without credential stops with the gate."""
        return self._stopped or (None if self.lane.credential else self._gate.stopped)

    @asynccontextmanager
    async def request(self, ask: Ask) -> AsyncIterator[bool]:
        """One request within a visit, after the pause that is due; anonymous ones of all lanes keep one pace together.

        Gives whether it may be sent: not after an anonymous one of any lane met a wall, nor beyond the budget.
        """
        anonymous = self._anonymous = not ask.auth
        async with self._gate.lock if anonymous else nullcontext():
            last = max(self._last_request, self._gate.last_request) if anonymous else self._last_request
            await self._rest(last + self.pace.between_requests - self._time())
            sent = not (anonymous and self._gate.stopped) and not (self._budget and self._sent >= self._budget.requests)
            ledger = self._care.ledger if sent else None
            if ledger:
                await ledger.used(self.lane, anonymous=anonymous, visits=self._visits + 1)
            try:
                yield sent
                if ledger:
                    await ledger.used(self.lane, anonymous=anonymous, visits=self._visits + 1)
            except Unable:
                sent = False
                raise
            finally:
                self._sent += sent
                self._last_request = self._time() if sent else self._last_request
                self._gate.last_request = self._last_request if anonymous and sent else self._gate.last_request

    def heed(self, observation: Observation) -> bool:
        """Act on what a visit gave; whether this observation stopped the lane. An anonymous request's wall is everybody's."""
        if self.stopped or HANDLING[observation.outcome] not in (Handling.STOP, Handling.REST):
            return False
        self._stopped = observation
        if self._anonymous:
            self._gate.stopped = observation
        self._tell(observation, anonymous=self._anonymous)
        return True

    def _tell(self, said: Observation, *, anonymous: bool) -> None:
        if self._care.ledger:
            self._care.ledger.stopped(self.lane, said, anonymous=anonymous)

    def spent(self) -> bool:
        """Whether the budget has no room left for a visit, or the run is to end."""
        if self._budget is None or self.ending:
            return self.ending
        told = self._budget
        # the first visit was planned for: the moments until it begins must not use up the room of a lane that has only one
        over = self._sent > 0 and self._time() - self._began + told.allowance > told.seconds
        return over or self._sent + told.each > told.requests

    def control_due(self, route: Route, *, ending: bool = False) -> bool:
        """Whether the control account must be read: before the first account, every so many, and after the last.

        An owner's interface and a pasted link prove themselves; pages of a platform need it.
        """
        if self.control is None or self.control.route is not route or self.stopped:
            return False
        if ending or self._state is LaneState.NONE:
            return self._unproved > 0 or not ending
        return 0 < self.pace.control_every <= self._unproved

    def seen(self, count: int = 1) -> None:
        """So many accounts were visited."""
        self._unproved += count

    def proved(self, state: LaneState, said: Observation) -> bool:
        """Act on what the control account gave; whether it shut the lane. Once its list was whole it has to stay so."""
        before, self._state = self._state, state
        if state is LaneState.GOOD or (state is LaneState.HALF and before is not LaneState.GOOD):
            self._unproved = 0
            return False
        if not self.heed(said):
            title = self.control.account.name if self.control and self.control.account else ""
            self._stopped = _unfit(title, said, first=before is LaneState.NONE)
            self._tell(self._stopped, anonymous=False)
        return True

    def unproved(self) -> None:
        """Nothing could be sent for the control account: what it would have proved stays open."""
        self._state, self._unproved = LaneState.HALF, 0

    async def rest(self, seconds: float) -> None:
        """Wait, but no longer than the run goes on. Raises Interrupted when asked to stop."""
        await self._rest(seconds, self._care.enough)

    async def _pause_between_visits(self, *, last: bool) -> None:
        if not self._visits:
            await self._rest(0)
            return
        pause = self._rng.uniform(*self.pace.between_accounts)
        if self.pace.rest_every and self._visits % self.pace.rest_every == 0:
            pause = max(pause, self.pace.rest_for)
        await self._rest(self._last_visit + pause - self._time(), None if last else self._care.enough)

    async def _rest(self, seconds: float, enough: asyncio.Event | None = None) -> None:
        ends = [self._stop, enough] if enough else [self._stop]
        if seconds > 0 and not any(one.is_set() for one in ends):
            await _unless(ends, self._sleep(seconds))
        if self._stop.is_set():
            raise Interrupted


async def _unless(ends: Iterable[asyncio.Event], rest: Awaitable[None]) -> None:
    waits: list[Awaitable[object]] = [rest, *(one.wait() for one in ends)]
    tasks = [asyncio.ensure_future(one) for one in waits]
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
        care: Care | None = None,
    ) -> None:
        self._adapters, self._fetchers, self._pace, self._care = adapters, fetchers, pace, care or Care()
        self._sleep, self._time, self._rng, self._stop = sleep, time, rng, stop
        self._open: dict[Lane, OpenLane] = {}
        self._gates: dict[str, Gate] = {}

    def of(self, job: Job, route: Route) -> OpenLane:
        """The lane in which `job` takes `route`."""
        adapter = self._adapters[job.lane.platform]
        needed = any(need.route is route for need in adapter.needs)
        lane = job.lane if needed else Lane(platform=job.lane.platform)
        told = self._care.controls.get(lane.platform)
        if lane not in self._open:
            place = f"@{self._care.place}" if self._care.place else ""
            self._open[lane] = OpenLane(
                lane,
                self._fetchers(lane, adapter),
                self._pace(adapter),
                self._gates.setdefault(lane.platform, Gate()),
                sleep=self._sleep,
                time=self._time,
                rng=self._rng,
                stop=self._stop,
                control=replace(told, lane=lane.name + place, control=True) if told else None,
                budget=self._care.budgets.get(lane),
                care=self._care,
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


SHUT = "通道已停:"
"""Begins the detail of a visit that was not made because its lane had stopped."""


def closed(stopped: Observation) -> Observation:
    """What is recorded for a job that was not begun because its lane had stopped."""
    why = stopped.detail or _WORDS.get(stopped.outcome, str(stopped.outcome))
    return Observation(outcome=stopped.outcome, detail=f"{SHUT}{why}")


def _unfit(title: str, said: Observation, *, first: bool) -> Observation:
    """Why a lane is not used (any more) whose control account did not read as a busy account does."""
    why = said.detail or _WORDS.get(said.outcome, "没有看到它最近的内容")
    told = "通道没有使用" if first else "上次读好之后采集的只能证明更新过"
    return Observation(outcome=Outcome.NOT_OBSERVABLE, detail=f"对照账号“{title}”没有读好({why}),{told}")


_WORDS: Mapping[Outcome, str] = {
    Outcome.LOGIN_WALL: "需要登录",
    Outcome.CHALLENGE: "出现验证码",
    Outcome.AUTH: "授权失效或不足",
    Outcome.RATE_LIMITED: "访问过于频繁",
    Outcome.REFUSED: "平台拒绝访问",
    Outcome.QUOTA: "接口当日次数已用完",
}
