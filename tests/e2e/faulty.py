"""One fresh account per fault, each visited in a sweep of its own: no wall of one stands before another."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from adapters import BY_PLATFORM
from tests.e2e.living import Watch, desk, settle
from tests.platforms import ids, small
from tests.platforms.faults import Fault
from tests.platforms.serve import serve
from tests.platforms.world import Grant, World, WorldAccount, article_url
from tests.samples.__main__ import fast, sessions
from tracker.capture import Desk, Job, Lane, Owner, Patience, Secret
from tracker.judge import judge
from tracker.model import Account, Route, StoredVisit, Verdict, Visit, Window
from tracker.store import SweepRecord
from tracker.sweep import Access, open_sweep, plan, run
from tracker.workspace import Workspace

WINDOW = Window(since=small.TODAY - timedelta(days=30), until=small.TODAY)
AT_ONCE = 6
"""Sweeps side by side; the engine itself opens four pages at once."""
SOON = Patience(answers=6, settle=0.05, before_step=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault on a platform; `where` empty = wherever the fault bites.

    `owner` = by the owner's interface, `guest` = without a login, `silent` = the last post is 40 days old, else of yesterday.
    """

    platform: str
    fault: str
    where: str = ""
    arg: str = ""
    owner: bool = False
    guest: bool = False
    silent: bool = False

    @property
    def name(self) -> str:
        """Names the account and the sweep."""
        told = [self.platform, self.fault, self.where, "owner" * self.owner, "guest" * self.guest]
        told += ["silent" * self.silent]
        return "-".join(word for word in told if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What came of a case."""

    verdict: Verdict
    visits: tuple[StoredVisit, ...]

    @property
    def reasons(self) -> str:
        """Why silence could not be told, as the list prints it."""
        return ";".join(one.reason for one in self.verdict.undetermined if one.code == "UPD-01")


def world(cases: Sequence[Case]) -> World:
    """An account per case; it posts every two days, and unless it is silent any finding of age is a false one."""
    return World(accounts=tuple(_account(case, n) for n, case in enumerate(cases, 1)), today=small.TODAY)


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
        grant=Grant(appid=f"wx{n:016x}", secret=f"{n:032x}", menu=small.MENU) if case.owner else None,
        faults=faults,
    )


def meet(cases: Sequence[Case], root: Path) -> dict[str, Met]:
    """Visit and judge every case; by name."""
    with serve(world(cases)) as served, settle(root, served.world) as ws:
        filed_ones = {one.name: one for one in ws.store.accounts()}

        async def all_of_them() -> None:
            turn = asyncio.Semaphore(AT_ONCE)
            async with desk(served, _secrets(served.world, filed_ones), SOON) as fetchers, asyncio.TaskGroup() as group:
                for case, account in zip(cases, served.world.accounts, strict=True):
                    group.create_task(_one(ws, case, account, filed_ones[case.name], fetchers, turn))

        asyncio.run(all_of_them())
        return {case.name: _met(ws, case) for case in cases}


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
    if case.platform == "weixin" and not case.owner:
        newest = max(shown.posts, key=lambda post: post.at)
        visit = Visit(account=None, route=Route.LINK, window=WINDOW, today=small.TODAY, url=article_url(shown, newest))
        return [Job(visit=visit, routes=(Route.LINK,), lane=Lane(platform=case.platform))]
    logins = {} if case.guest else {(case.platform, "session"): f"login-{case.platform}"}
    grants = {account.account_id} if case.owner else set()
    return plan(ws, sweep, BY_PLATFORM, Access(sessions=logins, grants=grants), today=small.TODAY)


def _met(ws: Workspace, case: Case) -> Met:
    sweep = ws.sweep(case.name)
    (verdict,) = judge(ws, sweep, ws.profile(), BY_PLATFORM, at=small.NOON).verdicts
    return Met(verdict=verdict, visits=ws.store.visits(case.name))
