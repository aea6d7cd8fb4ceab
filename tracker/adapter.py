"""What an adapter is (DESIGN §5): all knowledge of one platform, no I/O, no clock, no other adapter."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ParamSpec, Protocol, TypeVar

from tracker.clock import start_of
from tracker.model import (
    HANDLING,
    Account,
    Aspect,
    CommentPolicy,
    CommentState,
    Exchange,
    Handling,
    Observation,
    Outcome,
    Post,
    Posts,
    Replies,
    Route,
    Seen,
    Unseen,
    Visit,
)
from tracker.payload import Surprise

_P = ParamSpec("_P")
_T = TypeVar("_T")


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
    most_requests: int = 0
    """Requests that a full visit of one account makes at most, repeats after a failure apart; 0 = not told."""


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

WALLS = frozenset(outcome for outcome in Outcome if HANDLING[outcome] in (Handling.STOP, Handling.REST))
"""What the lane has to heed wherever it is met."""
_ASIDE = frozenset({Aspect.LIKES, Aspect.REPLIES})


class Unread(Surprise):
    """这份应答不能当作数据: `outcome` says in which way, `detail` is the Chinese clause for the 未能核查 list.

    Raised and caught inside an adapter. A plain Surprise is one more way of not being read: `drift`.
    """

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def unseen(error: Surprise, place: str) -> Unseen:
    """Why nothing was seen: what an Unread says, else `drift` at that place (作品列表) of the visit."""
    if isinstance(error, Unread):
        return Unseen(outcome=error.outcome, detail=error.detail)
    return Unseen(outcome=Outcome.DRIFT, detail=f"{place} {error}")


def attempt(place: str, read: Callable[_P, _T], *given: _P.args, **more: _P.kwargs) -> _T | Unseen:
    """What `read` makes of what it is given, or why it could not; `place` names the part of the visit (作品列表)."""
    try:
        return read(*given, **more)
    except Surprise as error:
        return unseen(error, place)


def blind(aspects: Iterable[Aspect], why: Unseen) -> Observation:
    """An observation in which none of `aspects` was seen, all for one reason."""
    return Observation(outcome=why.outcome, aspects=dict.fromkeys(aspects, why), detail=why.detail)


def loudest(refusals: Iterable[Unseen], order: Sequence[Outcome] = LOUDEST) -> Unseen | None:
    """Of several refusals the one that stands first in `order`, else the first told; None of none."""
    place = {outcome: n for n, outcome in enumerate(order)}
    return min(refusals, key=lambda one: place.get(one.outcome, len(place)), default=None)


def as_whole(aspects: Mapping[Aspect, Seen | Unseen], page: Unseen | None, *, visited: bool) -> Seen | Unseen:
    """What speaks for a visit as a whole: the loudest wall, else its posts, else whatever it was about.

    `page` is what the document itself said; unless the account's or item's page was `visited`, aspects that were never
    recorded do not count. What went wrong beside a known account (its likes, its comments), short of a wall, is that aspect's
    alone.
    """
    known = any(isinstance(aspects.get(one), Seen) for one in (Aspect.EXISTENCE, Aspect.POSTS))
    heard_of = [found for one, found in aspects.items() if not (known and one in _ASIDE and found.outcome not in WALLS)]
    walls = [one for one in (page, *heard_of) if isinstance(one, Unseen) and one.outcome in LOUDEST]
    if loud := loudest(walls):
        return loud
    present = [found for one in (Aspect.POSTS, Aspect.EXISTENCE, Aspect.REPLIES) if (found := aspects.get(one)) is not None]
    heard = present if visited else [one for one in present if one.outcome != Outcome.NOT_RECORDED]
    return next(iter(heard), present[0])


def filed_ids(account: Account, ids_in: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """All ids of a filed account; learned ids win over those that its filed address names."""
    return {**ids_in(account.url), **{kind: value for kind, value in account.ids.items() if value}}


def asked_ids(visit: Visit, ids_in: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """Whom a visit is about: the account's ids, else those of the pasted link."""
    return filed_ids(visit.account, ids_in) if visit.account else dict(ids_in(visit.url))


LAST = 10
"""So many newest posts have to agree before comments are suspected closed."""


def comment_policy(found: Seen | Unseen, *, whole: bool, noun: str) -> Seen | Unseen:
    """Comment setting over the last posts, where each tells its own (`Post.comments_open`).

    Closed is only ever suspected, and only if all of the last LAST say so, or all there are where the list is `whole`.
    `noun` is what the platform calls a post (作品).
    """
    if isinstance(found, Unseen):
        return found
    posts = found.value.items if isinstance(found.value, Posts) else ()
    newest = sorted(posts, key=lambda post: post.at, reverse=True)[:LAST]
    told = [post.comments_open for post in newest if post.comments_open is not None]
    if any(told):
        return _policy(CommentState.OPEN, told, newest, f"{noun}允许评论")
    if not told:
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail=f"{noun}没有说明评论权限")
    if len(told) == len(newest) and (whole or len(newest) == LAST):
        return _policy(CommentState.SUSPECTED_CLOSED, told, newest, f"最近 {len(newest)} 条{noun}均不允许评论，需人工确认")
    return Unseen(outcome=Outcome.PARTIAL, detail=f"部分{noun}不允许评论，不足以判断账号")


def _policy(state: CommentState, told: Sequence[bool], newest: Sequence[Post], why: str) -> Seen:
    return Seen(value=CommentPolicy(state=state, seen=len(told), of=len(newest), why=why))


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One outsider's comment: whether the account answered, and whether all answers to it were read."""

    answered: bool
    read: bool


def replies_in(threads: Sequence[Thread], stated: Sequence[int]) -> Seen:
    """Comments read and answered. `stated` are the numbers of comments that the answers give, more than what is served.

    Where threads stayed half read, the number of comments is left open.
    """
    of = max(stated, default=None) if threads else None
    unread = any(not (thread.read or thread.answered) for thread in threads)
    if of is not None and (of < len(threads) or (unread and of == len(threads))):
        of = None
    value = Replies(seen=len(threads), of=of, answered=sum(thread.answered for thread in threads))
    return Seen(value=value, outcome=Outcome.OK if of == len(threads) else Outcome.PARTIAL)


def talked_of(found: Seen | Unseen | None, visit: Visit) -> tuple[Post, ...]:
    """Posts of the window under which somebody wrote, or may have written, newest first."""
    posts = found.value.items if isinstance(found, Seen) and isinstance(found.value, Posts) else ()
    recent = [post for post in posts if post.at >= start_of(visit.window.since) and post.comments != 0]
    return tuple(sorted(recent, key=lambda post: post.at, reverse=True))


def replies_over(found: Seen | Unseen, told: Seen | Unseen | None, opened: Collection[str], visit: Visit) -> Seen | Unseen | None:
    """The account's answers under all its posts of the window, given those `told` of the posts `opened` (their ids).

    They are all there are only where the list of posts is whole over the window and every post with comments was opened; of
    no post with comments at all, nobody had to answer anything. None = nothing is known.
    """
    posts = found.value if isinstance(found, Seen) and isinstance(found.value, Posts) else None
    reaches = posts is not None and posts.complete_since is not None and posts.complete_since <= start_of(visit.window.since)
    commented = {post.id for post in talked_of(found, visit)}
    if told is None:
        return Seen(value=Replies(seen=0, of=0, answered=0)) if reaches and not commented else None
    if isinstance(told, Unseen) or not isinstance(told.value, Replies) or (reaches and commented <= set(opened)):
        return told
    return Seen(value=replace(told.value, of=None), outcome=Outcome.PARTIAL)
