"""What the schedule began and ended, and which reminders went out."""

import peewee

from tracker.store.guards import guard

TABLES = (
    """scheduled_run ({id}, name TEXT NOT NULL, due TEXT NOT NULL, attempt INTEGER NOT NULL, event TEXT NOT NULL, \
at TEXT NOT NULL, text TEXT NOT NULL, failed BOOLEAN NOT NULL, again TEXT, UNIQUE (name, due, attempt, event))""",
    """reminder_log ({id}, day TEXT NOT NULL, recipient TEXT NOT NULL, digest TEXT NOT NULL, attempt INTEGER NOT NULL, \
event TEXT NOT NULL, at TEXT NOT NULL, accounts INTEGER NOT NULL, UNIQUE (day, recipient, digest, attempt, event))""",
)


def up(migrator: object, db: peewee.Database) -> None:
    """Add the tables and their triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {table}".format(id=key) for table in TABLES]
    for name in ("scheduled_run", "reminder_log"):
        steps += guard(name, lite=lite)
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
