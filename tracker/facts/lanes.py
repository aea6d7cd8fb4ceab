"""Which visits were made in a lane that its control account proved (DESIGN §1; the guards of formats/)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.model.lane_state import LaneState


@dataclass(slots=True)
class _Lane:
    times: list[str]
    states: list[LaneState]


class Proved:
    """The lanes of one sweep. A mark is (platform, lane, instant as text that sorts by time, what it says of the lane).

    A visit is fit when the last mark before it and the first one after it are a control account that read well. Where nobody
    ever tried, or where its list was never whole, the lane promises nothing beyond what its answers say themselves.
    """

    def __init__(self, marks: Iterable[tuple[str, str, str, LaneState]]) -> None:
        self._lanes: dict[tuple[str, str], _Lane] = defaultdict(lambda: _Lane([], []))
        for platform, lane, at, state in marks:
            found = self._lanes[platform, lane]
            found.times.append(at)
            found.states.append(state)

    def fit(self, platform: str, lane: str, at: str) -> bool:
        """Whether a visit at this instant is believed in what it does not show."""
        found = self._lanes.get((platform, lane)) if lane else None
        if found is None or not {LaneState.GOOD, LaneState.BAD}.intersection(found.states):
            return True
        before, after = bisect_right(found.times, at), bisect_left(found.times, at)
        good = before > 0 and found.states[before - 1] is LaneState.GOOD
        return good and after < len(found.times) and found.states[after] is LaneState.GOOD
