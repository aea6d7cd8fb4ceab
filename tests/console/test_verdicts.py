"""结果: pages, filters, sorting of the last judgement; a big check is judged behind the page, once, and says so meanwhile."""

import re
import time
from collections.abc import Callable
from html import unescape

import pytest
from playwright.sync_api import Page

from tests.console.conftest import TODAY, Console, Many
from tracker.console import checks, tasks
from tracker.model import Conclusion, Decision, Status

ROW = re.compile(r'data-title="名称"><a href="/accounts/([^"?/]+)">')
NEXT = re.compile(r'href="([^"]*)" rel="next"')


def walked(console: Console, address: str) -> list[str]:
    found: list[str] = []
    while address:
        text = console.get(address).text
        found += ROW.findall(text)
        more = NEXT.search(text)
        address = unescape(more[1]) if more else ""
    return found


def test_every_verdict_is_on_one_page_in_each_order(sample: Console) -> None:
    sweep = sample.ws.sweep()
    everyone = [one.account_id for one in sweep.accounts]
    assert walked(sample, "/verdicts") == everyone
    for order in ("name", "latest", "idle"):
        for down in ("", "&down=1"):
            assert sorted(walked(sample, f"/verdicts?order={order}{down}")) == sorted(everyone)
    judged = sample.ws.store.last_judgement(sweep.name)
    assert judged
    days = {one.account.account_id: one.idle_days.least if one.idle_days else -1 for one in judged.verdicts}
    assert [days[own] for own in walked(sample, "/verdicts?order=idle&down=1")] == sorted(days.values(), reverse=True)


def test_filters_and_words_say_how_many_fit(sample: Console) -> None:
    judged = sample.ws.store.last_judgement(sample.ws.sweep().name)
    assert judged
    failed = [one.account.account_id for one in judged.verdicts if one.conclusion is Conclusion.UNCHECKED]
    text = sample.get("/verdicts?conclusion=unchecked").text
    assert ROW.findall(text) == failed
    assert f"符合条件 {len(failed)} 个" in text
    assert "没有符合条件的账号" in sample.get("/verdicts?q=%25_%27").text
    assert sample.get("/verdicts?order=data").status == 400
    assert "第一页" in sample.get("/verdicts?after=1%20OR%201").text


def test_nobody_looked_yet(empty: Console) -> None:
    assert "还没有检查记录" in empty.get("/verdicts").text


@pytest.fixture
def big(sample: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """The sample as if it were a province."""
    monkeypatch.setattr(checks, "SMALL", 10)
    monkeypatch.setattr(tasks, "SMALL", 10)
    monkeypatch.setattr("tracker.console.pages.listing.SMALL", 10)
    return sample


def settled(console: Console) -> None:
    console.desk.judging.wait(60)
    assert console.desk.judging.state
    assert console.desk.judging.state.error == ""


def test_a_big_check_shows_its_last_judgement_while_it_is_judged_behind_the_page(big: Console) -> None:
    sweep = big.ws.sweep()
    before = big.ws.store.last_head(sweep.name)
    assert before
    big.ws.store.add_decision(sweep.name, decision(big))
    text = big.get("/verdicts").text
    assert "正在重新判定" in text
    assert len(ROW.findall(text)) == 50
    answer = big.post("/list/export", {"kind": "csv"})
    last = big.ws.store.last_head(sweep.name)
    assert last
    assert answer.status == 400 or last.number != before.number
    settled(big)
    last = big.ws.store.last_head(sweep.name)
    assert last
    assert last.number > before.number
    assert "正在重新判定" not in big.get("/verdicts").text
    assert "已判定完" in big.get("/verdicts/judging").text
    again = big.ws.store.last_head(sweep.name)
    assert again
    assert again.number == last.number


def decision(console: Console) -> Decision:
    judged = console.ws.store.last_judgement(console.ws.sweep().name)
    assert judged
    own, code = next(
        (one.account.account_id, each.code) for one in judged.verdicts for each in one.findings if each.status is Status.CANDIDATE
    )
    return Decision(account_id=own, code=code, confirmed=True, who="甲", why="", at=TODAY)


def test_what_was_decided_leaves_the_review_before_the_judging_is_done(big: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    text = big.get("/review").text
    settled_before = int(re.findall(r"有 <strong>(\d+)</strong>", text)[0])
    # the judging is held back: the list must not wait for it
    monkeypatch.setattr(big.desk.judging, "start", lambda title, work: True)
    done = decision(big)
    big.ws.store.add_decision(big.ws.sweep().name, done)
    text = big.get("/review").text
    assert f"有 <strong>{settled_before - 1}</strong>" in text
    assert f'/review/{done.account_id}/{done.code}"' not in text
    assert f'/review/{done.account_id}/{done.code}"' in big.get("/review?of=done").text


def test_a_judging_that_fails_is_said_and_not_begun_again_by_every_page(big: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def broken(*told: object, **more: object) -> object:
        from tracker.errors import UsageError

        begun.append("x")
        raise UsageError("口径坏了")

    monkeypatch.setattr(checks, "judge_streamed", broken)
    big.ws.store.add_decision(big.ws.sweep().name, decision(big))
    big.get("/verdicts")
    big.desk.judging.wait(10)
    for _ in range(3):
        assert "口径坏了" in big.get("/verdicts").text
    assert len(begun) == 1


def test_the_list_and_the_work_list_of_a_big_check(big: Console) -> None:
    text = big.get("/list").text
    assert text.count("未复核</td>") == 9
    assert "正在更新待看名单" in big.get("/looks").text
    big.desk.working.wait(60)
    deadline = time.monotonic() + 20
    while "正在更新" in big.get("/looks").text and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "待看" in big.get("/looks").text
    assert big.get("/").status == 200


def test_a_person_sorts_and_filters_in_the_browser(sample: Console, signed_in: Callable[..., Page]) -> None:
    page = signed_in(sample)
    page.goto("/verdicts")
    page.get_by_role("link", name="未更新天数").click()
    page.get_by_role("link", name="未更新天数 ↑").click()
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("未更新天数")
    page.get_by_label("结果").select_option("failed")
    page.get_by_role("button", name="查找").click()
    words = set(page.locator("td .word").all_inner_texts())
    assert words == {"不合格"}
    assert "order=idle" in page.url
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_county_sees_its_own_accounts_in_every_list_and_changes_none(many: Many) -> None:
    county = many.as_("county")
    own = {one.account_id for one in many.ws.store.accounts() if one.region == "甲山县"}
    other = next(one.account_id for one in many.ws.store.accounts() if one.region != "甲山县")
    assert set(walked(county, "/verdicts")) == own
    assert set(walked(county, "/accounts")) == own
    assert "共 10 个账号" in county.get("/verdicts").text
    assert "台账共 10 个账号" in county.get("/accounts?region=%E4%B9%99%E6%B0%B4%E5%8E%BF").text
    assert walked(county, "/accounts?region=%E4%B9%99%E6%B0%B4%E5%8E%BF") == []
    looked = set(re.findall(r'href="/looks/([^"?/]+)"', county.get("/looks").text)) - {"next"}
    assert looked <= own
    assert other not in county.get("/looks").text
    assert "更正" not in county.get("/accounts").text
    assert county.get(f"/accounts/{next(iter(own))}/edit").status == 403
    assert county.get("/list").status == 403
    assert many.as_("unit").get("/verdicts").status == 403
    assert many.as_("city").get("/verdicts").status == 200
    assert len(walked(many.as_("city"), "/verdicts")) == 102
