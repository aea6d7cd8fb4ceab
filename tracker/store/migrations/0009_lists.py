"""What lists are sorted and filtered by: columns beside the accounts, short rows beside the verdicts, an edition of each sweep.

Every index of a sort column holds the columns of the filters too, so that a filter is answered without the rows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import peewee

from tracker.store.guards import guard
from tracker.text import key

ACCOUNT = ("region", "org_type", "status", "owner", "name", "organisation", "search")
LINE = (
    "judgement",
    "position",
    "conclusion",
    "word",
    "platform",
    "region",
    "owner",
    "name",
    "latest",
    "idle",
    "waiting",
    "search",
)

VERDICT_LINE = """CREATE TABLE verdict_line (judgement INTEGER NOT NULL REFERENCES judgement (id), position INTEGER NOT NULL,
conclusion TEXT NOT NULL, word TEXT NOT NULL, platform TEXT NOT NULL, region TEXT NOT NULL, owner TEXT NOT NULL,
name TEXT{c} NOT NULL, latest TEXT{c} NOT NULL, idle INTEGER NOT NULL, waiting INTEGER NOT NULL, search TEXT NOT NULL,
PRIMARY KEY (judgement, position)){flat}"""

FILTERS = "platform, region, org_type, status, owner"
LINE_FILTERS = "conclusion, platform, region, owner"

INDEXES = f"""
account_by_position ON account (position, account_id, {FILTERS})
account_by_name ON account (name, account_id, {FILTERS})
account_by_organisation ON account (organisation, account_id, {FILTERS})
account_by_region ON account (region, account_id, platform, org_type, status, owner)
verdict_line_by_position ON verdict_line (judgement, position, {LINE_FILTERS})
verdict_line_by_name ON verdict_line (judgement, name, position, {LINE_FILTERS})
verdict_line_by_latest ON verdict_line (judgement, latest, position, {LINE_FILTERS})
verdict_line_by_idle ON verdict_line (judgement, idle, position, {LINE_FILTERS})
verdict_line_waiting ON verdict_line (judgement, position, {LINE_FILTERS}) WHERE waiting > 0
visit_sweep_id ON visit (sweep, id)
visit_sweep_route ON visit (sweep, route)
"""

_BATCH = 500
_MOST = 60


def up(migrator: object, db: peewee.Database) -> None:
    """Make columns, rows and indexes, and fill them from the records."""
    lite = isinstance(db, peewee.SqliteDatabase)
    # in code points on both, whatever the server's language: pages follow each other in one order
    plain, flat = ("", " WITHOUT ROWID") if lite else (' COLLATE "C"', "")
    for name in ACCOUNT:
        sorted_by = plain if name in ("region", "name", "organisation") else ""
        _say(db, f"ALTER TABLE account ADD COLUMN {name} TEXT{sorted_by} NOT NULL DEFAULT ''")
    _say(db, VERDICT_LINE.format(c=plain, flat=flat))
    _say(db, "ALTER TABLE sweep ADD COLUMN edition INTEGER NOT NULL DEFAULT 0")
    _say(db, "ALTER TABLE judgement ADD COLUMN state TEXT NOT NULL DEFAULT ''")
    _fill_accounts(db)
    _fill_lines(db)
    # the order of the registry has a wider index now, and a planner that sees both takes the narrow one
    _say(db, "DROP INDEX account_position")
    for index in INDEXES.strip().splitlines():
        _say(db, f"CREATE INDEX {index}")
    for step in guard("verdict_line", lite=lite):
        _say(db, step)


def _fill_accounts(db: peewee.Database) -> None:
    last = ""
    told = ", ".join(f"{name} = ?" for name in ACCOUNT)
    while rows := _rows(
        db, "SELECT account_id, data FROM account WHERE account_id > ? ORDER BY account_id LIMIT ?", last, _BATCH
    ):
        for last, data in rows:
            one = json.loads(data)
            values = (
                *(_short(one.get(name, "")) for name in ("region", "org_type", "status")),
                _owner(one),
                *(_sort_key(one.get(name, "")) for name in ("name", "organisation")),
                _search(one),
            )
            _say(db, f"UPDATE account SET {told} WHERE account_id = ?", *values, last)  # noqa: S608 - names of our own columns


def _fill_lines(db: peewee.Database) -> None:
    last = (0, -1)
    after = (
        "SELECT judgement, position, data FROM verdict WHERE (judgement, position) > (?, ?) ORDER BY judgement, position LIMIT ?"
    )
    while rows := _rows(db, after, *last, _BATCH):
        last = rows[-1][:2]
        _insert(db, [(number, place, *_line(json.loads(data))) for number, place, data in rows])


def _line(verdict: Mapping[str, Any]) -> tuple[object, ...]:
    account, idle = verdict["account"], verdict.get("idle_days")
    return (
        verdict["conclusion"],
        _plain(verdict["word"]),
        _short(account["platform"]),
        _short(account.get("region", "")),
        _owner(account),
        _sort_key(account["name"]),
        verdict.get("latest_post") or "",
        idle["least"] if idle else -1,
        sum(one["status"] == "candidate" for one in verdict.get("findings", ())),
        _search(account),
    )


def _short(told: str) -> str:
    told = _plain(told)
    return told if len(told) <= _MOST else f"{told[:_MOST]}…{_digest(told)[:16]}"


def _owner(account: Mapping[str, Any]) -> str:
    return _digest(key(account.get("organisation", "")))[:32]


def _sort_key(name: str) -> str:
    return key(_plain(name))[:_MOST]


def _search(account: Mapping[str, Any]) -> str:
    return "\n".join(key(_plain(account.get(name, ""))) for name in ("name", "organisation", "filed_id", "account_id"))


def _digest(told: str) -> str:
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(told: str) -> str:
    return told.replace("\0", "\ufffd")


def _insert(db: peewee.Database, rows: Sequence[tuple[object, ...]]) -> None:
    one = f"({', '.join('?' * len(LINE))})"
    into = f"INSERT INTO verdict_line ({', '.join(LINE)}) VALUES "  # noqa: S608 - names of our own columns
    _say(db, into + ", ".join([one] * len(rows)), *_flat(rows))


def _flat(rows: Iterable[tuple[object, ...]]) -> list[object]:
    return [value for row in rows for value in row]


def _rows(db: peewee.Database, sql: str, *values: object) -> list[Any]:
    return list(_say(db, sql, *values).fetchall())


def _say(db: peewee.Database, sql: str, *values: object) -> Any:
    return db.execute_sql(sql.replace("?", db.param), values)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
