"""One fresh account per fault, each visited in a sweep of its own: no wall of one stands before another."""

import asyncio
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters import BY_PLATFORM
from tests.e2e.living import Watch, desk, settle
from tests.platforms import feed, ids, small, weibo_rows
from tests.platforms.douyin_rows import aweme_id
from tests.platforms.faults import Fault
from tests.platforms.serve import Served, serve
from tests.platforms.toutiao import group_id
from tests.platforms.world import Grant, World, WorldAccount, WorldPost, article_url
from tests.samples.__main__ import fast, sessions
from tracker.capture import Desk, Job, Lane, Owner, Patience, Secret
from tracker.judge import judge
from tracker.model import Account, Route, StoredVisit, Verdict, Visit, Window
from tracker.rulebook import RULES
from tracker.store import SweepRecord
from tracker.sweep import Access, open_sweep, plan, run
from tracker.workspace import Workspace

MATRIX = Path(__file__).parent / "fault_matrix.toml"
FINE, ASK, ACCUSED, BOUND, BELIEVED = "fine", "ask", "accused", "bound", "believed"
"""Passes; a candidate that the page itself proves, for a person; is listed; only a bound, so not checked; silence without a post.

BELIEVED: an owner's interface answers in good order, for every day, that nothing was published; a person has to look.
"""
WINDOW = Window(since=small.TODAY - timedelta(days=30), until=small.TODAY)
AT_ONCE = 6
"""Sweeps side by side; the engine itself opens four pages at once."""
SOON = Patience(load=6, answers=6, settle=0.05, before_step=0.5)
LATE = "8"
"""Seconds: later than these tests wait for a page."""
ALL_RULES = "all"
UNUSED = ("46003", "88000")
"""Codes of interfaces that the adapter leaves alone: they must change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault on a platform; `where` empty = wherever the fault bites.

    `by` = how the account is looked at: `browser` (logged in where there is a login), `guest`, `owner`, `link`, `feed`.
    `silent` = the last post is 40 days old, else of yesterday. `told` = what it comes to, see above; or an outcome; or `a|b`.
    """

    platform: str
    by: str
    fault: str = ""
    where: str = ""
    silent: bool = False
    told: str = ""

    @property
    def name(self) -> str:
        """Names the account and the sweep."""
        told = [self.platform, self.by, self.fault, self.where, "silent" * self.silent]
        return "-".join(word for word in told if word)

    @property
    def arg(self) -> str:
        """Of a slow server: seconds, longer than a browser waits; requests that are waited for come late."""
        waits = self.by in ("browser", "guest") or (self.by == "link" and self.platform != "weixin")
        return (LATE if waits else "0.05") if self.fault == "slow" else ""


Posts = Mapping[str, tuple[WorldPost, ...]]


def table() -> Mapping[str, Any]:
    """tests/e2e/fault_matrix.toml."""
    return tomllib.loads(MATRIX.read_text(encoding="utf-8"))


def cases() -> tuple[Case, ...]:
    """Every cell of the matrix."""
    told = dict(table())
    told.pop("names", None)
    silent = told.pop("silent")
    return (*_cases(told, silent=False), *_cases(silent, silent=True))


