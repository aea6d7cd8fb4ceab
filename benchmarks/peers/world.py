"""The worlds that every contender visits, what it is told of each account, and what it has to answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.platforms import feed
from tests.platforms.weixin_page import article_html
from tests.platforms.world import World, WorldAccount, WorldPost, article_url
from tests.soak import worlds
from tracker.clock import SHANGHAI, day

NOW = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)
BODY = 30_000
"""Bytes of an article page, at least."""
ROWS = 20
"""Entries of a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One account as a contender is told of it. `url` has the real host name, without a port."""

    account_id: str
    platform: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What has to be known of an account: its name, the newest post as seconds since 1970, how many posts were seen."""

    name: str
    latest: int
    count: int


def world(kind: str, count: int) -> World:
    """So many accounts that posted yesterday. `kind`: article (a page each), feed (twenty entries each), pages (a browser's)."""
    platform = "toutiao" if kind == "pages" else "weixin"
    accounts = [worlds.account(platform, n, NOW) for n in range(1, count + 1)]
    made = World(accounts=tuple(accounts), today=day(NOW), now=NOW)
    if kind == "pages":
        return made
    shaped = [_article(made, one) if kind == "article" else _feed(one) for one in accounts]
    return World(accounts=tuple(shaped), today=day(NOW), now=NOW)


def _article(made: World, account: WorldAccount) -> WorldAccount:
    bare = account.posts[0]
    size = len(article_html(made, account, bare).encode())
    # the filler comes in whole lines
    return replace(account, posts=(replace(bare, pad=max(0, BODY - size + 200)),))


def _feed(account: WorldAccount) -> WorldAccount:
    first = account.posts[0].at
    posts = [WorldPost(at=first - timedelta(days=k), title=f"示例单位第{k}次发布工作动态") for k in range(ROWS)]
    return replace(account, posts=tuple(posts))


def targets(kind: str, shown: World) -> list[Target]:
    """The accounts in the order in which they are visited."""
    return [_target(kind, account) for account in shown.accounts]


def _target(kind: str, account: WorldAccount) -> Target:
    url = {
        "article": lambda: article_url(account, account.posts[0]),
        "feed": lambda: feed.address(account),
        "pages": lambda: f"https://www.toutiao.com/c/user/token/{account.ids['token']}/",
    }[kind]()
    return Target(account_id=f"{account.platform}-{account.name}", platform=account.platform, name=account.name, url=url)


def answers(shown: World) -> dict[str, Answer]:
    """What is true, by account id."""
    return {f"{one.platform}-{one.name}": _answer(one.name, one.posts) for one in shown.accounts}


def _answer(name: str, posts: Sequence[WorldPost]) -> Answer:
    return Answer(name=name, latest=int(max(post.at for post in posts).timestamp()), count=len(posts))
