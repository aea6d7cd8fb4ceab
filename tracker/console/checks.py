"""The check (批次) that pages write into and show, and its judgement, never older than what is known."""

from datetime import datetime

from tracker.clock import day
from tracker.console.desk import Desk
from tracker.due import bound_to
from tracker.judge import judge
from tracker.model import Window
from tracker.store import Judgement, SweepRecord
from tracker.sweep import REACH, name_for, open_sweep
from tracker.workspace import Workspace


def current_check(ws: Workspace, at: datetime) -> SweepRecord | None:
    """The check that today's looks and links go into: today's period's latest; outside any period the latest of the last weeks.

    None = it has not begun.
    """
    today = day(at)
    period = ws.period_on(today)
    checks = [sweep for sweep in ws.store.sweeps() if sweep.kind == "check"]
    if period:
        checks = [sweep for sweep in checks if sweep.period == period]
    else:
        checks = [sweep for sweep in checks if today - max(sweep.window.until, day(sweep.started_at)) <= REACH]
    return ws.store.whole(checks[-1]) if checks else None


def check_or_new(ws: Workspace, at: datetime) -> SweepRecord:
    """The same, begun now where there is none: with the drawn accounts, or the registry as it stands where nothing was drawn.

    Without a draw, accounts filed since then join it. Raises UsageError when the registry is empty.
    """
    # two pages may begin the check at the same moment: the one that comes second finds what the first made
    with ws.store.transaction():
        found, today = current_check(ws, at), day(at)
        if found is None:
            window, wanted = Window(since=today - REACH, until=today), meant_now(ws, at)
            accounts = [one for one in ws.store.accounts() if one.account_id in wanted]
            return open_sweep(ws, name_for(ws, today), at=at, window=window, accounts=accounts, source="网页版")
        bind(ws, found)
    return ws.sweep(found.name)


def meant_now(ws: Workspace, at: datetime) -> frozenset[str]:
    """Ids of the accounts that today's check is for, begun or not."""
    check = current_check(ws, at)
    return _meant(ws, check.period if check else ws.period_on(day(at)), check)


def _meant(ws: Workspace, period: str | None, check: SweepRecord | None) -> frozenset[str]:
    bound = bound_to(ws, period, check)
    if bound is not None:
        return bound
    return frozenset(one.account_id for one in (*ws.store.accounts(), *(check.accounts if check else ())))


def bind(ws: Workspace, check: SweepRecord) -> None:
    """Give a check the accounts that it is for now: what was drawn or filed since joins, what a later draw left out goes.

    No visit and no decision is touched: an account that a new draw takes in again has all that was seen of it.
    """
    wanted = _meant(ws, check.period, check)
    with ws.store.transaction():
        ws.store.extend_sweep(check.name, [one for one in ws.store.accounts() if one.account_id in wanted])
        ws.store.narrow_sweep(check.name, wanted)


def shown_check(ws: Workspace, at: datetime) -> SweepRecord | None:
    """The check that the list shows: today's, else the latest of all; weekly sweeps never decide it. None = nobody looked yet."""
    checks = [sweep for sweep in ws.store.sweeps() if sweep.kind == "check"]
    return current_check(ws, at) or (ws.store.whole(checks[-1]) if checks else None)


def judgement_of(desk: Desk, sweep: SweepRecord) -> Judgement:
    """The judgement of a check under the workspace's profile; judged anew where anything came in since the last time.

    Raises UsageError when the profile cannot be used.
    """
    ws, profile = desk.ws, desk.ws.profile()
    whom = tuple(one.account_id for one in sweep.accounts)
    known = ws.store.known_files(sweep.name), len(ws.store.decisions(sweep.name)), whom, profile.digest
    place = f"{ws.root}:{sweep.name}"
    if desk.judged.get(place) == known and (kept := ws.store.last_judgement(sweep.name)) and kept.profile == profile.name:
        return kept
    found = judge(ws, sweep, profile, desk.adapters, at=desk.clock())
    desk.judged[place] = known
    return found
