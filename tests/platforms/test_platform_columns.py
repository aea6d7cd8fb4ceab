"""Columns and menu links of the fake platforms, as the adapters ask for them and the engine fetches them."""

import asyncio
import random
import ssl
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters import BY_PLATFORM
from tests.platforms import ids, small
from tests.platforms.client import Client
from tests.platforms.faults import Fault
from tests.platforms.serve import Served, serve
from tests.platforms.world import Column, Grant, MenuItem, World, WorldAccount, WorldPost, article_url, column_url
from tests.samples.__main__ import sessions
from tracker.adapter import Pace
from tracker.capture import Desk, HostMap, Job, Lane, Owner, Patience, sweep
from tracker.model import (
    Account,
    Aspect,
    Exchange,
    Menu,
    MenuEntry,
    Observation,
    Outcome,
    Posts,
    Route,
    Seen,
    Target,
    Visit,
    Window,
)

NOON = small.NOON
DELETED = WorldPost(at=NOON - timedelta(days=200), title="示例须知", status="deleted_article")
OLD = WorldPost(at=NOON - timedelta(days=400), title="示例旧文")
STALE, FRESH = (
    tuple(WorldPost(at=NOON - timedelta(days=n), title=f"示例{n}") for n in days) for days in ((300, 310), (3, 9, 12))
)
COLUMNS = (
    Column(title="政策解读", posts=STALE),
    Column(title="公示公告", posts=(OLD,)),
    Column(title="办事指南", sort="homepage"),
    Column(title="长合集", posts=tuple(replace(OLD, at=OLD.at + timedelta(days=n), title=f"长{n}") for n in range(25))),
)
QUICK = Pace(between_accounts=(0, 0), between_requests=0)


def weixin() -> WorldAccount:
    """An owner's account with a menu of every sort of link."""
    posts = (*small.posts(4), DELETED, OLD)
    bare = WorldAccount(
        platform="weixin", name="示例公众号", kind="微信订阅号", organisation="示例市示例局", posts=posts, columns=COLUMNS,
        ids={"user_name": "gh_000000000001", "biz": ids.biz(9_000_000_001)},
    )  # fmt: skip
    return replace(bare, grant=Grant(appid="wx0000000000000001", secret="0" * 32, menu=menu(bare, other())))


def other() -> WorldAccount:
    """Somebody else's account."""
    return WorldAccount(
        platform="weixin", name="示例另一个号", kind="微信订阅号", posts=small.posts(2),
        columns=(Column(title="他人专栏", posts=FRESH),),
        ids={"user_name": "gh_000000000002", "biz": ids.biz(9_000_000_002)},
    )  # fmt: skip


def menu(me: WorldAccount, them: WorldAccount) -> tuple[MenuItem, ...]:
    policy, notices, service, long = COLUMNS
    first = [MenuItem(name=one.title, url=column_url(me, one)) for one in (policy, notices, service, long)]
    second = [
        MenuItem(name="须知", kind="news", url=article_url(me, DELETED)),
        MenuItem(name="空图文", kind="news"),
        MenuItem(name="旧文", url=article_url(me, OLD)),
        MenuItem(name="上级专栏", url=column_url(them, them.columns[0])),
        MenuItem(name="上级文章", url=article_url(them, them.posts[0])),
    ]
    third = [
        MenuItem(name="官网", url="https://www.shili.example/"),
        MenuItem(name="联系", kind="click"),
        MenuItem(name="重复", url=first[0].url),
    ]
    named = zip(("栏目", "文章", "更多"), (first, second, third), strict=True)
    return (*(MenuItem(name=name, children=tuple(items)) for name, items in named), MenuItem(name="空按钮", kind=""))


@dataclass(slots=True)
class Seeing:
    """A sink that keeps what was fetched and said."""

    exchanges: list[Exchange] = field(default_factory=list)
    said: Observation | None = None
    stopped: list[Outcome] = field(default_factory=list)

    def keep(self, visit: Visit, exchanges: tuple[Exchange, ...]) -> None:
        self.exchanges.extend(exchanges)

    def record(self, visit: Visit, observation: Observation) -> None:
        self.said = observation

    def started(self, job: Job) -> None: ...

    def visited(self, job: Job, observation: Observation) -> None: ...

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        self.stopped.append(outcome)


