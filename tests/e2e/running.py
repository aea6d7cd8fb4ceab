"""The command line as a person or a script uses it, and the printed lists read back."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docx
import openpyxl
from lxml import html

from tracker.cli import main

TOP = Path(__file__).parents[2]
HEADER = (
    "序号",
    "新媒体类型(七选一)",
    "其他(新媒体类型)",
    "新媒体名称",
    "代表主体名称",
    "检查结果",
    "存在的突出问题",
    "备注",
)
"""Columns of the printed list (domain/annexes.md §1)."""

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a run of the program said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """One JSON value per line of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


def tracker(*words: object, workspace: Path | None = None) -> Said:
    """Run the command line in this process, through the entry point that the installed script calls."""
    where = ["--workspace", str(workspace)] if workspace else []
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    argv = ["tracker", *where, *(str(word) for word in words)]
    code: object = 0
    with patch.object(sys, "argv", argv), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as done:
            code = done.code
    assert isinstance(code, int)
    return Said(code=code, out=_text(out), err=_text(err))


def _text(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")


def ok(*words: object, workspace: Path | None = None) -> Said:
    """The same, which must succeed."""
    said = tracker(*words, workspace=workspace)
    assert said.code == 0, (words, said)
    return said


def script(*words: object, environ: Mapping[str, str] | None = None, without: tuple[str, ...] = ()) -> Said:
    """The program as a process of its own."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **(environ or {})}
    for name in without:
        env.pop(name, None)
    told = [sys.executable, "-c", "from tracker.cli import main; main()", *map(str, words)]
    done = subprocess.run(told, capture_output=True, cwd=TOP, env=env, check=False, timeout=100)
    return Said(code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8"))


def from_docx(path: Path) -> Rows:
    """The rows below the header of the Word list."""
    found = [
        [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables
    ]
    return _below_header(max(found, key=len))


def from_xlsx(path: Path) -> Rows:
    """The rows below the header of the Excel list."""
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return _below_header([["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)])


def from_html(path: Path) -> Rows:
    """The rows below the header of the HTML list."""
    page = html.fromstring(path.read_text(encoding="utf-8"))
    return _below_header([[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in page.iter("tr")])


def _below_header(cells: list[list[str]]) -> Rows:
    rows = [tuple(row) for row in cells]
    flat = [tuple(cell.replace(" ", "").replace("\n", "") for cell in row) for row in rows]
    start = flat.index(HEADER) + 1
    return [row for row in rows[start:] if row[0].isdecimal()]


def the(folder: Path, suffix: str) -> Path:
    """The one file of a kind in a folder."""
    (found,) = folder.glob(f"*.{suffix}")
    return found
