"""accounts import|export|list|show."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.app import App
from tracker.cli.common import busy, existing, json_line, say, table, workspace
from tracker.clock import now
from tracker.enrol import Imported, export_accounts, import_accounts
from tracker.errors import UsageError
from tracker.model import Account
from tracker.registry.tables import columns
from tracker.store import account_to_json
from tracker.text import clip

_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    accounts = App("台账:备案的账号。")
    accounts.command("import")(take_in)
    accounts.command("export")(give_out)
    accounts.command("list")(show_all)
    accounts.command("show")(show_one)
    app.add_typer(accounts, name="accounts")


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=".xlsx .xls .csv .docx")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="有错的行跳过并列出,其余导入")] = False,
    who: Annotated[str, typer.Option(help="谁导入的")] = "",
) -> None:
    """导入台账。有错的行会指明表、行、列;有错就什么也不改,除非 --skip-bad。"""
    with workspace(context) as ws, busy(f"正在读 {file.name},上万行要十几秒"):
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
        say(f"  变更 {_name(change.after)}:{'、'.join(_title(field) for field in change.fields)}")
    if changes.missing:
        names = "、".join(_name(one) for one in changes.missing[:_SHOWN]) + ("等" if len(changes.missing) > _SHOWN else "")
        say(f"有{len(changes.missing)}个在册账号不在这个文件里,没有改动:{names}。是否已关停或改名?请核实后登记状态。")


def _name(account: Account) -> str:
    return clip(account.name, 40)


_OURS = {
    "account_id": "编号",
    "platform": "平台",
    "kind": "类型",
    "ids": "平台编号",
    "filed_kind": "填报类型",
    "position": "次序",
    "extra": "其他列",
}


def _title(field: str) -> str:
    """What people call a field of an account."""
    return _OURS.get(field) or columns().titles.get(field) or field


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
        known = {one.platform for one in ws.store.accounts()} | set(BY_PLATFORM) if platform and not found else set()
    if known and platform not in known:
        raise UsageError(f"没有平台 {platform};可用:{'、'.join(sorted(known))}")
    if as_json:
        for account in found:
            json_line(account_to_json(account))
        return
    rows = [(one.account_id, one.kind, one.name, one.organisation, one.region, one.status) for one in found]
    table(f"台账 {len(found)} 个账号", ("编号", "类型", "名称", "主办单位", "县区", "状态"), rows)


def show_one(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
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
            say(f"{_title(key)}:{value}")
    for change in history:
        told = f"{_title(change.field)}:{change.old or '空'} → {change.new or '空'}"
        say(f"{change.at:%Y-%m-%d %H:%M} {change.who} {told}({change.why})")
