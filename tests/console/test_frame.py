"""The frame around every page: menu, name, leaving, skip link, print, and what is said when the program is away."""

import re

import pytest
from playwright.sync_api import Page

from tests.console.conftest import Console, Many
from tracker.console.rights import MENU, menu_of
from tracker.people import RIGHTS, Role, local

PHONE = {"width": 390, "height": 844}


def test_the_menu_holds_what_the_person_may_use(many: Many) -> None:
    for role in ("admin", "city", "county", "unit"):
        console = many.as_(role)
        text = console.get("/me").text
        nav = text[text.index("<nav") : text.index("</nav>")]
        shown = re.findall(r'<a href="([^"]+)"', nav)
        refused = [one.address for one in MENU if one.right not in RIGHTS[Role(role)] and one.address != "/"]
        assert not set(refused) & set(shown)
        assert shown
        assert all(console.get(address).status in (200, 303) for address in shown), role
        assert all(console.get(address).status == 403 for address in refused), role


def test_who_is_signed_in_stands_there_and_can_leave(many: Many, sample: Console) -> None:
    city = many.as_("city")
    text = city.get("/overview").text
    assert '<a href="/me">' in text
    assert 'action="/logout"' in text
    assert "退出" not in sample.get("/").text
    assert city.post("/logout").status == 303
    assert city.get("/overview").status == 303


def test_every_menu_word_fits_one_right() -> None:
    assert len({one.address for one in MENU}) == len(MENU)
    assert {one.address for one in menu_of(local("甲"))} <= {one.address for one in MENU}


@pytest.mark.browser
def test_the_skip_link_is_first_and_leads_past_the_menu(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.goto("/overview")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_opens_and_shuts(sample: Console, signed_in, scripts: bool) -> None:
    page: Page = signed_in(sample, viewport=PHONE, java_script_enabled=scripts)
    page.goto("/accounts")
    link = page.get_by_role("link", name="名单", exact=True)
    if scripts:
        assert not link.is_visible()
        page.locator("summary", has_text="菜单").click()
    assert link.is_visible()
    link.click()
    page.wait_for_url("**/list")


@pytest.mark.browser
def test_on_a_desk_the_menu_is_open_in_at_most_two_rows(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.goto("/")
    assert page.get_by_role("link", name="提醒", exact=True).is_visible()
    assert page.locator("header").bounding_box()["height"] < 110  # type: ignore[index]  # it is visible
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
def test_a_page_prints_without_menu_and_buttons(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.goto("/overview")
    page.get_by_text("天之内到期").wait_for()
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert page.locator("button:visible").count() == 0
    assert page.get_by_text("应查 102 个").first.is_visible()
    assert page.get_by_role("table", name="各平台结果").is_visible()


@pytest.mark.browser
def test_a_page_says_so_when_the_program_is_away(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.route("**/overview/due", lambda route: route.abort())
    page.goto("/overview")
    page.get_by_role("alert").get_by_text("现在连不上程序").wait_for()
