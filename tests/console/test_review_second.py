"""Two persons for a veto: who is offered what, who is refused as the second, and what a disagreement looks like."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.conftest import TODAY, Console, Many, Serve
from tests.console.looking import fill, png
from tests.console.reviewing import by_two, groups, links, picks, unseen
from tests.console.test_axe import SIZES, look
from tracker.console.review_queues import LOOKED, Queue
from tracker.model import Decision
from tracker.witnesses import behind


@pytest.fixture
def two(sample_root: Path, served: Serve, tmp_path: Path) -> Many:
    return by_two(sample_root, served, tmp_path / "两人 工作区")


def decide(console: Console, address: str, choice: str, why: str = "") -> int:
    path = address.partition("?")[0]
    return console.post(path, {**unseen(console.get(address)), "choice": choice, "why": why}).status


def test_who_confirmed_is_not_offered_the_same_as_second(two: Many) -> None:
    admin, city = two.as_("admin"), two.as_("city")
    first = links(admin, "/review")[0]
    assert decide(admin, first, "confirm") == 303
    second = f"{first}?of=second"
    assert "您已确认,等另一个人" in admin.get("/review?of=second").text
    assert "您已确认,等另一个人" not in city.get("/review?of=second").text
    assert second in links(city, "/review?of=second")
    # round the whole queue: it is never met
    met, address = set[str](), admin.get("/review/next?of=second").headers["location"]
    while address not in met:
        met.add(address)
        text = admin.get(address).text
        address = next(iter(re.findall(r'href="([^"]+)" rel="next"', text)), address)
    assert second not in met
    assert len(met) == len(links(admin, "/review?of=second")) - 1


def test_the_server_refuses_the_same_person_as_second_in_words(two: Many) -> None:
    admin, city = two.as_("admin"), two.as_("city")
    first = links(admin, "/review")[0]
    decide(admin, first, "confirm")
    answer = admin.post(first, {**unseen(admin.get(f"{first}?of=second")), "choice": "confirm"})
    assert answer.status == 422
    assert "由另一个人确认" in answer.text
    assert len(two.ws.store.decisions(two.ws.sweep().name)) == 1
    before = len(links(city, "/review?of=second"))
    assert decide(city, f"{first}?of=second", "confirm") == 303
    assert len(links(city, "/review?of=second")) == before - 1
    judged = two.ws.store.last_judgement(two.ws.sweep().name)
    assert judged
    own = first.split("/")[2]
    (people,) = [one for one in behind(two.ws, judged.sweep, judged.verdicts) if one.account_id == own]
    assert people.agreed == ("管理一", "市级一")


def test_who_looked_counts_and_who_is_missing_is_said(two: Many) -> None:
    city = two.as_("city")
    text = city.get("/review?of=second").text
    assert "还差 2 人" in text
    assert "等待第二人" in text
    address = links(city, "/review?of=second")[0]
    assert "进入最终名单要 2 个人各自看过" in city.get(address).text


def test_a_disagreement_is_a_list_of_its_own_until_it_is_settled(two: Many) -> None:
    admin, city = two.as_("admin"), two.as_("city")
    first = links(admin, "/review")[0]
    decide(admin, first, "confirm")
    assert links(city, "/review?of=torn") == []
    assert decide(city, f"{first}?of=second", "dismiss", "公益内容") == 303
    assert links(city, "/review?of=torn") == [f"{first}?of=torn"]
    assert f"{first}?of=second" not in links(city, "/review?of=second")
    text = admin.get("/review?of=torn").text
    assert "确认:管理一" in text
    assert "驳回:市级一" in text
    assert decide(admin, f"{first}?of=torn", "dismiss", "商定后驳回") == 303
    assert links(city, "/review?of=torn") == []
    assert links(city, "/review?of=done") == [first]


def test_what_is_ones_own_takes_no_room_in_what_is_looked_through(two: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOOKED, Queue.SECOND, 1)
    admin = two.as_("admin")
    assert "这里只归了前 1 条" in admin.get("/review/bulk?of=second").text
    *others, last = links(admin, "/review?of=second")
    sweep = two.ws.sweep().name
    for one in others:
        _, _, own, code = one.partition("?")[0].split("/")
        two.ws.store.add_decision(sweep, Decision(account_id=own, code=code, confirmed=True, who=" 管理 一", why="", at=TODAY))
    assert admin.get("/review/next?of=second").headers["location"] == last
    assert "另有 1 条原因各不相同" in admin.get("/review/bulk?of=second").text


def test_where_one_person_is_enough_nobody_waits_for_a_second(many: Many) -> None:
    text = many.as_("city").get("/review").text
    assert "等待第二人" not in text
    assert "没有等第二个人的问题" in many.as_("city").get("/review?of=second").text


def test_a_nameless_person_is_nobody_where_it_takes_two(sample: Console) -> None:
    path = sample.ws.root / "tracker.toml"
    told = path.read_text(encoding="utf-8").replace("persons = 1", "persons = 2")
    path.write_text(f'inspector = ""\n{told}', encoding="utf-8")
    sample.desk.reload()
    first = links(sample, "/review")[0]
    form = {**unseen(sample.get(first)), "choice": "confirm"}
    answer = sample.post(first, {**form, "who": " "})
    assert answer.status == 422
    assert "请填复核人" in answer.text
    address, _ = groups(sample)["INT-01"]
    sent = {**unseen(sample.get(address)), "choice": "confirm", "why": "看过", "pick": picks(sample, address)}
    assert "请填复核人" in sample.post("/review/bulk", sent).text
    assert sample.ws.store.decisions(sample.ws.sweep().name) == ()
    assert sample.post(first, {**form, "who": "张三"}).status == 303


@pytest.mark.parametrize("role", ["county", "unit"])
def test_only_city_and_admin_review(two: Many, role: str) -> None:
    first = links(two.as_("city"), "/review")[0]
    for path in ("/review", "/review?of=second", "/review/bulk", first):
        assert two.as_(role).get(path).status == 403
    assert two.as_(role).post("/review/bulk", {"key": "12345678", "code": "INT-01", "cause": "x"}).status == 403


def test_an_unknown_queue_is_refused(two: Many) -> None:
    assert two.as_("city").get("/review?of=other").status == 400
    assert two.as_("city").get("/review/bulk?of=torn").status == 400


@pytest.mark.browser
def test_two_reviewers_at_once_in_two_browsers(two: Many, signed_in: Callable[..., Page]) -> None:
    address = links(two.as_("city"), "/review")[0]
    mine, theirs = signed_in(two.as_("admin")), signed_in(two.as_("city"))
    mine.goto(address)
    theirs.goto(address)
    theirs.keyboard.press("n")
    theirs.keyboard.type("公益内容")
    theirs.keyboard.press("Enter")
    theirs.wait_for_url(lambda url: address not in url)
    mine.keyboard.press("y")
    expect(mine.get_by_role("alert")).to_contain_text("没有覆盖")
    expect(mine.get_by_text("市级一 驳回:公益内容")).to_be_visible()
    (said,) = two.ws.store.decisions(two.ws.sweep().name)
    assert (said.who, said.confirmed) == ("市级一", False)


@pytest.mark.browser
def test_keys_walk_both_ways_and_are_told(two: Many, signed_in: Callable[..., Page]) -> None:
    first, second = links(two.as_("city"), "/review")[:2]
    page = signed_in(two.as_("city"))
    page.goto(first)
    page.keyboard.press("j")
    page.wait_for_url(f"**{second}")
    page.keyboard.press("k")
    page.wait_for_url(f"**{first}")
    page.keyboard.press("?")
    expect(page.get_by_text("驳回,写理由,Enter")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.type("jk?")
    assert page.locator("#why").input_value() == "jk?"
    assert page.url.endswith(first)


@pytest.mark.browser
def test_the_queues_can_be_used_by_everybody(two: Many, browser: Browser) -> None:
    admin, city = two.as_("admin"), two.as_("city")
    first = links(admin, "/review")[0]
    decide(admin, first, "confirm")
    decide(city, f"{first}?of=second", "dismiss", "公益内容")
    paths = ["/review?of=second", "/review?of=torn", "/review?of=done", f"{first}?of=torn", groups(city)["INT-01"][0]]
    for size in SIZES:
        for path in paths:
            assert look(browser, city, size, path) == [], path


@pytest.mark.browser
def test_a_picture_is_shown_large_and_larger(sample: Console, signed_in: Callable[..., Page]) -> None:
    address = next(one for one in links(sample, "/review") if one.endswith("/INT-01"))
    own = address.split("/")[2]
    sent = sample.upload(f"/looks/{own}", {"picture": ("页面.png", png(7, size=3000))}, fill(sample, own, told="2026-11-05"))
    assert sent.status == 303
    page = signed_in(sample)
    page.goto(address)
    picture = page.get_by_role("img", name="检查时的截图 1")
    expect(picture).to_be_visible()
    picture.evaluate("async (one) => { await one.decode(); }")
    narrow = picture.bounding_box()
    page.keyboard.press("z")
    wide = picture.bounding_box()
    assert narrow
    assert wide
    assert narrow["width"] < 900 < wide["width"] == 3000
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
