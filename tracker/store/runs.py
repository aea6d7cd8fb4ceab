"""Runs of the schedule and reminders that went out. All is appended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import peewee

from tracker.store.codec import scrub
from tracker.store.database import telling
from tracker.store.part import Part, instant, stamp
from tracker.store.run_records import Notice, NoticeEvent, RunEvent, RunStep
from tracker.store.run_tables import NoticeRow, RunRow


class Runs(Part):
    """What was done by itself."""

    def add_run_step(self, step: RunStep) -> bool:
        """Append a step; False when this step of this attempt is there already (somebody else began it)."""
        again = stamp(step.again) if step.again else None
        told = {"name": step.name, "due": stamp(step.due), "attempt": step.attempt, "event": str(step.event)}
        with self.transaction():
            if self._rows.run.get_or_none(**told):
                return False
            try:
                with self._database.atomic():
                    more = {"at": stamp(step.at), "text": scrub(step.text), "failed": step.failed, "again": again}
                    self._rows.run.insert(**told, **more).execute()
            except peewee.IntegrityError:
                return False
        return True

    def run_steps(self, name: str = "", *, due: datetime | None = None, last: int = 0) -> tuple[RunStep, ...]:
        """Steps in the order of entering: of all runs or of one name, of one instant, the `last` so many (0 = all)."""
        row = self._rows.run
        query = row.select().order_by(row.id.desc())
        query = query.where(row.name == name) if name else query
        query = query.where(row.due == stamp(due)) if due else query
        with self._reading():
            return tuple(reversed([_step(one) for one in (query.limit(last) if last else query)]))

    def last_run(self, name: str, event: RunEvent) -> RunStep | None:
        """The step of this kind that was entered last for a name."""
        row = self._rows.run
        query = row.select().where((row.name == name) & (row.event == str(event))).order_by(row.id.desc()).limit(1)
        with self._reading():
            found = query.first()
        return _step(found) if found else None

    @contextmanager
    def alone_among_machines(self, word: str) -> Iterator[bool]:
        """Whether this process alone holds the word among all that use a PostgreSQL server; a dead holder lets go.

        A file of SQLite lies on one machine: there it is always True, and a lock file has to do.
        """
        if isinstance(self._database, peewee.SqliteDatabase):
            yield True
            return
        # a connection of its own: one of the pool would go back to it with the lock
        extra = peewee.PostgresqlDatabase(self._database.database, prefer_psycopg3=True, **self._database.connect_params)
        # such locks belong to the whole database, a workspace may be one schema of it
        sql = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || %s, 0))"
        with telling(self._place), extra.connection_context():
            held = extra.execute_sql(sql, (word,)).fetchone()  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            yield bool(held[0])

    def add_notice(self, notice: Notice) -> bool:
        """Append what became of a reminder; False when this is said of this attempt already."""
        told = {"day": notice.day.isoformat(), "recipient": scrub(notice.recipient), "digest": notice.digest}
        told |= {"attempt": notice.attempt, "event": str(notice.event)}  # type: ignore[dict-item]  # columns of several kinds
        with self.transaction():
            if self._rows.notice.get_or_none(**told):
                return False
            try:
                with self._database.atomic():
                    self._rows.notice.insert(**told, at=stamp(notice.at), accounts=notice.accounts).execute()
            except peewee.IntegrityError:
                return False
        return True

    def notices_sent(self, on: date | None = None, *, last: int = 0) -> tuple[Notice, ...]:
        """What is known of reminders, of one day or of all, in the order of entering; the `last` so many (0 = all)."""
        row = self._rows.notice
        query = row.select().order_by(row.id.desc())
        query = query.where(row.day == on.isoformat()) if on else query
        with self._reading():
            return tuple(reversed([_notice(one) for one in (query.limit(last) if last else query)]))


def _step(row: RunRow) -> RunStep:
    return RunStep(
        name=row.name,
        due=instant(row.due),
        attempt=row.attempt,
        event=RunEvent(row.event),
        at=instant(row.at),
        text=row.text,
        failed=bool(row.failed),
        again=instant(row.again) if row.again else None,
    )


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        day=date.fromisoformat(row.day),
        recipient=row.recipient,
        digest=row.digest,
        attempt=row.attempt,
        event=NoticeEvent(row.event),
        at=instant(row.at),
        accounts=row.accounts,
    )
