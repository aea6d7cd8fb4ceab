"""A whole sweep in a process of its own that logs everything it can, to look for secrets in whatever it leaves behind.

python -m tests.e2e.noted WORKSPACE PORT CA SWEEP
"""

import asyncio
import logging
import sys
from pathlib import Path
from types import SimpleNamespace

from adapters import BY_PLATFORM
from tests.e2e.living import go
from tests.e2e.test_live_sweep import Nosy
from tests.platforms.world import World
from tests.samples import roles
from tracker.workspace import opened


def main(root: str, port: str, ca: str, sweep: str) -> None:
    """Sweep to the end, with the comments under pasted posts."""
    logging.basicConfig(level=logging.DEBUG)
    authority = SimpleNamespace(configure_trust=lambda context: context.load_verify_locations(ca))
    served = SimpleNamespace(port=int(port), ca=authority, world=World(accounts=(), today=roles.TODAY))
    nosy = {name: Nosy(adapter) for name, adapter in BY_PLATFORM.items()}
    with opened(Path(root)) as ws:
        asyncio.run(go(ws, ws.sweep(sweep), served, adapters=nosy))


if __name__ == "__main__":
    main(*sys.argv[1:])
