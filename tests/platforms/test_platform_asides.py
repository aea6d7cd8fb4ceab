"""Comments, likes and the second routes of the fake platforms, as the adapters ask for them and the engine fetches them."""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from adapters import BY_PLATFORM
from tests.platforms import feed, ids, small
from tests.platforms.faults import Fault
from tests.platforms.serve import Served, serve
from tests.platforms.test_platform_columns import QUICK, Seeing, at_once
from tests.platforms.world import Column, Grant, World, WorldAccount
from tests.samples.__main__ import sessions
from tracker.capture import Desk, HostMap, Job, Lane, Owner, Patience, sweep
from tracker.model import Account, Aspect, Likes, Observation, Outcome, Posts, Replies, Route, Seen, Visit, Window

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]
PAGED = ("weibo", "douyin", "toutiao")
TALKED = {"weibo": (2, "buildcomments"), "douyin": (1, "comments"), "toutiao": (1, "comments")}
"""How many posts are opened for their comments, and the endpoint that tells of them."""
WINDOW = Window(since=small.TODAY - timedelta(days=9), until=small.TODAY)
SHOWN = {"columns": (Column(title="赞"),), "likes": (small.LIKE,)}
"""An account that shows its likes."""
NOT_GIVEN = ("ambiguous_empty", "null_data", "truncated")
WALLED = ("login_wall", "captcha", "rate_limited", "refused", "html_200")
REFUSED = ("88000", "48001", "45009", "html_200", "truncated")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One account and what its visit is asked for."""

    me: WorldAccount
    wants: frozenset[Aspect] = frozenset(Aspect)
    cursor: str = ""


def case(
    platform: str, *faults: Fault, wants: frozenset[Aspect] = frozenset(Aspect), cursor: str = "", **changes: object
) -> Case:
    """The small world's account; every comment on a post but one was answered."""
    found = next(one for one in small.world().accounts if one.platform == platform)
    posts = tuple(replace(post, answered=max(0, post.comments - 1)) for post in found.posts)
    me = replace(found, **{"posts": posts, "faults": faults, **changes})  # type: ignore[arg-type]
    return Case(me=me, wants=wants, cursor=cursor)


def silent(found: Case) -> Case:
    """The same without a single comment."""
    return replace(found, me=replace(found.me, posts=tuple(replace(post, comments=0, answered=0) for post in found.me.posts)))


NOTHING = frozenset[Aspect]()
CASES: Mapping[str, Case] = {
    **{f"{one} talked of": case(one) for one in (*PAGED, "weixin")},
    **{f"{one} unwanted": case(one, wants=NOTHING, **SHOWN) for one in PAGED},
    **{f"{one} likes": case(one, **SHOWN) for one in ("weibo", "douyin")},
    **{
        f"{one} broken": case(one, Fault(name="html_200" if one != "weibo" else "truncated", where=TALKED[one][1]))
        for one in PAGED
    },
    "weibo walled": case("weibo", Fault(name="captcha", where="buildcomments")),
    "toutiao walled": case("toutiao", Fault(name="decision", where="comments")),
    "toutiao silent": silent(case("toutiao")),
    **{f"list {name}": case("weibo", Fault(name=name, where="mymblog"), wants=NOTHING) for name in (*NOT_GIVEN, *WALLED)},
    **{f"comments {name}": case("weixin", Fault(name=name, where="comment_list")) for name in REFUSED},
    "weixin first": case("weixin", wants=NOTHING),
    "weixin later": case("weixin", wants=NOTHING, cursor="2026-10-20/2026-11-03"),
}


