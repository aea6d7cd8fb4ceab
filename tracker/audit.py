"""The audit log (操作日志): one row for everything that somebody did, chained by hash, so that a missing row is noticed.

No bodies and no secrets: who, from where, which route, of what, how it ended. What a person typed as a login is kept only
where there is such a user: people type passwords into the wrong field.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from tracker import logs
from tracker.errors import UsageError
from tracker.people import Person
from tracker.store import Audited, Store
from tracker.store.part import stamp
from tracker.text import clip

PROGRAM = "程序"
"""Who did what nobody asked for just now."""
_LONGEST = 500
"""Characters of one field."""


def record(
    store: Store, at: datetime, person: Person | None, action: str, outcome: str, *, targets: str = "", address: str = ""
) -> Audited:
    """Append a row. `action`: method and route, or `cli` and the command; no person = a stranger. Returns the row.

    Raises UsageError where the database does not take it.
    """
    who = (person.name, person.login, str(person.role)) if person else ("", "", "")
    return _append(store, at, who, action, outcome, targets, address)


def keep(
    store: Store, at: datetime, person: Person | None, action: str, outcome: str, *, targets: str = "", address: str = ""
) -> bool:
    """`record` after the thing is done; False where the row could not be written, which the log for the machine then tells.

    The row comes after the change, because only then it can say how the thing ended: a row before it would claim what may never
    happen, and two rows (meant, done) would tell no more than one. Both lie in the same database, so one that takes no row
    mostly took no change either. What is left is the rare case of a change that was made and a row that was not: then the answer
    still says what is true, that it was made. An error would send the person back to do it a second time, with the row missing
    all the same.
    """
    who = (person.name, person.login, str(person.role)) if person else ("", "", "")
    return _kept(store, at, who, action, outcome, targets, address)


def by_itself(store: Store, at: datetime, action: str, outcome: str, *, targets: str = "") -> bool:
    """As `keep`, for what the program did by the clock, without anybody: person 程序, no login and no role."""
    return _kept(store, at, (PROGRAM, "", ""), action, outcome, targets, "")


def _kept(store: Store, at: datetime, who: tuple[str, str, str], action: str, outcome: str, targets: str, address: str) -> bool:
    try:
        _append(store, at, who, action, outcome, targets, address)
    except UsageError as error:
        # the name of a token may be a person's
        logs.told("audit.lost", level="error", name=action.partition(" token ")[0], outcome=outcome, error=type(error).__name__)
        return False
    return True


def _append(
    store: Store, at: datetime, who: tuple[str, str, str], action: str, outcome: str, targets: str, address: str
) -> Audited:
    told = Audited(
        number=0,
        at=stamp(at),
        person=who[0],
        login=who[1],
        role=who[2],
        address=clip(address, _LONGEST),
        action=clip(action, _LONGEST),
        targets=clip(targets, _LONGEST),
        outcome=clip(outcome, _LONGEST),
        previous="",
        sha256="",
    )
    return store.add_audit(told, hash_of)


def hash_of(row: Audited) -> str:
    """SHA-256 of a row and the hash before it, in hex."""
    told = [row.number, row.at, row.person, row.login, row.role, row.address, row.action, row.targets, row.outcome, row.previous]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of holding the log against its own chain."""

    rows: int
    """How many rows are right, from the first."""
    head: str
    """Hash of the last right row: note it down elsewhere."""
    broken: int = 0
    """Number of the first row that is not as it was written, or is missing; 0 = none."""
    problem: str = ""
    """What is wrong, in Chinese; empty = nothing."""


def verify(store: Store, head: str = "") -> Checked:
    """Hold every row against the one before. `head` = a hash noted earlier: that newest rows were removed shows by it alone."""
    rows, last, met = 0, "", not head
    for row in store.all_audit():
        if row.number != rows + 1:
            return Checked(rows=rows, head=last, broken=rows + 1, problem=f"缺第 {rows + 1} 条")
        if row.previous != last or hash_of(row) != row.sha256:
            return Checked(rows=rows, head=last, broken=row.number, problem=f"第 {row.number} 条被改过,或它前面的被换过")
        rows, last = row.number, row.sha256
        met = met or last == head.strip().lower()
    if not met:
        problem = f"没有哈希为 {clip(head, 16)} 的一条:记下它之后,末尾的记录被删过,或者整个日志被换过"
        return Checked(rows=rows, head=last, broken=rows + 1, problem=problem)
    return Checked(rows=rows, head=last)
