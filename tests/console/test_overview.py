"""总览: figures that hide nothing, a sweep started, stopped and gone on with from the page, a wall that asks for a person."""

import re
import shutil
import ssl
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from adapters import BY_PLATFORM
from tests.console.conftest import TODAY, Console, Many, Serve
from tests.platforms.serve import Served, serve
from tests.soak import worlds
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk as Net
from tracker.capture import Fetchers, HostMap, Patience
from tracker.console.overview_views import WORDS, share
from tracker.judge import judge
from tracker.model import IGNORANCE, Conclusion, Route, Window
from tracker.sweep import open_sweep
from tracker.workspace import Workspace, opened


def quick(adapter: Adapter) -> Pace:
    return Pace(between_accounts=(0, 0), between_requests=0)


def slow(adapter: Adapter) -> Pace:
    return Pace(between_accounts=(0.7, 0.7), between_requests=0)


def net_of(served: Served):
    def net(ws: Workspace, secret=lambda lane: None) -> AbstractAsyncContextManager[Fetchers]:
        trust = ssl.create_default_context()
        served.ca.configure_trust(trust)
        host_map = HostMap(port=served.port, ssl=trust)
        return Net(secret, clock=lambda: TODAY, host_map=host_map, patience=Patience(answers=20, settle=0.1))

    return net


@pytest.fixture
def platforms() -> Iterator[Served]:
    with serve(worlds.world(TODAY, toutiao=4, douyin=3)) as running:
        yield running


@pytest.fixture
def live(platforms: Served, served: Serve, tmp_path: Path) -> Console:
    """An office with seven accounts that any visitor may look at, before the fake platforms; nobody looked yet."""
    root = tmp_path / "巡检 工作区"
    worlds.settled(root, platforms.world)
    return served(root, net=net_of(platforms), pace=quick)


def finish(console: Console, seconds: float = 100) -> None:
    console.desk.background.wait(seconds)
    state = console.desk.background.state
    assert state is not None
    assert not state.running
    assert not state.error, state.error


def words(console: Console, path: str = "/overview") -> str:
    return unescape(re.sub(r"<[^>]+>|\s", "", console.get(path).text))


def table(console: Console, key: str, path: str = "/overview") -> list[list[str]]:
    """The rows of a chart's table."""
    text = console.get(path).text
    part = text[text.index(f'id="{key}"') :]
    body = part[part.index("<tbody>") : part.index("</tbody>")]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return [[unescape(cell) for cell in row] for row in cells]


def test_the_figures_add_up_to_the_judgement(sample: Console) -> None:
    shown = words(sample)
    judged = sample.ws.store.last_judgement("2026-11-06")
    assert judged
    for kind in (Conclusion.FAILED, Conclusion.TO_REVIEW, Conclusion.UNCHECKED, Conclusion.PASSED):
        number = sum(one.conclusion is kind for one in judged.verdicts)
        assert f"{number}{WORDS[kind]}{share(number, 102)}" in shown
    for key in ("platform", "region", "org-type"):
        rows = table(sample, key)
        assert sum(int(row[-1]) for row in rows) == 102, key
        assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in rows), key
        assert sum(int(row[1]) for row in rows) == sum(one.conclusion is Conclusion.FAILED for one in judged.verdicts)


def test_coverage_hides_nothing(sample: Console) -> None:
    rows = table(sample, "coverage")
    assert sum(int(row[2]) for row in rows) == 2
    assert sum(int(row[3]) for row in rows) == 102
    assert "应查102个,已核查100个(98.0%),未能核查2个" in words(sample)
    assert {row[4] for row in rows if row[2] != "0"}.isdisjoint({"100.0%", ""})


def test_what_is_not_all_is_never_told_as_all() -> None:
    assert (share(99_999, 100_000), share(1, 100_000), share(0, 7), share(7, 7), share(0, 0)) == (
        "99.9%",
        "0.1%",
        "0.0%",
        "100.0%",
        "",
    )


def test_an_empty_workspace_says_what_to_do(empty: Console) -> None:
    assert "还没有判定过的批次" in words(empty)
    assert empty.get("/overview/sweep").status == 400
    assert "还没有判定" in words(empty)


