"""待人工 in a real Chromium: keys are counted, nothing typed is lost, and everything works without scripts as well."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Console, Serve
from tests.console.looking import (
    COUNT_KEYS,
    WEIXIN,
    drop_pictures,
    fields_of,
    file_accounts,
    looks_of,
    paste_picture,
    png,
    stored_pictures,
)

pytestmark = pytest.mark.browser

SignedIn = Callable[..., Page]

TASKS, MOST_KEYS = 50, 6


def act(page: Page, number: int) -> str:
    """One of seven ways in which a look goes; returns what it was."""
    keys = page.keyboard
    match number % 7:
        case 0 | 1:
            keys.type("11.3")
            keys.press("Enter")
            return "date"
        case 2:
            keys.type("10.28")
            keys.press("Enter")
            return "long date"
        case 3:
            keys.type("11.3")
            keys.press("+")
            keys.press("Enter")
            return "date, rest clean"
        case 4:
            keys.press("Tab")
            keys.press("1")
            paste_picture(page, png(number))
            keys.press("Enter")
            return "finding"
        case 5:
            page.evaluate("text => navigator.clipboard.writeText(text)", WEIXIN.replace("B3", f"B{number}"))
            keys.press("Control+v")
            keys.press("Enter")
            return "link"
        case _:
            keys.press("Tab")
            keys.press("2")
            keys.press("ArrowDown")
            keys.press("2")
            keys.press("Enter")
            return "two aspects"


def test_fifty_looks_with_at_most_six_keys_each(empty: Console, signed_in: SignedIn, capsys: pytest.CaptureFixture[str]) -> None:
    accounts = file_accounts(empty, TASKS)
    page = signed_in(empty, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(COUNT_KEYS)
    page.goto("/looks/next")
    counted: list[int] = []
    for number, account in enumerate(accounts):
        page.wait_for_url(f"**/looks/{account.account_id}*")
        expect(page.locator("#copied")).to_have_text("名称已复制")
        assert page.evaluate("navigator.clipboard.readText()") == account.name
        # the page is gone once its form is sent: its keys are read at that moment
        page.evaluate("addEventListener('pagehide', () => sessionStorage.setItem('keys', window.keys))")
        act(page, number)
        page.wait_for_url(lambda url, own=account.account_id: own not in url)
        counted.append(int(page.evaluate("Number(sessionStorage.getItem('keys'))")))
    with capsys.disabled():
        print(f"\n{TASKS} looks: at most {max(counted)} keys, {sum(counted) / TASKS:.1f} on average")
    assert min(counted) >= 3
    assert max(counted) <= MOST_KEYS
    looks = [looks_of(empty, account.account_id) for account in accounts]
    assert [len(one) for one in looks] == [0 if number % 7 == 5 else 1 for number in range(TASKS)]
    assert len(empty.ws.store.links()) == sum(number % 7 == 5 for number in range(TASKS))
    assert [fields_of(one[0]) for one in looks[3:5]] == [
        {"INT-01": False, "COL": False, "REG-03": False, "CNT-02": False},
        {"INT-01": True},
    ]
    assert stored_pictures(empty, looks[4][0]) == [png(4)]
    expect(page.get_by_text("没有等着人工看的账号了").first).to_be_visible()


def test_reload_in_the_middle_keeps_what_was_typed(empty: Console, signed_in: SignedIn) -> None:
    (one, _) = file_accounts(empty, 2)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    page.keyboard.type("2026-11")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    expect(page.locator("#kept")).to_have_text("草稿已存")
    page.reload()
    expect(page.locator("#told")).to_have_value("2026-11")
    expect(page.locator("input[name=a0][value=无问题]")).to_be_checked()
    page.locator("#told").fill("2026-11-3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/looks/made0002*")
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["2026-11-3"]


def test_a_crash_of_the_browser_keeps_what_was_typed(empty: Console, signed_in: SignedIn) -> None:
    (one,) = file_accounts(empty, 1)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    page.keyboard.type("11.3")
    expect(page.locator("#kept")).to_have_text("草稿已存")
    page.context.close()
    again = signed_in(empty)
    again.goto(f"/looks/{one.account_id}")
    expect(again.locator("#told")).to_have_value("11.3")


def test_two_people_on_one_account_are_asked(empty: Console, signed_in: SignedIn) -> None:
    (one, _) = file_accounts(empty, 2)
    mine, theirs = signed_in(empty), signed_in(empty)
    for page in (mine, theirs):
        page.goto(f"/looks/{one.account_id}")
    theirs.keyboard.type("11.4")
    expect(theirs.locator("#kept")).to_have_text("草稿已存")
    mine.keyboard.type("11.1")
    expect(mine.locator("#clash")).to_contain_text("另一处也在填")
    theirs.keyboard.press("Enter")
    theirs.wait_for_url("**/looks/made0002*")
    mine.keyboard.press("Enter")
    expect(mine.locator("main")).to_contain_text("没有覆盖,请选一个")
    expect(mine.locator("main")).to_contain_text("11.4")
    expect(mine.locator("main")).to_contain_text("11.1")
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["11.4"]
    mine.get_by_role("button", name="用我填的保存").click()
    mine.wait_for_url("**/looks/made0002*")
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["11.4", "11.1"]


def test_a_finding_without_a_picture_is_refused_in_words(empty: Console, signed_in: SignedIn) -> None:
    (one,) = file_accounts(empty, 1)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    for key in ("Tab", "ArrowDown", "1", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("alert").first).to_contain_text("“栏目”是一个问题,要有截图才能保存")
    expect(page.locator("input[name=a1][value=有问题]")).to_be_checked()
    assert looks_of(empty, one.account_id) == []
    page.wait_for_load_state()
    paste_picture(page, png(7))
    expect(page.locator("#mine img")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/looks?*")
    assert stored_pictures(empty, looks_of(empty, one.account_id)[0]) == [png(7)]


def test_enter_twice_and_going_back_save_once(empty: Console, signed_in: SignedIn) -> None:
    (one, _) = file_accounts(empty, 2)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    page.keyboard.type("11.3")
    page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('form[data-look]').requestSubmit()")
    page.wait_for_url("**/looks/made0002*")
    assert len(looks_of(empty, one.account_id)) == 1
    page.reload()
    page.go_back()
    assert len(looks_of(empty, one.account_id)) == 1


def test_esc_skips_and_leaves_nothing(empty: Console, signed_in: SignedIn) -> None:
    one, second = file_accounts(empty, 2)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/looks/{second.account_id}*")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/looks/{one.account_id}*")
    assert looks_of(empty, one.account_id) == []


def test_hostile_names_run_nothing(empty: Console, signed_in: SignedIn) -> None:
    bad = "<img src=x onerror='window.hit=1'>“账号”"
    (one,) = file_accounts(empty, 1, name=bad)
    page = signed_in(empty, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/looks/{one.account_id}")
    expect(page.locator("#name")).to_have_text(bad)
    drop_pictures(page, "body", [("<img src=x onerror='window.hit=1'>.png", png(3))])
    expect(page.locator("#mine img")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == bad
    assert page.evaluate("window.hit === undefined")


def test_text_copied_from_a_table_stays_text(empty: Console, signed_in: SignedIn) -> None:
    (one,) = file_accounts(empty, 1)
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.setData("text/plain", "11.3");
            data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
            const told = { clipboardData: data, bubbles: true, cancelable: true };
            window.taken = !document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
        }""",
        list(png(1)),
    )
    assert page.evaluate("window.taken") is False
    assert empty.ws.store.pictures() == ()


