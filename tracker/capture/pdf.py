"""HTML to PDF through the browser that is there anyway (DESIGN §10)."""

import asyncio
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from tracker.capture.browsers import open_browser
from tracker.errors import UsageError


async def print_pdf(html: Path, pdf: Path) -> None:
    """Print a local HTML file, without scripts and without network; A4 unless its CSS says a page size.

    Raises UsageError when no browser launches (with the mends) or the page cannot be printed.
    """
    address = await asyncio.to_thread(lambda: html.resolve().as_uri())
    async with async_playwright() as playwright:
        browser, _ = await open_browser(playwright)
        context = await browser.new_context(java_script_enabled=False, offline=True, locale="zh-CN")
        try:
            page = await context.new_page()
            await page.goto(address, wait_until="load", timeout=60_000)
            await page.pdf(path=pdf, format="A4", prefer_css_page_size=True, print_background=True)
        except PlaywrightError as error:
            raise UsageError(
                f"{html.name}打印不成 PDF:{error.message.splitlines()[0][:120]};可先用同名的 HTML 或 Word 文件"
            ) from error
        finally:
            await browser.close()


def html_to_pdf(html: Path, pdf: Path) -> None:
    """`print_pdf` for callers without an event loop."""
    asyncio.run(print_pdf(html, pdf))
