"""What cases cannot say of 微信公众号: redaction, the order and end of asking, ids, speed (formats/weixin.md)."""

import json
import re
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.weixin import Weixin
from tracker.adapter import Ask
from tracker.clock import SHANGHAI, start_of
from tracker.model import Account, Aspect, Exchange, Identity, Outcome, Posts, Route, Seen, Unseen, Visit, Window

CASES = Path(__file__).parent.parent / "adapter_cases" / "weixin"
BODIES = sorted(path for path in CASES.glob("*/*") if path.name != "case.toml")
ADAPTER = Weixin()
AT = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 6)
OWNER = {"totaldetail", "freepublish", "selfmenu", "autoreply"}


def account(**changes: object) -> Account:
    told = {
        "account_id": "a",
        "platform": "weixin",
        "kind": "微信订阅号",
        "name": "36氪",
        "ids": {"user_name": "gh_240fbf8b33e4"},
    }
    return Account(**{**told, **changes})


def visit(route: Route, *, who: Account | None = None, days: int = 14, url: str = "", cursor: str = "") -> Visit:
    window = Window(since=TODAY - timedelta(days=days), until=TODAY)
    return Visit(account=who, route=route, window=window, today=TODAY, url=url, cursor=cursor)


def came(page: str, body: object, *, url: str = "https://mp.weixin.qq.com/s/EXAMPLEexample00000001", **more: object) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Exchange(**{"page": page, "url": url, "status": 200, "body": raw, "at": AT, **more})


def answer_to(ask) -> object:
    """What a healthy owner interface says to an ask."""
    return {
        "selfmenu": {"is_menu_open": 0},
        "autoreply": {"is_add_friend_reply_open": 0, "is_autoreply_open": 0},
        "freepublish": {"total_count": 45, "item_count": 0, "item": []},
        "totaldetail": {"list": [], "is_delay": False},
    }[ask.page]


def fetched(who: Visit, *, reply=answer_to, rounds: int = 12) -> tuple[list[Exchange], int]:
    """Everything that the adapter asks for, and the rounds it took; fails when it does not end."""
    so_far: list[Exchange] = []
    for n in range(rounds):
        asks = ADAPTER.next(who, so_far)
        if not asks:
            return so_far, n
        so_far += [came(a.page, reply(a), url=a.url, ask_body=a.body, method=a.method) for a in asks]
    pytest.fail(f"still asking after {rounds} rounds")


def test_script_nested_without_end_is_drift_or_transport() -> None:
    body = b"<html><div id='js_article'></div><script>\nwindow.cgiDataNew = {" + b"a: {" * 5000 + b"</script></html>"
    said = ADAPTER.read(visit(Route.LINK), [came("article", body)])
    assert said.outcome is Outcome.DRIFT


def test_a_cut_page_never_becomes_knowledge() -> None:
    """Wherever the transfer broke off, either the whole data had come, or nothing is said of posts."""
    whole = (CASES / "article_type8_without_ct" / "body.html").read_bytes()
    end = whole.index(b"window.cgiError")
    for at in range(0, end - 60, 97):
        said = ADAPTER.read(visit(Route.LINK), [came("article", whole[:at])])
        assert isinstance(said.aspects[Aspect.POSTS], Unseen), at
        assert said.outcome not in (Outcome.GONE, Outcome.ITEM_GONE), at


def test_owner_asks_in_order_day_by_day_and_ends() -> None:
    so_far, rounds = fetched(visit(Route.API, who=account(), days=5))
    pages = [e.page for e in so_far]
    assert pages[:5] == ["selfmenu", "autoreply", "freepublish", "freepublish", "freepublish"]
    assert [json.loads(e.ask_body)["offset"] for e in so_far if e.page == "freepublish"] == [0, 20, 40]
    asked = [json.loads(e.ask_body)["begin_date"] for e in so_far if e.page == "totaldetail"]
    assert asked == ["2026-11-05", "2026-11-04", "2026-11-03", "2026-11-02", "2026-11-01"]
    assert rounds <= 10
    assert all("access_token" not in e.url and e.url.startswith("https://api.weixin.qq.com/") for e in so_far)


def test_a_long_window_is_eight_weeks_and_fits_the_engine() -> None:
    so_far, rounds = fetched(visit(Route.API, who=account(), days=400))
    assert sum(e.page == "totaldetail" for e in so_far) == 56
    assert len(so_far) <= 80
    assert rounds < 12


