"""Which accounts wait for a person, in order (待人工): what `tracker.due` asks for, without what was looked at just now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker import due
from tracker.adapter import Adapter
from tracker.clock import day
from tracker.console.checks import meant_now
from tracker.drafts import PARKED
from tracker.model import Account, Route, StoredVisit
from tracker.store import Draft, SweepRecord
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
    look: StoredVisit | None
    """The last look of the check that is going on."""
    draft: Draft | None

    @property
    def open(self) -> bool:
        """Whether somebody still has to look."""
        return self.stand in (Stand.WAITING, Stand.BEGUN)


def work(ws: Workspace, adapters: Mapping[str, Adapter], at: datetime) -> tuple[due.Task, ...]:
    """What has to be looked at for today's check: where its accounts were drawn, of those alone. Raises UsageError."""
    wanted = meant_now(ws, at)
    found = due.work(ws, ws.profile(), adapters, day(at))
    return tuple(task for task in found if task.standing.account.account_id in wanted)


def queue(ws: Workspace, adapters: Mapping[str, Adapter], sweep: SweepRecord | None, at: datetime) -> tuple[Item, ...]:
    """All accounts that somebody has to look at or has looked at in this check, nearest to a breach first. Raises UsageError."""
    today = day(at)
    looks = _looks(ws.store.visits(sweep.name)) if sweep else {}
    drafts = {draft.account_id: draft for draft in ws.store.drafts(sweep.name)} if sweep else {}
    wanted = {task.standing.account.account_id: task for task in work(ws, adapters, at)}
    asked = [_item(task, looks, drafts, today) for task in wanted.values()]
    rest = [one for one in ws.store.accounts() if one.account_id in looks and one.account_id not in wanted]
    return (*asked, *(_unasked(one, looks, drafts) for one in rest))


def item(
    ws: Workspace, adapters: Mapping[str, Adapter], sweep: SweepRecord | None, account: Account, found: Sequence[Item]
) -> Item:
    """This account's item of a queue; one that nobody asked for may be looked at all the same."""
    known = next((one for one in found if one.account.account_id == account.account_id), None)
    if known is not None:
        return known
    draft = ws.store.draft(sweep.name, account.account_id) if sweep else None
    return _unasked(account, {}, {account.account_id: draft} if draft else {})


def following(found: Iterable[Item], account_id: str) -> str:
    """Id of the next account that somebody has to look at, after this one and then from the start; empty = none is left."""
    waiting = [one.account.account_id for one in found if one.open or one.account.account_id == account_id]
    if account_id not in waiting:
        return waiting[0] if waiting else ""
    place = waiting.index(account_id)
    rest = (*waiting[place + 1 :], *waiting[:place])
    return rest[0] if rest else ""


def _looks(visits: Iterable[StoredVisit]) -> dict[str, StoredVisit]:
    return {visit.account_id: visit for visit in visits if visit.route is Route.MANUAL}


def _item(task: due.Task, looks: Mapping[str, StoredVisit], drafts: Mapping[str, Draft], today: date) -> Item:
    account = task.standing.account
    look, draft = looks.get(account.account_id), drafts.get(account.account_id)
    return Item(
        account=account,
        stand=_stand(look, draft, today),
        ask=task.ask,
        last=task.standing.last,
        answered=task.answered,
        look=look,
        draft=draft,
    )


def _unasked(account: Account, looks: Mapping[str, StoredVisit], drafts: Mapping[str, Draft]) -> Item:
    look, draft = looks.get(account.account_id), drafts.get(account.account_id)
    return Item(account=account, stand=Stand.DONE, ask=(), last=None, answered={}, look=look, draft=draft)


def _stand(look: StoredVisit | None, draft: Draft | None, today: date) -> Stand:
    if draft is not None:
        handed_in = PARKED in draft.told and day(draft.at) == today
        return Stand.PARKED if handed_in else Stand.BEGUN
    looked = look is not None and today - (look.check_date or day(look.at)) < _STANDS
    return Stand.DONE if looked else Stand.WAITING
