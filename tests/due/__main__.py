"""python -m tests.due: the simulated weeks of a 330-account city, as a table."""

import tempfile
import time
from pathlib import Path

from tests.due.week import city, live, printed

with tempfile.TemporaryDirectory() as made:
    began = time.monotonic()
    print(printed(live(Path(made) / "ws", city())))
    print(f"{time.monotonic() - began:.1f} s")
