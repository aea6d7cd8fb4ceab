"""A feed that the operator supplies: RSS, Atom or JSON Feed (formats/weixin.md §2, §3.3, guard 8). It proves "updated" only."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import feedparser
from lxml import etree

from adapters.weixin.answers import refuse
from tracker.adapter import Unread, blind, unseen
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Identity, Observation, Outcome, Post, Posts, Seen
from tracker.payload import Json, Surprise, json_of
from tracker.text import key

ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS)
_LARGEST = 8_000_000
_FEEDPARSER_FAILS = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""What the library lets through on well-formed feeds with odd elements (a `textInput` outside a channel: KeyError)."""
_TOKEN = re.compile(r"/s/([\w-]{10,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry and who wrote it, "" where the feed does not say."""

    post: Post
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's name, its author, its own refresh time, its entries."""

    title: str
    author: str
    refreshed: datetime | None
    rows: tuple[Row, ...]


def read(account: Account | None, exchange: Exchange) -> Observation:
    """Posts of the account in the feed, `partial`; never raises."""
    try:
        return _read(account, exchange)
    except Surprise as error:
        return blind(ASPECTS, unseen(error, "订阅源"))


def _read(account: Account | None, exchange: Exchange) -> Observation:
    refuse(exchange)
    feed = _parse(exchange.body)
    name, rows = _own(account, feed)
    if not rows:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "订阅源没有条目,不能据此判定账号没有发文")
    items = tuple(sorted((row.post for row in rows), key=lambda post: post.at, reverse=True))
    if items[0].at > exchange.at:
        raise Unread(Outcome.DRIFT, f"订阅源条目时间 {items[0].at:%Y-%m-%d %H:%M} 晚于采集时间")
    as_of = min(exchange.at, max(feed.refreshed or exchange.at, items[0].at))
    posts = Seen(value=Posts(items=items, as_of=as_of), outcome=Outcome.PARTIAL)
    identity = Identity(ids={}, name=name)
    note = (f"订阅源另有 {len(feed.rows) - len(rows)} 条属别的账号,未计入",) if len(rows) < len(feed.rows) else ()
    return Observation(
        outcome=Outcome.PARTIAL,
        aspects={Aspect.EXISTENCE: Seen(value=identity), Aspect.POSTS: posts},
        detail="订阅源只能证明已更新,不能证明停更",
        notes=note,
    )


def _own(account: Account | None, feed: Feed) -> tuple[str, tuple[Row, ...]]:
    """The account's rows: by author where rows name one, else the feed's author or title has to be the account's name."""
    authors = {key(row.author) for row in feed.rows if row.author}
    if account is None:
        if len(authors) > 1:
            raise Unread(Outcome.FOREIGN_ROWS, "订阅源混有多个账号的文章")
        return next((row.author for row in feed.rows if row.author), feed.author or feed.title), feed.rows
    if authors:
        own = tuple(row for row in feed.rows if key(row.author) == key(account.name))
        if not own:
            raise Unread(Outcome.FOREIGN_ROWS, f"订阅源没有“{account.name}”的文章,只有别的账号")
        return account.name, own
    if key(account.name) not in (key(feed.author), key(feed.title)):
        raise Unread(Outcome.INCONSISTENT, f"订阅源名为“{feed.title or feed.author}”,与台账名称“{account.name}”不符")
    return account.name, feed.rows


def _parse(body: bytes) -> Feed:
    """JSON Feed by its brace (a feed parser gives it no entries), all else as XML."""
    if len(body) > _LARGEST:
        raise Unread(Outcome.DRIFT, "订阅源超过 8 MB")
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    return _json(text) if text[:1] == b"{" else _xml(text)


def _json(body: bytes) -> Feed:
    try:
        root = json_of(body)
    except Surprise:
        raise Unread(Outcome.TRANSPORT, "订阅源的 JSON 不完整") from None
    rows = tuple(_json_row(row) for row in root.at("items").rows())
    return Feed(title=root.at("title").text(), author=_json_author(root), refreshed=None, rows=rows)


def _json_row(row: Json) -> Row:
    told = next((row.at(name) for name in ("date_published", "date_modified") if row.tells(name)), None)
    if told is None:
        raise row.surprise("带“date_published”或“date_modified”的条目")
    post = _post(row.at("url").text() or row.must("id").text(), told.text(), row.at("title").text())
    return Row(post=post, author=_json_author(row))


def _json_author(node: Json) -> str:
    return node.at("author", "name").text()


def _xml(body: bytes) -> Feed:
    """RSS and Atom. Only well-formed XML without entity definitions is given to feedparser, which guesses at anything else."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.LxmlError, ValueError):
        raise Unread(Outcome.TRANSPORT, "订阅源不是完整的 XML") from None
    if root.getroottree().docinfo.internalDTD is not None or etree.QName(root).localname not in ("rss", "feed", "RDF"):
        raise Unread(Outcome.DRIFT, "订阅源既不是 RSS,也不是 Atom 或 JSON Feed")
    told = _parsed(body)
    rows = tuple(_xml_row(entry) for entry in told.entries)
    named = told.feed.get("updated") or told.feed.get("published") or ""
    return Feed(
        title=str(told.feed.get("title", "")),
        author=str(told.feed.get("author", "")),
        refreshed=_instant(str(named)) if named else None,
        rows=rows,
    )


def _parsed(body: bytes) -> feedparser.FeedParserDict:
    """feedparser's reading. The bytes go in as a stream: a bare text would be taken for an address or a file name."""
    try:
        return feedparser.parse(io.BytesIO(body))
    except _FEEDPARSER_FAILS:
        raise Unread(Outcome.DRIFT, "订阅源的元素用法未见过,解析库不能读") from None


def _xml_row(entry: feedparser.FeedParserDict) -> Row:
    when = str(entry.get("published") or entry.get("updated") or "")
    post = _post(str(entry.get("link") or entry.get("id") or ""), when, str(entry.get("title", "")))
    return Row(post=post, author=str(entry.get("author", "")))


def _post(url: str, when: str, title: str) -> Post:
    token = _TOKEN.search(url)
    return Post(id=token[1] if token else url, at=_instant(when), title=title, url=url)


def _instant(text: str) -> datetime:
    """An entry's time; some RSS dates lack a zone and are local (§3.3)."""
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = reader(text.strip())
            return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise Unread(Outcome.DRIFT, f"订阅源条目时间“{text[:40]}”写法未见过")
