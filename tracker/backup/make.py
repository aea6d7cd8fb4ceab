"""Making a backup while the workspace is in use. Nothing bears its final name before it is whole and on the disk."""

import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker import __version__
from tracker.backup.contents import EVIDENCE, LIST, PARTIAL, SUFFIX, VISITS, WORKSPACE, Contents, Sweep, sha256, small_files
from tracker.clock import SHANGHAI
from tracker.errors import UsageError, reason
from tracker.evidence import lock, manifest
from tracker.evidence.verify import damages
from tracker.store import Store
from tracker.store.copying import LITE
from tracker.workspace import Workspace

_NAME = "tracker-{at:%Y%m%d-%H%M%S}.zip"
_OURS = "tracker-[0-9]*-[0-9]*.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup. `visits` lie in it or beside it, `fresh` of them were copied now."""

    path: Path
    size: int
    accounts: int
    sweeps: int
    visits: int
    fresh: int
    damaged: tuple[str, ...] = ()
    """Evidence that could not be taken along whole, one sentence each."""


def make(ws: Workspace, to: Path, *, evidence: bool, at: datetime, keep: int = 0) -> Made:
    """Back up into the file `to` (.zip), or into the folder `to`, which takes only visits that it has not yet.

    `keep`: how many backups of a folder stay, the newest; 0 = all. Raises UsageError: the target cannot be written, the disk is
    full, another backup goes on, PostgreSQL's tool is not there.
    """
    single = to.suffix.lower() == ".zip"
    folder = to.parent if single else to
    with lock.alone(ws.root / ".backup.lock", "另一个 tracker 正在备份;请等它做完", wait=0), _telling(to):
        folder.mkdir(parents=True, exist_ok=True)
        if not single:
            _sweep_up(folder)
        path = to if single else folder / _NAME.format(at=at.astimezone(SHANGHAI))
        made = _made(ws, path, None if single else folder, evidence, at)
        _forget_old(folder, keep, path)
    return made


def in_words(made: Made) -> str:
    """The result as one sentence."""
    visits = f"证据{made.visits}个文件(这次新增{made.fresh}个)" if made.visits else "不含证据"
    wrong = f";{len(made.damaged)}个证据文件有损坏,没有备份:{made.damaged[0]}" if made.damaged else ""
    return f"已备份到 {made.path}({made.size / 2**20:.1f} MB):{made.accounts}个账号,{made.sweeps}个批次,{visits}{wrong}"


def _made(ws: Workspace, path: Path, beside: Path | None, evidence: bool, at: datetime) -> Made:
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
                one = _Box(ws, box, beside)
                rows = one.database(path.with_name(f"{path.name}.db{PARTIAL}"))
                one.workspace(beside or path)
                if evidence:
                    one.evidence()
                where = ("beside" if beside else "zip") if evidence else "none"
                told = one.contents(at, rows, where)
                box.writestr(LIST, told.packed())
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    size = path.stat().st_size
    return Made(
        path=path,
        size=size,
        accounts=rows["account"][0],
        sweeps=rows["sweep"][0],
        visits=one.visits,
        fresh=one.fresh,
        damaged=tuple(one.wrong),
    )


