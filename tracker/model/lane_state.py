"""What a look at a control account (对照账号) says of the lane it was made in (the guards of formats/)."""

from datetime import datetime, timedelta
from enum import StrEnum

from tracker.model.aspects import Observation, Posts, Seen
from tracker.model.outcome import HANDLING, IGNORANCE, Aspect, Handling, Outcome

BUSY = timedelta(days=3)
"""A control account posts every day; a whole list of it without a post so new hides the newest, as lists without login do."""

_CLAIMS = frozenset({Outcome.EMPTY, Outcome.GONE, Outcome.ITEM_GONE})


class LaneState(StrEnum):
    """What a visit proves of its lane."""

    GOOD = "good"
    """The control account's list is whole and new: what the lane does not show is not there."""
    HALF = "half"
    """Its posts are seen, not all of them (no login): the lane proves freshness and nothing else, whatever it says."""
    BAD = "bad"
    """It did not read as a busy account does: nothing that is missing here is missing there."""
    WALL = "wall"
    """Somebody's visit met a wall."""
    NONE = ""
    """Nothing."""


def of_control(said: Observation, at: datetime) -> LaneState:
    """What a look at the control account proves."""
    seen = said.aspects.get(Aspect.POSTS)
    if said.outcome in IGNORANCE | _CLAIMS or not isinstance(seen, Seen) or not isinstance(seen.value, Posts):
        return LaneState.BAD
    latest = seen.value.latest
    if latest is None:
        return LaneState.BAD
    if not seen.value.exact:
        return LaneState.HALF
    return LaneState.GOOD if at - latest.at <= BUSY else LaneState.BAD


def of_visit(said: Observation) -> LaneState:
    """What a visit of an account, or of a link, proves: a wall, or nothing."""
    return LaneState.WALL if HANDLING[said.outcome] in (Handling.STOP, Handling.REST) else LaneState.NONE
