"""Files of another workspace moved into a sweep's folder: all of them, or none.

They lie complete and durable below the snapshots before (`Evidence.root`/.incoming): entering them is renaming, and one
write to the manifest. What is there already, by its hash, stays under the name that it has.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from tracker.clock import Clock
from tracker.errors import EvidenceDamaged, UsageError, reason
from tracker.evidence import manifest, names
from tracker.evidence.records import Stored
from tracker.evidence.shelf import Evidence

INCOMING = ".incoming"
"""Folder below the snapshots in which files wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file that waits: where it lies, what it is called, SHA-256 of its bytes."""

    path: Path
    name: str
    sha256: str


@dataclass(slots=True, kw_only=True)
class TakenIn:
    """What was moved, and what is needed to undo it: the manifest's size before and after."""

    folder: Path
    stored: tuple[Stored, ...] = ()
    moved: list[Path] = field(default_factory=list)
    before: int = 0
    after: int = 0


def take_in(evidence: Evidence, sweep: str, waiting: Sequence[Waiting], clock: Clock) -> TakenIn:
    """Move the files in and enter them; returns where each lies now, in their order.

    Raises UsageError when the disk is full or cannot be written, EvidenceDamaged for an unreadable manifest; nothing is
    there then.
    """
    folder = evidence.root / names.folder_name(sweep)
    with evidence.alone(sweep, "write"):
        taken = TakenIn(folder=folder, before=manifest.size(folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            taken.stored = tuple(_enter(taken, waiting, clock))
        except ValueError as error:
            raise EvidenceDamaged(f"{folder.name}的证据清单第{error}行读不出来;请从备份恢复") from error
        except OSError as error:
            _undo(taken)
            raise UsageError(f"写不进 {folder}({reason(error)});没有导入任何东西,请检查磁盘空间和权限后再试") from error
        taken.after = manifest.size(folder)
    return taken


def give_back(evidence: Evidence, taken: TakenIn) -> None:
    """Undo it where nobody entered anything since; else the files stay, entered and whole, for the next try."""
    with evidence.alone(taken.folder.name, "write"):
        if manifest.size(taken.folder) == taken.after:
            _undo(taken)


def _enter(taken: TakenIn, waiting: Sequence[Waiting], clock: Clock) -> list[Stored]:
    lines = manifest.lines(taken.folder)
    there = {line.sha256: line.file for line in lines}
    last, new, stored = (lines[-1] if lines else None), list[manifest.Line](), list[Stored]()
    for one in waiting:
        name = there.get(one.sha256)
        if name is None:
            name = there[one.sha256] = _move(taken, one)
            last = manifest.following(last, file=name, sha256=one.sha256, at=clock())
            new.append(last)
        stored.append(Stored(file=f"{taken.folder.name}/{name}", sha256=one.sha256))
    manifest.append(taken.folder, *new)
    return stored


def _move(taken: TakenIn, one: Waiting) -> str:
    name = _free(taken.folder, one)
    # a killed run may have left this very file, moved and not entered
    one.path.replace(taken.folder / name)
    taken.moved.append(taken.folder / name)
    return name


def _free(folder: Path, one: Waiting) -> str:
    """The name that it has where that is free (or holds these very bytes), else the next free number."""
    stem = one.name.removesuffix(names.SUFFIX).rpartition("-")[0] or "link"
    told = chain([one.name], (f"{stem}-{number}{names.SUFFIX}" for number in count(1)))
    return next(name for name in told if _is_free(folder / name, one.sha256))


def _is_free(path: Path, sha256: str) -> bool:
    return not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _undo(taken: TakenIn) -> None:
    path = taken.folder / manifest.NAME
    if path.exists():
        if taken.before:
            os.truncate(path, taken.before)
        else:
            path.unlink()
    for moved in taken.moved:
        moved.unlink(missing_ok=True)
    if taken.folder.is_dir() and not any(taken.folder.iterdir()):
        taken.folder.rmdir()
