"""Whether a sweep's files are those that were entered: the chain and every file's bytes, what lies there besides, the seals."""

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from tracker.evidence import brought, cleared, manifest, names, seals
from tracker.evidence.records import Damage

_SOME = 65_536
"""Bytes at a time: what they unpack to is thrown away."""


def damages(folder: Path) -> tuple[Damage, ...]:
    """All damage of one sweep's folder, in manifest order; then files in no line, what was cleared away, the seals."""
    try:
        lines = manifest.lines(folder)
    except ValueError as error:
        return (Damage(file=_file(folder, manifest.NAME), reason=f"清单第{error}行读不出来"),)
    return (
        *_listed(folder, lines),
        *_unlisted(folder, {line.file for line in lines}),
        *cleared.damages(folder),
        *seals.damages(folder),
        *brought.damages(folder),
    )


def _listed(folder: Path, lines: tuple[manifest.Line, ...]) -> Iterator[Damage]:
    broken, gone = manifest.first_break(lines), cleared.files(folder)
    for line in lines:
        if line is broken:
            yield Damage(file=_file(folder, line.file), reason=f"清单第{line.n}行与前一行接不上,清单被改动")
        path = folder / line.file
        if not path.is_file() and line.file in gone and gone[line.file].sha256 == line.sha256:
            continue
        if not path.is_file():
            yield Damage(file=_file(folder, line.file), reason="清单里有,文件不见了")
        elif hashlib.sha256(raw := path.read_bytes()).hexdigest() != line.sha256:
            record = broken_record(raw)
            where = f"(第{record}条记录)" if record else ""
            yield Damage(file=_file(folder, line.file), reason=f"内容与清单的SHA-256不符,文件被改动{where}")


def _unlisted(folder: Path, listed: set[str]) -> Iterator[Damage]:
    for path in sorted(folder.glob(f"*{names.SUFFIX}*")):
        if path.name not in listed:
            yield Damage(file=_file(folder, path.name), reason="清单里没有这个文件")


def broken_record(raw: bytes) -> int:
    """Number, from 1, of the first record whose gzip member is cut or fails its own checksum; 0 = each is whole by itself."""
    number = at = 0
    while at < len(raw):
        number, member = number + 1, zlib.decompressobj(wbits=31)
        try:
            while not member.eof and at < len(raw):
                some = raw[at : at + _SOME]
                member.decompress(some)
                at += len(some) - len(member.unused_data)
        except zlib.error:
            return number
        if not member.eof:
            return number
    return 0


def _file(folder: Path, name: str) -> str:
    return f"{folder.name}/{name}"
