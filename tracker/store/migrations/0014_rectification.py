"""What units report of their rectification. Append only."""

import peewee

from tracker.store.guards import guard

TABLE = """rectification_report ({id}, token TEXT NOT NULL, sweep TEXT NOT NULL REFERENCES sweep (name), \
account_id TEXT NOT NULL, codes TEXT NOT NULL, words TEXT NOT NULL, done_on TEXT NOT NULL, url TEXT NOT NULL, \
attachments TEXT NOT NULL, organisation TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)"""

INDEXES = (
    "UNIQUE INDEX rectification_report_token ON rectification_report (token)",
    "INDEX rectification_report_sweep ON rectification_report (sweep, account_id)",
)


def up(migrator: object, db: peewee.Database) -> None:
    """Create the table, its indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {TABLE}".format(id=key), *(f"CREATE {index}" for index in INDEXES)]
    for step in [*steps, *guard("rectification_report", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
