"""What a person gave to a page is theirs: nobody else opens it, and it does not stand on anybody else's page."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.conftest import CHEAP, TODAY, Many, Serve, fill_users
from tracker import settings
from tracker.people import Role
from tracker.signin import Hasher
from tracker.store import User
from tracker.workspace import create, opened

LINES = "类型,名称,主办单位\n微信,全新的号,新单位\n"


def other(many: Many) -> None:
    """A second person of the city, who may do all that the first may."""
    many.ws.store.add_user(User(login="city2", name="市级二", role=Role.CITY, at=TODAY))


def test_two_people_s_pastes_do_not_mix(many: Many) -> None:
    other(many)
    one, two = many.as_("city"), many.as_("city2")
    assert one.post("/links", {"text": "https://first.example/x"}).status == 303
    assert two.post("/links", {"text": "https://second.example/y"}).status == 303
    assert "first.example" in one.get("/links").text
    assert "second.example" not in one.get("/links").text
    assert "second.example" in two.get("/links").text
    assert "first.example" not in two.get("/links").text


def test_a_pasted_link_is_noted_to_who_pasted_it(many: Many) -> None:
    link = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    assert many.as_("city").post("/links", {"text": link}).status == 303
    assert [one.who for one in many.ws.store.links() if one.url == link] == ["市级一"]


@pytest.mark.parametrize("form", ["/accounts/import", "/check"])
def test_the_word_of_one_person_s_file_opens_nothing_for_another(many: Many, form: str) -> None:
    other(many)
    one, two = many.as_("city"), many.as_("city2")
    where = one.upload(form, {"file": ("新台账.csv", LINES.encode())}).headers["location"]
    assert one.get(where).status == 200
    refused = two.get(where)
    assert refused.status == 400
    assert "这个文件已经不在了" in refused.text
    assert "全新的号" not in refused.text


def test_another_s_word_imports_nothing_and_takes_nothing_away(many: Many) -> None:
    other(many)
    one, two = many.as_("city"), many.as_("city2")
    where = one.upload("/accounts/import", {"file": ("新台账.csv", LINES.encode())}).headers["location"]
    before = many.ws.store.accounts()
    assert two.post(where).status == 400
    assert many.ws.store.accounts() == before
    assert one.post(where).status == 303
    assert len(many.ws.store.accounts()) == len(before) + 1


def test_another_s_uploads_do_not_push_one_s_own_out(many: Many) -> None:
    other(many)
    one, two = many.as_("city"), many.as_("city2")
    where = one.upload("/accounts/import", {"file": ("新台账.csv", LINES.encode())}).headers["location"]
    for _ in range(12):
        two.upload("/accounts/import", {"file": ("另一份.csv", LINES.encode())})
    assert one.get(where).status == 200


def test_how_far_the_judging_of_all_is_stands_on_no_county_s_page(many: Many) -> None:
    judging = many.console.desk.judging
    judging.start("判定", lambda _: "")
    judging.wait(5)
    judging.note(lambda state: replace(state, running=True, done=77, total=4321))
    assert "77/4321" in many.as_("city").get("/verdicts/judging").text
    told = many.as_("county").get("/verdicts/judging").text
    assert "正在重新判定" in told
    assert "4321" not in told
    judging.note(lambda state: replace(state, running=False, error="别县的账号读不出"))
    assert "别县的账号" in many.as_("city").get("/verdicts/judging").text
    assert "别县的账号" not in many.as_("county").get("/verdicts/judging").text


def test_before_any_check_only_pages_that_open_are_linked(served: Serve, tmp_path: Path) -> None:
    root = tmp_path / "新"
    create(root, settings.template(place="示例市") + "\n[server]\nmany = true\n")
    with opened(root) as ws:
        fill_users(ws.store)
    new = Many(console=served(root, hasher=Hasher(CHEAP)))
    for role, there, absent in (("city", ("/links", "/looks"), ()), ("county", ("/looks",), ("/links",))):
        told = new.as_(role).get("/verdicts").text
        assert "还没有检查记录" in told
        assert all(f'<a href="{one}">' in told for one in there)
        assert not any(f'<a href="{one}">' in told for one in absent)
        assert all(new.as_(role).get(one).status == 200 for one in there)
