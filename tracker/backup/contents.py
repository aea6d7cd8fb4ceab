"""What a backup says of itself, and which files of a workspace go into it.

A backup is a zip: `workspace/…` (settings, profiles, words, templates, sealed credentials, pictures, reports), `evidence/…`
(the manifests and seals of every sweep), the database as one file, and last `backup.json`, which lists all of it by SHA-256.
The visits themselves lie in the zip as well, or beside it below `snapshots/`; the manifests are their list. The key that opens
the credentials is not in it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from tracker import settings
from tracker.errors import UsageError
from tracker.workspace import Workspace

FORMAT = "tracker backup 1"
LIST = "backup.json"
WORKSPACE, EVIDENCE, VISITS = "workspace", "evidence", "snapshots"
"""Folders: the first two in the zip, the last in it or beside it."""
PARTIAL = ".partial"
SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The evidence of one sweep: how many lines of its manifest are meant."""

    name: str
    files: int
    manifest: str
    """SHA-256 of the manifest in the backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`backup.json`. `files`: member of the zip → its SHA-256. `rows`: table → fewest and most rows while it was copied."""

    at: datetime
    program: str
    place: str
    database: str
    files: Mapping[str, str]
    rows: Mapping[str, tuple[int, int]]
    visits: str
    """Where the visits are: `zip`, `beside`, or `none`."""
    sweeps: tuple[Sweep, ...] = ()

    def packed(self) -> bytes:
        """As it is written."""
        told = {"format": FORMAT, **asdict(self), "at": self.at.isoformat()}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def unpacked(raw: bytes, name: str) -> Contents:
    """What `packed` wrote. Raises UsageError for anything else, and for a later form."""
    try:
        told: dict[str, Any] = json.loads(raw.decode("utf-8"))
        if told.pop("format") != FORMAT:
            raise UsageError(f"{name} 是更新的程序做的备份;请升级程序后再恢复")
        told["at"] = datetime.fromisoformat(told["at"])
        told["rows"] = {table: (int(least), int(most)) for table, (least, most) in told["rows"].items()}
        told["sweeps"] = tuple(Sweep(**one) for one in told["sweeps"])
        return Contents(**told)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{name} 不是 tracker backup 做的备份,或已损坏;请换一份") from error


def small_files(ws: Workspace, beside: Path) -> Iterator[Path]:
    """The workspace's own files but for database, evidence, locks and logs, and whatever lies below `beside` (the backups)."""
    database = _database(ws)
    avoided = {ws.evidence.root.resolve(), beside.resolve()}
    if ws.settings.log.file:
        avoided.add((ws.root / ws.settings.log.file).resolve())
    for path in sorted(_walk(ws.root, avoided)):
        if not (database and path.name.startswith(database.name) and path.parent.resolve() == database.parent):
            yield path


def _walk(folder: Path, avoided: set[Path]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.suffix == PARTIAL or path.is_symlink() or path.resolve() in avoided:
            continue
        if path.is_file():
            yield path
        # a workspace inside the workspace is the invented one
        elif path.is_dir() and not (path / settings.FILE).exists():
            yield from _walk(path, avoided)


def _database(ws: Workspace) -> Path | None:
    kind, _, rest = ws.settings.database.partition(":///")
    return (ws.root / rest).resolve() if kind == "sqlite" else None


def safe(name: str) -> PurePosixPath:
    """A member's name as a path that stays below its folder on every system. Raises UsageError for any other."""
    path = PurePosixPath(name)
    bad = path.is_absolute() or not path.parts or any(part in (".", "..") or ":" in part or "\\" in part for part in path.parts)
    if bad or "\0" in name:
        raise UsageError(f"备份里有一个不该有的文件名 {name!r},没有恢复;这份备份被改动过")
    return path


def sha256(raw: bytes) -> str:
    """In hex."""
    return hashlib.sha256(raw).hexdigest()
