"""The wheels of the zip: fetched by pip for win_amd64, each held against the lock, and our own."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.utils import parse_wheel_filename

from tools.windows.lock import PYTHON, Pinned, as_text


class Unreachable(Exception):
    """pip could not fetch the wheels; its last words are the message."""


def gather(pins: tuple[Pinned, ...], cache: Path) -> dict[Pinned, Path]:
    """One wheel for each pin, from the cache or else fetched into it. Raises Unreachable; ValueError where a wheel is wrong."""
    cache.mkdir(parents=True, exist_ok=True)
    found, missing = held(pins, cache)
    if missing:
        _fetch(missing, cache)
        found, missing = held(pins, cache)
    if missing:
        raise ValueError(f"no wheel for Windows after fetching: {', '.join(one.name for one in missing)}")
    return found


def held(pins: Sequence[Pinned], cache: Path) -> tuple[dict[Pinned, Path], tuple[Pinned, ...]]:
    """Which pins have their wheel in a folder, and which have none. Raises ValueError for two of one pin or a wrong hash."""
    files: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(cache.glob("*.whl")):
        name, version, *_ = parse_wheel_filename(path.name)
        files.setdefault((name, str(version)), []).append(path)
    found = {one: _only(one, files[one.name, one.version]) for one in pins if (one.name, one.version) in files}
    return found, tuple(one for one in pins if one not in found)


def _only(pin: Pinned, paths: Sequence[Path]) -> Path:
    if len(paths) != 1:
        raise ValueError(f"{pin.name}: one wheel was expected, found {', '.join(path.name for path in paths)}; empty the cache")
    if hashlib.sha256(paths[0].read_bytes()).hexdigest() not in pin.hashes:
        raise ValueError(f"{paths[0].name}: its SHA-256 is not in requirements.lock; delete it and fetch it again")
    return paths[0]


def _fetch(pins: tuple[Pinned, ...], cache: Path) -> None:
    """Ask pip, with hashes and wheels only; which index it asks is the machine's own setting."""
    wants = cache / "wanted.txt"
    wants.write_text(as_text(pins), encoding="utf-8", newline="\n")
    target = ("--platform", "win_amd64", "--python-version", PYTHON, "--implementation", "cp")
    strict = ("--only-binary=:all:", "--require-hashes", "--no-deps", "--quiet")
    done = _pip("download", *target, *strict, "--requirement", str(wants), "--dest", str(cache))
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines() or ["no word"]
        raise Unreachable(f"pip could not fetch the wheels for Windows: {words[-1]}")


def own(checkout: Path, folder: Path) -> Path:
    """Build the program's wheel with the tools of this environment. Raises ValueError with pip's words."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    done = _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder), str(checkout))
    built = list(folder.glob("*.whl"))
    if done.returncode or len(built) != 1:
        raise ValueError(f"the program's wheel could not be built: {done.stderr.strip()[-300:]}")
    return built[0]


def _pip(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pip", *words], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )


def compiled(wheels: Mapping[Pinned, Path]) -> tuple[Path, ...]:
    """The wheels that hold machine code, by their tags."""
    return tuple(path for path in wheels.values() if any(tag.platform != "any" for tag in parse_wheel_filename(path.name)[3]))
