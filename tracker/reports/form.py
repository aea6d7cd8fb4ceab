"""What a printed form is: its columns, and the context object that every format of it is made from."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Generic, Protocol, TypeVar

ALL_FORMATS = ("docx", "xlsx", "html", "pdf", "csv", "json")
WIDE_FORM = 8
"""A form of more columns is printed landscape (annexes.md §8.10)."""
PORTRAIT_MM, LANDSCAPE_MM = 156.0, 225.0
"""Width of the type area (bulletin.md §4); the columns of a form add up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One printed column. `field` is the row's attribute, `header` the words on one line (csv); two may print the same words."""

    field: str
    header: str
    lines: tuple[str, ...] = ()
    """The header where the form prints it on several lines; () = on one."""
    width_mm: float
    """Width on paper."""
    centred: bool = True
    merged: bool = False
    """Cells of a run are merged downwards: the row's `<field>_span` is the length of the run at its first row, else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: `name` as on the command line and as its templates are named. A letter has only formats that are no tables."""

    name: str
    words: str
    """What people call it: 不合格名单."""
    nothing: str = ""
    """What is said instead of an empty table (annexes.md §8.8)."""
    formats: tuple[str, ...] = ALL_FORMATS


class Context(Protocol):
    """What the writers need of any form's context, table or letter; the fields are documented in the form's own dataclass."""

    @property
    def form(self) -> str:
        """Name of the form."""
        ...

    @property
    def title(self) -> str:
        """Title on one line, which also names the files."""
        ...

    @property
    def start(self) -> date:
        """First day of the window."""
        ...

    @property
    def end(self) -> date:
        """Last day of the window, included."""
        ...

    @property
    def draft(self) -> bool:
        """Whether this is a draft."""
        ...


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContext(Generic[Row]):
    """All that templates and writers of a form that is a table get; without rows nothing is written (annexes.md §8.8)."""

    label: str
    """`附件`, or `附件1` where the bulletin has several annexes."""
    title: str
    """Title on one line, equal to the 附件说明; names the files."""
    title_lines: tuple[str, ...]
    """The same title as broken on paper."""
    window_line: str
    """The line below the title: `(监测时间:2020年10月26日至11月6日)`; empty where the form has none."""
    start: date
    """First day of the 监测时间."""
    end: date
    """Last day of the 监测时间, included."""
    draft: bool
    """A draft says 草稿 at the head of each page and may hold rows that are 未复核."""
    columns: tuple[Column, ...]
    """The printed columns; some forms name the quarter in a header."""
    rows: tuple[Row, ...]
    """The rows in printed order: frozen dataclasses, documented in the form's module."""
    note_line: str
    """The note below the table, without line breaks; empty where the form has none."""
    form: str
    """Name of the form."""
    left_out: int = 0
    """Accounts that belong on the list by their verdict, but whose platform the form has no column for."""

    @property
    def landscape(self) -> bool:
        """Whether it is printed landscape."""
        return len(self.columns) > WIDE_FORM


AnyTable = TableContext[object]


def cells(columns: Sequence[Column], row: object) -> list[str | int]:
    """One row's values in the order of the columns."""
    return [getattr(row, column.field) for column in columns]


def spans(columns: Sequence[Column], row: object) -> list[int]:
    """By column: over how many rows its cell goes; 0 = the cell above covers it."""
    return [getattr(row, f"{column.field}_span") if column.merged else 1 for column in columns]


def runs(keys: Iterable[Hashable | None]) -> list[int]:
    """Spans of cells whose neighbours with an equal key are merged: [a, a, b] gives [2, 0, 1]; None never merges.

    A key holds that of the parent cell, so that a run ends where the parent's does.
    """
    told: list[int] = []
    for key, group in groupby(keys):
        length = sum(1 for _ in group)
        told += [1] * length if key is None else [length, *[0] * (length - 1)]
    return told
