"""What is opened beside the list, where somebody asked for it: the tab of likes, the comments of the newest posts.

Trouble there is the aspect's alone, short of a wall (formats/weibo.md §2, §6).
"""

from collections.abc import Mapping, Sequence

from adapters.weibo.ids import MOBILE
from adapters.weibo.rows import Row
from tracker.adapter import WALLS
from tracker.model import Exchange, Outcome, Posts, Seen, Unseen, Visit
from tracker.payload import argument, host_of

TAB = "赞"
"""The name of the tab of liked posts, where the page shows one (S)."""
MOST_POSTS = 2
"""Posts whose comments are opened in one visit, the newest first."""
_FOR: Mapping[str, str] = {"likelist": "likes", "buildcomments": "comments", "post": "comments"}
_NO_MOBILE = "微博列表没有读到,手机版又没有登录"


def tab_url(uid: str) -> str:
    """The address of the tab of likes."""
    return f"https://weibo.com/u/{uid}?tabtype=like"


def of_likes(exchange: Exchange) -> bool:
    """Whether an answer belongs to the tab of likes."""
    return exchange.page == "likelist" or (exchange.page == "home" and argument(exchange.url, "tabtype") == "like")


def is_wall(why: Unseen) -> bool:
    """Whether the lane has to heed it."""
    return why.outcome in WALLS


def of_aspect_only(visit: Visit, exchanges: Sequence[Exchange], exchange: Exchange, why: Unseen) -> bool:
    """Whether a page that was not read says nothing of the account: opened beside its page, and no wall."""
    beside = visit.account is not None and exchange.page in _FOR and any(one.page == "home" for one in exchanges)
    return beside and not is_wall(why)


def of_mobile(exchanges: Sequence[Exchange], exchange: Exchange, why: Unseen) -> Unseen:
    """The same reason, but where only the mobile site wants a login: its cookies are its own, the other session is good."""
    other = any(one.page == "home" and host_of(one.url) not in ("", MOBILE) for one in exchanges)
    if why.outcome is not Outcome.LOGIN_WALL or not other or host_of(exchange.url) != MOBILE:
        return why
    return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail=_NO_MOBILE)


def posts(public: Sequence[Row]) -> Seen | None:
    """Own public posts as a list that proves nothing; None of none."""
    items = tuple(row.post for row in public)
    return Seen(value=Posts(items=items, as_of=public[0].seen_at)) if public else None
