"""While the page is open: looks every half minute which runs are due, and begins each as a process of its own.

A process, so that a sweep of days neither slows the page nor ends with it unsaid, and runs the very code of the command line.
Every look asks the clock anew: a computer that slept, or whose clock was set, needs no special care.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # ships no types

from tracker import logs
from tracker.clock import SHANGHAI, Clock
from tracker.errors import TrackerError
from tracker.schedule.perform import busy
from tracker.schedule.runs import TITLES, Due, due_runs
from tracker.workspace import Workspace, opened

EVERY = 30
"""Seconds between two looks."""

_PATIENCE = 20.0
"""Seconds that a run has to end its visit under way when the page is closed."""

Begin = Callable[[Path, Due], "subprocess.Popen[bytes]"]
"""Begins a run of the workspace in this folder."""


def command(root: Path, due: Due) -> list[str]:
    """The command line that does one run."""
    told = ["schedule", "run", due.name, "--at", due.at.astimezone(SHANGHAI).isoformat()]
    return [sys.executable, "-m", "tracker", "--workspace", str(root), *told]


def begin(root: Path, due: Due) -> "subprocess.Popen[bytes]":
    """A run as a process of its own; what it says lies in `.schedule-<name>.out` until its next run."""
    with (root / f".schedule-{due.name}.out").open("wb") as out:
        env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        return subprocess.Popen(  # noqa: S603 - our own program
            command(root, due),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=env,
            # Ctrl-C in the window ends the page, which then asks the run to stop; Windows has no sessions and ignores it
            start_new_session=True,
        )


class Lookout:
    """Begins what is due, from `start` to `stop`. `tell` is told of what began and what could not be looked at."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Clock,
        tell: Callable[[str], None] = lambda line: None,
        begin: Begin = begin,
        every: float = EVERY,
    ) -> None:
        self._root, self._clock, self._tell, self._begin, self._every = root, clock, tell, begin, every
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock, self._wrong = threading.Lock(), ""
        self._engine = BackgroundScheduler(timezone=SHANGHAI, daemon=True)

    def start(self) -> None:
        """Look now, and then again and again, in a thread of its own."""
        first = datetime.now(SHANGHAI)
        self._engine.add_job(
            self.look,
            "interval",
            seconds=self._every,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=first,
        )
        self._engine.start()

    def stop(self) -> None:
        """Look no more; what runs is asked to stop and goes on at the next start."""
        self._engine.shutdown(wait=True)
        with self._lock:
            for one in self._running.values():
                ask_to_stop(one)
            for one in self._running.values():
                _end(one)

    def look(self) -> Sequence[Due]:
        """Begin what is due; what could not be looked at is told once, not at every look."""
        try:
            with opened(self._root) as ws:
                begun, wrong = self._begin_due(ws), ""
        except TrackerError as error:
            begun, wrong = (), str(error)
        if wrong and wrong != self._wrong:
            self._tell(f"定时任务没有检查成:{wrong}")
        self._wrong = wrong
        return begun

    def _begin_due(self, ws: Workspace) -> tuple[Due, ...]:
        begun = []
        with self._lock:
            self._running = {name: one for name, one in self._running.items() if one.poll() is None}
            for due in due_runs(ws, self._clock()):
                if due.name not in self._running and not busy(ws, due.name):
                    self._running[due.name] = self._begin(self._root, due)
                    self._tell(f"定时任务开始:{TITLES[due.name]}(原定 {due.at:%m-%d %H:%M})")
                    logs.told("schedule.begun", name=due.name, attempt=due.attempt)
                    begun.append(due)
        return tuple(begun)


def ask_to_stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask a run to end its visit under way; it goes on at its next attempt."""
    with suppress(OSError):
        if os.name == "posix":
            process.send_signal(signal.SIGINT)
        else:
            # Windows has no signal that a process without a window of its own could take: the next start goes on
            process.terminate()


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
