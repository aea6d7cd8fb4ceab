"""The fake platforms in a process of their own, whose work is counted to nobody.

python -m benchmarks.peers.server KIND COUNT FOLDER

Writes FOLDER/ca.pem and then FOLDER/port, and answers until its standard input ends.
"""

import sys
from pathlib import Path

from benchmarks.peers.world import world
from tests.platforms.serve import serve


def main(kind: str, count: str, folder: str) -> None:
    """Serve one world."""
    with serve(world(kind, int(count))) as served:
        served.ca.cert_pem.write_to_path(str(Path(folder) / "ca.pem"))
        port = Path(folder) / "port.partial"
        port.write_text(str(served.port), encoding="utf-8")
        port.replace(Path(folder) / "port")
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
