"""When an account last posted, and how long it has surely been silent, over all routes of one check.

Sources: DESIGN §4 (`as_of`, `complete_since`, merging), domain/rules.md §5 (calendar days in Asia/Shanghai) and §7.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker import text
from tracker.clock import day
from tracker.facts.answers import Quantity
from tracker.model import Bounds, Outcome, Post, Posts, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class PostList:
    """The posts of one visit and how far they may be trusted."""

    posts: Posts
    route: Route
    outcome: Outcome = Outcome.OK
    consistent: bool = True
    """False when another route knows a newer post that this list, called complete, does not show."""
    earlier: bool = False
    """From an earlier sweep: proof of its posts, and no reason for anything that is unknown now."""
    twice: bool = False
    """From a public page of which one reading is not enough: where two of them differ neither proves silence."""

    @property
    def complete(self) -> bool:
        """Whether silence may be claimed from this list."""
        return self.consistent and self.posts.complete_since is not None and self.outcome is Outcome.OK


def merge(lists: Sequence[PostList]) -> tuple[Post, ...]:
    """All posts of all lists, each once: by platform id, else by (date, normalised title). Newest first."""
    by_key: dict[tuple[str, str], Post] = {}
    seen_titles: set[tuple[date, str]] = set()
    for post in (post for one in lists for post in one.posts.items):
        titled = (day(post.at), text.key(post.title))
        if ("id", post.id) in by_key or (post.title and titled in seen_titles):
            continue
        by_key[("id", post.id) if post.id else ("day", f"{titled[0]}{titled[1]}")] = post
        seen_titles.add(titled)
    return tuple(sorted(by_key.values(), key=lambda post: post.at, reverse=True))


def weigh(lists: Iterable[PostList]) -> tuple[PostList, ...]:
    """The same lists, each complete one marked inconsistent when another route holds a post that it should have shown."""
    lists = tuple(lists)
    return tuple(replace(one, consistent=not _contradicted(one, lists)) for one in lists)


def agreed(lists: Sequence[PostList], on: date) -> tuple[PostList, ...]:
    """The same weighed lists; where readings of public pages up to `on` contradict each other, none of them is consistent."""
    readings = [one for one in lists if one.twice and one.posts.exact and not one.earlier and day(one.posts.as_of) >= on]
    if all(one.consistent for one in readings) or any(one.complete and not one.twice for one in lists):
        return tuple(lists)
    return tuple(replace(one, consistent=False) if one in readings else one for one in lists)


def _contradicted(one: PostList, lists: Sequence[PostList]) -> bool:
    since = one.posts.complete_since
    if since is None:
        return False
    newest = one.posts.latest
    after = max(since, newest.at) if newest else since
    return any(
        day(after) < day(post.at) and post.at <= one.posts.as_of
        for other in lists
        if other is not one
        for post in other.posts.items
    )


def check_day(lists: Sequence[PostList], seen_on: Sequence[datetime]) -> date | None:
    """The check date where none is ordered: the last day that a complete list shows, or a newer post's day.

    A post dated after the day on which anything was looked at moves nothing.
    Without a complete list: the last day on which anything was looked at. None when nothing was.
    """
    shown = [day(one.posts.as_of) for one in lists if one.complete]
    if shown:
        last = max((day(at) for at in seen_on), default=date.max)
        newest = [on for one in lists for post in one.posts.items if (on := day(post.at)) <= last]
        return max(shown + newest)
    return max((day(at) for at in seen_on), default=None)


def idle_days(lists: Sequence[PostList], on: date, reasons: tuple[str, ...]) -> Quantity:
    """Calendar days without an own public post, counted back from the check date `on`.

    A known post bounds from above; only a complete list that reaches `on` bounds from below, as far as it reaches back.
    """
    known = [day(post.at) for post in merge(lists) if day(post.at) <= on]
    most = (on - max(known)).days if known else None
    least, why = 0, list(reasons)
    for one in (listed for listed in lists if not listed.earlier):
        if not one.complete or day(one.posts.as_of) < on:
            why.append(_why_not(one, on))
            continue
        least = max(least, _silence(one, on))
        if most is None:
            why.append(f"只往前查到{_month_day(one.posts.complete_since)},这段时间没有发布,再早的没有查")
    return Quantity(
        bounds=Bounds(least=least if most is None else min(least, most), most=most), reasons=tuple(dict.fromkeys(why))
    )


def _silence(one: PostList, on: date) -> int:
    since = one.posts.complete_since
    assert since is not None  # noqa: S101 - `complete` says so
    shown = [day(post.at) for post in one.posts.items if day(post.at) <= on]
    start = max([day(since), *(on_day for on_day in shown)])
    return max(0, (on - start).days)


def _why_not(one: PostList, on: date) -> str:
    if not one.consistent:
        return "存疑:另一途径看到了该列表没有的新内容"
    if one.outcome is Outcome.RESTRICTED:
        return "账号限制了可见范围,只能证明更新过"
    if not one.complete:
        return "只看到部分内容,只能证明更新过,不能证明没有更新"
    return f"列表只看到{_month_day(one.posts.as_of)},未到检查日{on.month}月{on.day}日"


def _month_day(at: datetime | None) -> str:
    return f"{day(at).month}月{day(at).day}日" if at else "开设时"
