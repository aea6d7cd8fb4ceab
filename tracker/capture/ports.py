"""What the engine works with: jobs in, visits out; everything that touches the world comes in through these Protocols."""

import asyncio
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from tracker.adapter import Adapter, Ask
from tracker.clock import Clock
from tracker.model import Exchange, Observation, Outcome, Route, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A strictly serial queue with its own pace and breaker (通道). `credential` names a stored secret; empty = as a guest."""

    platform: str
    credential: str = ""

    @property
    def name(self) -> str:
        """As visits tell it (`Visit.lane`)."""
        return self.credential or "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One account or link to visit. `routes` best first: the next is tried only when the one before ended in ignorance."""

    visit: Visit
    routes: tuple[Route, ...]
    lane: Lane
    second: bool = False
    """A second reading: nothing follows from it, and where its lane has stopped nothing is said."""
    not_before: float = 0.0
    """Seconds after the beginning of this run before which it is not made."""

    def __post_init__(self) -> None:
        if not self.routes:
            raise ValueError("a job needs a route")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Secret of kind `session`: cookies as Playwright's storage state (`{"cookies": [...], "origins": [...]}`)."""

    storage_state: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Secret of kind `owner`: AppID and AppSecret of one account."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """Secret of kind `owner` by way of a 第三方平台: its AppID, AppSecret, ticket; the authoriser's AppID and refresh token."""

    component: str
    component_secret: str = field(repr=False)
    ticket: str = field(repr=False)
    appid: str
    refresh_token: str = field(repr=False)
    renewed: Callable[[str], None] = field(repr=False)
    """Told of a new refresh token: the old one is dead then."""


Secret = Session | Owner | Delegate


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a fetcher may not take by itself: the present, pauses (seconds), and chance."""

    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    rng: random.Random
    least: float = 0.0
    """Seconds before another try, at least: a try is a request too, and the lane has its pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a lane may spend in one run at most: requests (tries again after a failed connection apart), and seconds."""

    requests: int
    seconds: float
    each: int = 1
    """Requests that must be left to begin one more visit, and be able to close with the control account's."""
    allowance: float = 0.0
    """Seconds that must be left for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a lane did before this run, in seconds ago; by default nothing."""

    request: float = inf
    visit: float = inf
    visits: int = 0
    stopped: Observation | None = None
    anonymous: Observation | None = None
    """What stopped the requests of its platform that carry no credential."""
    anonymous_request: float = inf
    """How long ago the last of these was."""


class Ledger(Protocol):
    """The lanes' book where several machines share them: it knows what was before, and is told before anything is sent."""

    def past(self, lane: Lane) -> Past:
        """What a lane did before it is opened here."""
        ...

    async def used(self, lane: Lane, *, anonymous: bool, visits: int) -> None:
        """A request is about to be sent, or was answered, in the lane's visit of that number.

        Raises Interrupted when the lane is not this machine's (any more): then nothing is sent.
        """
        ...

    def stopped(self, lane: Lane, said: Observation, *, anonymous: bool) -> None:
        """The lane met a wall, or its control account did not read well."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What a sweep does so that its silence can be believed. By default: nothing (links, tests)."""

    controls: Mapping[str, Visit] = field(default_factory=dict)
    """Platform → the visit of its control account that proves a lane fit, before, during and after."""
    again: Callable[[Visit, Observation], bool] = lambda visit, said: False
    """Whether what a visit by a public route said has to be read a second time."""
    twice: bool = False
    """Whether visits are marked so: a veto on one public reading alone then waits for a person."""
    wait: float = 600.0
    """Seconds between the two readings, at least."""
    budgets: Mapping[Lane, Budget] = field(default_factory=dict)
    """What the plan gives to each lane; a lane without is not bounded."""
    ledger: Ledger | None = None
    """The book of lanes that several machines share; None = this run has them for itself."""
    enough: asyncio.Event | None = None
    """Set when no further visit is to be begun: the lanes close as if their budgets were spent."""
    place: str = ""
    """Name of this machine where others use the same lanes: each proves with its control account what it saw itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMap:
    """Tests only: every host name is answered by 127.0.0.1:`port`, whose certificate `ssl` trusts."""

    port: int
    ssl: ssl.SSLContext


class Unable(Exception):
    """这条途径在本机走不通: nothing was sent, and nothing will be by this fetcher in this sweep."""


class Sink(Protocol):
    """Where visits go; called in the engine's thread, `keep` before anything is read from the exchanges."""

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        """Write the visit's immutable file. Raises UsageError when it cannot."""
        ...

    def record(self, visit: Visit, observation: Observation) -> None:
        """Enter what the visit said; without a `keep` before when nothing was fetched (lane stopped, adapter failed)."""
        ...


class Fetcher(Protocol):
    """Fetches for one lane. Never raises for the world's failures: those are exchanges with status 0 and the reason as body.

    Raises Unable, having sent nothing, where this machine lacks what the ask needs (a browser).
    """

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """At least one exchange, without secrets in address, headers or body."""
        ...

    async def close(self) -> None:
        """Give back what the lane held."""
        ...


Fetchers = Callable[[Lane, Adapter], Fetcher]
"""Opens the fetcher of a lane, when the lane's first visit begins."""


class Progress(Protocol):
    """Told of what happens, for a display."""

    def started(self, job: Job) -> None:
        """A visit begins (once per job)."""
        ...

    def visited(self, job: Job, observation: Observation) -> None:
        """The job is done; `observation` is that of its last route."""
        ...

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """The lane fetches nothing more in this sweep."""
        ...
