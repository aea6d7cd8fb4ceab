"""The written Word and Excel files as packages: sound parts, grids, merges; and templates that an office changed.

There is no schema of WordprocessingML to be had here, so the rules that Word insists on are checked one by one.
"""

import posixpath
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from tests.reports import golden
from tests.reports.city import CONTEXTS
from tests.reports.reading import of_docx, of_html
from tests.reports.test_report_layout import SOFFICE, lacking, office_pdf
from tools.report_templates import SPECS, TARGET
from tracker.errors import UsageError
from tracker.reports.forms import write

NAMES = list(CONTEXTS)
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TC_PR = ["cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText"]
TC_PR += ["vAlign", "hideMark"]
"""Order of the children of w:tcPr (ECMA-376 part 1, CT_TcPr); Word takes a file with another order for damaged."""


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def check_package(path: Path) -> None:
    held = parts(path)
    for name, body in held.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(body)
    types = etree.fromstring(held["[Content_Types].xml"])
    suffixes = {one.get("Extension").lower() for one in types.iter(f"{TYPES}Default")}
    named = {one.get("PartName").lstrip("/") for one in types.iter(f"{TYPES}Override")}
    assert named <= held.keys()
    for name in held:
        assert name == "[Content_Types].xml" or name in named or name.rpartition(".")[2].lower() in suffixes, name
    for name, body in held.items():
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            for one in etree.fromstring(body).iter(REL):
                assert one.get("TargetMode") != "External"
                target = one.get("Target")
                assert posixpath.normpath(target.lstrip("/") if target[0] == "/" else posixpath.join(base, target)) in held


