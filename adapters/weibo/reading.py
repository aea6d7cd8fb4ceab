"""From the exchanges of one visit to its observation (formats/weibo.md §4, §5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from adapters.weibo import account, columns, comments, lists
from adapters.weibo.answers import NEEDS_LOGIN, closing
from adapters.weibo.identity import Who, whom
from adapters.weibo.ids import ids_in, mid_of, post_link
from adapters.weibo.lists import Listing
from adapters.weibo.material import ACCOUNT_PAGES, COMMENT_PAGES, LIST_PAGES, POST_PAGES, Failure, Material, sort
from adapters.weibo.rows import Row
from tracker.adapter import LOUDEST, Unread, loudest, replies_over, unseen
from tracker.model import Aspect, Exchange, Identity, Likes, Observation, Outcome, Posts, Seen, Unseen, Visit
from tracker.payload import Surprise

ORDER = (
    *LOUDEST,
    Outcome.FOREIGN_ROWS,
    Outcome.INCONSISTENT,
    Outcome.AMBIGUOUS_EMPTY,
    Outcome.GONE,
    Outcome.RESTRICTED,
    Outcome.ITEM_GONE,
    Outcome.PARTIAL,
    Outcome.EMPTY,
)
"""Of several outcomes in one visit, the first is the page's as a whole; after the walls come the doubts, then the claims."""

_ACCOUNT = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.LIKES, Aspect.BIO)
_POST = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.BIO)
_COMMENTS = (Aspect.COMMENT_POLICY, Aspect.REPLIES)
_PARTIAL = "列表不足以说明是否更新,只作下限"

Aspects = dict[Aspect, Seen | Unseen]


def read(visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
    """What the exchanges say. Total: nothing is raised."""
    if not exchanges:
        return Observation(outcome=Outcome.NOT_RECORDED, detail="没有采集到任何页面")
    told = sort(visit, exchanges)
    try:
        _asked_post(visit, told.posts)
        told, doubts = _settle(told)
        authors = [account.of_row(row) for _, row in told.posts]
        who = whom(visit, told.profiles, authors, told.lists, told.hints)
        if _is_gone(told):
            return _gone(visit, told, next((said for one in exchanges if (said := closing(one))), ""))
        aspects, notes = _aspects(visit, told, who)
    except Surprise as error:
        failures = (*told.failures, Failure(page="", why=unseen(error, "页面")))
        return _observation(dict.fromkeys(_business(told), _loudest(failures)), failures, ())
    silent = [] if any(isinstance(found, Seen) for found in aspects.values()) else _silent(exchanges)
    return _observation(aspects, (*told.failures, *silent), (*doubts, *who.notes, *notes))


def _silent(exchanges: Sequence[Exchange]) -> list[Failure]:
    """An account or post page that opened but whose own requests never came: nothing was learned, and that is no `ok`."""
    opened = [one for one in exchanges if one.page in {"home", "post"}]
    if len(opened) < len(exchanges) or not any(ids_in(one.url) or post_link(one.url) for one in opened):
        return []
    return [Failure(page="", why=Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="页面打开了,但没有给出账号或微博内容"))]


def _business(told: Material) -> tuple[Aspect, ...]:
    """Which aspects the pages of this visit are there to tell."""
    account_page, comment_page = bool(told.pages & ACCOUNT_PAGES), bool(told.pages & COMMENT_PAGES)
    post_page = bool(told.pages & POST_PAGES) or not (account_page or comment_page)
    wanted = (*(_ACCOUNT if account_page else ()), *(_POST if post_page else ()), *(_COMMENTS if comment_page else ()))
    return tuple(dict.fromkeys(wanted))


def _asked_post(visit: Visit, posts: Iterable[tuple[str, Row]]) -> None:
    """Raise Unread(INCONSISTENT) where another post came than the pasted link names."""
    link = post_link(visit.url) if visit.url else None
    for _, row in posts:
        if link and row.post.id not in {link.post, mid_of(link.post)} and row.raw.get("mblogid") != link.post:
            raise Unread(Outcome.INCONSISTENT, "打开的不是链接所指的微博")


