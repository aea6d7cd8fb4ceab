"""The adapters read the fake sample city as its roles say, without engine and browser, by the pages' own addresses."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from adapters import BY_PLATFORM
from tests.platforms.client import Client
from tests.platforms.serve import serve
from tests.platforms.world import LOGIN, WorldAccount, article_url
from tests.samples import city, roles
from tests.samples.files import _filed
from tracker.clock import day
from tracker.model import Account, Aspect, Exchange, Found, Likes, Menu, Observation, Posts, Route, Seen, Visit, Window

COOKIE = f"SUB={LOGIN}; sessionid={LOGIN}"
BY = {account.key: account for account in city.accounts()}
LISTED = [key for key, account in BY.items() if account.platform != "weixin"]
GRANTED = [key for key, account in BY.items() if account.grant]
LINKED = [key for key, account in BY.items() if city.linked(account)]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serve(city.world()) as served:
        yield Client(served)


def visit(account: WorldAccount, route: Route, url: str = "", ids: Mapping[str, str] | None = None) -> Visit:
    adapter = BY_PLATFORM[account.platform]
    filed, link = _filed(account)
    told = Account(
        account_id="t",
        platform=account.platform,
        kind=account.kind,
        name=account.name,
        ids={**adapter.ids(link), **adapter.ids(filed)} if ids is None else ids,
        url=link,
        filed_id=filed,
    )
    window = Window(since=roles.TODAY - timedelta(days=55), until=roles.TODAY)
    return Visit(account=None if route is Route.LINK else told, route=route, window=window, today=roles.TODAY, url=url)


def read(client: Client, account: WorldAccount, wanted: Visit, calls: list[tuple[str, str]]) -> Observation:
    """Fetch (page, url) pairs, redact, read."""
    adapter, at = BY_PLATFORM[account.platform], client.served.world.clock
    exchanges = []
    for page, url in calls:
        told = client.get(url, cookie=COOKIE)
        raw = Exchange(
            page=page, url=url, status=told.status, body=told.body, at=at, headers=told.headers, title=title(told.body)
        )
        exchanges.append(clean(adapter, raw))
    return adapter.read(wanted, exchanges)


def title(body: bytes) -> str:
    return body.partition(b"<title>")[2].partition(b"</title>")[0].decode("utf-8", errors="replace")


def clean(adapter: object, raw: Exchange) -> Exchange:
    return Exchange(**{key: getattr(raw, key) for key in Exchange.__slots__} | {"body": adapter.redact(raw)})  # type: ignore[attr-defined]


def calls_of(account: WorldAccount) -> list[tuple[str, str]]:
    """What the account page fetches, by the adapters' page names."""
    told = account.ids
    if account.platform == "weibo":
        ajax, home = "https://weibo.com/ajax", f"https://weibo.com/u/{told['uid']}"
        listed = f"{ajax}/statuses/mymblog?uid={told['uid']}&page=1&feature=0"
        return [("home", home), ("profile", f"{ajax}/profile/info?uid={told['uid']}"), ("mymblog", listed)]
    if account.platform == "toutiao":
        home = f"https://www.toutiao.com/c/user/token/{told['token']}/"
        query = f"category=profile_all&token={told['token']}&max_behot_time=0"
        return [("home", home), ("feed", f"https://www.toutiao.com/api/pc/list/user/feed?{query}")]
    api, home = "https://www.douyin.com/aweme/v1/web", f"https://www.douyin.com/user/{told['sec_uid']}"
    works = f"{api}/aweme/post/?sec_user_id={told['sec_uid']}&max_cursor=0&count=18"
    return [("home", home), ("profile", f"{api}/user/profile/other/?sec_user_id={told['sec_uid']}"), ("works", works)]


def value(observation: Observation, aspect: Aspect) -> object:
    found = observation.aspects[aspect]
    assert isinstance(found, Seen), (aspect, found)
    return found.value


@pytest.mark.parametrize("key", LISTED)
def test_a_list_is_read_to_its_true_newest_date(client: Client, key: str) -> None:
    account = BY[key]
    told = read(client, account, visit(account, Route.BROWSER), calls_of(account))
    expected = roles.expected_of(key)
    if expected.reason:
        assert (told.outcome, isinstance(told.aspects.get(Aspect.POSTS), Seen)) == (expected.reason, False)
        return
    posts = value(told, Aspect.POSTS)
    assert isinstance(posts, Posts)
    assert posts.latest is not None
    assert posts.exact == (key != roles.LOWER_BOUND)
    newest = max(post.at for post in account.posts)
    assert (posts.latest.at == newest) == posts.exact
    assert ((roles.TODAY - day(posts.latest.at)).days > 14) == (key in roles.STALE)


@pytest.mark.parametrize("key", [*roles.LIKES, *roles.GOOD_LIKES])
def test_likes_tell_commerce_from_government(client: Client, key: str) -> None:
    likes = value(read(client, BY[key], visit(BY[key], Route.BROWSER), calls_of(BY[key])), Aspect.LIKES)
    assert isinstance(likes, Likes)
    kinds = {like.owner_kind for like in likes.items}
    assert kinds == ({"企业", "个人"} if key in roles.LIKES else {"政府", "媒体"})


@pytest.mark.parametrize("key", LINKED)
def test_a_pasted_article_is_read(client: Client, key: str) -> None:
    account = BY[key]
    for n, post in enumerate(city.linked(account)):
        url = article_url(account, post)
        told = read(client, account, visit(account, Route.LINK, url), [("article", url)])
        posts, footers = value(told, Aspect.POSTS), value(told, Aspect.FOOTERS)
        assert isinstance(posts, Posts)
        assert [(item.at.replace(second=0), item.title) for item in posts.items] == [(post.at.replace(second=0), post.title)]
        assert not posts.exact
        assert isinstance(footers, Found)
        assert bool(footers.hits) == (key in roles.FOOTERS and n == 0)
        existence = value(told, Aspect.EXISTENCE)
        assert (existence.name, existence.ids["user_name"]) == (account.name, account.ids["user_name"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", GRANTED)
def test_an_owners_data_is_read(client: Client, key: str) -> None:
    account, adapter = BY[key], BY_PLATFORM["weixin"]
    wanted, so_far, token = visit(account, Route.API), [], client.token(account)
    while asks := adapter.next(wanted, so_far):
        for ask in asks:
            sent = ask.url + ("&" if "?" in ask.url else "?") + f"access_token={token}"
            body = json.loads(ask.body) if ask.body else None
            told = client.get(sent, body=body)
            raw = Exchange(
                page=ask.page, url=ask.url, status=told.status, body=told.body, at=client.served.world.clock,
                method=ask.method, ask_body=ask.body,
            )  # fmt: skip
            so_far.append(clean(adapter, raw))
        assert len(so_far) < 80
    told = adapter.read(wanted, so_far)
    posts, menu = value(told, Aspect.POSTS), value(told, Aspect.MENU)
    assert isinstance(posts, Posts)
    assert isinstance(menu, Menu)
    assert posts.exact
    assert posts.latest is not None
    assert day(posts.latest.at) == max(day(post.at) for post in account.posts)
    assert ((roles.TODAY - day(posts.latest.at)).days > 14) == (key in roles.STALE)
    assert menu.channels.whole
    assert (not menu.channels.hits) == (key in roles.SILENT_BY_OWNER)
