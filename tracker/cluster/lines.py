"""A lane as the machines share it: its queue, the locks it takes, which accounts go through it, and with what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.adapter import Adapter
from tracker.capture import Job, Lane
from tracker.model import Route
from tracker.proof import Setting, planned
from tracker.store import Machine, QueuedLane
from tracker.sweep import Access, plan

OWNER = "owner"
"""`QueuedLane.auth` of an owner's grant."""
DESK = "desk"
"""Queue of what needs no lane: the end of a sweep."""


def lane_of(line: QueuedLane) -> Lane:
    """The engine's lane."""
    return Lane(platform=line.platform, credential=line.credential)


def queue_of(line: QueuedLane) -> str:
    """The queue in which the lane's work waits: who has its credential listens to it."""
    return f"{line.platform}:{line.credential}" if line.credential else line.platform


def locks_of(line: QueuedLane) -> tuple[str, ...]:
    """What nobody else may hold meanwhile: the lane, and, where it sends anonymous requests, those of its platform."""
    own = (f"lane/{line.platform}/{line.credential}",)
    return (*own, f"public/{line.platform}") if line.public else own


def queues_of(machine: Machine, platforms: Iterable[str], only: Sequence[str] = ()) -> list[str]:
    """The queues that a machine listens to; `only` = some of them, or all of some platforms."""
    told = [f"{platform}:{name}" for platform, _, name in machine.sessions]
    by_grant = [f"{platform}:{own}" for platform in platforms for own in machine.grants]
    found = dict.fromkeys((*platforms, *told, *by_grant))
    kept = [one for one in found if not only or one in only or one.partition(":")[0] in only]
    return [DESK, *kept]


def access_of_machines(machines: Iterable[Machine]) -> Access:
    """What all of them together may use; what is unfit on one and fit on another is fit."""
    sessions: dict[tuple[str, str], str] = {}
    grants: set[str] = set()
    unfit: dict[str, str] = {}
    for one in machines:
        sessions |= {(platform, auth): name for platform, auth, name in one.sessions}
        grants |= set(one.grants)
        unfit |= one.unfit
    return Access(sessions=sessions, grants=grants, unfit={own: why for own, why in unfit.items() if own not in grants})


def access_of_lanes(lines: Iterable[QueuedLane]) -> Access:
    """What a sweep was queued with: it stays so, whoever comes and goes."""
    held = tuple(lines)
    sessions = {(one.platform, one.auth): one.credential for one in held if one.auth not in ("", OWNER)}
    return Access(sessions=sessions, grants={one.credential for one in held if one.auth == OWNER})


def lines_of(sweep: str, jobs: Iterable[Job], access: Access, adapters: Mapping[str, Adapter]) -> tuple[QueuedLane, ...]:
    """The lanes that jobs need, in their order."""
    auths = {(platform, name): auth for (platform, auth), name in access.sessions.items()}
    found: dict[Lane, QueuedLane] = {}
    for job in jobs:
        lane = job.lane
        auth = auths.get((lane.platform, lane.credential), OWNER) if lane.credential else ""
        line = found.get(lane) or QueuedLane(
            sweep=sweep, platform=lane.platform, credential=lane.credential, auth=auth, public=False
        )
        found[lane] = replace(line, public=line.public or any(route is not Route.API for route in job.routes))
    return tuple(found.values())


def narrowed(told: Setting, line: QueuedLane) -> Setting:
    """The same with those accounts only that can go through the lane."""
    held = told.sweep.accounts
    if line.auth == OWNER:
        own = tuple(one for one in held if one.account_id == line.credential)
    else:
        own = tuple(one for one in held if one.platform == line.platform)
    return replace(told, sweep=replace(told.sweep, accounts=own))


def left_in(told: Setting, line: QueuedLane) -> tuple[Job, ...]:
    """All that is left to do in a lane, whether the week has hours for it or not."""
    ws, sweep = told.ws, told.sweep
    first = plan(ws, sweep, told.adapters, told.access, today=told.today)
    again = [job for job in planned(told).jobs if job.second]
    return tuple(job for job in (*first, *again) if job.lane == lane_of(line))
