"""The row loop of a Word template, unrolled without Jinja: ten thousand rows would take docxtpl half a gigabyte.

A template repeats one table row with `{%tr for row in rows %}` and `{%tr endfor %}`. Where that row holds nothing but
`{{ row.field }}`, docxtpl renders it once, with marks in place of the fields, and the rows are written from it straight into the
saved file. A row that holds more (`{% if … %}`, filters) stays with Jinja, which is slower and merges no cells.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from docxtpl import DocxTemplate

from tracker.reports.form import Column

DOCUMENT = "word/document.xml"

_LOOP = re.compile(r"\{%-?\s*for row in rows\s*-?%\}\s*(<w:tr[ >](?:(?!<w:tr[ >]).)*</w:tr>)\s*\{%-?\s*endfor\s*-?%\}", re.DOTALL)
_FIELD = re.compile(r"\{\{\s*row\.([a-z_][a-z0-9_]*)\s*\}\}")
_BLOCK = re.compile(r"<\?rows begin\?>(.*?)<\?rows end\?>", re.DOTALL)
_MARK = re.compile(r"<\?field ([a-z0-9_]+)\?>")
_CELL = re.compile(r"<w:tc[ >].*?</w:tc>", re.DOTALL)
_CELL_WIDTH = re.compile(r"<w:tcPr(?:\s[^>]*)?>(?:<w:cnfStyle[^>]*/>)?(?:<w:tcW[^>]*/>)?(?:<w:gridSpan[^>]*/>)?")
_PIECE = 500
"""Rows that are handed on at a time."""


class Template(DocxTemplate):  # type: ignore[misc]  # docxtpl tells no types
    """A docxtpl template whose plain row loops are left as marks, for `unroll`."""

    def __init__(self, path: Path, fields: frozenset[str]) -> None:
        super().__init__(path)
        self._fields = fields

    def build_xml(self, context: Mapping[str, object], jinja_env: object = None) -> str:
        """The body as docxtpl makes it; a loop whose fields are not all known is left to Jinja, which says so."""
        source = _LOOP.sub(self._marked, self.patch_xml(self.get_xml()))
        rendered: str = self.render_xml_part(source, self.docx._part, context, jinja_env)
        return rendered

    def _marked(self, loop: re.Match[str]) -> str:
        row = _FIELD.sub(r"<?field \1?>", loop[1])
        if set(_FIELD.findall(loop[1])) - self._fields or "{{" in row or "{%" in row or "{#" in row:
            return loop[0]
        return f"<?rows begin?>{row}<?rows end?>"


def unroll(document: BinaryIO, to: Path, columns: Sequence[Column], rows: Sequence[object]) -> None:
    """Copy the rendered document into a file, with one table row for each of `rows` in place of the marked one."""
    with ZipFile(document) as source, ZipFile(to, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            if part.filename != DOCUMENT:
                target.writestr(part, source.read(part))
                continue
            with target.open(part.filename, "w", force_zip64=True) as out:
                for piece in _pieces(source.read(part).decode("utf-8"), columns, rows):
                    out.write(piece.encode("utf-8"))


def _pieces(document: str, columns: Sequence[Column], rows: Sequence[object]) -> Iterator[str]:
    done = 0
    for block in _BLOCK.finditer(document):
        yield document[done : block.start()]
        write = _writer(block[1], columns)
        for at in range(0, len(rows), _PIECE):
            yield "".join(map(write, rows[at : at + _PIECE]))
        done = block.end()
    yield document[done:]


_Part = Callable[[object], str]


def _writer(pattern: str, columns: Sequence[Column]) -> _Part:
    """What makes the XML of one row from the pattern row."""
    merged = {column.field for column in columns if column.merged}
    parts: list[_Part] = []
    done = 0
    for cell in _CELL.finditer(pattern):
        parts.append(_filled(pattern[done : cell.start()]))
        field = next((mark for mark in _MARK.findall(cell[0]) if mark in merged), "")
        parts.append(_merging(cell[0], field) if field else _filled(cell[0]))
        done = cell.end()
    parts.append(_filled(pattern[done:]))
    return lambda row: "".join([part(row) for part in parts])


def _filled(source: str) -> _Part:
    pieces = _MARK.split(source)
    texts, names = pieces[::2], pieces[1::2]
    if not names:
        return lambda row: source
    if len(names) == 1:
        (before, after), name = texts, names[0]
        return lambda row: f"{before}{escape(str(getattr(row, name)))}{after}"
    return lambda row: (
        texts[0] + "".join(escape(str(getattr(row, name))) + text for name, text in zip(names, texts[1:], strict=True))
    )


def _merging(source: str, field: str) -> _Part:
    """A cell of a merged column: alone, the head of a run, or an empty one below it."""

    def with_merge(element: str, cell: str) -> str:
        return _CELL_WIDTH.sub(lambda found: found[0] + element, cell, count=1)

    alone, head = _filled(source), _filled(with_merge('<w:vMerge w:val="restart"/>', source))
    covered = with_merge("<w:vMerge/>", _MARK.sub("", source))
    span = f"{field}_span"

    def part(row: object) -> str:
        rows = getattr(row, span)
        return covered if rows == 0 else alone(row) if rows == 1 else head(row)

    return part
