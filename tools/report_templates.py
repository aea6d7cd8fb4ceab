"""Makes the Word templates of the forms that are tables, templates/reports/*.docx: `python -m tools.report_templates [DIR]`.

Offices edit the files themselves; this keeps their look one and the same. Layout: domain/bulletin.md §4 (GB/T 9704-2012). Jinja
tags are those of docxtpl; `{%tr … %}` stands in a row of its own.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.reports import inspection, ledger, matrix, noncompliant, sensitive_words, unseen, zombies
from tracker.reports.form import WIDE_FORM, Column

TARGET = Path(__file__).resolve().parent.parent / "templates" / "reports"
BODY, TITLE, HEAD, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
LINE = Pt(28.95)
"""225 mm / 22 lines, rounded down to what Word can store (twentieths of a point)."""
CELL_MARGIN = Mm(0.6)
CHARACTER_MM = 3.7
"""Width of a character of 五号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a form's template holds: the line below the title, the note below the table."""

    columns: tuple[Column, ...]
    window: bool = False
    note: bool = False

    @property
    def landscape(self) -> bool:
        """Whether the page is turned (annexes.md §8.10)."""
        return len(self.columns) > WIDE_FORM


SPECS = {
    noncompliant.FORM.name: Spec(columns=noncompliant.COLUMNS, window=True),
    inspection.FORM.name: Spec(columns=inspection.COLUMNS, note=True),
    zombies.FORM.name: Spec(columns=zombies.COLUMNS),
    matrix.FORM.name: Spec(columns=matrix.COLUMNS),
    sensitive_words.FORM.name: Spec(columns=sensitive_words.COLUMNS),
    ledger.FORM.name: Spec(columns=ledger.COLUMNS, window=True),
    unseen.FORM.name: Spec(columns=unseen.COLUMNS, window=True),
}


def element(name: str, **attributes: object) -> OxmlElement:
    """An element of WordprocessingML with attributes of the same name space."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_font(run: Run, name: str, points: float) -> Run:
    """Western and Chinese text alike: Word takes w:eastAsia for Han and w:ascii for digits."""
    run.font.name, run.font.size = name, Pt(points)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    return run


def pitch(paragraph: Paragraph, exact: Pt) -> Paragraph:
    """Exact line pitch, off the document grid, nothing before or after."""
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, exact
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc", "w:rPr")
    return paragraph


def set_page(document: Doc, *, landscape: bool) -> None:
    """A4; landscape is the portrait page turned, so that the head of the table lies at the binding edge."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    top, bottom, left, right = (28, 26, 37, 35) if landscape else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(top - 12), Mm(bottom - 12)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = element("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")


def set_normal(document: Doc) -> None:
    """The style that everything rests on: 3号 仿宋."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), BODY)


def page_number(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, 4号宋体, one character in from the edge."""
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.right_indent, layout.left_indent = (Pt(14), None) if align == WD_ALIGN_PARAGRAPH.RIGHT else (None, Pt(14))
    set_font(paragraph.add_run("— "), NUMBER, 14)
    field = set_font(paragraph.add_run(), NUMBER, 14)._element
    instruction = element("w:instrText")
    instruction.text = "PAGE"
    result = element("w:t")
    result.text = "1"
    parts = (element("w:fldChar", fldCharType="begin"), instruction, element("w:fldChar", fldCharType="separate"), result)
    for part in (*parts, element("w:fldChar", fldCharType="end")):
        field.append(part)
    set_font(paragraph.add_run(" —"), NUMBER, 14)


