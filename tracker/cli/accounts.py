"""accounts import|export|list|show and period open|list."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.common import day_option, existing, json_line, say, table, workspace
from tracker.clock import now
from tracker.enrol import Imported, export_accounts, import_accounts
from tracker.errors import UsageError
from tracker.model import Period
from tracker.store import account_to_json

_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    accounts = typer.Typer(help="台账:备案的账号。", no_args_is_help=True)
    accounts.command("import")(take_in)
    accounts.command("export")(give_out)
    accounts.command("list")(show_all)
    accounts.command("show")(show_one)
    app.add_typer(accounts, name="accounts")
    period = typer.Typer(help="检查期:一段监测时间。", no_args_is_help=True)
    period.command("open")(open_period)
    period.command("list")(list_periods)
    app.add_typer(period, name="period")


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=".xlsx .xls .csv .docx")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="有错的行跳过并列出,其余导入")] = False,
    who: Annotated[str, typer.Option(help="谁导入的")] = "",
) -> None:
    """导入台账。有错的行会指明表、行、列;有错就什么也不改,除非 --skip-bad。"""
    with workspace(context) as ws:
        told = import_accounts(ws, existing(file), BY_PLATFORM, skip_bad=skip_bad, who=who or ws.settings.inspector, at=now())
    _told(told, skip_bad)
    if told.changes is None:
        raise UsageError(f"{file.name} 有{len(told.problems)}处错误,台账没有改动;改好后再导入,或加 --skip-bad 跳过这些行")


def _told(told: Imported, skip_bad: bool) -> None:
    for problem in told.problems:
        say(f"{'跳过' if skip_bad else '错误'}:{problem}")
    for warning in told.warnings:
        say(f"注意:{warning}")
    if told.dropped:
        say(f"个人信息不入库,已略去的列:{'、'.join(told.dropped)}")
    if told.changes is None:
        return
    changes = told.changes
    say(f"读到{told.rows}个账号:新增{len(changes.new)},变更{len(changes.changed)},不变{len(changes.same)}")
    for change in changes.changed:
        say(f"  变更 {change.after.name}:{'、'.join(change.fields)}")
    if changes.missing:
        names = "、".join(one.name for one in changes.missing[:_SHOWN])
        say(f"有{len(changes.missing)}个在册账号不在这个文件里,没有改动:{names}。是否已关停或改名?请核实后登记状态。")


def give_out(context: typer.Context, file: Annotated[Path, typer.Argument(help="写到 .xlsx 或 .csv")]) -> None:
    """导出台账;导出的文件可以原样导入。"""
    with workspace(context) as ws:
        say(f"已写出{export_accounts(ws, file)}个账号:{file}")


def show_all(
    context: typer.Context,
    platform: Annotated[str | None, typer.Option(help="只列一个平台")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """列出台账。"""
    with workspace(context) as ws:
        found = ws.store.accounts(platform)
    if as_json:
        for account in found:
            json_line(account_to_json(account))
        return
    rows = [(one.account_id, one.kind, one.name, one.organisation, one.region, one.status) for one in found]
    table(f"台账 {len(found)} 个账号", ("编号", "类型", "名称", "主办单位", "县区", "状态"), rows)


def show_one(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """一个账号和它的变更经过。"""
    with workspace(context) as ws:
        found = ws.account(account)
        history = ws.store.history(found.account_id)
    if as_json:
        json_line(account_to_json(found))
        return
    for key, value in account_to_json(found).items():
        if value:
            say(f"{key}: {value}")
    for change in history:
        say(f"{change.at:%Y-%m-%d %H:%M} {change.who} {change.field}:{change.old} → {change.new}({change.why})")


def open_period(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="例如 2026Q4")],
    start: Annotated[str, typer.Option(help="监测时间第一天")],
    end: Annotated[str, typer.Option(help="监测时间最后一天")],
    title: Annotated[str, typer.Option(help="印在标题里,例如 2026年第四季度")] = "",
) -> None:
    """设一个检查期;检查日落在其中的批次用它的标题和监测时间。"""
    first, last = day_option(start), day_option(end)
    if first is None or last is None or last < first:
        raise UsageError(f"监测时间 {start} 至 {end} 不对:结束不能早于开始")
    with workspace(context) as ws:
        ws.store.put_period(Period(name=name, title=title or name, start=first, end=last))
    say(f"检查期 {name}:{first} 至 {last}")


def list_periods(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """列出检查期。"""
    with workspace(context) as ws:
        periods = ws.store.periods()
    if as_json:
        for one in periods:
            json_line({"name": one.name, "title": one.title, "start": str(one.start), "end": str(one.end)})
        return
    table("检查期", ("名称", "标题", "开始", "结束"), [(one.name, one.title, one.start, one.end) for one in periods])
