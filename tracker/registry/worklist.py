"""The work list that goes out to the people who look; what comes back is read by `looks`."""

from collections.abc import Mapping, Sequence

from tracker.model import Account, Sheet
from tracker.registry.looks import ASPECTS
from tracker.registry.platforms import type_cells
from tracker.registry.tables import columns

ANSWERS = ("有问题", "无问题", "未看")
_OUT = (
    *("platform", "name", "org_type", "organisation", "region", "check_date", "last_post", "url", "post_dates", *ASPECTS),
    *("found", "previous", "inspector", "picture", "note"),
)
"""Columns of the sheet in their order (DESIGN §8)."""


def looks_sheet(accounts: Sequence[Account], last: Mapping[str, str]) -> tuple[Sheet, Mapping[int, tuple[str, ...]]]:
    """The work list that goes out, and its drop-downs by column from 0. `last`: account_id → the words of 上期问题.

    Everything that an inspector has to see for himself is empty, so that a row that comes back untouched says nothing.
    """
    titles = columns().titles
    head = [titles[each] for each in _OUT]
    rows = [[_cell(account, each, last) for each in _OUT] for account in accounts]
    choices = {_OUT.index(aspect): ANSWERS for aspect in ASPECTS}
    return Sheet(name="检查记录", cells=(head, *rows)), choices


def _cell(account: Account, field: str, last: Mapping[str, str]) -> str | None:
    told = {
        "platform": _type_word(account),
        "name": account.name,
        "org_type": account.org_type,
        "organisation": account.organisation,
        "region": account.region,
        "url": account.url,
        "previous": last.get(account.account_id, ""),
    }
    return told.get(field) or None


def _type_word(account: Account) -> str:
    """The sheet has no column for the name behind 其他: it stands in brackets."""
    word, other = type_cells(account)
    return f"{word}({other})" if other else word
