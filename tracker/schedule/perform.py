"""Doing one run: alone, once, and with a sentence at its end that is kept."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker import audit
from tracker.clock import SHANGHAI, Clock
from tracker.errors import TrackerError, UsageError
from tracker.evidence import lock
from tracker.schedule.runs import MOST_CRASHES, TITLES, Due, crashed, following
from tracker.store import RunEvent, RunStep
from tracker.workspace import Workspace

_LATE = 600
"""Seconds after which a run was missed and is made up for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run came to. `again`: it is not finished, and goes on then."""

    text: str
    again: datetime | None = None


Act = Callable[[Workspace, Due], Done]
"""Does the work of a run. May raise TrackerError: the run has failed then; KeyboardInterrupt: it goes on later."""


_TAKEN = "另一个 tracker 正在做这一项;请等它做完"


@contextmanager
def alone(ws: Workspace, name: str) -> Iterator[bool]:
    """Whether this process is the only one that does the run, on this machine and on any other with the same database."""
    with ExitStack() as held:
        try:
            held.enter_context(lock.alone(ws.root / f".schedule-{name}.lock", _TAKEN, wait=0))
        except UsageError as error:
            if str(error) != _TAKEN:
                raise
            mine = False
        else:
            mine = held.enter_context(ws.store.alone_among_machines(f"tracker schedule {name}"))
        yield mine


def busy(ws: Workspace, name: str) -> bool:
    """Whether the run is being done by some process."""
    with alone(ws, name) as mine:
        return not mine


def perform(ws: Workspace, due: Due, act: Act, *, clock: Clock) -> RunStep | None:
    """Do a run and keep what it came to; None when another process does it, or it was done meanwhile."""
    with alone(ws, due.name) as mine:
        steps = ws.store.run_steps(due.name, due=due.at) if mine else ()
        wanted = following(steps, due.at, due.name, clock()) if mine else None
        if wanted is None:
            return None
        if crashed(steps) >= MOST_CRASHES:
            text = f"连续{MOST_CRASHES}次中途意外结束,本次不再重试;请看日志,修好后用 tracker schedule run {due.name} 补做"
            return _kept(ws, wanted, "ended", clock(), text, failed=True)
        begun = RunStep(name=due.name, due=due.at, attempt=wanted.attempt, event=RunEvent.BEGUN, at=clock())
        return _do(ws, wanted, act, clock) if ws.store.add_run_step(begun) else None


def _do(ws: Workspace, due: Due, act: Act, clock: Clock) -> RunStep:
    late = "(补做)" if (clock() - due.at).total_seconds() > _LATE and due.attempt == 1 else ""
    try:
        done = act(ws, due)
    except TrackerError as error:
        return _kept(ws, due, "ended", clock(), f"{late}没有做成:{error}", failed=True)
    except KeyboardInterrupt:
        _kept(ws, due, "paused", clock(), f"{late}{TITLES[due.name]}被停下,下次启动时接着做", again=clock())
        raise
    return _kept(ws, due, "paused" if done.again else "ended", clock(), late + done.text, again=done.again)


def _kept(
    ws: Workspace,
    due: Due,
    event: Literal["paused", "ended"],
    at: datetime,
    text: str,
    *,
    failed: bool = False,
    again: datetime | None = None,
) -> RunStep:
    step = RunStep(
        name=due.name, due=due.at, attempt=due.attempt, event=RunEvent(event), at=at, text=text, failed=failed, again=again
    )
    ws.store.add_run_step(step)
    outcome = "failed" if failed else "done" if step.event is RunEvent.ENDED else str(step.event)
    targets = f"due={due.at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M} attempt={due.attempt}"
    audit.by_itself(ws.store, at, f"schedule {due.name}", outcome, targets=targets)
    return step
