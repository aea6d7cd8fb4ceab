"""What an adapter is (DESIGN §5): all knowledge of one platform, no I/O, no clock, no other adapter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.model import Aspect, Exchange, Observation, Outcome, Route, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """An answer that the page itself will receive: `url_pattern` is a regular expression searched in the whole URL."""

    page: str
    url_pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scroll:
    """Scroll down by `times` screens."""

    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Click the first element that matches a CSS selector; absent = nothing happens."""

    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """Click the tab that carries this text; absent = nothing happens."""

    text: str


Step = Scroll | Click | Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an adapter wants fetched.

    With `await_` or `steps`, or on route `browser`, a browser opens `url` and each own answer of the page that matches an
    `Await` becomes an Exchange of that name, the document itself one named `page`. Else one plain request.
    `auth` names a credential kind of `Adapter.needs` ("" = none); the engine adds the secret, the adapter never sees it.
    """

    page: str
    url: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: str = ""
    await_: tuple[Await, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a route needs before it can be used: `auth` names the credential kind, `title` says it in Chinese."""

    route: Route
    auth: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Politeness of one lane, in seconds. A range is drawn from uniformly."""

    between_accounts: tuple[float, float]
    between_requests: float
    rest_every: int = 0
    """After so many accounts the lane rests for `rest_for` seconds; 0 = never."""
    rest_for: float = 0.0
    control_every: int = 0
    """The control account is read at lane start and after so many accounts; 0 = at the start only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """How a lane is proved fit: `control` is the default control account's key (a busy public one), or the owner's self-test."""

    control: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What promotes the claims `empty` and `gone`: so many agreeing visits, on different days, with a fit control or not."""

    empty_visits: int = 2
    gone_visits: int = 2
    days_apart: int = 1
    control: bool = True


class Adapter(Protocol):
    """One platform. All attributes are constants; all methods are pure and total: a surprise is `drift`, never an exception."""

    platform: str
    """Slug, equal to the module's name."""
    title: str
    """Chinese name (新浪微博)."""
    hosts: frozenset[str]
    """Exact host names, lower case. Nothing else is ever opened, redirects included."""
    sees: Mapping[Aspect, tuple[Route, ...]]
    """Best route first; an aspect that is absent is not observable by machine."""
    needs: tuple[Need, ...]
    pace: Pace
    fitness: Fitness
    proof: Proof
    pages: Mapping[str, str]
    """Page name → regular expression searched in a URL: which page a stored or pasted URL is (first match wins)."""

    def ids(self, text: str) -> Mapping[str, str]:
        """Platform ids that a registry cell or link holds, by kind; empty when the text names none."""
        ...

    def claims(self, url: str) -> bool:
        """Whether this link is an account, article or post page of this platform."""
        ...

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        """What to fetch next, given what came; () = finished."""
        ...

    def redact(self, exchange: Exchange) -> bytes:
        """The body without commenters' names and ids, openids, tokens; applied once, before anything reads or stores it."""
        ...

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the exchanges say of the account (or of the link's account, when `visit.account` is None)."""
        ...


LOUDEST: tuple[Outcome, ...] = (
    Outcome.CHALLENGE,
    Outcome.LOGIN_WALL,
    Outcome.AUTH,
    Outcome.RATE_LIMITED,
    Outcome.REFUSED,
    Outcome.QUOTA,
    Outcome.DRIFT,
    Outcome.TRANSPORT,
)
"""Of several outcomes in one visit, the first of these is the page's as a whole: a wall outshouts a reading."""
