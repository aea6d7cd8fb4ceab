"""Prints with their numbers, consultations, objections of units and what was ruled on them. All of it is append only."""

import peewee

from tracker.store.guards import guard

TABLES = """
print ({id}, token TEXT NOT NULL, sweep TEXT NOT NULL REFERENCES sweep (name), period TEXT, form TEXT NOT NULL, \
whom TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, part INTEGER NOT NULL, content TEXT NOT NULL, \
title TEXT NOT NULL, judgement INTEGER NOT NULL REFERENCES judgement (id), profile TEXT NOT NULL, \
profile_digest TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, gates TEXT NOT NULL, \
files TEXT NOT NULL, rows TEXT NOT NULL)
consultation ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), judgement INTEGER NOT NULL REFERENCES judgement (id), \
deadline TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, asked TEXT NOT NULL, files TEXT NOT NULL)
objection ({id}, consultation INTEGER NOT NULL REFERENCES consultation (id), sweep TEXT NOT NULL REFERENCES sweep (name), \
account_id TEXT NOT NULL, code TEXT NOT NULL, objects BOOLEAN NOT NULL, words TEXT NOT NULL, why TEXT NOT NULL, \
who TEXT NOT NULL, received_on TEXT NOT NULL, late BOOLEAN NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, \
line INTEGER NOT NULL, attachments TEXT NOT NULL, at TEXT NOT NULL, taken_by TEXT NOT NULL)
ruling ({id}, objection INTEGER NOT NULL REFERENCES objection (id), outcome TEXT NOT NULL, words TEXT NOT NULL, \
why TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
"""

INDEXES = """
UNIQUE INDEX print_token ON print (token)
UNIQUE INDEX print_number ON print (sweep, form, whom, kind, number, part)
INDEX consultation_sweep ON consultation (sweep)
INDEX objection_sweep ON objection (sweep)
UNIQUE INDEX objection_sha256 ON objection (consultation, sha256, line)
INDEX ruling_objection ON ruling (objection)
"""


def up(migrator: object, db: peewee.Database) -> None:
    """Create tables, indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {line}".format(id=key) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for table in ("print", "consultation", "objection", "ruling"):
        steps += guard(table, lite=lite)
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
