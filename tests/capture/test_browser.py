import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.capture.fake import DEMO, tools, visit_of
from tests.capture.server import World
from tests.capture.test_http import LOGIN
from tracker.adapter import Ask, Await, Click, Scroll, Tab
from tracker.capture import Candidate, HostMap, Patience, Session, html_to_pdf
from tracker.capture.browser import BrowserFetcher, Chromium
from tracker.capture.browsers import candidates, find_browser
from tracker.capture.guard import Guard
from tracker.errors import UsageError
from tracker.model import Exchange, Route

pytestmark = pytest.mark.browser
QUICK = Patience(load=10, answers=4, settle=0.3, before_step=1)
PROFILE = Await(page="profile", url_pattern=r"/ajax/profile")
LISTED = Await(page="list", url_pattern=r"/ajax/list\?page=2")


@pytest.fixture(autouse=True)
def _needs(chromium: Candidate) -> None:
    """Every test here needs a browser that launches."""


def look(
    host_map: HostMap, *asks: Ask, session: Session | None = None, between: Callable[[], None] | None = None
) -> list[list[Exchange]]:
    async def go() -> list[list[Exchange]]:
        chromium = Chromium(host_map)
        fetcher = BrowserFetcher(chromium, Guard(DEMO.hosts, host_map), tools=tools(), secret=session, patience=QUICK)
        found = []
        try:
            for ask in asks:
                found.append(await fetcher.fetch(ask, visit_of(route=Route.BROWSER)))
                if between:
                    between()
            return found
        finally:
            await fetcher.close()
            await chromium.close()

    return asyncio.run(go())


def page(path: str, *awaits: Await, steps: tuple[Scroll | Click | Tab, ...] = ()) -> Ask:
    url = f"https://a.test{path}" if path.startswith("/") else path
    return Ask(page="home", url=url, await_=awaits, steps=steps)


def test_the_document_and_the_answers_of_its_own_scripts_come(world: World, host_map: HostMap) -> None:
    ((home, profile),) = look(host_map, page("/page", PROFILE))
    assert (home.page, home.status, home.title) == ("home", 200, "示例发布的主页")
    assert b"<title>" in home.body
    assert (profile.page, profile.status) == ("profile", 200)
    assert b'"id":7' in profile.body
    assert "planted-token" not in profile.url


def test_media_clear_text_and_foreign_answers_stay_out(world: World, host_map: HostMap) -> None:
    ((_, *answers),) = look(host_map, page("/page", PROFILE))
    assert not world.asked("/pixel.png")
    assert not world.asked("/image-without-ending")
    assert not world.asked("/font.woff2")
    assert not world.asked("/film.mp4")
    assert not world.asked("/plain")
    assert {answer.url.split("/")[2] for answer in answers} == {"a.test"}


def test_scrolling_brings_the_second_page_and_its_answer(world: World, host_map: HostMap) -> None:
    ((_, *answers),) = look(host_map, page("/page", PROFILE, LISTED, steps=(Scroll(times=1),)))
    assert [answer.page for answer in answers] == ["profile", "list"]


@pytest.mark.parametrize("step", [Click(selector="button"), Tab(text="评论")])
def test_a_click_is_made_and_an_absent_target_is_nothing(world: World, host_map: HostMap, step: Click | Tab) -> None:
    clicked = Await(page="clicked", url_pattern="/ajax/clicked")
    steps = (Click(selector="#absent"), Tab(text="没有这个"), step)
    ((_, *answers),) = look(host_map, page("/page", clicked, steps=steps))
    assert [answer.page for answer in answers] == ["clicked"]


def test_an_answer_that_never_comes_is_waited_for_no_longer_than_told(world: World, host_map: HostMap) -> None:
    ((home,),) = look(host_map, page("/page", Await(page="never", url_pattern="/never")))
    assert home.status == 200


@pytest.mark.parametrize("target", ["https://foreign.test/login?from=here", "https://169.254.169.254/", "http://a.test/page"])
def test_a_redirect_to_another_host_is_an_exchange_and_not_opened(world: World, host_map: HostMap, target: str) -> None:
    ((home, *rest),) = look(host_map, page(f"/go?to={target}", PROFILE))
    assert (home.status, home.headers["location"]) == (302, target)
    assert rest == []
    assert world.hosts() == {"a.test"}


def test_a_script_that_leads_away_is_told_beside_the_document(world: World, host_map: HostMap) -> None:
    ((home, away),) = look(host_map, page("/script-go?to=https://foreign.test/login", PROFILE))
    assert home.status == 200
    assert (away.status, away.headers["location"]) == (302, "https://foreign.test/login")
    assert world.hosts() == {"a.test"}


def test_a_redirect_within_the_hosts_is_followed(world: World, host_map: HostMap) -> None:
    ((home, profile),) = look(host_map, page("/go?to=https://api.test/page", PROFILE))
    assert (home.status, home.url, profile.url[:21]) == (200, "https://api.test/page", "https://api.test/ajax")


def test_a_first_address_outside_the_hosts_is_never_opened(world: World, host_map: HostMap) -> None:
    ((home,),) = look(host_map, page("https://foreign.test/page"))
    assert home.status == 0
    assert world.log == []


