"""Lanes in the journal: which lane a visit was made in, control visits, what proved or disproved the lane; frozen platforms."""

import peewee

from tracker.store.guards import guard

COLUMNS = (
    "lane TEXT NOT NULL DEFAULT ''",
    "control BOOLEAN NOT NULL DEFAULT {no}",
    "twice BOOLEAN NOT NULL DEFAULT {no}",
    "mark TEXT NOT NULL DEFAULT ''",
)

TABLE = """judging_freeze ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), platform TEXT NOT NULL, lifted BOOLEAN NOT NULL, \
why TEXT NOT NULL, numbers TEXT NOT NULL, samples TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)"""

INDEXES = """
INDEX visit_sweep_mark ON visit (sweep, mark)
INDEX judging_freeze_sweep ON judging_freeze (sweep)
"""


def up(migrator: object, db: peewee.Database) -> None:
    """Add columns, the table, indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"ALTER TABLE visit ADD COLUMN {column}".format(no="0" if lite else "FALSE") for column in COLUMNS]
    steps.append(f"CREATE TABLE {TABLE}".format(id=key))
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for step in [*steps, *guard("judging_freeze", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
