"""What the engine works with: jobs in, visits out; everything that touches the world comes in through these Protocols."""

import random
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.adapter import Adapter, Ask
from tracker.clock import Clock
from tracker.model import Exchange, Observation, Outcome, Route, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A strictly serial queue with its own pace and breaker (通道). `credential` names a stored secret; empty = as a guest."""

    platform: str
    credential: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One account or link to visit. `routes` best first: the next is tried only when the one before ended in ignorance."""

    visit: Visit
    routes: tuple[Route, ...]
    lane: Lane

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


Secret = Session | Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a fetcher may not take by itself: the present, pauses (seconds), and chance."""

    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    rng: random.Random


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
