"""authorise: letter, list, mark, advise."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.access import vault_of
from tracker.authorise import advise, letters, mark, owned, standings, write_letters
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.periods import Json, Who
from tracker.clock import day, now
from tracker.credentials import Kind, minute
from tracker.errors import UsageError
from tracker.letters import office_of
from tracker.store import Step
from tracker.workspace import Workspace

STEPS = "、".join(Step)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("授权:请账号所有者授权读取自己的数据,少看一遍是一遍。")
    for name, command in (("letter", write), ("list", show), ("mark", enter), ("advise", rank)):
        group.command(name)(command)
    app.add_typer(group, name="authorise")


def write(
    context: typer.Context,
    account: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="编号或“平台:名称”;它的主办单位名下的其他账号不写入")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all-organisations", help="每个主办单位一份,写入它名下可以授权的全部账号")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
) -> None:
    """写授权函(Word 和 HTML):用哪些接口、期限、不做什么、怎样收回。"""
    if (account is None) is not everyone:
        raise UsageError("请写明是哪个账号,或加 --all-organisations 给每个主办单位各写一份(两者选一)")
    with workspace(context) as ws:
        fitting = owned(ws, BY_PLATFORM)
        chosen = fitting if account is None else (ws.account(account),)
        if not chosen:
            raise UsageError("台账里没有可以由所有者授权的账号")
        made = letters(ws, chosen, BY_PLATFORM, office=office_of(ws), on=day(now()))
        paths = write_letters(made, to or ws.reports, ws.templates)
    for path in paths:
        say(f"已写出 {path}")
    if any(one.draft for one in made):
        say("函里还有 ××:请在 tracker.toml 的 [bulletin] 填 issuer(或 organiser)、basis 和 contact 再写一次")
    say("发出后记一笔:tracker authorise mark 账号 已发")


def show(context: typer.Context, as_json: Json = False) -> None:
    """每个可以授权的账号走到了哪一步。"""
    with workspace(context) as ws:
        found = standings(ws, BY_PLATFORM, _granted(ws))
    if as_json:
        for one in found:
            json_line(
                {
                    "account_id": one.account.account_id,
                    "name": one.account.name,
                    "organisation": one.account.organisation,
                    "step": str(one.last.step) if one.last else None,
                    "at": one.last.at.isoformat() if one.last else None,
                    "who": one.last.who if one.last else None,
                    "note": one.last.note if one.last else None,
                    "stored": one.granted,
                }
            )
        return
    rows = [
        (
            one.account.name,
            one.account.organisation,
            one.last.step if one.last else "未发",
            minute(one.last.at) if one.last else "",
            one.last.who if one.last else "",
            "有" if one.granted else "",
            one.last.note if one.last else "",
        )
        for one in found
    ]
    table(f"授权:{len(found)}个账号", ("账号", "主办单位", "进度", "时间", "记录人", "凭据", "说明"), rows)


def enter(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号或“平台:名称”")],
    step: Annotated[str, typer.Argument(help=STEPS)],
    note: Annotated[str, typer.Option(help="说明,例如文号、联系人")] = "",
    who: Who = "",
) -> None:
    """记下一步:已发、已回、已测通、不同意、已收回;只添加,不修改以前的记录。"""
    if step not in set(Step):
        raise UsageError(f"没有“{step}”这一步;可用的:{STEPS}")
    with workspace(context) as ws:
        one = ws.account(account)
        if one not in owned(ws, BY_PLATFORM):
            raise UsageError(f"账号 {one.name} 的平台 {one.platform} 没有账号所有者可以授权的接口")
        told = mark(ws, one, Step(step), who=who or ws.settings.inspector, at=now(), note=note)
        stored = one.account_id in _granted(ws)
    say(f"已记下 {one.name}:{told.step}")
    if told.step is Step.REVOKED and stored:
        say(f"本机还存着它的凭据,请销毁:tracker credentials remove {one.account_id}")


def rank(context: typer.Context, as_json: Json = False) -> None:
    """先请谁授权:按过去12周人工看它们的次数,省得最多的在前。"""
    with workspace(context) as ws:
        found = advise(ws, BY_PLATFORM, _granted(ws), on=day(now()))
    if as_json:
        for one in found:
            json_line(
                {
                    "organisation": one.organisation,
                    "accounts": [each.account_id for each in one.accounts],
                    "looks": one.looks,
                    "per_week": one.per_week,
                    "step": one.asked,
                }
            )
        return
    rows = [(one.organisation, len(one.accounts), one.looks, one.per_week, one.asked) for one in found]
    table("先请谁授权", ("主办单位", "未授权账号", "12周内人工查看", "每周可省(次)", "进度"), rows)
    say("人工查看 = 打开粘贴的链接和填写检查表的次数;授权之后这些账号由程序读取")


def _granted(ws: Workspace) -> frozenset[str]:
    return frozenset(one.account_id for one in vault_of(ws).all() if one.kind.auth == Kind.OWNER.auth)
