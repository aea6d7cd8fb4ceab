"""Rows of an imported file that have something wrong, as they stand in it, with what is wrong at its very cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.files import read_sheets
from tracker.model import Sheet
from tracker.registry.cells import text_of
from tracker.registry.header import Header, find_header
from tracker.registry.problems import Problem
from tracker.text import clip, squeeze

MOST_ROWS = 200
"""Bad rows that are shown; a file with more has one cause for all of them."""
_MOST_CELL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """One cell; `wrong` = what should stand there, empty = nothing is wrong with it."""

    text: str
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """One row with its number in the file; `wrong` = what is the matter with it as a whole."""

    number: int
    cells: tuple[BadCell, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSheet:
    """One sheet: its heads, its bad rows, how many more there are; `wrong` = what is the matter with the sheet as a whole."""

    name: str
    header: tuple[str, ...]
    rows: tuple[BadRow, ...]
    more: int
    wrong: tuple[str, ...]


def bad_sheets(path: Path, problems: Sequence[Problem]) -> tuple[BadSheet, ...]:
    """The sheets with problems. Raises UsageError when the file cannot be read."""
    if not problems:
        return ()
    by_sheet: dict[str, list[Problem]] = {}
    for one in problems:
        by_sheet.setdefault(one.sheet, []).append(one)
    sheets = {sheet.name: sheet for sheet in reversed(read_sheets(path))}
    return tuple(_sheet(name, sheets.get(name), own) for name, own in by_sheet.items())


def _sheet(name: str, sheet: Sheet | None, problems: Sequence[Problem]) -> BadSheet:
    header = find_header(sheet) if sheet else None
    numbers = sorted({one.row for one in problems if one.row} if sheet and header else ())
    by_row = {number: [one for one in problems if one.row == number] for number in numbers}
    shown = numbers[:MOST_ROWS]
    return BadSheet(
        name=name,
        header=tuple(header.titles.get(place, "") for place in _places(header)) if header else (),
        rows=tuple(_row(sheet, header, number, by_row[number]) for number in shown) if sheet and header else (),
        more=len(numbers) - len(shown),
        wrong=tuple(one.expected for one in problems if one.row not in by_row),
    )


def _places(header: Header) -> range:
    return range(max(header.titles, default=-1) + 1)


def _row(sheet: Sheet, header: Header, number: int, problems: Iterable[Problem]) -> BadRow:
    index = number - sheet.first_row
    cells = sheet.cells[index] if 0 <= index < len(sheet.cells) else ()
    wrong: dict[int, list[str]] = {}
    whole = []
    for one in problems:
        place = next((place for place, title in header.titles.items() if one.column and title == squeeze(one.column)), None)
        if place is None:
            whole.append(f"{one.column}:{one.expected}" if one.column else one.expected)
        else:
            wrong.setdefault(place, []).append(one.expected)
    told = tuple(
        BadCell(text=_text(cells[place]) if place < len(cells) else "", wrong=";".join(wrong.get(place, ())))
        for place in _places(header)
    )
    return BadRow(number=number, cells=told, wrong=tuple(whole))


def _text(cell: object) -> str:
    return clip(squeeze(text_of(cell)), _MOST_CELL)
