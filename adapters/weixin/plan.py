"""What to fetch next on each route, and when to stop (formats/weixin.md §2, §7): after a wall or refusal nothing more."""

from collections.abc import Sequence
from datetime import date

from adapters.weixin import article, days, lists, menu, owner, published, replies, targets
from adapters.weixin.errcode import DATA, trouble
from adapters.weixin.ids import claims
from tracker.adapter import Ask, attempt, talked_of
from tracker.model import Aspect, Exchange, Outcome, Route, Unseen, Visit

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
    """Menu first, as a cheap proof that the token works; then replies and the first list page; then days in batches.

    Readers' comments follow, and what the menu leads to comes last, without the token: a wall before a public page costs
    nothing that the owner granted.
    """
    if _refused(so_far):
        return ()
    pages = [exchange.page for exchange in so_far]
    if "selfmenu" not in pages:
        return (_get("selfmenu", "/cgi-bin/get_current_selfmenu_info"),)
    if "freepublish" not in pages:
        return (_get("autoreply", "/cgi-bin/get_current_autoreply_info"), _published(0))
    if pages.count("freepublish") == 1 and "totaldetail" not in pages:
        further = published.further(next(e for e in so_far if e.page == "freepublish"))
        if further:
            return tuple(_published(offset) for offset in further)
    return (
        _days(visit, [exchange for exchange in so_far if exchange.page == "totaldetail"])
        or _comments(visit, so_far)
        or _links(so_far)
    )


def _refused(so_far: Sequence[Exchange]) -> bool:
    """Whether nothing more may be asked: any trouble, but for one single day that stayed away after its repeats."""
    told = [(exchange.page, found) for exchange in so_far if exchange.page in owner.ASKED and (found := trouble(exchange))]
    passing = [page for page, found in told if page == "totaldetail" and found.outcome is Outcome.TRANSPORT]
    return len(told) > len(passing) or len(passing) > 1


def _comments(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The comments of the next of the newest articles, where they are wanted; after a refusal of one none of another."""
    asked = [exchange for exchange in so_far if exchange.page == replies.PAGE]
    if Aspect.REPLIES not in visit.wants or any(trouble(exchange) for exchange in asked):
        return ()
    bodies = replies.wanted(talked_of(owner.by_day(so_far), visit))
    return tuple(_post(replies.PAGE, "/cgi-bin/comment/list", body) for body in bodies[len(asked) : len(asked) + 1])


def _links(so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The next link of the menu."""
    told = [attempt(DATA, menu.read, exchange) for exchange in so_far if exchange.page == "selfmenu"]
    return () if not told or isinstance(told[-1], Unseen) else targets.following(told[-1].entries, so_far)


def _days(visit: Visit, asked: Sequence[Exchange]) -> tuple[Ask, ...]:
    """One day alone first: a missing permission shows there, at the cost of one call; alone, too, after a day stayed away."""
    batch = _BATCH if asked and not any(trouble(exchange) for exchange in asked) else 1
    return tuple(_day(on) for on in days.wanted(visit)[len(asked) : len(asked) + batch])


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
