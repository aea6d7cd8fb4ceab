"""Pictures of every page for docs/console: `python -m tests.console.shots [FOLDER]`; 1366x768, and a phone 390x844.

First by one person alone, with nothing yet and with the invented city; then by the people of an office, each role its own pages.
"""

import base64
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.console.conftest import CHEAP, COOKIE, TODAY, Console, Many, serving
from tests.console.sending import UNIT, city_of_many, known, of_unit
from tests.console.test_rectify import last_period
from tests.files.pictured import chunk, png
from tracker import demo, settings
from tracker.capture import find_browser
from tracker.signin import Hasher
from tracker.store import Purpose
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
    "rules": "/rules",
    "rule": "/rules/UPD-01",
    "profile": "/rules/profiles/shangluo",
    "rules-own": "/rules/own",
    "what-if": "/what-if",
}
MANY: Mapping[str, Mapping[str, str]] = {
    "admin": {
        "system": "/system",
        "users": "/system/users",
        "user": "/system/users/4",
        "credentials": "/system/credentials",
        "credential-new": "/system/credentials/new",
        "lanes": "/system/lanes",
        "schedule": "/system/schedule",
        "evidence-list": "/system/evidence",
        "evidence-sweep": "/system/evidence/2026-11-06",
        "backup": "/system/backup",
        "audit": "/system/audit",
        "me": "/me",
    },
    "city": {
        "reports": "/reports",
        "consult": "/consult",
        "consult-unit": f"/consult/unit?name={UNIT}",
        "rectify": "/rectify",
        "city-start": "/",
    },
    "county": {
        "county-overview": "/overview",
        "county-verdicts": "/verdicts",
        "county-looks": "/looks",
        "county-look": "/looks/next",
    },
    "unit": {"own": "/own", "unit-rules": "/rules"},
}
"""Role → its pages."""
DESK_ONLY = frozenset({*MANY["admin"], "unit-rules", "profile", "rules-own", "what-if", "user-link", "join"}) - {"me", "system"}
"""Looked at on a phone as well, but not kept: who keeps the system sits at a desk."""


def enter(browser: Browser, console: Console, size: str) -> Page:
    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", base_url=console.base, is_mobile=bool(size))
    if console.cookie:
        context.add_cookies([{"name": COOKIE, "value": console.cookie, "url": console.base}])
    return context.new_page()


def shoot(page: Page, size: str, pages: Mapping[str, str], to: Path) -> Iterator[str]:
    for name, address in pages.items():
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        yield keep(page, f"{name}{size}", to, answer.status if answer else 0)


def keep(page: Page, name: str, to: Path, status: int = 200) -> str:
    """The picture of what is on screen, and whether the page is too wide for it."""
    if not (name.endswith("-phone") and name.removesuffix("-phone") in DESK_ONLY):
        path = to / f"{name}.png"
        path.write_bytes(small(page.context, page.screenshot()))
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return f"{name}: {status}{' too wide by ' + str(wide) if wide > 0 else ''}"


FEW = """async (picture) => {
    const image = new Image();
    image.src = "data:image/png;base64," + picture;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const dots = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
    const counted = new Map();
    for (const dot of dots) counted.set(dot, (counted.get(dot) || 0) + 1);
    const kept = [...counted.keys()].sort((a, b) => counted.get(b) - counted.get(a)).slice(0, 256);
    const parts = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
    const far = (a, b) => a.reduce((sum, part, n) => sum + (part - b[n]) ** 2, 0);
    const palette = kept.map(parts);
    const place = new Map(kept.map((dot, n) => [dot, n]));
    for (const dot of counted.keys()) {
        if (place.has(dot)) continue;
        const own = parts(dot);
        let best = 0;
        palette.forEach((one, n) => { if (far(own, one) < far(own, palette[best])) best = n; });
        place.set(dot, best);
    }
    const rows = new Uint8Array((image.width + 1) * image.height);
    dots.forEach((dot, n) => { rows[Math.floor(n / image.width) + 1 + n] = place.get(dot); });
    const packed = await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer();
    let text = "";
    for (const byte of new Uint8Array(packed)) text += String.fromCharCode(byte);
    return { width: image.width, height: image.height, palette: palette.flat(), packed: btoa(text) };
}"""
"""The 256 colours that a picture has most of, and the others as the nearest of these: a quarter of the size."""


