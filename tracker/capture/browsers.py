"""Finding a browser that launches: what may be there, in the order of toolchain.md, and a clear word when nothing is."""

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from tracker.errors import UsageError

_ON_PATH = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "microsoft-edge")
QUIET = (
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-first-run",
    "--no-pings",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
"""Flags that keep the browser from talking to anyone but the pages that we open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to launch a browser: an executable, a channel, or (both empty) Playwright's own."""

    title: str
    path: str = ""
    channel: str = ""


def candidates(environ: Mapping[str, str] = os.environ) -> Iterator[Candidate]:
    """What to try, best first; $TRACKER_BROWSER (a path or a channel) alone when it is set."""
    wish = environ.get("TRACKER_BROWSER", "")
    if wish:
        is_channel = not Path(wish).exists() and "/" not in wish and "\\" not in wish
        named = {"channel": wish} if is_channel else {"path": wish}
        yield Candidate(title=f"TRACKER_BROWSER={wish}", **named)
        return
    yield Candidate(title="Playwright 自带的 Chromium")
    yield Candidate(title="Google Chrome", channel="chrome")
    yield Candidate(title="Microsoft Edge", channel="msedge")
    for name in _ON_PATH:
        if found := shutil.which(name, path=environ.get("PATH")):
            yield Candidate(title=found, path=found)


async def open_browser(
    playwright: Playwright, args: Sequence[str] = (), *, environ: Mapping[str, str] = os.environ, headless: bool = True
) -> tuple[Browser, Candidate]:
    """Launch the first browser that can be launched, with a window unless `headless`.

    Raises UsageError listing each attempt and three ways to mend it.
    """
    tried: list[str] = []
    for candidate in candidates(environ):
        try:
            return await _launch(playwright, candidate, args, headless), candidate
        except PlaywrightError as error:
            tried.append(f"{candidate.title}:{_reason(error)}")
    raise UsageError(
        f"找不到能启动的浏览器,已依次试过:{';'.join([*tried, '系统路径里没有其他 Chromium/Chrome/Edge'])}。"
        "补救办法任选其一:① 运行 playwright install chromium(下载慢可设 PLAYWRIGHT_DOWNLOAD_HOST 镜像);"
        "② 安装系统浏览器,如 apt install chromium-headless-shell 或 Google Chrome、Microsoft Edge;"
        "③ 把 TRACKER_BROWSER 设为浏览器程序的完整路径"
    )


async def _launch(playwright: Playwright, candidate: Candidate, args: Sequence[str], headless: bool) -> Browser:
    return await playwright.chromium.launch(
        headless=headless,
        executable_path=candidate.path or None,
        channel=candidate.channel or None,
        args=[*QUIET, *args],
        chromium_sandbox=not _is_root(),
        timeout=30_000,
    )


def _is_root() -> bool:
    # Chromium refuses its sandbox to root; Windows has no such user
    geteuid = getattr(os, "geteuid", None)
    return geteuid is not None and geteuid() == 0


def _reason(error: PlaywrightError) -> str:
    first = error.message.strip().splitlines()[0] if error.message.strip() else "启动失败"
    return "没有安装" if "doesn't exist" in first or "is not found" in first else first[:120]


def find_browser(environ: Mapping[str, str] = os.environ) -> Candidate:
    """The browser that would be used, found by launching it. Raises UsageError as `open_browser`. Not inside an event loop."""

    async def look() -> Candidate:
        async with async_playwright() as playwright:
            browser, candidate = await open_browser(playwright, environ=environ)
            await browser.close()
            return candidate

    return asyncio.run(look())
