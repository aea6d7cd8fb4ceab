"""Locks between processes that the system itself lets go when their holder dies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tracker.errors import UsageError, reason

WAIT = 15.0
"""Seconds to wait for another holder: a sheet is in by then, a sweep is not."""


@contextmanager
def alone(path: Path, taken: str, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock file while the block runs.

    Raises UsageError with the sentence `taken` when another process keeps it longer than `wait` seconds, and in other
    words when the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"写不进{path.parent}({reason(error)});请检查文件夹的写权限") from error
    # SQLite locks files alike on every system; the file itself stays empty
    with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            told = f"不能锁定{path}({error.sqlite_errorname});请检查文件夹的写权限和磁盘空间"
            raise UsageError(taken if busy else told) from error
        yield
