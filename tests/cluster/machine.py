"""The real `tracker …` command as one of several machines, pointed at the fake platforms, at a small pace that is kept.

python -m tests.cluster.machine PORT CA PACE WORD...
"""

import ssl
import sys
from functools import partial
from unittest.mock import patch

from tests.soak.sweeper import SOON
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk, HostMap
from tracker.cli import main as command
from tracker.settings import Settings


def main(port: str, ca: str, pace: str, *words: str) -> None:
    """Run the command line with these words; only pace, name resolution and trust differ from a user's run."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(ca)
    desk = partial(Desk, host_map=HostMap(port=int(port), ssl=trust), patience=SOON)

    def slow(adapter: Adapter, settings: Settings) -> Pace:
        return Pace(between_accounts=(2 * float(pace), 3 * float(pace)), between_requests=float(pace), control_every=20)

    argv = patch.object(sys, "argv", ["tracker", *words])
    with argv, patch("tracker.cli.working.Desk", desk), patch("tracker.cli.working.own_pace", slow):
        command()


if __name__ == "__main__":
    main(*sys.argv[1:])
