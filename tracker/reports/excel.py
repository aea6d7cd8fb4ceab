"""The forms as an Excel sheet through XlsxWriter, row by row: text cells, merged runs, A4 one page wide."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from tracker.reports.form import AnyTable, Column, cells, spans
from tracker.reports.wording import width

_A4 = 9
_MM_PER_INCH = 25.4
_PORTRAIT = {"left": 28, "right": 26, "top": 37, "bottom": 35}
_LANDSCAPE = {"left": 37, "right": 35, "top": 28, "bottom": 26}
"""Millimetres (bulletin.md §4); landscape is the portrait page turned, its head at the binding edge."""
_BODY_FONT, _TITLE_FONT, _HEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体"
_LINE_POINTS, _ROW_PADDING_POINTS = 14, 6
_TALLEST = 409
"""Points; Excel refuses a file with a higher row."""
_TEXT_MOST = 255
"""Excel shows ##### in a cell of the format text with more characters."""
_PAGE_NUMBER = '&"宋体"&14— &P —'


def write_xlsx(context: AnyTable, to: Path) -> None:
    """One sheet: title, window line and note merged over the table's width, a header that repeats on paper, text cells.

    Rows are handed to the file as they come, unless cells are merged over rows: then XlsxWriter has to hold them.
    """
    flowing = not any(column.merged for column in context.columns)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": flowing}
    with xlsxwriter.Workbook(to, options) as book:
        book.set_properties({"title": context.title})
        sheet = book.add_worksheet("名单")
        header = 2 if context.window_line else 1
        _set_page(sheet, context, header)
        _head(book, sheet, context, header)
        _Body(sheet=sheet, columns=context.columns, look=_look(book, context.columns)).write(context.rows, header + 1)
        if context.note_line:
            _note(book, sheet, context, header + 1 + len(context.rows))


def _set_page(sheet: Any, context: AnyTable, header: int) -> None:
    sheet.set_paper(_A4)
    if context.landscape:
        sheet.set_landscape()
    sheet.set_margins(**{side: mm / _MM_PER_INCH for side, mm in (_LANDSCAPE if context.landscape else _PORTRAIT).items()})
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(header)
    sheet.freeze_panes(header + 1, 0)
    sheet.set_header("&R草稿" if context.draft else "")
    sheet.set_footer(f"&R{_PAGE_NUMBER}")
    for index, column in enumerate(context.columns):
        sheet.set_column(index, index, _excel_width(column.width_mm))


def _head(book: Any, sheet: Any, context: AnyTable, header: int) -> None:
    last = len(context.columns) - 1
    centred = {"align": "center", "valign": "vcenter", "text_wrap": True}
    sheet.set_row(0, 28 * len(context.title_lines))
    sheet.merge_range(0, 0, 0, last, context.title, book.add_format({**centred, "font_name": _TITLE_FONT, "font_size": 18}))
    if context.window_line:
        sheet.set_row(1, 24)
        window = book.add_format({**centred, "font_name": _BODY_FONT, "font_size": 14})
        sheet.merge_range(1, 0, 1, last, context.window_line, window)
    sheet.set_row(header, max(36, _row_height(context.columns, [column.header for column in context.columns], ())))
    head = book.add_format({**centred, "font_name": _HEAD_FONT, "font_size": 10.5, "border": 1})
    for index, column in enumerate(context.columns):
        sheet.write_string(header, index, "\n".join(column.lines) or column.header, head)


def _note(book: Any, sheet: Any, context: AnyTable, line: int) -> None:
    whole = Column(field="note", header="", width_mm=sum(column.width_mm for column in context.columns))
    sheet.set_row(line, _row_height([whole], [context.note_line], ()))
    look = book.add_format({"font_name": _BODY_FONT, "font_size": 10.5, "text_wrap": True, "valign": "top"})
    sheet.merge_range(line, 0, line, len(context.columns) - 1, context.note_line, look)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The formats of the table's cells, by column: for numbers, for texts, for texts too long for the format text."""

    number: Any
    text: Sequence[Any]
    long: Sequence[Any]


def _look(book: Any, columns: Sequence[Column]) -> _Look:
    base = {"font_name": _BODY_FONT, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
    sides = [{**base, "align": "center" if column.centred else "left"} for column in columns]
    return _Look(
        number=book.add_format({**base, "align": "center"}),
        text=[book.add_format({**side, "num_format": "@"}) for side in sides],
        long=[book.add_format(side) for side in sides],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    sheet: Any
    columns: Sequence[Column]
    look: _Look

    def write(self, rows: Sequence[object], first: int) -> None:
        for line, row in enumerate(rows, first):
            told, over = cells(self.columns, row), spans(self.columns, row)
            self.sheet.set_row(line, _row_height(self.columns, told, over))
            for index, (cell, span) in enumerate(zip(told, over, strict=True)):
                if span == 1:
                    self._cell(line, index, cell)
                elif span:
                    self.sheet.merge_range(line, index, line + span - 1, index, "", self.look.text[index])
                    self._cell(line, index, cell)

    def _cell(self, line: int, index: int, cell: str | int) -> None:
        if isinstance(cell, int):
            self.sheet.write_number(line, index, cell, self.look.number)
        else:
            look = self.look.text if len(cell) <= _TEXT_MOST else self.look.long
            self.sheet.write_string(line, index, cell, look[index])


def _row_height(columns: Sequence[Column], row: Sequence[str | int], over: Sequence[int]) -> float:
    """Points. Stated, because LibreOffice and WPS do not grow rows of wrapped text when they open a file.

    A cell that goes over several rows shares its lines among them.
    """
    counts = [ceil(width(str(cell)) / _characters(column)) for column, cell in zip(columns, row, strict=True)]
    shared = [ceil(lines / span) if span else 1 for lines, span in zip(counts, over or [1] * len(counts), strict=True)]
    return min(max(1, *shared) * _LINE_POINTS + _ROW_PADDING_POINTS, _TALLEST)


def _characters(column: Column) -> int:
    """Whole 五号 characters (3.7 mm) that fit beside Excel's padding of about 1.3 mm."""
    return max(1, int((column.width_mm - 1.3) / 3.7))


def _excel_width(millimetres: float) -> float:
    """Excel counts widths in digits of 7 pixels plus 5 pixels of padding, at 96 pixels an inch."""
    return (millimetres / _MM_PER_INCH * 96 - 5) / 7
