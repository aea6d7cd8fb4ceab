"""What 启动.bat starts: without words the local page on the folder 工作区 beside it, with words the command line."""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

EDGE = Path("Microsoft", "Edge", "Application", "msedge.exe")
ROOTS = ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")


def prepare(home: Path, words: list[str], environ: MutableMapping[str, str]) -> list[str]:
    """The words for the command line; the workspace and Edge go into the environment unless the office has set its own."""
    workspace = environ.setdefault("TRACKER_WORKSPACE", str(home / "工作区"))
    if any((Path(environ[root]) / EDGE).is_file() for root in ROOTS if environ.get(root)):
        environ.setdefault("TRACKER_BROWSER", "msedge")
    return words or ["--workspace", workspace, "serve", "--port", "0"]


if __name__ == "__main__":
    sys.argv = ["tracker", *prepare(Path(__file__).absolute().parent.parent, sys.argv[1:], os.environ)]
    from tracker.cli import main

    main()
