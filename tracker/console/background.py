"""One long piece of work at a time, in a thread of its own: pages ask how far it is, and may ask it to stop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.errors import TrackerError


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLine:
    """How far one lane (通道) of a sweep is. `look` is a class of the style sheet."""

    key: str
    """Platform and credential: tells lanes apart."""
    platform: str
    title: str
    """The platform as people call it."""
    credential: str
    """Empty = as a guest."""
    total: int = 0
    done: int = 0
    unseen: int = 0
    """Of `done`: whose content was not seen."""
    word: str = "等待"
    look: str = "soft"
    at: str = ""
    """Which account is being looked at."""
    why: str = ""
    """Why it stopped."""
    todo: str = ""
    """What a person has to do; empty = nobody has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far the work is. `total` 0 = not known."""

    title: str
    running: bool = True
    stopping: bool = False
    done: int = 0
    total: int = 0
    unseen: int = 0
    """Of `done`: whose content was not seen."""
    shut: int = 0
    """Of `unseen`: never begun, because their lane had stopped."""
    line: str = ""
    """What is being done just now, or how it ended."""
    walls: tuple[str, ...] = ()
    """Lanes that stopped and need a person, one sentence each."""
    error: str = ""
    """Why it ended early; else empty."""
    sweep: str = ""
    """Name of the sweep that the work makes visits of; empty = it is no sweep."""
    lanes: tuple[LaneLine, ...] = ()
    """Of a sweep, in the order of its plan."""


SHORT = 5.0
"""Seconds: work that took less may begin again at once."""
_REST = 20
"""How many times as long as longer work took it must rest: the pages have the processor for the rest of the time."""

Work = Callable[["Background"], str]
"""Does the work, telling `note` how far it is, and returns how it ended."""


class Background:
    """Holds the state of the work that runs, or of the last that ran. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: State | None = None
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], None] | None = None
        self._rested = 0.0

    @property
    def rest(self) -> float:
        """Seconds until work that nobody asked for may begin again."""
        return max(0.0, self._rested - time.monotonic())

    @property
    def state(self) -> State | None:
        """The last state; None = nothing ran since the server began."""
        with self._lock:
            return self._state

    def start(self, title: str, work: Work) -> bool:
        """Begin; False when something runs already."""
        with self._lock:
            if self._state is not None and self._state.running:
                return False
            self._state = State(title=title)
            self._stop = None
            # a daemon: Ctrl-C must end the program even where a page does not answer
            self._thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="tracker-background")
            self._thread.start()
            return True

    def note(self, change: Callable[[State], State]) -> None:
        """Put a changed state in place of the present one."""
        with self._lock:
            if self._state is not None:
                self._state = change(self._state)

    def on_stop(self, stop: Callable[[], None]) -> None:
        """How the running work is asked to stop; called from another thread."""
        with self._lock:
            self._stop = stop
            asked = self._state is not None and self._state.stopping
        if asked:
            stop()

    def stop(self) -> None:
        """Ask the running work to stop; it ends by itself soon after."""
        with self._lock:
            stop = self._stop
            if self._state is None or not self._state.running:
                return
            self._state = replace(self._state, stopping=True)
        if stop is not None:
            stop()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the work, at most so long."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self, work: Work) -> None:
        began = time.monotonic()
        told, error = "没有做完", "程序出错,没有做完;请把命令行窗口里的说明交给维护人员"
        try:
            told, error = work(self), ""
        except TrackerError as known:
            error = str(known)
        finally:
            ended = time.monotonic()
            self._rested = ended + _REST * (ended - began) if ended - began > SHORT else 0.0
            self.note(lambda state: replace(state, running=False, line=error or told, error=error))
