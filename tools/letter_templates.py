"""Makes the Word templates of the letters (see MAKERS) in templates/reports/: `python -m tools.letter_templates [DIR]`.

Layout: domain/bulletin.md §4 (GB/T 9704-2012): 22 lines of 28 characters, which needs the document grid. Jinja tags are those of
docxtpl; `{%p … %}` stands in a paragraph of its own.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tools.report_templates import (
    BODY,
    HEAD,
    LINE,
    TARGET,
    TITLE,
    Spec,
    element,
    fill,
    make,
    mark_row,
    pitch,
    set_edges,
    set_font,
    set_normal,
    set_page,
    set_widths,
)
from tracker.reports import consult_table
from tracker.reports.form import Column

KAI = "楷体_GB2312"
RED = RGBColor(0xDD, 0, 0)
_REST = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_SPACE = {"DE": ("w:autoSpaceDN", *_REST), "DN": _REST}
CLOSER = -5
"""Twentieths of a point."""
CHARACTER_SPACE = round((156 / 25.4 * 72 / 28 - 16) * 4096)
"""What 156 mm / 28 leaves of 16 pt, in the 4096ths of a point that w:docGrid counts in."""


def set_grid(document: Doc) -> None:
    """22 lines of 28 characters: without the grid only 27 fit."""
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))


def line(document: Doc, *runs: tuple[str, str], points: float = 16, indent: int = 2, align: str = "both") -> Paragraph:
    """A paragraph of exact pitch, its first line `indent` characters in; runs are (text, font).

    Each character is set closer by itself, off the grid: LibreOffice gives a 16 pt character two cells of 15.8 pt.
    """
    paragraph = pitch(document.add_paragraph(), LINE)
    properties = paragraph._element.get_or_add_pPr()
    for script in ("DE", "DN"):
        # no automatic space between Han and digits: 82%, not 82 %
        properties.insert_element_before(element(f"w:autoSpace{script}", val=0), *_AFTER_SPACE[script])
    if indent:
        first = element("w:ind", firstLineChars=indent * 100, firstLine=round(indent * points * 20))
        properties.insert_element_before(first, "w:jc", "w:rPr")
    properties.insert_element_before(element("w:jc", val=align), "w:rPr")
    for text, font in runs:
        closer(set_font(paragraph.add_run(text), font, points))
    return paragraph


def closer(run: Run) -> Run:
    """28 characters of 16 pt on 156 mm."""
    run._element.rPr.find(qn("w:sz")).addprevious(element("w:spacing", val=CLOSER))
    return run


def tag(document: Doc, *tags: str) -> None:
    """Paragraphs that docxtpl takes away."""
    for one in tags:
        line(document, (f"{{%p {one} %}}", BODY), indent=0)


def blank(document: Doc, count: int = 1) -> None:
    """Empty lines."""
    for _ in range(count):
        line(document, ("", BODY), indent=0)


def add_red_head(document: Doc) -> None:
    """Issuer and number above a red rule."""
    issuer = pitch(document.add_paragraph(), Pt(46))
    issuer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(issuer.add_run("{{ issuer }}"), TITLE, 32).font.color.rgb = RED
    blank(document)
    number = line(document, ("{{ number }}", BODY), indent=0, align="center")
    border = element("w:pBdr")
    border.append(element("w:bottom", val="single", sz=16, space=6, color="DD0000"))
    number._element.pPr.insert_element_before(border, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
    blank(document, 2)


def add_title(document: Doc) -> None:
    """2号小标宋, centred, in the lines that the context says; a blank line below it."""
    tag(document, "for line in title_lines")
    title = pitch(document.add_paragraph(), Pt(33))
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.keep_with_next = True
    set_font(title.add_run("{{ line }}"), TITLE, 22)
    tag(document, "endfor")
    blank(document)


def add_prose(document: Doc) -> None:
    """Headings in 黑体, run-in headings in 楷体, the rest in 仿宋."""
    tag(document, "for one in paragraphs", "if one.level == 1")
    line(document, ("{{ one.lead }}", HEAD)).paragraph_format.keep_with_next = True
    tag(document, "else")
    line(document, ("{{ one.lead }}", KAI), ("{{ one.text }}", BODY))
    tag(document, "endif", "endfor")


def add_attachments(document: Doc) -> None:
    """附件说明: a blank line below the body, two characters in, what does not fit aligned under the name."""
    tag(document, "if attachments")
    blank(document)
    tag(document, "for line in attachments")
    paragraph = line(document, ("{{ line }}", BODY), indent=0, align="left")
    hanging = element("w:ind", leftChars=500, left=1600, hangingChars=300, hanging=960)
    paragraph._element.pPr.insert_element_before(hanging, "w:jc", "w:rPr")
    tag(document, "endfor", "endif")


def at_right(document: Doc, text: str, characters: int) -> Paragraph:
    """A line that ends so many characters before the edge."""
    paragraph = line(document, (text, BODY), indent=0, align="right")
    margin = element("w:ind", rightChars=characters * 100, right=characters * 320)
    paragraph._element.pPr.insert_element_before(margin, "w:jc", "w:rPr")
    return paragraph


def add_signature(document: Doc, *, room: int = 2, note: bool = True) -> None:
    """署名 and 成文日期, 右空四字; 附注 under it where the letter has one."""
    blank(document, room)
    at_right(document, "{{ signature }}", 2).paragraph_format.keep_with_next = True
    at_right(document, "{{ issued }}", 4)
    if not note:
        return
    tag(document, "if public_note")
    line(document, ("（{{ public_note }}）", BODY))
    tag(document, "endif")


def start() -> Doc:
    """An empty document with page, grid, fonts and page numbers."""
    document = Document()
    set_page(document, landscape=False)
    set_grid(document)
    set_normal(document)
    set_edges(document)
    return document


def save(document: Doc, to: Path) -> None:
    """Write it, byte for byte the same each time."""
    properties = document.core_properties
    properties.author = properties.title = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.save(str(to))


def make_bulletin(to: Path) -> None:
    """The bulletin; its annexes are put behind it when it is written."""
    document = start()
    add_red_head(document)
    add_title(document)
    line(document, ("{{ recipients }}：", BODY), indent=0)
    add_prose(document)
    add_attachments(document)
    add_signature(document)
    save(document, to)


Rows = Sequence[Sequence[str]]


def add_table(document: Doc, widths: Sequence[float], rows: Rows, *, head: bool = False, side: bool = False) -> None:
    """A grid of 五号 cells; a row of one cell is a docxtpl tag. `head` = the first row repeats, `side` = headers stand left."""
    table = document.add_table(rows=len(rows), cols=len(widths))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    columns = [Column(field="", header="", width_mm=width) for width in widths]
    set_widths(table, columns)
    for at, texts in enumerate(rows):
        cells = table.rows[at].cells
        if len(texts) > 1:
            mark_row(table.rows[at], header=head and at == 0)
        for index, text in enumerate(texts):
            titled = (head and at == 0) or (side and index == 0 and len(texts) > 1)
            fill(cells[index], text.split("\n"), HEAD if titled else BODY, centred=titled or text.endswith(".seq }}"))


def tall(document: Doc, millimetres: Mapping[int, float]) -> None:
    """Room to write in some rows of the last table."""
    for at, height in millimetres.items():
        document.tables[-1].rows[at].height = Mm(height)


def add_reply_head(document: Doc, title: str) -> None:
    """A new page with its own title."""
    paragraph = pitch(document.add_paragraph(), Pt(33))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.page_break_before = True
    set_font(paragraph.add_run(title), TITLE, 22)
    blank(document)


def make_notice(to: Path) -> None:
    """整改通知单, and on a page of its own the sheet that comes back."""
    document = start()
    add_title(document)
    line(document, ("{{ organisation }}：", BODY), indent=0)
    add_prose(document)
    add_signature(document, note=False)
    add_reply_head(document, "问题清单")
    head = ("序号", "新媒体类型", "新媒体名称", "存在的突出问题", "依据", "检查情况")
    fields = [f"{{{{ row.{name} }}}}" for name in ("seq", "kind", "name", "problem", "basis")]
    loop = ("{%tr for row in rows %}",), (*fields, "{{ row.because }}\n{{ row.enough }}"), ("{%tr endfor %}",)
    add_table(document, (9, 18, 24, 28, 40, 37), (head, *loop), head=True)
    add_reply_head(document, "整改情况回执")
    line(document, ("{{ report_to }}：", BODY), indent=0)
    line(document, ("现将整改情况报告如下（请于{{ deadline }}前报送）。", BODY))
    reply = ("序号", "新媒体名称", "存在的突出问题", "整改措施和结果\n（附链接或截图）", "完成日期")
    row = ("{{ row.seq }}", "{{ row.name }}", "{{ row.problem }}", "", "")
    add_table(document, (9, 30, 35, 58, 24), (reply, ("{%tr for row in rows %}",), row, ("{%tr endfor %}",)), head=True)
    tall(document, {2: 14})
    blank(document, 2)
    for text, right in (("{{ organisation }}（盖章）", 2), ("年　　月　　日", 4)):
        at_right(document, text, right)
    save(document, to)


def make_consult(to: Path) -> None:
    """征求意见函; the records behind it go out as PDF, the reply sheet as Excel."""
    document = start()
    add_title(document)
    line(document, ("{{ organisation }}：", BODY), indent=0)
    add_prose(document)
    head = ("序号", "新媒体类型", "新媒体名称", "初步发现的问题", "依据", "检查情况")
    fields = [f"{{{{ row.{name} }}}}" for name in ("seq", "kind", "name", "problem", "basis")]
    loop = ("{%tr for row in rows %}",), (*fields, "{{ row.because }}\n{{ row.enough }}"), ("{%tr endfor %}",)
    add_table(document, (9, 18, 24, 28, 40, 37), (head, *loop), head=True)
    blank(document)
    line(document, ("附件：1. 检查记录（PDF）　2. 反馈表（Excel，请于{{ deadline }}前报{{ report_to }}）", BODY))
    add_signature(document, room=1, note=False)
    save(document, to)


def heading(document: Doc, text: str, font: str = HEAD) -> None:
    """A heading that stays with what follows."""
    line(document, (text, font), indent=0).paragraph_format.keep_with_next = True


def add_faults(document: Doc) -> None:
    """One small table per finding."""
    heading(document, "一、发现的问题")
    tag(document, "for one in faults")
    heading(document, "{{ one.seq }}. {{ one.message }}", KAI)
    rows = (
        ("编号", "{{ one.code }}（{{ one.effect }}，{{ one.status }}）"),
        ("依据", "{{ one.basis }}"),
        ("{%tr if one.because %}",),
        ("经过", "{{ one.because }}"),
        ("{%tr endif %}",),
        ("{%tr if one.enough %}",),
        ("怎样算通过", "{{ one.enough }}"),
        ("{%tr endif %}",),
        ("{%tr for quote in one.quotes %}",),
        ("{{ quote.what }}", "{{ quote.when }} {{ quote.text }}\n{{ quote.url }}\n{{ quote.stored }}"),
        ("{%tr endfor %}",),
    )
    add_table(document, (26, 130), rows, side=True)
    tag(document, "else")
    line(document, ("本次检查没有发现成立的问题。", BODY))
    tag(document, "endfor", "if unknown")
    heading(document, "没有查清的检查项", KAI)
    unknown = ("{%tr for one in unknown %}",), ("{{ one.name }}", "{{ one.value }}"), ("{%tr endfor %}",)
    add_table(document, (40, 116), unknown, side=True)
    tag(document, "endif", "for one in notes")
    line(document, ("说明：{{ one }}", BODY))
    tag(document, "endfor")


def add_times(document: Doc) -> None:
    """The picture where there is one, its sentence, the days as a table."""
    heading(document, "二、发布时间")
    tag(document, "if drawing_image")
    picture(document, "{{ image(drawing_image) }}")
    tag(document, "endif")
    line(document, ("{{ drawing_summary }}。", BODY))
    tag(document, "if posted")
    row = ("{{ one.day }}", "{{ one.silent }}", "{{ one.title }}")
    rows = (("发布日期", "到下一次", "标题或开头"), ("{%tr for one in posted %}",), row, ("{%tr endfor %}",))
    add_table(document, (26, 26, 104), rows, head=True)
    tag(document, "endif")


def add_evidence(document: Doc) -> None:
    """Every visit with its file and hash, and the pictures that people took."""
    heading(document, "三、证据")
    row = ("{{ one.at }}", "{{ one.route }}：{{ one.outcome }}", "{{ one.url }}\n{{ one.file }}\nSHA-256 {{ one.sha256 }}")
    rows = (("采集时间", "途径、结果", "地址、文件和校验值"), ("{%tr for one in looks %}",), row, ("{%tr endfor %}",))
    add_table(document, (26, 30, 100), rows, head=True)
    tag(document, "for one in pictures", "if one.in_word")
    picture(document, "{{ image(one.image) }}")
    tag(document, "endif")
    line(document, ("{{ one.caption }}", BODY), indent=0)
    tag(document, "endfor")


def picture(document: Doc, text: str) -> None:
    """A paragraph that grows with its picture."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    set_font(paragraph.add_run(text), BODY, 10.5)


