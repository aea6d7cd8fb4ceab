"""What to open, in which order, and when to stop (formats/toutiao.md §2, §6)."""

from collections.abc import Sequence

from adapters.toutiao.ids import ids_in, item_in
from adapters.toutiao.reading import read
from tracker.adapter import Ask, Await, asked_ids, talked_of
from tracker.model import Aspect, Exchange, Observation, Outcome, Seen, Visit

MOST = 3
"""Pages of a full visit: the account, one reload, the comments of one item."""
MOST_ITEMS = 1
"""Items whose comments are opened in one visit, the newest first."""
_FEED = Await(page="feed", url_pattern=r"/api/pc/(?:list/)?(?:user/)?feed/?\?(?:[^#]*&)?category=profile_all(?:&|$)")
_INFO = Await(page="item", url_pattern=r"m\.toutiao\.com/i\d+/info/")
_COMMENTS = Await(page="comments", url_pattern=r"/article/v4/tab_comments/")
_SILENT = frozenset({Outcome.AMBIGUOUS_EMPTY, Outcome.NOT_RECORDED})


def following(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """One page load; one reload after a silent failure, never after a refusal; then the newest item's comments."""
    if not so_far:
        return _first(visit)
    if visit.account is None:
        return ()
    seen = read(visit, so_far)
    if sum(one.page == "home" for one in so_far) == 1 and _silent(seen):
        return _account(visit)
    return _comments(visit, seen, so_far)


def _silent(seen: Observation) -> bool:
    return seen.outcome in _SILENT and seen.aspects[Aspect.POSTS].outcome in _SILENT


def _first(visit: Visit) -> tuple[Ask, ...]:
    item = item_in(visit.url)
    if not item:
        return _account(visit)
    if "//m." in visit.url:
        return (Ask(page="item", url=f"https://m.toutiao.com/i{item}/", await_=(_INFO,)),)
    kind = next((kind for kind in ("video", "w") if f"/{kind}/" in visit.url), "article")
    return (Ask(page="item", url=f"https://www.toutiao.com/{kind}/{item}/"),)


def _account(visit: Visit) -> tuple[Ask, ...]:
    ids = asked_ids(visit, ids_in)
    path = f"token/{ids['token']}" if "token" in ids else ids.get("user_id", "")
    return (Ask(page="home", url=f"https://www.toutiao.com/c/user/{path}/", await_=(_FEED,)),) if path else ()


def _comments(visit: Visit, seen: Observation, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The newest item under which somebody wrote, where the list was read and its comments are wanted."""
    posts = seen.aspects.get(Aspect.POSTS)
    if Aspect.REPLIES not in visit.wants or not isinstance(posts, Seen) or any(one.page == "item" for one in so_far):
        return ()
    urls = [post.url for post in talked_of(posts, visit) if post.comments and item_in(post.url)]
    return tuple(Ask(page="item", url=url, await_=(_COMMENTS,)) for url in urls[:MOST_ITEMS])