def test_the_copied_name_is_never_pasted_as_an_answer(empty: Console, signed_in: SignedIn) -> None:
    (one,) = file_accounts(empty, 1)
    page = signed_in(empty, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/looks/{one.account_id}")
    expect(page.locator("#copied")).to_have_text("名称已复制")
    page.keyboard.press("Control+v")
    expect(page.locator("#upload")).to_contain_text("剪贴板里是账号名称")
    expect(page.locator("#told")).to_have_value("")


def test_without_scripts(empty: Console, signed_in: SignedIn, tmp_path) -> None:
    one, _ = file_accounts(empty, 2)
    shot = tmp_path / "截图.png"
    shot.write_bytes(png(9))
    page = signed_in(empty, java_script_enabled=False)
    page.goto("/looks")
    page.get_by_role("link", name="开始查看").click()
    page.locator("#told").fill("11.3")
    page.get_by_role("button", name="暂存").click()
    assert page.locator("#told").input_value() == "11.3"
    page.locator("input[name=a0][value=有问题]").check()
    page.locator("#told").press("Enter")
    assert "要有截图才能保存" in page.content()
    page.locator("#picture").set_input_files(shot)
    page.get_by_role("button", name="保存,下一个").click()
    assert "/looks/made0002" in page.url
    (visit,) = looks_of(empty, one.account_id)
    assert (visit.printed_date, stored_pictures(empty, visit)) == ("11.3", [png(9)])


def test_the_page_fits_its_screen(empty: Console, signed_in: SignedIn, served: Serve) -> None:
    (one,) = file_accounts(empty, 1, name="示例市特别长的政务新媒体账号名称" * 3, organisation="示例市某某某某委员会办公室" * 3)
    for width, height in ((1366, 768), (390, 844)):
        page = signed_in(empty, viewport={"width": width, "height": height})
        page.goto(f"/looks/{one.account_id}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = signed_in(empty)
    page.goto(f"/looks/{one.account_id}")
    bottom = page.get_by_role("button", name="保存,下一个").bounding_box()
    assert bottom
    assert bottom["y"] + bottom["height"] <= 768
