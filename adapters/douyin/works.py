"""The works list: newest own public works and how far silence is proven (formats/douyin.md §4 guards 1–10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from adapters.douyin.answers import LOGIN_TIP_TEXT, envelope
from adapters.douyin.ids import agree
from adapters.douyin.profile import Profile, verification
from tracker.adapter import Unread, attempt
from tracker.clock import from_unix
from tracker.model import Exchange, Identity, Outcome, Post, Posts, Seen, Unseen, Verification
from tracker.payload import Json, argument, visible
from tracker.text import clip, key, squeeze

NO_LIST = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到作品列表")
BEGINNING = from_unix(0)
_TEXT = 2000
"""Characters of a work's words that are kept."""
_EARLY = timedelta(hours=1)
_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One row of a works list (or the one work of a detail answer), with its author."""

    post: Post
    author: Identity
    author_verification: Verification | None = None
    hidden: bool = False
    """Deleted, prohibited, in review or private: not published (guard 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One believed works answer. `start` and `cursor` are its place in the list, in the platform's own milliseconds."""

    works: tuple[Work, ...]
    more: bool
    tip: bool
    start: str
    cursor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All believed pages of one visit, or the reason why there are none; `notes` for the verdict card."""

    posts: Seen | Unseen
    works: tuple[Work, ...] = ()
    whole: bool = False
    notes: tuple[str, ...] = field(default=())


def find(exchanges: Sequence[Exchange], wanted: Mapping[str, str], name: str, profile: Profile | None) -> Listing:
    """The works of the account asked for, from every works answer of the visit."""
    answers = [attempt("作品列表", read_page, one, wanted, name) for one in exchanges if one.page == "works"]
    pages = [one for one in answers if isinstance(one, Page)]
    if not pages:
        return Listing(posts=next((one for one in answers if isinstance(one, Unseen)), NO_LIST))
    logged_out = any(LOGIN_TIP_TEXT in visible(one.body) for one in exchanges if one.page == "home")
    return _listing(pages, profile, tip=logged_out or any(page.tip for page in pages))


def read_page(exchange: Exchange, wanted: Mapping[str, str], name: str) -> Page:
    """One answer under guard 1; every row has to be the account's own. Raises Unread, or Surprise on any other form."""
    body = envelope(exchange)
    target = argument(exchange.url, "sec_user_id")
    if target and wanted.get("sec_uid") not in (None, target):
        raise Unread(Outcome.FOREIGN_ROWS, "作品列表属于别的账号")
    if body.has("aweme_list") and body.at("aweme_list").value is None:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "作品列表为 null，不等于没有作品")
    more = body.at("has_more").flag()
    if more is None:
        raise body.at("has_more").surprise("0 或 1")
    cursor = body.at("max_cursor").number()
    works = tuple(read_work(row, exchange.at) for row in body.at("aweme_list").rows())
    authors = {work.author.ids["sec_uid"] for work in works}
    if len(authors) > 1 or any(not _own(work.author, wanted, name) for work in works):
        raise Unread(Outcome.FOREIGN_ROWS, "作品列表含别的账号")
    tip = bool(body.at("not_login_module", "guide_login_tip_exist").flag())
    start = argument(exchange.url, "max_cursor")
    return Page(works=works, more=more, tip=tip, start=start, cursor=str(cursor), at=exchange.at)


def _own(author: Identity, wanted: Mapping[str, str], name: str) -> bool:
    matched = agree(wanted, author.ids)
    return matched if matched is not None else not name or key(author.name) == key(name)


def read_work(row: Json, at: datetime) -> Work:
    """One work. Raises Surprise on any other form, and on a time before the id's own or after `at` (guard 8)."""
    identifier = str(row.at("aweme_id").number())
    created = row.at("create_time").number()
    try:
        published, numbered = from_unix(created), from_unix(int(identifier) >> 32)
    except (OverflowError, ValueError, OSError) as error:
        raise row.at("create_time").surprise("发布时间（秒）") from error
    if published < numbered - _EARLY or published > at + _AHEAD:
        raise row.at("create_time").surprise("不早于作品编号、不晚于采集时刻的时间")
    author = row.at("author")
    return Work(
        post=_post(row, identifier, published),
        author=Identity(ids=_author_ids(author), name=author.at("nickname").words()),
        author_verification=verification(author),
        hidden=_hidden(row.at("status")),
    )


