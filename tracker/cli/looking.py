"""links and observe import|export."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.capture import Job
from tracker.cli.app import App
from tracker.cli.common import UNCHECKED, busy, day_option, existing, json_line, say, workspace
from tracker.cli.due import give_due, show_links
from tracker.cli.sweeping import chosen, fetching, replay_folder
from tracker.clock import day, now
from tracker.due import Standing
from tracker.errors import UsageError
from tracker.links import Pasted, Told, confirm, decoded, jobs_of, open_links, paste, report, sweep_for, text_of, unproven
from tracker.observe import Terms, export_looks, import_looks
from tracker.store import SweepRecord
from tracker.sweep import first_visit, replay
from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("links")(take_links)
    observe = App("人工检查表:导出去填,填好导回。")
    observe.command("import")(take_looks)
    observe.command("export")(give_looks)
    app.add_typer(observe, name="observe")


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
    async with fetching(ws, "打开链接", len(jobs)) as (desk, bar, stop):
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
        accounts = chosen(ws.store.accounts(), platform)
        if due:
            give_due(ws, file, day_option(check_date) or day(now()), accounts, latest_day)
            return
        count = export_looks(ws, file, accounts)
    say(f"已写出{count}行:{file}")
