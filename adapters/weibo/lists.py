"""Post lists: what the pages of one visit prove of posts and likes (formats/weibo.md §3, guards 2 to 10, 13, 23)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from adapters.weibo.answers import envelope
from adapters.weibo.fields import Table, child, code, drift, flag, rows, table, token, words
from adapters.weibo.ids import owner_of
from adapters.weibo.rows import Row, check_date, like_of, row_of
from tracker.adapter import Unread, unseen
from tracker.clock import start_of
from tracker.model import Exchange, Likes, Outcome, Posts, Seen, Unseen, Visit
from tracker.payload import argument

HALF_YEAR = "仅展示半年内"
NO_LIKES = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="列表没有赞过的微博,点赞需人工查看")
_SAME_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of a list. `owner` is the uid in its address, `since` its address' since_id, `tip` a restriction in words."""

    rows: tuple[Row, ...]
    at: datetime
    number: int = 1
    owner: str = ""
    since: str = ""
    since_id: str = ""
    tip: str = ""
    mobile: bool = False

    @property
    def ended(self) -> bool:
        """Whether the platform says that nothing follows."""
        return self.since_id == "-1" or (self.number > 1 and not self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What all list pages say together. `public` are own public rows, newest first; `own` one own row, for the name."""

    posts: Seen | Unseen
    likes: Seen | Unseen
    public: tuple[Row, ...] = ()
    own: Row | None = None
    notes: tuple[str, ...] = ()


def mymblog(exchange: Exchange) -> ListPage:
    """A page of /ajax/statuses/mymblog. Raises Unread."""
    data = _data(envelope(exchange))
    found = _given(data, "list", "data.list")
    tip = words(data.get("bottom_tips_text"))
    hidden = flag(data.get("bottom_tips_visible")) or HALF_YEAR in tip or code(data.get("status_visible")) == 1
    return ListPage(
        rows=tuple(row_of(row, f"data.list[{n}]", exchange.at) for n, row in enumerate(found)),
        at=exchange.at,
        number=code(argument(exchange.url, "page")) or 1,
        owner=owner_of(exchange.url),
        since=argument(exchange.url, "since_id"),
        since_id=token(data.get("since_id")),
        tip=(tip or "博主限制了可见的微博") if hidden else "",
    )


def getindex(exchange: Exchange) -> ListPage:
    """A page of m.weibo.cn getIndex 107603…; cards of type 9 are posts, 11 groups of cards, the rest are none. Raises Unread."""
    data = _data(envelope(exchange))
    cards = _given(data, "cards", "data.cards")
    found = list(_posts(cards))
    info = child(data, "cardlistInfo")
    if not found:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表为空,不能说明账号无更新")
    tips = [words(text) for card in cards if isinstance(card, dict) for text in card.values() if HALF_YEAR in words(text)]
    return ListPage(
        rows=tuple(row_of(card["mblog"], path, exchange.at, card=card) for path, card in found),
        at=exchange.at,
        number=code(argument(exchange.url, "page")) or 1,
        owner=owner_of(exchange.url) or words(info.get("containerid")).removeprefix("107603"),
        since=argument(exchange.url, "since_id"),
        since_id=token(info.get("since_id")),
        tip=tips[0] if tips else "",
        mobile=True,
    )


def likelist(exchange: Exchange) -> tuple[Row, ...]:
    """Rows of /ajax/statuses/likelist: posts of others, deleted ones without an author. Raises Unread."""
    found = _given(_data(envelope(exchange)), "list", "data.list")
    return tuple(row_of(row, f"data.list[{n}]", exchange.at) for n, row in enumerate(found))


def liked(found: Iterable[Row], owner: str) -> Seen | Unseen:
    """The likes in some rows; never all of them."""
    items = tuple(like_of(row) for row in found if row.user and row.user != owner)
    return Seen(value=Likes(items=items)) if items else NO_LIKES


def listing(pages: Sequence[ListPage], owner: str, statuses: int | None, visit: Visit) -> Listing:
    """Posts and likes of `owner` in the list pages of one visit (at least one). `statuses` is the profile's count of posts."""
    every = _once(pages)
    tip = next((page.tip for page in pages if page.tip), "")
    if not every:
        return Listing(posts=_nothing(pages, tip, statuses, visit), likes=NO_LIKES)
    own = [row for row in every if row.user == owner and not row.liked and not row.ad]
    foreign = [row for row in every if row.user != owner and not row.liked and not row.ad]
    if not own:
        unseen = _not_own(foreign, tip)
        return Listing(posts=unseen, likes=Unseen(outcome=unseen.outcome, detail=unseen.detail))
    likes: Seen | Unseen = liked((row for row in every if row.liked), owner)
    if foreign:
        likes = Unseen(outcome=Outcome.FOREIGN_ROWS, detail="列表含别的账号,赞过的微博不可信")
    public = tuple(sorted((row for row in own if row.public), key=lambda row: row.post.at, reverse=True))
    return Listing(
        posts=_dated(pages, own, public, foreign, tip, statuses),
        likes=likes,
        public=public,
        own=own[0],
        notes=_remarks(own, public, foreign),
    )


def all_old(pages: Sequence[ListPage], owner: str, visit: Visit) -> bool:
    """Whether every own public row is pinned or older than the window: then page 2 has to be read (guard 5)."""
    own = [row for page in pages for row in page.rows if row.user == owner and not row.liked and row.public]
    since = start_of(visit.window.since)
    return bool(own) and all(row.post.pinned or row.post.at < since for row in own)


def _data(answer: Table) -> Table:
    if "data" in answer and answer["data"] is None:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "接口返回空值,不能说明账号无更新")
    return table(answer.get("data"), "data")


