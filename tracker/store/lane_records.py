"""What the store keeps of lanes: what proved them, and which platforms are frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tracker.model.lane_state import LaneState


class Mark(NamedTuple):
    """A visit that said something of its lane. `at` as stored: UTC text that sorts by time."""

    platform: str
    lane: str
    at: str
    state: LaneState


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Judging of a platform's machine readings was frozen (冻结) for a sweep, or, `lifted`, goes on. The last one counts."""

    sweep: str
    platform: str
    why: str
    """Frozen: what was seen, as the list prints it. Lifted: a person's reason."""
    at: datetime
    who: str = ""
    lifted: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)
    """What was counted, by word."""
    samples: tuple[str, ...] = ()
    """Files of the visits that drifted, for whoever mends the adapter."""
