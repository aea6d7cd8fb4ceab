"""Sweeps."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime

from tracker.errors import UsageError
from tracker.model import Account, Window
from tracker.store.codec import account_from_json, account_to_json, dumps, scrub
from tracker.store.part import Part, instant, iso, on, stamp
from tracker.store.records import SweepRecord
from tracker.store.tables import SweepRow


class Sweeps(Part):
    """Passes over the accounts."""

    def start_sweep(self, sweep: SweepRecord) -> None:
        """Enter a sweep with the registry that it freezes. Raises UsageError when the name is taken."""
        with self.transaction():
            if self._rows.sweep.get_or_none(name=sweep.name):
                raise UsageError(f"巡检批次“{sweep.name}”已经存在;继续它请加 --resume,另开请换一个名称。")
            self._rows.sweep.insert(**_columns(sweep)).execute()

    def extend_sweep(self, name: str, accounts: Sequence[Account]) -> None:
        """Add accounts to those that a sweep froze; one that is there stays as frozen. Raises UsageError for an unknown name."""
        row = self._rows.sweep
        with self.transaction():
            self._must_know(name)
            frozen = _sweep(row.get(name=scrub(name))).accounts
            held = {account.account_id for account in frozen}
            new = {account.account_id: account for account in accounts if account.account_id not in held}
            if new:
                told = dumps([account_to_json(account) for account in (*frozen, *new.values())])
                row.update(accounts=told).where(row.name == scrub(name)).execute()

    def narrow_sweep(self, name: str, account_ids: Collection[str]) -> None:
        """Leave only these of the accounts that a sweep froze; what was seen of others stays. Raises UsageError if unknown."""
        row = self._rows.sweep
        with self.transaction():
            self._must_know(name)
            frozen = _sweep(row.get(name=scrub(name))).accounts
            kept = [account for account in frozen if account.account_id in account_ids]
            if len(kept) < len(frozen):
                told = dumps([account_to_json(account) for account in kept])
                row.update(accounts=told).where(row.name == scrub(name)).execute()

    def end_sweep(self, name: str, at: datetime) -> None:
        """Mark a sweep as ended; ending it again (after a resume) moves the end. Raises UsageError for an unknown name."""
        row = self._rows.sweep
        with self.transaction():
            self._must_know(name)
            row.update(ended_at=stamp(at)).where(row.name == name).execute()

    def sweep(self, name: str) -> SweepRecord | None:
        """The sweep of this name; None when there is none."""
        with self._reading():
            found = self._rows.sweep.get_or_none(name=scrub(name))
        return _sweep(found) if found else None

    def sweeps(self) -> tuple[SweepRecord, ...]:
        """All sweeps, the earliest first."""
        row = self._rows.sweep
        with self._reading():
            return tuple(_sweep(found) for found in row.select().order_by(row.started_at, row.name))

    def latest_sweep(self) -> SweepRecord | None:
        """The sweep that began last; None when there was none."""
        row = self._rows.sweep
        with self._reading():
            found = row.select().order_by(row.started_at.desc(), row.name.desc()).limit(1).get_or_none()
        return _sweep(found) if found else None


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
        "accounts": dumps([account_to_json(account) for account in sweep.accounts]),
        "source": scrub(sweep.source),
    }


def _sweep(row: SweepRow) -> SweepRecord:
    return SweepRecord(
        name=row.name,
        kind="check" if row.kind == "check" else "weekly",
        period=row.period,
        check_date=on(row.check_date),
        window=Window(since=date.fromisoformat(row.since), until=date.fromisoformat(row.until)),
        started_at=instant(row.started_at),
        ended_at=instant(row.ended_at) if row.ended_at else None,
        accounts=tuple(account_from_json(data) for data in json.loads(row.accounts)),
        source=row.source,
    )
