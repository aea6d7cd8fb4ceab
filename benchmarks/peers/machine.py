"""The machine that the figures belong to, without its name."""

import os
import platform
import subprocess
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from tracker.capture import find_browser
from tracker.clock import SHANGHAI


def browser() -> str:
    """Path of the browser that every contender uses; "" = Playwright's own. Raises UsageError when none launches."""
    return find_browser().path


def machine() -> dict[str, str]:
    """Processor, memory, system, versions, the day, and how many processes wanted the processor in the last five minutes."""
    return {
        "on": f"{datetime.now(SHANGHAI):%Y-%m-%d}",
        "cpu": f"{_processor()},{os.cpu_count()} 核",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "browser": _told(browser()),
        "playwright": version("playwright"),
        "load": f"{os.getloadavg()[1]:.0f}",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _told(path: str) -> str:
    if not path:
        return "Playwright's own Chromium"
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603 - the browser
    return " ".join(done.stdout.split()) or Path(path).name
