"""The Python of the zip, played on this machine: as on Windows, only the ._pth decides what is imported.

What is compiled for Windows cannot be loaded here, so those libraries alone come from this environment, in the same versions.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

_PRELUDE = """\
import runpy, sys
own = [path for path in sys.path if "site-packages" not in path]
sys.path[:] = own + {paths!r}
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def overlay(folder: Path, wheels: Iterable[Path]) -> Path:
    """A folder of links to this environment's builds of the packages of some wheels."""
    folder.mkdir()
    held = Path(next(path for path in sys.path if path.endswith("site-packages")))
    for wheel in wheels:
        with ZipFile(wheel) as archive:
            tops = {name.split("/")[0] for name in archive.namelist()}
        for top in sorted(tops):
            if not top.endswith((".dist-info", ".data", ".libs")):
                stem = top.split(".")[0]
                for path in held.glob(f"{stem}" if "." not in top else f"{stem}.*"):
                    (folder / path.name).symlink_to(path)
    return folder


def python(paths: Iterable[Path], script: Path) -> list[str]:
    """The start of a command that runs a script with nothing but the standard library and these paths."""
    prelude = _PRELUDE.format(paths=[str(path) for path in paths])
    return [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", prelude, str(script)]