def test_no_day_before_the_interface_has_data_is_asked() -> None:
    window = Window(since=date(2025, 10, 1), until=date(2025, 11, 6))
    early = Visit(account=account(), route=Route.API, window=window, today=date(2025, 11, 4))
    assert asked_days(early) == ["2025-11-03", "2025-11-02", "2025-11-01"]


def asked_days(who: Visit) -> list[str]:
    so_far, _ = fetched(who)
    return [json.loads(e.ask_body)["begin_date"] for e in so_far if e.page == "totaldetail"]


@pytest.mark.parametrize(
    ("cursor", "asked"),
    [
        ("", ["05", "04", "03", "02", "01"]),
        ("2026-11-01/2026-11-03", ["05", "04"]),
        ("2026-10-20/2026-11-01,2026-11-03/2026-11-04", ["05", "02"]),
        ("2026-10-01/2026-11-05", ["05"]),
        ("nonsense,2026-11-03/x,2026-11-04/2026-11-02", ["05", "04", "03", "02", "01"]),
    ],
    ids=["none", "the older ones", "a hole", "all", "unreadable"],
)
def test_days_that_an_earlier_visit_read_are_not_asked_again_but_the_newest_always_is(cursor: str, asked: list[str]) -> None:
    assert asked_days(visit(Route.API, who=account(), days=5, cursor=cursor)) == [f"2026-11-{on}" for on in asked]


@given(days=st.integers(0, 90), read=st.integers(1, 90), past=st.integers(1, 90))
def test_after_the_first_visit_at_most_ten_days_are_asked_and_none_twice(days: int, read: int, past: int) -> None:
    first, last = TODAY - timedelta(days=past + read), TODAY - timedelta(days=past)
    asked = asked_days(visit(Route.API, who=account(), days=days, cursor=f"{first}/{last}"))
    assert len(asked) <= 10
    assert len(set(asked)) == len(asked)
    assert all(not first.isoformat() <= on <= last.isoformat() for on in asked[1:])
    assert asked[:1] in ([], ["2026-11-05"])


def test_one_day_that_stays_away_bounds_the_silence_and_spoils_no_other_day() -> None:
    def reply(ask):
        lost = ask.page == "totaldetail" and b"2026-10-30" in ask.body
        return {"errcode": -1, "errmsg": "system error"} if lost else answer_to(ask)

    who = visit(Route.API, who=account(), days=14)
    so_far, _ = fetched(who, reply=reply)
    assert sum(e.page == "totaldetail" for e in so_far) == 14
    said = ADAPTER.read(who, so_far)
    assert said.outcome is Outcome.OK
    found = said.aspects[Aspect.POSTS]
    assert isinstance(found, Seen)
    assert isinstance(found.value, Posts)
    assert (found.value.complete_since, found.value.as_of.date()) == (start_of(date(2026, 10, 31)), date(2026, 11, 5))
    assert any("2026-10-30" in note for note in said.notes)


def test_a_quota_keeps_what_was_read() -> None:
    def reply(ask):
        over = ask.page == "totaldetail" and b"2026-11-02" in ask.body
        return {"errcode": 45009, "errmsg": "quota"} if over else answer_to(ask)

    who = visit(Route.API, who=account(), days=5)
    so_far = fetched(who, reply=reply)[0]
    kept = so_far[: next(n for n, e in enumerate(so_far) if b"2026-11-02" in e.ask_body) + 1]
    assert ADAPTER.next(who, kept) == ()
    said = ADAPTER.read(who, kept)
    assert said.outcome is Outcome.QUOTA
    found = said.aspects[Aspect.POSTS]
    assert isinstance(found, Seen)
    assert isinstance(found.value, Posts)
    assert found.value.complete_since == start_of(date(2026, 11, 3))


@pytest.mark.parametrize("page", sorted(OWNER))
@pytest.mark.parametrize("code", [40001, 40164, 48001, 45009, 45011, 47009, -1, 12345])
def test_after_a_refusal_nothing_more_is_asked(page: str, code: int) -> None:
    refused = []

    def reply(ask):
        if ask.page == page:
            refused.append(ask)
            return {"errcode": code, "errmsg": "no"}
        return answer_to(ask)

    so_far, _ = fetched(visit(Route.API, who=account()), reply=reply)
    again = (page, code) == ("totaldetail", -1)  # one day may stay away
    assert len(refused) == 1 + again
    assert [e.page for e in so_far][-2:].count(page) == 1 + again


