"""One article page: whose, when, and what it shows of comments and commerce (formats/weixin.md §3.2, guards 1–7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adapters.weixin import dom, footers, status
from adapters.weixin.answers import refuse
from adapters.weixin.ids import biz_number, claims, disagreement, ids_in, is_biz, remarks
from adapters.weixin.script import Js, assigned, plain, record
from tracker.adapter import Unread, attempt, blind, unseen
from tracker.clock import SHANGHAI, from_unix
from tracker.model import (
    Account,
    Aspect,
    Bio,
    CommentPolicy,
    CommentState,
    Exchange,
    Found,
    Identity,
    Observation,
    Outcome,
    Post,
    Posts,
    Seen,
    Unseen,
    Verification,
)
from tracker.text import clip, squeeze

_TIME = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?")
_EARLIEST = 1343750400
"""2012-08-01 in Shanghai, the month in which the platform opened: nothing can be older."""
_AHEAD = timedelta(minutes=10)
_REPRINT = "2"
"""`copyright_stat` of a page that declares itself a reprint (R)."""
_TEXT = 2000
"""Characters of an article's text that are kept."""
ASPECTS = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.FOOTERS, Aspect.BIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article page's raw material: the document, its tree and the object `cgiDataNew` (empty in the 2018 template)."""

    body: bytes
    tree: dom.Tree
    data: Mapping[str, Js] = field(default_factory=dict)

    def value(self, key: str, var: str = "") -> str | None:
        """A top-level text of `cgiDataNew`, else what `var <var>` gives; None where neither is there."""
        told = self.data.get(key)
        return told if isinstance(told, str) else assigned(self.body, var or key)

    def text(self, key: str, var: str = "") -> str:
        """The same as display text, "" where it is not there."""
        return plain(self.value(key, var) or "")


def read(account: Account | None, exchange: Exchange) -> Observation:
    """What an article page says of its account. Never raises; an unknown page is `drift`."""
    try:
        return _read(account, exchange)
    except Unread as error:
        return unread(account, exchange, unseen(error, "文章页"))


def shown(exchange: Exchange) -> tuple[Identity, str]:
    """Whose article a page is, and its title. Raises Unread where it shows none."""
    page = _page(exchange)
    return _identity(page), page.text("title", "msg_title")


def transfer(exchange: Exchange) -> str:
    """Where the page of a migrated account leads, "" for every other page (§6: one follow)."""
    if exchange.status != 200 or b"transferTargetLink" not in exchange.body:
        return ""
    try:
        moved = not _is_article(dom.parse(exchange.body))
    except Unread:
        return ""
    return status.transfer_target(exchange.body) if moved else ""


def _read(account: Account | None, exchange: Exchange) -> Observation:
    page = _page(exchange)
    identity = _identity(page)
    wrong = disagreement(account, identity)
    if wrong:
        return blind(ASPECTS, Unseen(outcome=Outcome.INCONSISTENT, detail=wrong))
    posts = _posts(page, identity, exchange)
    return Observation(
        outcome=posts.outcome,
        detail=posts.detail if isinstance(posts, Unseen) else "",
        aspects={
            Aspect.EXISTENCE: Seen(value=identity),
            Aspect.VERIFICATION: _verification(page),
            Aspect.POSTS: posts,
            Aspect.COMMENT_POLICY: _comments(page),
            Aspect.FOOTERS: Seen(value=_footers(page, exchange.url)),
            Aspect.BIO: _bio(page),
        },
        notes=(*remarks(account, identity), *_notes(page)),
    )


def _page(exchange: Exchange) -> Page:
    """The page's parts, in the order of guard 5: address, message page, article. Raises Unread where there is no article."""
    refuse(exchange)
    tree = dom.parse(exchange.body)
    if not _is_article(tree):
        raise status.verdict(tree, exchange.body)
    try:
        data = record(exchange.body, "window.cgiDataNew")
    except Unread:
        raise _whole(exchange.body) from None
    page = Page(body=exchange.body, tree=tree, data=data or {})
    if not page.value("user_name"):
        raise _whole(exchange.body)
    return page


