"""Sharing a sweep among the machines: which lanes it needs, given what they have; and what a person decides of its lanes."""

from collections.abc import Mapping
from dataclasses import replace

from tracker import audit
from tracker.adapter import Adapter
from tracker.capture import SHUT
from tracker.clock import Clock, day
from tracker.cluster.lines import access_of_lanes, access_of_machines, left_in, lines_of, narrowed, queue_of
from tracker.cluster.means import postgres
from tracker.errors import UsageError
from tracker.model import Outcome, Window
from tracker.proof import Setting
from tracker.recording import unread
from tracker.store import LaneStanding, QueuedLane, SweepRecord, SweepStanding
from tracker.store.machine_records import ENDED
from tracker.sweep import REACH, Recorder, plan, record_shut_out, shut_out
from tracker.workspace import Workspace

_LATELY = 24 * 3600.0
"""Seconds: a machine that was not there for longer is not counted on."""


def share(ws: Workspace, sweep: SweepRecord, adapters: Mapping[str, Adapter], *, clock: Clock) -> tuple[QueuedLane, ...]:
    """Queue all that is left of a sweep, begun or not; returns its lanes. Raises UsageError when no machine is there.

    A lane that was late or cancelled is queued again; one that met a wall waits for `resume`.
    """
    postgres(ws.settings.database)
    machines = [one for one in ws.store.machines() if one.age < _LATELY]
    if not machines:
        raise UsageError("还没有一台机器在工作;请先在至少一台机器上运行 tracker worker,再开批次")
    known = ws.store.queued_lanes(sweep.name)
    access = access_of_lanes(known) if known else access_of_machines(machines)
    jobs = plan(ws, sweep, adapters, access, today=day(clock()))
    with ws.store.transaction():
        if ws.store.sweep_head(sweep.name) is None:
            ws.start_sweep(sweep)
        ws.store.queue_sweep(sweep.name, lines_of(sweep.name, jobs, access, adapters))
        for line in ws.store.queued_lanes(sweep.name):
            if line.standing in (LaneStanding.LATE, LaneStanding.CANCELLED):
                ws.store.stand_lane(line.id, LaneStanding.QUEUED)
        ws.store.stand_sweep(sweep.name, SweepStanding.OPEN)
    record_shut_out(ws, sweep, shut_out(sweep, jobs, adapters, access), adapters, access, clock=clock)
    return ws.store.queued_lanes(sweep.name)


def weekly(ws: Workspace, adapters: Mapping[str, Adapter], *, clock: Clock) -> str:
    """Open and share this day's weekly sweep of all accounts, once; returns its name. Raises UsageError."""
    today = day(clock())
    name = f"{today:%Y-%m-%d}-每周"
    accounts = ws.store.accounts()
    if ws.store.queued_sweep(name) is None and accounts:
        window = Window(since=today - REACH, until=today)
        period = ws.period_on(today)
        sweep = SweepRecord(
            name=name,
            kind="weekly",
            period=period,
            check_date=None,
            window=window,
            started_at=clock(),
            accounts=tuple(accounts),
        )
        share(ws, sweep, adapters, clock=clock)
        audit.by_itself(ws.store, clock(), "worker sweep", "done", targets=f"sweep={name}")
    return name


def resume(ws: Workspace, name: str) -> int:
    """A person freed what stopped a lane (`platform` or `platform:credential`): its work goes on in all open sweeps.

    Returns how many lanes are queued again. Raises UsageError when nothing of that name was stopped.
    """
    platform, _, credential = name.partition(":")
    freed = ws.store.free_lanes(platform, credential if ":" in name else None)
    again = 0
    for line in ws.store.queued_lanes():
        if line.standing is LaneStanding.STOPPED or (line.standing is LaneStanding.QUEUED and line.wait > 0):
            again += name in (platform_of(line), queue_of(line)) and ws.store.stand_lane(line.id, LaneStanding.QUEUED)
    if not freed and not again:
        raise UsageError(f"没有停下的通道 {name};用 tracker worker status 看哪些停了")
    return again


def platform_of(line: QueuedLane) -> str:
    """The lane's platform, which names all of its lanes."""
    return line.platform


def cancel(ws: Workspace, name: str) -> tuple[QueuedLane, ...]:
    """Take a sweep from the machines; returns the lanes that were not done. It stays open, for `share` or for one machine."""
    _open(ws, name)
    lines = [line for line in ws.store.queued_lanes(name) if line.standing is LaneStanding.QUEUED]
    with ws.store.transaction():
        ws.store.stand_sweep(name, SweepStanding.CANCELLED)
        for line in lines:
            ws.store.stand_lane(line.id, LaneStanding.CANCELLED, note="已取消")
    return tuple(lines)


def close(ws: Workspace, name: str, adapters: Mapping[str, Adapter], *, clock: Clock) -> int:
    """A person waits no longer for lanes that stopped or were late: what is left is recorded as not seen, with the reason.

    Returns how many accounts. Raises UsageError while a machine still works on the sweep. The machines judge it then.
    """
    _open(ws, name)
    lines = ws.store.queued_lanes(name)
    if any(line.standing is LaneStanding.QUEUED for line in lines):
        raise UsageError(f"批次 {name} 还有通道在做或在排队;请等它们停下,或先 tracker worker cancel {name}")
    sweep = ws.sweep(name)
    told = Setting(ws=ws, sweep=sweep, adapters=adapters, access=access_of_lanes(lines), clock=clock)
    sink, count = Recorder(ws, sweep, adapters, clock), 0
    for line in lines:
        if line.standing not in ENDED:
            count += _leave(narrowed(told, line), line, sink)
            ws.store.stand_lane(line.id, LaneStanding.CLOSED, note=line.note)
    ws.store.stand_sweep(name, SweepStanding.OPEN)
    return count


def _leave(told: Setting, line: QueuedLane, sink: Recorder) -> int:
    adapter = told.adapters[line.platform]
    left = [job for job in left_in(told, line) if not job.second]
    outcome = _why(told, line)
    for job in left:
        sink.record(replace(job.visit, route=job.routes[0]), unread(outcome, f"{SHUT}{line.note}", adapter))
    return len(left)


def _why(told: Setting, line: QueuedLane) -> Outcome:
    """The outcome that stopped the lane; where none did, nothing was to be observed."""
    pasts = told.ws.store.lane_pasts(line.platform)
    stopped = [one.stopped for one in pasts if one.lane in (line.credential, "*") and one.stopped]
    return Outcome(stopped[0]) if stopped else Outcome.NOT_OBSERVABLE


def _open(ws: Workspace, name: str) -> None:
    found = ws.store.queued_sweep(name)
    if found is None:
        known = "、".join(one.sweep for one in ws.store.queued_sweeps()) or "还没有"
        raise UsageError(f"批次 {name} 没有交给多台机器;交出去的批次:{known}")
    if found.standing is SweepStanding.DONE:
        raise UsageError(f"批次 {name} 已经做完并判定")