def set_edges(document: Doc) -> None:
    """Page numbers right on odd pages and left on even ones; a draft says so at the head of each."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    for header in (section.header, section.even_page_header):
        header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        set_font(header.paragraphs[0].add_run("{% if draft %}草稿{% endif %}"), HEAD, 14)


def add_head(document: Doc, *, window: bool) -> None:
    """附件 on line 1, the title centred from line 3 on, below it the window or a little room."""
    set_font(pitch(document.add_paragraph(), LINE).add_run("{{ label }}"), HEAD, 16)
    pitch(document.add_paragraph(), LINE)
    for text in ("{%p for line in title_lines %}", "{{ line }}", "{%p endfor %}"):
        paragraph = pitch(document.add_paragraph(), LINE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_font(paragraph.add_run(text), TITLE, 22)
    if not window:
        pitch(document.add_paragraph(), Pt(12))
        return
    line = pitch(document.add_paragraph(), LINE)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(6)
    set_font(line.add_run("{{ window_line }}"), BODY, 14)


def mark_row(row: _Row, *, header: bool = False) -> None:
    """No row is torn over pages; the header repeats on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))


def fill(cell: _Cell, lines: Sequence[str], font: str, *, centred: bool) -> None:
    """Table text: 五号, exact 16 pt, in the middle of the cell."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = pitch(cell.paragraphs[0], Pt(16))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    for index, text in enumerate(lines):
        if index:
            paragraph.add_run().add_break()
        set_font(paragraph.add_run(text), font, 10.5)


def balance(cell: _Cell, column: Column) -> None:
    """A header that needs two lines breaks in the middle, 2 + 2 and not 3 + 1; one with brackets breaks at them by itself."""
    words = column.header.format(now="第四季度", before="第三季度")
    room = (column.width_mm - 2 * CELL_MARGIN / Mm(1)) / CHARACTER_MM
    if len(words) <= room or column.lines or set(words) & set("(/"):
        return
    lines = ceil(len(words) / int(room))
    spare = room - ceil(len(words) / lines) - 0.4
    if spare > 0:
        layout = cell.paragraphs[0].paragraph_format
        layout.left_indent = layout.right_indent = Mm(spare * CHARACTER_MM / 2)


def set_widths(table: Table, columns: Sequence[Column]) -> None:
    """gridCol as well as cells: LibreOffice equalises the columns without."""
    table.autofit = False
    for column, spec in zip(table.columns, columns, strict=True):
        column.width = Mm(spec.width_mm)
        for cell in column.cells:
            cell.width = Mm(spec.width_mm)
    margins = element("w:tblCellMar")
    for side, width in (("top", Pt(2)), ("left", CELL_MARGIN), ("bottom", Pt(2)), ("right", CELL_MARGIN)):
        margins.append(element(f"w:{side}", w=round(width.twips), type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def header(index: int, column: Column) -> tuple[str, ...]:
    """The printed words, or where to find them when they name the quarter."""
    return column.lines or ((f"{{{{ columns[{index}].header }}}}",) if "{" in column.header else (column.header,))


def add_table(document: Doc, columns: Sequence[Column]) -> None:
    """The header, and one row in docxtpl's loop."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, columns)
    mark_row(table.rows[0], header=True)
    mark_row(table.rows[2])
    for index, column in enumerate(columns):
        fill(table.rows[0].cells[index], header(index, column), HEAD, centred=True)
        balance(table.rows[0].cells[index], column)
        fill(table.rows[2].cells[index], (f"{{{{ row.{column.field} }}}}",), BODY, centred=column.centred)
    fill(table.rows[1].cells[0], ("{%tr for row in rows %}",), BODY, centred=False)
    fill(table.rows[3].cells[0], ("{%tr endfor %}",), BODY, centred=False)


def end(document: Doc, *, note: bool) -> None:
    """Word wants a paragraph after a table: the note, or one so low that it never makes a page of its own."""
    last = pitch(document.add_paragraph(), Pt(20) if note else Pt(1))
    set_font(last.add_run("{{ note_line }}" if note else ""), BODY, 12 if note else 1)


def make(spec: Spec, to: Path) -> None:
    """Write one template, byte for byte the same each time."""
    document = Document()
    set_page(document, landscape=spec.landscape)
    set_normal(document)
    set_edges(document)
    add_head(document, window=spec.window)
    add_table(document, spec.columns)
    end(document, note=spec.note)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.save(str(to))


def make_all(folder: Path) -> None:
    """Write every template into a folder."""
    for name, spec in SPECS.items():
        make(spec, folder / f"{name}.docx")


if __name__ == "__main__":
    make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
