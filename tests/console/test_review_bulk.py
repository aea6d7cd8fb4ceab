"""复核 in bulk: findings of one cause, chosen one by one, all recorded or none."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import TODAY, Console, Many, Serve
from tests.console.reviewing import by_two, groups, links, picks, statuses, unseen
from tracker.console.pages import review_bulk
from tracker.console.review_queues import cause_of
from tracker.model import Decision, Effect, Finding, Status

WHY = "逐个打开看过"


@pytest.fixture
def two(sample_root: Path, served: Serve, tmp_path: Path) -> Many:
    return by_two(sample_root, served, tmp_path / "两人 工作区")


def form(console: Console, address: str, **told: object) -> dict[str, object]:
    return {**unseen(console.get(address)), "choice": "confirm", "why": WHY, "who": "张三", **told}


def said(console: Console) -> list[tuple[str, bool, str]]:
    return [(one.account_id, one.confirmed, one.why) for one in console.ws.store.decisions(console.ws.sweep().name)]


def finding(arithmetic: str, message: str = "更新不及时") -> Finding:
    return Finding(code="UPD-01", message=message, basis="", effect=Effect.VETO, status=Status.CANDIDATE, arithmetic=arithmetic)


def test_numbers_dates_and_quotes_do_not_part_a_cause_but_words_do() -> None:
    one = finding("检查日2026-11-06,最近发布2026-10-11,相隔26天(期限14天);商品卡片“甲;乙”")
    other = replace(one, arithmetic="检查日2026-11-05,最近发布2026-10-14,相隔22天(期限14天);商品卡片“丙”;商品卡片“丁”")
    assert cause_of(one) == cause_of(other)
    assert cause_of(one).told == "检查日…,最近发布…,相隔…天(期限…天);商品卡片“…”"
    assert cause_of(one) != cause_of(replace(one, arithmetic="之前至少29天没有公开发布"))
    assert cause_of(one) != cause_of(replace(one, message="别的"))
    assert cause_of(one) != cause_of(replace(one, code="UPD-02"))


def test_a_group_shows_every_finding_of_its_cause_and_chooses_none(sample: Console) -> None:
    address, number = groups(sample)["INT-01"]
    text = unescape(sample.get(address).text)
    waiting = [own for own, one in statuses(sample, "INT-01").items() if one is Status.CANDIDATE]
    assert number == len(waiting) == 3
    assert sorted(picks(sample, address)) == sorted(f"0 {own}" for own in waiting)
    assert "checked" not in text
    for words in ("示例审计", "示例气象", "甲山城关", "没有可供公众互动的途径", "检查日 2026-11-0"):
        assert words in text


def test_what_was_chosen_is_decided_together_and_the_rest_stays(sample: Console) -> None:
    address, _ = groups(sample)["INT-01"]
    chosen = picks(sample, address)[:2]
    sent = form(sample, address, pick=chosen)
    answers = [sample.post("/review/bulk", sent) for _ in range(3)]
    assert [one.status for one in answers] == [303, 303, 303]
    assert said(sample) == [(one.split(" ", 1)[1], True, WHY) for one in chosen]
    assert sorted(statuses(sample, "INT-01").values()).count(Status.CANDIDATE) == 1
    assert len(picks(sample, address)) == 1
    assert "INT-01" not in groups(sample)
    sample.post("/review/bulk", form(sample, address, pick=picks(sample, address), choice="dismiss"))
    assert [one[1] for one in said(sample)] == [True, True, False]
    assert "没有等您处理的问题了" in sample.get(address).text


def test_one_that_changed_meanwhile_is_named_and_nothing_is_recorded(sample: Console) -> None:
    address, _ = groups(sample)["INT-01"]
    chosen = picks(sample, address)
    sent = form(sample, address, pick=chosen)
    other = chosen[1].split(" ", 1)[1]
    told = Decision(account_id=other, code="INT-01", confirmed=False, who="李四", why="有留言入口", at=TODAY)
    sample.ws.store.add_decision(sample.ws.sweep().name, told)
    answer = sample.post("/review/bulk", sent)
    assert answer.status == 422
    account = sample.ws.store.account(other)
    assert account
    assert f"一条也没有记:{account.name}" in answer.text
    assert len(said(sample)) == 1
    again = {**unseen(answer), "choice": "confirm", "why": WHY, "pick": [chosen[0], chosen[2]]}
    assert answer.text.count("checked") >= 2
    assert sample.post("/review/bulk", again).status == 303
    assert len(said(sample)) == 3


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"pick": []}, "还没有勾选"),
        ({"choice": ""}, "请先选择"),
        ({"choice": "ask"}, "请先选择"),
        ({"why": "  "}, "请写明理由"),
    ],
)
def test_half_forms_are_refused_in_words(sample: Console, told: dict[str, object], words: str) -> None:
    address, _ = groups(sample)["INT-01"]
    answer = sample.post("/review/bulk", {**form(sample, address, pick=picks(sample, address)), **told})
    assert answer.status == 422
    assert words in answer.text
    assert said(sample) == []


def test_what_is_of_another_cause_or_no_account_is_not_decided_along(sample: Console) -> None:
    address, _ = groups(sample)["INT-01"]
    other = next(own for own, one in statuses(sample, "CNT-03").items() if one is Status.CANDIDATE)
    chosen = picks(sample, address)
    for strange in (f"0 {other}", "0 nobody"):
        answer = sample.post("/review/bulk", form(sample, address, pick=[*chosen, strange]))
        assert answer.status == 422
        assert "一条也没有记" in answer.text
    for broken in ("x", "-1 a", "0 "):
        assert "勾选的内容不完整" in sample.post("/review/bulk", form(sample, address, pick=[broken])).text
    many = [f"0 made{one}" for one in range(review_bulk.MOST + 1)]
    assert f"一次最多处理 {review_bulk.MOST} 条" in sample.post("/review/bulk", form(sample, address, pick=many)).text
    assert said(sample) == []


def test_no_more_than_so_many_are_shown_at_once(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_bulk, "MOST", 2)
    address, number = groups(sample)["INT-01"]
    assert number == 3
    assert len(picks(sample, address)) == 2
    assert "这里最多列 2 条" in sample.get(address).text


def test_second_confirmations_in_bulk_take_another_person(two: Many) -> None:
    admin, city = two.as_("admin"), two.as_("city")
    address, _ = groups(admin)["INT-01"]
    chosen = picks(admin, address)
    done = admin.post("/review/bulk", form(admin, address, pick=chosen))
    assert done.status == 303
    second = next(one for code, one in groups(city, "?of=second").items() if code == "UPD-01")
    assert second[1] == 4
    of = f"{address}&of=second"
    assert picks(admin, of) == []
    assert "另有 3 条是您自己确认过的" in admin.get(of).text
    values = picks(city, of)
    assert sorted(values) == sorted(f"1 {one.split(' ', 1)[1]}" for one in chosen)
    forged = {**form(city, of, pick=values), "csrf": admin.csrf}
    refused = admin.post("/review/bulk", forged)
    assert refused.status == 422
    assert "其中 3 条您已经确认过" in refused.text
    assert len(said(admin)) == 3
    assert city.post("/review/bulk", form(city, of, pick=values)).status == 303
    assert {one.who for one in two.ws.store.decisions(two.ws.sweep().name)} == {"管理一", "市级一"}
    assert not [one for one in links(city, "/review?of=second") if "INT-01" in one and one.split("/")[2] in str(chosen)]


def test_a_forged_or_unsigned_form_is_refused(sample: Console) -> None:
    address, _ = groups(sample)["INT-01"]
    sent = form(sample, address, pick=picks(sample, address), csrf="wrong")
    assert sample.post("/review/bulk", sent).status == 403
    assert sample.post("/review/bulk", sent, cookie="").status == 401
    assert said(sample) == []


def test_nothing_to_do_in_bulk_says_so(empty: Console) -> None:
    assert "还没有检查记录" in empty.get("/review/bulk").text


@pytest.mark.browser
def test_choosing_by_keyboard_in_a_browser(two: Many, signed_in: Callable[..., Page]) -> None:
    page = signed_in(two.as_("city"))
    page.goto("/review")
    page.get_by_role("link", name="同一原因的成批复核").click()
    page.get_by_role("link", name="一起看 INT-01 的 3 条").click()
    expect(page.get_by_text("已勾选 0 条")).to_be_visible()
    page.get_by_role("checkbox", name="示例审计").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("已勾选 1 条")).to_be_visible()
    page.get_by_label("勾选的全部确认是问题").check()
    page.locator("#why").fill(WHY)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已确认 1 条;进入最终名单还要另一个人确认")
    assert len(said(two.console)) == 1


@pytest.mark.browser
def test_bulk_without_scripts(sample: Console, signed_in: Callable[..., Page]) -> None:
    address, _ = groups(sample)["INT-01"]
    page = signed_in(sample, java_script_enabled=False)
    page.goto(address)
    for box in page.locator("[name=pick]").all():
        box.check()
    page.get_by_label("勾选的全部驳回").check()
    page.locator("#why").fill("菜单里有留言入口")
    page.get_by_role("button", name="记录勾选的").click()
    assert [one[1] for one in said(sample)] == [False, False, False]