class _Box:
    """One zip that is being filled."""

    def __init__(self, ws: Workspace, box: zipfile.ZipFile, beside: Path | None) -> None:
        self._ws, self._box, self._beside = ws, box, beside
        self._files: dict[str, str] = {}
        self._sweeps: list[Sweep] = []
        self.wrong: list[str] = []
        self.visits = self.fresh = 0

    def contents(self, at: datetime, rows: dict[str, tuple[int, int]], visits: str) -> Contents:
        return Contents(
            at=at,
            program=__version__,
            place=self._ws.settings.place,
            database=self._ws.store.copy_name,
            files=self._files,
            rows=rows,
            visits=visits,
            sweeps=tuple(self._sweeps),
        )

    def database(self, copy: Path) -> dict[str, tuple[int, int]]:
        """First of all: what the journal knows lies in the manifests that are read after it. `copy` = where it lies meanwhile."""
        store = self._ws.store
        _forget(copy)
        try:
            before = store.rows_by_table()
            store.copy_to(copy)
            after = store.rows_by_table()
            if store.copy_name == LITE:
                with Store.open(f"sqlite:///{copy.as_posix()}") as held:
                    before = after = held.rows_by_table()
            self._box.write(copy, store.copy_name)
            self._files[store.copy_name] = _digest(copy)
        finally:
            _forget(copy)
        return {table: (before[table], after[table]) for table in after}

    def workspace(self, backups: Path) -> None:
        for path in small_files(self._ws, backups):
            self._add(f"{WORKSPACE}/{path.relative_to(self._ws.root).as_posix()}", path.read_bytes())

    def evidence(self) -> None:
        root = self._ws.evidence.root
        folders = root.iterdir() if root.is_dir() else ()
        for folder in sorted(path for path in folders if path.is_dir() and not path.name.startswith(".")):
            self._sweep(folder)

    def _sweep(self, folder: Path) -> None:
        raw = _whole_lines(folder)
        listed = _parsed(raw, folder)
        self._add(f"{EVIDENCE}/{folder.name}/{manifest.NAME}", raw)
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name != manifest.NAME and not path.name.endswith((SUFFIX, PARTIAL)):
                self._add(f"{EVIDENCE}/{folder.name}/{path.name}", path.read_bytes())
        missing = [line.file for line in listed if not self._visit(folder, line)]
        if missing:
            # what was pruned by rule is no damage
            bad = {one.file: one.reason for one in damages(folder)}
            self.wrong += [f"{name}:{bad[name]}" for name in (f"{folder.name}/{file}" for file in missing) if name in bad]
        self._sweeps.append(Sweep(name=folder.name, files=len(listed), manifest=sha256(raw)))

    def _visit(self, folder: Path, line: manifest.Line) -> bool:
        """Take one visit along; False when it is not there, or not what was entered."""
        path = folder / line.file
        target = self._beside / VISITS / folder.name / line.file if self._beside else None
        try:
            if target and target.exists() and target.stat().st_size == path.stat().st_size:
                self.visits += 1
                return True
            raw = path.read_bytes()
        except FileNotFoundError:
            return False
        if sha256(raw) != line.sha256:
            return False
        if target:
            _lay(target, raw)
        else:
            self._box.writestr(f"{VISITS}/{folder.name}/{line.file}", raw, zipfile.ZIP_STORED)
        self.visits, self.fresh = self.visits + 1, self.fresh + 1
        return True

    def _add(self, name: str, raw: bytes) -> None:
        self._box.writestr(name, raw)
        self._files[name] = sha256(raw)


def _forget(copy: Path) -> None:
    """A copy of the database, and what SQLite lays beside it."""
    for more in ("", "-journal", "-wal", "-shm"):
        copy.with_name(copy.name + more).unlink(missing_ok=True)


def _lay(target: Path, raw: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + PARTIAL)
    try:
        with partial.open("wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _whole_lines(folder: Path) -> bytes:
    """The manifest without a line that is being written just now."""
    path = folder / manifest.NAME
    raw = path.read_bytes() if path.exists() else b""
    return raw[: raw.rfind(b"\n") + 1]


def _parsed(raw: bytes, folder: Path) -> tuple[manifest.Line, ...]:
    try:
        return manifest.parse(raw)
    except ValueError as error:
        raise UsageError(f"{folder.name}的证据清单第{error}行读不出来,没有备份;请先从以前的备份恢复它") from error


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _sweep_up(folder: Path) -> None:
    """What a backup left that was ended without warning."""
    for path in folder.glob(f"tracker-*{PARTIAL}*"):
        path.unlink()


def _forget_old(folder: Path, keep: int, newest: Path) -> None:
    found = sorted(folder.glob(_OURS)) if keep else []
    for path in found[: max(len(found) - keep, 0)]:
        if path != newest:
            path.unlink(missing_ok=True)


@contextmanager
def _telling(to: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, OSError) else f"数据库:{error}"
        raise UsageError(f"没有备份成:{to} 写不下去({why});以前的备份没有动,请检查磁盘空间和权限") from error
