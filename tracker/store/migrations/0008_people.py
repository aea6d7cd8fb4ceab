"""Users, their sessions, one-time links and API tokens; failed sign-ins; the audit log; answers kept for repeated requests."""

import peewee

from tracker.store.guards import guard

TABLES = """
app_user ({id}, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, region TEXT NOT NULL, \
organisations TEXT NOT NULL, password TEXT NOT NULL, subject TEXT NOT NULL, disabled BOOLEAN NOT NULL, at TEXT NOT NULL)
app_session (digest TEXT PRIMARY KEY, owner INTEGER NOT NULL REFERENCES app_user (id), address TEXT NOT NULL, \
agent TEXT NOT NULL, at TEXT NOT NULL, seen TEXT NOT NULL)
sign_in_failure (digest TEXT PRIMARY KEY, count INTEGER NOT NULL, at TEXT NOT NULL, until TEXT NOT NULL)
one_time_link (digest TEXT PRIMARY KEY, purpose TEXT NOT NULL, owner INTEGER REFERENCES app_user (id), expires TEXT NOT NULL)
api_token ({id}, owner INTEGER NOT NULL REFERENCES app_user (id), name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, \
rights TEXT NOT NULL, at TEXT NOT NULL, expires TEXT NOT NULL, revoked BOOLEAN NOT NULL, used TEXT)
request_key (digest TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, kind TEXT NOT NULL, \
body {bytes} NOT NULL, at TEXT NOT NULL)
audit_log (number INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, login TEXT NOT NULL, role TEXT NOT NULL, \
address TEXT NOT NULL, action TEXT NOT NULL, targets TEXT NOT NULL, outcome TEXT NOT NULL, previous TEXT NOT NULL, \
sha256 TEXT NOT NULL)
"""

INDEXES = """
INDEX app_session_owner ON app_session (owner)
INDEX one_time_link_owner ON one_time_link (owner)
INDEX api_token_owner ON api_token (owner)
INDEX request_key_at ON request_key (at)
INDEX audit_log_person ON audit_log (person, number)
INDEX audit_log_action ON audit_log (action, number)
INDEX audit_log_at ON audit_log (at)
"""


def up(migrator: object, db: peewee.Database) -> None:
    """Create the tables, their indexes, and the triggers of the audit log."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    held = "BLOB" if lite else "BYTEA"
    steps = [f"CREATE TABLE {line}".format(id=key, bytes=held) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for step in [*steps, *guard("audit_log", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
