"""The evidence of a workspace on disk: keep, read, resume, copy in, verify. Any number of processes may write at once."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal

from tracker.clock import Clock, now
from tracker.errors import EvidenceCleared, EvidenceDamaged, UsageError, reason
from tracker.evidence import cleared, lock, manifest, names, warc
from tracker.evidence.records import Damage, Stored, VisitMeta
from tracker.evidence.verify import damages
from tracker.model import Exchange

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

Task = Literal["write", "sweep", "import"]
Guard = Callable[[str, str], AbstractContextManager[None]]
"""Holds a lock of that name among all machines, or raises UsageError with that sentence: a shared folder's own may be weak."""
_TASKS: Mapping[Task, str] = {"write": "写入", "sweep": "巡检", "import": "导入检查表到"}


class Evidence:
    """`root`/<sweep>/<account_id>-<n>.warc.gz, one file per visit, and `root`/<sweep>/manifest.jsonl.

    Safe for threads and processes.
    """

    def __init__(self, root: Path, *, clock: Clock = now, guard: Guard | None = None) -> None:
        self.root = root
        self._guard = guard
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: lock.Kept | None = None
        self._shelves: dict[str, _Shelf] = {}

    def close(self) -> None:
        """Close what stays open between two visits; may be called twice, and used again after."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._kept:
            self._kept.close()
        self._kept = None

    def alone(self, sweep: str, task: Task) -> AbstractContextManager[None]:
        """Be the only process that does `task` with a sweep. Raises UsageError when another one goes on doing it."""
        return self._only(sweep, task, lock.alone)

    @contextmanager
    def _only(self, sweep: str, task: Task, take: Callable[[Path, str], AbstractContextManager[None]]) -> Iterator[None]:
        taken = f"另一个 tracker 正在{_TASKS[task]}批次 {sweep};请等它做完再试,或换一个批次名称"
        with ExitStack() as held:
            name = f"{names.folder_name(sweep)}.{task}.lock"
            held.enter_context(take(self.root / ".locks" / name, taken))
            if self._guard:
                held.enter_context(self._guard(f"evidence/{name}", taken))
            yield

    def busy(self, sweep: str, task: Task) -> bool:
        """Whether another process does `task` with a sweep just now. Raises UsageError when the lock cannot be made."""
        told = "busy"
        try:
            with lock.alone(self.root / ".locks" / f"{names.folder_name(sweep)}.{task}.lock", told, wait=0):
                return False
        except UsageError as error:
            if str(error) != told:
                raise
            return True

    def keep(self, sweep: str, account_id: str, meta: VisitMeta, exchanges: Sequence[Exchange]) -> Stored:
        """Write one visit for good (`account_id` empty = a pasted link).

        Raises UsageError when the disk is full; no half file is left.
        """
        raw = warc.pack(meta, exchanges)
        with self._writing(sweep) as shelf:
            return shelf.put(shelf.free_name(names.stem(account_id)), raw)

    def read(self, file: str, *, sha256: str = "") -> tuple[VisitMeta, tuple[Exchange, ...]]:
        """The visit that a file (path below the root) holds.

        Raises EvidenceDamaged when it is missing, cut or differs from `sha256`, EvidenceCleared when it was cleared away by rule.
        """
        path = self.root / file
        if not path.is_file():
            gone = cleared.files(path.parent).get(path.name)
            if gone is not None:
                raise EvidenceCleared(f"证据文件{file}已于{gone},SHA-256 {gone.sha256}")
            raise EvidenceDamaged(f"证据文件{file}不见了;请从备份恢复")
        raw = path.read_bytes()
        if sha256 and hashlib.sha256(raw).hexdigest() != sha256:
            raise EvidenceDamaged(f"证据文件{file}与记录的SHA-256不符,内容被改动;请从备份恢复")
        return warc.unpack(raw, file)

    def files(self, sweep: str) -> tuple[Stored, ...]:
        """All entered files of a sweep, in the order of entry. Raises EvidenceDamaged when the manifest is unreadable."""
        with self._writing(sweep) as shelf:
            return shelf.stored()

    def adopt(self, sweep: str) -> tuple[Stored, ...]:
        """After a crash: delete unfinished files, enter finished ones that are not in the manifest yet, and return those.

        Raises EvidenceDamaged, changing nothing more, when such a file is not a whole visit.
        """
        folder = self.root / names.folder_name(sweep)
        if not folder.is_dir():
            return ()
        with self._lock, self.alone(sweep, "write"):
            for partial in folder.glob(f"*{names.PARTIAL}"):
                partial.unlink()
            manifest.mend(folder)
            shelf = self._shelves[sweep] = _Shelf(folder, self._clock)
            return tuple(shelf.enter_orphan(name) for name in shelf.orphans())

    def copy_in(self, source: Path, sweep: str) -> Iterator[Stored]:
        """Replay: copy every visit below `source` byte for byte into `sweep`, entering each; what is there already stays.

        Raises UsageError when `source` holds no visit, EvidenceDamaged (see `check_copies`).
        """
        for path, raw in _checked(source):
            with self._writing(sweep) as shelf:
                stored = shelf.put_copy(path.name, raw)
            yield stored

    def check_copies(self, source: Path) -> int:
        """Read every visit below `source` before anything is copied; returns how many there are.

        Raises UsageError when there is none, EvidenceDamaged when one is not a whole visit or differs from its manifest.
        """
        return sum(1 for _ in _checked(source))

    def listed(self, sweep: str) -> frozenset[str]:
        """Files that a sweep's manifest names, as far as it can be read; nothing is locked or written."""
        folder = self.root / names.folder_name(sweep)
        try:
            return frozenset(f"{folder.name}/{line.file}" for line in manifest.lines(folder))
        except ValueError:
            return frozenset()

    def verify(self, sweep: str) -> tuple[Damage, ...]:
        """What is wrong with a sweep's evidence, in manifest order, the first damaged file first; () = sound."""
        return damages(self.root / names.folder_name(sweep))

    def _again(self, path: Path, taken: str) -> AbstractContextManager[None]:
        """The lock of the sweep that is written; it is the same one visit after visit."""
        if self._kept is None or self._kept.path != path:
            self._let_go()
            self._kept = lock.Kept(path)
        return self._kept.alone(taken)

    @contextmanager
    def _writing(self, sweep: str) -> Iterator["_Shelf"]:
        """The sweep's shelf, alone among threads and processes, with what others have put there meanwhile."""
        with self._lock, self._only(sweep, "write", self._again):
            shelf = self._shelves.get(sweep)
            if shelf is None or shelf.size != manifest.size(shelf.folder):
                folder = self.root / names.folder_name(sweep)
                manifest.mend(folder)  # whoever left a line unfinished is dead: the lock is ours
                shelf = self._shelves[sweep] = _Shelf(folder, self._clock)
            yield shelf


