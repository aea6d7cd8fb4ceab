"""Who is who: our own ids, and what a new registry file changes against the accounts that we have (domain/registry.md §5)."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from tracker.model import Account
from tracker.registry.rows import AccountRow
from tracker.text import key

_OURS = frozenset({"account_id", "ids", "position"})
"""Not filed by anybody: never a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One account that a new file tells differently; `fields` are the names of `Account` fields that differ."""

    before: Account
    after: Account
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A new file against what we have. `same` carry the new position; `missing` are only named, never closed."""

    new: tuple[Account, ...]
    changed: tuple[Change, ...]
    same: tuple[Account, ...]
    missing: tuple[Account, ...]


def account_id(platform: str, name: str) -> str:
    """Our id of an account: 10 lower-case base32 characters of BLAKE2b over platform and name as compared."""
    return _digest(f"{platform}:{key(name)}")


def _digest(text: str) -> str:
    return base64.b32encode(hashlib.blake2b(text.encode("utf-8", "replace")).digest()).decode("ascii")[:10].lower()


def to_account(row: AccountRow, position: int, taken: Mapping[str, Account]) -> Account:
    """The account of a row. `taken`: accounts by id.

    An account there with the same platform and name keeps its id, its platform ids and whatever the row leaves empty; an
    id that belongs to another account (renamed since) is not given twice.
    """
    own, tries = account_id(row.platform, row.name), 1
    while own in taken and _key(taken[own]) != (row.platform, key(row.name)):
        tries += 1
        own = _digest(f"{row.platform}:{key(row.name)}:{tries}")
    return _merge(row, own, position, taken.get(own))


def accounts_of(rows: Sequence[AccountRow], existing: Sequence[Account] = ()) -> tuple[Account, ...]:
    """The accounts of a whole file, in its order, positions from 1; ids of `existing` accounts are kept, also of renamed ones."""
    by_key = {_key(account): account for account in existing}
    taken = {account.account_id: account for account in existing}
    accounts = []
    for position, row in enumerate(rows, 1):
        known = by_key.get((row.platform, key(row.name)))
        account = _merge(row, known.account_id, position, known) if known else to_account(row, position, taken)
        taken[account.account_id] = account
        accounts.append(account)
    return tuple(accounts)


def compare(existing: Sequence[Account], incoming: Sequence[Account]) -> Changes:
    """What `incoming` (from `accounts_of`) would change, by platform and name. The same file twice changes nothing."""
    by_key = {_key(account): account for account in existing}
    pairs = [(by_key.get(_key(account)), account) for account in incoming]
    known = [
        (before, replace(after, account_id=before.account_id, ids={**before.ids, **after.ids}))
        for before, after in pairs
        if before
    ]
    told = {_key(account) for account in incoming}
    changes = [Change(before=before, after=after, fields=_differ(before, after)) for before, after in known]
    return Changes(
        new=tuple(after for before, after in pairs if before is None),
        changed=tuple(change for change in changes if change.fields),
        same=tuple(change.after for change in changes if not change.fields),
        missing=tuple(account for account in existing if _key(account) not in told),
    )


def _key(account: Account) -> tuple[str, str]:
    return account.platform, key(account.name)


def _differ(before: Account, after: Account) -> tuple[str, ...]:
    names = (each.name for each in fields(Account) if each.name not in _OURS)
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _merge(row: AccountRow, own: str, position: int, before: Account | None) -> Account:
    """A row over what we know: an empty cell says nothing, so it changes nothing."""
    base = before or Account(account_id=own, platform=row.platform, kind=row.kind, name=row.name)
    told = {each.name: getattr(row, each.name) for each in fields(AccountRow) if each.name not in ("sheet", "row", "extra")}
    filled = {name: value for name, value in told.items() if value}
    return replace(base, **filled, account_id=own, position=position, extra={**base.extra, **row.extra})
