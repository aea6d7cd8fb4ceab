"""Which runs are due now. What was missed while the machine was off is made up for once: the last instant alone counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.clock import SHANGHAI
from tracker.holidays import Calendar
from tracker.settings import ScheduleSettings
from tracker.store import RunEvent, RunStep, Store
from tracker.timetable import Rhythm, parse, span
from tracker.workspace import Workspace

TITLES: Mapping[str, str] = {"sweep": "每周巡检", "due": "到期提醒", "backup": "备份"}
"""Run, as tracker.toml's [schedule] calls it → what people call it."""

NAMES = tuple(TITLES)

MOST_CRASHES = 3
"""A run that died so often one after the other, without a word, is not begun again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A run that has to be begun. `at` = the instant it was meant for; `attempt` from 1."""

    name: str
    at: datetime
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How one run stands. `next` None = not scheduled."""

    name: str
    told: str
    next: datetime | None
    last: RunStep | None
    """The last step of its last run; None = it never ran."""
    due: bool
    """Whether it would be begun now."""


def due_runs(ws: Workspace, now: datetime) -> tuple[Due, ...]:
    """The runs that have to be begun now, by what tracker.toml says and what was done before.

    A rhythm that is new in tracker.toml is noted with the time: what lies before it was not missed.
    """
    _note(ws.store, ws.settings.schedule, now)
    if not any(getattr(ws.settings.schedule, name) for name in NAMES):
        return ()
    hours = span(ws.settings.schedule.hours)
    if hours is not None and not hours.holds(now.astimezone(SHANGHAI).time()):
        return ()
    return tuple(_due(ws, now))


def coming(ws: Workspace, now: datetime) -> tuple[Coming, ...]:
    """Every run that may be scheduled: when next, and what became of it last."""
    schedule, calendar = ws.settings.schedule, calendar_of(ws)
    begin = {one.name: one for one in due_runs(ws, now)}
    return tuple(
        Coming(
            name=name,
            told=getattr(schedule, name),
            next=rhythm.following(now, calendar, schedule.holidays) if (rhythm := _rhythm(schedule, name)) else None,
            last=next((one for one in reversed(ws.store.run_steps(name)) if one.event is not RunEvent.TOLD), None),
            due=name in begin,
        )
        for name in NAMES
    )


def following(steps: Sequence[RunStep], due: datetime, name: str, now: datetime) -> Due | None:
    """The attempt that is to be made next, by the steps of this run so far; None = nothing is left to do, or not yet."""
    mine = [one for one in steps if one.event is not RunEvent.TOLD]
    last = mine[-1] if mine else None
    if last is None:
        return Due(name=name, at=due)
    if last.event is RunEvent.ENDED or (last.event is RunEvent.PAUSED and last.again and last.again > now):
        return None
    return Due(name=name, at=due, attempt=last.attempt + 1)


def crashed(steps: Sequence[RunStep]) -> int:
    """How many attempts, the last ones, were begun and never heard of again."""
    count = 0
    for one in reversed(steps):
        if one.event is not RunEvent.BEGUN:
            break
        count += 1
    return count


def calendar_of(ws: Workspace) -> Calendar:
    """The holidays that count here: the office's own table over the shipped one."""
    return ws.profile().calendar


def _due(ws: Workspace, now: datetime) -> Iterator[Due]:
    schedule, calendar = ws.settings.schedule, calendar_of(ws)
    for name in NAMES:
        rhythm, since = _rhythm(schedule, name), ws.store.last_run(name, RunEvent.TOLD)
        meant = rhythm.latest(now, calendar, schedule.holidays) if rhythm else None
        if meant is None or since is None or meant < since.at:
            continue
        if found := following(ws.store.run_steps(name, due=meant), meant, name, now):
            yield found


def _note(store: Store, schedule: ScheduleSettings, now: datetime) -> None:
    for name in NAMES:
        told, known = str(getattr(schedule, name)), store.last_run(name, RunEvent.TOLD)
        if told != (known.text if known else ""):
            store.add_run_step(RunStep(name=name, due=now, attempt=0, event=RunEvent.TOLD, at=now, text=told))


def _rhythm(schedule: ScheduleSettings, name: str) -> Rhythm | None:
    told = str(getattr(schedule, name))
    return parse(told) if told else None
