"""Whether a browser launches, prints a page, and has letters for Chinese: tried, not guessed."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from tracker.capture.browsers import open_browser
from tracker.errors import UsageError

FAMILIES = '"FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "AR PL UMing CN", "Noto Serif CJK SC", serif'
"""As the reports' own templates ask for their body."""
_PAGE = f"<!doctype html><meta charset=utf-8><p id=p style='font:40px {FAMILIES}'>政务</p>"
_DRAWN = """() => {
  const drawn = (word) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 48;
    const pen = canvas.getContext("2d");
    pen.font = getComputedStyle(document.getElementById("p")).font;
    pen.fillText(word, 2, 40);
    return canvas.toDataURL();
  };
  return drawn("政") !== drawn("务");
}"""
"""Without a font every character is the same empty box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Which browser, bytes of the printed page, the family that a report's body gets, whether letters are more than boxes."""

    browser: str
    pages: int
    font: str
    drawn: bool


def try_browser() -> Trial:
    """Launch the browser that would be used and print a page. Raises UsageError with the mends. Not inside an event loop."""
    return asyncio.run(_try())


async def _try() -> Trial:
    async with async_playwright() as playwright:
        browser, candidate = await open_browser(playwright)
        try:
            return await _look(browser, candidate.title)
        except PlaywrightError as error:
            raise UsageError(
                f"{candidate.title}能启动,但打印不成一页({error.message.splitlines()[0][:120]});请换一个浏览器或重装"
            ) from error
        finally:
            await browser.close()


async def _look(browser: Browser, title: str) -> Trial:
    page = await browser.new_page(locale="zh-CN")
    await page.set_content(_PAGE)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.pdf"
        await page.pdf(path=file, format="A4")
        size = file.stat().st_size
    return Trial(browser=title, pages=size, font=await _font(page), drawn=bool(await page.evaluate(_DRAWN)))


async def _font(page: Page) -> str:
    cdp = await page.context.new_cdp_session(page)
    for domain in ("DOM.enable", "CSS.enable"):
        await cdp.send(domain)
    root = (await cdp.send("DOM.getDocument"))["root"]["nodeId"]
    node = (await cdp.send("DOM.querySelector", {"nodeId": root, "selector": "#p"}))["nodeId"]
    fonts = (await cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node}))["fonts"]
    return str(max(fonts, key=lambda one: one["glyphCount"])["familyName"]) if fonts else ""
