"""When a lane is tried again: by the outcome that stopped it, and after a failure of our own (the table of `tracker.model`)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from tracker.clock import SHANGHAI
from tracker.model import HANDLING, Handling, Outcome

RESTS = 3
"""So often a lane that was sent away is tried again by itself in one sweep; then a person is asked."""
FAULTS = 5
"""So often in a row a lane is tried again after a failure of our own: disk full, folder not to be written."""
_HOUR = 3600.0
_MORNING = time(0, 30)
_REST: Mapping[Outcome, float] = {Outcome.RATE_LIMITED: _HOUR, Outcome.REFUSED: 24 * _HOUR}


class Again(Exception):
    """The lane is given back: whoever is free takes it after so many seconds."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds


def rest_after(outcome: Outcome, at: datetime) -> float | None:
    """Seconds that a lane rests after it was stopped; None = until a person has looked."""
    if HANDLING[outcome] is not Handling.REST:
        return None
    if outcome is Outcome.QUOTA:
        tomorrow = at.astimezone(SHANGHAI).date() + timedelta(days=1)
        return (datetime.combine(tomorrow, _MORNING, SHANGHAI) - at).total_seconds()
    return _REST[outcome]


def wait_after(fault: int, beat: float) -> float:
    """Seconds until the next try after so many failures in a row."""
    return 3 * beat * float(2**fault)