def _is_article(tree: dom.Tree) -> bool:
    return dom.by_id(tree, "js_article", "js_content") is not None


def _whole(body: bytes) -> Unread:
    """An article without readable data: cut off on the way, or a template that we do not know."""
    if b"</html" not in body[-4096:].lower():
        return Unread(Outcome.TRANSPORT, "文章页传输不完整,数据部分缺失")
    return Unread(Outcome.DRIFT, "文章页没有可读的数据(cgiDataNew、user_name),版式可能已变")


def _identity(page: Page) -> Identity:
    """The account of the page; `source_*` names the account a reprint came from and is never read here (guard 3)."""
    user_name, biz, alias = (page.value(*keys) or "" for keys in (("user_name",), ("bizuin", "biz"), ("alias",)))
    if not user_name.startswith("gh_"):
        raise Unread(Outcome.DRIFT, "文章页 user_name 不是 gh_ 开头的原始ID,版式可能已变")
    ids = {"user_name": user_name, "biz": biz if is_biz(biz) else "", "alias": alias}
    return Identity(ids={kind: value for kind, value in ids.items() if value}, name=page.text("nick_name", "nickname"))


def _verification(page: Page) -> Seen | Unseen:
    """`verify_status`: '2' verified organisations, '0' individuals; '1' was never explained (§9)."""
    told = page.value("verify_status")
    if told is None:
        given = re.search(rb"window\.cgiData\.verify_status\s*=\s*[\"'](\d)[\"']", page.body)
        told = given[1].decode() if given else None
    if told in ("0", "2"):
        return Seen(value=Verification(verified=told == "2", kind=told))
    if told:
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail=f"页面认证代码 {told[:8]} 含义不明")
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="页面没有认证信息")


def _posts(page: Page, identity: Identity, exchange: Exchange) -> Seen | Unseen:
    """The one article; `complete_since` None, as a fresh article proves fresh and an old one nothing (guard 7)."""
    at = attempt("文章页", _published, page)
    if isinstance(at, Unseen):
        return at
    if at > exchange.at + _AHEAD:
        return Unseen(outcome=Outcome.DRIFT, detail=f"发布时间 {at:%Y-%m-%d %H:%M} 晚于采集时间")
    mid, idx = page.value("mid") or "", page.value("idx") or ""
    post = Post(
        id=f"{mid}_{idx}" if mid and idx else exchange.url,
        at=at,
        title=page.text("title", "msg_title"),
        text=clip(_text(page), _TEXT),
        url=page.text("link", "msg_link") or exchange.url,
        repost=_reprinted(page, identity),
        comments_open=True if page.value("comment_enabled") == "1" else None,
    )
    return Seen(value=Posts(items=(post,), as_of=exchange.at))


def _text(page: Page) -> str:
    """The article's words on one line; pages of pictures or of plain text carry them in their data."""
    content = dom.by_id(page.tree, "js_content")
    told = page.data.get("content_noencode") or page.data.get("desc")
    return (dom.text_of(content) if content is not None else "") or squeeze(plain(told) if isinstance(told, str) else "")


def _reprinted(page: Page, own: Identity) -> bool:
    """Whether the page says that it is a reprint, of another account than its own; a source alone is no such word."""
    source, number = page.value("source_username") or "", page.value("source_biz") or ""
    named = bool(source or number)
    itself = source == own.ids.get("user_name") or (not source and number == biz_number(own.ids.get("biz", "")))
    return page.value("copyright_stat") == _REPRINT and named and not itself


