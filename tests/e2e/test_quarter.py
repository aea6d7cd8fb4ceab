"""A whole quarter in the console, by five people at five browsers: from the first link to the rectification a period later."""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.conftest import CHEAP, browser, serving
from tests.e2e.quarter import (
    ADMIN,
    AFTER,
    CITY,
    CLEAN,
    COUNTY,
    FIRST,
    NEXT,
    OLD,
    OWNER,
    SECOND,
    SHOP,
    SILENT,
    SPARE,
    UNIT,
    Office,
    Platforms,
    Quarter,
    city,
    empty_office,
    pasted,
    quick,
    registry,
)
from tests.people.conftest import Watch
from tests.platforms.serve import serve
from tracker import attached, audit
from tracker.model import Conclusion
from tracker.signin import Hasher

__all__ = ["browser"]

expect.set_options(timeout=25_000)

SEED = "20261106"
"""Leaves out SPARE, and nobody else."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def quarter(browser: Browser, tmp_path: Path) -> Iterator[Quarter]:
    watch, world = Watch(FIRST), city(FIRST, mended=False)
    with serve(world) as shown:
        platforms = Platforms(shown, watch)
        root = empty_office(tmp_path / "多人 工作区", world)
        with serving(root, clock=watch, net=platforms.net, pace=quick, hasher=Hasher(CHEAP)) as console:
            office = Office(browser, console.base)
            yield Quarter(console, office, platforms, watch, tmp_path)
            office.close()


def test_a_quarter_from_the_first_link_to_the_rectification(quarter: Quarter) -> None:
    the_first_administrator_sets_up_and_imports(quarter)
    everybody_is_invited(quarter)
    the_list_is_drawn(quarter)
    a_sweep_meets_a_wall_and_goes_on(quarter)
    links_are_pasted_and_opened(quarter)
    city_and_county_look(quarter)
    two_people_review(quarter)
    the_units_are_asked(quarter)
    the_unit_objects_with_proof(quarter)
    the_city_rules(quarter)
    the_final_list_is_printed(quarter)
    the_unit_reports_its_rectification(quarter)
    with serve(city(NEXT, mended=True)) as later:
        quarter.platforms.shown = later
        the_next_period_is_swept(quarter)
        the_rectification_is_held_against_it(quarter)
    the_log_tells_who_did_what(quarter)


def the_first_administrator_sets_up_and_imports(quarter: Quarter) -> None:
    door, world = quarter.console.desk.door, quarter.platforms.shown.world
    assert door
    page = quarter.office.set_password(ADMIN, f"/first?t={door.first()}", first=True)
    assert [user.name for user in quarter.console.ws.store.users()] == [ADMIN.name]
    page.get_by_role("link", name="导入台账").click()
    page.fill("#place", "示例市")
    page.fill("#first", "2026-10-26")
    page.fill("#last", "2026-11-06")
    page.get_by_label("两个人").check()
    page.set_input_files("#file", registry(world, quarter.folder / "台账.xlsx"))
    page.get_by_role("button", name="保存并导入").click()
    expect(page.get_by_text("导入 9 个新账号")).to_be_visible()
    assert quarter.console.ws.settings.persons == 2


def everybody_is_invited(quarter: Quarter) -> None:
    for who in (CITY, SECOND, COUNTY, OWNER):
        quarter.office.invite(ADMIN, who)
    assert {user.name for user in quarter.console.ws.store.users()} == {"周管理", "王敏", "李强", "赵芳", "孙立"}
    page = quarter.at(COUNTY)
    page.goto("/accounts")
    expect(page.get_by_text("台账共 4 个账号")).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link", name="复核")).to_have_count(0)
    assert page.goto("/consult").status == 403


def the_list_is_drawn(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    page.goto("/")
    page.get_by_role("link", name="去抽取").click()
    page.get_by_label("分层").select_option("不分层")
    page.get_by_label("抽多少").fill("8")
    page.get_by_label("随机种子").fill(SEED)
    page.get_by_role("button", name="抽取").click()
    expect(page.get_by_text("待人工和名单只管这些")).to_be_visible()
    expect(page.get_by_role("cell", name=SPARE)).to_have_count(0)
    made = quarter.console.ws.store.last_draw("2026Q4")
    assert made
    assert quarter.own(SPARE) in set(made.frame) - set(made.drawn)
    assert len(made.drawn) == 8


def a_sweep_meets_a_wall_and_goes_on(quarter: Quarter) -> None:
    faults, page = quarter.platforms.shown.world.faults, quarter.at(CITY)
    faults.put("captcha", platform="douyin")
    page.goto("/overview")
    page.get_by_role("link", name="开始巡检(正式检查)").click()
    expect(page.get_by_text("最多访问")).to_be_visible()
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("抖音.*已停,需要人工"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("今日头条.*3 . 3"))).to_be_visible()
    # nothing is left but the second reading of the silent account, ten minutes later
    page.get_by_role("button", name="停止巡检").click()
    wall = page.get_by_text("抖音:需要人工。")
    expect(wall).to_be_visible()
    before = quarter.conclusions()
    assert before["示例公安抖音"] is before["甲山公安抖音"] is Conclusion.UNCHECKED
    assert before[SILENT] is Conclusion.TO_REVIEW
    assert before["示例发布头条"] is Conclusion.PASSED
    assert SPARE not in before
    quarter.watch.on(minutes=30)
    faults.clear()
    page.get_by_role("button", name="抖音已处理,接着做").click()
    expect(page.get_by_text(re.compile("上一次巡检.*看到了"))).to_be_visible()
    quarter.wait()
    page.goto("/overview")
    expect(wall).to_have_count(0)
    after = quarter.conclusions()
    assert after["示例公安抖音"] is after["甲山公安抖音"] is Conclusion.PASSED
    assert after[SILENT] is Conclusion.FAILED


def links_are_pasted_and_opened(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    page.goto("/links")
    page.fill("#text", pasted(quarter.platforms.shown.world))
    page.get_by_role("button", name="收下链接").click()
    page.get_by_role("button", name="巡检").click()
    expect(page.get_by_text("打开了 2 个链接")).to_be_visible()
    quarter.wait()
    found = quarter.conclusions()
    assert (found[SHOP], found[CLEAN], found[OLD]) == (Conclusion.TO_REVIEW, Conclusion.PASSED, Conclusion.UNCHECKED)


def city_and_county_look(quarter: Quarter) -> None:
    page = quarter.at(COUNTY)
    page.goto("/looks")
    expect(page.get_by_role("cell", name=CLEAN)).to_have_count(0)
    page.get_by_role("link", name="开始查看").click()
    expect(page.locator("#name")).to_have_text(OLD)
    page.fill("#told", "10.1")
    page.get_by_role("group", name="互动").get_by_label("有问题").check()
    page.set_input_files("#picture", quarter.picture("没有互动.png"))
    expect(page.locator("#mine img")).to_have_count(1)
    page.get_by_role("button", name="保存,下一个").click()
    expect(page.get_by_text(f"{OLD}:已记录")).to_be_visible()
    page = quarter.at(CITY)
    page.goto(f"/looks/{quarter.own(CLEAN)}")
    page.locator("#told").press_sequentially("11.5")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{CLEAN}:已记录")).to_be_visible()
    looks = {name: quarter.look(name) for name in (OLD, CLEAN)}
    assert {name: look.inspector for name, look in looks.items()} == {OLD: COUNTY.name, CLEAN: CITY.name}


def two_people_review(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    page.goto("/review")
    expect(page.get_by_text("有 1 条疑似问题等人确认或驳回")).to_be_visible()
    page.get_by_role("link", name="开始复核").click()
    page.wait_for_url("**/CNT-03**")
    expect(page.locator("mark").first).to_have_text("示例牌山货礼盒")
    page.keyboard.press("1")
    expect(page).not_to_have_url(re.compile(f"/review/{quarter.own(SHOP)}/"))
    confirm_as_second(page, 3)
    page.goto(f"/review/{quarter.own(SILENT)}/UPD-01")
    expect(page.get_by_text("您已经确认过这一条")).to_be_visible()
    assert "persons" in quarter.gates()
    page = quarter.at(SECOND)
    confirm_as_second(page, 3)
    behind = {(one.name, one.code): set(one.agreed) for one in quarter.behind()}
    both = {CITY.name, SECOND.name}
    assert behind[SILENT, "UPD-01"] == behind[SHOP, "CNT-03"] == behind[OLD, "UPD-01"] == both
    assert {COUNTY.name, CITY.name} <= behind[OLD, "INT-01"] <= {COUNTY.name, *both}
    assert "persons" not in quarter.gates()
    found = quarter.conclusions()
    assert {name for name, told in found.items() if told is Conclusion.FAILED} == {SILENT, SHOP, OLD}


def confirm_as_second(page: Page, number: int) -> None:
    """Confirm so many of those that wait for another person, one after the other."""
    page.goto("/review?of=second")
    page.get_by_role("link", name="开始第二人复核").click()
    page.wait_for_url("**/review/*/*")
    for _ in range(number):
        here = page.url
        page.keyboard.press("1")
        page.wait_for_url(lambda url, here=here: url.partition("?")[0] != here.partition("?")[0])


def the_units_are_asked(quarter: Quarter) -> None:
    page = quarter.at(OWNER)
    page.goto("/own")
    expect(page.get_by_text("没有发出或印发的问题")).to_be_visible()
    page = quarter.at(CITY)
    page.goto("/consult")
    page.get_by_role("button", name="写材料").click()
    expect(page.get_by_text("第1次征求意见已写好,2个单位")).to_be_visible(timeout=60_000)
    quarter.wait()
    (sent,) = quarter.console.ws.store.consultations(quarter.sweep)
    assert {one.organisation for one in sent.asked} == {UNIT, "甲山县文化和旅游局"}
    assert sent.who == CITY.name
    assert all((quarter.console.ws.reports / one).stat().st_size > 1000 for one in sent.files)


def the_unit_objects_with_proof(quarter: Quarter) -> None:
    page = quarter.at(OWNER)
    for name, why in ((SILENT, "停更期间在改版"), (SHOP, "商品卡片是平台自动加的,已截图")):
        page.goto("/own")
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_label("有异议", exact=True).check()
        page.get_by_label("理由(").fill(why)
        page.get_by_label("证明材料").set_input_files(quarter.picture(f"{name}.png"))
        page.get_by_role("button", name="交反馈").click()
        expect(page.get_by_role("status").filter(has_text="已收到")).to_be_visible()
        expect(page.locator("ul.shots img")).to_have_js_property("naturalWidth", 120)
    assert quarter.at(OWNER).goto(f"/own/{quarter.own(OLD)}").status == 404
    kept = quarter.console.ws.store.objections(quarter.sweep)
    assert {(one.account_id, one.objects, one.taken_by) for one in kept} == {
        (quarter.own(name), True, OWNER.name) for name in (SILENT, SHOP)
    }
    assert all(attached.read(quarter.console.ws, one.attachments[0]).startswith(b"\x89PNG") for one in kept)
    assert "objections" in quarter.gates()


def the_city_rules(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    for name, choice, why in ((SILENT, "不采纳", "改版不是停更理由"), (SHOP, "采纳(撤销这条问题)", "确为平台自动添加")):
        page.goto("/consult")
        card = page.locator("section.card").filter(has_text=name).filter(has=page.get_by_role("button", name="答复"))
        card.get_by_label(choice, exact=True).check()
        card.get_by_label("理由(必填").fill(why)
        card.get_by_role("button", name="答复").click()
        expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    expect(page.get_by_text("没有等着答复的异议")).to_be_visible()
    found = quarter.conclusions()
    assert (found[SILENT], found[SHOP]) == (Conclusion.FAILED, Conclusion.PASSED)
    page = quarter.at(OWNER)
    page.goto(f"/own/{quarter.own(SHOP)}")
    expect(page.get_by_text("已撤销")).to_be_visible()
    expect(page.get_by_text("确为平台自动添加")).to_be_visible()


def the_final_list_is_printed(quarter: Quarter) -> None:
    assert quarter.gates() == {"deadline"}
    page = quarter.at(CITY)
    page.goto("/reports")
    print_finally(page)
    expect(page.get_by_role("alert")).to_contain_text("截止日期 2026-11-11 还没有过")
    assert quarter.console.ws.store.prints(quarter.sweep) == ()
    quarter.watch.at = AFTER
    page = quarter.office.sign_in(CITY)
    page.goto("/reports")
    expect(page.get_by_text("没有拦着的,可以印发")).to_be_visible()
    print_finally(page)
    expect(page.get_by_role("status").filter(has_text="印发稿")).to_be_visible(timeout=60_000)
    (printed,) = quarter.console.ws.store.prints(quarter.sweep)
    assert (printed.label, printed.who) == ("印发稿", CITY.name)
    the_files_say_the_same(quarter, page)


def the_files_say_the_same(quarter: Quarter, page: Page) -> None:
    """What is saved from the page names the two that failed, with their dates, and nobody else."""
    saved = {}
    for link in page.locator("td[data-title=文件] a[download]").all():
        with page.expect_download() as told:
            link.click()
        name = told.value.suggested_filename
        told.value.save_as(quarter.folder / name)
        saved[Path(name).suffix] = quarter.folder / name
    word = docx.Document(str(saved[".docx"]))
    table = max(word.tables, key=lambda one: len(one.rows))
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    sheet = [list(row) for row in openpyxl.load_workbook(saved[".xlsx"]).active.iter_rows(values_only=True)]
    same = [["" if cell is None else str(cell) for cell in row] for row in sheet[2:]]
    assert rows == same
    assert [(row[0], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("1", SILENT, UNIT, "不合格"),
        ("2", OLD, "甲山县文化和旅游局", "不合格"),
    ]
    assert rows[1][6] == "监测时间点前2周内无更新"
    told = "(监测时间:2026年10月26日至11月6日)"
    assert told == sheet[1][0]
    assert told in [one.text for one in word.paragraphs]
    shown = saved[".html"].read_text(encoding="utf-8")
    assert all(one in shown for one in (told, SILENT, OLD))
    assert SHOP not in shown
    # the page that was printed is the one above; what a PDF says cannot be read back without another program
    assert saved[".pdf"].read_bytes().startswith(b"%PDF-")


def the_unit_reports_its_rectification(quarter: Quarter) -> None:
    page = quarter.office.sign_in(OWNER)
    page.goto(f"/own/{quarter.own(SILENT)}")
    page.get_by_text("报整改情况", exact=True).click()
    page.get_by_label("做了什么").fill("已恢复更新,专人负责")
    page.get_by_label("截图或 PDF").set_input_files(quarter.picture("已恢复.png"))
    page.get_by_role("button", name="交整改情况").click()
    expect(page.get_by_text("已恢复更新,专人负责").first).to_be_visible()
    (kept,) = quarter.console.ws.store.rectification_reports(quarter.sweep)
    assert (kept.account_id, kept.codes, kept.who) == (quarter.own(SILENT), ("UPD-01",), OWNER.name)


def the_next_period_is_swept(quarter: Quarter) -> None:
    quarter.watch.at = NEXT
    page = quarter.office.sign_in(CITY)
    page.goto("/setup")
    expect(page.get_by_label("名称(印在标题里)")).to_have_value("2027年第一季度")
    page.fill("#first", "2027-01-04")
    page.fill("#last", "2027-01-15")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("设置已保存")).to_be_visible()
    page.goto("/overview/sweep?kind=check")
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.get_by_text(re.compile("上一次巡检.*看到了"))).to_be_visible(timeout=60_000)
    quarter.wait()
    assert quarter.sweep == "2027-01-15"
    assert quarter.conclusions()[SILENT] is Conclusion.PASSED


def the_rectification_is_held_against_it(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    page.goto("/rectify")
    card = page.locator("section.card").filter(has=page.get_by_role("heading", name=SILENT))
    expect(card.get_by_role("row", name=re.compile("监测时间点前2周内无更新 已整改"))).to_be_visible()
    expect(card.get_by_text("最近发布2027-01-14")).to_be_visible()
    expect(card.get_by_text("已恢复更新,专人负责")).to_be_visible()
    expect(card.locator("ul.shots img")).to_have_js_property("naturalWidth", 120)
    expect(page.get_by_text("整改率100.00%(1/1)")).to_be_visible()
    # nobody has looked at the other one yet: that is no proof of anything
    expect(page.get_by_role("heading", name=re.compile(f"{OLD}.*未能核查"))).to_be_visible()


def the_log_tells_who_did_what(quarter: Quarter) -> None:
    page = quarter.at(CITY)
    assert page.goto("/system/audit").status == 403
    page = quarter.office.sign_in(ADMIN)
    page.goto("/system/audit")
    expect(page.get_by_role("row", name=re.compile(f"{OWNER.name}.*报整改"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"{CITY.name}.*印发.*被拒绝"))).to_be_visible()
    page.get_by_role("button", name="核对一遍").click()
    expect(page.get_by_role("status")).to_contain_text("条都对得上")
    held = audit.verify(quarter.console.ws.store)
    assert not held.problem
    assert held.rows > 40


def print_finally(page: Page) -> None:
    """Press 印发 for Word, Excel and PDF."""
    form = page.locator('form[action="/reports/final"]')
    for word in ("Word", "Excel", "PDF"):
        form.get_by_label(word).check()
    form.get_by_role("button", name="印发").click()
