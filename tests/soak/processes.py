"""Processes of ours as /proc tells them (Linux)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.platforms.serve import Served

TOP = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def start(served: Served, folder: Path, words: Sequence[object]) -> subprocess.Popen[bytes]:
    """The real command in a session of its own; what it says goes to `said.txt` in the folder."""
    ca = folder / "ca.pem"
    served.ca.cert_pem.write_to_path(str(ca))
    told = [sys.executable, "-m", "tests.soak.sweeper", str(served.port), str(ca), *map(str, words)]
    with (folder / "said.txt").open("ab") as said:
        return subprocess.Popen(told, cwd=TOP, stdout=said, stderr=said, start_new_session=True)


def session(leader: int) -> list[int]:
    """All living processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, *words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(words[2]) == leader and state != "Z":
            found.append(int(folder.name))
    return found


def left_over(leader: int, seconds: float = 10.0) -> int:
    """How many processes of a killed one's session still live after so long; they are ended then."""
    until = time.monotonic() + seconds
    while (alive := session(leader)) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    return len(alive)


def memory(leader: int) -> tuple[float, float]:
    """RSS (pages that several share count for each) and PSS (shared pages counted once) of a session, in MB."""
    rss = pss = 0.0
    for pid in session(leader):
        try:
            rss += int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except (OSError, IndexError):
            continue
        pss += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return rss / 1e6, pss / 1e6
