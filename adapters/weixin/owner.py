"""What the owner's interfaces say together (formats/weixin.md §3.1, §4, guards 9–14)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from adapters.weixin import days, menu, published, replies, targets
from adapters.weixin.errcode import DATA, trouble
from adapters.weixin.ids import disagreement, is_biz
from tracker.adapter import attempt, blind, loudest, replies_over
from tracker.clock import day
from tracker.model import Aspect, Exchange, Found, Identity, Menu, Observation, Outcome, Post, Posts, Seen, Unseen, Visit

ASKED = ("selfmenu", "autoreply", "freepublish", "totaldetail")
PAGES = (*ASKED, "menu", replies.PAGE)
ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.MENU)
_A = TypeVar("_A")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers that were understood; None = not asked or not understood. `troubles` by page, in order of coming."""

    selfmenu: menu.MenuPage | None
    auto_reply: bool | None
    published: published.Batch | None
    days: tuple[days.Day, ...]
    asked_for: tuple[date, ...]
    troubles: Mapping[str, Unseen]

    @property
    def posts(self) -> tuple[Post, ...]:
        """Posts of both sources, for what they tell of comments and links."""
        return (*(post for told in self.days for post in told.posts), *(self.published.posts if self.published else ()))


def read(visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
    """An observation of existence, posts, comment policy and menu. Never raises."""
    told = _answers(visit, exchanges)
    loud = loudest(_loud(told))
    if loud is not None and not _anything(told):
        return blind(ASPECTS, loud)
    identity, wrong = _identity(visit, told)
    if wrong:
        return blind(ASPECTS, Unseen(outcome=Outcome.INCONSISTENT, detail=wrong))
    menu_seen, posts = _menu(told, exchanges, identity), _posts(told)
    loud = loud or _wall(menu_seen)
    answers = replies_over(posts, replies.read(exchanges), replies.opened(exchanges), visit)
    return Observation(
        outcome=loud.outcome if loud else Outcome.OK,
        aspects={
            Aspect.EXISTENCE: Seen(value=identity),
            Aspect.POSTS: posts,
            Aspect.COMMENT_POLICY: _comments(told),
            Aspect.MENU: menu_seen,
            **({Aspect.REPLIES: answers} if answers else {}),
        },
        detail=loud.detail if loud else "",
        notes=(*_notes(told), *replies.note(answers, exchanges[-1].at)),
    )


def by_day(exchanges: Sequence[Exchange]) -> Seen | None:
    """The posts that the daily figures tell so far; None where no day was answered."""
    told = [attempt(DATA, days.read, one) for one in exchanges if one.page == "totaldetail"]
    found = days.posts([one for one in told if isinstance(one, days.Day)])
    return None if found is None else Seen(value=found)


def _loud(told: Answers) -> Sequence[Unseen]:
    """Troubles that speak for the whole visit: one day that stayed away only bounds what the other days prove."""
    answered = any(one.answered for one in told.days)
    return [
        found
        for page, found in told.troubles.items()
        if not (page == "totaldetail" and answered and found.outcome is Outcome.TRANSPORT)
    ]


def _answers(visit: Visit, exchanges: Sequence[Exchange]) -> Answers:
    by_page = {page: [e for e in exchanges if e.page == page] for page in PAGES}
    troubles = {e.page: found for e in reversed(exchanges) if e.page in ASKED and (found := trouble(e)) is not None}
    whole_days = [_attempt("totaldetail", troubles, days.read, e) for e in by_page["totaldetail"]]
    return Answers(
        selfmenu=_attempt("selfmenu", troubles, menu.read, by_page["selfmenu"][-1]) if by_page["selfmenu"] else None,
        auto_reply=_attempt("autoreply", troubles, menu.auto_reply, by_page["autoreply"][-1]) if by_page["autoreply"] else None,
        published=_attempt("freepublish", troubles, published.read, by_page["freepublish"]),
        days=tuple(one for one in whole_days if one is not None),
        asked_for=days.wanted(visit),
        troubles=troubles,
    )


def _attempt(page: str, troubles: dict[str, Unseen], reader: Callable[[_A], _T], answer: _A) -> _T | None:
    """What `reader` makes of `answer`; a trouble is filed under `page`, the first one counts."""
    told = attempt(DATA, reader, answer)
    if isinstance(told, Unseen):
        troubles.setdefault(page, told)
        return None
    return told


def _anything(told: Answers) -> bool:
    return bool(told.selfmenu or told.auto_reply is not None or told.published or told.days)


def _identity(visit: Visit, told: Answers) -> tuple[Identity, str]:
    """Whose interfaces these are, and what speaks against it.

    A token proves that the account exists and is not blocked, and belongs to the account it was filed for; the long links
    of its posts carry `__biz`, which has to agree (guard 2).
    """
    found = sorted(biz for biz in days.biz_of(told.posts) if is_biz(biz))
    if len(found) > 1:
        return Identity(ids={}, name=""), f"接口列出的文章分属多个账号(__biz {found[0]}、{found[1]})"
    ids = {"biz": found[0]} if found else {}
    if visit.account is None:
        return Identity(ids=ids, name=""), ""
    identity = Identity(ids={**visit.account.ids, **ids}, name=visit.account.name)
    wrong = disagreement(visit.account, identity)
    return identity, f"所填接口凭证不是本账号的:{wrong}" if wrong else ""


def _posts(told: Answers) -> Seen | Unseen:
    by_day = days.posts(told.days)
    if by_day is not None:
        return beside(by_day, told.published.posts if told.published else ())
    if told.published and told.published.posts:
        found = told.published.posts
        return Seen(value=Posts(items=found, as_of=found[0].at), outcome=Outcome.PARTIAL)
    if why := told.troubles.get("totaldetail") or loudest(told.troubles.values()):
        return why
    if told.days:
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="平台尚未给出逐日数据(is_delay),稍后再问")
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="没有问过逐日发文数据")


