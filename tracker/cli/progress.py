"""Progress bars: of a sweep (done, unseen, failed, and which lane has stopped and why), and of anything that counts."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tracker.capture import Job, Lane
from tracker.facts.reasons import REASONS
from tracker.model import IGNORANCE, Observation, Outcome

_FAILED = frozenset({Outcome.TRANSPORT, Outcome.DRIFT})
"""Nothing came, or what came was not understood."""


class Bar:
    """Drawn on standard error; tells in plain lines where there is no terminal. `total` None = not known beforehand."""

    def __init__(self, title: str, total: int | None = None) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("没看到 {task.fields[unseen]} 出错 {task.fields[failed]}"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=self._console, disable=not sys.stderr.isatty())
        self._task = self._progress.add_task(title, total=total, unseen=0, failed=0)
        self._unseen = self._failed = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def step(self, outcome: Outcome) -> None:
        """One visit is done."""
        self._failed += outcome in _FAILED
        self._unseen += outcome in IGNORANCE - _FAILED
        self._progress.update(self._task, advance=1, unseen=self._unseen, failed=self._failed)

    def started(self, job: Job) -> None:
        """A visit begins."""

    def visited(self, job: Job, observation: Observation) -> None:
        """A job is done."""
        self.step(observation.outcome)

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A lane fetches nothing more; a person is asked."""
        self._console.print(f"通道 {lane.platform} 已停:{detail or REASONS[outcome]};其余通道继续")


class Counting:
    """A bar that only counts, on standard error; nothing is drawn where there is no terminal."""

    def __init__(self, title: str, total: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
        self._task = self._progress.add_task(title, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def advance(self, done: int) -> None:
        """So many more are done."""
        self._progress.advance(self._task, done)
