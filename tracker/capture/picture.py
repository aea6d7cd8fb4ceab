"""HTML to PNG through the browser that is there anyway: pictures for Word, which shows no SVG in older versions."""

import asyncio
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from tracker.capture.browsers import open_browser
from tracker.errors import UsageError

_SHARP = 2
"""Pixels per CSS pixel: about 200 dots per inch at 156 mm."""


async def take_picture(html: Path, png: Path) -> None:
    """Picture the first `svg` of a local HTML file, without scripts and without network.

    Raises UsageError when no browser launches (with the mends) or the page cannot be pictured.
    """
    address = await asyncio.to_thread(lambda: html.resolve().as_uri())
    async with async_playwright() as playwright:
        browser, _ = await open_browser(playwright)
        context = await browser.new_context(java_script_enabled=False, offline=True, device_scale_factor=_SHARP, locale="zh-CN")
        try:
            page = await context.new_page()
            await page.goto(address, wait_until="load", timeout=60_000)
            await page.locator("svg").first.screenshot(path=png, timeout=30_000)
        except PlaywrightError as error:
            raise UsageError(
                f"{html.name}画不成图片:{error.message.splitlines()[0][:120]};可先用同名的 HTML 或 PDF 文件"
            ) from error
        finally:
            await browser.close()


def html_to_png(html: Path, png: Path) -> None:
    """`take_picture` for callers without an event loop."""
    asyncio.run(take_picture(html, png))
