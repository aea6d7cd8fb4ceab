"""The real `tracker …` command in a process of its own, pointed at the fake platforms by the engine's test arguments.

python -m tests.soak.sweeper PORT CA WORD...
"""

import asyncio
import ssl
import sys
from functools import partial
from unittest.mock import patch

from tests.samples.__main__ import fast
from tracker.capture import Desk, HostMap, Patience
from tracker.cli import main as command

SOON = Patience(answers=8, settle=0.05, before_step=0.5)


async def _at_once(seconds: float) -> None:
    await asyncio.sleep(0)


def main(port: str, ca: str, *words: str) -> None:
    """Run the command line with these words; only pace, waiting, name resolution and trust differ from a user's run."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(ca)
    desk = partial(Desk, host_map=HostMap(port=int(port), ssl=trust), patience=SOON, sleep=_at_once)
    argv = patch.object(sys, "argv", ["tracker", *words])
    with argv, patch("tracker.cli.sweeping.Desk", desk), patch("tracker.sweep.own_pace", lambda adapter, settings: fast(adapter)):
        command()


if __name__ == "__main__":
    main(*sys.argv[1:])