def _settle(told: Material) -> tuple[Material, tuple[str, ...]]:
    """Weigh “no such user” against other answers of the same visit (guard 22). Raises Unread(INCONSISTENT)."""
    if not any(failure.why.outcome is Outcome.GONE for failure in told.failures):
        return told, ()
    if any(who.uid for who in told.profiles):
        left = tuple(failure for failure in told.failures if failure.why.outcome is not Outcome.GONE)
        return replace(told, failures=left), ("曾提示账号不存在,同次采集随后正常打开",)
    if told.posts or any(page.rows for page in told.lists):
        raise Unread(Outcome.INCONSISTENT, "资料称账号不存在,而同时读到了微博")
    return told, ()


def _is_gone(told: Material) -> bool:
    outcomes = {failure.why.outcome for failure in told.failures}
    return Outcome.GONE in outcomes and not outcomes & set(LOUDEST)


def _gone(visit: Visit, told: Material, words: str) -> Observation:
    """The claim that the account is gone; facts believe it after a second visit (guard 22). `words` are the platform's."""
    reason = next(failure.why for failure in told.failures if failure.why.outcome is Outcome.GONE)
    link = post_link(visit.url)
    ids = dict(visit.account.ids) if visit.account else {"uid": link.uid} if link and link.uid else {}
    aspects: Aspects = dict.fromkeys(_business(told), reason)
    if ids:
        aspects[Aspect.EXISTENCE] = Seen(value=Identity(ids=ids, name="", closed=words), outcome=Outcome.GONE)
    return Observation(outcome=Outcome.GONE, aspects=aspects, detail=reason.detail)


def _aspects(visit: Visit, told: Material, who: Who) -> tuple[Aspects, tuple[str, ...]]:
    business, unread = _business(told), _loudest(told.failures)
    aspects: Aspects = dict.fromkeys(business, unread)
    notes: tuple[str, ...] = tuple(note for profile in told.profiles for note in profile.notes)
    if who.profile:
        name = Identity(ids={"uid": who.profile.uid}, name=who.profile.name)
        aspects[Aspect.EXISTENCE] = Seen(value=name, outcome=who.profile.outcome)
        aspects[Aspect.VERIFICATION] = account.verification(who.profile)
        aspects[Aspect.BIO] = account.bio(who.profile)
    found = _listing(visit, told, who)
    if found:
        notes = (*notes, *found.notes)
    if Aspect.POSTS in business:
        aspects[Aspect.POSTS] = _posts(told, found, unread)
    if Aspect.LIKES in business:
        aspects[Aspect.LIKES] = _likes(told, found, who, unread)
    if Aspect.COMMENT_POLICY in business:
        aspects[Aspect.COMMENT_POLICY] = _policy(told, found, unread)
    tabs = [name for profile in told.profiles for name in profile.tabs]
    if seen := columns.menu(tabs, told.articles, who.uid, visit):
        aspects[Aspect.MENU] = seen
    if replied := _replies(visit, told, found, who):
        aspects[Aspect.REPLIES] = replied
    return aspects, notes


def _replies(visit: Visit, told: Material, found: Listing | None, who: Who) -> Seen | Unseen | None:
    """Comments and answers; beside a list of the account those of its newest posts only, which are not all."""
    said = comments.replies(told.threads, who.uid) if told.threads else None
    missed = next((one.why for one in told.asides if one.page != "likelist"), None)
    if found is None:
        return said or missed
    opened = [post for thread in told.threads if (post := thread.post)]
    return replies_over(found.posts, said, opened, visit) or missed


