"""Made platforms on a virtual clock: weeks of pauses pass in no time, and every request is written down with its instant."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from tests.capture.fake import Demo
from tracker.adapter import Ask, Fitness, Need, Pace, Proof
from tracker.capture import Care, Job, Lane, sweep
from tracker.capture.ports import Fetcher
from tracker.clock import SHANGHAI
from tracker.model import (
    Account,
    Aspect,
    Exchange,
    Identity,
    Observation,
    Outcome,
    Post,
    Posts,
    Route,
    Seen,
    Unseen,
    Visit,
    Window,
)

T = TypeVar("T")
BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 2)
WINDOW = Window(since=TODAY - timedelta(days=30), until=TODAY)
CONTROL = "control"


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to the next timer as soon as nothing is ready."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__()

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()


def on_virtual_clock(told: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(told)


def clock() -> datetime:
    """Virtual: the loop's seconds after BEGAN."""
    return BEGAN + timedelta(seconds=asyncio.get_running_loop().time())


class Platform(Demo):
    """Reads the last body: fresh, silent, gone, wall, thin (no posts), else as Demo does."""

    sees: Mapping[Aspect, tuple[Route, ...]] = dict.fromkeys(
        (Aspect.EXISTENCE, Aspect.POSTS), (Route.API, Route.BROWSER, Route.LINK)
    )
    needs = (Need(route=Route.API, auth="owner", title="授权"), Need(route=Route.BROWSER, auth="session", title="登录"))
    fitness = Fitness(control=CONTROL, title="示例快讯")
    proof = Proof()

    def __init__(self, platform: str = "demo", pace: Pace | None = None, asks: int = 1) -> None:
        self.platform, self.asks = platform, asks
        self.pace = pace or Pace(between_accounts=(30, 60), between_requests=2, control_every=5)

    def ids(self, text: str) -> Mapping[str, str]:
        return {"uid": text} if text else {}

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        uid = visit.account.ids.get("uid", "") if visit.account else "link"
        if len(so_far) >= self.asks or not uid or visit.route is Route.FEED:
            return ()
        return (Ask(page="home", url=f"https://a.test/plain/{uid}", auth="session"),)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        if not exchanges:
            return Observation(outcome=Outcome.TRANSPORT)
        last = exchanges[-1]
        word = last.body.decode()
        if word in ("wall", "limit"):
            outcome = Outcome.CHALLENGE if word == "wall" else Outcome.RATE_LIMITED
            return Observation(outcome=outcome, aspects={Aspect.POSTS: Unseen(outcome=outcome)})
        if word == "gone":
            return Observation(
                outcome=Outcome.GONE, aspects={Aspect.EXISTENCE: Seen(value=Identity(ids={}, name=""), outcome=Outcome.GONE)}
            )
        if word == "thin":
            return Observation(outcome=Outcome.AMBIGUOUS_EMPTY, detail="页面是空的")
        return seen(last, timedelta(days=40 if word == "silent" else 0), whole=word != "half")


def seen(last: Exchange, age: timedelta, *, whole: bool) -> Observation:
    """A list whose newest post is so old."""
    uid = last.url.rpartition("/")[2]
    post = Post(id=f"{uid}-{age.days}", at=last.at - age - timedelta(hours=1), title="示例")
    posts = Posts(items=(post,), as_of=last.at, complete_since=last.at - timedelta(days=60) if whole else None)
    return Observation(
        outcome=Outcome.OK if whole else Outcome.PARTIAL,
        aspects={
            Aspect.EXISTENCE: Seen(value=Identity(ids={"uid": uid}, name="")),
            Aspect.POSTS: Seen(value=posts, outcome=Outcome.OK if whole else Outcome.PARTIAL),
        },
    )


@dataclass
class Tape:
    """What was sent, over all lanes: lane, virtual second at which it was sent, whose page."""

    sent: list[tuple[Lane, float, str]] = field(default_factory=list)

    def of(self, lane: Lane) -> list[tuple[float, str]]:
        return [(at, who) for told, at, who in self.sent if told == lane]


