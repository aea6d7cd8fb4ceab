"""名单: the draft as printed, live; files with office names; no final list while anything is open."""

import io

import docx
import openpyxl
import pytest
from playwright.sync_api import Page

from tests.console.conftest import TODAY, Console
from tracker import demo
from tracker.model import Decision
from tracker.reports.noncompliant import COLUMNS
from tracker.review import waiting


def settle(console: Console) -> None:
    """Everything confirmed, as a person would, by the journal alone: the page has to notice."""
    sweep = console.ws.sweep()
    judged = console.ws.store.last_judgement(sweep.name)
    assert judged
    for one in waiting(judged):
        decision = Decision(
            account_id=one.verdict.account.account_id, code=one.finding.code, confirmed=True, who="甲", why="", at=TODAY
        )
        console.ws.store.add_decision(sweep.name, decision)


def test_an_empty_workspace_says_what_to_do(empty: Console) -> None:
    text = empty.get("/list").text
    assert "还没有检查记录" in text
    assert empty.post("/list/judge").status == 400
    assert empty.post("/list/export", {"kind": "docx"}).status == 400


def test_the_draft_stands_as_printed(sample: Console) -> None:
    text = sample.get("/list").text
    assert all(f"<th>{column.header}</th>" in text for column in COLUMNS)
    assert text.count("未复核</td>") == 9
    assert "(监测时间:2026年10月26日至11月6日)" in text
    assert "<h2>未能核查 2 个</h2>" in text
    assert "印发稿:" not in text


def test_a_final_list_waits_for_the_review(sample: Console) -> None:
    answer = sample.post("/list/export", {"kind": "docx", "final": "1"})
    assert answer.status == 400
    assert "未复核" in answer.text
    assert not list(sample.ws.reports.glob("*.docx"))


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_a_draft_is_handed_out_under_its_name(sample: Console, kind: str) -> None:
    answer = sample.post("/list/export", {"kind": kind})
    assert answer.status == 303
    told = sample.get(answer.headers["location"])
    assert told.status == 200
    assert told.headers["content-disposition"].startswith("attachment; filename=")
    assert "%E4%B8%8D%E5%90%88%E6%A0%BC%E5%90%8D%E5%8D%95" in told.headers["content-disposition"].split("filename*=UTF-8''")[1]
    assert told.headers["content-disposition"].isascii()
    if kind == "docx":
        assert max(len(table.rows) for table in docx.Document(io.BytesIO(told.body)).tables) >= 18
    elif kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(told.body)).active
    else:
        assert told.body.decode("utf-8-sig").count("不合格") >= 18


def test_the_list_follows_what_comes_in(sample: Console) -> None:
    sample.get("/list")
    settle(sample)
    text = sample.get("/list").text
    assert "未复核" not in text
    assert "印发稿:" in text
    answer = sample.post("/list/export", {"kind": "docx", "final": "1"})
    told = sample.get(answer.headers["location"])
    assert told.status == 200
    (final,) = sample.ws.reports.glob("*.docx")
    assert final.read_bytes() == told.body
    sample.post("/list/export", {"kind": "docx"})
    assert final.read_bytes() == told.body, "a draft must not take the final list's place"
    assert "印发稿</span>" in sample.get("/list").text


def test_looking_twice_judges_once(sample: Console) -> None:
    sweep = sample.ws.sweep().name
    sample.get("/list")
    first = sample.ws.store.last_judgement(sweep)
    sample.get("/list")
    sample.get("/")
    assert sample.ws.store.last_judgement(sweep) == first
    sample.post("/list/judge")
    assert sample.ws.store.last_judgement(sweep) is not first


def test_an_unknown_format_is_refused(sample: Console) -> None:
    assert sample.post("/list/export", {"kind": "exe"}).status == 400


def test_without_a_browser_the_pdf_is_explained(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "find_browser", _none)
    answer = sample.post("/list/export", {"kind": "pdf"})
    assert answer.status == 400
    assert "Chrome 或 Edge" in answer.text


def _none() -> None:
    from tracker.errors import UsageError

    raise UsageError("没有")


@pytest.mark.browser
def test_the_browser_saves_the_word_file(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.goto("/list")
    with page.expect_download() as told:
        page.get_by_role("button", name="Word").first.click()
    assert told.value.suggested_filename == "2026年第四季度全市政府系统政务新媒体检查不合格名单(草稿2026-11-06).docx"
    with page.expect_download() as told:
        page.get_by_role("button", name="PDF").first.click()
    assert told.value.path().read_bytes().startswith(b"%PDF-")
