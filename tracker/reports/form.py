"""What a printed form is: its columns, and the context object that every format of it is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One printed column. `field` is the row's attribute, `header` the words on one line (csv)."""

    field: str
    header: str
    lines: tuple[str, ...] = ()
    """The header where the form prints it on several lines; () = on one."""
    width_mm: float
    """Width on paper; the columns of a portrait form add up to 156 mm (bulletin.md §4)."""
    centred: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: `name` as on the command line and as the templates are named."""

    name: str
    columns: tuple[Column, ...]


class Context(Protocol):
    """What the writers need of any form's context; the fields are documented in the form's own dataclass."""

    @property
    def form(self) -> str:
        """Name of the form."""
        ...

    @property
    def title(self) -> str:
        """Title on one line, which also names the files."""
        ...

    @property
    def window_line(self) -> str:
        """The line below the title."""
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

    @property
    def rows(self) -> Sequence[object]:
        """The table's rows: frozen dataclasses with the attributes that the columns name."""
        ...