def numbered(told: Case, n: int) -> Case:
    """The case with a name and ids of its own, so that one world holds all of them."""
    me = told.me
    new = {
        "weibo": {"uid": f"90011{n:04}"},
        "douyin": {"sec_uid": ids.sec_uid("aside", n), "uid": f"90012{n:04}"},
        "toutiao": {"user_id": f"900013{n:04}", "token": ids.sec_uid("asides", n)},
        "weixin": {"user_name": f"gh_00000001{n:04}", "biz": ids.biz(9_100_000_000 + n)},
    }[me.platform]
    grant = Grant(appid=f"wx00000000001{n:05}", secret=f"{n:032}", menu=small.MENU) if me.grant else None
    return replace(told, me=replace(me, name=f"{me.name}{n}", ids=new, grant=grant))


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one visit gave: its reading, the calls by endpoint, all bytes that were kept, what stopped lanes."""

    said: Observation
    calls: Counter[str]
    body: bytes
    stopped: list[Outcome]

    def value(self, aspect: Aspect) -> object:
        seen = self.said.aspects.get(aspect)
        assert isinstance(seen, Seen), seen
        return seen.value


@pytest.fixture(scope="module")
def looked(chromium: object) -> Mapping[str, Looked]:
    """Every case visited once by the real engine, in one browser."""
    made = {name: numbered(one, n) for n, (name, one) in enumerate(CASES.items(), 1)}
    with serve(World(accounts=tuple(one.me for one in made.values()), today=small.TODAY)) as served:
        seen = asyncio.run(_all(served, made))
        calls = {name: Counter(call["endpoint"] for call in served.log.of(account=one.me.key)) for name, one in made.items()}
    return {name: _looked(seen[name], calls[name]) for name in made}


def _looked(seeing: Seeing, calls: Counter[str]) -> Looked:
    assert seeing.said is not None
    body = b"".join(one.body for one in seeing.exchanges)
    return Looked(said=seeing.said, calls=calls, body=body, stopped=seeing.stopped)


async def _all(served: Served, made: Mapping[str, Case]) -> dict[str, Seeing]:
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    secrets = {name: Owner(appid=g.appid, secret=g.secret) for name, one in made.items() if (g := one.me.grant)}
    logins = sessions()
    mapped, patience = HostMap(port=served.port, ssl=trust), Patience(answers=2, settle=0.05, before_step=0.3)
    given = {"clock": lambda: small.NOON, "sleep": at_once, "host_map": mapped, "patience": patience}
    async with Desk(lambda lane: secrets.get(lane.credential) or logins.get(lane.platform), **given) as desk:
        return dict(zip(made, await asyncio.gather(*(_one(desk, *it) for it in made.items())), strict=True))


async def _one(desk: Desk, name: str, told: Case) -> Seeing:
    me, seeing = told.me, Seeing()
    filed = Account(account_id="a", platform=me.platform, kind=me.kind, name=me.name, ids=dict(me.ids))
    route = Route.API if me.grant else Route.BROWSER
    visit = Visit(account=filed, route=route, window=WINDOW, today=small.TODAY, wants=told.wants, cursor=told.cursor)
    job = Job(visit=visit, routes=(route,), lane=Lane(platform=me.platform, credential=name))
    tools = {"adapters": BY_PLATFORM, "fetchers": desk, "sink": seeing, "progress": seeing, "stop": asyncio.Event()}
    await sweep([job], **tools, pace=lambda _: QUICK, sleep=at_once, rng=random.Random(1))
    return seeing


def posts(told: Looked) -> Posts:
    value = told.value(Aspect.POSTS)
    assert isinstance(value, Posts)
    return value


def replies(told: Looked) -> Replies:
    value = told.value(Aspect.REPLIES)
    assert isinstance(value, Replies)
    return value


@pytest.mark.parametrize("platform", PAGED)
def test_comments_of_the_newest_posts_are_read_and_name_nobody(looked: Mapping[str, Looked], platform: str) -> None:
    told, (opened, endpoint) = looked[f"{platform} talked of"], TALKED[platform]
    assert told.said.outcome in (Outcome.OK, Outcome.PARTIAL), told.said
    assert told.calls[endpoint] == opened
    value = replies(told)
    assert (value.seen - value.answered, value.of) == (opened, None), "one each; other posts have comments, too"
    for word in ("示例网友", "示例用户", "示例读者", "90008000", "90000000", "90009000"):
        assert word.encode() not in told.body
    assert sum(told.calls[page] for page in ("home", "item")) <= BY_PLATFORM[platform].pace.most_requests


@pytest.mark.parametrize("platform", PAGED)
def test_nothing_is_opened_for_what_nobody_asked_for(looked: Mapping[str, Looked], platform: str) -> None:
    told = looked[f"{platform} unwanted"]
    assert not {"buildcomments", "comments", "likelist", "favorite"} & told.calls.keys()
    assert sum(told.calls[page] for page in ("home", "item")) == 1


@pytest.mark.parametrize("platform", PAGED)
def test_broken_comments_cost_their_aspect_alone(looked: Mapping[str, Looked], platform: str) -> None:
    told = looked[f"{platform} broken"]
    assert told.calls[TALKED[platform][1]] >= 1
    assert not isinstance(told.said.aspects.get(Aspect.REPLIES), Seen)
    assert told.said.outcome is Outcome.OK
    assert posts(told).exact


@pytest.mark.parametrize("platform", ["weibo", "toutiao"])
def test_a_wall_before_comments_stops_the_lane_and_keeps_the_posts(looked: Mapping[str, Looked], platform: str) -> None:
    told = looked[f"{platform} walled"]
    assert (told.said.outcome, told.stopped) == (Outcome.CHALLENGE, [Outcome.CHALLENGE])
    assert told.calls[TALKED[platform][1]] == 1
    assert posts(told).exact


def test_posts_without_comments_leave_nobody_to_answer(looked: Mapping[str, Looked]) -> None:
    told = looked["toutiao silent"]
    assert (replies(told), told.calls["comments"]) == (Replies(seen=0, of=0, answered=0), 0)


@pytest.mark.parametrize("platform", ["weibo", "douyin"])
def test_likes_are_read_where_the_account_shows_them(looked: Mapping[str, Looked], platform: str) -> None:
    told = looked[f"{platform} likes"]
    value = told.value(Aspect.LIKES)
    assert isinstance(value, Likes)
    (like,) = value.items
    assert (like.owner, like.at) == ("示例日报", small.LIKE.at)
    assert told.calls["likelist"] + told.calls["favorite"] == 1


def test_likes_that_an_account_keeps_to_itself_are_not_asked_for(looked: Mapping[str, Looked]) -> None:
    told = looked["douyin talked of"]
    assert told.calls["favorite"] == 0
    assert told.said.aspects[Aspect.LIKES].outcome is Outcome.RESTRICTED


@pytest.mark.parametrize("name", NOT_GIVEN)
def test_the_mobile_site_gives_the_list_that_the_other_failed_to_give(looked: Mapping[str, Looked], name: str) -> None:
    told = looked[f"list {name}"]
    assert (told.calls["mymblog"], told.calls["m_getindex"]) == (1, 1)
    assert told.said.outcome is Outcome.OK, told.said
    assert posts(told).exact


@pytest.mark.parametrize("wall", WALLED)
def test_a_wall_is_never_worked_around_by_the_mobile_site(looked: Mapping[str, Looked], wall: str) -> None:
    told = looked[f"list {wall}"]
    assert told.calls["m_getindex"] == told.calls["m_page"] == 0
    assert len(told.stopped) == 1


def test_readers_comments_are_counted_and_the_oldest_unanswered_is_dated(looked: Mapping[str, Looked]) -> None:
    told = looked["weixin talked of"]
    assert told.calls["comment_list"] == 3
    value = replies(told)
    assert (value.seen, value.of, value.answered) == (6, 6, 3)
    assert value.oldest is not None
    assert any("最早未回复" in note for note in told.said.notes)
    assert b"oSHILI" not in told.body
    assert "请问".encode() not in told.body


@pytest.mark.parametrize("code", REFUSED)
def test_a_refused_comment_list_ends_the_asking_for_comments_only(looked: Mapping[str, Looked], code: str) -> None:
    told = looked[f"comments {code}"]
    assert 1 <= told.calls["comment_list"] <= 3, "once, and its repeats after a broken answer"
    assert told.said.outcome is Outcome.OK
    assert not isinstance(told.said.aspects.get(Aspect.REPLIES), Seen)
    assert posts(told).exact


def test_days_read_before_are_not_asked_again(looked: Mapping[str, Looked]) -> None:
    assert (looked["weixin first"].calls["totaldetail"], looked["weixin later"].calls["totaldetail"]) == (9, 2)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("", {Route.API}),
        ("45009", {Route.API, Route.FEED}),
        ("48001", {Route.API, Route.FEED}),
        ("40164", {Route.API, Route.FEED}),
    ],
    ids=["knowledge stops", "a quota falls through", "a missing permission falls through", "a refused address falls through"],
)
def test_the_next_route_is_tried_after_ignorance_only(chromium: object, name: str, asked: set[Route]) -> None:
    """An owner's account with a feed beside it: two rights, two lanes; a wall of the one is not the other's."""
    told = numbered(case("weixin", *((Fault(name=name),) if name else ()), wants=NOTHING), 99)
    with serve(World(accounts=(told.me,), today=small.TODAY)) as served:
        seeing = asyncio.run(_both(served, told.me))
        hosts = {call["host"] for call in served.log}
    assert seeing.said is not None
    assert {Route.API, *([Route.FEED] if feed.HOST in hosts else [])} == asked
    assert len(seeing.stopped) == len(asked) - 1
    assert isinstance(seeing.said.aspects[Aspect.POSTS], Seen)


async def _both(served: Served, me: WorldAccount) -> Seeing:
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    assert me.grant is not None
    secret, seeing = Owner(appid=me.grant.appid, secret=me.grant.secret), Seeing()
    filed = Account(account_id="a", platform=me.platform, kind=me.kind, name=me.name, ids=dict(me.ids))
    visit = Visit(account=filed, route=Route.API, window=WINDOW, today=small.TODAY, url=feed.address(me))
    given = {"clock": lambda: small.NOON, "sleep": at_once, "host_map": HostMap(port=served.port, ssl=trust)}
    async with Desk(lambda lane: secret if lane.credential else None, feeds=frozenset({visit.url}), **given) as desk:
        job = Job(visit=visit, routes=(Route.API, Route.FEED), lane=Lane(platform=me.platform, credential="a"))
        tools = {"adapters": BY_PLATFORM, "fetchers": desk, "sink": seeing, "progress": seeing, "stop": asyncio.Event()}
        await sweep([job], **tools, pace=lambda _: QUICK, sleep=at_once, rng=random.Random(1))
    return seeing
