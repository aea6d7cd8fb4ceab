"""The database as one file, taken while others go on writing, and back again."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import peewee

from tracker.errors import UsageError
from tracker.store.part import Part

LITE, SERVER = "database.sqlite", "database.pgdump"
"""Name of the copy, by the kind of database."""

_LAST = 500
"""Characters of what a tool of PostgreSQL said."""


class Copying(Part):
    """Copies of the whole database."""

    @property
    def copy_name(self) -> str:
        """How a copy of this database is called."""
        return LITE if isinstance(self._database, peewee.SqliteDatabase) else SERVER

    def copy_to(self, path: Path) -> None:
        """Write the database as it is now into a new file: one moment of it, whoever writes meanwhile.

        SQLite by its own online copying, PostgreSQL by pg_dump (custom format). Raises UsageError when the tool is not there,
        or fails; OSError or sqlite3.Error when the file cannot be written.
        """
        if not isinstance(self._database, peewee.SqliteDatabase):
            _run("pg_dump", self._database.database, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
            return
        with closing(sqlite3.connect(self._database.database)) as source, closing(sqlite3.connect(path)) as target:
            # all pages in one step: a read transaction of its own, which no writer makes begin anew
            source.backup(target)
            target.execute("PRAGMA journal_mode=delete")


def restore_server(url: str, dump: Path) -> None:
    """Read a dump into an empty database of a PostgreSQL server. Raises UsageError when the tool is not there, or fails."""
    _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump))


def _run(tool: str, url: str, *words: str) -> None:
    found = shutil.which(tool)
    if not found:
        raise UsageError(f"找不到 {tool};PostgreSQL 的备份和恢复要用它,请安装 PostgreSQL 客户端工具,或请数据库管理员备份")
    # the password must not stand in the list of processes
    plain, env = _without_password(url)
    done = subprocess.run([found, f"--dbname={plain}", *words], capture_output=True, check=False, env=env)  # noqa: S603 - found on PATH, no shell
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"{tool} 没有做成:{(said or ['没有说明'])[-1][:_LAST]};请检查数据库的版本、权限和磁盘空间")


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    if parts.password is None:
        return url, dict(os.environ)
    user, at, host = parts.netloc.rpartition("@")
    plain = parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}")
    return urlunsplit(plain), {**os.environ, "PGPASSWORD": unquote(parts.password)}