def visited(served: Served, me: WorldAccount, route: Route = Route.API) -> Seeing:
    """One visit of an account by the real engine."""
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    account = Account(account_id="a", platform=me.platform, kind=me.kind, name=me.name, ids=dict(me.ids))
    window = Window(since=small.TODAY - timedelta(days=3), until=small.TODAY)
    visit = Visit(account=account, route=route, window=window, today=small.TODAY)
    seeing, grant = Seeing(), me.grant
    secret = Owner(appid=grant.appid, secret=grant.secret) if grant else sessions()[me.platform]

    async def run() -> None:
        mapped, patience = HostMap(port=served.port, ssl=trust), Patience(answers=6, settle=0.05, before_step=0.5)
        given = {"clock": lambda: NOON, "sleep": at_once, "host_map": mapped, "patience": patience}
        async with Desk(lambda lane: secret if lane.credential else None, **given) as desk:
            job = Job(visit=visit, routes=(route,), lane=Lane(platform=me.platform, credential="a"))
            tools = {"adapters": BY_PLATFORM, "fetchers": desk, "sink": seeing, "progress": seeing, "stop": asyncio.Event()}
            await sweep([job], **tools, pace=lambda _: QUICK, sleep=at_once, rng=random.Random(1))

    asyncio.run(run())
    return seeing


async def at_once(seconds: float) -> None:
    await asyncio.sleep(0)


def entries(seeing: Seeing) -> dict[str, MenuEntry]:
    assert seeing.said is not None
    seen = seeing.said.aspects[Aspect.MENU]
    assert isinstance(seen, Seen)
    assert isinstance(seen.value, Menu)
    return {entry.path: entry for entry in seen.value.entries}


def world(*faults: Fault) -> World:
    return World(accounts=(replace(weixin(), faults=faults), other()), today=small.TODAY)


def test_every_link_of_a_menu_is_read_as_what_it_is() -> None:
    with serve(world()) as served:
        seeing = visited(served, served.world.accounts[0])
        opened = served.log.of(host="mp.weixin.qq.com")
    assert seeing.said is not None
    assert seeing.said.outcome is Outcome.OK
    told = {path: entry.target for path, entry in entries(seeing).items()}
    gone = "所指图文已删除或为空"
    assert told == {
        "栏目/政策解读": Target(outcome=Outcome.OK, title="政策解读", own=True, items=2, latest=STALE[0].at, exact=True),
        "栏目/公示公告": Target(outcome=Outcome.OK, title="公示公告", own=True, items=1, latest=OLD.at, exact=True),
        "栏目/办事指南": Target(outcome=Outcome.EMPTY, detail="列表没有文章", items=0),
        "栏目/长合集": Target(outcome=Outcome.OK, title="长合集", own=True, items=25, latest=OLD.at + timedelta(days=19)),
        "文章/须知": Target(outcome=Outcome.ITEM_GONE, detail="页面提示:该内容已被发布者删除"),
        "文章/空图文": Target(outcome=Outcome.ITEM_GONE, detail=gone),
        "文章/旧文": Target(outcome=Outcome.OK, title="示例旧文", own=True),
        "文章/上级专栏": Target(outcome=Outcome.OK, title="他人专栏", own=False, items=3, latest=FRESH[0].at, exact=True),
        "文章/上级文章": Target(outcome=Outcome.OK, title="示例工作动态0", own=False),
        "更多/官网": Target(outcome=Outcome.NOT_OBSERVABLE, detail="外部链接,程序不打开,请人工查看"),
        "更多/联系": None,
        "更多/重复": told["栏目/政策解读"],
        "空按钮": Target(outcome=Outcome.EMPTY, detail="没有内容"),
    }
    assert len(opened) == 8
    assert [call for call in opened if "access_token" in call["query"]] == []


@pytest.mark.parametrize("where", ["album", "homepage"])
@pytest.mark.parametrize(("name", "outcome"), [("verify_page", "challenge"), ("captcha", "challenge"), ("refused", "refused")])
def test_a_wall_before_a_column_ends_the_asking_and_stops_the_lane(where: str, name: str, outcome: str) -> None:
    with serve(world()) as served:
        served.world.faults.put(name, account="weixin:示例公众号", where=where)
        seeing = visited(served, served.world.accounts[0])
        asked = [call["endpoint"] for call in served.log.of(host="mp.weixin.qq.com") if call["endpoint"] != "captcha"]
    assert seeing.said is not None
    assert str(seeing.said.outcome) == outcome
    assert [str(one) for one in seeing.stopped] == [outcome]
    assert asked[-1] == where
    found = entries(seeing)
    first, later = ("栏目/政策解读", "文章/旧文") if where == "album" else ("栏目/办事指南", "文章/旧文")
    assert [str(t.outcome) for p in (first, later) if (t := found[p].target)] == [outcome, "not_recorded"]
    posts = seeing.said.aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert posts.value.exact


