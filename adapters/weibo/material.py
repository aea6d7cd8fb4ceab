"""Every exchange of a visit read by its page name, and sorted by what it tells."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from adapters.weibo import account, comments, lists
from adapters.weibo.account import Profile
from adapters.weibo.comments import Thread
from adapters.weibo.lists import ListPage
from adapters.weibo.payload import Unread, table
from adapters.weibo.rows import Row, check_date, row_of
from adapters.weibo.urls import ids_of, owner_of
from adapters.weibo.walls import NEEDS_LOGIN, notice, page, payload, rendered_status
from tracker.model import Exchange, Outcome, Visit

ACCOUNT_PAGES = frozenset({"home", "profile", "detail", "m_profile", "mymblog", "m_getindex", "waterfall", "likelist"})
LIST_PAGES = frozenset({"mymblog", "m_getindex"})
POST_PAGES = frozenset({"post", "show", "openapi", "app_status", "longtext"})
COMMENT_PAGES = frozenset({"buildcomments", "hotflow", "hotflowchild"})

_NOT_LOGGED_IN = re.compile(r"[\"']?isNormal[\"']?\s{0,4}[:=]\s{0,4}false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page that was not read, and why."""

    page: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the exchanges of a visit tell, page by page. `posts` holds (page name, post)."""

    pages: frozenset[str] = frozenset()
    profiles: tuple[Profile, ...] = ()
    lists: tuple[ListPage, ...] = ()
    threads: tuple[Thread, ...] = ()
    posts: tuple[tuple[str, Row], ...] = ()
    likes: tuple[Row, ...] = ()
    videos: tuple[Row, ...] = ()
    failures: tuple[Failure, ...] = ()
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
    answer = payload(exchange)
    bare = "mid" in answer or "idstr" in answer
    return _checked(
        row_of(answer if bare else table(answer.get("data"), "data"), "应答" if bare else "data", exchange.at), exchange
    )


def longtext(exchange: Exchange) -> None:
    """The rest of a long post; `data` empty = nothing more. Raises Unread."""
    table(payload(exchange).get("data"), "data")


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
    "m_getindex": lists.getindex,
    "likelist": lists.likelist,
    "waterfall": lists.waterfall,
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
    for exchange in exchanges:
        try:
            read.append((exchange, READERS[exchange.page](exchange) if exchange.page in READERS else None))
        except Unread as error:
            failures.append(Failure(page=exchange.page, outcome=error.outcome, detail=error.detail))
    told = Material(
        pages=frozenset(exchange.page for exchange in exchanges),
        profiles=tuple(value for _, value in read if isinstance(value, Profile)),
        lists=tuple(value for _, value in read if isinstance(value, ListPage)),
        threads=tuple(value for _, value in read if isinstance(value, Thread)),
        posts=_posts(read),
        likes=tuple(row for exchange, value in read if exchange.page == "likelist" for row in _rows(value)),
        videos=tuple(row for exchange, value in read if exchange.page == "waterfall" for row in _rows(value)),
        hints=tuple(dict.fromkeys(uid for exchange, value in read for uid in _hint(exchange, value))),
    )
    return _with(told, failures, [exchange for exchange, _ in read if _logged_out(visit, exchange, told)])


def _with(told: Material, failures: list[Failure], logged_out: Sequence[Exchange]) -> Material:
    walls = [Failure(page=one.page, outcome=Outcome.LOGIN_WALL, detail=f"{NEEDS_LOGIN}(页面未登录)") for one in logged_out[:1]]
    fields = {name: getattr(told, name) for name in told.__dataclass_fields__}
    return Material(**{**fields, "failures": (*failures, *walls)})


def _logged_out(visit: Visit, exchange: Exchange, told: Material) -> bool:
    """An account page that says it is not logged in, while the list that needs a login did not come (§5)."""
    wanted = visit.account is not None and exchange.page == "home" and bool(ids_of(exchange.url))
    return wanted and not (told.pages & LIST_PAGES) and bool(_NOT_LOGGED_IN.search(exchange.text))


def _posts(read: Sequence[tuple[Exchange, object]]) -> tuple[tuple[str, Row], ...]:
    return tuple((exchange.page, value) for exchange, value in read if isinstance(value, Row))


def _rows(value: object) -> tuple[Row, ...]:
    return tuple(row for row in value if isinstance(row, Row)) if isinstance(value, tuple) else ()


def _hint(exchange: Exchange, value: object) -> tuple[str, ...]:
    if isinstance(value, ListPage | Thread) and value.owner:
        return (value.owner,)
    uid = owner_of(exchange.url) if exchange.page in {"waterfall", "likelist"} else ""
    return (uid,) if uid else ()
