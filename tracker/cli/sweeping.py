"""sweep: the visits of a batch, live or by replay."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.access import allowed, vault_of
from tracker.capture import Desk, Lane, Secret
from tracker.cli import lanes, working
from tracker.cli.app import App
from tracker.cli.common import UNCHECKED, day_option, errors, say, table, workspace
from tracker.cli.periods import Scope
from tracker.cli.progress import Bar
from tracker.clock import day, now
from tracker.drift import freeze
from tracker.errors import UsageError
from tracker.evidence import folder_name
from tracker.live import Ready, go, ready
from tracker.model import IGNORANCE, Account, StoredVisit, Window
from tracker.store import SweepRecord
from tracker.sweep import REACH, first_visit, name_for, open_sweep, own_pace, replay, resume
from tracker.watch import Logged
from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Register the command, and those below it."""
    sweep = App("巡检:按各平台的节奏逐个查看账号和粘贴的链接。有账号没能看到时退出码为 3。", alone=True)
    sweep.callback(invoke_without_command=True)(run_sweep)
    lanes.add_to(sweep)
    app.add_typer(sweep, name="sweep")


def run_sweep(
    context: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="批次名称;默认当天日期")] = None,
    platform: Annotated[str | None, typer.Option(help="只检查一个平台")] = None,
    check_date: Annotated[str | None, typer.Option(help="检查日;默认各账号看得到的最后一天")] = None,
    going_on: Annotated[bool, typer.Option("--resume", help="接着做没有做完的批次")] = False,
    source: Annotated[str | None, typer.Option("--replay", help="不访问网络,重放一个快照文件夹或批次")] = None,
    planned: Annotated[bool, typer.Option("--plan", help="只说要做什么,不做")] = False,
    which: Annotated[str, typer.Option("--accounts", help="all 全部,drawn 抽查名单,new 新报备,failing 上期有问题的")] = "all",
    period: Annotated[str | None, typer.Option("--period", help="属于哪个检查期;默认按日期")] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="每周巡检,只作监测;不加就是正式检查")] = False,
    shared: Annotated[bool, typer.Option("--cluster", help="交给多台机器做(tracker worker),这里不等")] = False,
    as_lines: Annotated[bool, typer.Option("--json", help="计划每行一个 JSON")] = False,
) -> None:
    """巡检:按各平台的节奏逐个查看账号和粘贴的链接。有账号没能看到时退出码为 3。"""
    if context.invoked_subcommand is not None:
        return
    if as_lines and not planned:
        raise UsageError("--json 只用于 --plan;请加上 --plan,或去掉 --json")
    ordered, scope = day_option(check_date), Scope(which=which, period=period, weekly=weekly)
    if source is not None and (planned or going_on or platform):
        raise UsageError("--replay 重放的是已有的采集,不能同时用 --plan、--resume 或 --platform;请去掉其中一个")
    if shared and (planned or source is not None):
        raise UsageError("--cluster 不能同时用 --plan 或 --replay;请去掉其中一个")
    with workspace(context) as ws:
        if shared:
            accounts = () if going_on else chosen(scope.accounts(ws, day(now())), platform)
            working.share(ws, _unfinished(ws, name) if going_on else _wanted(ws, name, ordered, accounts, scope, day(now())))
            return
        if source is not None:
            sweep = _replay(ws, source, name, ordered, scope)
        else:
            shown = ("json" if as_lines else "table") if planned else ""
            sweep = _sweep(ws, name, ordered, going_on, platform, shown, scope)
        if planned:
            return
        visits = ws.store.visits(sweep.name)
    _summary(sweep, visits)
    if any(visit.observation.outcome in IGNORANCE for visit in visits):
        raise typer.Exit(UNCHECKED)


def _replay(ws: Workspace, source: str, name: str | None, ordered: date | None, scope: Scope) -> SweepRecord:
    folder = replay_folder(ws, source)
    first = first_visit(folder)
    ws.evidence.check_copies(folder)
    on = day(first.at)
    if name and (known := ws.store.sweep(name)):
        if ordered not in (None, known.check_date):
            raise UsageError(f"批次 {name} 已经存在,检查日不能再改;请去掉 --check-date,或用 --name 另起一个批次")
        sweep = known
    else:
        name = name or name_for(ws, on)
        window = Window(since=on, until=on)
        sweep = open_sweep(
            ws,
            name,
            at=first.at,
            window=window,
            check_date=ordered,
            kind=scope.kind,
            accounts=scope.accounts(ws, on),
            source=f"重放 {folder.name}",
            period=scope.name(ws, on),
        )
    with Bar("重放") as bar:
        for visit in replay(ws, sweep, folder, BY_PLATFORM):
            bar.step(visit.observation.outcome)
    ws.store.end_sweep(sweep.name, now())
    lanes.tell_frozen(freeze(ws, sweep, at=now()))
    return sweep


def replay_folder(ws: Workspace, source: str) -> Path:
    """What `--replay` names: a sweep of this workspace, else a folder. Raises UsageError when it names nothing."""
    if not source.strip():
        raise UsageError("--replay 后面要写快照文件夹或批次名称")
    return ws.evidence.root / source if ws.store.sweep(source) else Path(source)