def beside(by_day: Posts, published: Sequence[Post]) -> Seen:
    """The daily figures; where the list of published articles holds a newer one that they lack, they prove no silence.

    Its own date is not believed: it may be that of an edit (guards 9 and 10).
    """
    known = {post.id for post in by_day.items}
    newest = max((post.at for post in by_day.items), default=by_day.complete_since)
    lacking = [post for post in published if post.id not in known and post.at <= by_day.as_of]
    if newest is None or all(day(post.at) <= day(newest) for post in lacking):
        return Seen(value=by_day)
    return Seen(value=replace(by_day, complete_since=None), outcome=Outcome.PARTIAL)


def _comments(told: Answers) -> Seen | Unseen:
    policy = published.comment_policy(told.posts)
    if policy is not None:
        return Seen(value=policy)
    untold = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="接口没有给出文章的留言设置")
    return told.troubles.get("freepublish", untold)


def _menu(told: Answers, exchanges: Sequence[Exchange], whose: Identity) -> Seen | Unseen:
    """The menu with the ways to speak; these were all asked for only when all three interfaces answered."""
    if told.selfmenu is None:
        unasked = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有问过自定义菜单(get_current_selfmenu_info)")
        return told.troubles.get("selfmenu") or loudest(told.troubles.values()) or unasked
    whole = told.auto_reply is not None and told.published is not None and told.published.whole
    entries = targets.read(told.selfmenu.entries, exchanges, whose.ids)
    channels = Found(hits=(*menu.ways_to_speak(entries), *published.open_comments(told.posts)), whole=whole)
    return Seen(value=Menu(is_open=told.selfmenu.is_open, entries=entries, channels=channels, auto_reply=told.auto_reply))


def _wall(seen: Seen | Unseen) -> Unseen | None:
    """What stood before a link of the menu, for the lane to heed."""
    return targets.wall(seen.value.entries) if isinstance(seen, Seen) and isinstance(seen.value, Menu) else None


def _notes(told: Answers) -> tuple[str, ...]:
    return (
        *(told.selfmenu.notes if told.selfmenu else ()),
        *({True: ("已开启自动回复(不单独算作互动功能)",), False: ("未开启自动回复",), None: ()}[told.auto_reply]),
        *(days.gaps(told.days, told.asked_for) if told.days else ()),
        *((f"已发布文章共 {told.published.total} 篇,未读全",) if told.published and not told.published.whole else ()),
    )
