"""A sweep (巡检批次): what to visit, the visits themselves live or by replay, each kept, read and entered (DESIGN §1, §7)."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from tracker import __version__
from tracker.adapter import Adapter, Pace
from tracker.capture import Care, Fetchers, Job, Lane, Progress
from tracker.capture import sweep as capture
from tracker.clock import Clock, day
from tracker.errors import UsageError
from tracker.evidence import Evidence, Stored, VisitMeta, cleared
from tracker.model import Account, Exchange, Observation, Outcome, Route, StoredVisit, Visit, Window
from tracker.recording import Reader, enter, journal, recover, unread
from tracker.resuming import fetched, going_on, wanted
from tracker.settings import Settings
from tracker.store import SweepRecord
from tracker.workspace import Workspace

REACH = timedelta(days=30)
"""How far back a visit looks, unless told otherwise: twice the national limit of two weeks, and a little."""

_BY_ACCOUNT = (Route.API, Route.BROWSER, Route.HTTP, Route.FEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What may be used: names of credentials by (platform, kind); an owner's grant is named by the account's id."""

    sessions: Mapping[tuple[str, str], str]
    grants: Collection[str]
    unfit: Mapping[str, str] = field(default_factory=dict)
    """Account id → why its grant is not used."""


NOTHING = Access(sessions={}, grants=frozenset())
"""No login, no grant: only what any visitor sees."""


def open_sweep(
    ws: Workspace,
    name: str,
    *,
    at: datetime,
    window: Window,
    check_date: date | None = None,
    kind: Literal["check", "weekly"] = "check",
    accounts: Sequence[Account] | None = None,
    source: str = "",
    period: str | None = None,
) -> SweepRecord:
    """Begin a sweep with the registry as it stands. Raises UsageError when the name is taken or there is no account."""
    frozen = tuple(ws.store.accounts() if accounts is None else accounts)
    if not frozen:
        raise UsageError("没有要检查的账号;先导入台账:tracker accounts import 文件(网页版:台账)")
    sweep = SweepRecord(
        name=name,
        kind=kind,
        period=period or ws.period_on(window.until),
        check_date=check_date,
        window=window,
        started_at=at,
        accounts=frozen,
        source=source,
    )
    ws.start_sweep(sweep)
    return sweep


def first_visit(source: Path) -> VisitMeta:
    """What the first file of a folder of visits says of itself. Raises UsageError when there is none."""
    cleared.must_be_whole(source)
    path = next(iter(sorted(source.rglob("*.warc.gz"))), None) if source.is_dir() else None
    if path is None:
        raise UsageError(f"{source} 里没有采集文件(*.warc.gz);应是一个批次的快照文件夹,或批次名称")
    return Evidence(path.parent).read(path.name)[0]


def replay(ws: Workspace, sweep: SweepRecord, source: Path, adapters: Mapping[str, Adapter]) -> Iterable[StoredVisit]:
    """Copy every visit of a folder byte for byte into the sweep and enter it, one by one. Nothing is fetched.

    What an earlier, interrupted replay left is finished first, so that no visit comes in twice.
    """
    reader = Reader(sweep.accounts, adapters)
    recover(ws, sweep.name, reader)
    known = ws.store.known_files(sweep.name)
    for stored in ws.evidence.copy_in(source, sweep.name):
        if stored.file not in known:
            yield enter(ws, sweep.name, reader, stored)


def resume(ws: Workspace, sweep: SweepRecord, adapters: Mapping[str, Adapter]) -> int:
    """After a crash: enter every whole file that the journal does not know yet. Returns how many."""
    return recover(ws, sweep.name, Reader(sweep.accounts, adapters))


def plan(
    ws: Workspace,
    sweep: SweepRecord,
    adapters: Mapping[str, Adapter],
    access: Access,
    *,
    today: date,
    again: frozenset[str] = frozenset(),
) -> tuple[Job, ...]:
    """The jobs that are left: one per account that a route can reach, one per pasted link, without what was visited already.

    `again` = ids of accounts that are visited once more all the same.
    """
    done, wants = fetched(ws.store.visits(sweep.name), today) - again, wanted(ws.profile())
    jobs = [
        going_on(job, ws.store, wants)
        for account in sweep.accounts
        if account.account_id not in done and (adapter := adapters.get(account.platform))
        if (job := _job(account, adapter, access, sweep.window, today, ws.settings))
    ]
    links = [
        Job(
            visit=Visit(account=None, route=Route.LINK, window=sweep.window, today=today, url=link.url, wants=wants),
            routes=(Route.LINK,),
            lane=Lane(platform=link.platform),
        )
        for link in ws.store.links(pending_for_sweep=sweep.name)
        # what was pasted before the window is older still: it would be opened week after week and prove nothing
        if day(link.added_at) >= sweep.window.since
    ]
    return (*jobs, *links)


def _job(account: Account, adapter: Adapter, access: Access, window: Window, today: date, settings: Settings) -> Job | None:
    wanted = dict.fromkeys(route for routes in adapter.sees.values() for route in routes)
    routes = tuple(route for route in _BY_ACCOUNT if route in wanted and _usable(route, account, adapter, access, settings))
    if not routes:
        return None
    feed = settings.feeds.get(f"{account.platform}:{account.name}", "")
    visit = Visit(account=account, route=routes[0], window=window, today=today, url=feed)
    return Job(
        visit=visit, routes=routes, lane=Lane(platform=account.platform, credential=_credential(routes[0], account, access))
    )


def _usable(route: Route, account: Account, adapter: Adapter, access: Access, settings: Settings) -> bool:
    if route is Route.API:
        return account.account_id in access.grants
    if route is Route.FEED:
        return f"{account.platform}:{account.name}" in settings.feeds
    return bool(adapter.next(_probe(account, route), ()))


