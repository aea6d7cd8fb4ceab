"""The steps of the owners' authorisations."""

import peewee

from tracker.store.guards import guard

TABLE = """owner_grant ({id}, account_id TEXT NOT NULL, step TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, \
note TEXT NOT NULL)"""


def up(migrator: object, db: peewee.Database) -> None:
    """Create the table, its index and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    steps = [f"CREATE TABLE {TABLE}".format(id=key), "CREATE INDEX owner_grant_account_id ON owner_grant (account_id)"]
    for step in [*steps, *guard("owner_grant", lite=lite)]:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
