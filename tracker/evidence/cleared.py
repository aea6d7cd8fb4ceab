"""What was cleared away by rule (清理): `cleared.json`, then `cleared-2.json` … beside the manifest, signed as seals are.

A statement names the files with the hash that the manifest has for them, who cleared them away, when and why. A file that is
missing and stands there is no damage; one that is missing and does not stand there is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import UsageError
from tracker.evidence import signed
from tracker.evidence.records import Damage

FORMAT = "tracker tombstones 1"
_NAME = re.compile(r"cleared(?:-([2-9]|[1-9]\d+))?\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """One file that was cleared away: `file` within the sweep's folder, `sha256` of its `size` bytes, `at` in ISO form."""

    file: str
    sha256: str
    size: int
    at: str
    who: str
    why: str

    def __str__(self) -> str:
        return f"{self.at[:10]}由{self.who or '(未署名)'}按规定清理({self.why})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One statement as read; `fingerprint` is that of the key that signed it."""

    name: str
    fingerprint: str
    public_key: bytes
    files: tuple[Cleared, ...]


def next_name(folder: Path) -> str:
    """The name for a further statement."""
    number = max((number for number, _ in _paths(folder)), default=0) + 1
    return "cleared.json" if number == 1 else f"cleared-{number}.json"


def records(folder: Path) -> tuple[Record, ...]:
    """The statements that can be read and whose signatures hold, in their order."""
    return tuple(found for _, path in _paths(folder) if isinstance(found := _read(path, folder.name), Record))


def files(folder: Path) -> Mapping[str, Cleared]:
    """What was cleared away, by the name of the file."""
    return {one.file: one for record in records(folder) for one in record.files}


def must_be_whole(source: Path) -> None:
    """Raises UsageError when anything below a folder was cleared away: half a sweep is not replayed as a whole one."""
    gone = sum(len(files(path.parent)) for path in source.rglob("cleared.json"))
    if gone:
        raise UsageError(
            f"{source} 里有{gone}次采集的原始应答已按规定清理,不能再重放;"
            "判定结果仍可看(tracker judge、tracker explain;网页版:结果)"
        )


def damages(folder: Path) -> Iterator[Damage]:
    """What is wrong with the statements themselves."""
    for _, path in _paths(folder):
        if isinstance(found := _read(path, folder.name), str):
            yield Damage(file=f"{folder.name}/{path.name}", reason=found)


def _paths(folder: Path) -> list[tuple[int, Path]]:
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("cleared*.json"))
    return sorted((int(match[1] or 1), path) for match, path in found if match)


def _read(path: Path, sweep: str) -> Record | str:
    found = signed.read(path.read_bytes(), "清理记录")
    if isinstance(found, str):
        return found
    try:
        return _record(path, found, sweep)
    except (LookupError, TypeError, AttributeError, ValueError):
        return "清理记录读不出来"


def _record(path: Path, found: signed.Signed, sweep: str) -> Record | str:
    told: Mapping[str, Any] = found.statement
    if told["format"] != FORMAT or told["sweep"] != sweep:
        return "清理记录不是这个批次的"
    occasion = {name: str(told[name]) for name in ("at", "who", "why")}
    listed = tuple(
        Cleared(file=str(one["file"]), sha256=str(one["sha256"]), size=int(one["size"]), **occasion) for one in told["files"]
    )
    return Record(name=path.name, fingerprint=found.fingerprint, public_key=found.public_key, files=listed)