def small(context: BrowserContext, raw: bytes) -> bytes:
    """The same picture with a palette."""
    page = context.new_page()
    told = page.evaluate(FEW, base64.b64encode(raw).decode())
    page.close()
    head = chunk(b"IHDR", struct.pack(">II", told["width"], told["height"]) + bytes((8, 3, 0, 0, 0)))
    rows = zlib.compress(zlib.decompress(base64.b64decode(told["packed"])), 9)
    return raw[:8] + head + chunk(b"PLTE", bytes(told["palette"])) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def cards(console: Console) -> dict[str, str]:
    sweep = console.ws.store.latest_sweep()
    assert sweep
    judged = console.ws.store.last_judgement(sweep.name)
    assert judged
    one = next(verdict for verdict in judged.verdicts if any(finding.hits for finding in verdict.findings))
    visit = console.ws.store.visits(sweep.name, one.account.account_id)[0]
    own = one.account.account_id
    return {"card": f"/accounts/{own}", "edit": f"/accounts/{own}/edit", "evidence": f"/evidence/{visit.file}"}


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


def asked_city(place: Path, full: Path) -> Path:
    """The invented city for many, its units asked; a unit has answered and reported, a period before is on file."""
    root = city_of_many(full, place / "多人", asked=True)
    with serving(root, hasher=Hasher(CHEAP)) as console:
        many = Many(console=console)
        last_period(many, stranger="示例老号")
        told = {"sweep": demo.SWEEP, "token": "token-000001", "opinion": "objects", "why": "11月3日已经更新,见截图"}
        unit = many.as_("unit")
        for one in of_unit(console.ws):
            unit.upload(f"/own/{one.account_id}/answer/{one.code}", {"files": ("截图.png", png(160, 90))}, told)
        other = next(one for one in known(console.ws).values() if one.code == "UPD-01")
        fields = {"sweep": demo.SWEEP, "token": "token-000002", "code": other.code, "words": "已恢复更新"}
        fields["done_on"] = f"{TODAY:%Y-%m-%d}"
        many.as_("city").upload(f"/own/{other.account_id}/rectify", {"files": ("恢复.png", png(160, 90))}, fields)
    return root


def roles(browser: Browser, console: Console, size: str, to: Path) -> Iterator[str]:
    """Each role's pages, the sign-in, and pages that need a step first."""
    many = Many(console=console)
    for role, pages in MANY.items():
        yield from shoot(enter(browser, many.as_(role), size), size, pages, to)
    own = of_unit(console.ws)[0].account_id
    yield from shoot(enter(browser, many.as_("unit"), size), size, {"own-account": f"/own/{own}"}, to)
    yield from shoot(enter(browser, many.stranger, size), size, {"login": "/login"}, to)
    page = enter(browser, many.as_("city"), size)
    page.goto("/reports")
    page.get_by_role("button", name="写一稿,先看看").click()
    page.locator("ol.gates li").first.wait_for()
    page.frame_locator("iframe.sheet").get_by_text("附件").first.wait_for()
    page.locator("#preview").scroll_into_view_if_needed()
    page.locator("#preview").evaluate("one => one.scrollIntoView()")
    yield keep(page, f"reports-draft{size}", to)
    user = console.ws.store.user(login="unit")
    assert user
    word = many.door.link(Purpose.INVITE, user.id)
    yield from shoot(enter(browser, many.stranger, size), size, {"join": f"/invite?t={word}"}, to)


def alone(browser: Browser, empty: Path, full: Path, to: Path) -> Iterator[str]:
    for size in SIZES:
        with serving(empty) as console:
            yield from shoot(enter(browser, console, size), size, EMPTY, to)
        with serving(full) as console:
            page = enter(browser, console, size)
            yield from shoot(page, size, {**FULL, **cards(console)}, to)
            yield from files(page, size, console, to)
    with serving(full) as console:
        for size in SIZES:
            yield from drawn(enter(browser, console, size), size, console, to)


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
        many = asked_city(Path(place), full)
        for line in alone(browser, empty, full, to):
            print(line, flush=True)
        for size in SIZES:
            with serving(many, hasher=Hasher(CHEAP)) as console:
                for line in roles(browser, console, size, to):
                    print(line, flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/console"))