def _post(row: Json, identifier: str, published: datetime) -> Post:
    note = row.at("aweme_type").count() == 68 or bool(row.at("images").value)
    said = squeeze(row.at("desc").words())
    pinned = row.at("is_top").flag() or row.at("is_top_video").flag()
    return Post(
        id=identifier,
        at=published,
        title=clip(said, 120),
        text=clip(said, _TEXT),
        url=f"https://www.douyin.com/{'note' if note else 'video'}/{identifier}",
        pinned=bool(pinned),
        comments=row.at("statistics", "comment_count").count(),
        comments_open=_comments_open(row),
    )


def _author_ids(author: Json) -> dict[str, str]:
    ids = {kind: author.at(kind).words() for kind in ("sec_uid", "uid")}
    if not ids["sec_uid"]:
        raise author.at("sec_uid").surprise("作者的 sec_uid")
    return {kind: value for kind, value in ids.items() if value}


def _comments_open(row: Json) -> bool | None:
    """An explicit false is closed, a missing flag is unknown; no comments is not closed (guard 9)."""
    told = [row.at(place, "can_comment").flag() for place in ("aweme_control", "comment_permission_info")]
    if False in told:
        return False
    return True if True in told else None


def _hidden(status: Json) -> bool:
    flags = ("is_delete", "is_prohibited", "in_reviewing")
    return any(status.at(name).flag() for name in flags) or bool(status.at("private_status").count())


def _listing(pages: Sequence[Page], profile: Profile | None, *, tip: bool) -> Listing:
    rows = [work for page in pages for work in page.works]
    works = _distinct(rows)
    hidden = sum(work.hidden for work in works)
    shown = tuple(work for work in works if not work.hidden)
    notes = (f"{hidden} 条作品已删除、审核中或未公开，未计入更新",) if hidden else ()
    as_of = min(page.at for page in pages)
    whole = not pages[-1].more and not tip and unbroken(pages)
    if not shown:
        return Listing(posts=_empty(rows, as_of, profile, tip=tip, whole=whole), notes=notes)
    since = None if tip else complete_since(pages)
    posts = Posts(items=tuple(work.post for work in shown), as_of=as_of, complete_since=since)
    outcome = Outcome.OK if since else Outcome.PARTIAL
    return Listing(posts=Seen(value=posts, outcome=outcome), works=shown, whole=whole, notes=notes)


def _distinct(rows: Sequence[Work]) -> tuple[Work, ...]:
    """Newest first; a pinned work may stand again in its place (guard 2)."""
    once: dict[str, Work] = {}
    for work in rows:
        once.setdefault(work.post.id, work)
    return tuple(sorted(once.values(), key=lambda work: work.post.at, reverse=True))


def unbroken(pages: Sequence[Page]) -> bool:
    """Whether the pages start at the top and each follows the one before."""
    distinct = list({page.start: page for page in pages}.values())
    top = distinct[0].start in ("", "0")
    return top and all(after.start == before.cursor for before, after in pairwise(distinct))


def complete_since(pages: Sequence[Page]) -> datetime | None:
    """The oldest not pinned row of an unbroken newest-first list; None = the list proves nothing about silence."""
    times = [work.post.at for page in pages for work in page.works if not work.post.pinned]
    if not unbroken(pages) or times != sorted(times, reverse=True):
        return None
    if not pages[-1].more:
        times = [work.post.at for page in pages for work in page.works]
    return min(times, default=None)


def _empty(rows: Sequence[Work], as_of: datetime, profile: Profile | None, *, tip: bool, whole: bool) -> Seen | Unseen:
    """Guard 4: never posted is claimed only by an empty whole list beside a profile that states zero works."""
    if tip:
        return Unseen(outcome=Outcome.PARTIAL, detail="未登录，平台没有给出作品")
    if rows or not whole or profile is None or profile.works != 0:
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="作品列表为空，但不足以证明从未发布")
    return Seen(value=Posts(items=(), as_of=as_of, complete_since=BEGINNING), outcome=Outcome.EMPTY)