def test_a_broken_column_is_unknown_and_the_others_are_read() -> None:
    with serve(world()) as served:
        served.world.faults.put("html_200", account="weixin:示例公众号", where="album")
        found = entries(visited(served, served.world.accounts[0]))
    told = {path: target.outcome for path, entry in found.items() if (target := entry.target)}
    assert told["栏目/政策解读"] is Outcome.TRANSPORT
    assert told["文章/旧文"] is Outcome.OK


def weibo() -> WorldAccount:
    """An account with the 文章 tab."""
    return WorldAccount(
        platform="weibo", name="示例微博", kind="新浪微博", posts=small.posts(3), ids={"uid": "900010001"},
        columns=(Column(title="文章", sort="tab", posts=STALE),),
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_the_article_tab_is_opened_in_the_browser_after_the_list() -> None:
    with serve(World(accounts=(weibo(),), today=small.TODAY)) as served:
        seeing = visited(served, weibo(), Route.BROWSER)
        lists = [call["query"] for call in served.log.of(endpoint="mymblog")]
    assert [one.page for one in seeing.exchanges] == ["home", "profile", "mymblog", "home", "articles"]
    assert [query.rpartition("feature=")[2] for query in lists] == ["0", "10"]
    (entry,) = entries(seeing).values()
    assert (entry.path, entry.kind) == ("文章", "tab")
    assert entry.target == Target(outcome=Outcome.OK, title="文章", own=True, items=2, latest=STALE[0].at, exact=True)
    assert seeing.said is not None
    posts = seeing.said.aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert (len(posts.value.items), posts.value.exact) == (3, True)


def test_the_article_tab_has_the_envelope_of_the_list() -> None:
    with serve(World(accounts=(weibo(),), today=small.TODAY)) as served:
        client = Client(served)
        about = client.logged_in("weibo", "https://weibo.com/ajax/profile/info?uid=900010001").json()
        tab = client.logged_in("weibo", "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=10").json()
        plain = client.logged_in("weibo", "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=0").json()
        guest = client.get("https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=10", cookie="SUB=world-guest")
    assert [one["tabName"] for one in about["data"]["tabList"]] == ["精选", "文章"]
    assert tab["data"].keys() == plain["data"].keys()
    assert [row["text_raw"] for row in tab["data"]["list"]] == ["示例300", "示例310"]
    assert guest.status == 403


def grants() -> tuple[WorldAccount, WorldAccount]:
    """Two owners' accounts, each with links on the page host."""
    first = weixin()
    given = Grant(appid="wx0000000000000002", secret="1" * 32, menu=menu(first, other()))
    return first, replace(other(), grant=given)


def swept(served: Served, between: float) -> Seeing:
    """A sweep of both by the owner's interfaces, side by side."""
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    window, seeing = Window(since=small.TODAY - timedelta(days=1), until=small.TODAY), Seeing()
    secrets = {one.name: Owner(appid=one.grant.appid, secret=one.grant.secret) for one in served.world.accounts if one.grant}

    def job(me: WorldAccount) -> Job:
        account = Account(account_id=me.name, platform="weixin", kind="", name=me.name, ids=dict(me.ids))
        visit = Visit(account=account, route=Route.API, window=window, today=small.TODAY)
        return Job(visit=visit, routes=(Route.API,), lane=Lane(platform="weixin", credential=me.name))

    async def run() -> None:
        mapped = HostMap(port=served.port, ssl=trust)
        async with Desk(lambda lane: secrets.get(lane.credential), clock=lambda: NOON, sleep=at_once, host_map=mapped) as desk:
            tools = {"adapters": BY_PLATFORM, "fetchers": desk, "sink": seeing, "progress": seeing, "stop": asyncio.Event()}
            slow = Pace(between_accounts=(0, 0), between_requests=between)
            await sweep([job(one) for one in served.world.accounts], **tools, pace=lambda _: slow, rng=random.Random(1))

    asyncio.run(run())
    return seeing


def test_two_owners_links_are_opened_one_at_a_time_at_one_pace() -> None:
    with serve(World(accounts=grants(), today=small.TODAY)) as served:
        swept(served, 0.2)
        at = [call["at"] for call in served.log.of(host="mp.weixin.qq.com")]
    assert len(at) == 16
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.19


def test_a_wall_before_one_owners_link_shuts_the_page_host_for_all() -> None:
    with serve(World(accounts=grants(), today=small.TODAY)) as served:
        served.world.faults.put("verify_page", platform="weixin", where="album")
        seeing = swept(served, 0.3)
        opened = served.log.of(host="mp.weixin.qq.com")
        days = served.log.of(endpoint="totaldetail")
    assert len(opened) == 1
    assert len({call["account"] for call in days}) == 2
    assert Outcome.CHALLENGE in seeing.stopped
