"""Public lists: one 合集, one 页面模板 (formats/weixin.md §3.3, guard 15). Whole for that list only: no proof of silence."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.weixin import dom, status
from adapters.weixin.answers import envelope
from adapters.weixin.errcode import DATA
from adapters.weixin.ids import disagreement, ids_in, query, remarks
from tracker.adapter import Ask, Unread, blind, unseen
from tracker.model import Account, Aspect, Exchange, Identity, Observation, Outcome, Post, Posts, Seen
from tracker.payload import Json, Surprise
from tracker.text import squeeze

ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS)
_PATHS = {"/mp/appmsgalbum": "album", "/mp/homepage": "homepage"}
_JSON = {"album": "&f=json&count=20", "homepage": "&action=appmsg_list&begin=0&count=10&f=json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One list as read: the account that it names, what it calls itself, its rows in the order given.

    `total` is the number of articles that it states; `whole` = the answer surely holds all of them.
    """

    name: str = ""
    title: str = ""
    posts: tuple[Post, ...] = ()
    total: int | None = None
    whole: bool = False

    @property
    def biz(self) -> tuple[str, ...]:
        """Every `__biz` that the rows' links name, sorted."""
        return tuple(sorted({biz for post in self.posts if (biz := ids_in(post.url).get("biz"))}))


def ask(url: str) -> tuple[Ask, ...]:
    """The JSON form of a list link, the about page as it is; () for an article. A 历史消息 link cannot be read (§1)."""
    path = urlsplit(url).path
    if path.startswith("/mp/about"):
        return (Ask(page="about", url=url),)
    name = _PATHS.get(path)
    return (Ask(page=name, url=url.split("#", 1)[0] + _JSON[name]),) if name else ()


def read(account: Account | None, exchange: Exchange) -> Observation:
    """Posts of one list, `partial`; never raises."""
    try:
        return _read(account, exchange)
    except Surprise as error:
        return blind(ASPECTS, unseen(error, DATA))


def listed(exchange: Exchange) -> Listed:
    """The list of an answer. Raises Unread for a refusal, Surprise where a row is not understood."""
    _refuse_wall(exchange)
    root = envelope(exchange)
    told = root.at("base_resp", "ret").count() or root.at("ret").count()
    if told:
        # Which codes mean that the list was deleted is not known for sure: never a finding
        raise Unread(Outcome.AMBIGUOUS_EMPTY, f"平台没有给出列表(ret {told}),不能据此判定列表已删除")
    return _album(root) if exchange.page == "album" else _homepage(root)


def _refuse_wall(exchange: Exchange) -> None:
    """Raise Unread(CHALLENGE) for a verification page in place of the list; any other page is `transport` (guard 14)."""
    if exchange.status == 200 and exchange.body.lstrip()[:1] == b"<":
        found = status.verdict(dom.parse(exchange.body), exchange.body)
        if found.outcome is Outcome.CHALLENGE:
            raise found


def _read(account: Account | None, exchange: Exchange) -> Observation:
    found = listed(exchange)
    identity = Identity(ids={**ids_in(exchange.url), **_biz(found)}, name=found.name)
    wrong = disagreement(account, identity)
    if wrong:
        raise Unread(Outcome.INCONSISTENT, wrong)
    if not found.posts:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表没有文章,不能据此判定账号没有发文")
    newest_first = tuple(sorted(found.posts, key=lambda post: post.at, reverse=True))
    posts = Seen(value=Posts(items=newest_first, as_of=exchange.at), outcome=Outcome.PARTIAL)
    aspects = {Aspect.EXISTENCE: Seen(value=identity), Aspect.POSTS: posts}
    detail = "只读了一个合集或页面模板,不能据此判定停更"
    return Observation(outcome=Outcome.PARTIAL, aspects=aspects, detail=detail, notes=remarks(account, identity))


def _album(root: Json) -> Listed:
    """One row may come bare, without its list (guard 15)."""
    told = root.must("getalbum_resp")
    given, about = told.at("article_list"), told.at("base_info")
    rows = (given,) if isinstance(given.value, dict) else given.rows() if told.tells("article_list") else ()
    total = about.at("article_count").count()
    return Listed(
        name=about.at("nickname").text(),
        title=_title(about),
        posts=tuple(_post(row, "url", "create_time") for row in rows),
        total=total,
        whole=told.at("continue_flag").flag() is False and total in (None, len(rows)),
    )


def _title(about: Json) -> str:
    """What the 合集 calls itself; its place was told by clients only, so another form of it breaks nothing."""
    told = about.at("title").value
    return squeeze(told) if isinstance(told, str) else ""


def _homepage(root: Json) -> Listed:
    """Rows of the template's first category; what its other categories hold is not told, so it is never `whole`."""
    rows = root.at("appmsg_list").rows()
    over = not rows and root.at("has_more").flag() is not True
    return Listed(posts=tuple(_post(row, "link", "sendtime") for row in rows), total=0 if over else None)


def _post(row: Json, link: str, stamp: str) -> Post:
    url = row.must(link).text().replace("&amp;", "&")
    mid = str(row.at("msgid").number()) if row.tells("msgid") else query(url, "mid")
    idx = str(row.at("itemidx").number()) if row.tells("itemidx") else query(url, "idx")
    return Post(id=f"{mid}_{idx}" if mid and idx else url, at=row.at(stamp).instant(), title=row.at("title").text(), url=url)


def _biz(found: Listed) -> dict[str, str]:
    """The `__biz` of the rows; rows of several accounts make the list nobody's."""
    if len(found.biz) > 1:
        raise Unread(Outcome.FOREIGN_ROWS, f"列表含别的账号的文章(__biz {found.biz[0]}、{found.biz[1]})")
    return {"biz": found.biz[0]} if found.biz else {}
