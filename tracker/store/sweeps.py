"""Sweeps, and the accounts that they freeze."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256

from peewee import chunked, fn

from tracker import text
from tracker.errors import UsageError
from tracker.model import Account, Window
from tracker.store.codec import account_of, account_to_json, dumps, scrub
from tracker.store.part import Part, instant, iso, on, stamp, tuples
from tracker.store.records import Frozen, SweepHead, SweepRecord
from tracker.store.sweep_tables import SweepRow
from tracker.store.tables import digest

_BATCH = 500
"""Rows per statement."""


class Sweeps(Part):
    """Passes over the accounts."""

    def start_sweep(self, sweep: SweepRecord) -> None:
        """Enter a sweep with the registry that it freezes. Raises UsageError when the name is taken."""
        with self.transaction():
            if self._rows.sweep.get_or_none(name=sweep.name):
                raise UsageError(f"巡检批次“{sweep.name}”已经存在;继续它请加 --resume,另开请换一个名称。")
            names = {name for account in (*self._filed(), *sweep.accounts) for name in _names(account)}
            self._rows.sweep.insert(**_columns(sweep), roster=self._roster(names)).execute()
            self._freeze(sweep.name, sweep.accounts)

    def extend_sweep(self, name: str, accounts: Sequence[Account]) -> None:
        """Add accounts to those that a sweep froze; one that is there stays as frozen. Raises UsageError for an unknown name."""
        row, known = self._rows.sweep, scrub(name)
        with self.transaction():
            self._must_know(name)
            held = self.sweep_ids(name)
            new = {account.account_id: account for account in accounts if account.account_id not in held}
            if new:
                self._freeze(known, new.values())
                before = row.get(name=known).roster
                told = {"roster": self._wider(before, new.values()), "edition": row.edition + 1}
                row.update(**told).where(row.name == known).execute()

    def narrow_sweep(self, name: str, account_ids: Collection[str]) -> None:
        """Leave only these of the accounts that a sweep froze; what was seen of others stays. Raises UsageError if unknown."""
        row = self._rows.frozen
        with self.transaction():
            self._must_know(name)
            gone = sorted(self.sweep_ids(name) - set(account_ids))
            if gone:
                own = self._rows.sweep
                own.update(edition=own.edition + 1).where(own.name == scrub(name)).execute()
            for some in chunked(gone, _BATCH):
                row.delete().where((row.sweep == scrub(name)) & row.account_id.in_(some)).execute()

    def end_sweep(self, name: str, at: datetime) -> None:
        """Mark a sweep as ended; ending it again (after a resume) moves the end. Raises UsageError for an unknown name."""
        row = self._rows.sweep
        with self.transaction():
            self._must_know(name)
            row.update(ended_at=stamp(at)).where(row.name == name).execute()

    def sweep(self, name: str) -> SweepRecord | None:
        """The sweep of this name with all its accounts; None when there is none."""
        head = self.sweep_head(name)
        return self.whole(head) if head else None

    def whole(self, head: SweepHead) -> SweepRecord:
        """A stored sweep with all its accounts."""
        told = {field.name: getattr(head, field.name) for field in dataclasses.fields(SweepHead)}
        return SweepRecord(**told, accounts=tuple(one.account for some in self.frozen(head.name) for one in some))

    def sweep_head(self, name: str | None = None) -> SweepHead | None:
        """The sweep of this name without its accounts; where none is given, the one that began last, our own before others'.

        None when there is none.
        """
        row, others = self._rows.sweep, self._rows.origin_sweep
        theirs = row.name.in_(others.select(others.name))
        latest = row.select().order_by(theirs, row.started_at.desc(), row.name.desc()).limit(1)
        with self._reading():
            found = latest.get_or_none() if name is None else row.get_or_none(name=scrub(name))
        return _head(found) if found else None

    def sweeps(self) -> tuple[SweepHead, ...]:
        """All sweeps without their accounts, the earliest first."""
        row = self._rows.sweep
        with self._reading():
            return tuple(_head(found) for found in row.select().order_by(row.started_at, row.name))

    def latest_sweep(self) -> SweepRecord | None:
        """The sweep that began last, with all its accounts; None when there was none."""
        head = self.sweep_head()
        return self.whole(head) if head else None

    def sweep_ids(self, name: str) -> frozenset[str]:
        """Ids of the accounts that a sweep froze."""
        row = self._rows.frozen
        with self._reading():
            return frozenset(own for (own,) in tuples(row.select(row.account_id).where(row.sweep == scrub(name))))

    def sweep_size(self, name: str) -> int:
        """How many accounts a sweep froze."""
        row = self._rows.frozen
        with self._reading():
            return int(row.select(fn.COUNT(row.id)).where(row.sweep == scrub(name)).scalar())

    def frozen(self, name: str, size: int = _BATCH) -> Iterator[tuple[Frozen, ...]]:
        """The accounts that a sweep froze in their order, at most `size` at a time: memory does not grow with the registry."""
        row, last = self._rows.frozen, 0
        while True:
            query = row.select(row.id, row.account_id, row.data).where((row.sweep == scrub(name)) & (row.id > last))
            with self._reading():
                rows = tuples(query.order_by(row.id).limit(size))
            if not rows:
                return
            last = rows[-1][0]
            yield tuple(Frozen(place=place, account_id=own, account=account_of(told), told=told) for place, own, told in rows)

    def roster(self, name: str) -> str:
        """Digest of all names that the registry held when a sweep began; empty for an unknown sweep."""
        with self._reading():
            found = self._rows.sweep.get_or_none(name=scrub(name))
        return found.roster if found else ""

    def kin(self, roster: str, keys: Collection[str]) -> frozenset[str]:
        """Of these names (`text.key`) those that a registry held, as an account's, its organisation's or its superior's."""
        row, by_digest = self._rows.kin, {digest(key): key for key in keys}
        found: set[str] = set()
        for some in chunked(sorted(by_digest), _BATCH):
            query = row.select(row.key).where((row.roster == roster) & row.key.in_(some))
            with self._reading():
                found.update(by_digest[key] for (key,) in tuples(query))
        return frozenset(found)

    def _filed(self) -> Iterator[Account]:
        row = self._rows.account
        return (account_of(told) for (told,) in row.select(row.data).tuples().iterator())

    def _freeze(self, sweep: str, accounts: Iterable[Account]) -> None:
        rows = ((sweep, account.account_id, dumps(account_to_json(account))) for account in accounts)
        self._append(self._rows.frozen, ("sweep", "account_id", "data"), rows, known=True)

    def _wider(self, roster: str, accounts: Iterable[Account]) -> str:
        """The roster that has the names of these accounts as well."""
        row = self._rows.kin
        held = {key for (key,) in tuples(row.select(row.key).where(row.roster == roster))}
        return self._keep_roster(held | {digest(name) for account in accounts for name in _names(account)})

    def _roster(self, names: Iterable[str]) -> str:
        return self._keep_roster({digest(name) for name in names})

    def _keep_roster(self, keys: set[str]) -> str:
        """Enter the names once per distinct registry; returns their digest."""
        row = self._rows.kin
        ordered = sorted(keys)
        roster = sha256("\n".join(ordered).encode()).hexdigest()
        if not row.select().where(row.roster == roster).exists():
            self._append(row, ("roster", "key"), ((roster, key) for key in ordered), known=True)
        return roster


def _names(account: Account) -> tuple[str, ...]:
    told = (account.name, account.organisation, account.supervisor)
    return tuple(text.key(name) for name in told if name)


def _columns(sweep: SweepRecord) -> dict[str, object]:
    return {
        "name": sweep.name,
        "kind": sweep.kind,
        "period": sweep.period,
        "check_date": iso(sweep.check_date),
        "since": sweep.window.since.isoformat(),
        "until": sweep.window.until.isoformat(),
        "started_at": stamp(sweep.started_at),
        "ended_at": stamp(sweep.ended_at) if sweep.ended_at else None,
        "source": scrub(sweep.source),
    }


def _head(row: SweepRow) -> SweepHead:
    return SweepHead(
        name=row.name,
        kind="check" if row.kind == "check" else "weekly",
        period=row.period,
        check_date=on(row.check_date),
        window=Window(since=date.fromisoformat(row.since), until=date.fromisoformat(row.until)),
        started_at=instant(row.started_at),
        ended_at=instant(row.ended_at) if row.ended_at else None,
        source=row.source,
    )
