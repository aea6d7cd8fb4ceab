"""待人工 without a browser: what is saved, refused, kept, asked; each through a real server."""

import itertools
from datetime import timedelta

import pytest

from tests.console.conftest import TODAY, Console, Serve
from tests.console.looking import WEIXIN, fields_of, file_accounts, fill, hidden, looks_of, png, stored_pictures
from tracker.facts.build import Context, build
from tracker.model import Aspect, Seen


def test_a_date_is_stored_as_a_look_and_the_next_account_comes(empty: Console) -> None:
    first, second = file_accounts(empty, 2)
    done = empty.post(f"/looks/{first.account_id}", fill(empty, first.account_id, told="11.3", who="王某"))
    assert done.status == 303
    assert done.headers["location"].startswith(f"/looks/{second.account_id}?")
    (visit,) = looks_of(empty, first.account_id)
    assert (visit.printed_date, str(visit.check_date)) == ("11.3", "2026-11-06")
    posts = visit.observation.aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert f"{posts.value.latest.at:%Y-%m-%d}" == "2026-11-03"
    meta, exchanges = empty.ws.evidence.read(visit.file, sha256=visit.sha256)
    assert (meta.route, len(exchanges), "王某" in exchanges[0].text) == ("manual", 1, True)


@pytest.mark.parametrize(("told", "stored"), [("2020-11-3", "2020-11-03"), ("11月3日", "2026-11-03"), ("12.30", "2025-12-30")])
def test_dates_are_read_by_the_rules_of_the_sheet(empty: Console, told: str, stored: str) -> None:
    (one,) = file_accounts(empty, 1)
    empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, told=told))
    (visit,) = looks_of(empty, one.account_id)
    assert f"{visit.observation.aspects[Aspect.POSTS].value.latest.at:%Y-%m-%d}" == stored


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"told": "昨天"}, "看不懂“昨天”"),
        ({"told": "13.45"}, "日历上没有这一天"),
        ({}, "还没有填任何内容"),
        ({"a0": "有问题"}, "要有截图才能保存"),
        ({"told": "无内容"}, "要有截图才能保存"),
        ({"told": "https://example.com/a"}, "不是本程序认识的平台"),
        ({"told": "11.3", "a0": "胡说"}, "应填有问题、无问题或未看"),
    ],
)
def test_what_cannot_be_saved_is_told_and_kept(empty: Console, fields: dict[str, str], words: str) -> None:
    (one,) = file_accounts(empty, 1)
    answer = empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, **fields))
    assert answer.status == 422
    assert words in answer.text
    assert looks_of(empty, one.account_id) == []
    again = empty.get(f"/looks/{one.account_id}").text
    if told := fields.get("told"):
        assert f'value="{told}"' in again


def test_a_refused_form_can_be_mended_and_sent(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    refused = empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, told="昨天"))
    assert empty.post(f"/looks/{one.account_id}", {**hidden(refused), "told": "11.5"}).status == 303
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["11.5"]


