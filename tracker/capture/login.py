"""A person logs in (登录) in a window of this computer; what is kept is the storage state, once the control account reads well.

Nothing is typed, solved or clicked by the program. The browser runs on a profile in memory: no cookie of it reaches a disk.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route, async_playwright
from playwright.async_api import Error as PlaywrightError

from tracker.adapter import Adapter, Ask
from tracker.capture.browsers import open_browser
from tracker.capture.control import look_at, reads_well
from tracker.capture.fence import ignore_gone
from tracker.capture.guard import Guard, Refused
from tracker.capture.page import PageVisit, Patience
from tracker.capture.ports import HostMap
from tracker.clock import Clock, now
from tracker.errors import Transport, UsageError
from tracker.model import Exchange, Visit

_TICK = 0.5
"""Seconds between two looks at the cookie jar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """How a person's window is opened and waited for. `headless` and `host_map` are for tests; times in seconds."""

    headless: bool = False
    host_map: HostMap | None = None
    patience: Patience = field(default_factory=Patience)
    wait: float = 300.0
    """So long a person may take."""
    again: float = 60.0
    """With the same cookies the control account is read again after so long."""
    clock: Clock = now


async def log_in(
    adapter: Adapter, control: Visit, *, start: str, hosts: frozenset[str], cookies: frozenset[str], desktop: Desktop
) -> Mapping[str, object]:
    """The storage state of a login that reads the control account well; the window closes by itself then.

    `hosts` may be opened beside the adapter's own; `cookies` name what a login lives in: the control is read when they change.
    Raises UsageError, having kept nothing, when no window opens, it is closed, or the time is over.
    """
    async with async_playwright() as playwright:
        browser = await _open(playwright, desktop)
        try:
            context = await _context(browser, Guard(adapter.hosts | hosts, desktop.host_map), desktop)
            page = await context.new_page()
            await ignore_gone(page.goto(start, wait_until="domcontentloaded"))
            return await _Waiting(adapter, control, context, cookies, desktop).until_it_reads()
        except PlaywrightError as error:
            if browser.is_connected() and not desktop.headless:
                raise UsageError("登录窗口出了问题,什么也没有保存;请再试一次") from error
            raise _closed() from error
        finally:
            await ignore_gone(browser.close())


async def _open(playwright: Playwright, desktop: Desktop) -> Browser:
    rules = [f"--host-resolver-rules=MAP * 127.0.0.1:{desktop.host_map.port}, EXCLUDE localhost"] if desktop.host_map else []
    try:
        browser, _ = await open_browser(playwright, rules, headless=desktop.headless)
    except UsageError as error:
        raise UsageError(f"打不开登录窗口;登录要在有桌面的电脑上做,不能在没有屏幕的服务器上。{error}") from error
    return browser


async def _context(browser: Browser, guard: Guard, desktop: Desktop) -> BrowserContext:
    context = await browser.new_context(
        ignore_https_errors=desktop.host_map is not None,
        no_viewport=not desktop.headless,
        accept_downloads=False,
        service_workers="block",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )

    async def gate(route: Route) -> None:
        await ignore_gone(route.continue_() if await _admits(guard, route) else route.abort())

    await context.route("**/*", gate)
    return context


async def _admits(guard: Guard, route: Route) -> bool:
    """Documents of the named hosts only; what they load must be https and public."""
    url = route.request.url
    try:
        if route.request.is_navigation_request():
            guard.check(url)
        await guard.check_public(url)
    except Refused:
        return False
    return url.startswith(("https://", "data:", "blob:"))


def _closed() -> UsageError:
    return UsageError("登录窗口已关闭,还没有登录成功,什么也没有保存;需要时请再运行一次")


class _Waiting:
    """Watches the cookies of a window, and reads the control account in a tab of it whenever they have changed."""

    def __init__(
        self, adapter: Adapter, control: Visit, context: BrowserContext, cookies: frozenset[str], desktop: Desktop
    ) -> None:
        self._adapter, self._control, self._context = adapter, control, context
        self._cookies, self._desktop = cookies, desktop
        self._why = "没有看到登录"

    async def until_it_reads(self) -> Mapping[str, object]:
        time = asyncio.get_running_loop().time
        end, tried, at = time() + self._desktop.wait, frozenset[tuple[str, str]](), float("-inf")
        while time() < end:
            if not self._context.pages:
                raise _closed()
            jar = await self._jar()
            if jar and (jar != tried or time() - at >= self._desktop.again):
                tried, at = jar, time()
                if await self._reads():
                    return cast(Mapping[str, object], await self._context.storage_state())
            await asyncio.sleep(_TICK)
        minutes = max(1, round(self._desktop.wait / 60))
        raise UsageError(f"等了{minutes}分钟没有登录成功({self._why}),窗口已关闭,什么也没有保存;请再运行一次")

    async def _jar(self) -> frozenset[tuple[str, str]]:
        held = await self._context.cookies()
        return frozenset((one.get("name", ""), one.get("value", "")) for one in held if one.get("name") in self._cookies)

    async def _reads(self) -> bool:
        page = await self._context.new_page()
        try:
            said = await look_at(self._adapter, self._control, _Tab(page, self._adapter, self._desktop))
        finally:
            await ignore_gone(page.close())
        self._why = said.detail or str(said.outcome)
        return reads_well(self._control, said)


class _Tab:
    """A fetcher on one tab of the person's window."""

    def __init__(self, page: Page, adapter: Adapter, desktop: Desktop) -> None:
        self._page, self._desktop = page, desktop
        self._guard = Guard(adapter.hosts, desktop.host_map)

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """The document and its awaited answers; status 0 with the reason when none came."""
        desktop = self._desktop
        try:
            return await PageVisit(self._page, ask, self._guard, clock=desktop.clock, patience=desktop.patience).run()
        except Transport as error:
            return [Exchange(page=ask.page, url=ask.url, status=0, body=str(error).encode(), at=desktop.clock())]

    async def close(self) -> None:
        """Nothing: the tab is closed by whoever opened it."""
