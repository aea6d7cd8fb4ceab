"""`make windows-zip`: python -m tools.windows [--python-zip FILE]."""

import argparse
import sys
import tomllib
from pathlib import Path

from tools.windows import checks, tree, wheels
from tools.windows.lock import PYTHON, wanted

TOP = Path(__file__).parent.parent.parent
BUILD, DIST = TOP / "build" / "windows", TOP / "dist"


def main() -> int:
    """Exit code 0 when a zip was written and every check of it held."""
    words = argparse.ArgumentParser(prog="python -m tools.windows", description="Make the zip for Windows.")
    words.add_argument("--python-zip", type=Path, help=f"python-{PYTHON}.x-embed-amd64.zip, fetched by you")
    given: Path | None = words.parse_args().python_zip
    try:
        return _make(given)
    except (ValueError, wheels.Unreachable) as error:
        print(f"windows-zip: {error}", file=sys.stderr)
        return 1


def _make(python_zip: Path | None) -> int:
    pins = wanted((TOP / "requirements.lock").read_text(encoding="utf-8"))
    fetched = wheels.gather(pins, BUILD / "wheels")
    folder = BUILD / "tree"
    tree.build(folder, [*fetched.values(), wheels.own(TOP, BUILD / "own")], python_zip)
    problems = checks.problems(folder)
    for problem in problems:
        print(f"windows-zip: {problem}", file=sys.stderr)
    if problems:
        return 1
    target = _target(python_zip)
    tree.pack(folder, target, target.stem)
    _tell(folder, target, len(pins))
    if not python_zip:
        print("PYTHON IS MISSING in it, so it does not start. With Python:")
        print(f"make windows-zip PYTHON_ZIP=path/to/python-{PYTHON}.x-embed-amd64.zip")
    return 0


def _target(python_zip: Path | None) -> Path:
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return DIST / f"tracker-{version}-windows{'' if python_zip else '-without-python'}.zip"


def _tell(folder: Path, target: Path, libraries: int) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{target.relative_to(TOP)}: {target.stat().st_size / 1e6:.1f} MB, unpacked {size / 1e6:.1f} MB in {len(files)} files")
    print(f"{libraries} libraries; longest path below {checks.PREFIX} is {checks.longest(folder)} of {checks.LIMIT} characters")


if __name__ == "__main__":
    sys.exit(main())
