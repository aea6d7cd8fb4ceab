"""Whether a sweep's files are those that were entered: the chain first, then every file's bytes, then what lies there besides."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tracker.evidence import manifest, names
from tracker.evidence.records import Damage


def damages(folder: Path) -> tuple[Damage, ...]:
    """All damage of one sweep's folder, in manifest order; files that are in no line come last."""
    try:
        lines = manifest.lines(folder)
    except ValueError as error:
        return (Damage(file=_file(folder, manifest.NAME), reason=f"清单第{error}行读不出来"),)
    return (*_listed(folder, lines), *_unlisted(folder, {line.file for line in lines}))


def _listed(folder: Path, lines: tuple[manifest.Line, ...]) -> Iterator[Damage]:
    broken = manifest.first_break(lines)
    for line in lines:
        if line is broken:
            yield Damage(file=_file(folder, line.file), reason=f"清单第{line.n}行与前一行接不上,清单被改动")
        path = folder / line.file
        if not path.is_file():
            yield Damage(file=_file(folder, line.file), reason="清单里有,文件不见了")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != line.sha256:
            yield Damage(file=_file(folder, line.file), reason="内容与清单的SHA-256不符,文件被改动")


def _unlisted(folder: Path, listed: set[str]) -> Iterator[Damage]:
    for path in sorted(folder.glob(f"*{names.SUFFIX}*")):
        if path.name not in listed:
            yield Damage(file=_file(folder, path.name), reason="清单里没有这个文件")


def _file(folder: Path, name: str) -> str:
    return f"{folder.name}/{name}"