def test_link_asks_once_and_feed_asks_once() -> None:
    link = visit(Route.LINK, url="http://mp.weixin.qq.com/s/EXAMPLEexample00000001")
    (ask,) = ADAPTER.next(link, [])
    assert (ask.page, ask.url, ask.await_, ask.steps) == ("article", "https://mp.weixin.qq.com/s/EXAMPLEexample00000001", (), ())
    assert ADAPTER.next(link, [came("article", b"<html></html>")]) == ()
    feed = visit(Route.FEED, who=account(extra={"feed": "https://feeds.example.cn/one.rss"}))
    (ask,) = ADAPTER.next(feed, [])
    assert (ask.page, ask.url) == ("feed", "https://feeds.example.cn/one.rss")
    assert ADAPTER.next(feed, [came("feed", b"")]) == ()


@pytest.mark.parametrize(
    "url", ["", "https://weibo.com/u/1", "https://mp.weixin.qq.com.evil.cn/s/EXAMPLEexample00000001", "file:///etc/passwd"]
)
def test_what_is_no_link_of_ours_is_not_opened(url: str) -> None:
    looking = visit(Route.LINK, url=url)
    assert ADAPTER.next(looking, []) == ()
    assert ADAPTER.read(looking, []).outcome is Outcome.NOT_OBSERVABLE


def test_a_migrated_account_is_followed_once_and_only_within_the_host() -> None:
    moved = (CASES / "migrated_followed_once" / "moved.html").read_bytes()
    looking = visit(Route.LINK, url="https://mp.weixin.qq.com/s/EXAMPLEexample00000006")
    (ask,) = ADAPTER.next(looking, [came("article", moved)])
    assert ask.url == "https://mp.weixin.qq.com/s?__biz=MzI2NDk5NzA0Mw==&mid=2248865513&idx=3&sn=x"
    assert ADAPTER.next(looking, [came("article", moved), came("article", moved)]) == ()
    away = moved.replace(b"https://mp.weixin.qq.com/s?", b"https://mp.weixin.qq.com.evil.cn/s?")
    assert ADAPTER.next(looking, [came("article", away)]) == ()


def test_every_page_asked_for_is_declared_and_allowed() -> None:
    asks = [
        *ADAPTER.next(visit(Route.API, who=account()), []),
        *(Ask(page=e.page, url=e.url) for e in fetched(visit(Route.API, who=account(), days=2))[0]),
    ]
    asks += ADAPTER.next(visit(Route.LINK, url="https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzI2NDk5NzA0Mw==&album_id=1"), [])
    asks += ADAPTER.next(visit(Route.LINK, url="https://mp.weixin.qq.com/mp/homepage?__biz=MzI2NDk5NzA0Mw==&hid=1"), [])
    assert {a.page for a in asks} == {*OWNER, "album", "homepage"}
    for ask in asks:
        assert next(name for name, pattern in ADAPTER.pages.items() if re.search(pattern, ask.url)) == ask.page
        assert ask.url.split("/")[2] in ADAPTER.hosts


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("gh_240fbf8b33e4", {"user_name": "gh_240fbf8b33e4"}),
        ("MzI2NDk5NzA0Mw==", {"biz": "MzI2NDk5NzA0Mw=="}),
        ("wx0467c2ab89488d55", {"appid": "wx0467c2ab89488d55"}),
        ("微信号:wow36kr", {"alias": "wow36kr"}),
        ("wow36kr / gh_240fbf8b33e4", {"alias": "wow36kr", "user_name": "gh_240fbf8b33e4"}),
        ("https://mp.weixin.qq.com/s?__biz=MzI2NDk5NzA0Mw==&mid=1&idx=1", {"biz": "MzI2NDk5NzA0Mw=="}),
        ("https://mp.weixin.qq.com/s?__biz=MzI2NDk5NzA0Mw%3D%3D&amp;mid=1", {"biz": "MzI2NDk5NzA0Mw=="}),
        ("https://mp.weixin.qq.com/s/4HLBydlmsdykQWKzX30EbA", {}),
        ("https://weibo.com/u/MzI2NDk5NzA0Mw==", {}),
        ("上海市总工会", {}),
        ("12345", {}),
        ("", {}),
    ],
)
def test_ids_of_a_cell(text: str, ids: dict[str, str]) -> None:
    assert dict(ADAPTER.ids(text)) == ids


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://mp.weixin.qq.com/s/4HLBydlmsdykQWKzX30EbA", True),
        ("http://mp.weixin.qq.com/s?__biz=MzI2NDk5NzA0Mw==&mid=1&idx=1&sn=x", True),
        ("https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz=x", True),
        ("https://mp.weixin.qq.com/cgi-bin/home", False),
        ("https://channels.weixin.qq.com/s/4HLBydlmsdykQWKzX30EbA", False),
        ("https://mp.weixin.qq.com@evil.cn/s/4HLBydlmsdykQWKzX30EbA", False),
        ("http://[", False),
    ],
)
def test_claims(url: str, ours: bool) -> None:
    assert ADAPTER.claims(url) is ours


