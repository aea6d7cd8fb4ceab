"""Public lists: one 合集, one 页面模板 (formats/weixin.md §3.3, guard 15). Whole for that list only: no proof of silence."""

from urllib.parse import urlsplit

from adapters.weixin.answers import envelope
from adapters.weixin.errcode import DATA
from adapters.weixin.ids import disagreement, ids_in, query, remarks
from tracker.adapter import Ask, Unread, blind, unseen
from tracker.model import Account, Aspect, Exchange, Identity, Observation, Outcome, Post, Posts, Seen
from tracker.payload import Json, Surprise

ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS)
_PATHS = {"/mp/appmsgalbum": "album", "/mp/homepage": "homepage"}
_JSON = {"album": "&f=json&count=20", "homepage": "&action=appmsg_list&begin=0&count=10&f=json"}


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


def _read(account: Account | None, exchange: Exchange) -> Observation:
    root = envelope(exchange)
    name, items = _album(root) if exchange.page == "album" else _homepage(root)
    ids = {**ids_in(exchange.url), **_biz(items)}
    identity = Identity(ids=ids, name=name)
    wrong = disagreement(account, identity)
    if wrong:
        raise Unread(Outcome.INCONSISTENT, wrong)
    if not items:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表没有文章,不能据此判定账号没有发文")
    newest_first = tuple(sorted(items, key=lambda post: post.at, reverse=True))
    posts = Seen(value=Posts(items=newest_first, as_of=exchange.at), outcome=Outcome.PARTIAL)
    aspects = {Aspect.EXISTENCE: Seen(value=identity), Aspect.POSTS: posts}
    detail = "只读了一个合集或页面模板,不能据此判定停更"
    return Observation(outcome=Outcome.PARTIAL, aspects=aspects, detail=detail, notes=remarks(account, identity))


def _album(root: Json) -> tuple[str, tuple[Post, ...]]:
    """One row may come bare, without its list (guard 15)."""
    told = root.must("getalbum_resp")
    listed = told.at("article_list")
    rows = (listed,) if isinstance(listed.value, dict) else listed.rows() if told.tells("article_list") else ()
    return told.at("base_info", "nickname").text(), tuple(_post(row, "url", "create_time") for row in rows)


def _homepage(root: Json) -> tuple[str, tuple[Post, ...]]:
    return "", tuple(_post(row, "link", "sendtime") for row in root.at("appmsg_list").rows())


def _post(row: Json, link: str, stamp: str) -> Post:
    url = row.must(link).text().replace("&amp;", "&")
    mid = str(row.at("msgid").number()) if row.tells("msgid") else query(url, "mid")
    idx = str(row.at("itemidx").number()) if row.tells("itemidx") else query(url, "idx")
    return Post(id=f"{mid}_{idx}" if mid and idx else url, at=row.at(stamp).instant(), title=row.at("title").text(), url=url)


def _biz(items: tuple[Post, ...]) -> dict[str, str]:
    """The `__biz` of the rows; rows of several accounts make the list nobody's."""
    found = sorted({biz for post in items if (biz := ids_in(post.url).get("biz"))})
    if len(found) > 1:
        raise Unread(Outcome.FOREIGN_ROWS, f"列表含别的账号的文章(__biz {found[0]}、{found[1]})")
    return {"biz": found[0]} if found else {}
