"""sweep, links and observe import|export."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.capture import Desk, Job
from tracker.cli.app import App
from tracker.cli.common import UNCHECKED, busy, day_option, existing, json_line, say, table, workspace
from tracker.cli.due import give_due, show_links
from tracker.cli.periods import Scope
from tracker.cli.progress import Bar
from tracker.clock import day, now
from tracker.due import Standing
from tracker.errors import UsageError
from tracker.evidence import folder_name
from tracker.links import Pasted, Told, confirm, decoded, jobs_of, open_links, paste, report, sweep_for, text_of, unproven
from tracker.model import IGNORANCE, Account, StoredVisit, Window
from tracker.observe import Terms, export_looks, import_looks
from tracker.store import SweepRecord
from tracker.sweep import NOTHING, REACH, first_visit, name_for, open_sweep, plan, replay, resume, run
from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("sweep")(run_sweep)
    app.command("links")(take_links)
    observe = App("人工检查表:导出去填,填好导回。")
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
    which: Annotated[str, typer.Option("--accounts", help="all 全部,drawn 抽查名单,new 新报备,failing 上期有问题的")] = "all",
    period: Annotated[str | None, typer.Option("--period", help="属于哪个检查期;默认按日期")] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="每周巡检,只作监测;不加就是正式检查")] = False,
) -> None:
    """巡检:按各平台的节奏逐个查看账号和粘贴的链接。有账号没能看到时退出码为 3。"""
    ordered, scope = day_option(check_date), Scope(which=which, period=period, weekly=weekly)
    if source is not None and (planned or going_on or platform):
        raise UsageError("--replay 重放的是已有的采集,不能同时用 --plan、--resume 或 --platform;请去掉其中一个")
    with workspace(context) as ws:
        if source is not None:
            sweep = _replay(ws, source, name, ordered, scope)
        else:
            sweep = _sweep(ws, name, ordered, going_on, platform, planned, scope)
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
    return sweep


def replay_folder(ws: Workspace, source: str) -> Path:
    """What `--replay` names: a sweep of this workspace, else a folder. Raises UsageError when it names nothing."""
    if not source.strip():
        raise UsageError("--replay 后面要写快照文件夹或批次名称")
    return ws.evidence.root / source if ws.store.sweep(source) else Path(source)


def _sweep(
    ws: Workspace, name: str | None, ordered: date | None, going_on: bool, platform: str | None, planned: bool, scope: Scope
) -> SweepRecord:
    today = day(now())
    sweep = _unfinished(ws, name) if going_on else None
    if sweep is not None:
        say(f"接着做批次 {sweep.name};从证据里补记{resume(ws, sweep, BY_PLATFORM)}次采集")
    else:
        accounts = _chosen(scope.accounts(ws, today), platform)
        window = Window(since=today - REACH, until=today)
        told = SweepRecord(
            name=folder_name(name) if name is not None else name_for(ws, today),
            kind=scope.kind,
            period=scope.name(ws, today),
            check_date=ordered,
            window=window,
            started_at=now(),
        )
        if planned:
            _plan(plan(ws, _with(told, accounts), BY_PLATFORM, NOTHING, today=today), accounts)
            return told
        sweep = open_sweep(
            ws,
            told.name,
            at=told.started_at,
            window=window,
            check_date=ordered,
            kind=told.kind,
            accounts=accounts,
            period=told.period,
        )
    if planned:
        _plan(plan(ws, sweep, BY_PLATFORM, NOTHING, today=today), sweep.accounts)
        return sweep
    with ws.evidence.alone(sweep.name, "sweep"):
        asyncio.run(_live(ws, sweep, plan(ws, sweep, BY_PLATFORM, NOTHING, today=today)))
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
    if not chosen and platform is not None:
        raise UsageError(f"要检查的账号里没有平台 {platform} 的;程序认识的平台:{'、'.join(BY_PLATFORM)}")
    if not chosen:
        raise UsageError("台账里没有账号;先导入台账:tracker accounts import 文件")
    return chosen


async def _live(ws: Workspace, sweep: SweepRecord, jobs: tuple[Job, ...]) -> None:
    async with _desk(ws, "巡检", len(jobs)) as (desk, bar, stop):
        await run(ws, sweep, jobs, BY_PLATFORM, fetchers=desk, progress=bar, clock=now, stop=stop)


@asynccontextmanager
async def _desk(ws: Workspace, title: str, total: int) -> AsyncIterator[tuple[Desk, Bar, asyncio.Event]]:
    """Fetchers, a progress bar, and the event that Ctrl-C sets; raises KeyboardInterrupt at the end when it was set."""
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no signal handlers in its loop: there Ctrl-C cancels the run
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    with Bar(title, total) as bar:
        async with Desk(feeds=frozenset(ws.settings.feeds.values())) as desk:
            yield desk, bar, stop
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
    file: Annotated[str, typer.Argument(help="文本或表格文件(.txt .xlsx .csv);- 表示从标准输入读")] = "",
    name: Annotated[str | None, typer.Option("--sweep", help="记入哪个批次;默认最近一个没有结束的,没有就以当天日期新建")] = None,
    source: Annotated[str | None, typer.Option("--replay", help="不访问网络,重放一个快照文件夹或批次")] = None,
    later: Annotated[bool, typer.Option("--later", help="只收下,下一次 tracker sweep 再打开")] = False,
    confirming: Annotated[str, typer.Option("--confirm", help="确认链接所示编号属于这个账号;all = 全部待确认的")] = "",
    who: Annotated[str, typer.Option(help="谁粘贴的、谁确认的")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """找出任何文本里的文章链接,逐个打开、对应账号;有链接没能打开时退出码为 3。"""
    if not file and not confirming:
        raise UsageError("请给出文本文件,或用 - 从标准输入粘贴:tracker links 群聊记录.txt")
    with workspace(context) as ws:
        who = who or ws.settings.inspector
        for account in confirm(ws, confirming, who=who, at=now()) if confirming else ():
            say(f"已确认:{account.name} 的编号是 {'、'.join(account.ids.values())}")
        if not file:
            return
        text = decoded(sys.stdin.buffer.read(), "标准输入") if file == "-" else text_of(existing(Path(file)))
        pasted = paste(ws, text, BY_PLATFORM, who=who, at=now())
        if later:
            _kept(pasted, as_json)
            return
        told, left = _opened(ws, pasted, name, source)
    show_links(told, left, as_json=as_json)
    if any(one.status in ("unclear", "not_opened") for one in told):
        raise typer.Exit(UNCHECKED)


def _kept(pasted: Pasted, as_json: bool) -> None:
    if as_json:
        for link in pasted.links:
            json_line({"url": link.url, "platform": link.platform})
        return
    say(f"找到{len(pasted.links)}个链接,其中新的{pasted.new}个;下一次巡检时打开")
    for url in pasted.foreign:
        say(f"不是本程序认识的平台,没有收下:{url}")


def _opened(ws: Workspace, pasted: Pasted, name: str | None, source: str | None) -> tuple[tuple[Told, ...], tuple[Standing, ...]]:
    """Open the links (or replay them), and say what became of each; then who is still unproven."""
    if source is not None:
        folder = replay_folder(ws, source)
        sweep = sweep_for(ws, name, first_visit(folder).at)
        for _ in replay(ws, sweep, folder, BY_PLATFORM):
            pass
    else:
        sweep = sweep_for(ws, name, now())
        if jobs := jobs_of(ws, sweep, pasted.links, day(now())):
            asyncio.run(_live_links(ws, sweep, jobs))
    on = sweep.check_date or (day(sweep.started_at) if source is not None else day(now()))
    profile = ws.profile()
    return report(ws, sweep, pasted, BY_PLATFORM, profile, on), unproven(ws, sweep, profile, on)


async def _live_links(ws: Workspace, sweep: SweepRecord, jobs: tuple[Job, ...]) -> None:
    async with _desk(ws, "打开链接", len(jobs)) as (desk, bar, stop):
        await open_links(ws, sweep, jobs, BY_PLATFORM, fetchers=desk, progress=bar, clock=now, stop=stop)


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
        with busy(f"正在读 {file.name},一行存一份证据"):
            told = import_looks(ws, existing(file), BY_PLATFORM, terms, at=now())
    for warning in told.warnings:
        say(f"注意:{warning}")
    for problem in told.problems:
        say(f"错误:{problem}")
    if told.problems:
        raise UsageError(f"{file.name} 有{len(told.problems)}处错误,没有导入任何一行;改好后再导入")
    again = f";{told.again}行以前记过,没有重复记" if told.again else ""
    say(f"已记入批次 {told.sweep}:{told.looks}行{again};新登记账号{len(told.added)}个")


def give_looks(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到 .xlsx")],
    platform: Annotated[str | None, typer.Option(help="只要一个平台")] = None,
    due: Annotated[bool, typer.Option("--due", help="只列需要人看的:更新快到期的,和本期还没有答案的检查项")] = False,
    check_date: Annotated[str | None, typer.Option(help="与 --due 同用:按哪一天算到期;默认今天")] = None,
    latest_day: Annotated[int | None, typer.Option(min=1, help="与 --due 同用:最后一条满几天就要看(按间隔考核填 14)")] = None,
) -> None:
    """导出检查表(带下拉选项);填好后用 tracker observe import 导回。"""
    with workspace(context) as ws:
        accounts = _chosen(ws.store.accounts(), platform)
        if due:
            give_due(ws, file, day_option(check_date) or day(now()), accounts, latest_day)
            return
        count = export_looks(ws, file, accounts)
    say(f"已写出{count}行:{file}")