@dataclass
class Answering:
    """A lane's fetcher: each request takes `load` seconds and gives the account's next word, the last one for ever."""

    lane: Lane
    tape: Tape
    told: Mapping[str, Sequence[str]]
    load: float = 3.0
    busy: bool = False
    times: dict[str, int] = field(default_factory=dict)

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        assert not self.busy, "a lane is strictly serial"
        self.busy = True
        uid = ask.url.rpartition("/")[2]
        self.tape.sent.append((self.lane, asyncio.get_running_loop().time(), uid))
        await asyncio.sleep(self.load)
        self.busy = False
        words = self.told.get(uid, ("fresh",))
        count = self.times[uid] = self.times.get(uid, -1) + 1
        body = words[min(count, len(words) - 1)].encode()
        return [Exchange(page=ask.page, url=ask.url, status=200, body=body, at=clock())]

    async def close(self) -> None:
        pass


@dataclass
class Journal:
    """Sink and progress: every visit that was recorded, with its instant."""

    made: list[tuple[float, Visit, Observation]] = field(default_factory=list)
    stopped: list[tuple[Lane, Outcome, str]] = field(default_factory=list)
    done: list[tuple[str, Observation]] = field(default_factory=list)

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        pass

    def record(self, visit: Visit, observation: Observation) -> None:
        self.made.append((asyncio.get_running_loop().time(), visit, observation))

    def started(self, job: Job) -> None:
        pass

    def visited(self, job: Job, observation: Observation) -> None:
        self.done.append((name(job.visit), observation))

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        self.stopped.append((lane, outcome, detail))

    def names(self) -> list[str]:
        return [name(visit) for _, visit, _ in self.made]


def name(visit: Visit) -> str:
    return CONTROL if visit.control else visit.account.name if visit.account else visit.url


def account(name: str, platform: str = "demo") -> Account:
    return Account(account_id=f"{platform}-{name}", platform=platform, kind="示例", name=name, ids={"uid": name})


def job(name: str, platform: str = "demo", route: Route = Route.BROWSER, credential: str = "login") -> Job:
    visit = Visit(account=account(name, platform), route=route, window=WINDOW, today=TODAY)
    return Job(visit=visit, routes=(route,), lane=Lane(platform=platform, credential=credential))


def control(platform: str = "demo", route: Route = Route.BROWSER) -> Visit:
    filed = Account(account_id="", platform=platform, kind="", name="示例快讯", ids={"uid": CONTROL}, url=CONTROL)
    return Visit(account=filed, route=route, window=WINDOW, today=TODAY, control=True)


def run(
    jobs: Sequence[Job],
    told: Mapping[str, Sequence[str]] | None = None,
    *,
    platforms: Sequence[Platform] = (),
    care: Care | None = None,
    load: float = 3.0,
    fetcher: Callable[[Lane, Tape], Fetcher] | None = None,
    seed: int = 1,
) -> tuple[Journal, Tape, float, int]:
    """A sweep on the virtual clock: what was recorded, what was sent, how many seconds it took, how many jobs were left."""
    journal, tape = Journal(), Tape()
    adapters = {one.platform: one for one in platforms or (Platform(),)}

    def fetchers(lane: Lane, adapter: object) -> Fetcher:
        return fetcher(lane, tape) if fetcher else Answering(lane, tape, told or {}, load)

    async def go() -> tuple[float, int]:
        left = await sweep(
            jobs,
            adapters=adapters,
            fetchers=fetchers,
            sink=journal,
            progress=journal,
            stop=asyncio.Event(),
            rng=random.Random(seed),
            care=care or Care(controls={one: control(one) for one in adapters}),
        )
        return asyncio.get_running_loop().time(), left

    seconds, left = on_virtual_clock(go())
    return journal, tape, seconds, left


def careful(**told: Any) -> Care:
    """Control accounts on the one platform, and what else is told."""
    return replace(Care(controls={"demo": control()}), **told)
