"""今日头条: commenters are gone, nothing follows a wall, no newer post is passed over. Readings: adapter_cases/toutiao."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.toutiao import Toutiao
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Outcome, Posts, Route, Seen, Unseen, Visit, Window

ADAPTER = Toutiao()
CASES = Path(__file__).parent.parent / "adapter_cases" / "toutiao"
AT = datetime(2026, 9, 21, 10, tzinfo=SHANGHAI)
TOKEN = "MS4wLjABAAAAtoutiaoexample0001"
IDS = {"user_id": "9000000456", "token": TOKEN}
LINK = "https://www.toutiao.com/article/7685708913345566273/"
URLS = {
    "home": f"https://www.toutiao.com/c/user/token/{TOKEN}/",
    "feed": f"https://www.toutiao.com/api/pc/list/user/feed?category=profile_all&token={TOKEN}&max_behot_time=0",
    "item": LINK,
    "comments": "https://www.toutiao.com/article/v4/tab_comments/?group_id=7685708913345566273",
    "replies": "https://www.toutiao.com/2/comment/v4/reply_list/?id=7001",
}


def item(at: datetime, number: int, *, pinned: bool = False) -> dict[str, Any]:
    seconds = int(at.timestamp())
    owner = {"user_id": IDS["user_id"], "name": "示例头条"}
    return {
        "group_id": str(seconds << 32 | number),
        "publish_time": seconds,
        "is_stick": pinned,
        "user_info": owner,
        "title": "示例",
    }


def listing(times: tuple[datetime, ...], *, pinned: bool) -> Exchange:
    rows = [item(at, number, pinned=pinned and number == 0) for number, at in enumerate(times)]
    return exchange("feed", {"message": "success", "data": rows, "has_more": True, "next": {"max_behot_time": 1}})


def account(**ids: str) -> Account:
    return Account(account_id="a", platform=ADAPTER.platform, kind="", name="示例头条", ids=ids)


def visit(filed: Account | None, url: str = "") -> Visit:
    window = Window(since=date(2026, 8, 1), until=date(2026, 9, 21))
    return Visit(account=filed, route=Route.LINK if url else Route.BROWSER, window=window, today=date(2026, 9, 21), url=url)


def exchange(page: str, body: object, **more: Any) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Exchange(**{"page": page, "url": URLS.get(page, URLS["home"]), "status": 200, "body": raw, "at": AT, **more})


def test_nothing_follows_a_wall() -> None:
    for wall in WALLS:
        came = [exchange("home", b"<html><body>x</body></html>"), wall]
        assert ADAPTER.next(visit(account(**IDS)), came) == ()


def test_an_account_without_ids_is_not_visited_and_says_so() -> None:
    nobody = visit(account())
    assert ADAPTER.next(nobody, []) == ()
    seen = ADAPTER.read(nobody, [])
    assert seen.outcome == Outcome.NOT_RECORDED
    assert "台账" in seen.detail


@pytest.mark.parametrize("age", [0, 1, 400])
def test_a_newer_post_never_makes_the_newest_date_older(age: int) -> None:
    older, newer = AT - timedelta(days=500), AT - timedelta(days=age)
    for pinned in (True, False):
        for order in ((older, newer), (newer, older)):
            found = ADAPTER.read(visit(account(**IDS)), [listing(order, pinned=pinned)]).aspects[Aspect.POSTS]
            assert isinstance(found, Seen)
            assert isinstance(found.value, Posts)
            assert found.value.latest is not None
            assert found.value.latest.at == newer
            assert (found.outcome == Outcome.OK) == found.value.exact


COMMENT = {
    "id": 7001,
    "id_str": "7001",
    "text": "请致电13800138000或写信 zhangsan@example.com @李四 谢谢",
    "reply_count": 1,
    "user_id": 9000000444,
    "user_name": "PLANTED_NAME",
    "user_auth_info": "PLANTED_AUTH",
    "user_profile_image_url": "https://p3.example.com/PLANTED_AVATAR",
    "publish_loc_info": "陕西",
}
PLANTS = ("13800138000", "zhangsan", "李四", "9000000444", "PLANTED", "陕西")


def comments(replies: list[dict[str, Any]]) -> Exchange:
    answer = {
        "message": "success",
        "data": [{"comment": {**COMMENT, "reply_list": replies}}],
        "has_more": False,
        "total_number": 1,
    }
    return exchange("comments", answer)


def test_a_commenter_is_gone_after_redaction() -> None:
    clean = ADAPTER.redact(comments([{**COMMENT, "id": 7002}])).decode()
    assert [plant for plant in PLANTS if plant in clean] == []
    assert "谢谢" in clean
    page = exchange(
        "replies", {"data": {"data": [{"content": "a", "user": {"user_id": 9000000444, "name": "PLANTED"}}], "has_more": False}}
    )
    assert [plant for plant in PLANTS if plant in ADAPTER.redact(page).decode()] == []


def test_a_commenter_is_gone_from_a_body_that_is_no_json() -> None:
    cut = comments([]).body[:-3]
    clean = ADAPTER.redact(exchange("comments", cut)).decode()
    assert [plant for plant in PLANTS if plant in clean and plant != "陕西"] == []


def test_people_inside_a_list_are_gone() -> None:
    row = {**item(AT, 1), "comment_base": {"user": {"name": "PLANTED"}}, "comments": [COMMENT], "hot_comments": [COMMENT]}
    raw = exchange("feed", {"message": "success", "data": [row], "has_more": False, "next": {}})
    clean = replace(raw, body=ADAPTER.redact(raw))
    assert [plant for plant in PLANTS if plant in clean.text] == []
    found = ADAPTER.read(visit(account(**IDS)), [clean]).aspects[Aspect.POSTS]
    assert isinstance(found, Seen)
    assert found.value.items[0].repost


def test_the_accounts_own_reply_is_known_after_redaction() -> None:
    raw = comments([{"id": 7002, "text": "您好", "user_id": int(IDS["user_id"])}])
    clean = replace(raw, body=ADAPTER.redact(raw))
    assert IDS["user_id"] not in clean.text
    found = ADAPTER.read(visit(account(**IDS)), [clean]).aspects[Aspect.REPLIES]
    assert isinstance(found, Seen)
    assert (found.value.seen, found.value.answered) == (1, 1)
    stranger = ADAPTER.read(visit(account(user_id="9000000457")), [clean]).aspects[Aspect.REPLIES]
    assert isinstance(stranger, Seen)
    assert stranger.value.answered == 0


def test_secrets_are_gone() -> None:
    page = b'<script>var a={"csrfToken":"PLANTEDCSRF123"};document.cookie=\'ttwid=PLANTEDTTWID;__ac_nonce=PLANTEDNONCE\'</script>'
    encoded = b"<script id=RENDER_DATA>%7B%22passportToken%22%3A%22PLANTEDTOKEN%22%7D</script>"
    assert b"PLANTED" not in ADAPTER.redact(exchange("home", page))
    assert b"PLANTED" not in ADAPTER.redact(exchange("home", encoded))
    assert b"PLANTED" not in ADAPTER.redact(exchange("feed", {"message": "x", "csrf_token": "PLANTEDTOKEN"}))


def test_the_recorded_list_needs_no_redaction() -> None:
    body = (CASES / "envelope-one-item" / "feed_envelope_one_item.json").read_bytes()
    assert ADAPTER.redact(exchange("feed", body)) == body


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"https://www.toutiao.com/c/user/token/{TOKEN}/?source=profile", {"token": TOKEN}),
        ("https://www.toutiao.com/c/user/50502346173/", {"user_id": "50502346173"}),
        (" 50502346173 ", {"user_id": "50502346173"}),
        (TOKEN, {"token": TOKEN}),
        ("user_id=50502346173 media_id=50502346174", {"user_id": "50502346173", "media_id": "50502346174"}),
        (LINK, {}),
        ("示例头条", {}),
        ("", {}),
    ],
)
def test_ids_of_a_cell(text: str, ids: dict[str, str]) -> None:
    assert ADAPTER.ids(text) == ids


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        (LINK, True),
        ("https://www.toutiao.com/w/7685708913345566273/", True),
        ("https://m.toutiao.com/i7685708913345566273/", True),
        ("http://m.toutiao.com/group/6606040831663014413/", True),
        (f"https://www.toutiao.com/c/user/token/{TOKEN}/", True),
        ("https://www.toutiao.com/", False),
        ("https://www.toutiao.com.example.com/article/7685708913345566273/", False),
        ("https://[", False),
    ],
)
def test_links_that_are_ours(url: str, ours: bool) -> None:
    assert ADAPTER.claims(url) is ours


def test_a_silent_failure_is_reloaded_once() -> None:
    page = exchange("home", "<html><body>正在加载</body></html>".encode())
    assert [ask.page for ask in ADAPTER.next(visit(account(**IDS)), [page])] == ["home"]
    assert ADAPTER.next(visit(account(**IDS)), [page, page]) == ()


def test_likes_are_not_observable() -> None:
    found = ADAPTER.read(visit(account(**IDS)), [listing((AT,), pinned=False)]).aspects[Aspect.LIKES]
    assert isinstance(found, Unseen)
    assert found.outcome == Outcome.NOT_OBSERVABLE


def test_drift_names_the_place() -> None:
    row = {**item(AT, 1), "publish_time": "gestern"}
    seen = ADAPTER.read(
        visit(account(**IDS)), [exchange("feed", {"message": "success", "data": [row], "has_more": False, "next": {}})]
    )
    assert seen.outcome == Outcome.DRIFT
    assert "$.data[0].publish_time" in seen.detail


WALLS = [
    exchange("feed", {"decision": "block"}),
    exchange("feed", {"message": "请先登录"}),
    exchange("feed", b""),
    exchange("feed", b"x", status=403),
    exchange("feed", b"x", status=429),
    exchange("feed", b"", status=0),
]
