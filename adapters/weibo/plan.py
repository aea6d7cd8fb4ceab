"""What to open, in which order, and when to stop (formats/weibo.md §2, §6, guard 5)."""

from collections.abc import Sequence

from adapters.weibo import lists
from adapters.weibo.identity import whom
from adapters.weibo.ids import PostLink, account_url, ids_in, post_link
from adapters.weibo.material import LIST_PAGES, sort
from tracker.adapter import Ask, Await, Scroll, Unread, filed_ids
from tracker.model import Exchange, Route, Visit

SESSION = "session"

_PROFILE = Await(page="profile", url_pattern=r"/ajax/profile/info\?")
_LIST = Await(page="mymblog", url_pattern=r"/ajax/statuses/mymblog\?")
_SECOND = Await(page="mymblog", url_pattern=r"/ajax/statuses/mymblog\?(?:[^#]*&)?page=2(?:&|$)")
_SHOW = Await(page="show", url_pattern=r"/statuses/show\?")


def following(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """One page, and a second look at the list when guard 5 asks for it; nothing after a wall."""
    if visit.route not in {Route.BROWSER, Route.LINK}:
        return ()
    link = post_link(visit.url) if visit.url else None
    url = link.url if link else _account(visit)
    if not so_far:
        return ((_post(link) if link else _home(url)),) if url else ()
    return () if link or not _second_needed(visit, so_far) else (_again(url),)


def _account(visit: Visit) -> str:
    if visit.account is None:
        ids = ids_in(visit.url)
        return account_url(ids, "") if ids else ""
    return account_url(filed_ids(visit.account, ids_in), visit.account.name)


def _post(link: PostLink) -> Ask:
    return Ask(page="post", url=link.url, await_=(_SHOW,))


def _home(url: str) -> Ask:
    return Ask(page="home", url=url, auth=SESSION, await_=(_PROFILE, _LIST))


def _again(url: str) -> Ask:
    return Ask(page="home", url=url, auth=SESSION, await_=(_SECOND,), steps=(Scroll(times=4),))


def _second_needed(visit: Visit, so_far: Sequence[Exchange]) -> bool:
    """Guard 5, once: the list was read, goes on, and everything own on it is pinned or older than the window."""
    if sum(exchange.page == "home" for exchange in so_far) != 1 or sum(exchange.page in LIST_PAGES for exchange in so_far) != 1:
        return False
    told = sort(visit, so_far)
    if told.failures or not told.lists or told.lists[0].ended or told.lists[0].tip:
        return False
    try:
        who = whom(visit, told.profiles, (), told.lists, told.hints)
    except Unread:
        return False
    return lists.all_old(told.lists, who.uid, visit)
