"""What came in bundles and from whom, trusted keys, and the newest seal of each sweep."""

import peewee

from tracker.store.guards import guard

TABLES = """
origin ({id}, bundle TEXT NOT NULL, office TEXT NOT NULL, fingerprint TEXT NOT NULL, exported_at TEXT NOT NULL, \
exported_by TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
origin_sweep (name TEXT PRIMARY KEY, office TEXT NOT NULL, fingerprint TEXT NOT NULL, sweep TEXT NOT NULL)
origin_visit ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), sha256 TEXT NOT NULL, chain TEXT NOT NULL)
origin_record ({id}, origin INTEGER NOT NULL REFERENCES origin (id), kind TEXT NOT NULL, sweep TEXT NOT NULL, \
account_id TEXT NOT NULL, digest TEXT NOT NULL, told TEXT NOT NULL)
trusted_key ({id}, fingerprint TEXT NOT NULL, office TEXT NOT NULL, trusted BOOLEAN NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
seal_head ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), number INTEGER NOT NULL, sha256 TEXT NOT NULL, \
stamp TEXT NOT NULL, at TEXT NOT NULL)
"""

INDEXES = """
UNIQUE INDEX origin_bundle ON origin (bundle)
UNIQUE INDEX origin_sweep_fingerprint_sweep ON origin_sweep (fingerprint, sweep)
UNIQUE INDEX origin_visit_sweep_sha256 ON origin_visit (sweep, sha256)
UNIQUE INDEX origin_record_kind_digest ON origin_record (kind, digest)
INDEX origin_record_kind_account_id ON origin_record (kind, account_id)
INDEX trusted_key_fingerprint ON trusted_key (fingerprint)
INDEX seal_head_sweep ON seal_head (sweep)
"""

APPEND_ONLY = ("origin", "origin_sweep", "origin_visit", "origin_record", "trusted_key", "seal_head")


def up(migrator: object, db: peewee.Database) -> None:
    """Create tables, indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {line}".format(id=key) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for table in APPEND_ONLY:
        steps += guard(table, lite=lite)
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