@pytest.mark.parametrize("name", NAMES)
def test_packages_are_sound(name: str, tmp_path: Path) -> None:
    for path in write(CONTEXTS[name](True), tmp_path, ["docx", "xlsx"]):
        check_package(path)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_as_word_wants_it(name: str, tmp_path: Path) -> None:
    context = CONTEXTS[name](True)
    (path,) = write(context, tmp_path, ["docx"])
    raw = parts(path)["word/document.xml"]
    assert b"<?rows" not in raw
    assert b"<?field" not in raw
    (table,) = Document(str(path)).element.body.iter(qn("w:tbl"))
    assert len(table.tblGrid.gridCol_lst) == len(context.columns)
    above = [""] * len(context.columns)
    for number, row in enumerate(table.tr_lst):
        assert len(row.tc_lst) == len(context.columns)
        assert row.trPr.find(qn("w:cantSplit")) is not None
        assert (row.trPr.find(qn("w:tblHeader")) is not None) is (number == 0)
        for index, cell in enumerate(row.tc_lst):
            children = [etree.QName(child).localname for child in cell.tcPr]
            assert children == sorted(children, key=TC_PR.index)
            assert etree.QName(cell[-1]).localname == "p"
            merge = cell.tcPr.find(qn("w:vMerge"))
            told = "" if merge is None else merge.get(qn("w:val"), "continue")
            assert told != "continue" or above[index] in ("restart", "continue")
            above[index] = told
    assert sum(row.count("^") for row in golden.rows(name, draft=True)) == sum(
        one.get(qn("w:val"), "continue") == "continue" for one in table.iter(qn("w:vMerge"))
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_gb_t_9704(name: str, tmp_path: Path) -> None:
    (path,) = write(CONTEXTS[name](False), tmp_path, ["docx"])
    document = Document(str(path))
    (section,) = document.sections
    wide = SPECS[name].landscape
    paper = [round(side / Mm(1)) for side in (section.page_width, section.page_height)]
    assert paper == ([297, 210] if wide else [210, 297])
    assert "LANDSCAPE" in str(section.orientation) if wide else "PORTRAIT" in str(section.orientation)
    area = [round((edge - one - other) / Mm(1)) for edge, one, other in (
        (section.page_width, section.left_margin, section.right_margin),
        (section.page_height, section.top_margin, section.bottom_margin),
    )]  # fmt: skip
    assert sorted(area) == [156, 225]
    assert document.settings.odd_and_even_pages_header_footer
    assert {section.footer.paragraphs[0].text, section.even_page_footer.paragraphs[0].text} == {"— 1 —"}
    fonts = {
        (run._element.rPr.rFonts.get(qn("w:eastAsia")), run._element.rPr.rFonts.get(qn("w:ascii")))
        for paragraph in document.paragraphs
        for run in paragraph.runs
    }
    assert fonts <= {(font, font) for font in ("黑体", "方正小标宋简体", "仿宋_GB2312")}
    assert len(fonts) >= 2
    pitches = {paragraph.paragraph_format.line_spacing.pt for paragraph in document.paragraphs}
    assert 28.95 in pitches
    grid = [int(column.get(qn("w:w"))) for column in document.tables[0]._tbl.tblGrid.gridCol_lst]
    assert sum(grid) == pytest.approx((225 if wide else 156) / 25.4 * 1440, abs=len(grid))


@pytest.mark.skipif(lacking(SOFFICE), reason="needs LibreOffice, pdftotext and a Chinese font")
@pytest.mark.parametrize("name", ["inspection", "zombies", "matrix"])
def test_libreoffice_prints_it(name: str, tmp_path: Path) -> None:
    (path,) = write(CONTEXTS[name](False), tmp_path, ["docx"])
    pages = office_pdf(path)
    text = "".join("".join(pages).split())
    assert "附件" in text
    assert golden.TITLES[name] in text
    for row in golden.rows(name):
        assert all(cell[:2] in text for cell in row if cell != "^")


def own(tmp_path: Path, name: str) -> tuple[Path, object]:
    folder = tmp_path / "templates" / "reports"
    folder.mkdir(parents=True)
    return folder / f"{name}.docx", Document(str(TARGET / f"{name}.docx"))


def test_an_office_may_order_the_columns_anew(tmp_path: Path) -> None:
    path, document = own(tmp_path, "zombies")
    header, _, body, _ = document.tables[0].rows
    for row in (header, body):
        row._tr.append(row._tr.tc_lst[1])
    document.save(str(path))
    (written,) = write(CONTEXTS["zombies"](False), tmp_path / "o", ["docx"], templates=tmp_path / "templates")
    read = of_docx(written)
    assert read.header[-1] == "主办单位"
    assert [row[-1] for row in read.rows] == [row[1] for row in golden.rows("zombies")]
    assert [row[0] for row in read.rows] == [row[0] for row in golden.rows("zombies")]


def test_a_tag_that_word_tore_into_runs_still_works(tmp_path: Path) -> None:
    path, document = own(tmp_path, "matrix")
    paragraph = document.tables[0].rows[2].cells[2].paragraphs[0]
    paragraph.runs[0].text = "{{ ro"
    for piece in ("w.fi", "rst }}", " 号"):
        paragraph.add_run(piece).bold = True
    document.save(str(path))
    (written,) = write(CONTEXTS["matrix"](False), tmp_path / "o", ["docx"], templates=tmp_path / "templates")
    assert [row[2] for row in of_docx(written).rows] == [f"{row[2]} 号" for row in golden.rows("matrix")]


def test_an_offices_own_row_loop_is_filled_by_jinja(tmp_path: Path) -> None:
    path, document = own(tmp_path, "sensitive-words")
    cell = document.tables[0].rows[2].cells[4].paragraphs[0]
    cell.runs[0].text = "{% if row.rectified %}{{ row.rectified }}{% else %}{{ loop.index }}{% endif %}"
    document.save(str(path))
    (written,) = write(CONTEXTS["sensitive-words"](False), tmp_path / "o", ["docx"], templates=tmp_path / "templates")
    assert [row[4] for row in of_docx(written).rows] == ["1", "已整改", "3"]


def test_a_row_with_an_unknown_field_is_refused_by_name(tmp_path: Path) -> None:
    path, document = own(tmp_path, "unseen")
    document.tables[0].rows[2].cells[4].paragraphs[0].runs[0].text = "{{ row.telephone }}"
    document.save(str(path))
    with pytest.raises(UsageError, match=r"unseen\.docx 不能使用.*telephone.*可用的名称是 label、title、"):
        write(CONTEXTS["unseen"](False), tmp_path / "o", ["docx"], templates=tmp_path / "templates")
    assert list((tmp_path / "o").iterdir()) == []


def test_an_office_may_change_the_look_of_all_pages_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    blocks = "".join(f"{{% block {name} %}}{{% endblock %}}" for name in ("rows", "page", "measure"))
    (folder / "table.html").write_text(f"<table><tr><th>甲</th></tr></table>{blocks}", encoding="utf-8")
    portrait, wide = (
        write(CONTEXTS[name](False), tmp_path / "o", ["html"], templates=tmp_path)[0] for name in ("unseen", "ledger")
    )
    assert "<th>甲</th>" in portrait.read_text(encoding="utf-8")
    assert "<th>甲</th>" in wide.read_text(encoding="utf-8")
    assert "landscape" in wide.read_text(encoding="utf-8")


def test_merged_cells_are_one_cell_on_the_page(tmp_path: Path) -> None:
    (path,) = write(CONTEXTS["matrix"](False), tmp_path, ["html"])
    assert path.read_text(encoding="utf-8").count('rowspan="3"') == 2
    assert of_html(path).rows == golden.rows("matrix")
