"""Tables that go out. Nothing is half written, and no cell can start a formula in the program that opens it."""

import contextlib
import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from tracker.errors import UsageError, reason
from tracker.model import Sheet

Choices = Mapping[int, Sequence[str]]
"""Drop-downs of a sheet: column from 0 → the words to choose from."""

_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_MOST_TEXT = 32_767
_MOST_LINKS = 60_000
_BAD_TITLE = re.compile(r"[\[\]:*?/\\]")
# Fixed, so that the same rows give the same bytes.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes naive times only


def write_csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write rows as UTF-8 with BOM (Excel then knows the encoding), CRLF, quoted where needed.

    Cells that begin with = + - @, tab or return get an apostrophe in front, which `read_sheets` takes off again.
    Raises UsageError when the target cannot be written.
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(shown(cell)) for cell in row] for row in rows)
    put(path, out.getvalue().encode("utf-8-sig"))


def write_xlsx(path: Path, sheets: Sequence[Sheet], *, choices: Mapping[str, Choices] | None = None) -> None:
    """Write sheets with their merged areas; `choices` are drop-downs by sheet name, from the second row down.

    All text and all dates are text cells (codes keep their zeros, 10.10 stays 10.10); only true numbers are numbers.
    Raises UsageError when the target cannot be written or a cell holds more than Excel can keep.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        for sheet in sheets:
            _write_sheet(book, sheet, (choices or {}).get(sheet.name, {}))
    put(path, out.getvalue())


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, choices: Choices) -> None:
    page = book.add_worksheet(_title(sheet.name))
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "vcenter", "border": 1})
    head = book.add_format(
        {"num_format": "@", "text_wrap": True, "valign": "vcenter", "align": "center", "bold": True, "border": 1}
    )
    for r0, c0, r1, c1 in sheet.merged:
        page.merge_range(r0, c0, r1, c1, "", plain)
    linked = len(sheet.cells) < _MOST_LINKS
    for row, cells in enumerate(sheet.cells):
        for column, cell in enumerate(cells):
            _write_cell(page, row, column, cell, head if row == 0 else plain, linked)
    for column, words in choices.items():
        page.data_validation(1, column, max(len(sheet.cells) - 1, 1), column, _drop_down(words))
    for column in range(max(map(len, sheet.cells), default=0)):
        page.set_column(column, column, _width(sheet, column))
    page.freeze_panes(1, 0)


def _write_cell(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: object, style: object, linked: bool) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        page.write_number(row, column, cell, style)
        return
    text = shown(cell)
    if len(text) > _MOST_TEXT:
        raise UsageError(
            f"第 {row + 1} 行第 {column + 1} 列有 {len(text)} 个字,超过 Excel 每格 {_MOST_TEXT} 字的上限:请缩短后再导出。"
        )
    # Excel drops links that are too long; as text they survive.
    if linked and text.startswith(("https://", "http://")) and len(text) < 2000:
        page.write_url(row, column, text, style, text)
    elif text:
        page.write_string(row, column, text, style)
    else:
        page.write_blank(row, column, None, style)


def _drop_down(words: Sequence[str]) -> Mapping[str, object]:
    return {
        "validate": "list",
        "source": list(words),
        "error_title": "请从列表中选择",
        "error_message": "请填:" + "、".join(words),
    }


def _width(sheet: Sheet, column: int) -> float:
    """Column width in characters of Latin text (a Han character takes two), from the first rows."""
    longest = max((len(shown(cells[column])) for cells in sheet.cells[:200] if column < len(cells)), default=0)
    return min(max(longest * 2 + 2, 8), 42)


def _title(name: str) -> str:
    return _BAD_TITLE.sub("_", name)[:31] or "工作表1"


def shown(cell: object) -> str:
    """A value as text: dates as 2026-10-10, None as nothing."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, first beside it as .partial. Raises UsageError when the target cannot be replaced."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except PermissionError as error:
        _forget(partial)
        raise UsageError(f"写不进“{path}”:它可能正被 Word、WPS 或 Excel 打开,请关闭后重试,或另选保存位置。") from error
    except OSError as error:
        _forget(partial)
        raise UsageError(f"写不进“{path}”({reason(error)}):请检查磁盘空间和权限,或另选保存位置。") from error


def _forget(partial: Path) -> None:
    with contextlib.suppress(OSError):
        partial.unlink(missing_ok=True)
