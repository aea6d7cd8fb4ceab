"""Opening a database, bringing its schema up to date, and telling what went wrong in words."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import peewee
from playhouse.migrations import Runner  # type: ignore[import-untyped]  # playhouse ships no types
from playhouse.pool import (  # type: ignore[import-untyped]  # the same
    MaxConnectionsExceeded,
    PooledPostgresqlDatabase,
    PooledSqliteDatabase,
)
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from tracker.errors import UsageError

MIGRATIONS = Path(__file__).with_name("migrations")

_OLDEST = (3, 35)
"""The first SQLite that drops a column, as the migrations do."""

_THREADS = 40
"""Connections at once; FastAPI's own thread pool has 40."""

_ALIVE: Mapping[str, int] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
"""A server that fell off the net is noticed within half a minute, not after a quarter of an hour (seconds, milliseconds)."""

_LOCK = 0x7472_6163
"""Key of the advisory lock under which PostgreSQL migrates ("trac")."""

_WORDS: Mapping[str, str] = {
    "SQLITE_BUSY": "正被另一个程序占用,等待后仍未放开;请关闭其他正在运行的 tracker 后重试",
    "SQLITE_LOCKED": "正被另一个程序占用,等待后仍未放开;请关闭其他正在运行的 tracker 后重试",
    "SQLITE_READONLY": "只能读不能写;请检查文件和所在文件夹的写权限,或换一个可写的位置",
    "SQLITE_FULL": "所在磁盘已满,这一步没有写入;请腾出空间后重试",
    "SQLITE_IOERR": "读写磁盘时出错;请检查磁盘或网络盘是否可用,必要时从备份恢复",
    "SQLITE_CORRUPT": "已损坏;请停止使用该文件,从最近的备份恢复",
    "SQLITE_NOTADB": "不是数据库文件;请检查 database 的设置,或从备份恢复",
    "SQLITE_CANTOPEN": "打不开;请检查路径是否存在、是否有权限",
    "25006": "只能读不能写(服务器处于只读状态);请联系数据库管理员",
    "53100": "所在磁盘已满,这一步没有写入;请腾出空间后重试",
    "53300": "连接数已满;请稍后重试或联系数据库管理员",
    "55P03": "正被另一个程序占用,等待后仍未放开;请稍后重试",
    "40001": "与另一个程序同时写入同一处,这一步没有写入;请重试",
    "40P01": "与另一个程序互相等待,这一步没有写入;请重试",
    "42501": "没有权限;请让数据库管理员授予本用户建表和读写的权限",
}
"""What to tell, by SQLite's error name or PostgreSQL's SQLSTATE (appendix A of its manual)."""


def connect(url: str, *, wait: float) -> tuple[peewee.Database, str]:
    """A database with a pool of connections (none open yet), and the place to name in messages, without the password.

    `wait`: seconds to wait for a lock. Raises UsageError for any other kind of URL.
    """
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        return _sqlite(path, wait), path
    if url.startswith(("postgresql://", "postgres://")):
        parts = urlsplit(url)
        place = f"postgresql://{parts.hostname or ''}{parts.path}"
        return _postgres(url.replace("postgres://", "postgresql://", 1), wait), place
    scheme = url.partition("://")[0]
    raise UsageError(f"database 的设置看不懂:以“{scheme}”开头,应为 sqlite:///路径 或 postgresql://…;请改正设置。")


def _sqlite(path: str, wait: float) -> peewee.Database:
    if sqlite3.sqlite_version_info < _OLDEST:
        need = ".".join(map(str, _OLDEST))
        raise UsageError(f"本机的 SQLite 是 {sqlite3.sqlite_version},太旧;需要 {need} 以上,请升级 Python 或系统的 SQLite。")
    # The pool takes `timeout` for itself: the wait for locks is told to SQLite as a pragma, before anything can be locked.
    database: peewee.Database = PooledSqliteDatabase(
        path,
        pragmas={"busy_timeout": int(wait * 1000), "foreign_keys": 1},
        check_same_thread=False,  # a pooled connection goes from thread to thread, never to two at once
        lock_type="IMMEDIATE",
        max_connections=_THREADS,
        timeout=wait,
    )
    return database


