"""From the stored visits of one account to its facts (DESIGN §4)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.adapter import Proof
from tracker.clock import day
from tracker.facts.answers import Evidence, Quantity
from tracker.facts.claims import proven
from tracker.facts.posting import PostList, check_day, idle_days, merge, weigh
from tracker.facts.reasons import reason
from tracker.facts.standing import standing, tells_updates
from tracker.facts.whose import own
from tracker.model import (
    Account,
    Aspect,
    Bounds,
    CommentPolicy,
    CommentState,
    Found,
    Hit,
    Like,
    Likes,
    Menu,
    Outcome,
    Post,
    Posts,
    Reported,
    Route,
    Seen,
    StoredVisit,
    Unseen,
    Value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is proven of one account on its check date. Only bounds, searches and what people reported; no outcomes."""

    account: Account
    check_date: date
    idle: Quantity
    """Calendar days without an own public post up to the check date."""
    latest: Post | None
    """The newest known own public post not after the check date, or the clerk's own later date."""
    posts: tuple[Post, ...]
    never_posted: Evidence
    """A hit = proof that there has never been a post."""
    missing: Evidence
    """A hit = proof that the platform does not know the account; whole = the account was seen."""
    channels: Evidence
    """Hits are ways for the public to speak to the account; whole = every way was asked for."""
    closed: Evidence
    """Hits are signs that comments are closed."""
    likes: Evidence
    """Hits are liked posts of others (kind = owner's kind)."""
    footers: Evidence
    """Hits are commercial content at page bottoms."""
    reported: tuple[Reported, ...] = ()
    visits: tuple[StoredVisit, ...] = ()
    notes: tuple[str, ...] = ()
    shown_before: str = ""
    """Which earlier sweep showed the newest post, as a sentence; empty when this check shows it itself."""


def build(
    account: Account,
    visits: Sequence[StoredVisit],
    *,
    on: date | None,
    default_date: date,
    proof: Proof | None = None,
    earlier: Sequence[StoredVisit] = (),
    fit: Collection[str] = (),
    sees: Collection[Aspect] = frozenset(Aspect),
) -> Facts:
    """The facts of one account.

    visits: of this check, any order. on: the ordered check date for accounts without one of their own (a clerk's look at
    their updates has one), None = as far as the lists reach. default_date: where nothing was seen at all. proof: what promotes
    claims on this platform; None = nothing does. earlier: visits of earlier sweeps, for claims and as proof that something
    was posted; they never prove silence. fit: names of sweeps in which another account of this platform read well. sees: what
    the platform's adapter can see at all, so that the reason names what only a person can look at.
    """
    told = own(account, (*standing(visits), *earlier))
    visits, before = told[: len(visits)], told[len(visits) :]
    order = _check_date(visits, on) or default_date
    later = _told_later(_lists(visits), order)
    lists = weigh([*_lists(visits), *_posted_before(before, visits)])
    posts = merge(lists)
    latest = later or next((post for post in posts if day(post.at) <= order), None)
    claims = [*before, *visits]
    return Facts(
        account=account,
        check_date=order,
        idle=_FRESH if later else idle_days(lists, order, _reasons(visits, Aspect.POSTS)),
        latest=latest,
        posts=posts,
        never_posted=proven(claims, Aspect.POSTS, Outcome.EMPTY, proof, fit, seen=bool(posts)),
        missing=proven(claims, Aspect.EXISTENCE, Outcome.GONE, proof, fit, seen=_exists(visits)),
        channels=_evidence(visits, (Aspect.MENU, Aspect.COMMENT_POLICY), _channels, sees),
        closed=_evidence(visits, (Aspect.COMMENT_POLICY,), _closed, sees),
        likes=_evidence(visits, (Aspect.LIKES,), _likes, sees),
        footers=_evidence(visits, (Aspect.FOOTERS,), _footers, sees),
        reported=tuple(one for visit in visits for one in visit.observation.reported),
        visits=tuple(visits),
        notes=tuple(note for visit in visits for note in visit.observation.notes),
        shown_before=_shown_before(latest, visits, before),
    )


def _check_date(visits: Sequence[StoredVisit], on: date | None) -> date | None:
    """The day at which the account is judged; None when nothing was seen and none was ordered."""
    told = _clerk_date(filter(tells_updates, visits)) or on or _clerk_date(visits)
    return told or check_day(weigh(_lists(visits)), [visit.at for visit in visits])


def _posted_before(earlier: Sequence[StoredVisit], visits: Sequence[StoredVisit]) -> list[PostList]:
    """What earlier sweeps saw posted; what was published stays published, but their silence is over.

    A person's earlier date counts only while nobody looked again in this check: the later look may correct it.
    """
    looked = any(map(tells_updates, visits))
    used = [visit for visit in earlier if not (looked and visit.route is Route.MANUAL)]
    return [replace(one, posts=replace(one.posts, complete_since=None), earlier=True) for one in _lists(used)]


