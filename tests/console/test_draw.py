"""抽查: a draw in the browser, what it binds, what it refuses, and that nothing drawn is ever lost."""

import io
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import openpyxl
import pytest
from playwright.sync_api import Page

from tests.console.conftest import TODAY, Answer, Console
from tests.console.looking import file_accounts, fill
from tracker.clock import day
from tracker.console.checks import check_or_new, current_check, judgement_of
from tracker.console.tasks import queue
from tracker.drafts import Form, Saved, save
from tracker.draw import Order, draw
from tracker.judge import judge
from tracker.model import Period, Window
from tracker.sweep import open_sweep
from tracker.workspace import Workspace

Q4 = Period(name="2026Q4", title="2026年第四季度", start=date(2026, 10, 1), end=date(2026, 12, 31))


@pytest.fixture
def office(empty: Console) -> Console:
    """Twelve accounts in two regions, one open period, nothing begun."""
    empty.ws.store.put_period(Q4)
    file_accounts(empty, 12)
    for one in empty.ws.store.accounts()[:4]:
        empty.ws.store.change_account(replace(one, region="甲山县"), "测试", TODAY, "测试")
    return empty


def form(console: Console, period: str = "", **told: object) -> dict[str, object]:
    """The form of the page as a browser would send it."""
    text = console.get(f"/draw?period={period}").text
    fields = dict(re.findall(r'name="(period|seen|seed)" value="([^"]*)"', text))
    return {**fields, "method": "strata", "by": "region", "size": "50%", "who": "王某", **told}


def order(console: Console, **told: object) -> Answer:
    return console.post("/draw", form(console, **told))


def held(console: Console) -> set[str]:
    made = console.ws.store.last_draw("2026Q4")
    assert made
    return set(made.drawn)


def of_check(ws: Workspace) -> set[str]:
    check = current_check(ws, TODAY)
    assert check
    return {one.account_id for one in check.accounts}


def asked(console: Console) -> set[str]:
    found = queue(console.desk, current_check(console.ws, TODAY), TODAY)
    return {one.account.account_id for one in found if one.open}


def plain(answer: Answer) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def test_the_seed_on_the_page_is_the_one_that_draws(office: Console) -> None:
    sent = form(office)
    assert office.post("/draw", sent).status == 303
    (made,) = office.ws.store.draws("2026Q4")
    assert (made.seed, made.size, made.by, made.who, made.why) == (int(str(sent["seed"])), "50%", "region", "王某", "")
    by_region: Mapping[str, list[str]] = {"未填": [], "甲山县": []}
    for one in office.ws.store.accounts():
        by_region[one.region or "未填"].append(one.account_id)
    lot = random.Random(made.seed)
    assert set(made.drawn) == {*lot.sample(sorted(by_region["未填"]), 4), *lot.sample(sorted(by_region["甲山县"]), 2)}
    page = office.get("/draw")
    assert "采取按县区分层随机抽取的方式,对6个政务新媒体进行了抽查(共检查6个,检查率为50%)" in plain(page)
    names = {one.account_id: one.name for one in office.ws.store.accounts()}
    assert {own for own, name in names.items() if f">{name}</a>" in page.text} == set(made.drawn)


def test_another_seed_can_be_told(office: Console) -> None:
    order(office, seed="20261106")
    assert office.ws.store.draws("2026Q4")[0].seed == 20261106


def test_the_list_is_an_excel_file(office: Console) -> None:
    order(office)
    answer = office.get("/draw/file?period=2026Q4&number=1")
    assert "%E6%8A%BD%E6%9F%A5%E5%90%8D%E5%8D%95.xlsx" in answer.headers["content-disposition"]
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.body)).active.iter_rows(values_only=True)
    assert head == ("序号", "类型", "名称", "主办单位", "县区")
    names = {one.account_id: one.name for one in office.ws.store.accounts()}
    assert {row[2] for row in rows} == {names[own] for own in held(office)}
    for bad in ("period=2026Q4&number=2", "period=2026Q4&number=0", "period=&number=1", "period=x&number=1"):
        assert office.get(f"/draw/file?{bad}").status == 400


