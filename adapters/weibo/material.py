"""Every exchange of a visit read by its page name, and sorted by what it tells."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.weibo import account, aside, columns, comments, lists
from adapters.weibo.account import Profile
from adapters.weibo.answers import NEEDS_LOGIN, envelope, notice, page, rendered_status
from adapters.weibo.comments import Thread
from adapters.weibo.fields import table
from adapters.weibo.ids import ids_in, mid_of, owner_of
from adapters.weibo.lists import ListPage
from adapters.weibo.rows import TEXT, Row, check_date, full_text, row_of
from tracker.adapter import attempt
from tracker.model import Exchange, Outcome, Unseen, Visit
from tracker.payload import argument
from tracker.text import clip

ACCOUNT_PAGES = frozenset(
    {"home", "profile", "detail", "m_profile", "mymblog", "articles", "m_getindex", "waterfall", "likelist"}
)
LIST_PAGES = frozenset({"mymblog", "m_getindex"})
POST_PAGES = frozenset({"post", "show", "openapi", "app_status", "longtext"})
COMMENT_PAGES = frozenset({"buildcomments", "hotflow", "hotflowchild"})

_NOT_LOGGED_IN = re.compile(r"[\"']?isNormal[\"']?\s{0,4}[:=]\s{0,4}false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page that was not read, and why."""

    page: str
    why: Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the exchanges of a visit tell, page by page. `posts` holds (page name, post)."""

    pages: frozenset[str] = frozenset()
    profiles: tuple[Profile, ...] = ()
    lists: tuple[ListPage, ...] = ()
    threads: tuple[Thread, ...] = ()
    posts: tuple[tuple[str, Row], ...] = ()
    likes: tuple[Row, ...] = ()
    articles: tuple[ListPage | Unseen, ...] = ()
    """The list of the “文章” tab, or why it was not read."""
    failures: tuple[Failure, ...] = ()
    asides: tuple[Failure, ...] = ()
    """What was not read of likes and comments opened beside the list."""
    hints: tuple[str, ...] = ()
    """uids in the addresses of lists and comments that were read."""


def home(exchange: Exchange) -> None:
    """The account's page: only walls matter, the facts come by the page's own requests. Raises Unread."""
    page(exchange)


def post_page(exchange: Exchange) -> Row | None:
    """A post's page: texts of hidden posts, and the post itself where m.weibo.cn carries it. Raises Unread."""
    text = page(exchange)
    status = rendered_status(text)
    if status is not None:
        return _checked(row_of(status, "$render_data[0].status", exchange.at), exchange)
    if said := notice(text):
        raise said
    return None


