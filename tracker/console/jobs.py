"""Long work of single pages, behind them: one piece of each kind at a time, and what came of the last."""

import subprocess
from collections.abc import Hashable
from datetime import datetime
from pathlib import Path

from fastapi import Response

from tracker.console.background import Background
from tracker.doctor import Check
from tracker.schedule import Due
from tracker.schedule.lookout import Begin, ask_to_stop, begin

_KEPT = 6
"""Comparisons that are kept: each may name every account."""


class Jobs:
    """`kinds` by the name that their progress is asked for. Nothing here outlives the server."""

    def __init__(self) -> None:
        self.kinds = {name: Background() for name in ("comparing", "examining", "evidence", "credential")}
        self.compared: dict[Hashable, object] = {}
        """What was asked → what came of it (`tracker.console.compared`), the newest last."""
        self.examined: tuple[Hashable, datetime, tuple[Check, ...]] | None = None
        """The workspace that was examined, when, and how it came out."""
        self.begin: Begin = begin
        """Begins a run of the schedule as a process of its own; tests lend another."""
        self._runs: dict[str, subprocess.Popen[bytes]] = {}

    def keep(self, asked: Hashable, found: object) -> None:
        """Keep a comparison, and forget the oldest."""
        held = {key: value for key, value in self.compared.items() if key != asked}
        self.compared = {**dict(list(held.items())[-(_KEPT - 1) :]), asked: found}

    def run(self, root: Path, due: Due) -> None:
        """Begin a run; it goes on when the server ends."""
        self._runs[due.name] = self.begin(root, due)

    def runs(self, name: str) -> bool:
        """Whether a run that was begun here still goes on."""
        begun = self._runs.get(name)
        return begun is not None and begun.poll() is None

    def stop_run(self, name: str) -> bool:
        """Ask a run that was begun here to stop; False where none goes on."""
        going = self.runs(name)
        if going:
            ask_to_stop(self._runs[name])
        return going

    def stop(self) -> None:
        """Ask all of it to end."""
        for one in self.kinds.values():
            one.stop()


def anew(job: Background) -> Response:
    """The answer to a page that asks whether its work is done: it then loads itself anew (htmx's HX-Refresh)."""
    done = job.state is None or not job.state.running
    return Response(status_code=200 if done else 204, headers={"HX-Refresh": "true"} if done else {})
