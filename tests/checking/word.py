"""A bulletin as data that tests may edit before it is written to Word."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import docx

from tracker.checking import Report, check


@dataclass
class Table:
    """An annex: mark, title, header, rows, notes. An empty cell in a `merged` column goes on with the cell above.

    The first three cells of a row in `across` (from 0, below the header) are one: 合计, 小计, the name of a group.
    """

    mark: str
    title: str
    header: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    merged: tuple[int, ...] = ()
    across: tuple[int, ...] = ()


@dataclass
class Draft:
    """A bulletin as paragraphs and annexes."""

    paragraphs: list[str]
    tables: list[Table]

    def but(self, old: str, new: str) -> "Draft":
        """A copy with these words of the prose (or of an annex's title and notes) changed; they must stand there once."""
        copy = deepcopy(self)
        texts = [copy.paragraphs, *(part for table in copy.tables for part in (table.notes, table.above))]
        hits = sum(text.count(old) for part in texts for text in part) + sum(table.title.count(old) for table in copy.tables)
        assert hits == 1, (old, hits)
        for part in texts:
            part[:] = [text.replace(old, new) for text in part]
        for table in copy.tables:
            table.title = table.title.replace(old, new)
        return copy

    def cell(self, table: int, row: int, column: int, new: str) -> "Draft":
        """A copy with one cell changed (row from 0, below the header)."""
        copy = deepcopy(self)
        assert copy.tables[table].rows[row][column] != new
        copy.tables[table].rows[row][column] = new
        return copy

    def without(self, table: int, row: int) -> "Draft":
        """A copy that lacks one row."""
        copy = deepcopy(self)
        del copy.tables[table].rows[row]
        return copy

    def with_title(self, table: int, title: str) -> "Draft":
        """A copy whose annex has another title than the 附件说明 says."""
        copy = deepcopy(self)
        copy.tables[table].title = title
        return copy

    def adding(self, at: int, text: str) -> "Draft":
        """A copy with one paragraph more, after the at-th."""
        copy = deepcopy(self)
        copy.paragraphs.insert(at, text)
        return copy

    def moved(self, one: int, other: int) -> "Draft":
        """A copy with two paragraphs (from 0) changed about."""
        copy = deepcopy(self)
        copy.paragraphs[one], copy.paragraphs[other] = copy.paragraphs[other], copy.paragraphs[one]
        return copy

    def save(self, path: Path) -> Path:
        document = docx.Document()
        for text in self.paragraphs:
            document.add_paragraph(text)
        for table in self.tables:
            write(document, table)
        document.save(str(path))
        return path

    def checked(self, folder: Path) -> Report:
        return check([self.save(folder / "通报.docx")])


def write(document: docx.document.Document, table: Table) -> None:
    if table.mark:
        document.add_page_break()
        document.add_paragraph(table.mark)
    document.add_paragraph(table.title)
    for text in table.above:
        document.add_paragraph(text)
    grid = document.add_table(len(table.rows) + 1, len(table.header))
    for cells, texts in zip(grid._tbl.tr_lst, [table.header, *table.rows], strict=True):
        for cell, text in zip(cells.tc_lst, texts, strict=True):
            if text:
                cell.p_lst[0].add_r().text = text
    for column in table.merged:
        merge(grid, column, [row[column] for row in table.rows])
    for row in table.across:
        grid.cell(row + 1, 0).merge(grid.cell(row + 1, 2))
    for text in table.notes:
        document.add_paragraph(text)


def merge(grid: docx.table.Table, column: int, texts: Sequence[str]) -> None:
    start = 1
    for row in range(2, len(texts) + 2):
        if row == len(texts) + 1 or texts[row - 1]:
            if row - 1 > start:
                grid.cell(start, column).merge(grid.cell(row - 1, column))
            start = row
