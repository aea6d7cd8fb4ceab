"""From the stored visits of one account to its facts (DESIGN §4)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypedDict

from tracker.adapter import Proof
from tracker.clock import day
from tracker.facts import searches
from tracker.facts.alike import Repeat, repeats
from tracker.facts.answers import Quantity
from tracker.facts.claims import proven
from tracker.facts.columns import columns
from tracker.facts.facts import Facts
from tracker.facts.gaps import Gap, count, covered, gaps, longest, reaching
from tracker.facts.posting import PostList, agreed, check_day, idle_days, merge, weigh
from tracker.facts.second import needs_second, read_once
from tracker.facts.standing import standing, tells_updates
from tracker.facts.trust import trusted
from tracker.facts.whose import own
from tracker.model import Account, Aspect, Bounds, Outcome, Post, Posts, Route, Seen, StoredVisit, Window

_FRESH = Quantity(bounds=Bounds(least=0, most=0))
_WINDOW = timedelta(days=89)
"""Days before the check date that the window holds where none is told: a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the facts of an account need beside its own visits; the same for a whole sweep but for `earlier` and `before`."""

    on: date | None = None
    """The ordered check date for accounts without one of their own; None = as far as the lists reach."""
    default_date: date
    """Where nothing was seen at all."""
    window: Window | None = None
    """What 检查期内 means; None = the 90 days that end with the check date."""
    proof: Proof | None = None
    """What promotes claims on this platform; None = nothing does."""
    earlier: Sequence[StoredVisit] = ()
    """Visits of earlier sweeps: for claims, gaps, repeats, and as proof of posts.

    They never prove silence now; a whole list of this check that one of them touches reaches back as far as it.
    """
    fit: Collection[str] = ()
    """Names of sweeps in which another account of this platform read well."""
    sees: Collection[Aspect] = frozenset(Aspect)
    """What the adapter can see at all."""
    kin: Collection[str] = ()
    """Names (`text.key`) of the registry's accounts and bodies."""
    strangers: Sequence[StoredVisit] = ()
    """Pasted links that matched no account."""
    before: tuple[str, ...] = ()
    """Codes that stood against the account in the period before."""


def build(account: Account, visits: Sequence[StoredVisit], context: Context) -> Facts:
    """The facts of one account from its visits of this check, in any order."""
    told = own(account, (*map(trusted, standing(visits)), *map(trusted, context.earlier)))
    visits, before = told[: len(visits)], told[len(visits) :]
    posted = _posted(visits, before, context)
    sees, fit, proof, claims = context.sees, context.fit, context.proof, [*before, *visits]
    return Facts(
        account=account,
        **posted,
        never_posted=proven(claims, Aspect.POSTS, Outcome.EMPTY, proof, fit, seen=bool(posted["posts"])),
        missing=proven(claims, Aspect.EXISTENCE, Outcome.GONE, proof, fit, seen=searches.exists(visits)),
        closed_down=searches.search(visits, (Aspect.EXISTENCE,), searches.closed_down, sees),
        channels=searches.search(visits, (Aspect.MENU, Aspect.COMMENT_POLICY), searches.channels, sees),
        closed=searches.search(visits, (Aspect.COMMENT_POLICY,), searches.closed, sees),
        auto_reply=searches.search(visits, (Aspect.MENU,), searches.auto_reply, sees),
        unanswered=searches.unanswered(visits, searches.reasons(visits, Aspect.REPLIES)),
        likes=searches.search(visits, (Aspect.LIKES,), searches.likes, sees),
        kin=searches.liked_owners(visits) & frozenset(context.kin),
        footers=searches.search(visits, (Aspect.FOOTERS,), searches.footers, sees),
        columns=columns(visits, searches.reasons(visits, Aspect.MENU)),
        unverified=searches.search(visits, (Aspect.VERIFICATION,), searches.unverified, sees),
        certified=searches.search(visits, (Aspect.VERIFICATION,), searches.certified, sees),
        bio=searches.search(visits, (Aspect.BIO,), searches.bio, sees),
        lookalikes=searches.lookalikes(account, context.strangers),
        before=context.before,
        reported=tuple(one for visit in visits for one in visit.observation.reported),
        printed_date=_printed(visits),
        notes=tuple(note for visit in visits for note in visit.observation.notes),
        once=read_once([*visits, *before], posted["check_date"]),
    )


class _Posted(TypedDict):
    """The part of the facts that the lists of posts tell."""

    check_date: date
    window: Window
    idle: Quantity
    idle_original: Quantity
    latest: Post | None
    latest_original: Post | None
    posts: tuple[Post, ...]
    gaps: tuple[Gap, ...]
    gap: Quantity
    published: Quantity
    originals: Quantity
    repeats: tuple[Repeat, ...]
    shown_before: str


def _posted(visits: Sequence[StoredVisit], before: Sequence[StoredVisit], context: Context) -> _Posted:
    order = _check_date(visits, context.on) or context.default_date
    spans = covered(weigh([*_lists(visits), *_lists(before)]))
    lists = reaching(agreed(weigh([*_lists(visits), *_posted_before(before, visits)]), order), spans)
    plain = tuple(replace(one, posts=_originals(one.posts)) for one in lists)
    posts = merge(lists)
    until = [post for post in posts if day(post.at) <= order]
    later = _told_later(_lists(visits), order)
    latest = later or next(iter(until), None)
    unread = searches.reasons(visits, Aspect.POSTS)
    window = _window(context.window, order)
    found = gaps(posts, spans, window)
    return _Posted(
        check_date=order,
        window=window,
        idle=_FRESH if later else idle_days(lists, order, unread),
        idle_original=_FRESH if later else idle_days(plain, order, unread),
        latest=latest,
        latest_original=later or next((post for post in until if not post.repost), None),
        posts=posts,
        gaps=found,
        gap=longest(found, posts, spans, window),
        published=count(posts, spans, window),
        originals=count(posts, spans, window, lambda post: not post.repost),
        repeats=tuple(one for one in repeats(posts) if window.since <= day(one.post.at) <= window.until),
        shown_before=_shown_before(latest, visits, before),
    )


def _window(told: Window | None, order: date) -> Window:
    if told is None:
        return Window(since=order - _WINDOW, until=order)
    until = min(told.until, order)
    return Window(since=min(told.since, until), until=until)


def _originals(posts: Posts) -> Posts:
    return replace(posts, items=tuple(post for post in posts.items if not post.repost))


def _printed(visits: Sequence[StoredVisit]) -> str:
    return next((visit.printed_date for visit in visits if visit.route is Route.MANUAL and visit.printed_date), "")


def _check_date(visits: Sequence[StoredVisit], on: date | None) -> date | None:
    """The day at which the account is judged; None when nothing was seen and none was ordered."""
    told = _clerk_date(filter(tells_updates, visits)) or on or _clerk_date(visits)
    return told or check_day(weigh(_lists(visits)), [visit.at for visit in visits])


def _clerk_date(visits: Iterable[StoredVisit]) -> date | None:
    return max((visit.check_date for visit in visits if visit.check_date is not None), default=None)


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
            lists.append(PostList(posts=seen.value, route=visit.route, outcome=seen.outcome, twice=needs_second(visit)))
    return lists


def _told_later(lists: Sequence[PostList], on: date) -> Post | None:
    """A clerk's last date after the check date means fresh (domain/registry.md §3.3): the sheet tells one date only."""
    told = [one.posts.latest for one in lists if one.route is Route.MANUAL]
    return next((post for post in told if post and day(post.at) > on), None)
