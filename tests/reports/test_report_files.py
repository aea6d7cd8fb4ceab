"""The written files: same table in every format, never half-written, safe names (annexes.md §8)."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook

from tests.reports.report_world import HEADER, INVENTED_DRAFT, invented_lines, listed, published, published_lines
from tracker.errors import UsageError
from tracker.model import Window
from tracker.reports import forms
from tracker.reports.form import Form
from tracker.reports.forms import FORMATS, FORMS, write
from tracker.reports.noncompliant import NoncompliantContext

TITLE = "2020年第四季度全市政府系统政务新媒体检查不合格名单"
WINDOW = "(监测时间:2020年10月26日至11月6日)"
TWO_LINES = "其他\n(新媒体类型)"


def pretend_to_print(page: Path, sheet: Path) -> None:
    sheet.write_bytes(b"%PDF-1.7\n" + page.read_bytes())


def of_docx(path: Path) -> tuple[list[str], list[list[str]]]:
    document = Document(str(path))
    return [p.text for p in document.paragraphs if p.text], [[c.text for c in row.cells] for row in document.tables[0].rows]


def of_html(path: Path) -> tuple[list[str], list[list[str]]]:
    page = html.fromstring(path.read_text(encoding="utf-8"))
    for br in page.iter("br"):
        br.tail = "\n" + (br.tail or "")
    head = [page.xpath(f"string({where})") for where in ("//p[@class='label']", "//h1", "//p[@class='window']")]
    return head, [[cell.text_content() for cell in row] for row in page.iter("tr")]


def of_xlsx(path: Path) -> tuple[list[str], list[list[str]]]:
    rows = [["" if cell is None else str(cell) for cell in row] for row in load_workbook(path).active.iter_rows(values_only=True)]
    return [rows[0][0], rows[1][0]], rows[2:]


@pytest.fixture(params=["published", "invented"])
def world(request: pytest.FixtureRequest) -> tuple[NoncompliantContext, list[list[str]]]:
    if request.param == "published":
        return listed(published_lines()), published()[1:]
    return listed(invented_lines(), draft=True), INVENTED_DRAFT


def test_every_format_holds_the_same_table(tmp_path: Path, world: tuple[NoncompliantContext, list[list[str]]]) -> None:
    context, rows = world
    written = write(context, tmp_path / "new" / "folder", list(FORMATS), printer=pretend_to_print)
    docx, xlsx, page, _, sheet, told = written
    assert [path.name for path in written] == [f"{TITLE}.{name}" for name in FORMATS]
    assert sorted(written) == sorted(written[0].parent.iterdir())
    header = [TWO_LINES if text == "其他(新媒体类型)" else text for text in HEADER]
    title_on_paper = TITLE.replace("系统政务", "系统\n政务")
    assert of_docx(docx) == (["附件", *title_on_paper.split("\n"), WINDOW], [header, *rows])
    assert of_html(page) == (["附件", title_on_paper, WINDOW], [header, *rows])
    assert of_xlsx(xlsx) == ([TITLE, WINDOW], [header, *rows])
    assert list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines())) == [HEADER, *rows]
    data = json.loads(told.read_text(encoding="utf-8"))
    assert (data["form"], data["title"], data["draft"]) == ("noncompliant", TITLE, context.draft)
    assert data["window"] == {"start": "2020-10-26", "end": "2020-11-06", "text": WINDOW}
    assert [[str(cell) for cell in row.values()] for row in data["rows"]] == rows


def test_csv_is_header_and_rows_for_excel(tmp_path: Path) -> None:
    (path,) = write(listed(published_lines()), tmp_path, ["csv"])
    raw = path.read_bytes()
    assert raw.startswith("\ufeff序号,".encode())
    assert raw.count(b"\r\n") == 19
    assert raw.count(b"\n") == 19


def test_xlsx_prints_on_a4_with_a_repeated_header_and_merged_titles(tmp_path: Path) -> None:
    (path,) = write(listed(published_lines()), tmp_path, ["xlsx"])
    sheet = load_workbook(path).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:H1", "A2:H2"}
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
        0,
        True,
    )  # 0 = any; width 1 is default
    assert {cell.border.left.style for row in sheet["A3:H21"] for cell in row} == {"thin"}
    assert {cell.number_format for row in sheet["B4:H21"] for cell in row} == {"@"}
    assert [cell.value for (cell,) in sheet["A4:A21"]] == list(range(1, 19))
    assert sheet.row_dimensions[6].height >= 2 * 14
    assert "— &P —" in str(sheet.oddFooter.right.text)


def test_a_draft_says_so_and_a_final_list_does_not(tmp_path: Path) -> None:
    for draft in (True, False):
        docx, page, xlsx = write(listed(published_lines(), draft=draft), tmp_path / str(draft), ["docx", "html", "xlsx"])
        section = Document(str(docx)).sections[0]
        heads = {section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text}
        assert heads == {"草稿" if draft else ""}
        assert ("草稿" in page.read_text(encoding="utf-8")) is draft
        assert ("草稿" in str(load_workbook(xlsx).active.oddHeader.right.text)) is draft


def test_nothing_failed_nothing_written(tmp_path: Path) -> None:
    target = tmp_path / "reports"
    assert write(listed([]), target, list(FORMATS), printer=pretend_to_print) == ()
    assert not target.exists()


def test_without_a_browser_the_pdf_is_left_out(tmp_path: Path) -> None:
    written = write(listed(published_lines()), tmp_path, ["pdf", "csv"])
    assert [path.suffix for path in written] == [".csv"]


def test_a_browser_that_prints_nothing_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有打印出 PDF"):
        write(listed(published_lines()), tmp_path, ["csv", "pdf"], printer=lambda page, sheet: None)
    assert list(tmp_path.iterdir()) == []


def test_unknown_formats_and_forms_are_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="doc、odt:可用的格式是 docx、xlsx、html、pdf、csv、json"):
        write(listed(published_lines()), tmp_path, ["doc", "csv", "odt"])
    with pytest.raises(UsageError, match="没有名为 zombie 的报表:可用的是 noncompliant"):
        forms.form_of("zombie")
    assert list(tmp_path.iterdir()) == []


def test_writing_again_replaces_the_files(tmp_path: Path) -> None:
    write(listed(published_lines()[:3]), tmp_path, list(FORMATS), printer=pretend_to_print)
    _, _, _, _, sheet, _ = write(listed(published_lines()), tmp_path, list(FORMATS), printer=pretend_to_print)
    assert len(sheet.read_text(encoding="utf-8-sig").splitlines()) == 19
    assert len(list(tmp_path.iterdir())) == len(FORMATS)


def test_a_file_open_in_word_is_named_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = write(listed(published_lines()[:3]), tmp_path, ["docx"])
    before = old.read_bytes()

    def held_open(self: Path, target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held_open)
    with pytest.raises(UsageError, match=r"不能覆盖 .*docx:该文件可能正在 Word 或 WPS 中打开,请关闭后重试。"):
        write(listed(published_lines()), tmp_path, ["docx"])
    assert old.read_bytes() == before
    assert list(tmp_path.iterdir()) == [old]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="不能建立报表目录"):
        write(listed(published_lines()), tmp_path / "file" / "below", ["csv"])


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(job: object, to: Path) -> None:
        to.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(forms, "FORMATS", {**FORMATS, "html": full})
    with pytest.raises(UsageError, match=r"不能写入 .*磁盘已满"):
        write(listed(published_lines()), tmp_path, ["csv", "html"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / f"{TITLE}.csv").mkdir()
    with pytest.raises(UsageError, match="不能覆盖"):
        write(listed(published_lines()), tmp_path, ["csv"])
    assert [path.name for path in tmp_path.iterdir()] == [f"{TITLE}.csv"]


def test_every_form_is_registered_with_its_templates() -> None:
    shipped = Path(__file__).resolve().parents[2] / "templates" / "reports"
    names = {form.name for form in FORMS}
    assert len(names) == len(FORMS)
    tables = {form.name for form in FORMS if "csv" in form.formats}
    for suffix in ("docx", "html"):
        assert tables <= {path.stem for path in shipped.glob(f"*.{suffix}")}
    modules = {path.stem for path in Path(forms.__file__).parent.glob("*.py")}
    assert {path.stem.replace("-", "_") for path in shipped.glob("*.docx")} <= modules
    assert {name.replace("-", "_") for name in names} <= modules
    assert {form.words for form in FORMS} != {""}
    assert all(form.nothing for form in FORMS if "csv" in form.formats)
    assert all(set(form.formats) <= set(FORMATS) for form in FORMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A form that is no table: no columns, no rows."""

    form: ClassVar[str] = "letter"

    title: str
    start: date
    end: date
    draft: bool
    greeting: str
    items: tuple[Window, ...] = ()


