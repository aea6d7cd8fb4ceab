"""The first schema: what tracker.store.tables describes, with foreign keys and triggers that keep three tables append only."""

import peewee

from tracker.store.guards import guard

TABLES = """
account (account_id TEXT PRIMARY KEY, platform TEXT NOT NULL, name_key TEXT NOT NULL, \
position INTEGER NOT NULL, data TEXT NOT NULL)
account_change ({id}, account_id TEXT NOT NULL REFERENCES account (account_id), field TEXT NOT NULL, old TEXT NOT NULL, \
new TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL)
period (name TEXT PRIMARY KEY, title TEXT NOT NULL, start_on TEXT NOT NULL, end_on TEXT NOT NULL)
sweep (name TEXT PRIMARY KEY, kind TEXT NOT NULL, period TEXT, check_date TEXT, since TEXT NOT NULL, until TEXT NOT NULL, \
started_at TEXT NOT NULL, ended_at TEXT, accounts TEXT NOT NULL, source TEXT NOT NULL)
visit ({id}, file TEXT NOT NULL, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, platform TEXT NOT NULL, \
route TEXT NOT NULL, url TEXT NOT NULL, url_key TEXT NOT NULL, sha256 TEXT NOT NULL, at TEXT NOT NULL, check_date TEXT, \
printed_date TEXT NOT NULL, latest_post TEXT, as_of TEXT, observation TEXT NOT NULL)
link ({id}, url_key TEXT NOT NULL, url TEXT NOT NULL, platform TEXT NOT NULL, added_at TEXT NOT NULL, who TEXT NOT NULL)
decision ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, code TEXT NOT NULL, \
confirmed {bool} NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL)
judgement ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), profile TEXT NOT NULL, profile_digest TEXT NOT NULL, \
at TEXT NOT NULL, verdicts TEXT NOT NULL)
"""

INDEXES = """
INDEX account_platform_name_key ON account (platform, name_key)
INDEX account_position ON account (position)
INDEX account_change_account_id ON account_change (account_id)
INDEX period_start_on ON period (start_on)
INDEX sweep_started_at ON sweep (started_at)
UNIQUE INDEX visit_file ON visit (file)
INDEX visit_url_key ON visit (url_key)
INDEX visit_latest_post ON visit (latest_post)
INDEX visit_as_of ON visit (as_of)
INDEX visit_sweep_account_id_at ON visit (sweep, account_id, at)
INDEX visit_account_id_at ON visit (account_id, at)
UNIQUE INDEX link_url_key ON link (url_key)
INDEX decision_sweep ON decision (sweep)
INDEX judgement_sweep ON judgement (sweep)
"""

APPEND_ONLY = ("account_change", "decision", "judgement")


def up(migrator: object, db: peewee.Database) -> None:
    """Create tables, indexes and triggers."""
    lite = isinstance(db, peewee.SqliteDatabase)
    words = {"id": "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY", "bool": "INTEGER" if lite else "BOOLEAN"}
    steps = [f"CREATE TABLE {line}".format(**words) for line in TABLES.strip().splitlines()]
    steps += [f"CREATE {line}" for line in INDEXES.strip().splitlines()]
    for table in APPEND_ONLY:
        steps += guard(table, lite=lite)
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
