"""What a command costs, as the operating system tells it: processor seconds of it and of all that it started (Linux)."""

import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): processes whose parent died become ours, so that a browser's helpers are waited for, and counted, too."""
_LET_GO = 10.0
"""Seconds that what a command left behind may take to end by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Processor seconds in user mode and in the kernel, and seconds on the clock."""

    user: float
    system: float
    wall: float

    @property
    def cpu(self) -> float:
        """Processor seconds altogether."""
        return self.user + self.system


def adopt() -> None:
    """Become the parent of every orphan among our descendants. Raises OSError where the system knows no such thing."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def cost(command: Sequence[str], folder: Path, environ: Mapping[str, str], *, limit: float = 300.0) -> Cost:
    """Run a command to its end, with what it started. What it says goes to said.txt in `folder`.

    Raises RuntimeError with its last words when it fails, subprocess.TimeoutExpired after `limit` seconds.
    """
    before, others, began = resource.getrusage(resource.RUSAGE_CHILDREN), _children(), time.monotonic()
    with (folder / "said.txt").open("wb") as said:
        done = subprocess.run(  # noqa: S603 - commands of this package
            command, stdout=said, stderr=said, env={**os.environ, **environ}, check=False, timeout=limit
        )
    wall = time.monotonic() - began
    _wait_for_all(others)
    if done.returncode:
        told = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {told[-1500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(user=after.ru_utime - before.ru_utime, system=after.ru_stime - before.ru_stime, wall=wall)


def _children() -> frozenset[int]:
    return frozenset(int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split())


def _wait_for_all(others: Collection[int]) -> None:
    """Wait for the orphans that a command left to us; end those that stay."""
    until = time.monotonic() + _LET_GO
    while left := _children() - set(others):
        for pid in left:
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
