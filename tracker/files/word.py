"""Tables and paragraphs of .docx: cells with several paragraphs, merged to the right (gridSpan) and downwards (vMerge)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from tracker.files.package import BROKEN, broken
from tracker.model import Sheet
from tracker.text import Linked

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WRAPPERS = (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag")
"""Elements that stand around rows, cells or runs without being any (form controls, tracked insertions)."""
_TEXT, _TAB = f"{_W}t", f"{_W}tab"
_BREAKS = (f"{_W}br", f"{_W}cr")
_MOST_SPAN = 200


@dataclass(slots=True)
class _Grid:
    """A table while it is read: `open` holds, by column, the merged area that may still grow downwards."""

    rows: list[list[object]] = field(default_factory=list)
    areas: list[list[int]] = field(default_factory=list)
    open: dict[int, list[int]] = field(default_factory=dict)


def read_word(content: bytes, name: str) -> tuple[Sheet, ...]:
    """Every table of the body in order, named 第n个表格 (nested ones count where they start). Raises UsageError when damaged."""
    body, links = _open(content, name)
    tables = body.iter(f"{_W}tbl")
    sheets = [_sheet(f"第{number}个表格", table, links) for number, table in enumerate(tables, 1)]
    return tuple(sheet for sheet in sheets if any(cell is not None for row in sheet.cells for cell in row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A paragraph of the body that holds words: lines as typed; `numbered` = Word itself prints a number before it."""

    text: str
    numbered: bool


def read_body(content: bytes, name: str) -> tuple[Written | Sheet, ...]:
    """Paragraphs and tables (named 第n个表格) of the body in the order of the page. Raises UsageError when damaged."""
    body, links = _open(content, name)
    # A text box stands in the file twice, for new and for old Word, inside a paragraph that it is no part of.
    etree.strip_elements(body, f"{_W}txbxContent", with_tail=False)
    blocks: list[Written | Sheet] = []
    tables = 0
    for element in _inside(body, f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            tables += 1
            blocks.append(_sheet(f"第{tables}个表格", element, links))
        elif text := "".join(_words(element)).strip():
            blocks.append(Written(text=text, numbered=element.find(f"{_W}pPr/{_W}numPr") is not None))
    return tuple(blocks)


def _open(content: bytes, name: str) -> tuple[etree._Element, dict[str, str]]:
    """The body without what revision marks took away, and the targets of its links."""
    try:
        document = docx.Document(io.BytesIO(content))
    # python-docx meets a damaged part as an element without the methods that it expects.
    except (*BROKEN, PackageNotFoundError, AttributeError, etree.XMLSyntaxError) as error:
        raise broken(name) from error
    links = {key: each.target_ref for key, each in document.part.rels.items() if each.is_external}
    # What was deleted or moved away under revision marks is not what the page shows.
    etree.strip_elements(document.element.body, f"{_W}del", f"{_W}moveFrom", with_tail=False)
    return document.element.body, links


def _sheet(name: str, table: etree._Element, links: dict[str, str]) -> Sheet:
    grid = _Grid()
    for row in _inside(table, f"{_W}tr"):
        _add_row(grid, row, links)
    merged = tuple((r0, c0, r1, c1) for r0, c0, r1, c1 in grid.areas if (r0, c0) != (r1, c1))
    return Sheet(name=name, cells=grid.rows, merged=merged)


def _inside(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Children of these tags, looking through wrappers but never into a cell's own nested table."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, *tags)


def _add_row(grid: _Grid, row: etree._Element, links: dict[str, str]) -> None:
    number, cells = len(grid.rows), list[object]()
    cells.extend([None] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0))
    for cell in _inside(row, f"{_W}tc"):
        column, span = len(cells), _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
        goes_on = _goes_on(cell) and column in grid.open
        if goes_on:
            grid.open[column][2] = number
        else:
            grid.open[column] = [number, column, number, column + span - 1]
            grid.areas.append(grid.open[column])
        cells.extend([None if goes_on else _text(cell, links), *[None] * (span - 1)])
    grid.rows.append(cells)


def _number(element: etree._Element | None, otherwise: int) -> int:
    value = "" if element is None else str(element.get(f"{_W}val", ""))
    return min(int(value), _MOST_SPAN) if value.isdecimal() else otherwise


def _goes_on(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _text(cell: etree._Element, links: dict[str, str]) -> str | None:
    """The cell's words, paragraphs on lines of their own; with the first web link in it, if there is one."""
    text = "\n".join("".join(_words(paragraph)) for paragraph in _inside(cell, f"{_W}p")).strip()
    if not text:
        return None
    targets = (links.get(str(each.get(_RELATION)), "") for each in cell.iter(f"{_W}hyperlink"))
    url = next((target for target in targets if target.startswith(("http://", "https://"))), "")
    return Linked(text, url) if url else text


def _words(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag == _TEXT:
            yield element.text or ""
        elif element.tag in _BREAKS:
            yield "\n"
        elif element.tag == _TAB:
            yield "\t"
