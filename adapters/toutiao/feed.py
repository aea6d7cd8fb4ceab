"""The page's own list: the account's items, and how far silence is proven (formats/toutiao.md §4 guards 1–10, 14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.toutiao.answers import envelope, login_asked
from adapters.toutiao.home import Profile
from adapters.toutiao.ids import own_ids
from adapters.toutiao.rows import Row, owner_of, read_row
from tracker.adapter import Unread, attempt
from tracker.clock import from_unix
from tracker.model import Exchange, Outcome, Post, Posts, Seen, Unseen
from tracker.payload import Json, argument
from tracker.text import key

NO_FEED = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到内容列表")
ALL = "profile_all"
_AHEAD = timedelta(minutes=10)
_APART = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One believed feed answer with the account's own rows, in the order of the page."""

    rows: tuple[Row, ...]
    others: int
    more: bool
    first: bool
    """The beginning of the list with everything in it (`profile_all`, `max_behot_time` 0), guard 8."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All believed feed answers of one visit, or the reason why there are none."""

    posts: Seen | Unseen
    rows: tuple[Row, ...] = ()
    whole: bool = False
    notes: tuple[str, ...] = ()


def find(exchanges: Sequence[Exchange], wanted: Mapping[str, str], name: str, profile: Profile | None) -> Listing:
    """The account's items from every feed answer of the visit."""
    answers = [attempt("内容列表", read_page, one, wanted, name) for one in exchanges if one.page == "feed"]
    pages = [one for one in answers if isinstance(one, Page)]
    if not pages:
        refusals = [one for one in answers if isinstance(one, Unseen)]
        return Listing(posts=refusals[-1] if refusals else NO_FEED)
    return _listing(pages, profile)


def read_page(exchange: Exchange, wanted: Mapping[str, str], name: str) -> Page:
    """One answer under guard 1; `wanted` ids, or the name where no number is known, tell own rows from others'.

    Raises Unread, or Surprise on any other form.
    """
    body = envelope(exchange)
    token = argument(exchange.url, "token")
    if token and wanted.get("token") not in (None, token):
        raise Unread(Outcome.INCONSISTENT, "内容列表属于别的账号")
    _believe(body)
    cells = body.at("data").rows()
    mine = _mine(cells, wanted, name)
    if cells and not mine:
        raise Unread(Outcome.FOREIGN_ROWS, "列表里没有本账号的内容")
    start = argument(exchange.url, "max_behot_time")
    return Page(
        rows=tuple(read_row(cell) for cell in mine),
        others=len(cells) - len(mine),
        more=bool(body.at("has_more").flag()),
        first=argument(exchange.url, "category") == ALL and start in ("", "0"),
        at=exchange.at,
    )


def _believe(body: Json) -> None:
    """Guards 1 and 7: an envelope that lacks a part says nothing."""
    message = body.at("message").words()
    if message != "success":
        if login_asked(message):
            raise Unread(Outcome.LOGIN_WALL, "需要登录态")
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "平台没有说明列表是否成功")
    complete = isinstance(body.at("data").value, list) and isinstance(body.at("next").value, dict)
    if not complete or body.at("has_more").flag() is None:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表应答不完整，不等于没有内容")


def _mine(cells: Sequence[Json], wanted: Mapping[str, str], name: str) -> list[Json]:
    """Own cells (guard 2): by number, else by name, else, for a list that nobody asked for by name, its one author's."""
    known = own_ids(wanted)
    owners = [(cell, owner_of(cell)) for cell in cells]
    if known:
        return [cell for cell, owner in owners if known & owner.numbers]
    if name:
        return [cell for cell, owner in owners if owner.name and key(owner.name) == key(name)]
    common = frozenset.intersection(*(owner.numbers for _, owner in owners)) if owners else frozenset()
    return list(cells) if common else []


def _listing(pages: Sequence[Page], profile: Profile | None) -> Listing:
    rows = list({row.id: row for page in reversed(pages) for row in page.rows}.values())
    limit = min(page.at for page in pages)
    dated = [(row, row.at) for row in rows if row.at is not None and row.at <= limit + _AHEAD]
    notes = _notes(rows, limit)
    first = next((page for page in pages if page.first), None)
    if not dated:
        return Listing(posts=_empty(pages, rows, first, profile), notes=notes)
    posts = tuple(sorted((_post(row, at) for row, at in dated), key=lambda post: post.at, reverse=True))
    sound = first is not None and len(dated) == len(rows)
    since = _complete_since(first, posts[0].at) if first and sound else None
    value = Posts(items=posts, as_of=limit, complete_since=since)
    return Listing(
        posts=Seen(value=value, outcome=Outcome.OK if since else Outcome.PARTIAL),
        rows=tuple(row for row, _ in dated),
        whole=since is not None and first is not None and not first.more,
        notes=notes,
    )


def _complete_since(page: Page, latest: datetime) -> datetime | None:
    """The oldest not pinned row's place in the list, which is sorted by `behot_time`; None = silence is not proven.

    What the page leaves out has an older `behot_time`, and nothing is published after its `behot_time`. Where that
    bound lies after the newest date seen, the newest date is not known.
    """
    rows = [row for row in page.rows if not row.pinned]
    placed = [row.behot or row.at for row in rows]
    order = [one for one in placed if one is not None]
    by_date = [row.at for row in rows if row.at is not None]
    if order != sorted(order, reverse=True) and by_date != sorted(by_date, reverse=True):
        return None
    if not page.more:
        return min((row.at for row in page.rows if row.at), default=None)
    oldest = max(min(order), min(by_date)) if order and by_date else None
    return oldest if oldest and oldest <= latest else None


def _post(row: Row, at: datetime) -> Post:
    return Post(
        id=row.id,
        at=at,
        title=row.title,
        text=row.text,
        url=row.url,
        pinned=row.pinned,
        repost=row.repost,
        comments=row.comments,
        comments_open=row.comments_open,
    )


def _notes(rows: Sequence[Row], limit: datetime) -> tuple[str, ...]:
    """Guards 5 and 14: what was left out or looks odd is reported."""
    undated = sum(row.at is None for row in rows)
    future = sum(row.at is not None and row.at > limit + _AHEAD for row in rows)
    odd = sum(row.at is not None and row.numbered is not None and abs(row.at - row.numbered) > _APART for row in rows)
    told = (
        (undated, f"{undated} 条内容没有发布时间，未计入"),
        (future, f"{future} 条内容的发布时间在采集之后，未计入"),
        (odd, f"{odd} 条内容的发布时间与编号相差超过两天，请核对"),
    )
    return tuple(words for count, words in told if count)


def _empty(pages: Sequence[Page], rows: Sequence[Row], first: Page | None, profile: Profile | None) -> Seen | Unseen:
    """Guard 6: never posted is claimed only by an empty, finished, whole list beside a parsed profile."""
    proven = first is not None and not rows and not any(page.more or page.others for page in pages)
    if not proven or profile is None:
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="内容列表为空，但不足以证明从未发布")
    as_of = min(page.at for page in pages)
    return Seen(value=Posts(items=(), as_of=as_of, complete_since=from_unix(0)), outcome=Outcome.EMPTY)
