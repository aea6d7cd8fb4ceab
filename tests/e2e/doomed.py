"""A sweep in a process of its own, to be ended without warning: from outside, or by itself at the worst moments.

python -m tests.e2e.doomed WORKSPACE PORT CA SWEEP MOMENT
"""

import asyncio
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from tests.e2e.living import go
from tests.platforms.world import World
from tests.samples import roles
from tracker.store import Store
from tracker.workspace import opened

THIRD = 3


def _die() -> None:
    os._exit(137)  # no clean-up of any kind runs: as under SIGKILL


def _before_the_journal() -> object:
    """The third visit's file is whole and entered in the manifest, its journal row is not written."""
    rows, entered = [], Store.add_visit

    def add_visit(self: Store, visit: object) -> None:
        rows.append(visit)
        if len(rows) == THIRD:
            _die()
        entered(self, visit)

    return patch.object(Store, "add_visit", add_visit)


def _within_a_file() -> object:
    """The third visit's file is written, but not renamed yet."""
    done, renamed = [], Path.replace

    def rename(self: Path, target: Path) -> Path:
        if self.suffix == ".partial":
            done.append(self)
            if len(done) == THIRD:
                self.write_bytes(self.read_bytes()[:100])
                _die()
        return renamed(self, target)

    return patch.object(Path, "replace", rename)


def main(root: str, port: str, ca: str, sweep: str, moment: str) -> None:
    """Sweep until the end comes."""
    world = World(accounts=(), today=roles.TODAY)
    authority = SimpleNamespace(configure_trust=lambda context: context.load_verify_locations(ca))
    served = SimpleNamespace(port=int(port), ca=authority, world=world)
    worst = {"before the journal": _before_the_journal, "within a file": _within_a_file}
    with opened(Path(root)) as ws:
        if moment in worst:
            with worst[moment]():  # type: ignore[attr-defined]
                asyncio.run(go(ws, ws.sweep(sweep), served))
        else:
            asyncio.run(go(ws, ws.sweep(sweep), served))


if __name__ == "__main__":
    main(*sys.argv[1:])