def test_weekly_sweeps_stand_in_the_trend_and_can_be_looked_at(sample: Console) -> None:
    at = TODAY + timedelta(hours=1)
    day = at.date()
    weekly = open_sweep(sample.ws, "每周一", at=at, window=Window(since=day - timedelta(days=30), until=day), kind="weekly")
    found = judge(sample.ws, weekly, sample.ws.profile(), BY_PLATFORM, at=at)
    kinds = (Conclusion.FAILED, Conclusion.TO_REVIEW, Conclusion.UNCHECKED, Conclusion.PASSED)
    counted = [sum(one.conclusion is kind for one in found.verdicts) for kind in kinds]
    assert counted[2] > 2
    trend = table(sample, "trend")
    assert [(row[0], row[-1]) for row in trend] == [("2026-11-06", "正式检查"), ("每周一", "每周巡检")]
    assert trend[1][1:6] == [*map(str, counted), "102"]
    assert "批次2026-11-06,正式检查" in words(sample)
    assert f"未能核查{counted[2]}个" in words(sample, "/overview?sweep=%E6%AF%8F%E5%91%A8%E4%B8%80")
    assert sample.get("/overview?sweep=nothing").status == 400


def test_a_county_sees_its_own_figures_and_cannot_run_sweeps(many: Many) -> None:
    county, city = many.as_("county"), many.as_("city")
    region = next(user.region for user in many.ws.store.users() if user.login == "county")
    own = [one for one in many.ws.store.accounts() if one.region == region]
    shown = words(county)
    assert f"共{len(own)}个账号" in shown
    assert f"只看{region}" in shown
    assert [row[0] for row in table(county, "region")] == [region]
    assert sum(int(row[-1]) for row in table(county, "platform")) == len(own)
    assert sum(int(cell) for row in table(county, "trend") for cell in row[1:5]) == len(own)
    assert "开始巡检" not in shown
    assert county.get("/overview/sweep").status == 403
    assert county.post("/overview/sweep", {"kind": "weekly"}).status == 403
    assert county.get("/overview/running").status == 403
    assert "开始巡检" in words(city)
    assert many.as_("unit").get("/overview").status == 403


def test_the_due_part_tells_only_the_accounts_of_the_person(many: Many) -> None:
    late = TODAY + timedelta(days=9)
    many.as_("admin").desk.clock = lambda: late
    counts = []
    for who in ("city", "county"):
        told = words(many.as_(who), "/overview/due")
        found = re.search(r"到期(\d+)个,已经超过最后安全日(\d+)个,还没有见到过发布日期(\d+)个", told)
        assert found, told
        counts.append(sum(map(int, found.groups())))
        named = re.findall(r'href="/accounts/([^"]+)"', many.as_(who).get("/overview/due").text)
        assert named
        assert all(many.as_(who).get(f"/accounts/{own}").status == 200 for own in named)
    assert counts[1] < counts[0]