def test_a_finding_takes_its_picture_along(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    sent = empty.upload(
        f"/looks/{one.account_id}", {"picture": ("截图 1.png", png(1))}, fill(empty, one.account_id, a1="有问题", a0="无问题")
    )
    assert sent.status == 303
    (visit,) = looks_of(empty, one.account_id)
    assert fields_of(visit) == {"INT-01": False, "COL": True}
    assert stored_pictures(empty, visit) == [png(1)]
    assert empty.ws.store.pictures() == ()
    assert list((empty.ws.root / "inbox").iterdir()) == []
    shown = empty.get(f"/pictures/kept/{one.account_id}?file={visit.file}&place=1")
    assert (shown.status, shown.body, shown.headers["content-type"]) == (200, png(1), "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_only_pictures_of_looks_are_shown(empty: Console) -> None:
    one, other = file_accounts(empty, 2)
    empty.upload(f"/looks/{one.account_id}", {"picture": ("a.png", png(1))}, fill(empty, one.account_id, a1="有问题"))
    (visit,) = looks_of(empty, one.account_id)
    for account, file, place in [
        (one.account_id, visit.file, 0),
        (one.account_id, visit.file, 7),
        (other.account_id, visit.file, 1),
        (one.account_id, "../tracker.toml", 1),
    ]:
        assert empty.get(f"/pictures/kept/{account}?file={file}&place={place}").status == 404


def test_sending_twice_saves_once(empty: Console) -> None:
    one, _ = file_accounts(empty, 2)
    form = fill(empty, one.account_id, told="11.3")
    answers = [empty.post(f"/looks/{one.account_id}", form) for _ in range(3)]
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len(looks_of(empty, one.account_id)) == 1
    assert "%E5%B7%B2%E7%BB%8F%E4%BF%9D%E5%AD%98%E8%BF%87" in answers[2].headers["location"]


def test_two_pages_on_one_account_never_overwrite_each_other(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    mine, theirs = fill(empty, one.account_id, told="11.1"), fill(empty, one.account_id, told="11.4", who="李某")
    assert empty.post(f"/looks/{one.account_id}", theirs).status == 303
    clash = empty.post(f"/looks/{one.account_id}", mine)
    assert clash.status == 409
    assert "李某" in clash.text
    assert "11.1" in clash.text
    assert "11.4" in clash.text
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["11.4"]
    chosen = empty.post(f"/looks/{one.account_id}", {**hidden(clash), "told": "11.1"})
    assert chosen.status == 303
    assert [visit.printed_date for visit in looks_of(empty, one.account_id)] == ["11.4", "11.1"]


def test_two_drafts_on_one_account_never_overwrite_each_other(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    mine, theirs = fill(empty, one.account_id, told="11.1"), fill(empty, one.account_id, told="11.4", who="李某")
    json = {"headers": {"Accept": "application/json"}}
    assert empty.post(f"/looks/{one.account_id}/draft", {**theirs, "seq": "1"}, **json).status == 200
    told = empty.post(f"/looks/{one.account_id}/draft", {**mine, "seq": "1"}, **json)
    assert told.status == 409
    assert "另一处" in told.text
    assert empty.post(f"/looks/{one.account_id}", mine).status == 409
    assert 'value="11.4"' in empty.get(f"/looks/{one.account_id}").text
    assert looks_of(empty, one.account_id) == []


def test_a_late_saving_of_the_same_page_does_not_undo_a_newer_one(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    form = fill(empty, one.account_id)
    for seq, told in (("2", "11.30"), ("1", "11.3")):
        empty.post(f"/looks/{one.account_id}/draft", {**form, "seq": seq, "told": told}, headers={"Accept": "application/json"})
    assert 'value="11.30"' in empty.get(f"/looks/{one.account_id}").text


def test_a_saving_that_arrives_after_the_look_leaves_no_draft(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    form = fill(empty, one.account_id, told="11.3")
    empty.post(f"/looks/{one.account_id}", form)
    late = empty.post(f"/looks/{one.account_id}/draft", {**form, "seq": "9"}, headers={"Accept": "application/json"})
    assert late.status == 200
    assert "没有等着人工看的账号了" in empty.get("/looks").text


def test_put_aside_without_script(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    aside = empty.post(f"/looks/{one.account_id}/draft", fill(empty, one.account_id, told="11.", a4="无问题", note="待核"))
    assert aside.status == 303
    page = empty.get(f"/looks/{one.account_id}").text
    assert 'value="11."' in page
    assert 'value="待核"' in page
    assert 'name="a4" value="无问题" checked' in page
    assert "接着填" in empty.get("/looks").text


def test_a_link_goes_to_the_link_box(empty: Console) -> None:
    one, second = file_accounts(empty, 2)
    done = empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, told=f"【办事指南】{WEIXIN} 复制打开"))
    assert done.headers["location"].startswith(f"/looks/{second.account_id}")
    assert [link.url for link in empty.ws.store.links()] == [WEIXIN]
    assert looks_of(empty, one.account_id) == []
    assert "已交链接,待打开" in empty.get("/looks").text


def test_a_date_and_a_link_are_both_kept(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, told=f"11.3 {WEIXIN}"))
    (visit,) = looks_of(empty, one.account_id)
    assert (visit.printed_date, visit.url) == ("11.3", WEIXIN)
    assert [link.url for link in empty.ws.store.links()] == [WEIXIN]


def test_nearest_to_a_breach_comes_first_and_what_was_looked_at_is_gone(sample: Console) -> None:
    before = sample.get("/looks").text
    first = sample.get("/looks/next").headers["location"].removeprefix("/looks/")
    sample.post(f"/looks/{first}", fill(sample, first, told="2026-11-05"))
    assert sample.get("/looks/next").headers["location"] != f"/looks/{first}"
    assert before.index(first) < before.index("没有见到过") + 2000
    assert looks_of(sample, first)


def test_hostile_text_is_text(empty: Console) -> None:
    bad = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    (one,) = file_accounts(empty, 1, name=bad, organisation=bad, url="javascript:alert(1)")
    empty.post(f"/looks/{one.account_id}/draft", fill(empty, one.account_id, told=bad, note=bad, who=bad))
    for address in ("/looks", f"/looks/{one.account_id}", "/pictures"):
        page = empty.get(address).text
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page.replace("&gt;", "")
        assert 'href="javascript:' not in page
    assert "&lt;script&gt;" in empty.get(f"/looks/{one.account_id}").text


def test_strangers_and_forged_posts_are_refused(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    form = fill(empty, one.account_id, told="11.3")
    assert empty.get(f"/looks/{one.account_id}", cookie="").status == 401
    for address in (
        f"/looks/{one.account_id}",
        f"/looks/{one.account_id}/draft",
        f"/looks/{one.account_id}/discard",
        "/pictures",
    ):
        assert empty.post(address, {**form, "csrf": "wrong"}).status == 403
    assert looks_of(empty, one.account_id) == []


def test_unknown_accounts_and_torn_forms_are_told_in_words(empty: Console) -> None:
    (one,) = file_accounts(empty, 1)
    assert "台账里没有这个账号" in empty.get("/looks/nobody").text
    assert empty.post(f"/looks/{one.account_id}", {"told": "11.3"}).status == 422
    assert empty.post(f"/looks/{one.account_id}", fill(empty, one.account_id, told="1" * 3000)).status == 422


def test_an_empty_registry_says_what_to_do(empty: Console) -> None:
    page = empty.get("/looks")
    assert page.status == 200
    assert "先导入台账" in page.text


def test_a_later_look_corrects_an_earlier_one(served: Serve) -> None:
    """A mistyped date or a wrong 有问题 must be possible to put right."""
    ticks = itertools.count()
    console = served(clock=lambda: TODAY + timedelta(seconds=next(ticks)))
    (one,) = file_accounts(console, 1)
    sent = fill(console, one.account_id, told="11.5", a0="有问题", a1="无问题")
    console.upload(f"/looks/{one.account_id}", {"picture": ("a.png", png(1))}, sent)
    console.post(f"/looks/{one.account_id}", fill(console, one.account_id, told="10.5", a0="无问题"))
    sweep = console.ws.sweep()
    facts = build(one, console.ws.store.visits(sweep.name), Context(on=None, default_date=sweep.window.until))
    assert f"{facts.latest.at:%m-%d}" == "10-05"
    assert [(told.code, told.broken) for told in facts.reported] == [("COL", False), ("INT-01", False)]
