"""One live run of a sweep, the same from the command line, the page and the schedule: what may be used, the plan, the visits."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tracker.access import Allowed, learn, vault_of
from tracker.adapter import Adapter, Pace
from tracker.capture import Fetchers, Progress
from tracker.clock import Clock
from tracker.drift import freeze
from tracker.plan import Plan
from tracker.proof import Setting, care, planned
from tracker.store import Freeze, SweepRecord
from tracker.sweep import record_shut_out, run, shut_out
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A run before it begins: nothing was asked yet. `plan` says what it takes at most."""

    setting: Setting
    plan: Plan
    may: Allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of a run."""

    left: int
    """Accounts and links for which the week or a lane's budget had no room; they wait for the next run."""
    frozen: tuple[Freeze, ...] = ()
    """Platforms whose judging was paused: what came looks like a page that changed."""


def ready(
    ws: Workspace,
    sweep: SweepRecord,
    adapters: Mapping[str, Adapter],
    may: Allowed,
    *,
    clock: Clock,
    pace: Callable[[Adapter], Pace] | None = None,
    again: Collection[str] = (),
) -> Ready:
    """Plan what is left of a sweep, begun or not. `again` = ids of accounts to be visited once more (`resuming.walled`)."""
    setting = Setting(ws=ws, sweep=sweep, adapters=adapters, access=may.access, clock=clock, pace=pace, again=frozenset(again))
    return Ready(setting=setting, plan=planned(setting), may=may)


async def go(made: Ready, *, fetchers: Fetchers, progress: Progress, stop: asyncio.Event, finish: bool = True) -> Ended:
    """Make the visits of a sweep that is stored. It ends when nothing is left, unless not to `finish`; `stop` leaves the rest.

    Whatever happens, the credentials that were used remember how it went.
    """
    told, plan = made.setting, made.plan
    ws, sweep, adapters, access = told.ws, told.sweep, told.adapters, told.access
    record_shut_out(ws, sweep, shut_out(sweep, plan.jobs, adapters, access), adapters, access, clock=told.clock)
    try:
        # what the week has no hours for waits for another run: the sweep does not end before
        left = plan.late + await run(
            ws, sweep, plan.jobs, adapters, fetchers=fetchers, progress=progress, clock=told.clock, stop=stop, pace=told.pace,
            care=care(told, plan), finish=finish and not plan.late,
        )  # fmt: skip
    finally:
        if made.may.names:
            learn(vault_of(ws), made.may, plan.jobs, ws.store.visits(sweep.name), adapters)
    frozen = () if left or stop.is_set() else freeze(ws, sweep, at=told.clock())
    return Ended(left=left, frozen=frozen)
