"""更正台账: fields and lifecycle with a reason, history shown, nothing written over unseen; 停更报备; bad rows of an import."""

import re
from collections.abc import Callable
from html import unescape

from playwright.sync_api import Page

from tests.console.conftest import Console
from tracker.console.pages.edit import TITLES

FIELD = re.compile(r'<input id="(\w+)" name="\w+" type="\w+" value="([^"]*)"')
SELECT = re.compile(r'<select id="(\w+)".*?<option selected>([^<]*)</option>', re.DOTALL)
SEEN = re.compile(r'name="seen" value="(\d+)"')


def form_of(text: str) -> dict[str, str]:
    told = {name: unescape(value) for name, value in (*FIELD.findall(text), *SELECT.findall(text)) if name in TITLES}
    return {**told, "seen": SEEN.findall(text)[0]}


def test_a_change_needs_a_reason_and_leaves_a_line_of_history(sample: Console) -> None:
    one = sample.ws.store.accounts()[0]
    address = f"/accounts/{one.account_id}/edit"
    told = form_of(sample.get(address).text)
    assert told["name"] == one.name
    assert set(TITLES) <= set(told)
    refused = sample.post(address, {**told, "status": "已注销", "status_date": "2026-11-02"})
    assert refused.status == 422
    assert "请写明更正的理由" in refused.text
    assert sample.ws.store.account(one.account_id) == one
    done = sample.post(address, {**told, "status": "已注销", "status_date": "2026-11-02", "why": "单位来函〔2026〕12号"})
    assert done.status == 303
    after = sample.ws.store.account(one.account_id)
    assert after
    assert (after.status, str(after.status_date)) == ("已注销", "2026-11-02")
    text = sample.get(address).text
    assert "单位来函〔2026〕12号" in text
    assert '<td data-title="栏目">状态</td><td data-title="原来">正常</td><td data-title="改为">已注销</td>' in text
    assert {one.field for one in sample.ws.store.history(one.account_id)} >= {"status", "status_date"}


def test_what_cannot_stand_is_told_at_its_field(sample: Console) -> None:
    one, other = sample.ws.store.accounts()[:2]
    address = f"/accounts/{one.account_id}/edit"
    told = {**form_of(sample.get(address).text), "why": "更正"}
    for field, value, wrong in (
        ("status", "没有这种", "应为以下之一"),
        ("status", "已注销", "要填公告或注销的日期"),
        ("status_date", "2027-01-01", "还没有到"),
        ("opened_on", "去年", "日期看不懂"),
        ("name", "", "不能空着"),
        ("url", "javascript:alert(1)", "链接要以 https"),
    ):
        answer = sample.post(address, {**told, field: value})
        assert answer.status == 422, field
        assert wrong in answer.text
    same = next(each for each in sample.ws.store.accounts() if each.platform == one.platform and each != one)
    assert "同一平台上已有" in sample.post(address, {**told, "name": same.name}).text
    assert sample.ws.store.account(one.account_id) == one
    assert sample.get("/accounts/nobody/edit").status == 400
    assert other.account_id != one.account_id


def test_a_later_change_is_never_written_over_unseen(sample: Console) -> None:
    one = sample.ws.store.accounts()[0]
    address = f"/accounts/{one.account_id}/edit"
    told = form_of(sample.get(address).text)
    sample.post(address, {**told, "note": "先到", "why": "甲改的"})
    answer = sample.post(address, {**told, "note": "后到", "why": "乙改的"})
    assert answer.status == 422
    assert "另一处刚刚改过" in answer.text
    after = sample.ws.store.account(one.account_id)
    assert after
    assert after.note == "先到"


def test_an_absence_is_entered_and_shown(sample: Console) -> None:
    one = sample.ws.store.accounts()[0]
    address = f"/accounts/{one.account_id}/absence"
    told = {"first": "2026-11-01", "last": "2026-11-20", "filed": "2026-11-03", "reason": "机构改革", "document": "报备1号"}
    assert sample.post(address, {**told, "filed": "2026-12-03"}).status == 400
    assert sample.post(address, {**told, "document": ""}).status == 400
    assert "以前的天数仍然计入" in unescape(sample.get(sample.post(address, told).headers["location"]).text)
    text = sample.get(f"/accounts/{one.account_id}/edit").text
    assert "2026-11-01 至 2026-11-20" in text
    assert "报备1号" in text


def test_each_bad_cell_of_an_import_stands_in_its_row(sample: Console) -> None:
    text = "类型,名称,主办单位,状态\n微信,好行,单位,\n不知道,坏行,单位,\n微信,另一坏行,单位,睡着了\n"
    address = sample.upload("/accounts/import", {"file": ("新台账.csv", text.encode())}).headers["location"]
    told = sample.get(address).text
    rows = re.findall(r"<tr><td>(\d+)</td>(.*?)</tr>", told)
    assert [number for number, _ in rows] == ["3", "4"]
    first, second = (cells for _, cells in rows)
    assert re.search(r'<td class="wrongcell">不知道<br>', first)
    assert "<td>坏行</td>" in first
    assert re.search(r'<td class="wrongcell">睡着了<br>', second)
    assert "好行" not in first + second


def test_a_person_corrects_an_account_in_the_browser(sample: Console, signed_in: Callable[..., Page]) -> None:
    one = sample.ws.store.accounts()[0]
    page = signed_in(sample)
    page.goto("/accounts")
    page.get_by_role("link", name=f"更正 {one.name}").first.click()
    page.get_by_label("县区").fill("甲山县")
    page.get_by_label("理由和依据").fill("来函更正")
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("已更正 县区").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
