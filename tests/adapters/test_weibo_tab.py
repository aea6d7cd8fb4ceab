"""The “文章” tab of a weibo account: when it is opened, how often, and what it never touches."""

import json
import re
from datetime import date, datetime, timedelta

import pytest

from adapters.weibo import Weibo
from tracker.clock import SHANGHAI
from tracker.model import Account, Aspect, Exchange, Menu, Posts, Route, Seen, Visit, Window

AT = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
WEIBO = Weibo()
UID = "900000701"
HOME = f"https://weibo.com/u/{UID}"
LIST = f"https://weibo.com/ajax/statuses/mymblog?uid={UID}&page=1&feature=0"
ARTICLES = f"https://weibo.com/ajax/statuses/mymblog?uid={UID}&page=1&feature=10"
PROFILE = f"https://weibo.com/ajax/profile/info?uid={UID}"


def visit(**more: object) -> Visit:
    account = Account(account_id="a", platform="weibo", kind="新浪微博", name="示例政务", ids={"uid": UID})
    window = Window(since=date(2026, 9, 1), until=date(2026, 9, 21))
    return Visit(**{"account": account, "route": Route.BROWSER, "window": window, "today": date(2026, 9, 21), **more})


def exchange(page: str, body: object, url: str, status: int = 200) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Exchange(page=page, url=url, status=status, body=raw, at=AT)


def row(at: datetime, text: str = "正文") -> dict[str, object]:
    mid = (int(at.timestamp()) - 515483463) << 22
    user = {"id": int(UID), "screen_name": "示例政务", "verified": True, "verified_type": 1}
    return {"mid": str(mid), "created_at": f"{at:%Y-%m-%d %H:%M:%S}", "text_raw": text, "user": user}


def listing(*rows: object, since: object = "53kp2") -> dict[str, object]:
    return {"ok": 1, "data": {"since_id": since, "list": list(rows)}}


def profile(*tabs: str, uid: str = UID) -> Exchange:
    user = {"id": int(uid), "screen_name": "示例政务", "verified": True, "verified_type": 1, "statuses_count": 9}
    told = {"user": user, "tabList": [{"name": "x", "tabName": name} for name in tabs]}
    return exchange("profile", {"ok": 1, "data": told}, PROFILE)


def read_so_far(*tabs: str) -> list[Exchange]:
    return [exchange("home", b"<html></html>", HOME), profile(*tabs), exchange("mymblog", listing(row(AT)), LIST)]


def test_the_tab_is_opened_once_after_the_list_and_only_where_the_page_names_it() -> None:
    assert WEIBO.next(visit(), read_so_far("精选", "微博")) == ()
    (ask,) = WEIBO.next(visit(), read_so_far("精选", "微博", "文章"))
    assert (ask.page, ask.url, ask.auth, ask.steps) == ("home", f"{HOME}?tabtype=article", "session", ())
    (wanted,) = ask.await_
    assert wanted.page == "articles"
    assert re.search(wanted.url_pattern, ARTICLES)
    assert not re.search(wanted.url_pattern, LIST)
    assert not re.search(wanted.url_pattern, ARTICLES.replace("feature=10", "feature=100"))
    opened = exchange("home", b"<html></html>", ask.url)
    for more in ([opened], [opened, exchange("articles", listing(), ARTICLES)]):
        assert WEIBO.next(visit(), [*read_so_far("文章"), *more]) == ()


def test_a_redirect_that_drops_the_query_does_not_open_the_tab_for_ever() -> None:
    so_far = read_so_far("文章")
    for _ in range(5):
        so_far += [exchange("home", b"<html></html>", HOME) for _ in WEIBO.next(visit(), so_far)]
    assert sum(one.page == "home" for one in so_far) <= 3


@pytest.mark.parametrize(
    "came",
    [
        [exchange("home", b"<html></html>", HOME), profile("文章")],
        [exchange("home", b"<html></html>", HOME), profile("文章"), exchange("mymblog", b"", LIST, 432)],
        [exchange("home", b"<html></html>", HOME), profile("文章", uid="900000999"), exchange("mymblog", listing(row(AT)), LIST)],
    ],
    ids=["no list", "a wall", "another account"],
)
def test_the_tab_stays_shut(came: list[Exchange]) -> None:
    assert [ask for ask in WEIBO.next(visit(), came) if "tabtype" in ask.url] == []


def test_a_link_opens_no_tab() -> None:
    assert WEIBO.next(visit(account=None, route=Route.LINK, url=HOME), read_so_far("文章")) == ()


def test_page_two_goes_before_the_tab() -> None:
    old = [
        exchange("home", b"<html></html>", HOME),
        profile("文章"),
        exchange("mymblog", listing(row(AT - timedelta(days=90))), LIST),
    ]
    (again,) = WEIBO.next(visit(), old)
    assert again.url == HOME
    (tab,) = WEIBO.next(visit(), [*old, exchange("home", b"<html></html>", HOME)])
    assert tab.url.endswith("tabtype=article")


@pytest.mark.parametrize("page", ["articles", "mymblog"])
def test_the_posts_are_the_same_with_and_without_the_tab(page: str) -> None:
    before = WEIBO.read(visit(), read_so_far("文章"))
    newer = exchange(page, listing(row(AT - timedelta(days=1), "文章"), since=-1), ARTICLES)
    after = WEIBO.read(visit(), [*read_so_far("文章"), newer])
    assert (before.outcome, before.aspects[Aspect.POSTS]) == (after.outcome, after.aspects[Aspect.POSTS])
    seen = after.aspects[Aspect.MENU]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Menu)
    (entry,) = seen.value.entries
    assert entry.target is not None
    assert entry.target.latest == AT - timedelta(days=1)


def test_words_are_kept_to_two_thousand_characters() -> None:
    came = [exchange("mymblog", listing(row(AT, "很长" * 1500)), LIST)]
    seen = WEIBO.read(visit(), came).aspects[Aspect.POSTS]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Posts)
    (post,) = seen.value.items
    assert (len(post.text), post.text[-1], len(post.title)) == (2000, "…", 80)


def test_strangers_in_the_tab_are_taken_out_before_anything_is_stored() -> None:
    stranger = {**row(AT), "user": {"id": 7654321098, "idstr": "7654321098", "screen_name": "路人张三"}}
    clean = WEIBO.redact(exchange("articles", listing(stranger, row(AT)), ARTICLES)).decode()
    assert "路人张三" not in clean
    assert "示例政务" in clean