def test_a_letter_is_a_form_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = Form(name="letter", words="通知", formats=("docx", "html", "pdf", "json"))
    monkeypatch.setattr(forms, "FORMS", (*FORMS, kind))
    own = tmp_path / "reports"
    own.mkdir()
    (own / "letter.html").write_text("<h1>{{ title }}</h1><p>{{ greeting }}</p>", encoding="utf-8")
    document = Document()
    document.add_paragraph("{{ greeting }}")
    document.save(str(own / "letter.docx"))
    on = date(2020, 11, 6)
    letter = Letter(
        title="限期整改", start=on, end=on, draft=True, greeting="<你好> & {{ }}", items=(Window(since=on, until=on),)
    )
    files = write(letter, tmp_path / "o", kind.formats, printer=pretend_to_print, templates=tmp_path)
    docx, page, _, told = files
    assert [paragraph.text for paragraph in Document(str(docx)).paragraphs] == ["<你好> & {{ }}"]
    assert page.read_text(encoding="utf-8") == "<h1>限期整改</h1><p>&lt;你好&gt; &amp; {{ }}</p>"
    data = json.loads(told.read_text(encoding="utf-8"))
    assert data["greeting"] == "<你好> & {{ }}"
    assert data["items"] == [{"since": "2020-11-06", "until": "2020-11-06"}]
    with pytest.raises(UsageError, match="通知没有 csv、xlsx 格式:可用的格式是 docx、html、pdf、json"):
        write(letter, tmp_path / "o", ["csv", "docx", "xlsx"], templates=tmp_path)
