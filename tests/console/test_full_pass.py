"""The office's week in the browser, without a command: registry → draw → links → looks → review → draft list as Word."""

from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page

from tests.console.conftest import Serve
from tests.console.test_links import net_of, quick
from tests.platforms.serve import serve
from tests.samples import city
from tracker import demo


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_from_an_empty_page_to_the_word_file(served: Serve, signed_in, tmp_path: Path) -> None:
    samples = demo.samples()
    with serve(city.world()) as platforms:
        console = served(net=net_of(platforms), pace=quick)
        page: Page = signed_in(console)
        page.set_default_timeout(60_000)
        page.goto("/")

        page.get_by_role("link", name="导入台账").click()
        page.fill("#place", "示例市")
        page.fill("#first", "2026-10-26")
        page.fill("#last", "2026-11-06")
        page.set_input_files("#file", samples / "registry.xlsx")
        page.get_by_role("button", name="保存并导入").click()
        page.get_by_text("导入 102 个新账号").wait_for()

        page.get_by_role("link", name="去抽取").click()
        page.get_by_label("抽多少").fill("75%")
        page.get_by_label("随机种子").fill("20261106")
        page.get_by_role("button", name="抽取").click()
        page.get_by_text("待人工和名单只管这些").wait_for()
        with page.expect_download() as sheet:
            page.get_by_role("link", name="下载抽查名单").click()
        sheet.value.save_as(tmp_path / "抽查名单.xlsx")

        page.goto("/")
        page.get_by_role("link", name="粘贴链接").last.click()
        page.fill("#text", (samples / "links.txt").read_text(encoding="utf-8-sig"))
        page.get_by_role("button", name="收下链接").click()
        page.get_by_role("button", name="巡检").click()
        page.get_by_text("打开了").wait_for()

        page.goto("/")
        page.get_by_role("link", name="开始查看").click()
        page.get_by_role("link", name="开始查看").click()
        name = page.locator("#name").inner_text()
        page.fill("#told", "2026-10-1")
        page.keyboard.press("Enter")
        page.wait_for_url("**notice=**")

        page.goto("/")
        page.get_by_role("link", name="开始复核").click()
        page.get_by_role("link", name="开始复核").click()
        page.check("input[name=choice][value=confirm]")
        page.get_by_role("button", name="记录").click()
        page.wait_for_url("**/review**")

        page.goto("/list")
        page.get_by_role("cell", name=name, exact=True).first.wait_for()
        with page.expect_download() as told:
            page.get_by_role("button", name="Word").first.click()
        told.value.save_as(tmp_path / "名单.docx")
    table = max(docx.Document(str(tmp_path / "名单.docx")).tables, key=lambda one: len(one.rows))
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert any(name in row and "不合格" in row for row in rows)
    assert any("未复核" in row for row in rows)
    ws = console.desk.ws
    assert ws.store.decisions(ws.sweep().name)
    judged, made = ws.store.last_judgement(ws.sweep().name), ws.store.last_draw("2026Q4")
    assert judged
    assert made
    assert {one.account.account_id for one in judged.verdicts} == set(made.drawn)
    assert 70 < len(made.drawn) < len(made.frame) <= 102
    listed = [row[2] for row in openpyxl.load_workbook(tmp_path / "抽查名单.xlsx").active.iter_rows(min_row=2, values_only=True)]
    assert sorted(listed) == sorted(one.account.name for one in judged.verdicts)
