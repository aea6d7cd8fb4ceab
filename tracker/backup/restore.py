"""A backup back into an empty folder: every file held against its hash, then the rows counted and the chains verified."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker import settings
from tracker.backup.contents import EVIDENCE, LIST, VISITS, WORKSPACE, Contents, Sweep, safe, sha256, unpacked
from tracker.errors import UsageError, reason
from tracker.evidence import Damage, manifest
from tracker.evidence.verify import damages
from tracker.store.copying import SERVER, restore_server
from tracker.workspace import Workspace, opened

_HALF = ".restoring"
"""Ends the name of the folder while it is not whole, and marks it as ours."""
_MOST_LIST = 64 * 2**20
"""Bytes that the list of a backup may have."""
_SOME = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back. `differing`: table → rows now, where the count is not that of the backup."""

    contents: Contents
    path: Path
    visits: int
    accounts: int
    differing: Mapping[str, int]
    damaged: tuple[Damage, ...]
    sealed: bool
    """Whether there are credentials or a sealing key that only the old key opens."""

    @property
    def sound(self) -> bool:
        """Whether all is as it was."""
        return not (self.differing or self.damaged)


def restore(source: Path, to: Path, *, database: str = "") -> Restored:
    """Bring the backup `source` (the file, or a folder of backups: its newest) into the empty folder `to`.

    `database`: another one than the settings name; a PostgreSQL database has to be there, and empty. Raises UsageError for a
    backup that is damaged or not ours, a folder that is not empty, a full disk; then `to` is as it was.
    """
    path = _chosen(source)
    _must_be_empty(to)
    half = to.with_name(to.name + _HALF)
    with _telling(to):
        if half.exists():
            # of a restore that was ended without warning
            shutil.rmtree(half)
        half.mkdir(parents=True)
        try:
            with _open(path) as box:
                contents = unpacked(_list(box, path), path.name)
                visits = _unpack(box, contents, path, half, database)
            if to.exists():
                to.rmdir()
            half.replace(to)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    with opened(to) as ws:
        return _compared(ws, contents, visits)


def _unpack(box: zipfile.ZipFile, contents: Contents, path: Path, half: Path, database: str) -> int:
    for name, digest in contents.files.items():
        _place(box, name, digest, half)
    visits = sum(_visit(box, contents, path, half, *one) for one in _visits(contents, half))
    _lay_database(contents, half, database)
    return visits


def _place(box: zipfile.ZipFile, name: str, digest: str, half: Path) -> None:
    top, *rest = safe(name).parts
    folder = {WORKSPACE: half, EVIDENCE: half / VISITS}.get(top) if rest else half
    if folder is None:
        raise UsageError(f"备份里有一个不该有的文件名 {name!r},没有恢复;这份备份被改动过")
    target = folder.joinpath(*(rest or [top]))
    target.parent.mkdir(parents=True, exist_ok=True)
    found = hashlib.sha256()
    try:
        with box.open(name) as member, target.open("wb") as out:
            while some := member.read(_SOME):
                found.update(some)
                out.write(some)
            out.flush()
            os.fsync(out.fileno())
    except (KeyError, zipfile.BadZipFile, EOFError, ValueError) as error:
        raise UsageError(f"备份里的 {name} 读不出来,备份已损坏;请换一份") from error
    if found.hexdigest() != digest:
        raise UsageError(f"备份里的 {name} 与清单不符,备份已损坏;请换一份")


def _visits(contents: Contents, half: Path) -> Iterator[tuple[Sweep, manifest.Line]]:
    for sweep in contents.sweeps if contents.visits != "none" else ():
        safe(sweep.name)
        try:
            lines = manifest.lines(half / VISITS / sweep.name)
        except ValueError as error:
            raise UsageError(f"备份里批次 {sweep.name} 的证据清单第{error}行读不出来;请换一份") from error
        yield from ((sweep, line) for line in lines)


def _visit(box: zipfile.ZipFile, contents: Contents, path: Path, half: Path, sweep: Sweep, line: manifest.Line) -> bool:
    """One visit; False when the backup has it not: it was pruned, or damaged, when the backup was made."""
    name = safe(f"{VISITS}/{sweep.name}/{line.file}")
    try:
        raw = box.read(str(name)) if contents.visits == "zip" else path.parent.joinpath(*name.parts).read_bytes()
    except (KeyError, FileNotFoundError):
        return False
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise UsageError(f"备份里的 {name} 读不出来,备份已损坏;请换一份") from error
    if sha256(raw) != line.sha256:
        raise UsageError(f"备份里的 {name} 与证据清单不符,备份已损坏;请换一份")
    target = half.joinpath(*name.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(raw)
    return True


def _lay_database(contents: Contents, half: Path, told: str) -> None:
    """The database where the settings look for it; a file outside the workspace is brought into it."""
    copy, found = half / safe(contents.database).name, settings.load(half).database
    if contents.database == SERVER:
        url = told or found
        if not url.startswith(("postgresql://", "postgres://")):
            raise UsageError("这份备份来自 PostgreSQL;请用 --database postgresql://用户@主机/空库 指明恢复到哪里")
        restore_server(url, copy)
        copy.unlink()
    else:
        url = told or found
        name = url.removeprefix("sqlite:///")
        inside = url.startswith("sqlite:///") and not Path(name).is_absolute() and ".." not in Path(name).parts
        url = url if inside else "sqlite:///tracker.db"
        target = half / url.removeprefix("sqlite:///")
        target.parent.mkdir(parents=True, exist_ok=True)
        copy.replace(target)
    if url != found:
        path = half / settings.FILE
        path.write_text(settings.rewritten(path.read_text(encoding="utf-8-sig"), {"database": url}), encoding="utf-8")


def _compared(ws: Workspace, contents: Contents, visits: int) -> Restored:
    now = ws.store.rows_by_table()
    differing = {
        table: now.get(table, 0) for table, (least, most) in contents.rows.items() if not least <= now.get(table, 0) <= most
    }
    folders = [ws.evidence.root / one.name for one in contents.sweeps] if contents.visits != "none" else []
    return Restored(
        contents=contents,
        path=ws.root,
        visits=visits,
        accounts=now["account"],
        differing=differing,
        damaged=tuple(one for folder in folders for one in damages(folder)),
        sealed=any((ws.root / name).exists() for name in ("credentials", "seal-key.pem")),
    )


def _chosen(source: Path) -> Path:
    if source.is_dir():
        found = sorted(source.glob("tracker-*.zip"))
        if not found:
            raise UsageError(f"{source} 里没有备份(tracker-….zip);请指明备份文件,或它所在的文件夹")
        return found[-1]
    if not source.is_file():
        raise UsageError(f"没有这个备份:{source};请检查路径和文件名")
    return source


def _must_be_empty(to: Path) -> None:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} 不是空文件夹,没有恢复,什么也没有动;请换一个新的文件夹")


def _list(box: zipfile.ZipFile, path: Path) -> bytes:
    try:
        if box.getinfo(LIST).file_size > _MOST_LIST:
            raise UsageError(f"{path.name} 的清单大得不对,没有恢复;请换一份")
        return box.read(LIST)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise UsageError(f"{path.name} 不是 tracker backup 做的备份,或已损坏;请换一份") from error


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise UsageError(f"{path.name} 不是完整的备份文件(可能没有拷完);请换一份") from error


@contextmanager
def _telling(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"没有恢复成:{to} 写不下去({reason(error)});什么也没有留下,请检查磁盘空间和权限") from error