class _Shelf:
    """One sweep's folder as the writer knows it; its folder is made by the first file."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._clock = clock
        self.size = manifest.size(folder)
        self._lines = {line.file: line for line in _lines(folder)}
        self._by_digest = {line.sha256: line for line in self._lines.values()}
        self._last = list(self._lines.values())[-1] if self._lines else None
        self._numbers: dict[str, int] = {}
        for name in (*self._lines, *(path.name for path in folder.glob(f"*{names.SUFFIX}*"))):
            self._note(name.removesuffix(names.PARTIAL))

    def free_name(self, stem: str) -> str:
        first = self._numbers.get(stem.casefold(), 0) + 1
        told = (f"{stem}-{number}{names.SUFFIX}" for number in count(first))
        # a process that died may have left a whole file that is in no manifest yet
        return next(name for name in told if not (self.folder / name).exists())

    def put(self, name: str, raw: bytes) -> Stored:
        """Write, make durable, rename, enter; in this order, so that a crash leaves a partial or a whole orphan."""
        partial = self.folder / f"{name}{names.PARTIAL}"
        self._note(name)
        try:
            if not self.size:
                self.folder.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as out:
                out.write(raw)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(self.folder / name)
            return self._enter(name, hashlib.sha256(raw).hexdigest())
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise _told(error, self.folder) from error

    def put_copy(self, name: str, raw: bytes) -> Stored:
        split = names.split(name)
        # the same visit may lie here under another name, which was taken when it came in
        there = self._by_digest.get(hashlib.sha256(raw).hexdigest())
        if there:
            return self._stored(there)
        if split is None or (self.folder / name).exists():
            return self.put(self.free_name(name.removesuffix(names.SUFFIX).rpartition("-")[0] or "link"), raw)
        return self.put(name, raw)

    def stored(self) -> tuple[Stored, ...]:
        return tuple(self._stored(line) for line in self._lines.values())

    def orphans(self) -> list[str]:
        found = (path.name for path in self.folder.glob(f"*{names.SUFFIX}"))
        return sorted((name for name in found if name not in self._lines), key=lambda name: names.split(name) or (name, 0))

    def enter_orphan(self, name: str) -> Stored:
        raw = (self.folder / name).read_bytes()
        warc.unpack(raw, f"{self.folder.name}/{name}")
        return self._enter(name, hashlib.sha256(raw).hexdigest())

    def _enter(self, name: str, sha256: str) -> Stored:
        line = manifest.following(self._last, file=name, sha256=sha256, at=self._clock())
        self.size = manifest.append(self.folder, line)
        self._lines[name] = self._by_digest[sha256] = self._last = line
        return self._stored(line)

    def _note(self, name: str) -> None:
        if split := names.split(name):
            self._numbers[split[0]] = max(split[1], self._numbers.get(split[0], 0))

    def _stored(self, line: manifest.Line) -> Stored:
        return Stored(file=f"{self.folder.name}/{line.file}", sha256=line.sha256)


def _checked(source: Path) -> Iterator[tuple[Path, bytes]]:
    """Every visit below a folder, with its bytes, once they are known to be whole."""
    cleared.must_be_whole(source)
    paths = sorted(source.rglob(f"*{names.SUFFIX}"), key=_in_order)
    if not paths:
        raise UsageError(f"{source}里没有采集文件(*{names.SUFFIX});请指向一个批次的快照文件夹")
    listed = cache(_digests)
    for path in paths:
        raw = path.read_bytes()
        told = listed(path.parent).get(path.name)
        if told is not None and told != hashlib.sha256(raw).hexdigest():
            raise EvidenceDamaged(f"证据文件{path}与它所在文件夹的清单不符;请向提供者重新索取")
        warc.unpack(raw, str(path))
        yield path, raw


def _digests(folder: Path) -> Mapping[str, str]:
    return {line.file: line.sha256 for line in _lines(folder)}


def _in_order(path: Path) -> tuple[str, str, int]:
    return (path.parent.as_posix(), *(names.split(path.name) or (path.name, 0)))


def _lines(folder: Path) -> tuple[manifest.Line, ...]:
    try:
        return manifest.lines(folder)
    except ValueError as error:
        raise EvidenceDamaged(f"{folder.name}的证据清单第{error}行读不出来;请从备份恢复") from error


def _told(error: OSError, folder: Path) -> Exception:
    if error.errno in _FULL:
        return UsageError(f"磁盘已满,{folder}写不下新的采集文件;请腾出空间后用 --resume 继续(网页版:总览),已采集的不受影响")
    return UsageError(f"写不进{folder}({reason(error)});请检查文件夹权限后用 --resume 继续(网页版:总览)")
