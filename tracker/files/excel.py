"""Sheets of .xlsx and .xls through calamine (values only: formulas give their stored result)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from tracker.files.package import broken, hyperlinks, too_wide
from tracker.model import Sheet
from tracker.text import Linked

Area = tuple[int, int, int, int]
Raw = int | float | str | bool | time | date | datetime | timedelta


def read_excel(content: bytes, name: str) -> tuple[Sheet, ...]:
    """Visible worksheets that hold something. Raises UsageError when calamine cannot open the file or a sheet is too large."""
    try:
        with _Panics(name), load_workbook(io.BytesIO(content)) as book:
            links = hyperlinks(content)
            sheets = [_sheet(_open(book, title, name), links.get(title, {})) for title in _visible(book)]
    except (CalamineError, OSError, ValueError) as error:
        raise broken(name) from error
    return tuple(sheet for sheet in sheets if sheet.cells)


@dataclass(frozen=True, slots=True)
class _Panics:
    """calamine panics on some damaged .xls; pyo3's class for that can neither be imported nor caught as an Exception."""

    name: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise broken(self.name) from error


def _visible(book: CalamineWorkbook) -> list[str]:
    # Hidden sheets hold the lists behind drop-downs; they are no accounts.
    return [
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    ]


def _open(book: CalamineWorkbook, title: str, name: str) -> CalamineSheet:
    sheet = book.get_sheet_by_name(title)
    too_wide(sheet.total_height * sheet.total_width, name)
    return sheet


def _sheet(sheet: CalamineSheet, links: Mapping[tuple[int, int], str]) -> Sheet:
    rows = [[_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    for (row, column), url in links.items():
        if row < len(rows) and column < len(rows[row]) and isinstance(shown := rows[row][column], str):
            rows[row][column] = Linked(shown, url)
    merged = tuple((r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or ())
    _blank_covered(rows, merged)
    return Sheet(name=sheet.name, cells=rows, merged=merged)


def _value(cell: Raw) -> object:
    """Empty text is no value; times and durations are no thing that a registry holds, and stay readable as text."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _blank_covered(rows: list[list[object]], merged: Sequence[Area]) -> None:
    # Cells that a merge covers may still hold old values that nobody sees on screen.
    for r0, c0, r1, c1 in merged:
        for row in range(r0, min(r1 + 1, len(rows))):
            for column in range(c0, min(c1 + 1, len(rows[row]))):
                if (row, column) != (r0, c0):
                    rows[row][column] = None
