"""The “文章” tab of an account page, the column that inspectors look at (formats/weibo.md §3 tabList; domain/rules.md COL-01).

Its list has the shape of the post list with `feature=10`. Which is why it is never taken for that list: articles alone say
nothing of when the account last posted.
"""

from collections.abc import Sequence

from adapters.weibo import lists
from adapters.weibo.lists import ListPage
from tracker.model import Exchange, Menu, MenuEntry, Outcome, Posts, Seen, Target, Unseen, Visit
from tracker.payload import argument

TAB = "文章"
WALLS = frozenset({Outcome.LOGIN_WALL, Outcome.CHALLENGE, Outcome.RATE_LIMITED, Outcome.REFUSED, Outcome.AUTH})
"""What the lane has to heed wherever it is met; any other trouble of the tab is the tab's alone."""
_FEATURE = "10"


def tab_url(uid: str) -> str:
    """The address of the tab."""
    return f"https://weibo.com/u/{uid}?tabtype=article"


def of_tab(exchange: Exchange) -> bool:
    """Whether an answer belongs to the tab: its list, whatever its page is called, or the document that was opened for it."""
    if exchange.page == "home":
        return argument(exchange.url, "tabtype") == "article"
    return exchange.page == "articles" or (exchange.page == "mymblog" and argument(exchange.url, "feature") == _FEATURE)


def menu(tabs: Sequence[str], pages: Sequence[ListPage | Unseen], uid: str, visit: Visit) -> Seen | None:
    """The tab with what its list showed; None where the page neither names the tab nor gave its list."""
    if not uid or (TAB not in tabs and not pages):
        return None
    entry = MenuEntry(path=TAB, kind="tab", url=tab_url(uid), target=_target(pages, uid, visit) if pages else None)
    # other tabs and the pinned links were not looked at
    return Seen(value=Menu(is_open=True, entries=(entry,), listed=False))


def _target(pages: Sequence[ListPage | Unseen], uid: str, visit: Visit) -> Target:
    """The guards of the post list hold here, too; an empty tab is what a session of little worth gets, never a proof."""
    read = [page for page in pages if isinstance(page, ListPage)]
    if not read:
        return _unread(next(page for page in pages if isinstance(page, Unseen)))
    if not any(page.rows or page.tip for page in read):
        return _unread(Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="栏目没有给出内容,不能据此判定空白"))
    found = lists.listing(read, uid, None, visit).posts
    if isinstance(found, Unseen) or not isinstance(found.value, Posts):
        return _unread(found)
    latest, exact = found.value.latest, found.value.exact
    return Target(
        outcome=found.outcome if found.outcome is Outcome.RESTRICTED else Outcome.OK,
        title=TAB,
        own=True,
        items=len(found.value.items) if exact and read[-1].ended else None,
        latest=latest.at if latest else None,
        exact=exact,
    )


def _unread(why: Seen | Unseen) -> Target:
    return Target(outcome=why.outcome, detail=why.detail if isinstance(why, Unseen) else "", title=TAB)
