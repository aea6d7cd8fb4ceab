"""The registry and its history (registry.md §5)."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from peewee import chunked

from tracker import text
from tracker.errors import UsageError
from tracker.model import Account
from tracker.store.codec import account_from_json, account_to_json, dumps, scrub
from tracker.store.derived import account_columns
from tracker.store.part import Part, instant, stamp
from tracker.store.records import Change
from tracker.store.registry_tables import AccountRow
from tracker.store.tables import digest


class Accounts(Part):
    """Accounts; each change leaves a row in their history."""

    def accounts(self, platform: str | None = None) -> tuple[Account, ...]:
        """All accounts, or those of one platform, in registry order."""
        row = self._rows.account
        query = row.select().order_by(row.position, row.account_id)
        with self._reading():
            return tuple(_account(found) for found in (query.where(row.platform == platform) if platform else query))

    def account(self, account_id: str) -> Account | None:
        """The account with our id; None when there is none."""
        with self._reading():
            found = self._rows.account.get_or_none(account_id=scrub(account_id))
        return _account(found) if found else None

    def find(self, platform: str | None, name: str) -> tuple[Account, ...]:
        """Accounts of this name as the field compares names (`text.key`), on one platform or on any (None), in registry order."""
        row = self._rows.account
        query = row.select().where(row.name_key == _name_key(name)).order_by(row.position, row.account_id)
        with self._reading():
            return tuple(_account(found) for found in (query.where(row.platform == platform) if platform else query))

    def add_accounts(self, accounts: Sequence[Account], who: str, at: datetime) -> None:
        """Enter accounts, all or none. Raises UsageError when an id is there already."""
        with self.transaction():
            self._refuse_known(accounts)
            for some in chunked(accounts, _BATCH):
                self._rows.account.insert_many([_columns(account) for account in some]).execute()
                self._keep([_change(account, "account_id", "", account.account_id, who, at, "列入台账") for account in some])

    def change_account(self, account: Account, who: str, at: datetime, why: str) -> tuple[Change, ...]:
        """Put `account` in place of the stored one with its id; returns what changed. Raises UsageError for an unknown id."""
        with self.transaction():
            before = self._locked(account.account_id)
            names = [field.name for field in dataclasses.fields(Account)]
            pairs = [(name, _told(getattr(before, name)), _told(getattr(account, name))) for name in names]
            changes = tuple(_change(account, name, old, new, who, at, why) for name, old, new in pairs if old != new)
            if changes:
                self._replace(account, changes)
        return changes

    def learn_ids(self, account_id: str, ids: Mapping[str, str], at: datetime) -> Mapping[str, str]:
        """Add platform ids of kinds that the account has none of; what it has is never overwritten. Returns what was added."""
        with self.transaction():
            before = self._locked(account_id)
            added = {kind: value for kind, value in ids.items() if value and not before.ids.get(kind)}
            after = dataclasses.replace(before, ids={**before.ids, **added})
            if added:
                told = _change(before, "ids", _told(before.ids), _told(after.ids), "系统", at, "首次采集时取得平台编号")
                self._replace(after, (told,))
        return added

    def history(self, account_id: str) -> tuple[Change, ...]:
        """Every change of the account, oldest first."""
        row = self._rows.change
        with self._reading():
            found = row.select().where(row.account_id == account_id).order_by(row.id)
            return tuple(Change(**{name: getattr(item, name) for name in _TEXTS}, at=instant(item.at)) for item in found)

    def former_names(self) -> Mapping[str, tuple[str, ...]]:
        """Names that accounts had before they were renamed, by account id, oldest first."""
        row, names = self._rows.change, dict[str, tuple[str, ...]]()
        with self._reading():
            for found in row.select().where(row.field == "name").order_by(row.id):
                names[found.account_id] = (*names.get(found.account_id, ()), found.old)
        return names

    def _locked(self, account_id: str) -> Account:
        row = self._rows.account
        query = row.select().where(row.account_id == scrub(account_id))
        # SQLite holds the whole file since BEGIN IMMEDIATE and has no such clause.
        found = (query.for_update() if self._database.for_update else query).get_or_none()
        if found is None:
            raise UsageError(f"台账中没有编号为“{account_id}”的账号;请用 tracker accounts list 查编号。")
        return _account(found)

    def _replace(self, account: Account, changes: Sequence[Change]) -> None:
        row = self._rows.account
        row.update(**_columns(account)).where(row.account_id == account.account_id).execute()
        self._keep(changes)

    def _refuse_known(self, accounts: Sequence[Account]) -> None:
        known = {found.account_id for found in self._rows.account.select(self._rows.account.account_id)} if accounts else set()
        for account in accounts:
            if account.account_id in known:
                raise UsageError(f"账号“{account.name}”({account.account_id})已在台账中,不能再次登记;请改用变更。")
            known.add(account.account_id)

    def _keep(self, changes: Sequence[Change]) -> None:
        rows = [{name: scrub(getattr(change, name)) for name in _TEXTS} | {"at": stamp(change.at)} for change in changes]
        self._rows.change.insert_many(rows).execute()


_BATCH = 500
"""Rows per INSERT; SQLite takes 32,766 values at once."""

_TEXTS = ("account_id", "field", "old", "new", "who", "why")


def _account(row: AccountRow) -> Account:
    return account_from_json(json.loads(row.data))


def _columns(account: Account) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "platform": scrub(account.platform),
        "name_key": _name_key(account.name),
        "position": account.position,
        "data": dumps(account_to_json(account)),
        **account_columns(account),
    }


def _name_key(name: str) -> str:
    return digest(text.key(name))


def _change(account: Account, field: str, old: str, new: str, who: str, at: datetime, why: str) -> Change:
    return Change(account_id=account.account_id, field=field, old=old, new=new, at=at, who=who, why=why)


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False, sort_keys=True) if value else ""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
