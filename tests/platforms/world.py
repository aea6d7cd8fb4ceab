"""An invented world of accounts that the fake platforms show: plain records, everything else (ids, pages) follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from tests.platforms import ids
from tests.platforms.faults import Fault, Faults
from tracker.clock import SHANGHAI

LOGIN = "world-login"
"""Value of the session cookie (SUB on weibo, sessionid on douyin) that counts as logged in."""
LOGIN_COOKIES: Mapping[str, tuple[str, ...]] = {
    "weibo": ("SUB", ".weibo.com", ".weibo.cn"),
    "douyin": ("sessionid", ".douyin.com"),
}
"""Cookie name and the domains where a logged-in browser carries it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPost:
    """One post. `visible` as weibo.md §3 (0 public); `form`: article, ugc or video; `show_type`: weixin item_show_type 0 or 8."""

    at: datetime
    title: str
    pinned: bool = False
    repost: bool = False
    visible: int = 0
    comments: int = 0
    answered: int = 0
    """How many of the comments the account answered."""
    can_comment: bool = True
    form: str = "article"
    show_type: int = 0
    notified: bool = True
    """weixin: sent with 通知 (群发); False = only 发表, then freepublish lists it too."""
    footer: str = ""
    """weixin page bottom: product, cps, shop, neutral, or `phrase:` + words."""
    status: str = ""
    """weixin: a fault name of the article page that this post always meets (deleted_article …)."""
    pad: int = 0
    """weixin: bytes of library code before the data, as real pages have 2–3 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldLike:
    """A post of somebody else that a weibo account liked; `at` is that post's date."""

    at: datetime
    owner: str
    owner_id: str
    verified_type: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One button of a 公众号 menu; `kind` as the platform names it, "" = a button that was never filled."""

    name: str
    url: str = ""
    kind: str = "view"
    children: tuple["MenuItem", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of an account: a 合集 or 页面模板 of weixin, the 文章 tab of weibo. `sort`: album, homepage or tab."""

    title: str
    sort: str = "album"
    posts: tuple[WorldPost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an owner gave: AppID and secret, and what the owner's interfaces then tell."""

    appid: str
    secret: str
    menu: tuple[MenuItem, ...] = ()
    menu_open: bool = True
    autoreply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldAccount:
    """One account. `ids` by the adapters' kinds; `filed` False = in the world but not in the registry (control accounts)."""

    platform: str
    name: str
    kind: str
    ids: Mapping[str, str]
    organisation: str = ""
    org_type: str = ""
    region: str = ""
    bio: str = ""
    verified: bool = True
    verified_type: int = 1
    posts: tuple[WorldPost, ...] = ()
    likes: tuple[WorldLike, ...] = ()
    grant: Grant | None = None
    columns: tuple[Column, ...] = ()
    guest_hides: int = 3
    """douyin: how many of the newest works a visitor without login is not shown."""
    faults: tuple[Fault, ...] = ()
    filed: bool = True

    @property
    def key(self) -> str:
        """`platform:name`, as the program's command line names an account."""
        return f"{self.platform}:{self.name}"

    def seed(self, post: WorldPost | WorldLike) -> int:
        """The number from which every id of a post is made."""
        return ids.draw(self.key, post.at.isoformat(), getattr(post, "title", ""))

    def newest_first(self) -> list[WorldPost]:
        """All posts as lists show them: pinned ones lead, the rest by date."""
        return sorted(self.posts, key=lambda post: (not post.pinned, -post.at.timestamp()))


@dataclass(frozen=True, kw_only=True)
class World:
    """All accounts, the day that it is there, and the faults. `now` defaults to noon of `today`."""

    accounts: tuple[WorldAccount, ...]
    today: date
    now: datetime | None = None
    faults: Faults = field(default_factory=Faults, compare=False)

    def __post_init__(self) -> None:
        for account in self.accounts:
            for fault in account.faults:
                self.faults.put(fault.name, account=account.key, where=fault.where, times=fault.times, arg=fault.arg)

    @property
    def clock(self) -> datetime:
        """The present of this world."""
        return self.now or datetime.combine(self.today, time(12), SHANGHAI)

    def find(self, platform: str, kind: str, value: str) -> WorldAccount | None:
        """The account of a platform with that id; kind `name` compares names."""
        return self._by_id.get((platform, kind, value))

    def article(self, key: str) -> tuple[WorldAccount, WorldPost] | None:
        """The weixin post behind a short link key, or behind `biz/mid`."""
        return self._articles.get(key)

    @cached_property
    def _by_id(self) -> dict[tuple[str, str, str], WorldAccount]:
        found = {(a.platform, kind, value): a for a in self.accounts for kind, value in a.ids.items()}
        found |= {(a.platform, "name", a.name): a for a in self.accounts}
        return found | {(a.platform, "appid", a.grant.appid): a for a in self.accounts if a.grant}

    @cached_property
    def _articles(self) -> dict[str, tuple[WorldAccount, WorldPost]]:
        found: dict[str, tuple[WorldAccount, WorldPost]] = {}
        for account in self.accounts:
            if account.platform == "weixin":
                for post in account.posts:
                    found[article_key(account, post)] = found[f"{account.ids['biz']}/{message_id(account, post)}"] = account, post
        return found


def article_key(account: WorldAccount, post: WorldPost) -> str:
    """The 22 characters of a weixin post's short link."""
    return ids.article_key(account.key, post.at.isoformat(), post.title)


def article_url(account: WorldAccount, post: WorldPost) -> str:
    """The short link that a clerk would paste."""
    return f"https://mp.weixin.qq.com/s/{article_key(account, post)}"


def column_url(account: WorldAccount, column: Column) -> str:
    """The address that a menu entry has for a weixin column."""
    number, biz = account.columns.index(column) + 1, account.ids["biz"]
    query = f"action=getalbum&__biz={biz}&album_id={number}" if column.sort == "album" else f"__biz={biz}&hid={number}&sn=x"
    return (
        f"https://mp.weixin.qq.com/mp/{'appmsgalbum' if column.sort == 'album' else 'homepage'}?{query}&scene=18#wechat_redirect"
    )


def message_id(account: WorldAccount, post: WorldPost) -> str:
    """weixin `mid` of a post: ten digits."""
    return str(2_200_000_000 + account.seed(post) % 99_999_999)
