"""Silences between two posts inside the window, and counts of posts in it (domain/rules.md §5, UPD-05).

What a list proves to be complete over a span of days stays proven: the spans of all sweeps add up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from tracker.clock import day, start_of
from tracker.facts.answers import Quantity
from tracker.facts.posting import PostList
from tracker.model import Bounds, Post, Window

Span = tuple[datetime, datetime]
"""From one instant to another, both included."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
"""A day ends at its last whole second (`clock.end_of`): the next day's list touches it."""
_UNCOVERED = "检查期内的发布记录没有看全,中间可能有未看到的发布"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days without a known post between two days inside the window; `days` = calendar days from `first` to `last`.

    `first`: day of the post before, or the window's first day where that post lies before it; `last`: day of the post after.
    `proven`: lists that were complete cover every day between.
    """

    first: date
    last: date
    days: int
    proven: bool


def covered(lists: Iterable[PostList]) -> tuple[Span, ...]:
    """The spans of time over which the lists show every own post, joined where they touch, in order."""
    spans = sorted((since, one.posts.as_of) for one in lists if one.complete and (since := one.posts.complete_since) is not None)
    joined: list[Span] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + _SECOND:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        elif first <= last:
            joined.append((first, last))
    return tuple(joined)


def reaching(lists: Iterable[PostList], spans: Sequence[Span]) -> tuple[PostList, ...]:
    """The same lists, each complete one reaching back as far as earlier complete lists join it without a hole.

    An earlier list never proves silence by itself: it only lengthens one that this check saw.
    """
    return tuple(
        replace(one, posts=replace(one.posts, complete_since=_start(one, spans))) if one.complete else one for one in lists
    )


def _start(one: PostList, spans: Sequence[Span]) -> datetime | None:
    since = one.posts.complete_since
    return next((first for first, last in spans if since is not None and first <= since <= last), since)


def gaps(posts: Sequence[Post], spans: Sequence[Span], window: Window) -> tuple[Gap, ...]:
    """The gaps of the window, longest first. A post before the window counts as one on the day before it has any say."""
    known = sorted({day(post.at) for post in posts if day(post.at) <= window.until})
    inside = [on for on in known if on >= window.since]
    if not inside:
        return ()
    starts = [window.since] if inside[0] > window.since else []
    marks = [*starts, *inside]
    found = [
        Gap(first=first, last=last, days=(last - first).days, proven=_between(first, last, spans))
        for first, last in pairwise(marks)
        if last - first > _DAY
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.days, gap.first)))


def _between(first: date, last: date, spans: Sequence[Span]) -> bool:
    """Whether one span holds every day between the two: a post unseen on one of the two days itself would change no gap."""
    return any(start <= start_of(first + _DAY) and start_of(last) <= end for start, end in spans)


def longest(found: Sequence[Gap], posts: Sequence[Post], spans: Sequence[Span], window: Window) -> Quantity:
    """Days of the longest gap inside the window: at least the longest proven one, at most the longest that is still possible."""
    least = max((gap.days for gap in found if gap.proven), default=0)
    inside = [on for post in posts if window.since <= (on := day(post.at)) <= window.until]
    last = max(inside, default=window.since)
    # after the newest known post an unseen one may lie, and a gap before it, unless the rest was covered
    trailing = 0 if _between(last, window.until, spans) else (window.until - last).days
    most = max([gap.days for gap in found] + [trailing], default=0)
    return Quantity(bounds=Bounds(least=least, most=max(least, most)), reasons=(_UNCOVERED,) if most > least else ())


def count(
    posts: Sequence[Post], spans: Sequence[Span], window: Window, wanted: Callable[[Post], bool] = lambda post: True
) -> Quantity:
    """How many wanted posts lie in the window: at least the known ones, at most those where the whole window was covered."""
    known = sum(1 for post in posts if window.since <= day(post.at) <= window.until and wanted(post))
    whole = _between(window.since - _DAY, window.until, spans)
    return Quantity(bounds=Bounds(least=known, most=known if whole else None), reasons=() if whole else (_UNCOVERED,))
