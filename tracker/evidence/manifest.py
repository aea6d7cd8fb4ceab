"""The list of a sweep's files: `manifest.jsonl`, each line bound to the one before by SHA-256 (DESIGN §7).

A line is `{"n", "file", "sha256", "at", "prev", "hash"}`; `hash` is SHA-256 over the previous line's hash and
the line without its own. A cut at the end is seen only by the seal that signs the last hash.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from pathlib import Path

from tracker.clock import SHANGHAI

NAME = "manifest.jsonl"
START = "0" * 64
"""`prev` of the first line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One file of a sweep. `file` is its name within the sweep's folder, `at` when it was entered."""

    n: int
    file: str
    sha256: str
    at: str
    prev: str
    hash: str

    def sound(self, prev: str, n: int) -> bool:
        """Whether this line follows number `n` - 1 with hash `prev` and nobody changed it."""
        return (self.prev, self.n) == (prev, n) and self.hash == _hash(self.n, self.file, self.sha256, self.at, prev)


def following(last: Line | None, *, file: str, sha256: str, at: datetime) -> Line:
    """The line that comes after `last`."""
    n, prev = (last.n + 1, last.hash) if last else (1, START)
    stamp = at.astimezone(SHANGHAI).isoformat()
    return Line(n=n, file=file, sha256=sha256, at=stamp, prev=prev, hash=_hash(n, file, sha256, stamp, prev))


def size(folder: Path) -> int:
    """The manifest's length in bytes, 0 = none: whoever adds a line changes it."""
    try:
        # a network folder tells an opened file's true length, and an old one of a file that is only asked about
        with (folder / NAME).open("rb") as file:
            return file.seek(0, os.SEEK_END)
    except FileNotFoundError:
        return 0


def append(folder: Path, *lines: Line) -> int:
    """Add lines, make them durable and return the new size. Raises OSError, leaving the manifest as it was."""
    with (folder / NAME).open("ab", buffering=0) as out:
        before = out.seek(0, os.SEEK_END)
        try:
            _whole(out, b"".join(map(_told, lines)))
            os.fsync(out.fileno())
            return out.tell()
        except OSError:
            out.truncate(before)
            raise


def _whole(out: RawIOBase, raw: bytes) -> None:
    # the system may take a part only, on a disk that is almost full
    while raw:
        raw = raw[out.write(raw) or 0 :]


def _told(line: Line) -> bytes:
    told = {"n": line.n, "file": line.file, "sha256": line.sha256, "at": line.at, "prev": line.prev, "hash": line.hash}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def lines(folder: Path) -> tuple[Line, ...]:
    """All lines, unchecked. Raises ValueError with the number of a line that is not one of ours; no manifest = no lines."""
    path = folder / NAME
    return parse(path.read_bytes()) if path.exists() else ()


def parse(raw: bytes) -> tuple[Line, ...]:
    """The lines of a manifest's bytes, unchecked. Raises ValueError as `lines`."""
    # by the bytes: a name may hold a character at which text would be cut into lines, a damaged line may be no text at all
    raws = raw.removesuffix(b"\n").split(b"\n")
    return tuple(_line(raw, number) for number, raw in enumerate(raws, 1) if len(raws) > 1 or raw)


def mend(folder: Path) -> None:
    """Cut off a last line that a crash left unfinished (no line end): its file is adopted again as an orphan."""
    path = folder / NAME
    raw = path.read_bytes() if path.exists() else b""
    if raw and not raw.endswith(b"\n"):
        with path.open("r+b") as out:
            out.truncate(raw.rfind(b"\n") + 1)
            os.fsync(out.fileno())


def first_break(all_lines: Sequence[Line]) -> Line | None:
    """The first line that does not follow from those before; None = the chain holds."""
    prev = START
    for number, line in enumerate(all_lines, 1):
        if not line.sound(prev, number):
            return line
        prev = line.hash
    return None


def _line(raw: bytes, number: int) -> Line:
    try:
        told = json.loads(raw.decode("utf-8"))
        return Line(
            n=int(told["n"]),
            file=str(told["file"]),
            sha256=str(told["sha256"]),
            at=str(told["at"]),
            prev=str(told["prev"]),
            hash=str(told["hash"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(str(number)) from error


def _hash(n: int, file: str, sha256: str, at: str, prev: str) -> str:
    told = json.dumps({"n": n, "file": file, "sha256": sha256, "at": at, "prev": prev}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256((prev + told).encode()).hexdigest()
