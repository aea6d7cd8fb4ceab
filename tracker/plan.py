"""What a sweep will take (巡检计划): per lane accounts, requests and hours, spread over the week's working days; pure.

The numbers are what a lane may spend at most, not a guess: the engine holds every lane to them (`tracker.capture.Budget`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil

from tracker.adapter import Adapter, Pace
from tracker.capture import Budget, Job, Lane
from tracker.holidays import Calendar
from tracker.model import Account, Route, Visit

LOAD = 10.0
"""Seconds that one request may take, a rendered page with its waits included."""
MORE = 2
"""Requests of a visit beyond those it begins with (a reload, a second page), where the adapter tells no number."""
SHARE = 0.1
"""Of the accounts of a lane, those that a second reading is planned for; at least one."""
_PUBLIC = (Route.BROWSER, Route.HTTP)
_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """When the machine works: the working days that are left of this week, so many hours on each."""

    days: tuple[date, ...]
    hours: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return len(self.days) * self.hours * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePlan:
    """What one lane will do at most. `credential` empty = as a guest."""

    platform: str
    credential: str
    routes: tuple[Route, ...]
    accounts: int
    links: int
    controls: int
    second_readings: int
    requests: int
    seconds: float
    each: int
    """Requests of one visit at most."""
    allowance: float
    """Seconds of one more visit and the control account's after it."""

    @property
    def lane(self) -> Lane:
        """The lane meant."""
        return Lane(platform=self.platform, credential=self.credential)

    @property
    def budget(self) -> Budget:
        """What the engine holds the lane to."""
        return Budget(requests=self.requests, seconds=self.seconds, each=self.each, allowance=self.allowance)

    def hours_on(self, week: Week) -> tuple[tuple[date, float], ...]:
        """The hours of each working day, the earliest filled first."""
        left, days = self.seconds / 3600, []
        for on in week.days:
            days.append((on, min(left, week.hours)))
            left -= days[-1][1]
        return tuple(days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """An account that no lane will look at this week, and why, in the words of the plan."""

    account: Account
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The jobs that fit into the week, what their lanes may spend, and who is left."""

    week: Week
    jobs: tuple[Job, ...]
    lanes: tuple[LanePlan, ...]
    unreached: tuple[Unreached, ...] = ()
    asked: int = 0
    """How many jobs there were to plan."""

    @property
    def late(self) -> int:
        """How many of the jobs the week has no hours for; they stay for `--resume`."""
        return self.asked - len(self.jobs)

    @property
    def budgets(self) -> Mapping[Lane, Budget]:
        """By lane."""
        return {one.lane: one.budget for one in self.lanes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the lanes work: their pace, their control accounts by platform, and whether silence is read twice, how far apart."""

    adapters: Mapping[str, Adapter]
    pace: Callable[[Adapter], Pace] = lambda adapter: adapter.pace
    controls: Mapping[str, Visit] = field(default_factory=dict)
    twice: bool = False
    wait: float = 600.0


def working_week(today: date, calendar: Calendar, hours: float) -> Week:
    """The working days from today to Sunday; where there is none left, those of the week after.

    A day of a year whose holidays are not known yet counts as a working day from Monday to Friday.
    """
    monday = today
    for _ in range(_SUNDAY):
        sunday = monday + timedelta(days=_SUNDAY - monday.weekday())
        days = tuple(on for on in _days(monday, sunday) if _worked(on, calendar))
        if days:
            return Week(days=days, hours=hours)
        monday = sunday + timedelta(days=1)
    return Week(days=(today,), hours=hours)


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(one) for one in range(first.toordinal(), last.toordinal() + 1))


def _worked(on: date, calendar: Calendar) -> bool:
    told = calendar.working_days(on, on)
    return told.least > 0 or bool(told.untold and on.weekday() < _SUNDAY - 1)