def test_the_plan_is_an_upper_bound_and_changes_nothing(live: Console) -> None:
    text = words(live, "/overview/sweep?kind=weekly")
    assert re.search(r"最多访问\d+次,各通道同时进行", text)
    assert "今日头条不登录" in text
    assert "共7个账号" in text
    assert live.ws.store.sweeps() == ()
    assert live.get("/overview/sweep?kind=other").status == 422


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_sweep_meets_a_wall_asks_for_a_person_and_goes_on(live: Console, platforms: Served) -> None:
    platforms.world.faults.put("captcha", platform="douyin")
    assert live.post("/overview/sweep", {"kind": "weekly"}).headers["location"] == "/overview"
    finish(live)
    shown, sweep = words(live), live.ws.store.sweep_head()
    assert sweep
    assert sweep.kind == "weekly"
    assert "抖音:需要人工" in shown
    assert "今日头条:需要人工" not in shown
    assert "已停,需要人工" in shown
    head = live.ws.store.last_head(sweep.name)
    assert head
    before = {one.account.account_id: one.conclusion for one in live.ws.store.verdicts(head)}
    douyin = {one.account_id for one in live.ws.store.accounts() if one.platform == "douyin"}
    assert {before[own] for own in douyin} == {Conclusion.UNCHECKED}
    platforms.world.faults.clear()
    answer = live.post("/overview/resume", {"sweep": sweep.name, "platform": "douyin"})
    assert answer.headers["location"] == "/overview"
    finish(live)
    assert "需要人工。批次" not in words(live)
    seen = {visit.account_id for visit in live.ws.store.visits(sweep.name) if visit.observation.outcome not in IGNORANCE}
    assert seen >= douyin
    again = live.ws.store.last_head(sweep.name)
    assert again
    assert Conclusion.UNCHECKED not in {one.conclusion for one in live.ws.store.verdicts(again)}
    toutiao = [v for v in live.ws.store.visits(sweep.name) if v.platform == "toutiao" and v.route is not Route.LINK]
    assert len(toutiao) == 4
    assert live.post("/overview/resume", {"sweep": "another", "platform": "douyin"}).status == 400


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_the_page_follows_a_sweep_that_is_stopped_and_gone_on_with(live: Console, signed_in) -> None:
    live.desk._pace = slow
    page: Page = signed_in(live)
    page.set_default_timeout(60_000)
    page.goto("/overview")
    page.get_by_role("link", name="开始巡检(正式检查)").click()
    page.get_by_role("button", name="开始", exact=True).click()
    page.get_by_role("row", name=re.compile("今日头条.*进行中")).wait_for()
    while (state := live.desk.background.state) is None or state.done < 1:
        time.sleep(0.05)
    page.get_by_role("button", name="停止巡检").click()
    page.get_by_role("button", name="接着做").wait_for()
    sweep = live.ws.store.sweep_head()
    assert sweep
    assert sweep.kind == "check"
    seen = live.ws.store.visited(sweep.name)
    assert 1 <= seen < 7
    assert page.get_by_text(f"7 个账号里看过 {seen} 个").is_visible()
    live.desk._pace = quick
    page.get_by_role("button", name="接着做").click()
    page.get_by_text(re.compile("上一次巡检.*看到了")).wait_for()
    assert live.ws.store.visited(sweep.name) == 7
    assert len({v.account_id for v in live.ws.store.visits(sweep.name)}) == len(live.ws.store.visits(sweep.name)) == 7
    page.get_by_text("应查 7 个,已核查 7 个(100.0%),未能核查 0 个").first.wait_for()


@pytest.mark.browser
def test_charts_are_drawn_within_the_policy_and_say_the_same_as_their_tables(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample, reduced_motion="reduce")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto("/overview")
    page.wait_for_selector("figure.chart[data-drawn] canvas")
    page.get_by_text("天之内到期").wait_for()
    assert told == []
    assert page.locator("figure.chart canvas").count() == 5
    drawn = page.evaluate(
        """() => [...document.querySelectorAll("figure.chart")].map((figure) => {
            const shown = echarts.getInstanceByDom(figure.querySelector(".plot")).getOption();
            return [figure.id, shown.animation, shown.series.map((one) => [one.name, one.data])];
        })"""
    )
    for key, moves, series in drawn:
        rows = table(sample, key)
        assert moves is False
        for column, (_, numbers) in enumerate(series, 1):
            assert numbers == [int(row[column]) for row in rows], key
    for plot in page.locator("figure.chart .plot").all():
        assert "图:" in (plot.get_attribute("aria-label") or "")
    page.locator("#region summary").click()
    assert page.get_by_role("table", name="各县区结果").is_visible()


@pytest.mark.browser
def test_without_scripts_the_numbers_can_be_read(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample, java_script_enabled=False)
    page.goto("/overview")
    page.locator("#platform summary").click()
    assert page.get_by_role("table", name="各平台结果").is_visible()
    assert page.get_by_role("link", name="“提醒”").is_visible()


def test_another_open_workspace_counts_the_same(sample: Console, tmp_path: Path) -> None:
    """The counts are kept in memory by number: they must be those of the stored rows."""
    copy = tmp_path / "copy"
    shutil.copytree(sample.ws.root, copy)
    head = sample.ws.store.last_head("2026-11-06")
    assert head
    with opened(copy) as ws:
        assert ws.store.cells(head) == sample.ws.store.cells(head)
        assert sum(one.number for one in ws.store.totals([head.number])) == head.total
