"""Chromium's own gate on one page, through CDP: what never loads, and which documents may be navigated to (DESIGN §9)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from tracker.capture.guard import Guard, Refused

_MEDIA = ("png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot")
_STREAMS = ("mp4", "m4s", "m3u8", "mp3", "flv", "webm")
_PRIVATE = ("localhost*", "127.*", "10.*", "192.168.*", "169.254.*", "0.*", "[*", *(f"172.{part}.*" for part in range(16, 32)))
BLOCKED = (
    *(f"*.{ending}" for ending in (*_MEDIA, *_STREAMS)),
    *(f"*.{ending}?*" for ending in (*_MEDIA, *_STREAMS)),
    *("http://*", "ws://*", "wss://*"),
    *(f"https://{host}" for host in _PRIVATE),
)
"""Never fetched by a page: images, fonts, media, anything in clear text, and addresses of private networks."""

_GATED = ("Document", "XHR", "Fetch")
"""What is stopped for a look before it is sent."""


class Fence:
    """Chromium's own gate on one page (CDP): what must not load, and which documents may be navigated to."""

    def __init__(self, page: Page, guard: Guard, turned_away: Callable[[str], None]) -> None:
        self._page, self._guard, self._turned_away = page, guard, turned_away
        self._cdp: CDPSession | None = None
        self._main = ""
        self._called: set[str] = set()
        """Chromium's numbers of the calls that were let go; a redirect keeps its call's number."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def raise_(self) -> None:
        """Put the gate up; nothing may be opened before."""
        cdp = self._cdp = await self._page.context.new_cdp_session(self._page)
        tree = await cdp.send("Page.getFrameTree")
        self._main = tree["frameTree"]["frame"]["id"]
        await cdp.send("Network.enable")
        await cdp.send("Network.setBlockedURLs", {"urls": list(BLOCKED)})
        cdp.on("Fetch.requestPaused", self._on_paused)
        await cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": kind} for kind in _GATED]})

    async def lower(self) -> None:
        """Take the gate down, after the page was blanked."""
        if self._cdp:
            await self._cdp.detach()

    def _on_paused(self, event: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._decide(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, event: dict[str, Any]) -> None:
        url, refused = event["request"]["url"], False
        try:
            if event["resourceType"] == "Document" or self._redirected(event):
                self._guard.check(url)
                await self._guard.check_public(url)
        except Refused:
            refused = True
        if refused and event["frameId"] == self._main:
            self._turned_away(url)
        if self._cdp:
            # `Aborted` keeps the page that stands; the other reasons would put an error page in its place
            verb, reason = ("Fetch.failRequest", {"errorReason": "Aborted"}) if refused else ("Fetch.continueRequest", {})
            await ignore_gone(self._cdp.send(verb, {"requestId": event["requestId"], **reason}))

    def _redirected(self, event: dict[str, Any]) -> bool:
        """A page may call whom it likes, as in any visitor's browser; an answer that leads elsewhere is not followed."""
        seen = event["networkId"] in self._called
        self._called.add(event["networkId"])
        return seen


async def ignore_gone(sent: Awaitable[object]) -> None:
    """Send what no longer matters when the page is gone."""
    try:
        await sent
    except PlaywrightError:
        return  # the page went away in between