def made(jobs: Sequence[Job], unreached: Sequence[Unreached], week: Week, terms: Terms) -> Plan:
    """The plan of a sweep: of every lane as many jobs as the week has hours for, in their order."""
    fitting: list[Job] = []
    late: list[Unreached] = []
    for lane, queue in _queues(jobs).items():
        room = _room(lane, queue, week, terms)
        fitting += queue[:room]
        told = f"本周排不下:通道 {lane.platform} 每周{len(week.days)}个工作日、每天{week.hours:g}小时,只够{room}个"
        late += [Unreached(account=job.visit.account, reason=told) for job in queue[room:] if job.visit.account]
    lanes = tuple(lane_plan(lane, uses, terms) for lane, uses in _uses(fitting, terms.adapters).items())
    return Plan(week=week, jobs=tuple(fitting), lanes=lanes, unreached=(*unreached, *late), asked=len(jobs))


def _queues(jobs: Iterable[Job]) -> dict[Lane, list[Job]]:
    found: dict[Lane, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.lane, []).append(job)
    return found


def _room(lane: Lane, queue: Sequence[Job], week: Week, terms: Terms) -> int:
    """How many jobs of the queue fit, from the first on."""
    low, high = 0, len(queue)
    while low < high:
        tried = (low + high + 1) // 2
        seconds = lane_plan(lane, [(job, job.routes[0]) for job in queue[:tried]], terms).seconds
        low, high = (tried, high) if seconds <= week.seconds else (low, tried - 1)
    return low


def _uses(jobs: Iterable[Job], adapters: Mapping[str, Adapter]) -> dict[Lane, list[tuple[Job, Route]]]:
    """Who goes through a lane, and how: a route that needs no credential goes through the guests' lane, whoever asks."""
    found: dict[Lane, list[tuple[Job, Route]]] = {}
    for job in jobs:
        for route in job.routes:
            needed = any(need.route is route for need in adapters[job.lane.platform].needs)
            lane = job.lane if needed else Lane(platform=job.lane.platform)
            found.setdefault(lane, []).append((job, route))
    return found


def lane_plan(lane: Lane, uses: Sequence[tuple[Job, Route]], terms: Terms) -> LanePlan:
    """What a lane may spend on these at most: pauses at their longest, rests, control account and second readings included."""
    adapter = terms.adapters[lane.platform]
    pace, control = terms.pace(adapter), terms.controls.get(lane.platform)
    public = [job for job, route in uses if route in _PUBLIC and not job.second]
    seconds = sum(job.second for job, _ in uses) + (max(1, ceil(SHARE * len(public))) if terms.twice and public else 0)
    first = [(job, route) for job, route in uses if not job.second]
    proved = sum(control is not None and route is control.route for _, route in uses)
    controls = _controls(proved + (seconds if proved else 0), pace)
    visits = len(first) + seconds + controls
    each = max((_requests(adapter, pace, job, route) for job, route in uses), default=1)
    one = pace.between_accounts[1] + each * (pace.between_requests + LOAD)
    rests = visits // pace.rest_every * pace.rest_for if pace.rest_every else 0.0
    return LanePlan(
        platform=lane.platform,
        credential=lane.credential,
        routes=tuple(dict.fromkeys(route for _, route in uses)),
        accounts=sum(job.visit.account is not None for job, _ in first),
        links=sum(job.visit.account is None for job, _ in first),
        controls=controls,
        second_readings=seconds,
        requests=visits * each,
        seconds=visits * one + rests + (terms.wait if seconds else 0.0),
        each=each * (2 if controls else 1),
        allowance=one * (2 if controls else 1),
    )


def _controls(accounts: int, pace: Pace) -> int:
    """Looks at the control account: before the first, after every so many, after the last; one more where that falls together."""
    if not accounts:
        return 0
    return 2 + (accounts // pace.control_every if pace.control_every else 0)


def _requests(adapter: Adapter, pace: Pace, job: Job, route: Route) -> int:
    """Of one visit at most: what the adapter tells; a pasted link is one page and little more."""
    begins = len(adapter.next(replace(job.visit, route=route), ()))
    return begins + MORE if route is Route.LINK else pace.most_requests or begins + MORE
