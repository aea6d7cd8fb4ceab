"""Seals (封存): one signed statement on a sweep, `seal.json`, then `seal-2.json` … beside its manifest (DESIGN §7).

A file is `{"public_key", "signature", "statement"}`; the signature (Ed25519, RFC 8032) is over the statement as canonical JSON:
keys sorted, no blanks, UTF-8. A statement binds the file before it by `previous`, so that a sweep can be sealed again and the
first seal stays. What the statement says of the manifest is its first `bytes` bytes: lines that come later break nothing.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.evidence import manifest, signed
from tracker.evidence.records import Damage
from tracker.evidence.signed import canonical, fingerprint, pack

__all__ = ["FORMAT", "Seal", "canonical", "damages", "fingerprint", "name", "pack", "read_all", "state"]

FORMAT = "tracker seal 1"
_NAME = re.compile(r"seal(?:-([2-9]|[1-9]\d+))?\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One seal as read: `file` is its name in the sweep's folder, `sha256` that of its bytes, `public_key` 32 raw bytes."""

    number: int
    file: str
    sha256: str
    statement: Mapping[str, Any]
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone."""
        return fingerprint(self.public_key)


def name(number: int) -> str:
    """`seal.json`, `seal-2.json` …"""
    return "seal.json" if number == 1 else f"seal-{number}.json"


def state(folder: Path) -> dict[str, object]:
    """What a statement says of the manifest: how many lines and bytes it has, their SHA-256, the last line's hash.

    Raises ValueError as `manifest.lines`.
    """
    lines, path = manifest.lines(folder), folder / manifest.NAME
    raw = path.read_bytes() if path.exists() else b""
    head = lines[-1].hash if lines else manifest.START
    return {"lines": len(lines), "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "head": head}


def read_all(folder: Path) -> tuple[Seal, ...]:
    """The seals that can be read and whose signatures hold, the first one first."""
    return tuple(found for _, path in _paths(folder) if isinstance(found := _read(path), Seal))


def damages(folder: Path, *, sweep: str | None = "") -> Iterator[Damage]:
    """What is wrong with the seals of a sweep's folder, and with the manifest as they saw it; none = not sealed, or sound.

    `sweep` = what they have to name: the folder's own name where empty, anything where None.
    """
    previous, expected = "", 1
    for number, path in _paths(folder):
        found = _read(path)
        if number != expected:
            yield _damage(folder, name(expected), "封存文件不见了")
            previous = ""
        if isinstance(found, str):
            yield _damage(folder, path.name, found)
        else:
            yield from _misfits(folder, found, previous, folder.name if sweep == "" else sweep)
        previous, expected = hashlib.sha256(path.read_bytes()).hexdigest(), number + 1


def _misfits(folder: Path, seal: Seal, previous: str, sweep: str | None) -> Iterator[Damage]:
    told = seal.statement
    if sweep not in (None, told.get("sweep")) or told.get("number") != seal.number:
        yield _damage(folder, seal.file, f"是批次{told.get('sweep')}的第{told.get('number')}份封存,放错了地方")
    elif previous and told.get("previous") != previous:
        yield _damage(folder, seal.file, "与前一份封存接不上,前一份被换过")
    sealed = told["manifest"]
    path = folder / manifest.NAME
    raw = path.read_bytes()[: sealed["bytes"]] if path.exists() else b""
    if hashlib.sha256(raw).hexdigest() != sealed["sha256"]:
        yield _damage(folder, manifest.NAME, f"与第{seal.number}份封存时的{sealed['lines']}行不符,清单被改动或截短")


def _paths(folder: Path) -> list[tuple[int, Path]]:
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("seal*.json"))
    return sorted((int(match[1] or 1), path) for match, path in found if match)


def _read(path: Path) -> Seal | str:
    """The seal, or what is wrong with the file."""
    raw = path.read_bytes()
    found = signed.read(raw, "封存文件")
    if isinstance(found, str):
        return found
    try:
        whole = _shaped(found.statement)
    except (ValueError, LookupError, TypeError, AttributeError):
        return "封存文件读不出来"
    if not whole:
        return "不是本程序写出的原样,封存文件被改动"
    match = _NAME.fullmatch(path.name)
    number = int(match[1] or 1) if match else 0
    sha256 = hashlib.sha256(raw).hexdigest()
    return Seal(number=number, file=path.name, sha256=sha256, statement=found.statement, public_key=found.public_key)


def _shaped(statement: Mapping[str, Any]) -> bool:
    """Whether it says what ours say: a signature alone may be anybody's, under anything."""
    sealed, documents = statement["manifest"], statement["documents"]
    counts = [statement["number"], sealed["lines"], sealed["bytes"], *(told["lines"] for told in documents.values())]
    texts = [statement[key] for key in ("sweep", "previous", "at", "who", "program")]
    texts += [sealed["sha256"], sealed["head"], *(told["sha256"] for told in documents.values())]
    numbers = all(type(count) is int and count >= 0 for count in counts)
    return statement["format"] == FORMAT and numbers and all(isinstance(text, str) for text in texts)


def _damage(folder: Path, file: str, reason: str) -> Damage:
    return Damage(file=f"{folder.name}/{file}", reason=reason)
