"""Closing of periods, draws, printed lists of earlier periods, and notices of absence."""

import peewee

from tracker.store.guards import guard

COLUMNS = (
    "closed_at TEXT",
    "closed_by TEXT NOT NULL DEFAULT ''",
    "closed_why TEXT NOT NULL DEFAULT ''",
    "source TEXT NOT NULL DEFAULT ''",
)

TABLES = """
draw ({id}, period TEXT NOT NULL REFERENCES period (name), method TEXT NOT NULL, told TEXT NOT NULL, frame TEXT NOT NULL, \
drawn TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL)
paper ({id}, period TEXT NOT NULL REFERENCES period (name), file TEXT NOT NULL, sha256 TEXT NOT NULL, at TEXT NOT NULL, \
who TEXT NOT NULL, lines TEXT NOT NULL)
absence ({id}, account_id TEXT NOT NULL REFERENCES account (account_id), first_on TEXT NOT NULL, last_on TEXT NOT NULL, \
filed_on TEXT NOT NULL, reason TEXT NOT NULL, document TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
"""

INDEXES = """
INDEX draw_period ON draw (period)
INDEX paper_period ON paper (period)
INDEX absence_account_id ON absence (account_id)
"""


def up(migrator: object, db: peewee.Database) -> None:
    """Add columns, tables, indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"ALTER TABLE period ADD COLUMN {column}" for column in COLUMNS]
    steps += [f"CREATE TABLE {line}".format(id=key) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for table in ("draw", "paper", "absence"):
        steps += guard(table, lite=lite)
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