def _sweep(
    ws: Workspace, name: str | None, ordered: date | None, going_on: bool, platform: str | None, shown: str, scope: Scope
) -> SweepRecord:
    today = day(now())
    if going_on:
        sweep = _unfinished(ws, name)
        working.alone(ws, sweep.name)
        say(f"接着做批次 {sweep.name};从证据里补记{resume(ws, sweep, BY_PLATFORM)}次采集")
    else:
        sweep = _wanted(ws, name, ordered, chosen(scope.accounts(ws, today), platform), scope, today)
    may = allowed(vault_of(ws), now())
    for warning in may.warnings:
        (errors if shown == "json" else say)(f"注意:{warning}")
    made = ready(ws, sweep, BY_PLATFORM, may, clock=now)
    if shown:
        (lanes.plan_lines if shown == "json" else lanes.show_plan)(made.plan)
        return sweep
    if not going_on:
        ws.start_sweep(sweep)
    with ws.evidence.alone(sweep.name, "sweep"):
        asyncio.run(_live(made))
    return sweep


def weekly(ws: Workspace, name: str) -> SweepRecord:
    """The week's sweep of all accounts under this name: begun, gone on with, or as it was ended already. Raises UsageError."""
    known = ws.store.sweep(name)
    if known is None or known.ended_at is None:
        _sweep(ws, name, None, known is not None, None, "", Scope(weekly=True))
    return ws.sweep(name)


def _wanted(
    ws: Workspace, name: str | None, ordered: date | None, accounts: tuple[Account, ...], scope: Scope, today: date
) -> SweepRecord:
    """The sweep that is asked for; nothing is stored yet."""
    return SweepRecord(
        name=folder_name(name) if name is not None else name_for(ws, today),
        kind=scope.kind,
        period=scope.name(ws, today) or ws.period_on(today),
        check_date=ordered,
        window=Window(since=today - REACH, until=today),
        started_at=now(),
        accounts=accounts,
    )


def _unfinished(ws: Workspace, name: str | None) -> SweepRecord:
    sweep = ws.sweep(name)
    if sweep.ended_at is not None:
        raise UsageError(f"批次 {sweep.name} 已经做完;新开一个:tracker sweep")
    return sweep


def chosen(accounts: Iterable[Account], platform: str | None) -> tuple[Account, ...]:
    """The accounts of one platform, or all. Raises UsageError when there is none."""
    found = tuple(one for one in accounts if platform in (None, one.platform))
    if not found and platform is not None:
        raise UsageError(f"要检查的账号里没有平台 {platform} 的;程序认识的平台:{'、'.join(BY_PLATFORM)}")
    if not found:
        raise UsageError("台账里没有账号;先导入台账:tracker accounts import 文件")
    return found


async def _live(made: Ready) -> None:
    ws, name = made.setting.ws, made.setting.sweep.name
    breakers: lanes.Breakers | None = None
    try:
        total = sum(not job.second for job in made.plan.jobs)
        async with fetching(ws, "巡检", total, made.may.secret) as (desk, bar, stop):
            breakers = lanes.Breakers(bar)
            ended = await go(made, fetchers=desk, progress=Logged(breakers, name), stop=stop)
        if ended.left:
            say(f"计划的次数或时间用完,还有{ended.left}个没有看;下次接着做:tracker sweep --resume --name {name}")
        lanes.tell_frozen(ended.frozen)
    finally:
        if breakers:
            breakers.report()


@asynccontextmanager
async def fetching(
    ws: Workspace, title: str, total: int, secrets: Callable[[Lane], Secret | None] = lambda lane: None
) -> AsyncIterator[tuple[Desk, Bar, asyncio.Event]]:
    """Fetchers, a progress bar, and the event that Ctrl-C sets; raises KeyboardInterrupt at the end when it was set."""
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no signal handlers in its loop: there Ctrl-C cancels the run
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    with Bar(title, total) as bar:
        feeds = frozenset(ws.settings.feeds.values())
        async with Desk(secrets, feeds=feeds, pace=lambda adapter: own_pace(adapter, ws.settings)) as desk:
            yield desk, bar, stop
    if stop.is_set():
        raise KeyboardInterrupt


def _summary(sweep: SweepRecord, visits: Iterable[StoredVisit]) -> None:
    counted: dict[str, int] = {}
    seen: set[str] = set()
    for visit in visits:
        said = visit.observation
        label = "已读取" if said.outcome not in IGNORANCE else f"没看到:{said.detail or said.outcome}"
        counted[label] = counted.get(label, 0) + 1
        seen.add(visit.account_id)
    table(f"批次 {sweep.name}", ("采集", "次数"), Counter(counted).most_common())
    unmatched = [visit for visit in visits if not visit.account_id and visit.observation.outcome not in IGNORANCE]
    for visit in unmatched:
        say(f"链接没有对应到台账里的账号:{visit.url}")
    missing = [one for one in sweep.accounts if one.account_id not in seen]
    if missing:
        say(f"还有{len(missing)}个账号本次没有任何采集")