def test_alias_changed_is_a_remark_while_a_lasting_id_agrees() -> None:
    body = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    both = account(ids={"user_name": "gh_240fbf8b33e4", "alias": "oldalias"})
    said = ADAPTER.read(visit(Route.LINK, who=both), [came("article", body)])
    assert said.outcome is Outcome.OK
    assert any("微信号已变为 wow36kr" in note for note in said.notes)
    only = account(ids={"alias": "oldalias"})
    assert ADAPTER.read(visit(Route.LINK, who=only), [came("article", body)]).outcome is Outcome.INCONSISTENT


def test_an_account_without_ids_is_matched_by_name_with_a_remark() -> None:
    body = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    said = ADAPTER.read(visit(Route.LINK, who=account(ids={})), [came("article", body)])
    assert said.outcome is Outcome.OK
    assert any("仅按名称" in note for note in said.notes)
    other = ADAPTER.read(visit(Route.LINK, who=account(ids={}, name="别的号")), [came("article", body)])
    assert other.outcome is Outcome.INCONSISTENT
    assert "36氪" in other.detail


def test_link_visit_without_account_names_all_ids() -> None:
    body = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    seen = ADAPTER.read(visit(Route.LINK), [came("article", body)]).aspects[Aspect.EXISTENCE]
    assert isinstance(seen, Seen)
    ids = {"user_name": "gh_240fbf8b33e4", "biz": "MzI2NDk5NzA0Mw==", "alias": "wow36kr"}
    assert seen.value == Identity(ids=ids, name="36氪")


def test_reprint_is_told_and_the_id_is_the_same_as_of_the_owner_route() -> None:
    body = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    seen = ADAPTER.read(visit(Route.LINK), [came("article", body)]).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    (post,) = seen.value.items
    assert (post.id, post.repost, post.comments_open) == ("2248865513_3", True, None)


def test_future_article_is_no_date() -> None:
    body = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    early = came("article", body, at=datetime(2025, 11, 11, 7, tzinfo=SHANGHAI))
    seen = ADAPTER.read(visit(Route.LINK), [early]).aspects[Aspect.POSTS]
    assert isinstance(seen, Unseen)
    assert seen.outcome is Outcome.DRIFT


def test_the_address_for_the_white_list_is_shown() -> None:
    refused = came("selfmenu", {"errcode": 40164, "errmsg": "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"})
    assert "203.0.113.7" in ADAPTER.read(visit(Route.API, who=account()), [refused]).detail


@given(gap=st.integers(0, 13), delayed=st.integers(0, 13))
def test_silence_never_reaches_over_a_gap(gap: int, delayed: int) -> None:
    """Guard 9: within [complete_since, as_of] every day was answered and vouched for."""
    on = [TODAY - timedelta(days=n + 1) for n in range(14)]
    exchanges = [
        came(
            "totaldetail",
            {"list": [], "is_delay": n == delayed},
            ask_body=json.dumps({"begin_date": str(d), "end_date": str(d)}).encode(),
        )
        for n, d in enumerate(on)
        if n != gap
    ]
    seen = ADAPTER.read(visit(Route.API, who=account()), exchanges).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    assert seen.value.complete_since is not None
    for lost in (on[gap], on[delayed]):
        assert not seen.value.complete_since <= start_of(lost) <= seen.value.as_of


