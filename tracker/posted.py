"""When one account posted, as judging sees it: the lists of all routes weighed, their posts merged, and what vanished since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.clock import day
from tracker.facts.gaps import covered
from tracker.facts.posting import PostList, merge, weigh
from tracker.facts.whose import own
from tracker.model import Account, Aspect, Outcome, Post, Posts, Seen, StoredVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The posts of one account up to a check date, newest first."""

    posts: tuple[Post, ...]
    covered_since: date | None
    """From there to the check date a list shows every post; None = none does, and a post may have been missed."""
    pinned: frozenset[Post]
    """Those that stand pinned somewhere: they are dated, never first by trust."""
    gone: frozenset[Post]
    """Those that a later list of the same route, which says it is whole, does not show any more: deleted, or hidden."""


def posted(account: Account, visits: Sequence[StoredVisit], ever: Iterable[StoredVisit], check: date) -> Posted:
    """What the visits of a check show, and what earlier ones (`ever`, all of the account's) had shown."""
    weighed = _lists(account, visits, ever)
    posts = tuple(one for one in merge(weighed) if day(one.at) <= check)
    spans = [span for span in covered(weighed) if day(span[1]) >= check]
    return Posted(
        posts=posts,
        covered_since=day(spans[0][0]) if spans else None,
        pinned=frozenset(one for one in posts if one.pinned),
        gone=frozenset(one for one in posts if _vanished(one, weighed)),
    )


def _lists(account: Account, visits: Sequence[StoredVisit], ever: Iterable[StoredVisit]) -> tuple[PostList, ...]:
    """The lists of posts of this check and of earlier ones, as far as they may be trusted."""
    now = own(account, visits)
    held = {one.file for one in now}
    both = [*now, *(one for one in own(account, list(ever)) if one.file not in held)]
    return weigh(
        PostList(posts=found.value, route=one.route, outcome=found.outcome, earlier=one.file not in held)
        for one in both
        if isinstance(found := one.observation.aspects.get(Aspect.POSTS), Seen) and isinstance(found.value, Posts)
    )


def _vanished(post: Post, weighed: Sequence[PostList]) -> bool:
    """Whether a later list that says it is whole, and should show a post, does not, and one of the same route did before.

    Judging trusts neither of the two then: this only says what was seen.
    """
    if not post.id:
        return False
    shown = [one for one in weighed if any(each.id == post.id for each in one.posts.items)]
    routes = {one.route for one in shown}
    last = max((one.posts.as_of for one in shown), default=post.at)
    return any(
        one.outcome is Outcome.OK and one.route in routes and one.posts.as_of > last
        and (since := one.posts.complete_since) is not None and since <= post.at
        for one in weighed
    )  # fmt: skip