def make_account(to: Path) -> None:
    """账号检查报告, and on a page of its own the sheet for an objection."""
    document = start()
    add_title(document)
    facts = ("{%tr for one in facts %}",), ("{{ one.name }}", "{{ one.value }}"), ("{%tr endfor %}",)
    add_table(document, (30, 126), facts, side=True)
    add_faults(document)
    add_times(document)
    add_evidence(document)
    heading(document, "四、异议的提出")
    add_prose(document)
    add_signature(document, room=1, note=False)
    add_reply_head(document, "检查结果异议反馈表")
    blanks = ("主办单位（盖章）", "有异议的问题", "理由", "证明材料", "联系人及电话", "日期")
    add_table(document, (36, 120), (("账号名称", "{{ name }}"), *((one, "") for one in blanks)), side=True)
    tall(document, {0: 14, 1: 14, 2: 14, 3: 60, 4: 60, 5: 14, 6: 14})
    save(document, to)


def make_consult_table(to: Path) -> None:
    """征求意见情况, a table as the forms have it."""
    make(Spec(columns=consult_table.COLUMNS), to)


MAKERS = {
    "bulletin": make_bulletin,
    "notice": make_notice,
    "account": make_account,
    "consult": make_consult,
    "consult-table": make_consult_table,
}


def make_all(folder: Path) -> None:
    """Write every template into a folder."""
    for name, maker in MAKERS.items():
        maker(folder / f"{name}.docx")


if __name__ == "__main__":
    make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
