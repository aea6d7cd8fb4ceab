"""Which accounts wait for a person, in order (待人工): what `tracker.due` asks for, without what was looked at just now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from math import ceil

from tracker import due
from tracker.clock import day
from tracker.console.checks import SMALL, meant_now
from tracker.console.desk import Desk
from tracker.drafts import PARKED
from tracker.model import Account
from tracker.people import EVERYTHING, Scope
from tracker.rulebook.profile import Profile
from tracker.store import AccountAsk, Draft, Looked, SweepHead
from tracker.workspace import Workspace

SECONDS = 15
"""What one look takes."""

_STANDS = timedelta(days=7)
"""So long a look answers for its account, whatever it left open: the work is weekly."""


class Stand(StrEnum):
    """How a task stands."""

    WAITING = "waiting"
    BEGUN = "begun"
    PARKED = "parked"
    """A link was handed in and waits to be opened."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One account on the work list."""

    account: Account
    stand: Stand
    ask: tuple[str, ...]
    """Columns to look at; empty for an account that nobody asked for."""
    last: due.Proven | None
    answered: Mapping[str, due.Answered]
    look: Looked | None
    """The last look of the check that is going on."""
    draft: Draft | None

    @property
    def open(self) -> bool:
        """Whether somebody still has to look."""
        return self.stand in (Stand.WAITING, Stand.BEGUN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What has to be looked at, in order, as it was when `known` was; `places` = account id → place in it."""

    known: object
    tasks: tuple[due.Task, ...]
    places: Mapping[str, int]


def work(desk: Desk, at: datetime) -> tuple[Wanted, str]:
    """What has to be looked at for today's check, and why that is not the last word (empty = it is).

    Worked out once for what is known; for a big registry behind the page, and what was known before is shown meanwhile.
    Raises UsageError.
    """
    ws, profile = desk.ws, desk.profile()
    known = ws.root, day(at), profile.digest, ws.store.work_state()
    found = desk.wanted if isinstance(desk.wanted, Wanted) else None
    if found is not None and found.known == known:
        return found, ""
    if ws.store.count_accounts(AccountAsk()) <= SMALL:
        desk.wanted = _wanted(desk, ws, profile, at, known)
        return desk.wanted, ""
    kept = found if found and isinstance(found.known, tuple) and found.known[0] == ws.root else None
    if kept and desk.working.rest:
        # what was looked at since is crossed out all the same: looks are asked for with every page
        return kept, f"有新记录,约 {ceil(desk.working.rest / 60)} 分钟后更新待看名单;刚看过的已经划掉"
    desk.working.start("待人工", lambda _: _behind(desk, ws, profile, at, known))
    state = desk.working.state
    again = f"没有算出待看名单:{state.error}" if state and state.error else "有新记录,正在更新待看名单;过一会儿刷新就能看到"
    return kept or Wanted(known=None, tasks=(), places={}), again


def _behind(desk: Desk, ws: Workspace, profile: Profile, at: datetime, known: object) -> str:
    desk.wanted = _wanted(desk, ws, profile, at, known)
    return "待看名单已更新"


def _wanted(desk: Desk, ws: Workspace, profile: Profile, at: datetime, known: object) -> Wanted:
    meant = meant_now(ws, at)
    found = due.work(ws, profile, desk.adapters, day(at))
    tasks = tuple(task for task in found if task.standing.account.account_id in meant)
    return Wanted(known=known, tasks=tasks, places={one.standing.account.account_id: place for place, one in enumerate(tasks)})


class Queue:
    """All accounts that somebody has to look at or has looked at in this check, nearest to a breach first.

    Nothing is made of a task before it is shown: there may be as many as there are accounts.
    """

    def __init__(
        self,
        desk: Desk,
        wanted: Wanted,
        looks: Mapping[str, Looked],
        drafts: Mapping[str, Draft],
        *,
        today: date,
        scope: Scope,
        again: str,
    ) -> None:
        self._desk, self._looks, self._drafts, self._today, self._scope = desk, looks, drafts, today, scope
        self.again = again
        """Why this is not the last word; empty = it is."""
        self._tasks, self._places = wanted.tasks, wanted.places
        if not scope.everything:
            self._tasks = tuple(one for one in wanted.tasks if scope.holds(one.standing.account))
            self._places = {one.standing.account.account_id: place for place, one in enumerate(self._tasks)}
        self._shut = {
            own: stand
            for own in {*looks, *drafts}
            if own in self._places and (stand := self._stand(own)) in (Stand.DONE, Stand.PARKED)
        }

    @property
    def left(self) -> int:
        """How many wait for a person."""
        return len(self._tasks) - len(self._shut)

    def waiting(self, start: int = 0, size: int | None = None) -> tuple[Item, ...]:
        """Those that wait, from a place on."""
        return tuple(map(self._item, islice(self._open(), start, None if size is None else start + size)))

    def parked(self) -> tuple[Item, ...]:
        """Those whose links wait to be opened."""
        ids = sorted((own for own, stand in self._shut.items() if stand is Stand.PARKED), key=self._places.__getitem__)
        return tuple(self._item(self._tasks[self._places[own]]) for own in ids)

    def done(self, most: int | None = None) -> tuple[Item, ...]:
        """Those that were looked at, asked for or not, the newest look first; at most so many."""
        ids = [own for own in self._looks if own not in self._places or self._shut.get(own) is Stand.DONE]
        newest = sorted(ids, key=lambda own: (self._looks[own].at, own), reverse=True)
        accounts = self._desk.ws.store.accounts_of(newest[:most] if most else newest)
        return tuple(self.item(accounts[own]) for own in newest if own in accounts and self._scope.holds(accounts[own]))

    def item(self, account: Account) -> Item:
        """This account's item; one that nobody asked for may be looked at all the same."""
        place = self._places.get(account.account_id)
        return self._item(self._tasks[place]) if place is not None else self._unasked(account)

    def following(self, account_id: str) -> str:
        """Id of the next account that somebody has to look at, after this one and then from the start; empty = none is left."""
        here = self._places.get(account_id, -1)
        behind = (one for one in self._ids(here + 1, len(self._tasks)) if one not in self._shut)
        before = (one for one in self._ids(0, max(here, 0)) if one not in self._shut)
        return next(behind, "") or next(before, "")

    def waits(self, account_id: str) -> bool:
        """Whether somebody has to look at this account."""
        return account_id in self._places and account_id not in self._shut

    def __iter__(self) -> Iterator[Item]:
        """Every item: those that were asked for in their order, then the others."""
        yield from map(self._item, self._tasks)
        yield from (one for one in self.done() if one.account.account_id not in self._places)

    def _ids(self, start: int, end: int) -> Iterator[str]:
        return (self._tasks[place].standing.account.account_id for place in range(start, end))

    def _open(self) -> Iterator[due.Task]:
        return (one for one in self._tasks if one.standing.account.account_id not in self._shut)

    def _item(self, task: due.Task) -> Item:
        account = task.standing.account
        own = account.account_id
        return Item(
            account=account,
            stand=self._stand(own),
            ask=task.ask,
            last=task.standing.last,
            answered=task.answered,
            look=self._looks.get(own),
            draft=self._drafts.get(own),
        )

    def _unasked(self, account: Account) -> Item:
        look, draft = self._looks.get(account.account_id), self._drafts.get(account.account_id)
        return Item(account=account, stand=Stand.DONE, ask=(), last=None, answered={}, look=look, draft=draft)

    def _stand(self, account_id: str) -> Stand:
        look, draft = self._looks.get(account_id), self._drafts.get(account_id)
        if draft is not None:
            handed_in = PARKED in draft.told and day(draft.at) == self._today
            return Stand.PARKED if handed_in else Stand.BEGUN
        looked = look is not None and self._today - (look.check_date or day(look.at)) < _STANDS
        return Stand.DONE if looked else Stand.WAITING


def queue(desk: Desk, check: SweepHead | None, at: datetime, scope: Scope = EVERYTHING) -> Queue:
    """The work list of a check, of those accounts that lie in a scope. Raises UsageError."""
    wanted, again = work(desk, at)
    looks = desk.ws.store.looked(check.name) if check else {}
    drafts = {draft.account_id: draft for draft in desk.ws.store.drafts(check.name)} if check else {}
    return Queue(desk, wanted, looks, drafts, today=day(at), scope=scope, again=again)
