"""The audit log: appended, chained by hash, one writer at a time. The database itself refuses to change or remove a row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import peewee

from tracker.store.codec import scrub
from tracker.store.part import Part
from tracker.store.people_tables import AuditRow
from tracker.store.user_records import Audited

_LOCK = 0x6175_6469
"""Key of PostgreSQL's advisory lock under which rows are appended ("audi"); SQLite has one writer anyway."""
_FIELDS = ("at", "person", "login", "role", "address", "action", "targets", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which rows; empty = all. `until` and `since` as UTC ISO text, `until` itself left out."""

    person: str = ""
    action: str = ""
    since: str = ""
    until: str = ""


class Trail(Part):
    """Who did what."""

    def add_audit(self, told: Audited, hashed: Callable[[Audited], str]) -> Audited:
        """Append a row: its number, the hash before and its own (`hashed`) are set here. Returns it."""
        row = self._rows.audit
        texts = {name: scrub(getattr(told, name)) for name in _FIELDS}
        with self.transaction():
            if not isinstance(self._database, peewee.SqliteDatabase):
                sql = f"SELECT pg_advisory_xact_lock({_LOCK})"
                self._database.execute_sql(sql)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            last = row.select(row.number, row.sha256).order_by(row.number.desc()).first()
            before = replace(told, **texts, number=last.number + 1 if last else 1, previous=last.sha256 if last else "")
            done = replace(before, sha256=hashed(before))
            names = ("number", *_FIELDS, "previous", "sha256")
            row.insert(**{name: getattr(done, name) for name in names}).execute()
        return done

    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the newest row; (0, "") where there is none."""
        row = self._rows.audit
        with self._reading():
            last = row.select(row.number, row.sha256).order_by(row.number.desc()).first()
        return (last.number, last.sha256) if last else (0, "")

    def audit(self, after: int, limit: int = 1000) -> tuple[Audited, ...]:
        """The rows that follow a number, in their order."""
        row = self._rows.audit
        with self._reading():
            return tuple(_audited(one) for one in row.select().where(row.number > after).order_by(row.number).limit(limit))

    def all_audit(self) -> Iterator[Audited]:
        """All rows in their order, read in portions."""
        after = 0
        while rows := self.audit(after):
            yield from rows
            after = rows[-1].number

    def audit_page(self, wanted: AuditFilter, before: int | None, limit: int) -> tuple[Audited, ...]:
        """The newest rows that fit, those with a smaller number than `before` where one is told."""
        row = self._rows.audit
        query = row.select().order_by(row.number.desc()).limit(limit)
        tests = (
            (wanted.person, row.person == wanted.person),
            (wanted.action, row.action == wanted.action),
            (wanted.since, row.at >= wanted.since),
            (wanted.until, row.at < wanted.until),
            (before is not None, row.number < (before or 0)),
        )
        for told, test in tests:
            query = query.where(test) if told else query
        with self._reading():
            return tuple(_audited(one) for one in query)


def _audited(row: AuditRow) -> Audited:
    return Audited(number=row.number, previous=row.previous, sha256=row.sha256, **{name: getattr(row, name) for name in _FIELDS})
