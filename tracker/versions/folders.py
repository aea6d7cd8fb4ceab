"""Files of a print on their way into the folder of reports: made aside, numbered, then put in their place.

The newest print bears the bare title; the one that bore it before is renamed to its number word (`…(第1稿).docx`). A draft never
takes the bare title from a final: after the 印发稿 every draft bears its number word. Nothing is ever overwritten, and a file
that Word or WPS holds open stays where it is: the new one then goes under its number word. Whoever is killed in between leaves a
folder `print-….partial` behind: a numbered one is put in its place by the next print, one without a number is swept away a day
later.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex

from tracker.errors import UsageError, reason
from tracker.store import Print, PrintedFile
from tracker.workspace import Workspace

_FRONT, _BACK = "print-", ".partial"
_STALE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of one file: where it lies, what had to be renamed for it, what was held open and stayed."""

    path: Path
    renamed: tuple[Path, Path] | None = None
    """The old name and the new one of the file that bore the bare title."""
    held: Path | None = None
    """The file that could not be renamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The folder in which the files of one print are made, inside of the folder of reports."""

    to: Path
    token: str

    @property
    def folder(self) -> Path:
        """Where the files are made."""
        return self.to / f"{_FRONT}{self.token}{_BACK}"

    @classmethod
    @contextmanager
    def opened(cls, ws: Workspace, to: Path) -> "Iterator[Workshop]":
        """A new one; what was not numbered in it is gone at the end. Raises UsageError when the folder cannot be written."""
        made = cls(to=to, token=token_hex(8))
        try:
            made.folder.mkdir(parents=True)
        except OSError as error:
            raise UsageError(f"不能建立报表目录 {to}({reason(error)}):请换一个可以写入的目录。") from error
        try:
            yield made
        finally:
            if ws.store.print_of(made.token) is None:
                shutil.rmtree(made.folder, ignore_errors=True)


def digest(path: Path) -> str:
    """SHA-256 of a file in hex. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def same(path: Path, sha256: str) -> bool:
    """Whether a file is there, can be read and holds these bytes."""
    try:
        return path.is_file() and digest(path) == sha256
    except OSError:
        return False


def settle(ws: Workspace, to: Path, at: datetime) -> dict[str, tuple[Placed, ...]]:
    """Put every numbered print that waits in the folder in its place: token → its files. Raises UsageError."""
    waiting = [(ws.store.print_of(_token(folder)), folder) for folder in to.glob(f"{_FRONT}*{_BACK}")]
    done = {}
    for told, folder in sorted(((told, folder) for told, folder in waiting if told), key=lambda one: one[0].id):
        with ws.store.alone_on(told.sweep):
            done[told.token] = tuple(_settled(ws, to, folder, told))
    for numbered, folder in waiting:
        if numbered or _stale(folder, at):
            shutil.rmtree(folder, ignore_errors=True)
    return done


def _token(folder: Path) -> str:
    return folder.name.removeprefix(_FRONT).removesuffix(_BACK)


def _stale(folder: Path, at: datetime) -> bool:
    try:
        return at.timestamp() - folder.stat().st_mtime > _STALE.total_seconds()
    except OSError:
        return False


def _settled(ws: Workspace, to: Path, folder: Path, told: Print) -> Iterator[Placed]:
    known = [one for one in ws.store.prints(form=told.form) if one.id < told.id]
    for file in told.files:
        source = folder / file.name
        if source.is_file():
            yield _place(source, to, file, told, known)


def _place(source: Path, to: Path, file: PrintedFile, told: Print, known: Sequence[Print]) -> Placed:
    bare, own = to / file.name, to / file.numbered(told.label)
    if told.kind == "draft" and any(one.kind == "final" and _kin(one, told) for one in known):
        return Placed(path=_put(source, own, file.sha256))
    if not bare.exists():
        return Placed(path=_put(source, bare, file.sha256))
    word, final = _owner(bare, file, known)
    if final and told.kind == "draft":
        return Placed(path=_put(source, own, file.sha256))
    aside = _free(bare.with_name(f"{bare.stem}({word}){bare.suffix}"))
    try:
        bare.rename(aside)
    except OSError:
        return Placed(path=_put(source, own, file.sha256), held=bare)
    return Placed(path=_put(source, bare, file.sha256), renamed=(bare, aside))


def _kin(one: Print, told: Print) -> bool:
    return (one.sweep, one.whom) == (told.sweep, told.whom)


def _owner(bare: Path, file: PrintedFile, known: Sequence[Print]) -> tuple[str, bool]:
    """The number word of what lies under the bare title now, and whether it is a final one.

    What a person changed is named after the print that it was; what we never printed is 原有.
    """
    before = [one for one in known if any(each.name == file.name for each in one.files)]
    for one in reversed(before):
        if any(each.name == file.name and same(bare, each.sha256) for each in one.files):
            return one.label, one.kind == "final"
    return (f"{before[-1].label}改", before[-1].kind == "final") if before else ("原有", False)


def _put(source: Path, target: Path, sha256: str) -> Path:
    """Move a file of ours to a name that is free; where the very same bytes lie there already, they stay."""
    if same(target, sha256):
        source.unlink()
        return target
    free = _free(target)
    try:
        os.link(source, free)
    except FileExistsError:
        return _put(source, target, sha256)
    except OSError:
        # a file system without hard links (exFAT): there a rename onto a name that came up just now is refused by Windows
        _renamed(source, free)
        return free
    with suppress(OSError):
        source.unlink()
    return free


def _renamed(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        raise UsageError(f"写不进 {target}({reason(error)}):请检查磁盘和权限后再打印一次,已编的稿次不会丢。") from error


def _free(path: Path) -> Path:
    """The path, or `…-2`, `…-3` where it is taken: nothing is overwritten."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
