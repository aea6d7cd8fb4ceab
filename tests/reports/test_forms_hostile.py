"""Whatever a name, unit, finding or note holds is printed as text, in every form and format; nothing is ever calculated."""

import csv
import io
import re
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from tests.reports.city import CONTEXTS, END, START, judged
from tests.reports.reading import of_docx, of_html
from tests.reports.report_world import finding
from tests.reports.test_report_text import HOSTILE
from tracker.model import Account, Conclusion
from tracker.reports import forms
from tracker.reports.form import TableContext, cells
from tracker.reports.forms import write
from tracker.reports.lines import Line

NAMES = list(CONTEXTS)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def hostile(text: str, kind: str = "新浪微博", conclusion: Conclusion = Conclusion.FAILED) -> Line:
    found = (finding("UPD-01", text), replace(finding("CNT-04", text), phrase=text)) if conclusion is Conclusion.FAILED else ()
    line = judged(1, kind, f"号{text}", f"{text}局", text, text, conclusion, *found, undetermined=(text,))
    account: Account = replace(line.account, filed_kind=text, status=text, note=text)
    verdict = replace(line.verdict, account=account, printed_date=text, word=text)
    return replace(line, account=account, verdict=verdict, other=text, previous=text, rectified=text, tried=text)


def context_of(name: str, text: str) -> TableContext:
    lines = [hostile(text), hostile(text, "微信订阅号", Conclusion.UNCHECKED), hostile(text, "微信服务号", Conclusion.PASSED)]
    build = getattr(forms, name.replace("-", "_")).build
    extra = {"period": text, "scope": text} if name == "inspection" else {}
    return build(title=f"名单{text}", start=START, end=END, lines=lines, draft=True, **extra)


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_text_is_text_in_every_form_and_format(name: str, kind: str, tmp_path: Path) -> None:
    context = context_of(name, HOSTILE[kind])
    table = [[str(cell) for cell in cells(context.columns, row)] for row in context.rows]
    assert table
    for row in table:
        for cell in row:
            cell.encode("utf-8")
            assert len(cell) <= 2100
            assert not {unicodedata.category(char) for char in cell} & {"Cc", "Cs", "Zl", "Zp"}
            assert not set(cell) & set("\u202e\u2066\u200f")
    docx, xlsx, page, sheet, _ = write(context, tmp_path, ["docx", "xlsx", "html", "csv", "json"])
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    assert not tree.xpath("//script | //*[starts-with(name(), 'w:')]")
    for row in load_workbook(xlsx).active.iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in row)
    assert list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"), newline="")))[1:] == [
        [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in row] for row in table
    ]
    for read in (of_docx(docx), of_html(page)):
        for told, row in zip(read.rows, table, strict=True):
            assert [mine for mine in told if mine != "^"] == [cell for mine, cell in zip(told, row, strict=True) if mine != "^"]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", NAMES)
def test_no_formula_reaches_a_spreadsheet(name: str, text: str, tmp_path: Path) -> None:
    xlsx, sheet = write(context_of(name, text), tmp_path, ["xlsx", "csv"])
    for row in load_workbook(xlsx).active.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    for row in csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None, exclude_categories=()), max_size=40), name=st.sampled_from(NAMES))
def test_any_text_gives_files_that_open(text: str, name: str, tmp_path: Path) -> None:
    context = context_of(name, text)
    docx, xlsx, page = write(context, tmp_path, ["docx", "xlsx", "html"])
    assert len(of_docx(docx).rows) == len(context.rows)
    load_workbook(xlsx)
    assert len(html.fromstring(page.read_text(encoding="utf-8")).xpath("//tbody/tr")) == len(context.rows)
    for path in tmp_path.iterdir():
        path.unlink()


@pytest.mark.parametrize("name", NAMES)
def test_no_contact_no_link_no_internal_number_is_printed(name: str) -> None:
    context = CONTEXTS[name](True)
    held = {one.name for one in fields(context.rows[0])}
    assert not held & {"account_id", "url", "filed_id", "ids", "extra", "note_of_registry", "evidence"}
    text = "|".join(str(cell) for row in context.rows for cell in cells(context.columns, row))
    assert not re.search(r"https?:|\ba\d+\b|1[3-9]\d{9}", text)
