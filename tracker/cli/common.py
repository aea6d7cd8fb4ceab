"""What the commands share: the workspace, people's tables, scripts' JSON lines."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracker import logs
from tracker.cli.noting import noted
from tracker.errors import UsageError
from tracker.text import clip
from tracker.workspace import Workspace, locate, opened

UNCHECKED = 3
"""Exit code: some accounts could not be checked."""


@dataclass(slots=True)
class Context:
    """What the options before the command said."""

    workspace: Path | None = None
    log_json: bool = False
    """Whether the log goes to standard error, too."""

    @contextmanager
    def open(self) -> Iterator[Workspace]:
        """The workspace meant. Raises UsageError."""
        with opened(locate(self.workspace, Path.cwd())) as ws:
            log_to(ws, shown=self.log_json)
            yield ws


def log_to(ws: Workspace, *, shown: bool = False) -> None:
    """From now on write the log as tracker.toml says; `shown` = to standard error as well. Raises UsageError."""
    told = ws.settings.log
    logs.configure(file=ws.root / told.file if told.file else None, stream=sys.stderr if shown else None, level=told.level)


@contextmanager
def workspace(context: typer.Context) -> Iterator[Workspace]:
    """The workspace that a command works on; what it changes is noted. Raises UsageError when there is none."""
    with (context.find_object(Context) or Context()).open() as ws, noted(ws, context):
        yield ws


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end the program with exit code 1, which says that a check found something
        raise BrokenPipeError


def console() -> Console:
    """Standard output for people; where it is no terminal, lines are not cut."""
    return _Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200)


def say(line: str = "") -> None:
    """One line for people."""
    console().print(visible(line), soft_wrap=True)


def busy(doing: str) -> AbstractContextManager[object]:
    """Says what takes long, on a terminal's standard error, while the block runs."""
    return Console(stderr=True).status(doing) if sys.stderr.isatty() else nullcontext()


def errors(line: str) -> None:
    """One line on standard error."""
    _Console(stderr=True, highlight=False, markup=False).print(visible(line), soft_wrap=True)


_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that steer a terminal, turn the reading direction, break lines or are half of one: names may hold them."""


def visible(line: str) -> str:
    """Text in which such characters are seen instead of obeyed."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def json_line(record: object) -> None:
    """One object on one line, Chinese as it is."""
    print(visible(json.dumps(record, ensure_ascii=False)))


_LONGEST = 300
"""Characters of a table cell; the whole is in the JSON."""


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people. Cells are text whatever they hold."""
    say(title)
    shown = Table(show_lines=False)
    for header in headers:
        shown.add_column(header, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(clip(visible("" if cell is None else str(cell)), _LONGEST)) for cell in row))
    console().print(shown)


_YEARS = range(2000, 2101)


def day_option(told: str | None) -> date | None:
    """A date option. Raises UsageError with the form that is wanted."""
    return None if told is None else day_of(told)


def day_of(told: str) -> date:
    """A day as typed. Raises UsageError with the form that is wanted."""
    try:
        year, month, day = (int(part) for part in told.replace("/", "-").replace(".", "-").split("-"))
        on = date(year, month, day)
    except ValueError as error:
        raise UsageError(f"日期“{told}”看不懂;请写成 2020-11-06") from error
    if on.year not in _YEARS:
        raise UsageError(f"日期“{told}”的年份不对;请写成 2020-11-06")
    return on


def existing(path: Path) -> Path:
    """A file that is there. Raises UsageError."""
    if path.is_dir():
        raise UsageError(f"{path} 是一个文件夹;请写出里面那个文件的名字")
    if not path.is_file():
        raise UsageError(f"没有这个文件:{path};请检查路径和文件名")
    return path
