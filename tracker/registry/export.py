"""Accounts as a registry table that `read_accounts` reads back to the same accounts."""

from collections.abc import Sequence

from tracker.model import Account, Sheet
from tracker.registry.platforms import type_cells
from tracker.registry.tables import columns

_FIELDS = (
    "name",
    "organisation",
    "supervisor",
    "org_type",
    "region",
    "certified_org",
    "opened_on",
    "update_freq",
    "status",
    "status_date",
    "successor",
    "url",
    "site_code",
    "filed_id",
    "note",
)


def export_rows(accounts: Sequence[Account]) -> Sheet:
    """A table with header, in the given order: all filed fields, then the extra columns. Values are text, dates or None."""
    extra = list(dict.fromkeys(title for account in accounts for title in account.extra))
    titles = columns().titles
    head = [titles["seq"], titles["platform"], titles["platform_other"], *(titles[field] for field in _FIELDS), *extra]
    rows = [[str(number), *_cells(account, extra)] for number, account in enumerate(accounts, 1)]
    return Sheet(name="台账", cells=(head, *rows))


def _cells(account: Account, extra: Sequence[str]) -> list[object]:
    filed = (getattr(account, field) for field in _FIELDS)
    return [*type_cells(account), *(value or None for value in filed), *(account.extra.get(title) for title in extra)]
