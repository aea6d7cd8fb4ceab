"""What every part of the store shares: connection, transaction, times as text."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import peewee

from tracker.clock import SHANGHAI
from tracker.errors import UsageError
from tracker.store.database import telling
from tracker.store.tables import Tables, tables

_BATCH = 500
"""Rows per INSERT; SQLite takes 32,766 values at once."""


class Part:
    """A group of methods on one database. Every public write is one transaction; all may be called from any thread."""

    def __init__(self, database: peewee.Database, place: str) -> None:
        self._database = database
        self._place = place
        self._rows: Tables = tables(database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside become one: all are kept, or none. May be nested; belongs to the thread that opened it."""
        with telling(self._place), self._database.connection_context(), self._database.atomic():
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with telling(self._place), self._database.connection_context():
            yield

    def _append(
        self, model: type[peewee.Model], columns: Sequence[str], rows: Iterable[Sequence[object]], *, known: bool = False
    ) -> int:
        """Insert plain rows, return how many; `known` = one whose key may be there already, and then stays as it is.

        Told to the database directly: building the statement by way of models costs more than a tenth of judging.
        """
        database, one, new = self._database, f"({', '.join([self._database.param] * len(columns))})", 0
        into = f"INSERT INTO {model._meta.table_name} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own tables
        waiting = iter(rows)
        # peewee's `chunked` fills the last batch up to its size: for a single row that costs more than the INSERT
        while some := list(islice(waiting, _BATCH)):
            sql = f"{into}{', '.join([one] * len(some))}{' ON CONFLICT DO NOTHING' if known else ''}"
            values = [value for row in some for value in row]
            new += database.execute_sql(sql, values).rowcount  # type: ignore[no-untyped-call]  # the stubs leave it untyped
        return new

    def _must_know(self, sweep: str) -> None:
        table = self._rows.sweep._meta.table_name
        # told directly for the same reason: this is asked with every visit
        sql = f"SELECT 1 FROM {table} WHERE name = {self._database.param}"  # noqa: S608 - a name of our own table
        if self._database.execute_sql(sql, (sweep,)).fetchone() is None:  # type: ignore[no-untyped-call]  # as above
            raise UsageError(f"没有名为“{sweep}”的巡检批次;请用 tracker sweep 先建立,或检查名称。")


def tuples(query: Any) -> list[Any]:
    """The rows of a query as plain tuples: models cost ten times as much, and the stubs do not know tuples."""
    return list(query.tuples())


def stamp(at: datetime) -> str:
    """An aware datetime as UTC text that sorts by time. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """What `stamp` wrote, in Asia/Shanghai."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def iso(on: date | None) -> str | None:
    """A day as text, None stays None."""
    return on.isoformat() if on else None


def on(text: str | None) -> date | None:
    """What `iso` wrote."""
    return date.fromisoformat(text) if text else None
