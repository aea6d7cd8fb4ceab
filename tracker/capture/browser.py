"""Pages through a real browser: one shared browser, one context and one page per lane; a dead one is started again."""

import asyncio
from typing import cast

from playwright.async_api import Browser, BrowserContext, Page, Playwright, StorageState, async_playwright
from playwright.async_api import Error as PlaywrightError

from tracker.adapter import Ask
from tracker.capture import clean
from tracker.capture.browsers import open_browser
from tracker.capture.guard import Guard
from tracker.capture.page import PageVisit, Patience
from tracker.capture.ports import HostMap, Secret, Session, Tools, Unable
from tracker.capture.retry import Unanswered, persist
from tracker.errors import Transport, UsageError
from tracker.model import Exchange, Visit

PAGES_AT_ONCE = 4
"""Four pages in flight fill 2 cores (toolchain.md)."""
PAGES_PER_CONTEXT = 150
"""After so many pages a lane gets a fresh context: memory grows slowly (toolchain.md)."""
NO_BROWSER = "本机没有能启动的浏览器;装好 Chrome、Edge 或运行 playwright install chromium 后再巡检一次"


class Chromium:
    """The shared browser: launched at first use, launched again when it has died."""

    def __init__(self, host_map: HostMap | None = None, *, pages_at_once: int = PAGES_AT_ONCE) -> None:
        self._args = ["--blink-settings=imagesEnabled=false"]
        if host_map:
            self._args.append(f"--host-resolver-rules=MAP * 127.0.0.1:{host_map.port}, EXCLUDE localhost")
        self._trusting = host_map is not None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._missing = False
        self._launching = asyncio.Lock()
        self.slots = asyncio.Semaphore(pages_at_once)

    async def context(self, secret: Secret | None) -> BrowserContext:
        """A fresh context, with the session's cookies where there is one. Raises Unable when no browser launches."""
        browser = await self._alive()
        state = dict(secret.storage_state) if isinstance(secret, Session) else None
        return await browser.new_context(
            storage_state=cast(StorageState, state) if state else None,
            ignore_https_errors=self._trusting,
            service_workers="block",
            accept_downloads=False,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 900},
        )

    async def _alive(self) -> Browser:
        async with self._launching:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._launch(self._playwright)
            return self._browser

    async def _launch(self, playwright: Playwright) -> Browser:
        if self._missing:
            raise Unable(NO_BROWSER)
        try:
            browser, _ = await open_browser(playwright, self._args)
        except UsageError as error:
            self._missing = True
            raise Unable(NO_BROWSER) from error
        return browser

    async def close(self) -> None:
        """End the browser and the driver."""
        if self._browser and self._browser.is_connected():
            await self._browser.close()
        if self._playwright:
            await self._playwright.stop()
        self._browser = self._playwright = None


class BrowserFetcher:
    """Pages of one lane, within one guard's hosts."""

    def __init__(
        self,
        chromium: Chromium,
        guard: Guard,
        *,
        tools: Tools,
        secret: Secret | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._chromium, self._guard, self._tools = chromium, guard, tools
        self._secret, self._secrets = secret, clean.secrets_of(secret)
        self._patience = patience or Patience()
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._opened = 0

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """The document (page name of the ask) and each awaited answer in order of arrival; status 0 when no document came.

        A redirect to a host outside the guard is an exchange with its 3xx status and `location`; nothing there is opened.
        """
        found: list[Exchange] = []

        async def once() -> Exchange:
            found[:] = await self._once(ask)
            if found[0].status >= 500:
                raise Unanswered(found[0])
            return found[0]

        # A page is reloaded at most once (formats/, politeness)
        first = await persist(once, lambda why: self._failed(ask, why), tools=self._tools, tries=2)
        return [clean.exchange(exchange, self._secrets) for exchange in (found or [first])]

    async def close(self) -> None:
        """Close the lane's context; the browser stays for the others."""
        context, self._context, self._page = self._context, None, None
        if context:
            await _quietly(context)

    def _failed(self, ask: Ask, why: str) -> Exchange:
        return Exchange(page=ask.page, url=ask.url, status=0, body=why.encode(), at=self._tools.clock())

    async def _once(self, ask: Ask) -> list[Exchange]:
        if not self._guard.admits(ask.url):
            return [self._failed(ask, "拒绝打开不在允许清单内的地址")]
        async with self._chromium.slots:
            try:
                return await self._look(ask)
            except PlaywrightError as error:
                await self.close()
                raise Transport(f"浏览器打不开页面({_code(error)})") from error

    async def _look(self, ask: Ask) -> list[Exchange]:
        page = await self._fresh_page()
        self._opened += 1
        return await PageVisit(page, ask, self._guard, clock=self._tools.clock, patience=self._patience).run()

    async def _fresh_page(self) -> Page:
        if self._opened >= PAGES_PER_CONTEXT:
            await self.close()
        if self._page is None or self._page.is_closed():
            await self.close()
            self._opened = 0
            self._context = await self._chromium.context(self._secret)
            self._page = await self._context.new_page()
            self._context.on("page", lambda popup: asyncio.ensure_future(popup.close()))
        return self._page


async def _quietly(context: BrowserContext) -> None:
    try:
        await context.close()
    except PlaywrightError:
        return  # the browser died first


def _code(error: PlaywrightError) -> str:
    word = next((word for word in error.message.split() if word.startswith("net::")), "")
    return word or type(error).__name__