def _probe(account: Account, route: Route) -> Visit:
    """A visit that is only asked for its first request: does the adapter know where this account is?"""
    today = date(2000, 1, 1)
    return Visit(account=account, route=route, window=Window(since=today, until=today), today=today)


def _credential(route: Route, account: Account, access: Access) -> str:
    if route is Route.API:
        return account.account_id
    return next((name for (platform, _), name in access.sessions.items() if platform == account.platform), "")


def shut_out(sweep: SweepRecord, jobs: Sequence[Job], adapters: Mapping[str, Adapter], access: Access) -> tuple[Account, ...]:
    """Accounts that only a grant could reach, whose grant is unfit: nothing is fetched of them, see `record_shut_out`."""
    reached = {job.visit.account.account_id for job in jobs if job.visit.account}
    held = (one for one in sweep.accounts if one.platform in adapters and one.account_id in access.unfit)
    return tuple(one for one in held if one.account_id not in reached)


def record_shut_out(
    ws: Workspace,
    sweep: SweepRecord,
    accounts: Sequence[Account],
    adapters: Mapping[str, Adapter],
    access: Access,
    *,
    clock: Clock,
) -> None:
    """Enter, once a sweep, why these accounts were not looked at."""
    done = {visit.account_id for visit in ws.store.visits(sweep.name) if visit.route is Route.API}
    sink = Recorder(ws, sweep, adapters, clock)
    for account in accounts:
        if account.account_id not in done:
            visit = Visit(account=account, route=Route.API, window=sweep.window, today=day(clock()))
            sink.record(visit, unread(Outcome.AUTH, access.unfit[account.account_id], adapters[account.platform]))


class Recorder:
    """The engine's sink: evidence first, then the journal; a visit that fetched nothing is kept as well, with its reason."""

    def __init__(self, ws: Workspace, sweep: SweepRecord, adapters: Mapping[str, Adapter], clock: Clock) -> None:
        self._ws, self._sweep, self._adapters, self._clock = ws, sweep, adapters, clock
        self._reader = Reader(sweep.accounts, adapters)
        self._kept: dict[tuple[str, str, str, Route], tuple[Stored, VisitMeta, tuple[Exchange, ...]]] = {}

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        """Write the visit's file."""
        meta = self._meta(visit, None)
        stored = self._ws.evidence.keep(self._sweep.name, meta.account_id, meta, exchanges)
        self._kept[_key(visit)] = (stored, meta, tuple(exchanges))

    def record(self, visit: Visit, observation: Observation) -> None:
        """Enter the visit; what was never kept is kept now, as a file that says why it is empty."""
        if _key(visit) not in self._kept:
            meta = self._meta(visit, observation)
            self._kept[_key(visit)] = (self._ws.evidence.keep(self._sweep.name, meta.account_id, meta, ()), meta, ())
        stored, meta, exchanges = self._kept.pop(_key(visit))
        journal(self._ws, self._sweep.name, self._reader, stored, meta, exchanges, observation)

    def _meta(self, visit: Visit, unread: Observation | None) -> VisitMeta:
        return VisitMeta.of(visit, platform=self._platform(visit), at=self._clock(), version=__version__, unread=unread)

    def _platform(self, visit: Visit) -> str:
        if visit.account is not None:
            return visit.account.platform
        return next((one.platform for one in self._adapters.values() if one.claims(visit.url)), "")


def _key(visit: Visit) -> tuple[str, str, str, Route]:
    """Tells the visits that are under way apart; a control account has no id of ours."""
    account = visit.account
    return (visit.lane, account.platform if account else "", account.account_id if account else visit.url, visit.route)


async def run(
    ws: Workspace,
    sweep: SweepRecord,
    jobs: Sequence[Job],
    adapters: Mapping[str, Adapter],
    *,
    fetchers: Fetchers,
    progress: Progress,
    clock: Clock,
    stop: asyncio.Event,
    pace: Callable[[Adapter], Pace] | None = None,
    finish: bool = True,
    care: Care | None = None,
) -> int:
    """Do the jobs (see `tracker.capture.engine.sweep`); the sweep ends when nothing is left, stays open when stopped.

    `finish` False = these are not all of its jobs (a paste of links): it stays open.
    `care` = control accounts, second readings, budgets (`tracker.proof.care`); without it a reading stands by itself.
    Returns how many jobs were left because their lane's budget was spent.
    """
    sink = Recorder(ws, sweep, adapters, clock)
    if care:
        jobs = [replace(job, visit=replace(job.visit, twice=care.twice)) for job in jobs]
    left = await capture(
        jobs,
        adapters=adapters,
        fetchers=fetchers,
        sink=sink,
        progress=progress,
        stop=stop,
        pace=pace or (lambda adapter: own_pace(adapter, ws.settings)),
        care=care,
    )
    if finish and not left and not stop.is_set():
        ws.store.end_sweep(sweep.name, clock())
    return left


def own_pace(adapter: Adapter, settings: Settings) -> Pace:
    """The adapter's pace, with what tracker.toml says for this platform."""
    told = settings.pace.get(adapter.platform)
    if told is None:
        return adapter.pace
    return replace(
        adapter.pace,
        between_accounts=told.between_accounts or adapter.pace.between_accounts,
        between_requests=adapter.pace.between_requests if told.between_requests is None else told.between_requests,
    )


def name_for(ws: Workspace, on: date) -> str:
    """A free name for a sweep of this day: 2026-11-06, then 2026-11-06-2 …"""
    taken = {sweep.name for sweep in ws.store.sweeps()}
    names = (f"{on:%Y-%m-%d}" + (f"-{n}" if n > 1 else "") for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