def _postgres(url: str, wait: float) -> peewee.Database:
    database: peewee.Database = PooledPostgresqlDatabase(
        url, prefer_psycopg3=True, max_connections=_THREADS, timeout=wait, connect_timeout=max(2, int(wait)), **_ALIVE
    )
    return database


def prepare(database: peewee.Database, place: str, *, wait: float) -> None:
    """Bring the schema to this program's; refuse a newer one (UsageError). Safe when several processes do it at once."""
    with database.connection_context():
        if isinstance(database, peewee.SqliteDatabase):
            _write_ahead(database, wait)
        with nullcontext() if isinstance(database, peewee.SqliteDatabase) else _alone(database):
            _migrate(Runner(database, str(MIGRATIONS)), place)


def _write_ahead(database: peewee.SqliteDatabase, wait: float) -> None:
    """Switch to WAL; SQLite does not wait by itself for another process that does the same."""
    again = retry_if_exception_type(peewee.OperationalError)
    for attempt in Retrying(retry=again, stop=stop_after_delay(min(wait, 5)), wait=wait_random(0.01, 0.1), reraise=True):
        with attempt:
            _say(database, "PRAGMA journal_mode=wal")


@contextmanager
def _alone(database: peewee.Database) -> Iterator[None]:
    _say(database, "SELECT pg_advisory_lock(%s)", _LOCK)
    try:
        yield
    finally:
        _say(database, "SELECT pg_advisory_unlock(%s)", _LOCK)


def _say(database: peewee.Database, sql: str, *values: object) -> None:
    database.execute_sql(sql, values)  # type: ignore[no-untyped-call]  # the stubs leave it untyped


def _migrate(runner: Runner, place: str) -> None:
    pending = _pending(runner, place)
    while pending:
        try:
            runner.up()
        except peewee.DatabaseError:
            # Another process may have applied the same step between our look and our try.
            if len(_pending(runner, place)) >= len(pending):
                raise
        pending = _pending(runner, place)


def _pending(runner: Runner, place: str) -> list[str]:
    rows = runner.status()
    unknown = [row.name for row in rows if row.path is None]
    if unknown:
        raise UsageError(f"数据库 {place} 由更新的程序写成(有本程序不认识的 {unknown[-1]});请升级程序后再打开,数据没有改动。")
    return [row.name for row in rows if not row.applied]


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Turn what the drivers raise into one Chinese sentence (UsageError)."""
    try:
        yield
    except peewee.ImproperlyConfigured as error:
        raise UsageError("没有安装 PostgreSQL 驱动;请运行 pip install 'tracker[postgres]' 后重试。") from error
    except MaxConnectionsExceeded as error:
        raise UsageError(f"数据库 {place} 同时有 {_THREADS} 处在用,等待后仍未空出;请稍后重试。") from error
    except (peewee.DatabaseError, peewee.InterfaceError) as error:
        raise UsageError(f"数据库 {place} {_why(error)}。") from error


def _why(error: Exception) -> str:
    """Words for a driver's error. SQLite ends a transaction by itself when the disk is full: the cause then lies further back."""
    names = [name for name in map(_name, _chain(error)) if name]
    known = (words for name in names for code, words in _WORDS.items() if name == code or name.startswith(code + "_"))
    strange = (
        f"拒绝了这一步(代码 {names[0]});请带上这句话联系维护人员"
        if names
        else "连接不上;请检查数据库服务是否启动、地址和口令是否正确"
    )
    return next(known, strange)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


def _name(error: BaseException) -> str:
    """SQLite's name or PostgreSQL's SQLSTATE of a driver's error; empty for others."""
    return getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