def _cases(told: Mapping[str, Any], *, silent: bool) -> Iterator[Case]:
    for platform, ways in told.items():
        for by, cells in ways.items():
            for cell, outcome in cells.items():
                fault, _, where = cell.partition("@")
                yield Case(platform=platform, by=by, fault=fault, where=where, silent=silent, told=outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What came of a case."""

    verdict: Verdict
    visits: tuple[StoredVisit, ...]

    @property
    def reasons(self) -> str:
        """Why silence could not be told, as the list prints it."""
        return ";".join(one.reason for one in self.verdict.undetermined if one.code == "UPD-01")


def world(cases: Sequence[Case], posts: Posts | None = None) -> World:
    """An account per case; it posts every two days, and unless it is silent any finding of age is a false one."""
    made = [_account(case, n) for n, case in enumerate(cases, 1)]
    told = posts or {}
    return World(accounts=tuple(replace(one, posts=told.get(one.name, one.posts)) for one in made), today=small.TODAY)


def _account(case: Case, n: int) -> WorldAccount:
    key = f"{case.platform}:{case.name}"
    kinds = {"weibo": "新浪微博", "weixin": "微信订阅号", "toutiao": "今日头条", "douyin": "抖音"}
    told = {
        "weibo": {"uid": str(900_020_000 + n)},
        "weixin": {"user_name": f"gh_{n:012x}", "biz": ids.biz(9_100_000_000 + n)},
        "toutiao": {
            "user_id": str(9_000_060_000 + n),
            "token": ids.sec_uid("toutiao", case.name),
            "media_id": str(9_000_560_000 + n),
        },
        "douyin": {"sec_uid": ids.sec_uid("douyin", case.name), "uid": str(900_070_000 + n), "unique_id": f"shilifault{n}"},
    }
    faults = (Fault(name=case.fault, account=key, where=case.where, arg=case.arg),) if case.fault else ()
    return WorldAccount(
        platform=case.platform,
        name=case.name,
        kind=kinds[case.platform],
        ids=told[case.platform],
        organisation="示例市示例局",
        bio="虚构示例",
        posts=tuple(replace(post, at=post.at - timedelta(days=39 * case.silent)) for post in small.posts(25)),
        grant=Grant(appid=f"wx{n:016x}", secret=f"{n:032x}", menu=small.MENU) if case.by == "owner" else None,
        faults=faults,
    )


def meet(cases: Sequence[Case], root: Path, posts: Posts | None = None) -> dict[str, Met]:
    """Visit and judge every case; by name. `posts` = other posts than the usual ones, by case name.

    Raises AssertionError when a host was asked that no adapter and no feed names, or a fault never bit.
    """
    with serve(world(cases, posts)) as served, settle(root, served.world) as ws:
        filed_ones = {one.name: one for one in ws.store.accounts()}

        async def all_of_them() -> None:
            turn = asyncio.Semaphore(AT_ONCE)
            feeds = frozenset(feed.address(one) for one in served.world.accounts if one.platform == "weixin")
            secrets = _secrets(served.world, filed_ones)
            async with desk(served, secrets, SOON, feeds=feeds) as fetchers, asyncio.TaskGroup() as group:
                for case, account in zip(cases, served.world.accounts, strict=True):
                    group.create_task(_one(ws, case, account, filed_ones[case.name], fetchers, turn))

        asyncio.run(all_of_them())
        _stayed_at_home(served)
        _all_played(cases, served)
        every_rule(root)
        return {case.name: _met(ws, case) for case in cases}


def every_rule(root: Path) -> None:
    """A profile of the workspace: the national one with every rule of the book."""
    told = ['title = "国家口径,规则全开"', 'source = "测试"', 'extends = "national"', *(f"[rules.{rule.code}]" for rule in RULES)]
    (root / "profiles").mkdir(exist_ok=True)
    (root / "profiles" / f"{ALL_RULES}.toml").write_text("\n".join(told), encoding="utf-8")


def _stayed_at_home(served: Served) -> None:
    allowed = {host for adapter in BY_PLATFORM.values() for host in adapter.hosts} | {feed.HOST}
    # what a browser asks ahead of a call to another site carries neither login nor data, and no adapter sees the answer
    strange = [call for call in served.log if call["host"] not in allowed and call["method"] != "OPTIONS"]
    assert strange == [], strange


def _all_played(cases: Sequence[Case], served: Served) -> None:
    """A fault that never bit would prove nothing."""
    met = served.world.faults.met
    idle = [case.name for case in cases if case.fault and (case.fault, f"{case.platform}:{case.name}") not in met]
    assert [name for name in idle if not name.endswith(UNUSED)] == []


def _secrets(world: World, accounts: dict[str, Account]):
    known: dict[str, Secret] = {f"login-{platform}": session for platform, session in sessions().items()}
    for one in world.accounts:
        if one.grant:
            known[accounts[one.name].account_id] = Owner(appid=one.grant.appid, secret=one.grant.secret)
    return lambda lane: known.get(lane.credential)


async def _one(ws: Workspace, case: Case, shown: WorldAccount, account: Account, fetchers: Desk, turn: asyncio.Semaphore) -> None:
    at = small.NOON
    async with turn:
        sweep = open_sweep(ws, case.name, at=at, window=WINDOW, accounts=[account])
        tools = {"progress": Watch(stop=asyncio.Event()), "clock": lambda: at, "stop": asyncio.Event(), "pace": fast}
        await run(ws, sweep, _jobs(ws, sweep, case, shown, account), BY_PLATFORM, fetchers=fetchers, **tools)


def _jobs(ws: Workspace, sweep: SweepRecord, case: Case, shown: WorldAccount, account: Account) -> Sequence[Job]:
    if case.by in ("link", "feed"):
        told = {"url": link_of(shown)} if case.by == "link" else {"url": feed.address(shown), "account": account}
        visit = Visit(**{"account": None, "route": Route(case.by), "window": WINDOW, "today": small.TODAY, **told})
        return [Job(visit=visit, routes=(Route(case.by),), lane=Lane(platform=case.platform))]
    logins = {} if case.by == "guest" else {(case.platform, "session"): f"login-{case.platform}"}
    grants = {account.account_id} if case.by == "owner" else set()
    return plan(ws, sweep, BY_PLATFORM, Access(sessions=logins, grants=grants), today=small.TODAY)


def link_of(shown: WorldAccount) -> str:
    """What a clerk would paste: the address of the newest post."""
    newest = max(shown.posts, key=lambda post: post.at)
    match shown.platform:
        case "weixin":
            return article_url(shown, newest)
        case "weibo":
            return f"https://weibo.com/{shown.ids['uid']}/{ids.mblogid(weibo_rows.mid_of(shown, newest))}"
        case "toutiao":
            return f"https://www.toutiao.com/article/{group_id(shown, newest)}/"
    return f"https://www.douyin.com/video/{aweme_id(shown, newest)}"


def _met(ws: Workspace, case: Case) -> Met:
    sweep = ws.sweep(case.name)
    (verdict,) = judge(ws, sweep, ws.profile(ALL_RULES), BY_PLATFORM, at=small.NOON).verdicts
    return Met(verdict=verdict, visits=ws.store.visits(case.name))