@pytest.mark.parametrize(("size", "count"), [("5", 5), ("5 个", 5), ("25%", 3), (" 25％", 3), ("100%", 12)])
def test_a_number_or_a_share(office: Console, size: str, count: int) -> None:
    assert order(office, size=size, by="").status == 303
    assert len(held(office)) == count


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"size": ""}, "看不懂"),
        ({"size": "一半"}, "看不懂"),
        ({"size": "0"}, "看不懂"),
        ({"size": "101%"}, "不超过 100%"),
        ({"size": "13"}, "要抽 13 个,在用的账号只有 12 个"),
        ({"by": "名称"}, "没有这种分层"),
        ({"seed": "abc"}, "种子应为 1 到 9 位数字"),
        ({"method": "随便"}, "请选一种抽取方法"),
        ({"method": "new-failing"}, "没有上期的检查结果"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_the_form_kept(office: Console, told: dict[str, str], words: str) -> None:
    answer = order(office, who="李某", **told)
    assert answer.status == 400
    assert words in answer.text
    assert 'value="李某"' in answer.text
    assert office.ws.store.draws() == ()


def test_new_and_failing_takes_what_the_last_period_found(office: Console) -> None:
    office.ws.store.put_period(Period(name="2026Q3", title="三季度", start=date(2026, 7, 1), end=date(2026, 9, 30)))
    bad, good, *_ = accounts = office.ws.store.accounts()
    at = TODAY - timedelta(days=90)
    window = Window(since=day(at) - timedelta(days=30), until=day(at))
    check = open_sweep(office.ws, "q3", at=at, window=window, accounts=accounts[:2])
    for one, told in ((bad, "2026-6-1"), (good, "2026-8-7")):
        fields = Form(
            key=f"key-{one.account_id}", seq=0, seen_visit="", seen_draft="", who="王某", told=told, answers={}, note=""
        )
        assert isinstance(save(office.ws, check, one, fields, office.desk.adapters, at=at), Saved)
    judge(office.ws, check, office.ws.profile(), office.desk.adapters, at=at)
    assert "新报备的0个,上期有问题的1个" in plain(office.get("/draw"))
    assert "必须复查" in order(office, method="new-failing", once="1").text
    assert order(office, method="new-failing", size="没有用的").status == 303
    assert held(office) == {bad.account_id}


def test_a_draw_needs_the_word_of_the_session(office: Console) -> None:
    assert office.post("/draw", form(office, csrf="x")).status == 403
    assert office.ws.store.draws() == ()


def test_a_second_draw_needs_a_reason_and_keeps_the_first(office: Console) -> None:
    order(office, seed="1")
    refused = order(office, seed="2")
    assert refused.status == 400
    assert "请写明理由" in refused.text
    assert order(office, seed="2", why="三个账号已注销").status == 303
    first, second = office.ws.store.draws("2026Q4")
    assert (first.seed, second.seed, second.why) == (1, 2, "三个账号已注销")
    text = office.get("/draw").text
    assert ("三个账号已注销" in text, "已被代替" in text) == (True, True)
    old = openpyxl.load_workbook(io.BytesIO(office.get("/draw/file?period=2026Q4&number=1").body)).active
    assert old.max_row == 1 + len(first.drawn)


def test_sending_twice_draws_once(office: Console) -> None:
    sent = form(office, why="手快")
    assert [office.post("/draw", sent).status for _ in range(2)] == [303, 400]
    assert len(office.ws.store.draws("2026Q4")) == 1
    again = form(office, why="手快")
    assert [office.post("/draw", again).status for _ in range(2)] == [303, 400]
    assert len(office.ws.store.draws("2026Q4")) == 2


def test_once_a_year_leaves_out_what_another_period_drew(office: Console) -> None:
    office.ws.store.put_period(Period(name="2026Q3", title="三季度", start=date(2026, 7, 1), end=date(2026, 9, 30)))
    assert order(office, period="2026Q3", size="8", by="").status == 303
    earlier = set(office.ws.store.draws("2026Q3")[0].drawn)
    assert order(office, size="8", by="", once="1").status == 303
    assert held(office) == {one.account_id for one in office.ws.store.accounts()} - earlier
    assert "应抽8个,本年度还没有抽查过的只有4个" in plain(office.get("/draw"))


def test_a_closed_period_shows_its_list_and_draws_no_more(office: Console) -> None:
    order(office)
    office.ws.store.close_period("2026Q4", "王某", "测试", TODAY)
    text = office.get("/draw?period=2026Q4").text
    assert "已关闭" in text
    assert '<form method="post" action="/draw"' not in text
    assert office.post("/draw", {"period": "2026Q4", "seen": "1", "method": "all", "why": "再抽"}).status == 400
    assert len(office.ws.store.draws()) == 1


def test_without_a_period_or_accounts_it_says_what_to_do(empty: Console) -> None:
    assert 'href="/setup"' in empty.get("/draw").text
    empty.ws.store.put_period(Q4)
    assert 'href="/accounts/import"' in empty.get("/draw").text
    assert empty.get("/draw?period=none").status == 400


def test_the_check_begins_with_the_drawn_and_asks_of_no_other(office: Console) -> None:
    everybody = {one.account_id for one in office.ws.store.accounts()}
    assert asked(office) == everybody
    order(office)
    assert asked(office) == held(office) < everybody
    first = sorted(held(office))[0]
    assert office.post(f"/looks/{first}", fill(office, first, told="11.3")).status == 303
    assert of_check(office.ws) == held(office)
    one = office.ws.store.accounts()[0]
    office.ws.store.add_accounts([replace(one, account_id="later0001", name="后来报备")], "测试", TODAY)
    check_or_new(office.ws, TODAY)
    assert of_check(office.ws) == held(office), "what was filed after the draw was not drawn"


def test_a_check_that_has_begun_goes_by_a_later_draw_and_loses_nothing(office: Console) -> None:
    looked = office.ws.store.accounts()[0].account_id
    office.post(f"/looks/{looked}", fill(office, looked, told="9.1"))
    check = check_or_new(office.ws, TODAY)
    assert len(of_check(office.ws)) == 12
    assert len(judgement_of(office.desk, office.ws.sweep(check.name)).verdicts) == 12

    out = next(seed for seed in range(99) if looked not in drawn_by(office, seed))
    order(office, seed=str(out), by="", size="6")
    assert of_check(office.ws) == held(office)
    assert looked not in held(office)
    assert {row.account.account_id for row in judgement_of(office.desk, office.ws.sweep(check.name)).verdicts} == held(office)
    assert "没有不合格的账号" in plain(office.get("/list"))
    assert len(office.ws.store.visits(check.name, looked)) == 1, "what was seen stays"

    back = next(seed for seed in range(99) if looked in drawn_by(office, seed) and drawn_by(office, seed) != held(office))
    order(office, seed=str(back), by="", size="6", why="测试")
    found = {one.account.account_id: one for one in judgement_of(office.desk, office.ws.sweep(check.name)).verdicts}
    assert set(found) == held(office)
    assert str(found[looked].latest_post) == "2026-09-01", "and counts again when it is drawn again"


def drawn_by(office: Console, seed: int) -> set[str]:
    return set(random.Random(seed).sample(sorted(one.account_id for one in office.ws.store.accounts()), 6))


def test_a_draw_from_elsewhere_binds_the_check_at_the_next_change(office: Console) -> None:
    check_or_new(office.ws, TODAY)
    draw(office.ws, Order(period="2026Q4", method="strata", size="4", seed=3, who="王某"), at=TODAY + timedelta(hours=1))
    assert asked(office) == held(office)
    check_or_new(office.ws, TODAY + timedelta(hours=2))
    assert of_check(office.ws) == held(office)


def test_a_check_ordered_after_the_draw_keeps_its_accounts(office: Console) -> None:
    """`tracker sweep --accounts all` after a draw is a person's choice; the page does not narrow it."""
    order(office, size="4", by="")
    later = TODAY + timedelta(hours=1)
    window = check_or_new(office.ws, TODAY).window
    open_sweep(office.ws, "全部", at=later, window=window)
    check_or_new(office.ws, later)
    assert len(of_check(office.ws)) == 12


def test_the_start_page_says_that_nothing_was_drawn(office: Console) -> None:
    assert "本期还没有抽取检查名单;不抽取就检查全部12个账号" in plain(office.get("/"))
    order(office, size="4", by="")
    assert "本期抽取了4个账号,只检查这些" in plain(office.get("/"))
    assert "还有4个账号要人看一眼" in plain(office.get("/"))


def test_once_begun_the_draw_is_offered_last(sample: Console) -> None:
    text = plain(sample.get("/"))
    assert "本期没有抽取,检查全部102个账号" in text
    assert text.index("本期没有抽取") > text.index("未能核查")


def test_the_drawn_list_is_no_printed_list(office: Console) -> None:
    order(office)
    first = sorted(held(office))[0]
    office.post(f"/looks/{first}", fill(office, first, told="9.1"))
    assert "抽查名单.xlsx" not in office.get("/list").text
    assert office.get("/list/files/final/%E6%8A%BD%E6%9F%A5%E5%90%8D%E5%8D%95.xlsx").status == 400


@pytest.mark.browser
def test_by_keyboard_and_without_a_script(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="抽查").click()
    page.get_by_label("抽多少").fill("20")
    page.get_by_label("随机种子").fill("7")
    page.keyboard.press("Enter")
    page.get_by_text("抽取了 20 个账号").wait_for()
    assert page.locator("caption:has-text('抽中的账号') ~ tbody tr").count() == 20
    page.get_by_text("重新抽取", exact=True).first.click()
    page.get_by_label("重新抽取的理由").fill("换一批")
    page.get_by_label("全部").check()
    page.keyboard.press("Enter")
    page.get_by_text("抽取了 102 个账号").wait_for()
    assert page.locator("caption:has-text('抽中的账号') ~ tbody tr").count() == 100
    page.get_by_role("link", name="全部显示").click()
    assert page.locator("caption:has-text('抽中的账号') ~ tbody tr").count() == 102
