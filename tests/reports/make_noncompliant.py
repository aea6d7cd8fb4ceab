"""Makes templates/reports/noncompliant.docx, the Word template that offices edit: `python tests/reports/make_noncompliant.py`.

Layout: domain/bulletin.md §4 (GB/T 9704-2012). Jinja tags are those of docxtpl; `{%tr … %}` stands in a row of its own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.reports.form import Column
from tracker.reports.noncompliant import COLUMNS

TARGET = Path(__file__).resolve().parents[2] / "templates" / "reports" / "noncompliant.docx"
BODY, TITLE, HEAD, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
LINE = Pt(28.95)
"""225 mm / 22 lines, rounded down to what Word can store (twentieths of a point)."""
CELL_MARGIN = Mm(0.6)


def element(name: str, **attributes: object) -> OxmlElement:
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
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, exact
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc", "w:rPr")
    return paragraph


def set_page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(25), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = element("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")


def set_normal(document: Doc) -> None:
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


def add_head(document: Doc) -> None:
    """附件 on line 1, the title centred from line 3 on, the window below it."""
    set_font(pitch(document.add_paragraph(), LINE).add_run("{{ label }}"), HEAD, 16)
    pitch(document.add_paragraph(), LINE)
    for text in ("{%p for line in title_lines %}", "{{ line }}", "{%p endfor %}"):
        paragraph = pitch(document.add_paragraph(), LINE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_font(paragraph.add_run(text), TITLE, 22)
    window = pitch(document.add_paragraph(), LINE)
    window.alignment = WD_ALIGN_PARAGRAPH.CENTER
    window.paragraph_format.space_after = Pt(6)
    set_font(window.add_run("{{ window_line }}"), BODY, 14)


def mark_row(row: _Row, *, header: bool = False) -> None:
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


def narrow(cell: _Cell, column: Column) -> None:
    """A header of four characters over three characters' room breaks 2 + 2, not 3 + 1."""
    if len(column.header) == 4:
        layout = cell.paragraphs[0].paragraph_format
        layout.left_indent = layout.right_indent = Mm(1.5)


def set_widths(table: Table) -> None:
    """gridCol as well as cells: LibreOffice equalises the columns without."""
    table.autofit = False
    for column, spec in zip(table.columns, COLUMNS, strict=True):
        column.width = Mm(spec.width_mm)
        for cell in column.cells:
            cell.width = Mm(spec.width_mm)
    margins = element("w:tblCellMar")
    for side, width in (("top", Pt(2)), ("left", CELL_MARGIN), ("bottom", Pt(2)), ("right", CELL_MARGIN)):
        margins.append(element(f"w:{side}", w=round(width.twips), type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def add_table(document: Doc) -> None:
    table = document.add_table(rows=4, cols=len(COLUMNS))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    set_widths(table)
    mark_row(table.rows[0], header=True)
    mark_row(table.rows[2])
    for index, column in enumerate(COLUMNS):
        fill(table.rows[0].cells[index], column.lines or (column.header,), HEAD, centred=True)
        narrow(table.rows[0].cells[index], column)
        fill(table.rows[2].cells[index], (f"{{{{ row.{column.field} }}}}",), BODY, centred=column.centred)
    fill(table.rows[1].cells[0], ("{%tr for row in rows %}",), BODY, centred=False)
    fill(table.rows[3].cells[0], ("{%tr endfor %}",), BODY, centred=False)


def end(document: Doc) -> None:
    """Word wants a paragraph after a table; one point high, it never makes a page of its own."""
    last = pitch(document.add_paragraph(), Pt(1))
    set_font(last.add_run(), BODY, 1)


def make(to: Path) -> None:
    document = Document()
    set_page(document)
    set_normal(document)
    set_edges(document)
    add_head(document)
    add_table(document)
    end(document)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.save(str(to))


if __name__ == "__main__":
    make(TARGET)
