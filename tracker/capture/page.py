"""One look at one page: the fence before, the listeners before `goto`, the waiting after."""

import asyncio
import re
from dataclasses import dataclass, replace

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tracker.adapter import Ask, Click, Scroll, Step, Tab
from tracker.capture import clean
from tracker.capture.fence import Fence, ignore_gone
from tracker.capture.guard import Guard
from tracker.capture.http import BODY_CAP
from tracker.clock import Clock
from tracker.errors import Transport
from tracker.model import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a page is waited for, in seconds: the document, all awaited answers, the time after, the time before a step."""

    load: float = 30.0
    answers: float = 15.0
    settle: float = 0.7
    before_step: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer in its place of arrival; its body follows. `pages` are the awaits that it matches, none = the document."""

    response: Response
    pages: tuple[str, ...]
    exchange: "asyncio.Task[Exchange]"


class PageVisit:
    """One ask on one page. The page is blank before and after."""

    def __init__(self, page: Page, ask: Ask, guard: Guard, *, clock: Clock, patience: Patience) -> None:
        self._page, self._ask, self._guard, self._clock, self._patience = page, ask, guard, clock, patience
        self._answers: list[_Answer] = []
        self._turned_away: list[str] = []
        """Addresses outside the guard to which the main frame was sent."""
        self._changed, self._led_away = asyncio.Event(), asyncio.Event()
        self._fence = Fence(page, guard, self._turn_away)

    async def run(self) -> list[Exchange]:
        """The exchanges, document first. Raises Transport when no document came, PlaywrightError when the browser died."""
        await self._fence.raise_()
        self._page.on("response", self._on_response)
        try:
            await self._open()
            await self._wait()
            return await self._collect()
        finally:
            self._page.remove_listener("response", self._on_response)
            for answer in self._answers:
                answer.exchange.cancel()
            await self._leave()

    async def _open(self) -> None:
        goto = self._page.goto(self._ask.url, wait_until="domcontentloaded", timeout=self._patience.load * 1000)
        loading, away = asyncio.ensure_future(goto), asyncio.ensure_future(self._led_away.wait())
        try:
            await asyncio.wait({loading, away}, return_when=asyncio.FIRST_COMPLETED)
            # A document whose script leads away at once never counts as loaded
            await asyncio.wait({loading}, timeout=self._patience.settle)
            error = loading.exception() if loading.done() else None
        finally:
            loading.cancel()
            away.cancel()
            await asyncio.gather(loading, away, return_exceptions=True)
        if error and not isinstance(error, PlaywrightTimeout) and not self._turned_away:
            raise error

    async def _wait(self) -> None:
        if self._ask.steps:
            await self._answered_within(self._patience.before_step)
        for step in self._ask.steps:
            await self._step(step)
        await self._answered_within(self._patience.answers)
        if not self._turned_away or len(self._answers) > 1:
            await asyncio.sleep(self._patience.settle)

    async def _answered_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not self._turned_away and not self._all_answered():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    def _all_answered(self) -> bool:
        done = {page for answer in self._answers if answer.exchange.done() for page in answer.pages}
        return done >= {wanted.page for wanted in self._ask.await_}

    async def _step(self, step: Step) -> None:
        try:
            match step:
                case Scroll(times=times):
                    for _ in range(times):
                        await self._page.mouse.wheel(0, 900)
                        await asyncio.sleep(self._patience.settle)
                case Click(selector=selector):
                    await self._page.locator(selector).first.click(timeout=self._patience.before_step * 1000)
                case Tab(text=text):
                    await self._page.get_by_text(text, exact=True).first.click(timeout=self._patience.before_step * 1000)
        except PlaywrightTimeout:
            return

    def _turn_away(self, url: str) -> None:
        self._turned_away.append(url)
        self._changed.set()
        self._led_away.set()

    def _on_response(self, response: Response) -> None:
        pages = tuple(wanted.page for wanted in self._ask.await_ if re.search(wanted.url_pattern, response.url))
        if _is_document(response.request, self._page):
            pages = ()
        elif not pages or not self._guard.admits(response.url):
            return
        task = asyncio.ensure_future(_read(response, pages[0] if pages else self._ask.page, self._clock))
        task.add_done_callback(lambda _: self._changed.set())
        self._answers.append(_Answer(response=response, pages=pages, exchange=task))

    async def _collect(self) -> list[Exchange]:
        documents = [answer.exchange for answer in self._answers if not answer.pages]
        if not documents and not self._turned_away:
            raise Transport("页面打开超时")
        awaited = [answer.exchange for answer in self._answers if answer.pages]
        found = await asyncio.gather(*documents[-1:], *awaited)
        if not all(exchange.status for exchange in found) and self._gone():
            raise PlaywrightError("the browser died before its answers were read")
        blocked = [self._redirect(url) for url in self._turned_away[-1:]]
        if not documents:
            return blocked
        document = replace(found[0], title=await self._title())
        if 300 <= document.status < 400:
            return [document, *found[1:]]
        return [document, *found[1:], *blocked]

    def _gone(self) -> bool:
        browser = self._page.context.browser
        return self._page.is_closed() or (browser is not None and not browser.is_connected())

    def _redirect(self, url: str) -> Exchange:
        """The exchange of a navigation that was not followed: the page itself, or a script of it, sent us away."""
        return Exchange(
            page=self._ask.page, url=self._ask.url, status=302, body=b"", at=self._clock(), headers={"location": clean.url(url)}
        )

    async def _title(self) -> str:
        try:
            async with asyncio.timeout(self._patience.before_step):
                return await self._page.title()
        except (TimeoutError, PlaywrightError):
            return ""

    async def _leave(self) -> None:
        """Stop whatever the page still does. A page that does not even let go is closed: the next ask opens another."""
        try:
            await self._page.goto("about:blank", timeout=5000)
            await self._fence.lower()
        except PlaywrightError:
            await ignore_gone(self._page.close())


def _is_document(request: Request, page: Page) -> bool:
    if not request.is_navigation_request():
        return False
    try:
        return request.frame == page.main_frame
    except PlaywrightError:
        return False  # a frame that is still being made is no main frame


async def _read(response: Response, page: str, clock: Clock) -> Exchange:
    status, body = response.status, b""
    try:
        body = b"" if 300 <= status < 400 else await response.body()
        if len(body) > BODY_CAP:
            status, body = 0, f"正文超过{BODY_CAP // 1024 // 1024}MB,未保存".encode()
    except PlaywrightError:
        status, body = 0, "应答的正文没有读到".encode()
    return Exchange(
        page=page,
        url=response.url,
        status=status,
        body=body,
        at=clock(),
        headers=dict(response.headers),
        method=response.request.method,
        ask_body=response.request.post_data_buffer or b"",
    )