def _given(data: Table, key: str, path: str) -> list[object]:
    if key in data and data[key] is None:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表为空值,不能说明账号无更新")
    return rows(data.get(key), path)


def _posts(cards: Iterable[object], path: str = "data.cards") -> Iterable[tuple[str, dict[str, object]]]:
    for n, card in enumerate(cards):
        if not isinstance(card, dict):
            raise drift(f"{path}[{n}]", "对象")
        if code(card.get("card_type")) == 9:
            yield f"{path}[{n}].mblog", {"mblog": None, **card}
        group = card.get("card_group")
        if isinstance(group, list) and path == "data.cards":
            yield from _posts(group, f"{path}[{n}].card_group")


def _once(pages: Sequence[ListPage]) -> list[Row]:
    """Rows of all pages, each post once."""
    found: dict[str, Row] = {}
    for page in sorted(pages, key=lambda page: page.number):
        for row in page.rows:
            found.setdefault(row.post.id, row)
    return list(found.values())


def _nothing(pages: Sequence[ListPage], tip: str, statuses: int | None, visit: Visit) -> Seen | Unseen:
    """An empty list: a claim only under guard 8, else ignorance with its reason."""
    if tip:
        return Unseen(outcome=Outcome.RESTRICTED, detail=f"{tip},列表为空说明不了从未发布")
    if statuses is None or pages[0].number != 1:
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="列表为空,又没有读到微博总数")
    if statuses:
        return Unseen(outcome=Outcome.INCONSISTENT, detail=f"列表为空而资料称有 {statuses} 条微博")
    posts = Posts(items=(), as_of=pages[0].at, complete_since=start_of(visit.window.since))
    return Seen(value=posts, outcome=Outcome.EMPTY)


def _not_own(foreign: Sequence[Row], tip: str) -> Unseen:
    if foreign:
        return Unseen(outcome=Outcome.FOREIGN_ROWS, detail="列表全是别的账号的微博")
    if tip:
        return Unseen(outcome=Outcome.RESTRICTED, detail=tip)
    return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="列表只有赞过的微博或广告")


def _dated(
    pages: Sequence[ListPage], own: Sequence[Row], public: Sequence[Row], foreign: Sequence[Row], tip: str, statuses: int | None
) -> Seen | Unseen:
    as_of = max(page.at for page in pages if page.number == min(page.number for page in pages))
    try:
        for row in own:
            check_date(row, as_of)
    except Unread as error:
        return unseen(error, "列表")
    items = tuple(row.post for row in public)
    if tip:
        return Seen(value=Posts(items=items, as_of=as_of), outcome=Outcome.RESTRICTED)
    since = None if foreign or not public else _complete_since(pages, own, statuses)
    outcome = Outcome.OK if since else Outcome.PARTIAL
    return Seen(value=Posts(items=items, as_of=as_of, complete_since=since), outcome=outcome)


def _complete_since(pages: Sequence[ListPage], own: Sequence[Row], statuses: int | None) -> datetime | None:
    """From when on the list lacks nothing; None where that is not proven: page 1 missing, not newest first, pinned rows only."""
    chain = _chain(pages)
    mine = {row.post.id for row in own}
    steady = [row for page in chain for row in page.rows if row.post.id in mine and not row.post.pinned]
    if any(later.post.at > earlier.post.at + _SAME_MINUTE for earlier, later in pairwise(steady)):
        return None
    if steady:
        return min(row.post.at for row in steady)
    if chain and chain[-1].ended and statuses is not None and statuses <= len(own):
        return min(row.post.at for row in own)
    return None


def _chain(pages: Sequence[ListPage]) -> list[ListPage]:
    """Page 1 as read last, then the pages that follow it without a gap (same since_id, verbatim: guard 13)."""
    chain: list[ListPage] = [page for page in pages if page.number == 1][-1:]
    marks = {page.since_id for page in pages}
    for page in sorted((page for page in pages if page.number > 1), key=lambda page: page.number):
        joined = not page.since or page.since in marks
        if chain and joined and page.number == chain[-1].number + 1:
            chain.append(page)
    return chain


def _remarks(own: Sequence[Row], public: Sequence[Row], foreign: Sequence[Row]) -> tuple[str, ...]:
    told = []
    if hidden := len(own) - len(public):
        told.append(f"另有 {hidden} 条非公开微博,未计入")
    if foreign:
        told.append(f"列表混有别的账号的微博 {len(foreign)} 条,已剔除,只作下限")
    if own and all(row.post.pinned for row in own):
        told.append("读到的本账号微博全是置顶")
    return tuple(told)