def _published(page: Page) -> datetime:
    """The publishing time; the two forms that a page tells have to agree as far as the coarser goes (guard 4)."""
    stamps = (page.value(key) for key in ("create_timestamp", "ori_create_time", "ct"))
    stamp = next((int(s) for s in stamps if s and re.fullmatch(r"[0-9]{1,11}", s) and int(s)), None)
    told = page.data.get("create_time")
    text = told if isinstance(told, str) else page.value("publish_time")
    if text and not _TIME.fullmatch(text):
        raise Unread(Outcome.DRIFT, f"发布时间“{text[:30]}”写法未见过")
    if stamp is None:
        return _from_text(text)
    at = from_unix(stamp)
    if stamp < _EARLIEST or (text and not f"{at:%Y-%m-%d %H:%M:%S}".startswith(text)):
        raise Unread(Outcome.DRIFT, f"发布时间“{text or ''}”与时间戳 {stamp} 不一致")
    return at


def _from_text(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Unread(Outcome.DRIFT, "文章页没有可读的发布时间") from None


def _comments(page: Page) -> Seen | Unseen:
    """Comment signs of an anonymous view: a thread is weak evidence of open, its absence none of closed (guard 17)."""
    if page.value("comment_enabled") == "1":
        return Seen(value=CommentPolicy(state=CommentState.OPEN, seen=1, of=1, why="comment_enabled 为 1"))
    if (page.value("comment_id") or "0") != "0":
        policy = CommentPolicy(state=CommentState.OPEN, seen=1, of=1, why="文章已分配留言区(comment_id 非零,弱证据)")
        return Seen(value=policy, outcome=Outcome.PARTIAL)
    return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="未登录的文章页看不到留言设置")


def _footers(page: Page, url: str) -> Found:
    kind = page.value("item_show_type") or ""
    return footers.search(dom.by_id(page.tree, "js_content"), page.data, kind, url)


def _bio(page: Page) -> Seen | Unseen:
    told = page.value("signature", "profile_signature")
    if told is not None:
        return Seen(value=Bio(text=plain(told)))
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="页面没有简介")


def _notes(page: Page) -> tuple[str, ...]:
    if page.value("open_fansmsg") == "1" and (page.value("comment_id") or "0") == "0":
        return ("文章以私信代替留言(open_fansmsg 为 1),可作互动渠道的弱证据",)
    return ()


def unread(account: Account | None, exchange: Exchange, why: Unseen) -> Observation:
    """The observation of a page without article. Claims name whom they are about: the link's `__biz`, or the page's notice."""
    url_ids = ids_in(exchange.url) if claims(exchange.url) else {}
    about = Identity(ids=url_ids, name=account.name if account and not url_ids else "")
    wrong = disagreement(account, about) if url_ids and account and "biz" in account.ids else ""
    if wrong:
        return blind(ASPECTS, Unseen(outcome=Outcome.INCONSISTENT, detail=wrong))
    if why.outcome is Outcome.GONE:
        return _gone(account, url_ids, why, status.closing(exchange.body))
    if why.outcome is Outcome.ITEM_GONE:
        return _item_gone(account, exchange, why)
    return blind(ASPECTS, why)


def _gone(account: Account | None, url_ids: Mapping[str, str], why: Unseen, words: str) -> Observation:
    asked = account.ids if account else url_ids
    existence = Seen(value=Identity(ids=dict(asked), name="", closed=words), outcome=Outcome.GONE)
    said = blind(ASPECTS, why)
    notes = () if url_ids else ("提示页不含账号标识,按所开链接归属",)
    return replace(said, aspects={**said.aspects, Aspect.EXISTENCE: existence}, notes=notes)


def _item_gone(account: Account | None, exchange: Exchange, why: Unseen) -> Observation:
    named, reason = status.named(exchange.body), status.violation_reason(exchange.body)
    wrong = disagreement(account, named) if named else ""
    if wrong:
        return blind(ASPECTS, Unseen(outcome=Outcome.INCONSISTENT, detail=wrong))
    said = blind(ASPECTS, why)
    existence = {Aspect.EXISTENCE: Seen(value=named, outcome=Outcome.ITEM_GONE)} if named else {}
    return replace(said, aspects={**said.aspects, **existence}, notes=(f"平台所示原因:{reason}",) if reason else ())
