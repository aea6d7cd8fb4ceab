"""截图: what is taken in and refused, how fifty at once lie beside the accounts, and how they are moved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Console, Many
from tests.console.looking import drop_pictures, file_accounts, fill, looks_of, png, stored_pictures
from tracker import pictures

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 20
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20


def beside(console: Console) -> dict[str, list[str]]:
    """Account id → names of the pictures beside it."""
    found: dict[str, list[str]] = {}
    for one in console.ws.store.pictures():
        found.setdefault(one.account_id, []).append(one.name)
    return found


def lay(console: Console, names: list[str]) -> None:
    for place, name in enumerate(names):
        console.upload("/pictures", {"picture": (name, png(place))})


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(png(1), "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp"), (SVG, ""), (b"<html>", ""), (b"GIF89a", ""), (b"", "")],
)
def test_only_pictures_by_their_first_bytes(raw: bytes, kind: str) -> None:
    assert pictures.kind_of(raw[:12]) == kind


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("图.svg", SVG, "不是 PNG、JPG 或 WebP 图片"),
        ("图.png", b"<html><script>alert(1)</script>", "不是 PNG、JPG 或 WebP 图片"),
        ("空.png", b"", "是空文件"),
        ("大.png", png(1) + b"\0" * pictures.MOST, "超过 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(empty: Console, name: str, raw: bytes, words: str) -> None:
    file_accounts(empty, 1)
    told = empty.get(empty.upload("/pictures", {"picture": (name, raw)}).headers["location"]).text
    assert words in told
    assert empty.ws.store.pictures() == ()


def test_names_never_become_paths(empty: Console) -> None:
    file_accounts(empty, 1)
    empty.upload("/pictures", {"picture": ("..\\..\\x/../../tracker.toml", png(1))})
    (one,) = empty.ws.store.pictures()
    assert one.name == "tracker.toml"
    assert [path.name for path in (empty.ws.root / "inbox").iterdir()] == [one.sha256]
    shown = empty.get(f"/pictures/{one.id}")
    assert (shown.status, shown.body, shown.headers["content-type"]) == (200, png(1), "image/png")
    assert shown.headers["content-security-policy"] == "default-src 'none'"


def test_the_same_picture_twice_lies_there_once(empty: Console) -> None:
    file_accounts(empty, 2)
    lay(empty, ["a.png"])
    told = empty.get(empty.upload("/pictures", {"picture": ("b.png", png(0))}).headers["location"]).text
    assert "与已有的完全相同" in told
    assert len(empty.ws.store.pictures()) == 1


def test_people_number_their_files_as_people_do() -> None:
    names = ["IMG_10.png", "IMG_9.png", "截图 2.png", "img_1.png"]
    assert sorted(names, key=pictures.in_order) == ["img_1.png", "IMG_9.png", "IMG_10.png", "截图 2.png"]


def test_moving_giving_and_removing(empty: Console) -> None:
    accounts = [one.account_id for one in file_accounts(empty, 4)]
    lay(empty, ["1.png", "2.png", "3.png"])
    assert beside(empty) == {accounts[0]: ["1.png"], accounts[1]: ["2.png"], accounts[2]: ["3.png"]}
    number = {one.name: one.id for one in empty.ws.store.pictures()}
    empty.post(f"/pictures/{number['2.png']}", {"to": "later"})
    assert beside(empty) == {accounts[0]: ["1.png"], accounts[2]: ["2.png"], accounts[3]: ["3.png"]}
    empty.post(f"/pictures/{number['2.png']}", {"to": "later"})
    assert beside(empty) == {accounts[0]: ["1.png"], accounts[3]: ["2.png"], "": ["3.png"]}
    empty.post(f"/pictures/{number['2.png']}", {"to": "earlier"})
    empty.post(f"/pictures/{number['3.png']}", {"to": "give", "account_id": accounts[1]})
    empty.post(f"/pictures/{number['1.png']}", {"to": "free"})
    assert beside(empty) == {"": ["1.png"], accounts[1]: ["3.png"], accounts[2]: ["2.png"]}
    empty.post(f"/pictures/{number['1.png']}", {"to": "drop"})
    assert "1.png" not in str(beside(empty))
    assert len(list((empty.ws.root / "inbox").iterdir())) == 2
    assert empty.get(f"/pictures/{number['1.png']}").status == 404
    assert "已经不在了" in empty.post(f"/pictures/{number['1.png']}", {"to": "drop"}).text
    assert "不认识的操作" in empty.post(f"/pictures/{number['2.png']}", {"to": "burn"}).text


def test_a_picture_that_was_changed_on_disk_is_not_taken_along(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    lay(empty, ["1.png"])
    (shot,) = empty.ws.store.pictures()
    (empty.ws.root / "inbox" / shot.sha256).write_bytes(png(99))
    answer = empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, a1="有问题"))
    assert "不见了或被改动" in answer.text
    assert looks_of(empty, one.account_id) == []


def test_pictures_go_only_with_their_own_account(empty: Console) -> None:
    one, other = file_accounts(empty, 2)
    lay(empty, ["1.png", "2.png"])
    empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, a1="有问题"))
    assert stored_pictures(empty, looks_of(empty, one.account_id)[0]) == [png(0)]
    assert beside(empty) == {other.account_id: ["2.png"]}


@pytest.mark.browser
def test_fifty_pictures_dropped_at_once_lie_beside_the_tasks_in_order(empty: Console, signed_in: Callable[..., Page]) -> None:
    accounts = file_accounts(empty, 52)
    page = signed_in(empty)
    page.goto("/pictures")
    files = [(f"Screenshot_{number}.png", png(number)) for number in range(1, 51)]
    drop_pictures(page, "#drop", files[::-1])
    page.wait_for_url("**/pictures?notice=*")
    expect(page.get_by_role("status").first).to_contain_text("收下 50 张截图")
    assert page.locator("table .shot").count() == 50
    assert beside(empty) == {account.account_id: [name] for account, (name, _) in zip(accounts, files, strict=False)}
    page.goto("/looks/next")
    for number in range(1, 4):
        expect(page.locator("#mine img")).to_have_attribute("alt", f"截图 Screenshot_{number}.png")
        page.keyboard.press("Tab")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/looks/{accounts[number].account_id}*")
    assert [stored_pictures(empty, looks_of(empty, one.account_id)[0]) for one in accounts[:3]] == [[png(1)], [png(2)], [png(3)]]
    assert len(empty.ws.store.pictures()) == 47


@pytest.mark.browser
def test_pictures_without_scripts(empty: Console, signed_in: Callable[..., Page], tmp_path) -> None:
    accounts = file_accounts(empty, 3)
    shots = []
    for number in (1, 2):
        shots.append(tmp_path / f"{number}.png")
        shots[-1].write_bytes(png(number))
    page = signed_in(empty, java_script_enabled=False)
    page.goto("/pictures")
    page.locator("#pictures").set_input_files(shots)
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="后移").first.click()
    assert beside(empty) == {accounts[1].account_id: ["1.png"], accounts[2].account_id: ["2.png"]}


def test_a_county_has_the_pictures_beside_its_own_accounts_and_no_others(many: Many) -> None:
    accounts = many.ws.store.accounts()
    mine, another = (next(one.account_id for one in accounts if one.region == region) for region in ("甲山县", "乙水县"))
    county, city = many.as_("county"), many.as_("city")
    assert county.upload("/pictures", {"picture": ("我的.png", png(1))}, {"account_id": mine}).status == 303
    assert county.upload("/pictures", {"picture": ("x.png", png(2))}, {"account_id": another}).status == 404
    assert county.upload("/pictures", {"picture": ("x.png", png(3))}).status == 404
    assert city.upload("/pictures", {"picture": ("别人的.png", png(4))}, {"account_id": another}).status == 303
    number = {one.account_id: one.id for one in many.ws.store.pictures()}
    assert set(number) == {mine, another}
    assert county.get(f"/pictures/{number[mine]}").status == 200
    assert county.get(f"/pictures/{number[another]}").status == 404
    shown = county.get(f"/looks/{mine}").text
    assert "我的.png" in shown
    assert "别人的.png" not in shown
    assert county.get("/pictures").status == 403
    assert 'href="/pictures"' not in county.get("/looks").text
    assert county.post(f"/pictures/{number[mine]}", {"to": "give", "account_id": another}).status == 403
    assert county.post(f"/pictures/{number[another]}", {"to": "drop"}).status == 404
    assert county.post(f"/pictures/{number[mine]}", {"to": "drop", "back": mine}).status == 303
    assert {one.account_id for one in many.ws.store.pictures()} == {another}
