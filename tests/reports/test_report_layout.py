"""The Word template and what an office's programs make of it (bulletin.md §4)."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.reports.report_world import INVENTED_DRAFT, invented_lines, line, listed, published, published_lines
from tools.report_templates import SPECS, TARGET, make_all
from tracker.reports.forms import write
from tracker.reports.noncompliant import COLUMNS

FONTS = Path(__file__).with_name("fonts.conf")
SOFFICE = shutil.which("soffice")
BROWSER = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome-stable"))), None)
MANY = 2000


def lacking(*programs: str | None) -> bool:
    """Whether one of the programs, pdftotext, or any Chinese font is absent: then there is nothing to look at."""
    if not all([*programs, shutil.which("pdftotext"), shutil.which("fc-list")]):
        return True
    return not subprocess.run(["fc-list", ":lang=zh"], check=True, capture_output=True, timeout=60).stdout


needs_office = pytest.mark.skipif(lacking(SOFFICE), reason="needs LibreOffice, pdftotext and a Chinese font")
needs_browser = pytest.mark.skipif(lacking(BROWSER), reason="needs a Chromium on PATH, pdftotext and a Chinese font")


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture
def word(tmp_path: Path) -> Path:
    (path,) = write(listed(published_lines()), tmp_path, ["docx"])
    return path


def test_the_shipped_templates_are_what_their_maker_makes(tmp_path: Path) -> None:
    make_all(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(SPECS)
    for path in tmp_path.iterdir():
        assert parts(path) == parts(TARGET / path.name), path.name


def test_paper_and_margins(word: Path) -> None:
    section = Document(str(word)).sections[0]
    millimetres = [
        round(side / Mm(1), 1)
        for side in (
            section.page_width, section.page_height,
            section.top_margin, section.bottom_margin, section.left_margin, section.right_margin,
        )
    ]  # fmt: skip
    assert millimetres == [210, 297, 37, 35, 28, 26]


def fonts_of(run: object) -> tuple[str, float]:
    return run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_fonts_and_line_pitch(word: Path) -> None:
    label, gap, first, second, window, _ = Document(str(word)).paragraphs
    assert [fonts_of(paragraph.runs[0]) for paragraph in (label, first, second, window)] == [
        ("黑体", 16), ("方正小标宋简体", 22), ("方正小标宋简体", 22), ("仿宋_GB2312", 14),
    ]  # fmt: skip
    assert [str(paragraph.alignment) for paragraph in (label, first, second, window)] == ["None"] + ["CENTER (1)"] * 3
    assert {paragraph.paragraph_format.line_spacing.pt for paragraph in (label, gap, first, second, window)} == {28.95}
    table = Document(str(word)).tables[0]
    assert {fonts_of(run) for cell in table.rows[0].cells for run in cell.paragraphs[0].runs if run.text.strip()} == {
        ("黑体", 10.5)
    }
    body = {fonts_of(run) for row in table.rows[1:] for cell in row.cells for run in cell.paragraphs[0].runs}
    assert body == {("仿宋_GB2312", 10.5)}


def test_the_header_row_repeats_and_no_row_is_torn(word: Path) -> None:
    rows = Document(str(word)).tables[0].rows
    assert len(rows) == 19
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * 18
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_column_widths_fill_the_type_area(word: Path) -> None:
    table = Document(str(word)).tables[0]
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iterchildren()]
    assert grid == pytest.approx([column.width_mm / 25.4 * 1440 for column in COLUMNS], abs=1)
    assert sum(column.width_mm for column in COLUMNS) == pytest.approx(156)
    for row in (table.rows[0], table.rows[-1]):
        assert [cell.width.twips for cell in row.cells] == pytest.approx(grid, abs=1)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(word: Path) -> None:
    document = Document(str(word))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert side in str(paragraph.alignment)
        assert {fonts_of(run) for run in paragraph.runs} == {("宋体", 14)}
        assert [node.text for node in paragraph._element.iter(qn("w:instrText"))] == ["PAGE"]


@pytest.mark.parametrize("name", [*SPECS, "table", "wide"])
def test_a_page_loads_nothing_from_elsewhere(name: str) -> None:
    assert not re.search(r"(?:src|href)=|url\(|@import", (TARGET / f"{name}.html").read_text(encoding="utf-8"))


def test_html_columns_are_as_wide_as_in_word(tmp_path: Path) -> None:
    (path,) = write(listed(published_lines()), tmp_path, ["html"])
    widths = [float(share) for share in re.findall(r'<col style="width:([\d.]+)mm">', path.read_text(encoding="utf-8"))]
    assert widths == [column.width_mm for column in COLUMNS]


def test_two_thousand_rows_are_soon_written(tmp_path: Path) -> None:
    context = listed([line(f"账号{index}", f"单位{index}", position=index) for index in range(1, MANY + 1)])
    for name, most in (("docx", 2.0), ("xlsx", 2.0), ("html", 1.0)):
        before = time.process_time()
        write(context, tmp_path, [name])
        assert time.process_time() - before < most, name
    assert len(Document(str(next(tmp_path.glob("*.docx")))).tables[0]._tbl.tr_lst) == MANY + 1


def office_pdf(path: Path) -> list[str]:
    """The pages' text as LibreOffice prints the file."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", path.parent, path],
        check=True, capture_output=True, timeout=100, env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
    )  # fmt: skip
    return pages_of(path.with_suffix(".pdf"))