def _shown_before(latest: Post | None, visits: Sequence[StoredVisit], earlier: Sequence[StoredVisit]) -> str:
    """Where the newest post was seen, when no visit of this check shows it; else empty."""
    if latest is None or any(latest in one.posts.items for one in _lists(visits)):
        return ""
    shown = next((visit for visit in earlier if any(latest in one.posts.items for one in _lists([visit]))), None)
    return f"最近发布{day(latest.at):%Y-%m-%d}由批次 {shown.sweep} 的采集证明({shown.file})" if shown else ""


def _lists(visits: Iterable[StoredVisit]) -> list[PostList]:
    lists = []
    for visit in visits:
        seen = visit.observation.aspects.get(Aspect.POSTS)
        if isinstance(seen, Seen) and isinstance(seen.value, Posts) and seen.outcome is not Outcome.EMPTY:
            lists.append(PostList(posts=seen.value, route=visit.route, outcome=seen.outcome))
    return lists


def _clerk_date(visits: Iterable[StoredVisit]) -> date | None:
    return max((visit.check_date for visit in visits if visit.check_date is not None), default=None)


_BY_PEOPLE = "程序看不到这一项,要由人查看"
_FRESH = Quantity(bounds=Bounds(least=0, most=0))


def _told_later(lists: Sequence[PostList], on: date) -> Post | None:
    """A clerk's last date after the check date means fresh (domain/registry.md §3.3): the sheet tells one date only."""
    told = [one.posts.latest for one in lists if one.route is Route.MANUAL]
    return next((post for post in told if post and day(post.at) > on), None)


def _exists(visits: Iterable[StoredVisit]) -> bool:
    for visit in visits:
        seen = visit.observation.aspects.get(Aspect.EXISTENCE)
        if isinstance(seen, Seen) and seen.outcome is not Outcome.GONE:
            return True
    return False


def _reasons(visits: Sequence[StoredVisit], aspect: Aspect) -> tuple[str, ...]:
    told: list[str] = []
    for visit in visits:
        found = visit.observation.aspects.get(aspect)
        if isinstance(found, Unseen):
            told.append(reason(found))
        elif isinstance(found, Seen) and found.outcome is Outcome.EMPTY:
            told.append("列表为空,待另日再次核实")
        elif found is None and visit.observation.outcome is not Outcome.OK:
            told.append(reason(Unseen(outcome=visit.observation.outcome, detail=visit.observation.detail)))
    if not told and not any(isinstance(visit.observation.aspects.get(aspect), Seen) for visit in visits):
        told.append(reason(Unseen(outcome=Outcome.NOT_RECORDED)))
    return tuple(dict.fromkeys(told))


def _evidence(
    visits: Sequence[StoredVisit], aspects: tuple[Aspect, ...], pick: Callable[[Value], Found], sees: Collection[Aspect]
) -> Evidence:
    found = [
        (visit.route, pick(seen.value))
        for visit in visits
        for aspect in aspects
        if isinstance(seen := visit.observation.aspects.get(aspect), Seen)
    ]
    hits = tuple(dict.fromkeys(hit for _, one in found for hit in one.hits))
    # one pasted page is never the whole of an account, however well it was read
    whole = any(one.whole and route is not Route.LINK for route, one in found)
    if whole:
        return Evidence(found=Found(hits=hits, whole=True))
    if not found and not set(aspects) & set(sees):
        return Evidence(reasons=(_BY_PEOPLE,))
    reasons = ("只看到一部分",) if found else tuple(r for aspect in aspects for r in _reasons(visits, aspect))
    return Evidence(found=Found(hits=hits, whole=whole), reasons=tuple(dict.fromkeys(reasons)))


def _channels(value: Value) -> Found:
    match value:
        case Menu():
            return value.channels
        case CommentPolicy(state=CommentState.OPEN | CommentState.SCREENED):
            return Found(hits=(Hit(kind="评论", quote=value.why or "评论开放"),))
        case _:
            return Found()


def _closed(value: Value) -> Found:
    match value:
        case CommentPolicy(state=CommentState.CLOSED | CommentState.SUSPECTED_CLOSED):
            return Found(hits=(Hit(kind="评论", quote=value.why or "评论关闭"),))
        case _:
            return Found()


def _likes(value: Value) -> Found:
    if not isinstance(value, Likes):
        return Found()
    return Found(hits=tuple(_liked(like) for like in value.items), whole=value.whole)


def _liked(like: Like) -> Hit:
    return Hit(kind=like.owner_kind, quote=f"{like.owner}:{like.text}", url=like.url, at=like.at)


def _footers(value: Value) -> Found:
    return value if isinstance(value, Found) else Found()
