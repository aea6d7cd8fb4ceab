"""Locks between processes that the system itself lets go when their holder dies."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tracker.errors import UsageError, reason

WAIT = 15.0
"""Seconds to wait for another holder: a sheet is in by then, a sweep is not."""


_FIRST = ("PRAGMA journal_mode=memory",)
"""Nothing is ever written: the file beside, which SQLite would make for undoing it, is spared."""


@contextmanager
def alone(path: Path, taken: str, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock file while the block runs.

    Raises UsageError with the sentence `taken` when another process keeps it longer than `wait` seconds, and in other
    words when the file cannot be made.
    """
    with closing(_opened(path, wait)) as connection:
        _begin(connection, path, taken, *_FIRST)
        yield


class Kept:
    """A lock that is taken time and again: its file stays open, which saves most of what taking it costs.

    For one thread at a time. Whoever has it open and does not hold it locks nobody out.
    """

    def __init__(self, path: Path, *, wait: float = WAIT) -> None:
        self.path = path
        self._wait = wait
        self._connection: sqlite3.Connection | None = None
        self._known: tuple[int, ...] = ()

    @contextmanager
    def alone(self, taken: str) -> Iterator[None]:
        """Hold the lock while the block runs. Raises UsageError as `alone`."""
        try:
            self._take(taken)
            yield
        finally:
            if self._connection and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; the next block opens it again."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _take(self, taken: str) -> None:
        if self._connection:
            _begin(self._connection, self.path, taken)
            # the file may have been removed, or be another one by now: a lock on what is gone keeps nobody out
            if self._known == _identity(self.path):
                return
            self.close()
        with ExitStack() as undo:
            fresh = undo.enter_context(closing(_opened(self.path, self._wait)))
            _begin(fresh, self.path, taken, *_FIRST)
            self._connection, self._known = fresh, _identity(self.path)
            undo.pop_all()


def _identity(path: Path) -> tuple[int, ...]:
    """What tells this file, as this process has it, from every other."""
    try:
        told = path.stat()
    except OSError:
        return ()
    # SQLite's connections do not go over into a forked process
    return (told.st_dev, told.st_ino, os.getpid())


def _opened(path: Path, wait: float) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"写不进{path.parent}({reason(error)});请检查文件夹的写权限") from error
    # SQLite locks files alike on every system; the file itself stays empty
    return sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)


def _begin(connection: sqlite3.Connection, path: Path, taken: str, *first: str) -> None:
    try:
        for told in (*first, "BEGIN EXCLUSIVE"):
            connection.execute(told)
    except sqlite3.OperationalError as error:
        busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
        told = f"不能锁定{path}({error.sqlite_errorname});请检查文件夹的写权限和磁盘空间"
        raise UsageError(taken if busy else told) from error
