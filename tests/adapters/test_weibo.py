"""What no single recorded page shows of the weibo adapter: addresses, dates, the way of a visit, redaction."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.weibo import Weibo
from adapters.weibo.fields import count
from adapters.weibo.ids import bid_of, mid_of
from adapters.weibo.times import id_time, moment
from tests.adapters.recorded import recorded
from tracker.adapter import Scroll
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Outcome, Posts, Route, Seen, Visit, Window

CASES = Path(__file__).parent.parent / "adapter_cases" / "weibo"
AT = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
WEIBO = Weibo()
UID = "900000701"
LIST = f"https://weibo.com/ajax/statuses/mymblog?uid={UID}&page=1&feature=0"


def visit(route: Route = Route.BROWSER, *, url: str = "", account: bool = True, **more: str) -> Visit:
    ids = {"uid": UID} if account else {}
    filed = (
        Account(account_id="a", platform="weibo", kind="新浪微博", name="示例政务", ids=ids, **more) if account or more else None
    )
    return Visit(
        account=filed,
        route=route,
        window=Window(since=date(2026, 9, 1), until=date(2026, 9, 21)),
        today=date(2026, 9, 21),
        url=url,
    )


def exchange(page: str, body: object, url: str = LIST, status: int = 200) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Exchange(page=page, url=url, status=status, body=raw, at=AT)


def mid(at: datetime) -> int:
    return (int(at.timestamp()) - 515483463) << 22


def row(at: datetime, uid: str = UID, **more: object) -> dict[str, object]:
    written = at.strftime("%Y-%m-%d %H:%M:%S")
    user = {"id": int(uid), "screen_name": "示例政务", "verified": True, "verified_type": 1}
    return {"mid": str(mid(at)), "created_at": written, "text_raw": "正文", "user": user, **more}


def blog(*rows: object, **more: object) -> dict[str, object]:
    return {"ok": 1, "data": {"since_id": "53kp2", "list": list(rows), **more}}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2803301701", {"uid": "2803301701"}),
        ("UID：2803301701", {"uid": "2803301701"}),
        ("https://weibo.com/u/2803301701?from=feed", {"uid": "2803301701"}),
        ("http://www.weibo.com/2803301701", {"uid": "2803301701"}),
        ("m.weibo.cn/u/2803301701", {"uid": "2803301701"}),
        ("https://weibo.com/p/1002062803301701/home", {"uid": "2803301701"}),
        ("https://weibo.com/2803301701/RjT5ivBLX", {"uid": "2803301701"}),
        ("示例政务 https://weibo.com/rmrb，请核", {"domain": "rmrb"}),
        ("https://weibo.com/n/%E5%B9%BF%E4%B8%9C", {"screen_name": "广东"}),
        ("@示例政务", {"screen_name": "示例政务"}),
        ("https://m.weibo.cn/detail/5330418216860328", {}),
        ("https://weibo.com/signup", {}),
        ("https://notweibo.com/u/2803301701", {}),
        ("示例政务", {}),
        ("", {}),
    ],
)
def test_ids_of_cells_and_links(text: str, ids: dict[str, str]) -> None:
    assert WEIBO.ids(text) == ids


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://weibo.com/u/2803301701", True),
        ("https://m.weibo.cn/status/5330418216860328", True),
        ("https://m.weibo.cn/status/RcLjDsMGs?x=1", True),
        ("https://weibo.com/2803301701/RjT5ivBLX#comment", True),
        ("https://weibo.com/", False),
        ("https://weibo.com/tv/show/1034:5330418", False),
        ("https://passport.weibo.com/visitor/visitor", False),
        ("https://evil.example/?u=https://weibo.com/u/2803301701", False),
        ("https://weibo.com.evil.example/u/2803301701", False),
        ("https://weibo.com@evil.example/u/2803301701", False),
        ("http://[", False),
    ],
)
def test_claims_only_account_and_post_pages_of_our_hosts(url: str, ours: bool) -> None:
    assert WEIBO.claims(url) is ours


@pytest.mark.parametrize(
    ("number", "word"), [("4804268794315521", "M1N39i6Fb"), ("5347399807533369", "RjT5ivBLX"), ("5059269046568226", "OoRReryH8")]
)
def test_mid_and_bid(number: str, word: str) -> None:
    assert bid_of(number) == word
    assert mid_of(word) == number


@given(st.integers(min_value=10**15, max_value=10**16 - 1))
def test_mid_and_bid_are_inverse(number: int) -> None:
    assert mid_of(bid_of(str(number))) == str(number)


def test_every_page_has_an_address_and_every_await_a_page() -> None:
    for one in (one for _, came in recorded(WEIBO.platform) for one in came):
        first = next((name for name, pattern in WEIBO.pages.items() if re.search(pattern, one.url)), None)
        assert first == one.page, (one.page, one.url)
    asks = [
        *WEIBO.next(visit(), ()),
        *WEIBO.next(visit(Route.LINK, url="https://weibo.com/900000701/RcLjDsMGs", account=False), ()),
    ]
    assert {await_.page for ask in asks for await_ in ask.await_} | {ask.page for ask in asks} <= set(WEIBO.pages)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("刚刚", "2026-01-01T00:00:30", "2026-01-01T00:00:30"),
        ("3分钟前", "2026-01-01T00:01:00", "2025-12-31T23:58:00"),
        ("2小时前", "2026-01-01T01:00:00", "2025-12-31T23:00:00"),
        ("昨天 09:12", "2026-01-01T08:00:00", "2025-12-31T09:12:00"),
        ("12-31", "2026-01-01T08:00:00", "2025-12-31T00:00:00"),
        ("01-01", "2026-01-01T08:00:00", "2026-01-01T00:00:00"),
        ("02-29", "2026-01-01T08:00:00", "2024-02-29T00:00:00"),
        ("2019-09-08", "2026-01-01T08:00:00", "2019-09-08T00:00:00"),
        ("Xyz Sep 20 23:30:00 +0000 2026", "2026-10-01T08:00:00", "2026-09-21T07:30:00"),
    ],
)
def test_dates_are_read_in_shanghai_at_the_time_of_capture(text: str, at: str, expected: str) -> None:
    told = moment(text, datetime.fromisoformat(at).replace(tzinfo=SHANGHAI))
    assert told == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text", ["", "明天", "13-45", "2026-02-30", "Sun Foo 20 09:00:00 +0800 2026", "25小时以前", "昨天 25:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text, AT) is None


def test_ids_carry_the_time_except_those_of_2011() -> None:
    assert id_time("5330418216860328") == datetime(2026, 8, 10, 17, 30, tzinfo=SHANGHAI)
    assert id_time("201110331477051404") is None


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (21947, 21947),
        ("21,947", 21947),
        ("7164.8万", 71_648_000),
        ("1.51亿", 151_000_000),
        ("74", 74),
        ("很多", None),
        (True, None),
        (-1, None),
    ],
)
def test_counts(told: object, number: int | None) -> None:
    assert count(told) == number


def test_a_visit_opens_the_account_page_once_and_ends() -> None:
    first = WEIBO.next(visit(), ())
    assert [(ask.page, ask.url, ask.auth) for ask in first] == [("home", f"https://weibo.com/u/{UID}", "session")]
    assert {await_.page for await_ in first[0].await_} == {"profile", "mymblog"}
    fresh = [
        exchange("home", b"<html></html>", f"https://weibo.com/u/{UID}"),
        exchange("mymblog", blog(row(AT - timedelta(days=1)))),
    ]
    assert WEIBO.next(visit(), fresh) == ()


@pytest.mark.parametrize("more", [{"isTop": 1}, {}])
def test_page_two_is_asked_once_when_page_one_is_pinned_or_old(more: dict[str, object]) -> None:
    home = exchange("home", b"<html></html>", f"https://weibo.com/u/{UID}")
    age = 1 if more else 60
    so_far = [home, exchange("mymblog", blog(row(AT - timedelta(days=age), **more)))]
    (again,) = WEIBO.next(visit(), so_far)
    assert isinstance(again.steps[0], Scroll)
    pattern = again.await_[0].url_pattern
    assert re.search(pattern, LIST.replace("page=1", "page=2") + "&since_id=53kp2")
    assert not re.search(pattern, LIST)
    assert not re.search(pattern, LIST.replace("page=1", "page=20"))
    assert WEIBO.next(visit(), [*so_far, home]) == ()
    ended = [
        home,
        exchange("mymblog", blog(row(AT - timedelta(days=age), **more)) | {"data": {"since_id": -1, "list": [row(AT, **more)]}}),
    ]
    assert WEIBO.next(visit(), ended) == ()


@pytest.mark.parametrize("outcome_body", [(432, b""), (403, '{"ok":0,"message":"请登录后使用"}'.encode()), (0, b"timeout")])
def test_nothing_is_asked_after_a_wall(outcome_body: tuple[int, bytes]) -> None:
    status, body = outcome_body
    so_far = [exchange("home", b"<html></html>", f"https://weibo.com/u/{UID}"), exchange("mymblog", body, status=status)]
    assert WEIBO.next(visit(), so_far) == ()


def test_links_and_accounts_without_uid() -> None:
    (post,) = WEIBO.next(visit(Route.LINK, url="看 https://weibo.com/900000701/RcLjDsMGs?from=x", account=False), ())
    assert (post.page, post.url, post.await_[0].page) == ("post", "https://weibo.com/900000701/RcLjDsMGs", "show")
    (named,) = WEIBO.next(visit(account=False, note="x"), ())
    assert named.url == "https://weibo.com/n/%E7%A4%BA%E4%BE%8B%E6%94%BF%E5%8A%A1"
    (filed,) = WEIBO.next(visit(account=False, url="", note="x", organisation="y"), ())
    assert filed.url.startswith("https://weibo.com/n/")
    assert WEIBO.next(visit(Route.API), ()) == ()
    assert WEIBO.next(visit(Route.LINK, url="https://example.com/x", account=False), ()) == ()


def test_every_url_asked_for_lies_on_our_hosts() -> None:
    for name in ("../../evil", "a/b?c#d", "示例 政务", "@x"):
        account = Account(account_id="a", platform="weibo", kind="", name=name, url="https://evil.example/u/1")
        asked = Visit(account=account, route=Route.BROWSER, window=visit().window, today=date(2026, 9, 21))
        (ask,) = WEIBO.next(asked, ())
        assert ask.url.startswith("https://weibo.com/n/")
        assert "/" not in ask.url.removeprefix("https://weibo.com/n/")


COMMENTER = {
    "id": 7654321098,
    "idstr": "7654321098",
    "screen_name": "路人张三",
    "avatar_hd": "https://tvax1.sinaimg.cn/crop/zhangsan.jpg",
}
PLANTS = (
    "7654321098",
    "路人张三",
    "zhangsan",
    "13812345678",
    "oABCDEFGHIJKLMNOPQRSTUVWXYZ1",
    "李四",
    "_2A25secretsession",
    "来自广东",
)


def planted() -> list[Exchange]:
    said = "李四? @李四: 电话13812345678 oABCDEFGHIJKLMNOPQRSTUVWXYZ1"
    comment = {
        "id": 5345528078746222,
        "created_at": "Mon Sep 21 09:11:12 +0800 2026",
        "text": said.replace("李四? ", ""),
        "text_raw": "@李四",
        "source": "来自广东",
        "user": COMMENTER,
        "comments": [
            {
                "id": 5345528078746223,
                "text": "好",
                "user": COMMENTER,
                "reply_comment": {"id": 1, "user": COMMENTER, "text": "@李四"},
            }
        ],
    }
    own = {"id": 5345528078746299, "text": "谢谢", "user": {"id": int(UID), "screen_name": "示例政务"}}
    repost = row(
        AT, retweeted_status={"mid": "1", "user": COMMENTER, "text": "路人张三说"}, like_users=[COMMENTER], login_user=COMMENTER
    )
    config = b'<script>window.$CONFIG = {"isNormal":true,"user":{"id":7654321098,"name":"zhangsan"}};</script>'
    return [
        exchange(
            "buildcomments",
            {"ok": 1, "data": [comment, own], "rootComment": [comment]},
            f"https://weibo.com/ajax/statuses/buildComments?uid={UID}",
        ),
        exchange(
            "hotflow",
            {"ok": 1, "data": {"data": [{**comment, "is_mblog_author": False}]}},
            "https://m.weibo.cn/comments/hotflow?id=1",
        ),
        exchange("hotflowchild", {"ok": 1, "data": [comment]}, "https://m.weibo.cn/comments/hotFlowChild?cid=1"),
        exchange("mymblog", blog(repost, row(AT - timedelta(days=1), uid="7654321098") | {"user": COMMENTER}), LIST),
        exchange("mymblog", {**blog(row(AT)), "access_token": "_2A25secretsession", "openid": "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"}),
        exchange("home", config + b"<p>13812345678 SUB=_2A25secretsession; x</p>", f"https://weibo.com/u/{UID}"),
        exchange("mymblog", b'{"ok":1, "SUB": "_2A25secretsession", "cut": "13812345678'),
    ]


@pytest.mark.parametrize("told", planted(), ids=lambda told: told.page)
def test_redaction_leaves_no_person_and_no_token(told: Exchange) -> None:
    assert [plant for plant in PLANTS if plant in told.text]
    kept = WEIBO.redact(told).decode()
    assert [plant for plant in PLANTS if plant in kept] == []
    again = Exchange(**{**{name: getattr(told, name) for name in told.__dataclass_fields__}, "body": kept.encode()})
    assert WEIBO.redact(again) == kept.encode()


def test_redaction_keeps_what_read_needs() -> None:
    comments = planted()[0]
    kept = WEIBO.redact(comments).decode()
    assert UID in kept
    observation = WEIBO.read(visit(), [Exchange(page=comments.page, url=comments.url, status=200, body=kept.encode(), at=AT)])
    assert observation.aspects[Aspect.REPLIES].outcome is Outcome.OK
    clean = exchange("mymblog", blog(row(AT)))
    assert WEIBO.redact(clean) == clean.body


def test_a_list_says_complete_only_with_page_one() -> None:
    second = exchange("mymblog", blog(row(AT - timedelta(days=40))), LIST.replace("page=1", "page=2"))
    posts = WEIBO.read(visit(), [second]).aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert posts.value.complete_since is None


@given(
    st.lists(st.integers(min_value=1, max_value=900), min_size=1, max_size=12),
    st.lists(st.sampled_from(["own", "pinned", "liked", "foreign"]), min_size=12, max_size=12),
)
def test_the_newest_own_post_is_never_passed_over(ages: list[int], kinds: list[str]) -> None:
    marks: dict[str, dict[str, object]] = {
        "own": {},
        "pinned": {"isTop": 1},
        "liked": {"title": {"text": "赞过的微博"}},
        "foreign": {},
    }
    rows = [
        row(AT - timedelta(days=age, seconds=n), uid=UID if kind in {"own", "pinned"} else "900000702", **marks[kind])
        for n, (age, kind) in enumerate(zip(ages, kinds, strict=False))
    ]
    mine = [
        AT - timedelta(days=age, seconds=n)
        for n, (age, kind) in enumerate(zip(ages, kinds, strict=False))
        if kind in {"own", "pinned"}
    ]
    posts = WEIBO.read(visit(), [exchange("mymblog", blog(*rows))]).aspects[Aspect.POSTS]
    if not mine:
        assert not isinstance(posts, Seen)
        return
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert posts.value.latest is not None
    assert posts.value.latest.at == max(mine)
    if "foreign" in kinds[: len(ages)]:
        assert not posts.value.exact
