"""Visits as lines of the log: when one began, what came of it, what stopped a lane. Nothing of what was seen is said."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tracker import logs
from tracker.capture import Job, Lane, Progress
from tracker.model import Observation, Outcome


@dataclass(slots=True)
class Logged:
    """Passes progress on, and writes it into the log. `ticks` gives seconds that only ever grow."""

    shown: Progress
    sweep: str
    ticks: Callable[[], float] = time.monotonic
    _begun: dict[str, float] = field(default_factory=dict)

    def started(self, job: Job) -> None:
        """A visit begins."""
        self._begun[_key(job)] = self.ticks()
        self.shown.started(job)

    def visited(self, job: Job, observation: Observation) -> None:
        """A job is done, or was not begun because its lane had stopped."""
        begun = self._begun.pop(_key(job), None)
        logs.told(
            "visit.ended",
            sweep=self.sweep,
            platform=job.lane.platform,
            lane=_lane(job.lane),
            route=str(job.visit.route),
            account_id=job.visit.account.account_id if job.visit.account else "",
            outcome=str(observation.outcome),
            seconds=None if begun is None else round(self.ticks() - begun, 3),
        )
        self.shown.visited(job, observation)

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A lane fetches nothing more."""
        logs.told(
            "lane.stopped", level="warning", sweep=self.sweep, platform=lane.platform, lane=_lane(lane), outcome=str(outcome)
        )
        self.shown.lane_stopped(lane, outcome, detail)


def _lane(lane: Lane) -> str:
    """Whether with a credential or without: its name may be a person's."""
    return f"{lane.platform}/{'own' if lane.credential else 'guest'}"


def _key(job: Job) -> str:
    account = job.visit.account
    return f"{job.lane.platform}\n{job.lane.credential}\n{account.account_id if account else job.visit.url}\n{job.second}"
