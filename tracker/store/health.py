"""Whether the database is sound and can be written, for `tracker doctor`."""

import peewee
from playhouse.migrations import Runner  # type: ignore[import-untyped]  # playhouse ships no types

from tracker.store.database import MIGRATIONS
from tracker.store.part import Part


class Health(Part):
    """A look at the database as a whole."""

    def damage(self) -> str:
        """What SQLite's own check finds wrong, its first words; empty = sound, or a server that checks itself."""
        if not isinstance(self._database, peewee.SqliteDatabase):
            return ""
        with self._reading():
            told = self._database.execute_sql("PRAGMA quick_check(1)").fetchone()  # type: ignore[no-untyped-call]  # the stubs leave it untyped
        return "" if told[0] == "ok" else str(told[0])[:200]

    def try_writing(self) -> None:
        """Write, and take it back. Raises UsageError in words when it cannot be."""
        with self.transaction(), self._database.atomic() as step:
            self._database.execute_sql("CREATE TABLE doctor_was_here (id INTEGER)")  # type: ignore[no-untyped-call]  # the same
            step.rollback()

    def unknown_steps(self) -> tuple[str, ...]:
        """Steps of the schema that a newer program made since this one opened the database; none = the schema is ours."""
        with self._reading():
            runner = Runner(self._database, str(MIGRATIONS))
            return tuple(row.name for row in runner.status() if row.path is None)
