"""抖音: commenters are gone, nothing follows a wall, no newer post is passed over. Readings: adapter_cases/douyin."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.douyin import Douyin
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Outcome, Posts, Route, Seen, Unseen, Visit, Window

ADAPTER = Douyin()
CASES = Path(__file__).parent.parent / "adapter_cases" / "douyin"
AT = datetime(2026, 9, 21, 10, tzinfo=SHANGHAI)
SEC = "MS4wLjABAAAA0000000000000000000000000000000000000000001"
IDS = {"sec_uid": SEC, "uid": "9000000000000021"}
LINK = "https://www.douyin.com/video/7298145681699622182"
URLS = {
    "home": f"https://www.douyin.com/user/{SEC}",
    "works": f"https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id={SEC}&max_cursor=0",
    "detail": "https://www.douyin.com/aweme/v1/web/aweme/detail/?aweme_id=7298145681699622182",
    "comments": "https://www.douyin.com/aweme/v1/web/comment/list/?aweme_id=7298145681699622182",
}


def work(at: datetime, number: int, *, pinned: bool = False) -> dict[str, Any]:
    seconds = int(at.timestamp())
    author = {"sec_uid": SEC, "uid": IDS["uid"], "nickname": "示例发布"}
    return {"aweme_id": str(seconds << 32 | number), "create_time": seconds, "is_top": int(pinned), "author": author}


def listing(times: tuple[datetime, ...], *, pinned: bool) -> Exchange:
    rows = [work(at, number, pinned=pinned and number == 0) for number, at in enumerate(times)]
    return exchange("works", {"status_code": 0, "aweme_list": rows, "has_more": 1, "max_cursor": 1})


def account(**ids: str) -> Account:
    return Account(account_id="a", platform=ADAPTER.platform, kind="", name="示例发布", ids=ids)


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
    "cid": "7229907833150118669",
    "text": "请致电13800138000或写信 zhangsan@example.com @李四 谢谢",
    "label_type": -1,
    "label_text": "",
    "reply_id": "0",
    "reply_comment_total": 1,
    "ip_label": "陕西",
    "text_extra": [{"sec_uid": "MS4wPLANTEDEXTRA", "user_id": "9000000000000555"}],
    "reply_to_username": "PLANTED_REPLY_NAME",
    "user": {
        "uid": "9000000000000444",
        "sec_uid": "MS4wPLANTED",
        "nickname": "PLANTED_NAME",
        "avatar_thumb": {"uri": "PLANTED_AVATAR"},
    },
}
PLANTS = ("13800138000", "zhangsan", "李四", "9000000000000444", "9000000000000555", "PLANTED", "陕西")
CHILD = {**COMMENT, "cid": "7229907833150118670", "reply_id": COMMENT["cid"], "reply_comment": None}


@pytest.mark.parametrize("page", ["comments", "works", "detail", "unheard-of"])
def test_a_commenter_is_gone_after_redaction(page: str) -> None:
    answer = {"status_code": 0, "comments": [{**COMMENT, "reply_comment": [CHILD]}], "total": 1, "has_more": 0}
    clean = ADAPTER.redact(exchange(page, answer)).decode()
    assert [plant for plant in PLANTS if plant in clean] == []
    assert "谢谢" in clean


def test_a_commenter_is_gone_from_a_body_that_is_no_json() -> None:
    cut = json.dumps({"comments": [COMMENT]}, ensure_ascii=False).encode()[:-3]
    clean = ADAPTER.redact(exchange("comments", cut)).decode()
    assert [plant for plant in PLANTS if plant in clean and plant != "zhangsan"] == []


def test_the_accounts_own_reply_is_known_after_redaction() -> None:
    own = {**CHILD, "user": {"uid": IDS["uid"], "sec_uid": SEC, "nickname": "示例发布"}}
    answer = {"status_code": 0, "comments": [{**COMMENT, "reply_comment": [own]}], "total": 1, "has_more": 0}
    raw = exchange("comments", answer)
    clean = replace(raw, body=ADAPTER.redact(raw))
    assert IDS["uid"] not in clean.text
    found = ADAPTER.read(visit(account(**IDS)), [clean]).aspects[Aspect.REPLIES]
    assert isinstance(found, Seen)
    assert (found.value.seen, found.value.answered) == (1, 1)
    stranger = ADAPTER.read(visit(account(uid="9000000000000022")), [clean]).aspects[Aspect.REPLIES]
    assert isinstance(stranger, Seen)
    assert stranger.value.answered == 0


def test_secrets_are_gone_and_their_signs_stay() -> None:
    body = {
        "status_code": 10000,
        "verify_center_decision_conf": "fp=PLANTEDFP",
        "verify_ticket": "PLANTEDTICKET",
        "msToken": "PLANTEDTOKEN",
    }
    raw = exchange("works", body)
    clean = replace(raw, body=ADAPTER.redact(raw))
    assert "PLANTED" not in clean.text
    assert ADAPTER.read(visit(account(**IDS)), [clean]).outcome == Outcome.CHALLENGE
    page = exchange("home", b'<script>var a={"csrfToken":"PLANTEDCSRF123"};document.cookie=\'ttwid=PLANTEDTTWID\'</script>')
    assert b"PLANTED" not in ADAPTER.redact(page)


def test_a_recorded_list_needs_no_redaction() -> None:
    body = (CASES / "works-media" / "posts_page1_media.json").read_bytes()
    assert ADAPTER.redact(exchange("works", body)) == body


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"https://www.douyin.com/user/{SEC}?vid=7298145681699622182", {"sec_uid": SEC}),
        (f"https://www.iesdouyin.com/share/user/{SEC}?sec_uid={SEC}", {"sec_uid": SEC}),
        (f" {SEC} ", {"sec_uid": SEC}),
        ("uid: 66598046050", {"uid": "66598046050"}),
        ("cctvnews", {"unique_id": "cctvnews"}),
        ("抖音号：1403234567", {"unique_id": "1403234567"}),
        ("https://www.douyin.com/user/self", {}),
        ("https://v.douyin.com/iRNBho6u/", {}),
        (LINK, {}),
        ("", {}),
        ("某某市公安局", {}),
    ],
)
def test_ids_of_a_cell(text: str, ids: dict[str, str]) -> None:
    assert ADAPTER.ids(text) == ids


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        (LINK, True),
        ("https://www.douyin.com/note/7298145681699622182", True),
        (f"https://www.douyin.com/user/{SEC}", True),
        ("https://v.douyin.com/iRNBho6u/", True),
        ("https://www.iesdouyin.com/share/video/7298145681699622182/", True),
        ("https://www.douyin.com/", False),
        ("https://www.douyin.com.example.com/video/7298145681699622182", False),
        ("ftp://www.douyin.com/video/7298145681699622182", False),
        ("https://[", False),
    ],
)
def test_links_that_are_ours(url: str, ours: bool) -> None:
    assert ADAPTER.claims(url) is ours


def test_an_empty_list_that_goes_on_is_read_on_once() -> None:
    profile = exchange("profile", {"status_code": 0, "user": {"sec_uid": SEC, "nickname": "示例发布", "aweme_count": 0}})
    more = exchange("works", {"status_code": 0, "aweme_list": [], "has_more": 1, "max_cursor": 0})
    page = exchange("home", b"<html></html>")
    (ask,) = ADAPTER.next(visit(account(**IDS)), [page, profile, more])
    assert ask.steps
    assert ADAPTER.next(visit(account(**IDS)), [page, profile, more, page, more]) == ()


def test_likes_cost_no_second_page() -> None:
    user = {"sec_uid": SEC, "nickname": "示例发布", "show_favorite_list": True}
    came = [exchange("home", b"<html></html>"), exchange("profile", {"status_code": 0, "user": user})]
    assert ADAPTER.next(visit(account(**IDS)), [*came, listing((AT - timedelta(days=1),), pinned=False)]) == ()


def test_a_list_of_several_authors_that_nobody_asked_for_is_not_believed() -> None:
    rows = [
        work(AT - timedelta(days=1), 1),
        {**work(AT - timedelta(days=2), 2), "author": {"sec_uid": "MS4wLjABAAAAother000000"}},
    ]
    list_ = exchange(
        "works", {"status_code": 0, "aweme_list": rows, "has_more": 0, "max_cursor": 1}, url="https://www.douyin.com/x"
    )
    found = ADAPTER.read(visit(None), [list_]).aspects[Aspect.POSTS]
    assert isinstance(found, Unseen)
    assert found.outcome == Outcome.FOREIGN_ROWS


def test_drift_names_the_place() -> None:
    list_ = exchange(
        "works", {"status_code": 0, "aweme_list": [{**work(AT, 1), "create_time": "gestern"}], "has_more": 0, "max_cursor": 1}
    )
    seen = ADAPTER.read(visit(account(**IDS)), [list_])
    assert seen.outcome == Outcome.DRIFT
    assert "$.aweme_list[0].create_time" in seen.detail


WALLS = [
    exchange("works", {"status_code": 10000}),
    exchange("works", {"status_code": 2483}),
    exchange("works", b""),
    exchange("works", b"x", status=429),
    exchange("works", b"", status=0),
]
