"""What to fetch next on each route, and when to stop (formats/weixin.md §2, §7): after a wall or refusal nothing more."""

from collections.abc import Sequence
from datetime import date

from adapters.weixin import article, days, lists, published
from adapters.weixin.errcode import trouble
from adapters.weixin.ids import claims
from tracker.adapter import Ask
from tracker.model import Exchange, Route, Visit

API = "https://api.weixin.qq.com"
_BATCH = 11
"""Days asked for in one round: 56 days fit into the engine's rounds, and a refusal stops the rest."""


def following(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The next asks; () = finished."""
    match visit.route:
        case Route.API:
            return _owner(visit, so_far)
        case Route.FEED:
            return _feed(visit, so_far)
        case Route.LINK | Route.HTTP | Route.BROWSER:
            return _link(visit, so_far)
        case _:
            return ()


def _owner(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """Menu first, as a cheap proof that the token works; then replies and the first list page; then days in batches."""
    if any(trouble(exchange) for exchange in so_far):
        return ()
    pages = [exchange.page for exchange in so_far]
    if not visit.cursor and "selfmenu" not in pages:
        return (_get("selfmenu", "/cgi-bin/get_current_selfmenu_info"),)
    if not visit.cursor and "freepublish" not in pages:
        return (_get("autoreply", "/cgi-bin/get_current_autoreply_info"), _published(0))
    if pages.count("freepublish") == 1 and "totaldetail" not in pages:
        further = published.further(next(e for e in so_far if e.page == "freepublish"))
        if further:
            return tuple(_published(offset) for offset in further)
    return _days(visit, pages.count("totaldetail"))


def _days(visit: Visit, done: int) -> tuple[Ask, ...]:
    """One day alone first: a missing permission shows there, at the cost of one call."""
    return tuple(_day(on) for on in days.wanted(visit)[done : done + (_BATCH if done else 1)])


def _day(on: date) -> Ask:
    return _post("totaldetail", "/datacube/getarticletotaldetail", days.body(on))


def _published(offset: int) -> Ask:
    return _post("freepublish", "/cgi-bin/freepublish/batchget", published.body(offset))


def _get(page: str, path: str) -> Ask:
    return Ask(page=page, url=API + path, auth="owner")


def _post(page: str, path: str, body: bytes) -> Ask:
    headers = {"content-type": "application/json"}
    return Ask(page=page, url=API + path, method="POST", body=body, headers=headers, auth="owner")


def _feed(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The feed that the operator named for the account; any host, the engine knows which are allowed."""
    url = (visit.account.extra.get("feed", "") if visit.account else "") or visit.url
    return () if so_far or not url.startswith("https://") else (Ask(page="feed", url=url),)


def _link(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The page of a link, plainly; a migrated account is followed once."""
    if not so_far:
        return _page(visit.url or (visit.account.url if visit.account else ""))
    if len(so_far) == 1 and so_far[0].page == "article":
        target = article.transfer(so_far[0])
        return (Ask(page="article", url=target),) if target and claims(target) else ()
    return ()


def _page(url: str) -> tuple[Ask, ...]:
    if not claims(url):
        return ()
    secure = "https://" + url.split("://", 1)[-1]
    return lists.ask(secure) or (Ask(page="article", url=secure),)
