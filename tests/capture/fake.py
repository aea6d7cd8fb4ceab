"""A made platform `demo` and what the engine needs around it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.adapter import Adapter, Ask, Fitness, Need, Pace, Proof
from tracker.capture import Job, Lane
from tracker.capture.ports import Tools
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Identity, Observation, Outcome, Route, Seen, Unseen, Visit, Window

AT = datetime(2026, 11, 6, 12, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 6)
QUICK = Pace(between_accounts=(0, 0), between_requests=0)


def clock() -> datetime:
    return AT


class Naps:
    """A sleep that only writes down how long."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


def tools(naps: Naps | None = None) -> Tools:
    return Tools(clock=clock, sleep=naps or Naps(), rng=random.Random(1))


class Demo:
    """Reads `wall` as a captcha, `broken` as an adapter's own mistake, status 0 as transport, else ok."""

    platform, title = "demo", "示例平台"
    hosts = frozenset({"a.test", "api.test"})
    sees: Mapping[Aspect, tuple[Route, ...]] = {Aspect.EXISTENCE: (Route.API, Route.HTTP, Route.BROWSER, Route.LINK)}
    needs = (Need(route=Route.API, auth="owner", title="授权"), Need(route=Route.BROWSER, auth="session", title="登录"))
    pace = Pace(between_accounts=(30, 60), between_requests=2, rest_every=3, rest_for=300)
    fitness, proof = Fitness(), Proof()
    pages: Mapping[str, str] = {"home": "/plain/"}

    def ids(self, text: str) -> Mapping[str, str]:
        return {}

    def claims(self, url: str) -> bool:
        return url.startswith("https://a.test/")

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        name = visit.account.name if visit.account else "link"
        return () if so_far else (Ask(page="home", url=f"https://a.test/plain/{name}", auth="session"),)

    def redact(self, exchange: Exchange) -> bytes:
        return exchange.body.replace(b"commenter", b"someone")

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        last = exchanges[-1]
        if b"broken" in last.body:
            raise KeyError("secret-in-message")
        outcome = Outcome.OK
        if b"wall" in last.body:
            outcome = Outcome.CHALLENGE
        elif not last.status:
            outcome = Outcome.TRANSPORT
        if outcome is not Outcome.OK:
            return Observation(outcome=outcome, detail="出现验证码", aspects={Aspect.EXISTENCE: Unseen(outcome=outcome)})
        seen = Seen(value=Identity(ids={}, name=last.page))
        return Observation(outcome=outcome, aspects={Aspect.EXISTENCE: seen})


DEMO: Adapter = Demo()


def visit_of(name: str = "one", route: Route = Route.HTTP) -> Visit:
    account = Account(account_id=f"A-{name}", platform="demo", kind="示例", name=name)
    return Visit(account=account, route=route, window=Window(since=TODAY, until=TODAY), today=TODAY)


def job_of(name: str, *routes: Route, lane: Lane | None = None) -> Job:
    return Job(visit=visit_of(name), routes=routes or (Route.HTTP,), lane=lane or Lane(platform="demo"))


@dataclass
class Notes:
    """Sink and progress in one, with everything in the order in which it happened."""

    happened: list[tuple[str, str]] = field(default_factory=list)
    kept: dict[str, tuple[Exchange, ...]] = field(default_factory=dict)
    said: dict[str, list[Observation]] = field(default_factory=dict)
    stopped: list[tuple[Lane, Outcome]] = field(default_factory=list)
    visited_jobs: list[tuple[str, Outcome]] = field(default_factory=list)

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        self.happened.append(("keep", _name(visit)))
        self.kept[_name(visit)] = tuple(exchanges)

    def record(self, visit: Visit, observation: Observation) -> None:
        self.happened.append(("record", _name(visit)))
        self.said.setdefault(_name(visit), []).append(observation)

    def started(self, job: Job) -> None:
        self.happened.append(("started", _name(job.visit)))

    def visited(self, job: Job, observation: Observation) -> None:
        self.happened.append(("visited", _name(job.visit)))
        self.visited_jobs.append((_name(job.visit), observation.outcome))

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        self.stopped.append((lane, outcome))


def _name(visit: Visit) -> str:
    return visit.account.name if visit.account else "link"


@dataclass
class Canned:
    """A fetcher that answers without any net: body = the last part of the address, or what is told for it."""

    told: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closed: int = 0

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        self.asked.append(ask.url)
        name = ask.url.rpartition("/")[2]
        return [Exchange(page=ask.page, url=ask.url, status=200, body=self.told.get(name, b"fine"), at=AT)]

    async def close(self) -> None:
        self.closed += 1
