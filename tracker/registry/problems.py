"""What a reading of a table gives: rows, and in the reader's words what was wrong with the others."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from tracker.text import clip, squeeze

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A cell (or row) that cannot be taken in. `row` counts as the file does (in Excel from 1, header too); 0 = the whole sheet.

    `expected` is a clause that says what should stand there and what to do; `column` is the header as written,
    empty where the row or sheet as a whole is meant.
    """

    sheet: str
    row: int
    column: str
    value: str
    expected: str
    source: str = ""

    def __str__(self) -> str:
        where = f"“{self.sheet}”第 {self.row} 行" if self.row else f"“{self.sheet}”"
        file = f"{self.source}:" if self.source and self.source != self.sheet else ""
        return f"{file}{where}{self._given()}{self.expected}。"

    def _given(self) -> str:
        if not self.column:
            return ""
        value = f"填的是“{clip(squeeze(self.value), 60)}”" if self.value.strip() else "没有填"
        return f"“{self.column}”列{value},"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[Row]):
    """All that a file said. Rows with a problem are not among `rows`; `warnings` are Chinese sentences that name the place."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """Headers of personal-data columns that were not taken in."""


class BadCell(ValueError):
    """A cell's value cannot be read; the message is the `expected` clause of the problem that it becomes."""