def single(exchange: Exchange) -> Row:
    """One post: a bare status with `ok` beside it, or inside `data`. Raises Unread."""
    answer = envelope(exchange)
    bare = "mid" in answer or "idstr" in answer
    return _checked(
        row_of(answer if bare else table(answer.get("data"), "data"), "应答" if bare else "data", exchange.at), exchange
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText:
    """All words of the post that the address names by mid or mblogid; "" = nothing more than its row has."""

    post: str
    text: str


def longtext(exchange: Exchange) -> LongText:
    """The whole of a long post; `data` empty = nothing more. Raises Unread."""
    data = table(envelope(exchange).get("data"), "data")
    return LongText(post=argument(exchange.url, "id"), text=full_text(data))


def _checked(row: Row, exchange: Exchange) -> Row:
    check_date(row, exchange.at)
    account.of_row(row)
    return row


READERS: Mapping[str, Callable[[Exchange], object]] = {
    "home": home,
    "post": post_page,
    "profile": account.profile,
    "m_profile": account.mobile_profile,
    "detail": account.detail,
    "mymblog": lists.mymblog,
    "articles": lists.mymblog,
    "m_getindex": lists.getindex,
    "likelist": lists.likelist,
    "waterfall": lists.likelist,
    "buildcomments": comments.buildcomments,
    "hotflow": comments.hotflow,
    "hotflowchild": comments.hotflowchild,
    "show": single,
    "openapi": single,
    "app_status": single,
    "longtext": longtext,
}
"""Page name → its reader. What it gives decides where it is sorted."""


def sort(visit: Visit, exchanges: Sequence[Exchange]) -> Material:
    """Read every exchange; a page that cannot be read becomes a Failure."""
    read: list[tuple[Exchange, object]] = []
    failures: list[Failure] = []
    asides: list[Failure] = []
    articles: list[ListPage | Unseen] = []
    for exchange in exchanges:
        value = attempt("应答", READERS[exchange.page], exchange) if exchange.page in READERS else None
        tab = columns.of_tab(exchange)
        if tab and isinstance(value, ListPage | Unseen):
            articles.append(value)
        if isinstance(value, Unseen) and aside.of_aspect_only(visit, exchanges, exchange, value):
            asides.append(Failure(page=exchange.page, why=value))
        elif isinstance(value, Unseen) and (not tab or value.outcome in columns.WALLS):
            why = aside.of_mobile(exchanges, exchange, value)
            failures.append(Failure(page="articles" if tab else exchange.page, why=why))
        elif not tab:
            read.append((exchange, value))
    told = replace(_sorted(read), pages=_pages(exchanges), articles=tuple(articles), asides=tuple(asides))
    failures = [one for one in failures if not _replaced(one, told.lists)]
    told = replace(told, failures=tuple(failures))
    wall = Unseen(outcome=Outcome.LOGIN_WALL, detail=f"{NEEDS_LOGIN}(页面未登录)")
    walls = [Failure(page=exchange.page, why=wall) for exchange, _ in read if _logged_out(visit, exchange, told)]
    return replace(told, failures=(*failures, *walls[:1]))


def _replaced(failure: Failure, pages: Sequence[ListPage]) -> bool:
    """A list that did not come, while the mobile site gave the same list. A wall stays one."""
    return failure.page == "mymblog" and not aside.is_wall(failure.why) and any(page.mobile for page in pages)


def _pages(exchanges: Sequence[Exchange]) -> frozenset[str]:
    return frozenset("articles" if columns.of_tab(exchange) else exchange.page for exchange in exchanges)


def _sorted(read: Sequence[tuple[Exchange, object]]) -> Material:
    whole = [value for _, value in read if isinstance(value, LongText)]
    return Material(
        profiles=tuple(value for _, value in read if isinstance(value, Profile)),
        lists=tuple(_lengthened_page(value, whole) for _, value in read if isinstance(value, ListPage)),
        threads=tuple(value for _, value in read if isinstance(value, Thread)),
        posts=tuple((exchange.page, _lengthened(value, whole)) for exchange, value in read if isinstance(value, Row)),
        likes=tuple(row for exchange, value in read if exchange.page == "likelist" for row in _rows(value)),
        hints=tuple(dict.fromkeys(uid for exchange, value in read for uid in _hint(exchange, value))),
    )


def _lengthened_page(page: ListPage, whole: Sequence[LongText]) -> ListPage:
    return replace(page, rows=tuple(_lengthened(row, whole) for row in page.rows)) if whole else page


def _lengthened(row: Row, whole: Sequence[LongText]) -> Row:
    """The row with all its words, where the page fetched them apart."""
    text = next((one.text for one in whole if one.text and row.post.id in (one.post, mid_of(one.post))), "")
    return replace(row, post=replace(row.post, text=clip(text, TEXT))) if text else row


def _logged_out(visit: Visit, exchange: Exchange, told: Material) -> bool:
    """An account page that says it is not logged in, while the list that needs a login did not come (§5)."""
    wanted = visit.account is not None and exchange.page == "home" and bool(ids_in(exchange.url))
    return wanted and not (told.pages & LIST_PAGES) and bool(_NOT_LOGGED_IN.search(exchange.text))


def _rows(value: object) -> tuple[Row, ...]:
    return tuple(row for row in value if isinstance(row, Row)) if isinstance(value, tuple) else ()


def _hint(exchange: Exchange, value: object) -> tuple[str, ...]:
    if isinstance(value, ListPage | Thread) and value.owner:
        return (value.owner,)
    uid = owner_of(exchange.url) if exchange.page in {"waterfall", "likelist"} else ""
    return (uid,) if uid else ()
