"""Small tables for the tests: a header and rows as a clerk would type them."""

from collections.abc import Sequence

from tracker.model import Sheet
from tracker.registry import AccountRow, Reading, read_accounts

HEAD = ("序号", "新媒体类型", "新媒体名称", "主办单位")


def sheet(head: Sequence[object], *rows: Sequence[object], merged: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    return Sheet(name="台账", cells=[list(head), *map(list, rows)], merged=tuple(merged))


def accounts(
    head: Sequence[object], *rows: Sequence[object], merged: Sequence[tuple[int, int, int, int]] = ()
) -> Reading[AccountRow]:
    return read_accounts([sheet(head, *rows, merged=merged)], source="台账.xlsx")


def filed(*rows: Sequence[object]) -> Reading[AccountRow]:
    return accounts(HEAD, *rows)
