"""Whatever a name holds is printed as text; a title always gives a file name; a template gets one documented object."""

import csv
import io
import unicodedata
from dataclasses import fields
from pathlib import Path, PureWindowsPath

import pytest
from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta, nodes
from lxml import html
from openpyxl import load_workbook

from tests.reports.city import CONTEXTS
from tests.reports.report_world import END, START, finding, line, listed, published_lines
from tracker.errors import UsageError
from tracker.reports import templates
from tracker.reports.forms import write
from tracker.reports.noncompliant import build
from tracker.reports.wording import NAME_MOST, file_name, plain

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "reports"
HOSTILE = {
    "markup": "<script>alert(1)</script>&amp;<w:p/>]]>",
    "jinja": "{{ 7*7 }}{% for x in y %}{# z #}",
    "docxtpl": "{_{ a }_} {_% b %_}",
    "control": "甲\x00\x07\x0b\x1f乙\u2028丙\r\n\t丁\x0c",
    "surrogate": "甲\ud800乙\udfff\ufffe\uffff",
    "bidi": "甲\u202e乙\u2066丙\u200f",
    "formula": '=HYPERLINK("http://127.0.0.1","x")',
    "plus": "+1+1",
    "link": "http://127.0.0.1/",
    "long": "长" * 10_000,
    "emoji": "👨‍👩‍👧示例𠮷",
    "quotes": "“甲”\"乙\"'丙',丁",
}
PRINTED = {
    "control": "甲 乙 丙 丁",
    "surrogate": "甲\ufffd乙\ufffd\ufffd\ufffd",
    "bidi": "甲乙丙",
    "long": "长" * (NAME_MOST - 1) + "…",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_name_is_text_in_every_format(kind: str, tmp_path: Path) -> None:
    name = PRINTED.get(kind, HOSTILE[kind])
    context = listed([line(HOSTILE[kind], HOSTILE[kind], finding(message=HOSTILE[kind]))])
    docx, xlsx, page, sheet, _ = write(context, tmp_path, ["docx", "xlsx", "html", "csv", "json"])
    assert Document(str(docx)).tables[0].rows[1].cells[3].text == name
    cell = load_workbook(xlsx).active["D4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    assert tree.xpath("//tbody/tr/td[4]")[0].text_content() == name
    assert not tree.xpath("//script")
    (_, row) = csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"), newline=""))
    assert row[3] == (f"'{name}" if kind in {"formula", "plus"} else name)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_printed_text_is_one_line_that_xml_can_hold(text: str) -> None:
    shown = plain(text)
    shown.encode("utf-8")
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert shown == shown.strip()
    assert plain(shown) == shown


def test_ordinary_names_stay_exactly_as_filed() -> None:
    for row in published_lines():
        assert plain(row.account.name) == row.account.name
    assert plain("示例·发布(试运行)|A-1") == "示例·发布(试运行)|A-1"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2020年第四季度名单", "2020年第四季度名单"),
        ('a/b\\c:d*e?f"g<h>i|j', "a／b＼c：d＊e？f＂g＜h＞i｜j"),
        ("名单. . .", "名单"),
        ("CON", "_CON"),
        ("com1.x", "_com1.x"),
        ("console", "console"),
        ("..", "名单"),
        ("", "名单"),
        ("甲\x00\n乙", "甲 乙"),
        ("../../etc/passwd", "／..／etc／passwd"),
    ],
)
def test_titles_as_file_names(title: str, name: str) -> None:
    assert file_name(title) == name


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_every_title_gives_a_name_that_windows_takes(title: str) -> None:
    name = file_name(title)
    assert name
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert len(f"{name}.docx.partial".encode()) <= 200
    assert name == name.strip(" ").rstrip(".")
    assert not set(name) & set('<>:"/\\|?*')


def test_a_hostile_title_is_written_too(tmp_path: Path) -> None:
    title = "<b>{{ 1 }}" + "长" * 400
    context = build(title=title, start=START, end=END, lines=published_lines(), draft=False)
    written = write(context, tmp_path, ["docx", "xlsx", "html", "csv", "json"])
    assert {path.parent for path in written} == {tmp_path}
    assert "".join(p.text for p in Document(str(written[0])).paragraphs).startswith("附件<b>{{ 1 }}长")