def test_the_page_is_reused_and_answers_do_not_leak_into_the_next(world: World, host_map: HostMap) -> None:
    first, second, third = look(host_map, page("/page", PROFILE), page("/plain/two"), page("/page", PROFILE))
    assert [exchange.page for exchange in first] == [exchange.page for exchange in third] == ["home", "profile"]
    assert [exchange.status for exchange in second] == [200]


def test_a_login_reaches_its_host_and_is_found_nowhere_in_what_came(world: World, host_map: HostMap) -> None:
    ((home, profile),) = look(host_map, page("/page", PROFILE), session=LOGIN)
    assert "SUB=planted-cookie" in world.asked("/ajax/profile")[0]["cookie"]
    assert b"redacted" in profile.body
    for exchange in (home, profile):
        assert b"planted-cookie" not in repr(exchange).encode()
    assert "planted-cookie" not in repr(LOGIN)


def test_a_busy_page_is_reloaded_once(world: World, host_map: HostMap) -> None:
    world.fail_times = 1
    ((home,),) = look(host_map, page("/flaky"))
    assert (home.status, len(world.asked("/flaky"))) == (200, 2)
    world.fail_times = 9
    ((home,),) = look(host_map, page("/flaky"))
    assert (home.status, len(world.asked("/flaky"))) == (503, 4)


def _children() -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        found.append((int(folder.name), parent))
    ours, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, parent in found if parent in ours} - ours
        grown, ours = bool(more), ours | more
    return sorted(ours - {os.getpid()})


def _kill_browser() -> None:
    for pid in _children():
        line = Path(f"/proc/{pid}/cmdline")
        words = line.read_bytes() if line.exists() else b""
        if b"--host-resolver-rules" in words and b"--type=" not in words:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to find the browser's own process")
def test_a_browser_that_died_is_started_again(world: World, host_map: HostMap) -> None:
    first, second = look(host_map, page("/page", PROFILE), page("/page", PROFILE), between=_kill_browser)
    assert [exchange.status for exchange in first] == [exchange.status for exchange in second] == [200, 200]


def test_no_browser_is_told_with_every_attempt_and_three_mends(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        find_browser({"TRACKER_BROWSER": str(tmp_path / "none"), "PATH": ""})
    assert "TRACKER_BROWSER=" in str(told.value)
    assert all(mend in str(told.value) for mend in ("playwright install chromium", "apt install", "TRACKER_BROWSER 设为"))


def test_the_order_of_browsers(tmp_path: Path) -> None:
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    titles = [candidate.title for candidate in candidates({"PATH": str(tmp_path)})]
    assert titles[:3] == ["Playwright 自带的 Chromium", "Google Chrome", "Microsoft Edge"]
    assert [Path(title).name for title in titles[3:]] == ["chromium-headless-shell", "chromium"]
    (only,) = candidates({"TRACKER_BROWSER": "msedge"})
    assert (only.channel, only.path) == ("msedge", "")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to find the browser's own process")
def test_a_browser_that_dies_in_the_middle_of_a_page_loses_no_answer(world: World, host_map: HostMap) -> None:
    killed = []

    def kill_once() -> None:
        if not killed and world.asked("/ajax/profile"):
            killed.append(1)
            _kill_browser()

    async def go() -> list[Exchange]:
        chromium = Chromium(host_map)
        # long enough for a busy machine to come round to the killing before the waiting is over
        fetcher = BrowserFetcher(chromium, Guard(DEMO.hosts, host_map), tools=tools(), patience=replace(QUICK, answers=12))
        never = Await(page="never", url_pattern="/never")
        fetching = asyncio.ensure_future(fetcher.fetch(page("/page", PROFILE, never), visit_of(route=Route.BROWSER)))
        while not fetching.done():
            kill_once()
            await asyncio.sleep(0.05)
        await fetcher.close()
        await chromium.close()
        return await fetching

    found = asyncio.run(go())
    assert killed
    assert [exchange.status for exchange in found] == [200, 200]
    # whichever came first: answers that were read before the end need no second page
    assert len(world.asked("/page")) in (1, 2)


def test_html_becomes_pdf_with_the_page_size_of_its_css(tmp_path: Path) -> None:
    wide, plain = tmp_path / "宽.html", tmp_path / "plain.html"
    wide.write_text("<style>@page { size: A4 landscape }</style><p>不合格名单</p>", encoding="utf-8")
    plain.write_text("<p>不合格名单</p>", encoding="utf-8")
    sizes = []
    for html in (wide, plain):
        html_to_pdf(html, html.with_suffix(".pdf"))
        raw = html.with_suffix(".pdf").read_bytes()
        assert raw.startswith(b"%PDF-")
        box = raw.partition(b"/MediaBox [")[2].partition(b"]")[0].split()
        sizes.append((float(box[2]), float(box[3])))
    assert sizes[0][0] > sizes[0][1]
    assert sizes[1][0] < sizes[1][1]
    assert abs(sizes[1][1] - 842) < 2
