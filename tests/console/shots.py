"""Pictures of every page for docs/console: `python -m tests.console.shots [FOLDER]`; 1366x768, and a phone 390x844."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.console.conftest import COOKIE, Console, serving
from tracker import demo, settings
from tracker.capture import find_browser
from tracker.workspace import create, opened

SIZES = {"": {"width": 1366, "height": 768}, "-phone": {"width": 390, "height": 844}}
EMPTY = {"start-empty": "/", "setup": "/setup", "list-empty": "/list"}
FULL = {
    "start": "/",
    "overview": "/overview",
    "overview-sweep": "/overview/sweep?kind=weekly",
    "accounts": "/accounts",
    "draw": "/draw",
    "reminders": "/reminders?days=14",
    "accounts-import": "/accounts/import",
    "links": "/links",
    "looks": "/looks",
    "look": "/looks/next",
    "pictures": "/pictures",
    "verdicts": "/verdicts",
    "review": "/review",
    "review-next": "/review/next",
    "review-second": "/review?of=second",
    "review-bulk": "/review/bulk",
    "list": "/list",
    "reports": "/reports",
    "consult": "/consult",
    "rectify": "/rectify",
    "own": "/own",
    "rules": "/rules",
    "rule": "/rules/UPD-01",
    "profile": "/rules/profiles/shangluo",
    "rules-own": "/rules/own",
    "what-if": "/what-if",
    "system": "/system",
    "credentials": "/system/credentials",
    "lanes": "/system/lanes",
    "schedule": "/system/schedule",
    "evidence-list": "/system/evidence",
    "backup": "/system/backup",
}


def enter(browser: Browser, console: Console, size: str) -> Page:
    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", base_url=console.base, is_mobile=bool(size))
    context.add_cookies([{"name": COOKIE, "value": console.cookie, "url": console.base}])
    return context.new_page()


def shoot(page: Page, size: str, pages: dict[str, str], to: Path) -> Iterator[str]:
    for name, address in pages.items():
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=to / f"{name}{size}.png")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        yield f"{name}{size}: {answer.status if answer else '?'}{' too wide by ' + str(wide) if wide > 0 else ''}"


def cards(console: Console) -> dict[str, str]:
    sweep = console.ws.store.latest_sweep()
    assert sweep
    judged = console.ws.store.last_judgement(sweep.name)
    assert judged
    one = next(verdict for verdict in judged.verdicts if any(finding.hits for finding in verdict.findings))
    visit = console.ws.store.visits(sweep.name, one.account.account_id)[0]
    return {"card": f"/accounts/{one.account.account_id}", "evidence": f"/evidence/{visit.file}"}


def files(page: Page, size: str, console: Console, to: Path) -> Iterator[str]:
    """Pages that need an upload first: an annex with errors, a registry with changes."""
    page.goto("/check")
    page.set_input_files("#annex-file", Path(__file__).parents[2] / "examples" / "shangluo_media_1-75.csv")
    page.get_by_role("button", name="核对").click()
    yield from shoot(page, size, {"annex": page.url.removeprefix(console.base)}, to)
    page.goto("/accounts/import")
    page.set_input_files("#file", demo.samples() / "registry.xlsx")
    page.get_by_role("button", name="看看会改什么").click()
    yield from shoot(page, size, {"import-preview": page.url.removeprefix(console.base)}, to)


def drawn(page: Page, size: str, console: Console, to: Path) -> Iterator[str]:
    """The drawn list, last of all: afterwards the check is for these alone."""
    if not console.ws.store.draws():
        page.goto("/draw")
        page.fill("#seed", "20261106")
        page.get_by_role("button", name="抽取").click()
        page.get_by_text("抽中的账号").wait_for()
    yield from shoot(page, size, {"draw-done": "/draw", "start-drawn": "/"}, to)


def main(to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    found = find_browser()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path or None, channel=found.channel or None, args=["--no-sandbox"]
        )
        empty, full = Path(place) / "空", Path(place) / "示例"
        create(empty, settings.template(place=""))
        create(full, settings.template(place="示例市"))
        with opened(full) as ws:
            demo.fill(ws)
        for size in SIZES:
            with serving(empty) as console:
                for line in shoot(enter(browser, console, size), size, EMPTY, to):
                    print(line)
            with serving(full) as console:
                page = enter(browser, console, size)
                for line in (*shoot(page, size, {**FULL, **cards(console)}, to), *files(page, size, console, to)):
                    print(line)
        with serving(full) as console:
            for size in SIZES:
                for line in drawn(enter(browser, console, size), size, console, to):
                    print(line)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/console"))
