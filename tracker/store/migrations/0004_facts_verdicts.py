"""Frozen accounts, facts and verdicts as rows of their own: nothing that grows with the registry is one text any more."""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import peewee

from tracker.store.guards import guard
from tracker.text import key

TABLES = """
sweep_account ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, data TEXT NOT NULL)
kin (roster TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (roster, key))
facts ({id}, sweep TEXT NOT NULL REFERENCES sweep (name), account_id TEXT NOT NULL, digest TEXT NOT NULL, data TEXT NOT NULL)
verdict (judgement INTEGER NOT NULL REFERENCES judgement (id), position INTEGER NOT NULL, account_id TEXT NOT NULL, \
conclusion TEXT NOT NULL, word TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (judgement, position))
judgement_end (judgement INTEGER NOT NULL PRIMARY KEY REFERENCES judgement (id), verdicts INTEGER NOT NULL)
"""

INDEXES = """
UNIQUE INDEX sweep_account_sweep_account_id ON sweep_account (sweep, account_id)
INDEX sweep_account_sweep_id ON sweep_account (sweep, id)
UNIQUE INDEX facts_sweep_digest ON facts (sweep, digest)
INDEX verdict_judgement_account_id ON verdict (judgement, account_id)
INDEX decision_sweep_account_id ON decision (sweep, account_id)
"""

APPEND_ONLY = ("facts", "verdict", "judgement_end")
NAMES = ("name", "organisation", "supervisor")
_BATCH = 200


def up(migrator: object, db: peewee.Database) -> None:
    """Make the tables, fill them from the texts, drop the texts."""
    lite = isinstance(db, peewee.SqliteDatabase)
    number = "id INTEGER PRIMARY KEY" if lite else "id SERIAL PRIMARY KEY"
    _run(db, *(f"CREATE TABLE {line}".format(id=number) for line in TABLES.strip().splitlines()))
    _run(db, "ALTER TABLE visit ADD COLUMN existence TEXT", "ALTER TABLE sweep ADD COLUMN roster TEXT NOT NULL DEFAULT ''")
    _fill_sweeps(db)
    _fill_judgements(db)
    _fill_visits(db)
    _run(db, *(f"CREATE {line}" for line in INDEXES.strip().splitlines()), "DROP INDEX decision_sweep")
    _run(db, "ALTER TABLE sweep DROP COLUMN accounts", "ALTER TABLE judgement DROP COLUMN verdicts")
    for table in APPEND_ONLY:
        _run(db, *guard(table, lite=lite))


def _fill_sweeps(db: peewee.Database) -> None:
    filed = {name for (told,) in _rows(db, "SELECT data FROM account") for name in _names([json.loads(told)])}
    for (name,) in _rows(db, "SELECT name FROM sweep"):
        ((told,),) = _rows(db, "SELECT accounts FROM sweep WHERE name = ?", name)
        frozen = json.loads(told)
        rows = [(name, one["account_id"], _text(one)) for one in frozen]
        _insert(db, "sweep_account", ("sweep", "account_id", "data"), rows)
        _say(db, "UPDATE sweep SET roster = ? WHERE name = ?", _roster(db, filed | set(_names(frozen))), name)


def _roster(db: peewee.Database, names: set[str]) -> str:
    """Keep the names once; what the registry held when the sweep began is no longer known, so all that it holds now count too."""
    keys = sorted(sha256(name.encode("utf-8", "surrogatepass")).hexdigest() for name in names)
    roster = sha256("\n".join(keys).encode()).hexdigest()
    if not _rows(db, "SELECT roster FROM kin WHERE roster = ? LIMIT 1", roster):
        _insert(db, "kin", ("roster", "key"), [(roster, one) for one in keys])
    return roster


def _names(accounts: Iterable[dict[str, object]]) -> Iterator[str]:
    return (key(str(one[field])) for one in accounts for field in NAMES if one.get(field))


def _fill_judgements(db: peewee.Database) -> None:
    for (number,) in _rows(db, "SELECT id FROM judgement"):
        ((told,),) = _rows(db, "SELECT verdicts FROM judgement WHERE id = ?", number)
        verdicts = json.loads(told)
        rows = [
            (number, place, one["account"]["account_id"], one["conclusion"], _plain(one["word"]), _text(one))
            for place, one in enumerate(verdicts)
        ]
        _insert(db, "verdict", ("judgement", "position", "account_id", "conclusion", "word", "data"), rows)
        _say(db, "INSERT INTO judgement_end (judgement, verdicts) VALUES (?, ?)", number, len(rows))


def _fill_visits(db: peewee.Database) -> None:
    last = 0
    while rows := _rows(db, "SELECT id, observation FROM visit WHERE id > ? ORDER BY id LIMIT ?", last, _BATCH):
        for last, told in rows:
            seen = json.loads(told)["aspects"].get("existence") or {}
            if "unseen" not in seen and "outcome" in seen:
                _say(db, "UPDATE visit SET existence = ? WHERE id = ?", seen["outcome"], last)


def _text(record: object) -> str:
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def _plain(word: str) -> str:
    return word.replace("\0", "\ufffd")


def _insert(db: peewee.Database, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    one = f"({', '.join('?' * len(columns))})"
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        values = [value for row in some for value in row]
        into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own tables
        _say(db, into + ", ".join([one] * len(some)), *values)


def _rows(db: peewee.Database, sql: str, *values: object) -> list[Any]:
    return list(_say(db, sql, *values).fetchall())


def _say(db: peewee.Database, sql: str, *values: object) -> Any:
    return db.execute_sql(sql.replace("?", db.param), values)  # type: ignore[no-untyped-call]  # the stubs leave it untyped


def _run(db: peewee.Database, *steps: str) -> None:
    for step in steps:
        db.execute_sql(step)  # type: ignore[no-untyped-call]  # the same
