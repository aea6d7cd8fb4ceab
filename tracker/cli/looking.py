"""sweep, links and observe import|export."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.capture import Desk, Job
from tracker.cli.common import UNCHECKED, day_option, existing, json_line, say, table, workspace
from tracker.cli.progress import Bar
from tracker.clock import day, now
from tracker.errors import UsageError
from tracker.links import paste
from tracker.model import IGNORANCE, Account, StoredVisit, Window
from tracker.observe import Terms, export_looks, import_looks
from tracker.store import SweepRecord
from tracker.sweep import NOTHING, REACH, first_visit, name_for, open_sweep, plan, replay, resume, run
from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("sweep")(run_sweep)
    app.command("links")(take_links)
    observe = typer.Typer(help="人工检查表:导出去填,填好导回。", no_args_is_help=True)
    observe.command("import")(take_looks)
    observe.command("export")(give_looks)
    app.add_typer(observe, name="observe")


def run_sweep(
    context: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="批次名称;默认当天日期")] = None,
    platform: Annotated[str | None, typer.Option(help="只检查一个平台")] = None,
    check_date: Annotated[str | None, typer.Option(help="检查日;默认各账号看得到的最后一天")] = None,
    going_on: Annotated[bool, typer.Option("--resume", help="接着做没有做完的批次")] = False,
    source: Annotated[str | None, typer.Option("--replay", help="不访问网络,重放一个快照文件夹或批次")] = None,
    planned: Annotated[bool, typer.Option("--plan", help="只说要做什么,不做")] = False,
) -> None:
    """巡检:按各平台的节奏逐个查看账号和粘贴的链接。有账号没能看到时退出码为 3。"""
    ordered = day_option(check_date)
    with workspace(context) as ws:
        if source is not None:
            sweep = _replay(ws, source, name, ordered)
        else:
            sweep = _sweep(ws, name, ordered, going_on, platform, planned)
        if planned:
            return
        visits = ws.store.visits(sweep.name)
    _summary(sweep, visits)
    if any(visit.observation.outcome in IGNORANCE for visit in visits):
        raise typer.Exit(UNCHECKED)


def _replay(ws: Workspace, source: str, name: str | None, ordered: date | None) -> SweepRecord:
    folder = ws.evidence.root / source if ws.store.sweep(source) else Path(source)
    first = first_visit(folder)
    on = day(first.at)
    if name and (known := ws.store.sweep(name)):
        sweep = known
    else:
        name = name or name_for(ws, on)
        window = Window(since=on, until=on)
        sweep = open_sweep(ws, name, at=first.at, window=window, check_date=ordered, source=f"重放 {folder.name}")
    with Bar("重放") as bar:
        for visit in replay(ws, sweep, folder, BY_PLATFORM):
            bar.step(visit.observation.outcome)
    ws.store.end_sweep(sweep.name, now())
    return sweep


def _sweep(
    ws: Workspace, name: str | None, ordered: date | None, going_on: bool, platform: str | None, planned: bool
) -> SweepRecord:
    today = day(now())
    sweep = _unfinished(ws, name) if going_on else None
    if sweep is not None:
        say(f"接着做批次 {sweep.name};从证据里补记{resume(ws, sweep, BY_PLATFORM)}次采集")
    else:
        accounts = _chosen(ws.store.accounts(), platform)
        window = Window(since=today - REACH, until=today)
        told = SweepRecord(
            name=name or name_for(ws, today), kind="check", period=None, check_date=ordered, window=window, started_at=now()
        )
        if planned:
            _plan(plan(ws, _with(told, accounts), BY_PLATFORM, NOTHING, today=today), accounts)
            return told
        sweep = open_sweep(ws, told.name, at=told.started_at, window=window, check_date=ordered, accounts=accounts)
    jobs = plan(ws, sweep, BY_PLATFORM, NOTHING, today=today)
    if planned:
        _plan(jobs, sweep.accounts)
        return sweep
    asyncio.run(_live(ws, sweep, jobs))
    return sweep


def _with(told: SweepRecord, accounts: tuple[Account, ...]) -> SweepRecord:
    return replace(told, accounts=accounts)


def _unfinished(ws: Workspace, name: str | None) -> SweepRecord:
    sweep = ws.sweep(name)
    if sweep.ended_at is not None:
        raise UsageError(f"批次 {sweep.name} 已经做完;新开一个:tracker sweep")
    return sweep


def _chosen(accounts: Iterable[Account], platform: str | None) -> tuple[Account, ...]:
    chosen = tuple(one for one in accounts if platform in (None, one.platform))
    if not chosen:
        raise UsageError(f"台账里没有{platform or ''}账号;先导入台账:tracker accounts import 文件")
    return chosen


async def _live(ws: Workspace, sweep: SweepRecord, jobs: tuple[Job, ...]) -> None:
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no signal handlers in its loop: there Ctrl-C cancels the run
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    feeds = frozenset(ws.settings.feeds.values())
    with Bar("巡检", len(jobs)) as bar:
        async with Desk(feeds=feeds) as desk:
            await run(ws, sweep, jobs, BY_PLATFORM, fetchers=desk, progress=bar, clock=now, stop=stop)
    if stop.is_set():
        raise KeyboardInterrupt


def _plan(jobs: Iterable[Job], accounts: Iterable[Account]) -> None:
    counted: dict[tuple[str, str], int] = {}
    for job in jobs:
        where = BY_PLATFORM[job.lane.platform].title
        counted[where, "、".join(job.routes)] = counted.get((where, "、".join(job.routes)), 0) + 1
    table("本次计划", ("平台", "途径", "个数"), [(*key, count) for key, count in counted.items()])
    reached = {job.visit.account.account_id for job in jobs if job.visit.account}
    left = [one.name for one in accounts if one.account_id not in reached]
    if left:
        say(f"另有{len(left)}个账号没有程序可走的途径,要靠粘贴链接或人工检查表")


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


def take_links(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="任何文本文件;- 表示从标准输入读")],
    who: Annotated[str, typer.Option(help="谁粘贴的")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """收下文本里的文章链接,下一次 tracker sweep 时逐个打开、对应账号。"""
    text = sys.stdin.read() if file == "-" else _text(existing(Path(file)))
    with workspace(context) as ws:
        told = paste(ws, text, BY_PLATFORM, who=who or ws.settings.inspector, at=now())
    if as_json:
        for link in told.links:
            json_line({"url": link.url, "platform": link.platform})
        return
    say(f"找到{len(told.links)}个链接,其中新的{told.new}个;下一次巡检时打开")
    for url in told.foreign:
        say(f"不是本程序认识的平台,没有收下:{url}")


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise UsageError(f"{path} 不是文本文件;请粘贴成 .txt 再试")


def take_looks(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=".xlsx .csv .docx")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="记入哪个批次;没有就新建,默认以检查日期为名")] = None,
    check_date: Annotated[str | None, typer.Option(help="没有填检查日期的行用这一天")] = None,
    add_accounts: Annotated[bool, typer.Option("--add-accounts", help="台账里没有的账号一并登记")] = False,
    keep_unknown: Annotated[bool, typer.Option("--keep-unknown", help="不认识的问题用语原样保留")] = False,
    who: Annotated[str, typer.Option(help="谁导入的")] = "",
) -> None:
    """导入填好的检查表;有一行不对就什么也不改。"""
    with workspace(context) as ws:
        terms = Terms(
            sweep=sweep,
            check_date=day_option(check_date),
            add_accounts=add_accounts,
            keep_unknown=keep_unknown,
            who=who or ws.settings.inspector,
        )
        told = import_looks(ws, existing(file), BY_PLATFORM, terms, at=now())
    for warning in told.warnings:
        say(f"注意:{warning}")
    for problem in told.problems:
        say(f"错误:{problem}")
    if told.problems:
        raise UsageError(f"{file.name} 有{len(told.problems)}处错误,没有导入任何一行;改好后再导入")
    say(f"已记入批次 {told.sweep}:{told.looks}行;新登记账号{len(told.added)}个")


def give_looks(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到 .xlsx")],
    platform: Annotated[str | None, typer.Option(help="只要一个平台")] = None,
) -> None:
    """导出检查表(带下拉选项);填好后用 tracker observe import 导回。"""
    with workspace(context) as ws:
        count = export_looks(ws, file, _chosen(ws.store.accounts(), platform))
    say(f"已写出{count}行:{file}")
