"""The tree, built once for all workers, at a path as offices have it."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.windows import tree, wheels
from tools.windows.lock import Pinned, wanted

TOP = Path(__file__).parent.parent.parent
CACHE = TOP / "build" / "windows" / "wheels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A tree, and the wheels that it was made of."""

    folder: Path
    wheels: Mapping[Pinned, Path]
    own: Path


@pytest.fixture(scope="session")
def pins() -> tuple[Pinned, ...]:
    return wanted((TOP / "requirements.lock").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, pins: tuple[Pinned, ...]) -> Built:
    base = tmp_path_factory.getbasetemp().resolve()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "windows"
    shared.mkdir(exist_ok=True)
    folder = shared / "张三" / "巡检 工具"
    with _alone(shared / "lock"):
        try:
            fetched = wheels.gather(pins, CACHE)
        except wheels.Unreachable as error:
            pytest.skip(f"the wheels for Windows are not in {CACHE} and cannot be fetched here: {error}")
        if not (shared / "done").exists():
            tree.build(folder, [*fetched.values(), wheels.own(TOP, shared / "own")], None)
            (shared / "done").touch()
    (own,) = (shared / "own").glob("*.whl")
    return Built(folder=folder, wheels=fetched, own=own)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            time.sleep(0.5)
    try:
        yield
    finally:
        lock.unlink()
