"""Tombstones of stored answers that were cleared away by rule."""

import peewee

from tracker.store.guards import guard

TABLE = """tombstone ({id}, file TEXT NOT NULL, sweep TEXT NOT NULL REFERENCES sweep (name), sha256 TEXT NOT NULL, \
size BIGINT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL)"""


def up(migrator: object, db: peewee.Database) -> None:
    """Create the table, its indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [
        f"CREATE TABLE {TABLE}".format(id=key),
        "CREATE UNIQUE INDEX tombstone_file ON tombstone (file)",
        "CREATE INDEX tombstone_sweep ON tombstone (sweep)",
    ]
    for step in [*steps, *guard("tombstone", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
