"""Many machines: what they offer, which lanes of which sweeps are queued, and each lane's pace, wall and holder."""

import peewee

TABLES = (
    "machine (name TEXT NOT NULL PRIMARY KEY, seen {real} NOT NULL, offer TEXT NOT NULL)",
    "queued_sweep (sweep TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, judgement INTEGER)",
    """queued_lane (id {id}, sweep TEXT NOT NULL, platform TEXT NOT NULL, credential TEXT NOT NULL, auth TEXT NOT NULL, \
public INTEGER NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL, ready {real} NOT NULL, rests INTEGER NOT NULL, \
faults INTEGER NOT NULL, UNIQUE (sweep, platform, credential))""",
    """lane_pace (platform TEXT NOT NULL, lane TEXT NOT NULL, last_request {real} NOT NULL, last_visit {real} NOT NULL, \
visits INTEGER NOT NULL, stopped TEXT NOT NULL, detail TEXT NOT NULL, until {real} NOT NULL, PRIMARY KEY (platform, lane))""",
    "lane_holder (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, since {real} NOT NULL, beat {real} NOT NULL)",
)


def up(migrator: object, db: peewee.Database) -> None:
    """Create the tables. They hold the present, nothing that a verdict rests on: none of them is append only."""
    lite = isinstance(db, peewee.SqliteDatabase)
    key = "INTEGER PRIMARY KEY" if lite else "SERIAL PRIMARY KEY"
    real = "REAL" if lite else "DOUBLE PRECISION"
    for table in TABLES:
        sql = f"CREATE TABLE {table}".format(id=key, real=real)
        db.execute_sql(sql)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
