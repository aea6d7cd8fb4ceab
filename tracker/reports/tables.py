"""The forms as plain tables: CSV (header and rows only), JSON, and Excel through XlsxWriter."""

import csv
import json
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from tracker.reports.form import Column, Context, Form
from tracker.reports.wording import width

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9
_MM_PER_INCH = 25.4
_MARGINS_INCH = {"left": 28 / _MM_PER_INCH, "right": 26 / _MM_PER_INCH, "top": 37 / _MM_PER_INCH, "bottom": 35 / _MM_PER_INCH}
_WIDE_FORM = 8
"""A form of more columns is printed landscape (annexes.md §8.10)."""
_BODY_FONT, _TITLE_FONT, _HEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体"
_LINE_POINTS, _ROW_PADDING_POINTS = 14, 6
_PAGE_NUMBER = '&"宋体"&14— &P —'


def cells(form: Form, row: object) -> list[str | int]:
    """One row's values in the order of the columns."""
    return [getattr(row, column.field) for column in form.columns]


def write_csv(form: Form, context: Context, to: Path) -> None:
    """UTF-8 with BOM (Excel needs it), CRLF; a text that a spreadsheet would calculate gets a leading apostrophe."""
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(column.header for column in form.columns)
        out.writerows([_inert(cell) for cell in cells(form, row)] for row in context.rows)


def _inert(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_START) else cell


def write_json(form: Form, context: Context, to: Path) -> None:
    """`{"form", "title", "window": {"start", "end", "text"}, "draft", "rows": [{field: value}]}`; dates are ISO."""
    told = {
        "form": form.name,
        "title": context.title,
        "window": {"start": context.start.isoformat(), "end": context.end.isoformat(), "text": context.window_line},
        "draft": context.draft,
        "rows": [dict(zip((column.field for column in form.columns), cells(form, row), strict=True)) for row in context.rows],
    }
    to.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def write_xlsx(form: Form, context: Context, to: Path) -> None:
    """One sheet: title and window line merged over the table, a header that repeats on paper, text cells, A4 one page wide."""
    with xlsxwriter.Workbook(to, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": context.title})
        sheet = book.add_worksheet("名单")
        _set_page(sheet, form, context)
        _head(book, sheet, form, context)
        _body(book, sheet, form.columns, [cells(form, row) for row in context.rows])


def _set_page(sheet: Any, form: Form, context: Context) -> None:
    sheet.set_paper(_A4)
    if len(form.columns) > _WIDE_FORM:
        sheet.set_landscape()
    sheet.set_margins(**_MARGINS_INCH)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_header("&R草稿" if context.draft else "")
    sheet.set_footer(f"&R{_PAGE_NUMBER}")
    for index, column in enumerate(form.columns):
        sheet.set_column(index, index, _excel_width(column.width_mm))


def _row_height(columns: Sequence[Column], row: Sequence[str | int]) -> float:
    """Points. Stated, because LibreOffice and WPS do not grow rows of wrapped text when they open a file."""
    lines = [ceil(width(str(cell)) / _characters(column)) for column, cell in zip(columns, row, strict=True)]
    return max(1, *lines) * _LINE_POINTS + _ROW_PADDING_POINTS


def _characters(column: Column) -> int:
    """Whole 五号 characters (3.7 mm) that fit beside Excel's padding of about 1.3 mm."""
    return max(1, int((column.width_mm - 1.3) / 3.7))


def _excel_width(millimetres: float) -> float:
    """Excel counts widths in digits of 7 pixels plus 5 pixels of padding, at 96 pixels an inch."""
    return (millimetres / _MM_PER_INCH * 96 - 5) / 7


def _head(book: Any, sheet: Any, form: Form, context: Context) -> None:
    last = len(form.columns) - 1
    centred = {"align": "center", "valign": "vcenter", "text_wrap": True}
    sheet.merge_range(0, 0, 0, last, context.title, book.add_format({**centred, "font_name": _TITLE_FONT, "font_size": 18}))
    sheet.merge_range(1, 0, 1, last, context.window_line, book.add_format({**centred, "font_name": _BODY_FONT, "font_size": 14}))
    head = book.add_format({**centred, "font_name": _HEAD_FONT, "font_size": 10.5, "border": 1})
    for index, column in enumerate(form.columns):
        sheet.write_string(2, index, "\n".join(column.lines) or column.header, head)
    sheet.set_row(0, 56)
    sheet.set_row(1, 24)
    sheet.set_row(2, 36)


def _body(book: Any, sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[str | int]]) -> None:
    base = {"font_name": _BODY_FONT, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
    number = book.add_format({**base, "align": "center"})
    texts = [book.add_format({**base, "align": "center" if column.centred else "left", "num_format": "@"}) for column in columns]
    for line, row in enumerate(rows, 3):
        sheet.set_row(line, _row_height(columns, row))
        for index, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, index, cell, number)
            else:
                sheet.write_string(line, index, cell, texts[index])
