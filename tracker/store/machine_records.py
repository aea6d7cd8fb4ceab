"""Records of many machines working on one sweep. Ages and waits are seconds by the database's clock, which all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LaneStanding(StrEnum):
    """How a lane stands in a sweep that the machines share."""

    QUEUED = "queued"
    """A machine works on it, or will."""
    DONE = "done"
    STOPPED = "stopped"
    """It met a wall, or failed again and again: a person is asked."""
    LATE = "late"
    """What the plan gave it is spent; the rest waits until somebody queues it again."""
    CANCELLED = "cancelled"
    CLOSED = "closed"
    """A person ended it: what was left is recorded as not seen."""


class SweepStanding(StrEnum):
    """How a sweep stands that the machines share."""

    OPEN = "open"
    CANCELLED = "cancelled"
    DONE = "done"


ENDED = frozenset({LaneStanding.DONE, LaneStanding.CLOSED})
"""Lanes that the end of a sweep need not wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine, when it was last there, and what it has: names of credentials, never their secrets."""

    name: str
    age: float = 0.0
    sessions: tuple[tuple[str, str, str], ...] = ()
    """Platform, kind (`Need.auth`), name of the credential."""
    grants: tuple[str, ...] = ()
    """Ids of accounts whose owner granted access."""
    unfit: Mapping[str, str] = field(default_factory=dict)
    """Account id → why its grant is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedSweep:
    """A sweep that the machines share; `judgement` = number of the one that ended it."""

    sweep: str
    standing: SweepStanding
    judgement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedLane:
    """A lane in a sweep. `auth` is the session's kind, `owner` for a grant, empty for a guest."""

    sweep: str
    platform: str
    credential: str = ""
    auth: str = ""
    public: bool = True
    """Whether it sends requests without credential: those of a platform keep one pace together, on whichever machine."""
    standing: LaneStanding = LaneStanding.QUEUED
    note: str = ""
    wait: float = 0.0
    """Seconds until it may go on."""
    rests: int = 0
    """How often it rested after being sent away."""
    faults: int = 0
    """How often it failed in a row for a reason of ours (disk, database)."""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePast:
    """What is known of a lane before it is opened. `lane`: the credential, empty for guests, `*` for all anonymous requests."""

    platform: str
    lane: str
    request_age: float
    visit_age: float
    visits: int
    stopped: str = ""
    """Outcome that stopped it; empty = it works."""
    detail: str = ""
    rest: float = 0.0
    """Seconds that the stop still lasts; infinite = until a person frees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Which machine is at work in a lane (by its lock's name), for how long, and when it last said so."""

    name: str
    holder: str
    age: float
    beat: float
