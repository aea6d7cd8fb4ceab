"""One live run of a sweep, the same from the command line, the page and the schedule: what may be used, the plan, the visits."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256

from tracker.access import Allowed, learn, vault_of
from tracker.adapter import Adapter, Pace
from tracker.capture import Fetchers, Lane, Progress
from tracker.clock import Clock
from tracker.drift import freeze
from tracker.evidence import lock
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

    Whatever happens, the credentials that were used remember how it went. Raises UsageError when another sweep uses a lane.
    """
    with only_in(made.setting.ws, {job.lane for job in made.plan.jobs}):
        return await _go(made, fetchers=fetchers, progress=progress, stop=stop, finish=finish)


@contextmanager
def only_in(ws: Workspace, lanes: Collection[Lane]) -> Iterator[None]:
    """Be the only one on this machine that uses these lanes: two sweeps at once would ask a platform at twice its pace.

    Raises UsageError naming the lane that another process, or another page, uses.
    """
    with ExitStack() as held:
        for lane in sorted(lanes, key=lambda one: (one.platform, one.credential)):
            # a credential's name may hold what no file name takes
            name = sha256(f"{lane.platform}\n{lane.credential}".encode()).hexdigest()[:16]
            told = f"{lane.platform}{f'({lane.credential})' if lane.credential else ''}"
            taken = f"另一次巡检正在使用通道 {told};同一通道不能两处同时看,请等它做完,或停下它再试"
            held.enter_context(lock.alone(ws.evidence.root / ".locks" / f"lane-{name}.lock", taken, wait=0))
        yield


async def _go(made: Ready, *, fetchers: Fetchers, progress: Progress, stop: asyncio.Event, finish: bool) -> Ended:
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