def _listing(visit: Visit, told: Material, who: Who) -> Listing | None:
    if not told.lists:
        return None
    if not who.uid:
        whose = Unseen(outcome=Outcome.INCONSISTENT, detail="不知道列表应属于哪个账号(缺 uid)")
        return Listing(posts=whose, likes=whose)
    profile = next((profile for profile in told.profiles if profile.uid == who.uid), None)
    return lists.listing(told.lists, who.uid, profile.statuses if profile else None, visit)


def _posts(told: Material, found: Listing | None, unread: Unseen) -> Seen | Unseen:
    broken = [failure for failure in told.failures if failure.page in LIST_PAGES]
    if found and broken and isinstance(found.posts, Seen) and isinstance(found.posts.value, Posts):
        return Seen(value=replace(found.posts.value, complete_since=None), outcome=Outcome.PARTIAL)
    if found:
        return found.posts
    if told.posts:
        return _single(told)
    if broken:
        return _loudest(broken)
    if told.failures:
        return unread
    if "home" in told.pages and told.profiles:
        return Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到微博列表")
    return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail=NEEDS_LOGIN)


def _single(told: Material) -> Seen | Unseen:
    """Single posts: a lower bound that proves nothing about silence."""
    rows = {row.post.id: row.post for _, row in told.posts if row.public}
    if not rows:
        return Unseen(outcome=Outcome.RESTRICTED, detail="该微博不是公开微博")
    newest_first = sorted(rows.values(), key=lambda post: post.at, reverse=True)
    return Seen(value=Posts(items=tuple(newest_first), as_of=max(row.seen_at for _, row in told.posts)))


def _likes(told: Material, found: Listing | None, who: Who, unread: Unseen) -> Seen | Unseen:
    given = lists.liked(told.likes, who.uid)
    if found is None or not isinstance(found.likes, Seen):
        return given if isinstance(given, Seen) else found.likes if found else unread if told.failures else lists.NO_LIKES
    if isinstance(given, Seen) and isinstance(given.value, Likes) and isinstance(found.likes.value, Likes):
        every = {like.post_id: like for like in (*found.likes.value.items, *given.value.items)}
        return Seen(value=Likes(items=tuple(every.values())))
    return found.likes


def _policy(told: Material, found: Listing | None, unread: Unseen) -> Seen | Unseen:
    public = [*(found.public if found else ()), *(row for _, row in told.posts if row.public)]
    allow = next((account.of_row(row, whole=True).allow_all for page, row in told.posts if page == "openapi"), None)
    if not public and not told.threads and told.failures:
        return unread
    return comments.policy(public, told.threads, allow)


def _loudest(failures: Iterable[Failure]) -> Unseen:
    """Why an aspect was not seen: the loudest failure, else that the pages do not tell it."""
    untold = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="这次打开的页面不显示此项")
    return loudest((failure.why for failure in failures), ORDER) or untold


def _observation(aspects: Mapping[Aspect, Seen | Unseen], failures: Iterable[Failure], notes: Iterable[str]) -> Observation:
    posts = aspects.get(Aspect.POSTS)
    every = list(failures)
    if posts and posts.outcome in ORDER:
        said = posts.detail if isinstance(posts, Unseen) else _PARTIAL if posts.outcome is Outcome.PARTIAL else _why(posts)
        every.append(Failure(page="", why=Unseen(outcome=posts.outcome, detail=said)))
    who = aspects.get(Aspect.EXISTENCE)
    if isinstance(who, Seen) and who.outcome is Outcome.PARTIAL:
        every.append(Failure(page="", why=Unseen(outcome=who.outcome, detail="资料只作参考")))
    whole = _loudest(every) if every else Unseen(outcome=Outcome.OK)
    return Observation(outcome=whole.outcome, aspects=aspects, detail=whole.detail, notes=tuple(dict.fromkeys(notes)))


def _why(posts: Seen) -> str:
    return "列表被限制显示(如仅展示半年内),不能证明无更新" if posts.outcome is Outcome.RESTRICTED else "列表为空且微博总数为 0"