def pages_of(path: Path) -> list[str]:
    told = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, timeout=60)
    return told.stdout.decode("utf-8").rstrip("\f").split("\f")


def chromium(page: Path, sheet: Path) -> None:
    flags = ["--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={sheet}"]
    subprocess.run([BROWSER, *flags, page.as_uri()], check=True, capture_output=True, timeout=100)


def check_pages(pages: list[str], names: list[str]) -> None:
    """Two pages, the table's header and a number on each (odd right, even left), every name once, in order."""
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert "代表主体名称" in page
        foot = page.rstrip().splitlines()[-1]
        assert re.fullmatch(rf"\s*— ?{number} ?—\s*", foot)
    left = [len(page.rstrip().splitlines()[-1]) - len(page.rstrip().splitlines()[-1].lstrip()) for page in pages]
    assert left[0] > left[1] + 20
    text = re.sub(r"\s", "", "".join(pages))
    assert "2020年第四季度全市政府系统政务新媒体检查不合格名单" in text
    assert all(name in text for name in names)
    assert text.count("不合格") == len(names) + 1


NAMES = [row[3] for row in published()[1:] if len(row[3]) <= 6]


@needs_office
def test_the_word_file_as_libreoffice_prints_it(word: Path) -> None:
    pages = office_pdf(word)
    check_names = [row[3] if len(row[3]) <= 6 else row[3][:3] for row in published()[1:]]
    check_pages(pages, check_names)
    assert pages[0].lstrip().startswith("附件")


@needs_office
def test_the_excel_file_as_libreoffice_prints_it(tmp_path: Path) -> None:
    (path,) = write(listed(published_lines()), tmp_path, ["xlsx"])
    (page,) = office_pdf(path)
    assert page.count("不合格") == 18 + 1
    assert all(name in page for name in NAMES)


@needs_browser
def test_the_pdf_as_the_browser_prints_it(tmp_path: Path) -> None:
    (path,) = write(listed(published_lines()), tmp_path, ["pdf"], printer=chromium)
    assert list(tmp_path.iterdir()) == [path]
    check_pages(pages_of(path), [row[3] if len(row[3]) <= 6 else row[3][:3] for row in published()[1:]])


@needs_browser
def test_a_draft_in_pdf_says_so_on_the_page(tmp_path: Path) -> None:
    (path,) = write(listed(invented_lines(), draft=True), tmp_path, ["pdf"], printer=chromium)
    (page,) = pages_of(path)
    assert page.lstrip().startswith("草稿")
    assert page.count("未复核") == sum(row[-1] == "未复核" for row in INVENTED_DRAFT) == 1