def names_used(source: str) -> tuple[set[str], set[str]]:
    """Top-level names, and the attributes read from `row`."""
    tree = templates.environment().parse(source)
    rows = {node.attr for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name) and node.node.name == "row"}
    return meta.find_undeclared_variables(tree), rows


def html_used(name: str) -> tuple[set[str], set[str]]:
    """The same of a page and of all that it extends."""
    source = (SHIPPED / f"{name}.html").read_text(encoding="utf-8")
    names, rows = names_used(source)
    for parent in meta.find_referenced_templates(templates.environment().parse(source)):
        above = html_used(parent.removesuffix(".html"))
        names, rows = names | above[0], rows | above[1]
    return names, rows


PAPER_ONLY_IN_JSON = {"start", "end"}
"""JSON tells them; paper has window_line or note_line."""
ABOUT = {"form", "left_out"}
"""Said of the form on the command line, not printed."""


@pytest.mark.parametrize("name", CONTEXTS)
def test_templates_use_what_the_context_documents_and_all_of_it(name: str) -> None:
    context = CONTEXTS[name](True)
    known, row_known = ({one.name for one in fields(record)} for record in (context, context.rows[0]))
    html_names, html_rows = html_used(name)
    document = DocxTemplate(SHIPPED / f"{name}.docx")
    document.init_docx()
    _, word_rows = names_used(document.patch_xml(document.get_xml()))
    word_names = document.get_undeclared_template_variables()
    spans = {field for field in row_known if field.endswith("_span")}
    assert spans == {f"{column.field}_span" for column in context.columns if column.merged}
    assert html_rows == row_known
    assert word_rows == row_known - spans  # the program itself merges the cells of a Word table
    assert word_rows == {column.field for column in context.columns}
    assert html_names | word_names <= known
    assert known - html_names - word_names == PAPER_ONLY_IN_JSON | ABOUT
    used = {key for key in ("window_line", "note_line") if getattr(context, key)}
    assert word_names & {"window_line", "note_line"} == used


def test_a_workspace_may_bring_its_own_templates(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "reports"
    own.mkdir(parents=True)
    (own / "noncompliant.html").write_text("{{ title }}:{% for row in rows %}{{ row.name }};{% endfor %}", encoding="utf-8")
    page, docx = write(listed(published_lines()[:2]), tmp_path / "out", ["html", "docx"], templates=tmp_path / "templates")
    assert page.read_text(encoding="utf-8") == "2020年第四季度全市政府系统政务新媒体检查不合格名单:宝鸡工信;宝鸡农业农村;"
    assert len(Document(str(docx)).tables[0].rows) == 3


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        ("html", "{{ nobody }}"),
        ("html", "{% for row in rows %}{{ row.telephone }}{% endfor %}"),
        ("html", "{% for %}"),
        ("html", "{{ rows.__class__.__mro__ }}"),
        ("docx", "no zip at all"),
    ],
)
def test_an_unfit_template_is_named_with_the_names_it_may_use(suffix: str, content: str, tmp_path: Path) -> None:
    own = tmp_path / "reports"
    own.mkdir()
    (own / f"noncompliant.{suffix}").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"报表模板 .*noncompliant\.{suffix} 不能使用.*可用的名称是 label、title、"):
        write(listed(published_lines()), tmp_path / "out", [suffix], templates=tmp_path)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_word_template_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "reports"
    own.mkdir()
    document = Document(str(SHIPPED / "noncompliant.docx"))
    document.add_paragraph("{{ telephone }}")
    document.save(str(own / "noncompliant.docx"))
    with pytest.raises(UsageError, match="'telephone' is undefined"):
        write(listed(published_lines()), tmp_path / "out", ["docx"], templates=tmp_path)


def test_templates_of_a_wheel_are_found_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert templates.shipped_templates() == SHIPPED.parent
    package = tmp_path / "site-packages" / "tracker"
    monkeypatch.setattr(templates, "__file__", str(package / "reports" / "templates.py"))
    with pytest.raises(UsageError, match="安装不完整"):
        templates.shipped_templates()
    (package / "templates").mkdir(parents=True)
    assert templates.shipped_templates() == package / "templates"
    with pytest.raises(UsageError, match="找不到报表模板 reports/noncompliant"):
        templates.find_template("noncompliant.html", None)
