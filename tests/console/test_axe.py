"""Every page of the console, at both sizes, without a serious or critical accessibility violation (axe-core)."""

import re
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.console.conftest import COOKIE, Console, Many, serving
from tests.console.shots import MANY
from tracker import settings
from tracker.console.rights import ROUTES
from tracker.workspace import create

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
PAGES = sorted(route.removeprefix("GET ") for route in ROUTES if route.startswith("GET ") and not route.startswith("GET /api/"))
EMPTY = ("/", "/overview", "/accounts", "/list", "/setup", "/links", "/looks", "/review")
RUN = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
        .filter((one) => one.impact === "serious" || one.impact === "critical")
        .map((one) => `${one.id} (${one.impact}): ` + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | "));
}"""

pytestmark = pytest.mark.browser


def values(console: Console) -> dict[str, str]:
    """What stands for the parameters of the routes in the sample."""
    store = console.ws.store
    sweep = store.sweep_head()
    assert sweep
    judged = store.last_judgement(sweep.name)
    assert judged
    waiting = next(v for v in judged.verdicts if any(one.status == "candidate" for one in v.findings))
    own = waiting.account.account_id
    code = next(one.code for one in waiting.findings if one.status == "candidate")
    file = next(visit.file for visit in store.visits(sweep.name) if visit.account_id == own)
    return {"account_id": own, "code": code, "sweep": sweep.name, "name": file.partition("/")[2], "profile": "national"}


def address(route: str, known: dict[str, str]) -> str | None:
    """The route with values in place of its parameters; None where one is not known."""
    names = re.findall(r"\{([^}:]+)[^}]*\}", route)
    if any(name not in known for name in names):
        return None
    return re.sub(r"\{([^}:]+)[^}]*\}", lambda found: quote(known[found[1]], safe=""), route)


@pytest.fixture(scope="module")
def filled(sample_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    root = tmp_path_factory.mktemp("axe") / "示例"
    shutil.copytree(sample_root, root)
    with serving(root) as console:
        yield console


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    root = tmp_path_factory.mktemp("axe-empty") / "空"
    create(root, settings.template(place=""))
    with serving(root) as console:
        yield console


def look(browser: Browser, console: Console, size: str, path: str) -> list[str] | None:
    """The violations on a page; None where it is no page (a file, another address)."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", base_url=console.base, is_mobile=size == "phone"
    )
    context.add_cookies([{"name": COOKIE, "value": console.cookie, "url": console.base}])
    page: Page = context.new_page()
    try:
        answer = page.goto(path)
        assert answer
        assert answer.status < 500, path
        page.wait_for_load_state("networkidle")
        page.evaluate(f"{AXE}; void 0")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [*page.evaluate(RUN), *([f"the page scrolls sideways by {wide} px"] if wide > 0 else [])]
    finally:
        context.close()


def is_page(console: Console, path: str) -> bool:
    """Whether this is a whole page: a part of one is looked at where it stands."""
    answer = console.get(path)
    return answer.status == 303 or (answer.status == 200 and answer.body[:15].lower() == b"<!doctype html>")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("route", PAGES)
def test_a_page_can_be_used_by_everybody(filled: Console, browser: Browser, route: str, size: str) -> None:
    path = address(route, values(filled))
    if path is None:
        warnings.warn(f"no value known for a parameter of {route}: not looked at", stacklevel=1)
        return
    if is_page(filled, path):
        assert look(browser, filled, size, path) == [], path


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", MANY)
def test_the_pages_of_each_role_can_be_used_by_everybody(asked: Many, browser: Browser, role: str) -> None:
    console = asked.as_(role)
    found = {(path, size): look(browser, console, size, path) for path in MANY[role].values() for size in SIZES}
    assert {place: told for place, told in found.items() if told} == {}


@pytest.mark.parametrize("path", EMPTY)
def test_a_page_with_nothing_on_it_too(bare: Console, browser: Browser, path: str) -> None:
    assert look(browser, bare, "desk", path) == [], path


def test_a_violation_is_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=zh><title>t</title><main><h1>t</h1><input><p style='color:#ccc'>这些字太浅了</p></main></html>")
    page.evaluate(f"{AXE}; void 0")
    found = page.evaluate(RUN)
    page.close()
    assert {one.split(" ")[0] for one in found} >= {"label", "color-contrast"}
