"""Figures of a long run, one JSON file each below build/soak/."""

import json
import os
import platform
from datetime import datetime
from pathlib import Path

from tracker.clock import SHANGHAI

FOLDER = Path(__file__).parents[2] / "build" / "soak"


def machine() -> str:
    """The kind of machine, without its name."""
    return f"{platform.system()} {platform.machine()},{os.cpu_count()} 核,Python {platform.python_version()}"


def keep(name: str, **figures: object) -> None:
    """Write the figures of a run; an earlier run's are replaced."""
    told = {"on": f"{datetime.now(SHANGHAI):%Y-%m-%d}", "machine": machine(), **figures}
    FOLDER.mkdir(parents=True, exist_ok=True)
    partial = FOLDER / f"{name}.partial"
    partial.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(FOLDER / f"{name}.json")
