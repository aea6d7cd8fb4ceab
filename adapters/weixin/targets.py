"""What the links of a menu lead to, each opened once as a plain public page, after all that the owner's interfaces tell.

A finding needs a page that was understood (formats/weixin.md §4, §6): deleted, or a list that states that it is empty. What a
wall hides, what another host holds and what only the client of the platform can show stays unknown, with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from adapters.weixin import article, lists
from adapters.weixin.answers import is_challenge_url
from adapters.weixin.ids import PAGE_HOST, claims, ids_in, own
from adapters.weixin.lists import Listed
from tracker.adapter import Ask, Unread, attempt
from tracker.model import Exchange, MenuEntry, Outcome, Target, Unseen
from tracker.payload import host_of

PAGES = ("album", "homepage", "article")
WALLS = frozenset({Outcome.CHALLENGE, Outcome.LOGIN_WALL, Outcome.RATE_LIMITED, Outcome.REFUSED})
"""After one of these no further link is opened; the lane is told."""
MOST = 20
"""Links opened at most; the platform allows 15 entries."""
VISIT = 80
"""Exchanges that the engine grants to one visit: links take what the days left."""
_LINKS = ("view", "news")
"""Kinds of entries that hold a web address; `click` and `miniprogram` open nothing that a machine may read."""
_CLIENT_ONLY = ("/mp/profile_ext", "/mp/about", "/mp/getverifyinfo")
_EXTERNAL = Target(outcome=Outcome.NOT_OBSERVABLE, detail="外部链接,程序不打开,请人工查看")
_IN_CLIENT = Target(outcome=Outcome.NOT_OBSERVABLE, detail="这种页面程序不能核对,请在微信内人工查看")
_UNOPENED = Target(outcome=Outcome.NOT_RECORDED, detail="本次没有打开这个链接")
_AFTER_WALL = Target(outcome=Outcome.NOT_RECORDED, detail="前面的链接被平台拦下后没有再打开")


def following(entries: Sequence[MenuEntry], so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """The next link to open, one at a time: the last answer decides whether any other is opened."""
    opened = [one for one in so_far if one.page in PAGES]
    if opened and _seen(opened[-1], {}).outcome in WALLS:
        return ()
    room = min(MOST, VISIT - len(so_far) + len(opened))
    return _distinct(_wanted(entries))[:room][len(opened) : len(opened) + 1]


def wall(entries: Sequence[MenuEntry]) -> Unseen | None:
    """The first wall that stood behind an entry, None where none did."""
    told = (entry.target for entry in entries if entry.target and entry.target.outcome in WALLS)
    return next((Unseen(outcome=one.outcome, detail=one.detail) for one in told), None)


def read(entries: Sequence[MenuEntry], exchanges: Sequence[Exchange], ours: Mapping[str, str]) -> tuple[MenuEntry, ...]:
    """The entries with what their links showed; `ours` are the account's ids."""
    opened = [one for one in exchanges if one.page in PAGES]
    wanted = _wanted(entries)
    asked = [ask.url for ask in _distinct(wanted)][: len(opened)]
    found = {url: _seen(one, ours) for url, one in _paired(asked, opened).items()}
    left = _AFTER_WALL if any(one.outcome in WALLS for one in found.values()) else _UNOPENED
    told = {link: found.get(ask.url, left) for link, ask in wanted.items()}
    return tuple(entry if entry.target or not entry.url else replace(entry, target=_of(entry, told)) for entry in entries)


def _of(entry: MenuEntry, told: Mapping[str, Target]) -> Target | None:
    if entry.kind not in _LINKS:
        return None
    if entry.url in told:
        return told[entry.url]
    return _IN_CLIENT if host_of(entry.url, "http", "https") == PAGE_HOST else _EXTERNAL


def _wanted(entries: Sequence[MenuEntry]) -> dict[str, Ask]:
    """Link as the menu has it → how to ask for it, in the order of the menu."""
    return {entry.url: ask for entry in entries if entry.kind in _LINKS and (ask := _ask(entry.url))}


def _distinct(wanted: Mapping[str, Ask]) -> tuple[Ask, ...]:
    """Links that come to the same page are asked once."""
    return tuple({ask.url: ask for ask in wanted.values()}.values())


def _ask(link: str) -> Ask | None:
    """How a link on the page host is asked for, None for another host and for pages that only the client shows."""
    if not claims(link) or urlsplit(link).path.startswith(_CLIENT_ONLY):
        return None
    secure = "https://" + link.split("://", 1)[-1].split("#", 1)[0]
    listed = lists.ask(secure)
    return listed[0] if listed else Ask(page="article", url=secure)


def _paired(asked: Sequence[str], opened: Sequence[Exchange]) -> dict[str, Exchange]:
    """Address asked for → its answer: by address, and answers that came from elsewhere (redirects) in the order of asking."""
    direct = {one.url: one for one in opened if one.url in asked}
    moved = iter([one for one in opened if one.url not in direct])
    return {url: one for url in asked if (one := direct.get(url) or next(moved, None))}


def _seen(exchange: Exchange, ours: Mapping[str, str]) -> Target:
    """What one opened page shows; whatever is not understood is unknown."""
    if _leads_away(exchange):
        return _EXTERNAL
    told = attempt("菜单链接", _list if exchange.page in ("album", "homepage") else _article, exchange, ours)
    if isinstance(told, Target):
        return told
    return _unread(exchange, told, ours)


def _leads_away(exchange: Exchange) -> bool:
    target = exchange.headers.get("location", "") if 300 <= exchange.status < 400 else ""
    return host_of(target) not in ("", PAGE_HOST) and not is_challenge_url(target)


def _article(exchange: Exchange, ours: Mapping[str, str]) -> Target:
    """A single article: no column, so its date says nothing of one."""
    who, title = article.shown(exchange)
    return Target(outcome=Outcome.OK, title=title, own=own(ours, who.ids))


def _list(exchange: Exchange, ours: Mapping[str, str]) -> Target:
    found = lists.listed(exchange)
    if not found.posts and found.total != 0:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "列表没有给出文章,也没有说明篇数")
    return Target(
        outcome=Outcome.OK if found.posts else Outcome.EMPTY,
        detail="" if found.posts else "列表没有文章",
        title=found.title or found.name,
        own=_whose(found, ours),
        items=found.total if found.total is not None else len(found.posts) if found.whole else None,
        latest=max((post.at for post in found.posts), default=None),
        exact=found.whole and bool(found.posts),
    )


def _whose(found: Listed, ours: Mapping[str, str]) -> bool | None:
    """By the rows' links: the address of a list is answered whatever `__biz` it names."""
    told = {own(ours, {"biz": biz}) for biz in found.biz}
    return told.pop() if len(told) == 1 else None


def _unread(exchange: Exchange, why: Unseen, ours: Mapping[str, str]) -> Target:
    """A page without article or list. A notice that an account was closed is a dead link if the link names another account."""
    mine = own(ours, ids_in(exchange.url))
    if why.outcome is not Outcome.GONE:
        return Target(outcome=why.outcome, detail=why.detail, own=mine)
    if mine is False:
        return Target(outcome=Outcome.ITEM_GONE, detail=why.detail, own=False)
    return Target(outcome=Outcome.INCONSISTENT, detail=f"{why.detail},而本账号的接口正常")
