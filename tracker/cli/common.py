"""What the commands share: the workspace, people's tables, scripts' JSON lines."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracker.errors import UsageError
from tracker.workspace import Workspace, locate, opened

UNCHECKED = 3
"""Exit code: some accounts could not be checked."""


@dataclass(slots=True)
class Context:
    """What the options before the command said."""

    workspace: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Workspace]:
        """The workspace meant. Raises UsageError."""
        with opened(locate(self.workspace, Path.cwd())) as ws:
            yield ws


def workspace(context: typer.Context) -> AbstractContextManager[Workspace]:
    """The workspace that a command works on. Raises UsageError when there is none."""
    return (context.find_object(Context) or Context()).open()


def console() -> Console:
    """Standard output for people; where it is no terminal, lines are not cut."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200)


def say(line: str = "") -> None:
    """One line for people."""
    console().print(line, soft_wrap=True)


def errors(line: str) -> None:
    """One line on standard error."""
    Console(stderr=True, highlight=False, markup=False).print(line, soft_wrap=True)


def json_line(record: object) -> None:
    """One object on one line, Chinese as it is."""
    print(json.dumps(record, ensure_ascii=False))


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people. Cells are text whatever they hold."""
    say(title)
    shown = Table(show_lines=False)
    for header in headers:
        shown.add_column(header, overflow="fold")
    for row in rows:
        shown.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(shown)


def day_option(told: str | None) -> date | None:
    """A date option. Raises UsageError with the form that is wanted."""
    if told is None:
        return None
    try:
        year, month, day = (int(part) for part in told.replace("/", "-").replace(".", "-").split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise UsageError(f"日期 {told} 看不懂;请写成 2020-11-06") from error


def existing(path: Path) -> Path:
    """A file that is there. Raises UsageError."""
    if not path.is_file():
        raise UsageError(f"没有这个文件:{path}")
    return path
