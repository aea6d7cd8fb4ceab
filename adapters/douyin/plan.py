"""What to open, in which order, and when to stop (formats/douyin.md §2, §6, guards 4 and 14)."""

from collections.abc import Mapping, Sequence

from adapters.douyin import profile, works
from adapters.douyin.answers import captcha_title, envelope
from adapters.douyin.ids import ids_in, item_in, short_in
from adapters.douyin.profile import Profile
from tracker.adapter import Ask, Await, Scroll, asked_ids, attempt, talked_of
from tracker.model import Aspect, Exchange, Outcome, Seen, Visit
from tracker.payload import Json, argument

MOST = 4
"""Pages of a full visit: the account, one reload, its likes, the comments of one work."""
MOST_WORKS = 1
"""Works whose comments are opened in one visit, the newest first."""
_PROFILE = Await(page="profile", url_pattern=r"/aweme/v1/web/user/profile/other/\?")
_WORKS = Await(page="works", url_pattern=r"/aweme/v1/web/aweme/post/\?")
_DETAIL = Await(page="detail", url_pattern=r"/aweme/v1/web/aweme/detail/\?")
_LIKES = Await(page="favorite", url_pattern=r"/aweme/v1/web/aweme/favorite/\?")
_COMMENTS = Await(page="comments", url_pattern=r"/aweme/v1/web/comment/list/\?")
_ANSWERS = ("profile", "works", "favorite", "comments")
"""Answers of which one that is no data ends the visit."""


def following(visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """One page; one more look where the list is empty but goes on (guard 4); then likes and comments, where they are wanted."""
    if not so_far:
        return _first(visit)
    wanted = asked_ids(visit, ids_in)
    if visit.account is None or "sec_uid" not in wanted:
        return ()
    told = [(one.page, attempt(one.page, envelope, one)) for one in so_far if one.page in _ANSWERS]
    if any(not isinstance(body, Json) for _, body in told) or any(captcha_title(one) for one in so_far):
        return ()
    lists = [body for page, body in told if page == "works" and isinstance(body, Json)]
    return _again(wanted["sec_uid"], lists, so_far) or _liked(visit, wanted, so_far) or _comments(visit, wanted, so_far)


def _first(visit: Visit) -> tuple[Ask, ...]:
    if item := item_in(visit.url):
        kind = "note" if "/note/" in visit.url else "video"
        more = (_COMMENTS,) if Aspect.REPLIES in visit.wants else ()
        return (Ask(page="item", url=f"https://www.douyin.com/{kind}/{item}", auth="session", await_=(_DETAIL, *more)),)
    if sec_uid := asked_ids(visit, ids_in).get("sec_uid"):
        return (Ask(page="home", url=_home(sec_uid), auth="session", await_=(_PROFILE, _WORKS)),)
    short = short_in(visit.url) or short_in(visit.account.url if visit.account else "")
    awaited = (_DETAIL, _PROFILE, _WORKS)
    return (Ask(page="home", url=short, auth="session", await_=awaited),) if short else ()


def _home(sec_uid: str) -> str:
    return f"https://www.douyin.com/user/{sec_uid}"


def _again(sec_uid: str, lists: Sequence[Json], so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """At most one reload."""
    reloaded = _homes(so_far) > 1 or len(lists) > 2
    if reloaded or not lists or not all(_empty_but_more(body) for body in lists):
        return ()
    return (Ask(page="home", url=_home(sec_uid), auth="session", await_=(_WORKS,), steps=(Scroll(times=2),)),)


def _empty_but_more(body: Json) -> bool:
    return body.at("aweme_list").value == [] and body.at("has_more").value in (1, True)


def _liked(visit: Visit, wanted: Mapping[str, str], so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The likes, once, where the account shows them (guard 14)."""
    opened = any(one.page == "favorite" or argument(one.url, "showTab") == "like" for one in so_far)
    if Aspect.LIKES not in visit.wants or opened or _homes(so_far) > 2:
        return ()
    known = _known(visit, wanted, so_far)
    shown = known is not None and known.state is Outcome.OK and known.shows_likes is True
    url = f"{_home(wanted['sec_uid'])}?showTab=like"
    return (Ask(page="home", url=url, auth="session", await_=(_LIKES,)),) if shown else ()


def _comments(visit: Visit, wanted: Mapping[str, str], so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The newest work under which somebody wrote."""
    opened = sum(one.page == "item" for one in so_far)
    if Aspect.REPLIES not in visit.wants or opened >= MOST_WORKS:
        return ()
    known = _known(visit, wanted, so_far)
    name = visit.account.name if visit.account else ""
    found = works.find(so_far, {**wanted, **known.identity.ids} if known else wanted, name, known).posts
    urls = [post.url for post in talked_of(found, visit) if post.comments and isinstance(found, Seen) and item_in(post.url)]
    return tuple(Ask(page="item", url=url, auth="session", await_=(_COMMENTS,)) for url in urls[:MOST_WORKS])


def _known(visit: Visit, wanted: Mapping[str, str], so_far: Sequence[Exchange]) -> Profile | None:
    found = profile.find(so_far, wanted, visit.account.name if visit.account else "")
    return found if isinstance(found, Profile) else None


def _homes(so_far: Sequence[Exchange]) -> int:
    return sum(one.page == "home" for one in so_far)
