"""What cases cannot say of the links of a menu: which are opened, in what order, how often, and with whose rights."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.weixin import Weixin
from tracker.adapter import Ask
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Menu, Outcome, Posts, Route, Seen, Target, Visit, Window

CASES = Path(__file__).parent.parent / "adapter_cases" / "weixin"
ARTICLE = (CASES / "article_of_filed_account" / "body.html").read_bytes()
DELETED = next((CASES / "deleted_zh").glob("*.html")).read_bytes()
ADAPTER = Weixin()
AT = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)
PAGE = "https://mp.weixin.qq.com"
OURS = Account(account_id="a", platform="weixin", kind="微信订阅号", name="36氪", ids={"biz": "MzI2NDk5NzA0Mw=="})


Came = list[tuple[Ask, Exchange]]
"""What a visit asked for, each with its answer."""


def visit(days: int = 2, **more: object) -> Visit:
    window = Window(since=date(2026, 11, 6) - timedelta(days=days), until=date(2026, 11, 6))
    return Visit(**{"account": OURS, "route": Route.API, "window": window, "today": date(2026, 11, 6), **more})


def article(n: int) -> str:
    return f"{PAGE}/s?__biz=MzI2NDk5NzA0Mw==&mid={n}&idx=1&sn=x"


def menu_of(*urls: str) -> dict[str, object]:
    buttons = [{"type": "view", "name": f"栏目{n}", "url": url} for n, url in enumerate(urls)]
    return {"is_menu_open": 1, "selfmenu_info": {"button": buttons}}


def healthy(ask: Ask, menu: dict[str, object], published: int = 0) -> bytes:
    told: dict[str, object] = {
        "selfmenu": menu,
        "autoreply": {"is_add_friend_reply_open": 0, "is_autoreply_open": 0},
        "freepublish": {"total_count": published, "item_count": 0, "item": []},
        "totaldetail": {"list": [], "is_delay": False},
        "album": {"getalbum_resp": {"base_info": {"article_count": "0"}, "continue_flag": "0"}},
        "homepage": {"appmsg_list": [], "has_more": 0},
    }
    return ARTICLE if ask.page == "article" else json.dumps(told[ask.page], ensure_ascii=False).encode()


def look(
    menu: dict[str, object], *, wall_at: int = -1, looking: Visit | None = None, published: int = 0
) -> list[tuple[Ask, Exchange]]:
    """Everything that a visit asks for and gets; the link number `wall_at` meets a verification page."""
    looking, came = looking or visit(), []
    for _ in range(80):
        asks = ADAPTER.next(looking, [one for _, one in came])
        if not asks:
            return came
        for ask in asks:
            walled = sum(not each.auth for each, _ in came) == wall_at and not ask.auth
            url = f"{PAGE}/mp/wappoc_appmsgcaptcha?x=1" if walled else ask.url
            body = b"" if walled else healthy(ask, menu, published)
            came.append((ask, Exchange(page=ask.page, url=url, status=200, body=body, at=AT, ask_body=ask.body)))
    pytest.fail("still asking")


def links(came: Came) -> list[str]:
    return [ask.url for ask, _ in came if not ask.auth]


def targets(came: Came, looking: Visit | None = None) -> list[Target | None]:
    seen = ADAPTER.read(looking or visit(), [one for _, one in came]).aspects[Aspect.MENU]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Menu)
    return [entry.target for entry in seen.value.entries]


def test_links_come_last_one_at_a_time_and_without_the_token() -> None:
    came = look(menu_of(article(1), f"{PAGE}/mp/homepage?__biz=MzI2NDk5NzA0Mw==&hid=1"))
    pages = [ask.page for ask, _ in came]
    assert pages[-2:] == ["article", "homepage"]
    assert pages.index("article") > max(n for n, page in enumerate(pages) if page == "totaldetail")
    for ask, _ in came:
        assert bool(ask.auth) == ask.url.startswith("https://api.weixin.qq.com/")
        assert (ask.method, ask.body) == ("GET", b"") or ask.auth
    assert len(ADAPTER.next(visit(), [one for ask, one in came if ask.auth])) == 1


def test_the_same_page_behind_several_entries_is_opened_once() -> None:
    same = [article(1), article(1), article(1).replace("https:", "http:") + "#rd", article(1).replace("&", "&amp;")]
    came = look(menu_of(*same))
    assert links(came) == [article(1)]
    assert [one.outcome for one in targets(came) if one] == [Outcome.OK] * 4


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.gov.cn/",
        "https://mp.weixin.qq.com.example.cn/s/EXAMPLEexample00000001",
        "https://mp.weixin.qq.com@example.cn/s/EXAMPLEexample00000001",
        "javascript:alert(1)",
        "http://[",
        f"{PAGE}/mp/profile_ext?action=home&__biz=MzI2NDk5NzA0Mw==",
        f"{PAGE}/cgi-bin/home?t=home/index",
    ],
)
def test_no_other_page_is_opened_and_its_entry_is_unknown(url: str) -> None:
    came = look(menu_of(url))
    assert links(came) == []
    (target,) = targets(came)
    assert target is not None
    assert target.outcome is Outcome.NOT_OBSERVABLE
    assert "人工查看" in target.detail


def test_twenty_entries_are_opened_and_no_more() -> None:
    came = look(menu_of(*(article(n) for n in range(25))))
    assert links(came) == [article(n) for n in range(20)]
    told = [one.outcome for one in targets(came) if one]
    assert told == [Outcome.OK] * 20 + [Outcome.NOT_RECORDED] * 5


def test_the_days_go_before_the_links_and_the_engine_drops_nothing() -> None:
    looking = visit(days=400)
    came = look(menu_of(*(article(n) for n in range(20))), looking=looking, published=400)
    assert sum(ask.page == "totaldetail" for ask, _ in came) == 56
    assert len(came) == 80
    told = [one.outcome for one in targets(came, looking) if one]
    assert told.count(Outcome.OK) == len(links(came)) == 12
    assert told.count(Outcome.NOT_RECORDED) == 8


@pytest.mark.parametrize("at", [0, 1, 3])
def test_after_a_wall_no_link_is_opened_and_what_the_owner_told_stays(at: int) -> None:
    came = look(menu_of(*(article(n) for n in range(4))), wall_at=at)
    assert len(links(came)) == at + 1
    said = ADAPTER.read(visit(), [one for _, one in came])
    assert said.outcome is Outcome.CHALLENGE
    assert "验证" in said.detail
    told = [one.outcome for one in targets(came) if one]
    assert told == [Outcome.OK] * at + [Outcome.CHALLENGE] + [Outcome.NOT_RECORDED] * (3 - at)
    posts = said.aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert posts.value.complete_since is not None


@pytest.mark.parametrize("page", ["autoreply", "freepublish", "totaldetail"])
def test_after_an_interface_refused_no_link_is_opened(page: str) -> None:
    refused = json.dumps({"errcode": 48001, "errmsg": "api unauthorized"}).encode()
    came: list[Exchange] = []
    for _ in range(20):
        for ask in ADAPTER.next(visit(), came):
            body = refused if ask.page == page else healthy(ask, menu_of(article(1)))
            came.append(Exchange(page=ask.page, url=ask.url, status=200, body=body, at=AT, ask_body=ask.body))
    assert "article" not in {one.page for one in came}


@pytest.mark.parametrize("status", [0, 404, 500, 503])
def test_an_answer_that_is_no_page_is_unknown_and_no_wall(status: int) -> None:
    menu = json.dumps(menu_of(article(1), article(2))).encode()
    came = [
        Exchange(page="selfmenu", url="https://api.weixin.qq.com/x", status=200, body=menu, at=AT),
        Exchange(page="article", url=article(1), status=status, body=b"x", at=AT),
        Exchange(page="article", url=article(2), status=200, body=DELETED, at=AT),
    ]
    said = ADAPTER.read(visit(), came)
    assert said.outcome is Outcome.OK
    first, second = targets([(Ask(page=one.page, url=one.url), one) for one in came])
    assert first is not None
    assert second is not None
    assert (first.outcome is Outcome.ITEM_GONE, second.outcome) == (False, Outcome.ITEM_GONE)


def test_an_unknown_layout_behind_a_link_freezes_no_platform() -> None:
    menu = json.dumps(menu_of(article(1))).encode()
    came = [
        Exchange(page="selfmenu", url="https://api.weixin.qq.com/x", status=200, body=menu, at=AT),
        Exchange(page="article", url=article(1), status=200, body=b"<html><body>x</body></html>", at=AT),
    ]
    assert ADAPTER.read(visit(), came).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("link", "outcome", "own"),
    [
        ("https://mp.weixin.qq.com/s?__biz=MjM5ODMzMDMyMw==&mid=1&idx=1", Outcome.ITEM_GONE, False),
        (article(1), Outcome.INCONSISTENT, None),
        (f"{PAGE}/s/EXAMPLEexample00000001", Outcome.INCONSISTENT, None),
    ],
)
def test_a_closed_account_behind_a_link_is_a_dead_link_only_where_the_link_names_another(
    link: str, outcome: Outcome, own: bool | None
) -> None:
    gone = "<html><body><div class='weui-msg__title warn'>此帐号已自主注销，内容无法查看</div></body></html>".encode()
    came = [
        Exchange(page="selfmenu", url="https://api.weixin.qq.com/x", status=200, body=json.dumps(menu_of(link)).encode(), at=AT),
        Exchange(page="article", url=link, status=200, body=gone, at=AT),
    ]
    (target,) = targets([(Ask(page=one.page, url=one.url), one) for one in came])
    assert target is not None
    assert (target.outcome, target.own) == (outcome, own)


@pytest.mark.parametrize(
    ("change", "repost"),
    [
        ((b"", b""), True),
        ((b'var copyright_stat = "2"', b'var copyright_stat = "0"'), False),
        ((b'var copyright_stat = "2"', b'var other_stat = "2"'), False),
        ((b'var source_username = "gh_05f192fce051"', b'var source_username = "gh_240fbf8b33e4"'), False),
    ],
)
def test_a_reprint_is_one_where_the_page_says_so_and_names_another(change: tuple[bytes, bytes], repost: bool) -> None:
    assert change[0] in ARTICLE
    looking = visit(route=Route.LINK)
    page = Exchange(page="article", url=f"{PAGE}/s/x", status=200, body=ARTICLE.replace(*change), at=AT)
    seen = ADAPTER.read(looking, [page]).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    assert [post.repost for post in seen.value.items] == [repost]


def test_the_text_of_an_article_is_kept_to_two_thousand_characters() -> None:
    long = ARTICLE.replace("示例正文第一段。".encode(), ("很长" * 1500).encode())
    page = Exchange(page="article", url=f"{PAGE}/s/x", status=200, body=long, at=AT)
    seen = ADAPTER.read(visit(route=Route.LINK), [page]).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    (post,) = seen.value.items
    assert (len(post.text), post.text[:4], post.text[-1]) == (2000, "很长很长", "…")
