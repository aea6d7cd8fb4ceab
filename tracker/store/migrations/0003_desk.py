"""The 15-second check: half-filled forms, forms that were sent already, pictures that wait, and open questions of a review."""

import peewee

from tracker.store.guards import guard

TABLES = """
look_draft ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, form TEXT NOT NULL, \
seq INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL)
sent_form (key TEXT PRIMARY KEY, at TEXT NOT NULL)
loose_picture ({id}, place INTEGER NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, \
size INTEGER NOT NULL, sha256 TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
question ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, code TEXT NOT NULL, \
who TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL)
"""

INDEXES = """
UNIQUE INDEX look_draft_sweep_account_id ON look_draft (sweep, account_id)
INDEX loose_picture_account_id ON loose_picture (account_id)
UNIQUE INDEX loose_picture_sha256 ON loose_picture (sha256)
INDEX question_sweep ON question (sweep)
"""


def up(migrator: object, db: peewee.Database) -> None:
    """Create tables, indexes and the triggers of the one append-only table."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {line}".format(id=key) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for step in [*steps, *guard("question", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
