"""粘贴链接: found, opened in the background through the real engine at the fake platforms, walls told, stoppable."""

import io
import json
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from playwright.sync_api import Page

from tests.console.conftest import TODAY, Console, Serve
from tests.platforms.serve import Served, serve
from tests.platforms.world import article_url
from tests.samples import city
from tracker import demo, logs
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk as Net
from tracker.capture import Fetchers, HostMap, Patience
from tracker.model import Route
from tracker.workspace import Workspace

FIELDS = {
    "place": "示例市",
    "scope": "全市政府系统",
    "profile": "baoji",
    "period": "2026年第四季度",
    "first": "2026-10-26",
    "last": "2026-11-06",
    "persons": "1",
}


def quick(adapter: Adapter) -> Pace:
    return Pace(between_accounts=(0, 0), between_requests=0)


def slow(adapter: Adapter) -> Pace:
    return Pace(between_accounts=(0.4, 0.4), between_requests=0)


def net_of(served: Served):
    def net(ws: Workspace) -> AbstractAsyncContextManager[Fetchers]:
        trust = ssl.create_default_context()
        served.ca.configure_trust(trust)
        host_map = HostMap(port=served.port, ssl=trust)
        return Net(clock=lambda: TODAY, host_map=host_map, patience=Patience(answers=20, settle=0.1))

    return net


@pytest.fixture
def platforms() -> Iterator[Served]:
    with serve(city.world()) as running:
        yield running


@pytest.fixture
def live(platforms: Served, served: Serve) -> Console:
    """An office with the invented city's registry, its links not yet pasted, before the fake platforms."""
    console = served(net=net_of(platforms), pace=quick)
    raw = (demo.samples() / "registry.xlsx").read_bytes()
    assert console.upload("/setup", {"file": ("台账.xlsx", raw)}, FIELDS).status == 303
    return console


def articles(served: Served, count: int) -> list[str]:
    found = [(a, a.posts[0]) for a in served.world.accounts if a.platform == "weixin" and a.posts]
    return [article_url(account, post) for account, post in found[:count]]


def finish(console: Console, seconds: float = 60) -> None:
    console.desk.background.wait(seconds)
    state = console.desk.background.state
    assert state is not None
    assert not state.running


def text(console: Console) -> str:
    return console.get("/links").text


def test_a_paste_says_found_new_and_not_ours(live: Console, platforms: Served) -> None:
    one, two = articles(platforms, 2)
    told = f"工作群 11:48 {one} 谢谢\n{two}\n{one}\nhttps://evil.example/x\n"
    answer = live.post("/links", {"text": told})
    assert answer.status == 303
    shown = live.get(answer.headers["location"]).text
    assert "找到 2 个链接,其中新的 2 个" in shown
    assert "不认识的链接 1 个,重复的 1 个" in shown
    assert "https://evil.example/x" in shown
    assert "打开这 2 个链接" in shown
    assert live.post("/links", {"text": "  "}).status == 400


def test_the_links_are_opened_in_the_background_and_told(live: Console, platforms: Served) -> None:
    urls = articles(platforms, 5)
    live.post("/links", {"text": "\n".join(urls)})
    said = io.StringIO()
    logs.configure(stream=said)
    assert live.post("/links/run").status == 303
    finish(live)
    logs.configure()
    ended = [one for line in said.getvalue().splitlines() if (one := json.loads(line))["event"] == "visit.ended"]
    assert len(ended) == 5
    assert {(one["route"], one["outcome"], one["sweep"]) for one in ended} == {("link", "ok", "2026-11-06")}
    shown = text(live)
    assert "打开了 5 个链接" in shown
    assert shown.count(">已对应<") == 5
    visits = live.ws.store.visits(live.ws.sweep().name)
    assert {visit.url for visit in visits if visit.route is Route.LINK} == set(urls)
    assert all(visit.account_id for visit in visits)
    assert live.ws.sweep().period == "2026Q4"
    assert live.ws.store.last_judgement(live.ws.sweep().name) is not None
    assert "没有等着打开的链接" in shown
    live.post("/links/run")
    finish(live)
    assert len(live.ws.store.visits(live.ws.sweep().name)) == 5


def test_a_wall_stops_its_lane_and_asks_for_a_person(live: Console, platforms: Served) -> None:
    platforms.world.faults.put("captcha", platform="weixin")
    live.post("/links", {"text": "\n".join(articles(platforms, 4))})
    live.post("/links/run")
    finish(live)
    shown = text(live)
    assert "通道已停,需要人工" in shown
    assert "已对应" not in shown
    assert "打开这 4 个链接" in shown
    platforms.world.faults.clear()
    live.post("/links/run")
    finish(live)
    assert text(live).count(">已对应<") == 4


def test_it_can_be_stopped_and_goes_on_later(live: Console, platforms: Served) -> None:
    live.desk._pace = slow
    live.post("/links", {"text": "\n".join(articles(platforms, 20))})
    live.post("/links/run")
    while (state := live.desk.background.state) is None or state.done < 2:
        time.sleep(0.02)
    assert live.post("/links/run").headers["location"].startswith("/links?notice=")
    assert "停止" in text(live)
    assert live.post("/sample/leave").status == 400
    live.post("/links/stop")
    finish(live, 20)
    opened = len(live.ws.store.visits(live.ws.sweep().name))
    assert 2 <= opened < 20
    assert f"打开这 {20 - opened} 个链接" in text(live)
    live.desk._pace = quick
    live.post("/links/run")
    finish(live)
    assert len({visit.url for visit in live.ws.store.visits(live.ws.sweep().name)}) == 20


def test_links_of_an_earlier_period_are_not_opened_again(live: Console, platforms: Served) -> None:
    from datetime import timedelta

    from tracker.links import paste

    early = TODAY - timedelta(days=40)
    paste(live.ws, articles(platforms, 1)[0], live.desk.adapters, who="甲", at=early)
    assert "没有等着打开的链接" in text(live)


def test_without_a_registry_it_says_so(empty: Console) -> None:
    assert "台账还是空的" in text(empty)
    assert empty.post("/links/run").status == 400


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_follows_the_work(live: Console, platforms: Served, signed_in, scripts: bool) -> None:
    live.desk._pace = slow
    page: Page = signed_in(live, java_script_enabled=scripts)
    page.goto("/links")
    page.fill("#text", "\n".join(articles(platforms, 6)))
    page.get_by_role("button", name="收下链接").click()
    page.get_by_role("button", name=re.compile("打开这 6 个链接")).click()
    page.wait_for_selector("progress")
    for _ in range(40):
        if page.get_by_text("打开了 6 个链接").count():
            break
        page.wait_for_timeout(500)
        if not scripts:
            page.reload()
    assert page.get_by_text("打开了 6 个链接").is_visible()
    assert page.get_by_text("已对应", exact=True).count() == 6
