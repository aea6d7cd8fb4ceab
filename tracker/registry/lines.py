"""The rows below a header as lines of named cells: merged cells carried down, blank, totals and signature rows left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.model import Sheet
from tracker.registry.cells import code_of, line_of, no_name, text_of
from tracker.registry.header import Header
from tracker.registry.problems import BadCell, Problem
from tracker.registry.tables import columns, header_key
from tracker.text import key

Row = Sequence[object]

CARRIED = ("organisation", "region")
"""Fields that go on over merged and continuation rows (§3.1); a name never does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One account's cells. `row` is the number that the file gives; `wide` = its type stands in the header of its name column."""

    sheet: str
    row: int
    values: Mapping[str, object]
    titles: Mapping[str, str]
    """Field → header as written."""
    extra: Mapping[str, str]
    wide: bool = False
    shared: bool = False
    """Whether another account stands in the same row of a wide table."""

    def raw(self, field: str) -> object:
        """The value as in the file; None where the column is missing or the cell empty."""
        return self.values.get(field)

    def text(self, field: str) -> str:
        """The value as text, line breaks kept."""
        return text_of(self.values.get(field))

    def line(self, field: str) -> str:
        """The value as one line of text."""
        return line_of(self.values.get(field))

    def problem(self, field: str, expected: str) -> Problem:
        """A problem with one cell of this line."""
        column = self.titles.get(field, columns().titles.get(field, field))
        return Problem(sheet=self.sheet, row=self.row, column=column, value=self.text(field), expected=expected)

    def warning(self, words: str) -> str:
        """A sentence about this line."""
        return f"“{self.sheet}”第 {self.row} 行{words}。"


@dataclass(slots=True)
class Lines:
    """All lines of one sheet; `warnings` fills while they are read."""

    sheet: Sheet
    header: Header
    warnings: list[str]

    def read(self) -> Iterator[Line]:
        """Each account's line, in order; a row of a wide table gives one line per name."""
        carried = self._merged()
        above: dict[str, object] = {}
        for at in range(self.header.below, len(self.sheet.cells)):
            cells = self.sheet.cells[at]
            values = {field: cells[column] for field, column in self.header.fields.items() if column < len(cells)}
            number = self.sheet.first_row + at
            if not self._is_account(cells, values, number):
                continue
            # A row without 序号 and 主办单位 in a numbered table goes on with the row above (淮南 12, 16).
            numbered = "seq" in self.header.fields
            goes_on = numbered and not text_of(values.get("seq")) and not text_of(values.get("organisation"))
            for field in CARRIED:
                values[field] = values.get(field) or carried.get((at, field)) or (above.get(field) if goes_on else None)
            above = values
            yield from self._split(number, cells, values)

    def _split(self, number: int, cells: Row, values: Mapping[str, object]) -> Iterator[Line]:
        extra = {
            title: told for column, title in self.header.extra.items() if column < len(cells) and (told := text_of(cells[column]))
        }
        titles = {field: self.header.titles[column] for field, column in self.header.fields.items()}
        if not self.header.wide:
            yield Line(sheet=self.sheet.name, row=number, values=values, titles=titles, extra=extra)
        names = {each: _at(cells, each.column) for each in self.header.wide}
        shared = sum(not no_name(line_of(name)) for name in names.values()) > 1
        for each, name in names.items():
            condition, head = _at(cells, each.condition), self.header.titles[each.column]
            if no_name(line_of(name)):
                self._lonely(number, each.column, condition)
                continue
            own = {**values, "platform": each.word, "name": name, "condition": condition}
            heads = {**titles, "platform": head, "name": head}
            yield Line(sheet=self.sheet.name, row=number, values=own, titles=heads, extra=extra, wide=True, shared=shared)

    def _lonely(self, number: int, column: int, condition: object) -> None:
        if told := text_of(condition):
            title = self.header.titles[column]
            self.warnings.append(f"“{self.sheet.name}”第 {number} 行“{title}”列没有账号名称,旁边却填了“{told}”,未导入,请核对。")

    def _is_account(self, cells: Row, values: Mapping[str, object], number: int) -> bool:
        filled = [text for cell in cells if (text := text_of(cell))]
        if not filled or (len(filled) == 1 and filled[0] == text_of(values.get("seq")) and filled[0].isdecimal()):
            return False
        if what := self._no_account(cells, filled, text_of(values.get("name"))):
            self.warnings.append(f"“{self.sheet.name}”第 {number} 行{what},未导入。")
            return False
        return not self._repeats_header(cells)

    def _no_account(self, cells: Row, filled: Sequence[str], name: str) -> str:
        """What a row is that is no account's, else empty. The words of the row are not repeated: they may name people."""
        if columns().totals.match(key(filled[0])) or columns().totals.match(key(name)):
            return "是合计行"
        if columns().footer.match(key(filled[0])):
            return "是说明或签名"
        if _only_numbers(cells):
            return "只有数字,像是汇总公式"
        names = [text_of(_at(cells, each.column)) for each in self.header.wide] or [name]
        return "只有一格文字,像是分组标题" if len(filled) == 1 and not any(names) else ""

    def _repeats_header(self, cells: Row) -> bool:
        """Printed lists repeat the header on each page."""
        return all(
            header_key(text_of(cells[column]) if column < len(cells) else "") == header_key(title)
            for column, title in self.header.titles.items()
        )

    def _merged(self) -> Mapping[tuple[int, str], object]:
        """(row, field) → value of the merged area that covers it from above, for the carried fields."""
        carried: dict[tuple[int, str], object] = {}
        fields = {self.header.fields[field]: field for field in CARRIED if field in self.header.fields}
        for r0, c0, r1, _ in self.sheet.merged:
            if c0 in fields and r0 >= self.header.below:
                value = self.sheet.cells[r0][c0] if r0 < len(self.sheet.cells) and c0 < len(self.sheet.cells[r0]) else None
                carried.update(((row, fields[c0]), value) for row in range(r0 + 1, min(r1 + 1, len(self.sheet.cells))))
        return carried


def _at(cells: Row, column: int | None) -> object:
    return cells[column] if column is not None and column < len(cells) else None


def _only_numbers(cells: Row) -> bool:
    """A row of sums without a label; formulas come as their results (§3.10)."""
    return all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells)


def code(line: Line, field: str, problems: list[Problem]) -> str:
    """A code cell, or empty with a problem noted."""
    try:
        return code_of(line.raw(field))
    except BadCell as bad:
        problems.append(line.problem(field, str(bad)))
        return ""
