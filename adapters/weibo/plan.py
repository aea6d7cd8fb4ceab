"""What to open, in which order, and when to stop (formats/weibo.md §2, §6, guard 5)."""

from collections.abc import Sequence

from adapters.weibo import aside, columns, lists
from adapters.weibo.identity import whom
from adapters.weibo.ids import MOBILE, PostLink, account_url, ids_in, post_link
from adapters.weibo.material import LIST_PAGES, Material, sort
from tracker.adapter import Ask, Await, Scroll, Unread, filed_ids, talked_of
from tracker.model import Aspect, Exchange, Route, Seen, Visit
from tracker.payload import host_of

SESSION = "session"
MOST = 6
"""Pages of a full visit: the account, its second page or the mobile site, two tabs, the comments of two posts."""

_PROFILE = Await(page="profile", url_pattern=r"/ajax/profile/info\?")
_LIST = Await(page="mymblog", url_pattern=r"/ajax/statuses/mymblog\?")
_ARTICLES = Await(page="articles", url_pattern=r"/ajax/statuses/mymblog\?(?:[^#]*&)?feature=10(?:&|$)")
_SECOND = Await(page="mymblog", url_pattern=r"/ajax/statuses/mymblog\?(?:[^#]*&)?page=2(?:&|$)")
_MOBILE = Await(page="m_getindex", url_pattern=r"/api/container/getIndex\?(?:[^#]*&)?containerid=107603")
_LIKES = Await(page="likelist", url_pattern=r"/ajax/statuses/likelist\?")
_SHOW = Await(page="show", url_pattern=r"/statuses/show\?")
_COMMENTS = Await(page="buildcomments", url_pattern=r"/ajax/statuses/buildComments\?")


def following(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The account's page and what it lacks, then its columns, its likes, its newest posts' comments. Nothing after a wall."""
    if visit.route not in {Route.BROWSER, Route.LINK}:
        return ()
    link = post_link(visit.url) if visit.url else None
    url = link.url if link else _account(visit)
    if not so_far:
        return ((_post(link, visit) if link else _home(url)),) if url else ()
    if link:
        return ()
    if _second_needed(visit, so_far):
        return (_again(url),)
    return _mobile(visit, so_far) or _column(visit, so_far) or _liked(visit, so_far) or _comments(visit, so_far)


def _account(visit: Visit) -> str:
    if visit.account is None:
        ids = ids_in(visit.url)
        return account_url(ids, "") if ids else ""
    return account_url(filed_ids(visit.account, ids_in), visit.account.name)


def _post(link: PostLink, visit: Visit) -> Ask:
    wanted = Aspect.REPLIES in visit.wants and host_of(link.url) != MOBILE
    return Ask(page="post", url=link.url, await_=(_SHOW, *((_COMMENTS,) if wanted else ())))


def _home(url: str) -> Ask:
    return Ask(page="home", url=url, auth=SESSION, await_=(_PROFILE, _LIST))


def _again(url: str) -> Ask:
    return Ask(page="home", url=url, auth=SESSION, await_=(_SECOND,), steps=(Scroll(times=4),))


def _mobile(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The same list on the mobile site, once, where the first one failed for no reason that anybody gave: never after a wall."""
    if visit.account is None or _homes(so_far) != 1 or any(one.page == "m_getindex" for one in so_far):
        return ()
    told = sort(visit, so_far)
    uid = _uid(visit, told)
    if not uid or told.lists or any(failure.page not in LIST_PAGES or aside.is_wall(failure.why) for failure in told.failures):
        return ()
    return (Ask(page="home", url=f"https://{MOBILE}/u/{uid}", auth=SESSION, await_=(_MOBILE,)),)


def _column(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The “文章” tab, once, and only where the list was given: the session is known to be good then."""
    if any(columns.of_tab(one) for one in so_far) or _homes(so_far) > 2:
        return ()
    uid = _healthy(visit, sort(visit, so_far), columns.TAB)
    return (Ask(page="home", url=columns.tab_url(uid), auth=SESSION, await_=(_ARTICLES,)),) if uid else ()


def _liked(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The tab of liked posts, once, where it is wanted and the page names it: a blue V shows none."""
    if Aspect.LIKES not in visit.wants or any(aside.of_likes(one) for one in so_far) or _homes(so_far) > 3:
        return ()
    uid = _healthy(visit, sort(visit, so_far), aside.TAB)
    return (Ask(page="home", url=aside.tab_url(uid), auth=SESSION, await_=(_LIKES,)),) if uid else ()


def _comments(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The next of the newest posts under which somebody wrote, where its comments are wanted."""
    if Aspect.REPLIES not in visit.wants:
        return ()
    told = sort(visit, so_far)
    uid = _healthy(visit, told, "")
    opened = sum(one.page == "post" for one in so_far)
    if not uid:
        return ()
    public = aside.posts(lists.listing(told.lists, uid, None, visit).public)
    urls = [post.url for post in talked_of(public, visit) if post.comments and post_link(post.url)]
    room = min(aside.MOST_POSTS, MOST - _homes(so_far))
    return tuple(Ask(page="post", url=url, auth=SESSION, await_=(_COMMENTS,)) for url in urls[:room][opened : opened + 1])


def _homes(so_far: Sequence[Exchange]) -> int:
    return sum(one.page == "home" for one in so_far)


def _uid(visit: Visit, told: Material) -> str:
    """The uid of the account's own profile, "" where it was not read or is another's."""
    asked = filed_ids(visit.account, ids_in).get("uid", "") if visit.account else ""
    return next((who.uid for who in told.profiles if who.uid and asked in ("", who.uid)), "")


def _healthy(visit: Visit, told: Material, tab: str) -> str:
    """The uid where the list of the account's own posts was read, nothing was refused, and the page names the tab ("" = any)."""
    if visit.account is None or told.failures or not told.lists:
        return ""
    uid = _uid(visit, told)
    named = not tab or any(tab in who.tabs for who in told.profiles if who.uid == uid)
    return uid if named and isinstance(lists.listing(told.lists, uid, None, visit).posts, Seen) else ""


def _second_needed(visit: Visit, so_far: Sequence[Exchange]) -> bool:
    """Guard 5, once: the list was read, goes on, and everything own on it is pinned or older than the window."""
    if _homes(so_far) != 1 or sum(exchange.page in LIST_PAGES for exchange in so_far) != 1:
        return False
    told = sort(visit, so_far)
    if told.failures or not told.lists or told.lists[0].ended or told.lists[0].tip:
        return False
    try:
        who = whom(visit, told.profiles, (), told.lists, told.hints)
    except Unread:
        return False
    return lists.all_old(told.lists, who.uid, visit)
