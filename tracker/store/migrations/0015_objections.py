"""Objections without a consultation: a unit may object to what was printed for good without having been asked before.

SQLite cannot take NOT NULL off a column, so the table is made anew; the rulings point at it and are made anew with it, before it,
so that no row ever points at nothing. PostgreSQL takes it off in place.
"""

import peewee

from tracker.store.guards import guard

OBJECTION = """CREATE TABLE objection_new (id INTEGER PRIMARY KEY, consultation INTEGER REFERENCES consultation (id), \
sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, code TEXT NOT NULL, objects BOOLEAN NOT NULL, \
words TEXT NOT NULL, why TEXT NOT NULL, who TEXT NOT NULL, received_on TEXT NOT NULL, late BOOLEAN NOT NULL, file TEXT NOT NULL, \
sha256 TEXT NOT NULL, line INTEGER NOT NULL, attachments TEXT NOT NULL, at TEXT NOT NULL, taken_by TEXT NOT NULL)"""
RULING = """CREATE TABLE ruling_new (id INTEGER PRIMARY KEY, objection INTEGER NOT NULL REFERENCES objection_new (id), \
outcome TEXT NOT NULL, words TEXT NOT NULL, why TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)"""
OBJECTION_COLUMNS = (
    "id, consultation, sweep, account_id, code, objects, words, why, who, received_on, late, file, sha256, line, attachments, "
    "at, taken_by"
)
RULING_COLUMNS = "id, objection, outcome, words, why, who, at"

REBUILD = (
    OBJECTION,
    f"INSERT INTO objection_new ({OBJECTION_COLUMNS}) SELECT {OBJECTION_COLUMNS} FROM objection",  # noqa: S608 - our own words
    RULING,
    f"INSERT INTO ruling_new ({RULING_COLUMNS}) SELECT {RULING_COLUMNS} FROM ruling",  # noqa: S608 - the same
    "DROP TABLE ruling",
    "DROP TABLE objection",
    # what points at the table follows its name
    "ALTER TABLE objection_new RENAME TO objection",
    "ALTER TABLE ruling_new RENAME TO ruling",
    "CREATE INDEX objection_sweep ON objection (sweep)",
    "CREATE UNIQUE INDEX objection_sha256 ON objection (consultation, sha256, line)",
    "CREATE INDEX ruling_objection ON ruling (objection)",
    *guard("objection", lite=True),
    *guard("ruling", lite=True),
)

IN_PLACE = ("ALTER TABLE objection ALTER COLUMN consultation DROP NOT NULL",)

# two nulls are never the same to an index
INDEX = "CREATE UNIQUE INDEX objection_unasked ON objection (sweep, sha256, line) WHERE consultation IS NULL"


def up(migrator: object, db: peewee.Database) -> None:
    """Let `consultation` be null; every row, index and trigger stays."""
    for step in (*(REBUILD if isinstance(db, peewee.SqliteDatabase) else IN_PLACE), INDEX):
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