def test_readers_and_tokens_never_stay() -> None:
    secrets = [
        "oPLANTEDopenid0001",
        "市民张三",
        "https://wx.qlogo.cn/planted",
        "ACCESSTOKENplanted",
        "我的电话",
        "13812345678",
        "PASSTICKETplanted",
    ]
    said = {"content": "我的电话", "create_time": 1793600001}
    reader = {"nick_name": "市民张三", "logo_url": "https://wx.qlogo.cn/planted", "openid": "oPLANTEDopenid0001"}
    comment = {**reader, "content": "我的电话 13812345678", "create_time": 1793600000, "reply": {"reply_list": [said]}}
    body = {"errmsg": "access_token=ACCESSTOKENplanted rid: 1", "openid": "oPLANTEDopenid0001", "elected_comment": [comment]}
    clean = ADAPTER.redact(came("album", body)).decode()
    assert [secret for secret in secrets if secret in clean] == []
    assert json.loads(clean)["elected_comment"][0]["reply"]["reply_list"][0]["create_time"] == 1793600001
    page = (
        b"<script>var pass_ticket = 'PASSTICKETplanted'; window.a = {openid: JsDecode('oPLANTEDopenid0001')}</script>"
        b"<a href='/x?access_token=ACCESSTOKENplanted&amp;y=1'>\xe7\x94\xb5\xe8\xaf\x9d13812345678</a>"
    )
    left = ADAPTER.redact(came("article", page)).decode()
    assert [secret for secret in secrets if secret in left] == []


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.parent.name)
def test_redaction_keeps_what_reading_needs_and_is_stable(path: Path) -> None:
    raw = path.read_bytes()
    page = "feed" if "feed" in path.parent.name else "about" if "about" in path.parent.name else "article"
    once = ADAPTER.redact(came(page, raw))
    assert ADAPTER.redact(came(page, once)) == once
    looking = visit(Route.LINK)
    assert ADAPTER.read(looking, [came(page, once)]) == ADAPTER.read(looking, [came(page, raw)])


def test_a_page_of_real_size_is_read_and_cleaned_in_half_a_second() -> None:
    small = (CASES / "article_of_filed_account" / "body.html").read_bytes()
    line = (
        b"(function(){var user_nameX={a:'b',openid:'',cgi:function(){return window.cgiDataNew||{}}};return user_nameX.a+1;})();\n"
    )
    library = b"<script>\n" + line * 26000 + b"</script>\n"
    paragraphs = "<section><p style='margin:0'>示例正文一段,足够长以像一篇真实的文章。</p></section>".encode() * 3000
    page = small.replace(b'<div id="content_bottom_area">', library + b'<div id="content_bottom_area">').replace(
        "<p>示例正文第一段。</p>".encode(), paragraphs
    )
    assert 3_000_000 < len(page) < 4_000_000
    began = time.process_time()
    said = ADAPTER.read(visit(Route.LINK, who=account()), [came("article", page)])
    read = time.process_time() - began
    began = time.process_time()
    ADAPTER.redact(came("article", page))
    cleaned = time.process_time() - began
    assert said.outcome is Outcome.OK
    assert read < 0.5
    assert cleaned < 0.5


def test_a_variable_inside_a_string_is_none_of_the_page() -> None:
    """Guard 1: type 8 pages have no `var source_username`; the author's words about one are not one."""
    body = (CASES / "article_type8_without_ct" / "body.html").read_bytes()
    planted = body.replace(
        b"content_noencode: JsDecode('", b'content_noencode: JsDecode(\'var source_username = "gh_000000000009"; '
    )
    assert planted != body
    seen = ADAPTER.read(visit(Route.LINK), [came("article", planted)]).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    assert [post.repost for post in seen.value.items] == [False]


def test_the_first_of_equal_keys_counts() -> None:
    """Guard 1: a second `user_name` in the same object is not the account."""
    body = (CASES / "article_type8_without_ct" / "body.html").read_bytes()
    twice = body.replace(b"desc_empty: false,", b"desc_empty: false,\n user_name: JsDecode('gh_000000000009'),")
    assert twice != body
    seen = ADAPTER.read(visit(Route.LINK), [came("article", twice)]).aspects[Aspect.EXISTENCE]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Identity)
    assert seen.value.ids["user_name"] == "gh_240fbf8b33e4"


def test_how_sure_an_open_comment_setting_is() -> None:
    """A thread alone is half-knowledge, `comment_enabled` inside the client is knowledge."""
    outcomes = []
    for case in ("article_type8_without_ct", "client_view_individual"):
        body = (CASES / case / "body.html").read_bytes()
        seen = ADAPTER.read(visit(Route.LINK), [came("article", body)]).aspects[Aspect.COMMENT_POLICY]
        outcomes.append(seen.outcome)
    assert outcomes == [Outcome.PARTIAL, Outcome.OK]


def test_published_articles_alone_are_half_knowledge() -> None:
    """Guard 10."""
    news = {"title": "公告", "url": "http://mp.weixin.qq.com/s?__biz=MzI2NDk5NzA0Mw==&mid=7&idx=1", "need_open_comment": 0}
    item = {"article_id": "a", "update_time": 1793600000, "content": {"news_item": [news]}}
    page = came("freepublish", {"total_count": 1, "item_count": 1, "item": [item]})
    seen = ADAPTER.read(visit(Route.API, who=account()), [page]).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert seen.outcome is Outcome.PARTIAL
