"""Text tables: UTF-8 with or without BOM, UTF-16 with BOM (Excel's “Unicode 文本”), GB18030; comma, semicolon or tab."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from tracker.errors import UsageError
from tracker.model import Sheet

_DELIMITERS = (",", ";", "\t")
_SAMPLE = 64 * 1024
DEFUSED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
"""A dangerous cell as `write_csv` leaves it: one apostrophe more than the text has."""


def read_csv(content: bytes, name: str) -> tuple[Sheet, ...]:
    """One sheet named after the file; every value is text, empty cells are None. Raises UsageError when it is no text table."""
    text = _decode(content, name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UsageError(f"“{name}”不是规整的 csv 文件({error}):请用 Excel 或 WPS 打开,另存为 .xlsx 后再导入。") from error
    cells = [[_value(cell) for cell in row] for row in rows]
    while cells and all(cell is None for cell in cells[-1]):
        cells.pop()
    return (Sheet(name=Path(name).name, cells=cells),) if cells else ()


def _decode(content: bytes, name: str) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UsageError(f"“{name}”的文字编码不是 UTF-8 或 GB18030,无法读取:请用 Excel 或 WPS 打开,另存为 .xlsx 后再导入。")


def _delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of cells; the first of `_DELIMITERS` where several do."""
    return max(_DELIMITERS, key=lambda each: _evenness(text[:_SAMPLE], each))


def _evenness(sample: str, delimiter: str) -> float:
    """Share of rows that have the commonest width; 0 when that is a single cell, as in text without this delimiter."""
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row)
    except csv.Error:
        return 0.0
    width, rows = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    return rows / widths.total() if width > 1 else 0.0


def _value(cell: str) -> str | None:
    if not cell.strip():
        return None
    return cell[1:] if DEFUSED.match(cell) else cell
