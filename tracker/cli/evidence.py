"""evidence verify, seal and export."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.app import App
from tracker.cli.common import busy, json_line, say, workspace
from tracker.clock import now
from tracker.errors import UsageError
from tracker.evidence import folder_name, seals
from tracker.sealing import export_folder, export_wacz, findings
from tracker.sealing import seal as seal_sweep

Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]
SweepName = Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")]


_FOLDER, _WACZ = "folder", "wacz"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("证据:采集时存下的原始应答。")
    group.command("verify")(verify)
    group.command("seal")(seal)
    group.command("export")(export)
    app.add_typer(group, name="evidence")


def verify(context: typer.Context, sweep: SweepName = None, as_json: Json = False) -> None:
    """核对一个批次的证据和封存;有损坏或与封存不符时指出第一处,退出码 1。"""
    with workspace(context) as ws, busy("核对证据"):
        head = ws.head(sweep)
        damages = findings(ws, head, BY_PLATFORM)
        known = ws.store.known_files(head.name)
        sealed = seals.read_all(ws.evidence.root / folder_name(head.name))
    for damage in damages:
        if as_json:
            json_line({"file": damage.file, "reason": damage.reason})
        else:
            say(f"{damage.file}:{damage.reason}")
    if damages:
        raise typer.Exit(1)
    if not as_json:
        under = f";与第{sealed[-1].number}份封存一致(公钥指纹{sealed[-1].fingerprint})" if sealed else ";还没有封存"
        say(f"批次 {head.name} 的证据完好,{len(known)}个文件与清单一致{under}")


def seal(
    context: typer.Context,
    sweep: SweepName = None,
    who: Annotated[str, typer.Option(help="封存人;默认取 tracker.toml 的 inspector")] = "",
    as_json: Json = False,
) -> None:
    """封存一个判定好的批次:给证据清单、台账、口径、复核意见、判定结果签名;以后任何改动都能查出。"""
    with workspace(context) as ws, busy("封存"):
        head = ws.head(sweep)
        done = seal_sweep(ws, head, BY_PLATFORM, who=who or ws.settings.inspector, at=now())
    one = done.seal
    if as_json:
        json_line({"file": f"{head.name}/{one.file}", "number": one.number, "public_key": one.fingerprint, "again": done.again})
        return
    if done.again:
        say(f"批次 {head.name} 自第{one.number}份封存({one.statement['at']})以来没有变化,不必再封存")
        return
    say(f"已封存批次 {head.name}:第{one.number}份,{one.file}")
    say(f"公钥指纹 {one.fingerprint};请另行告知核验的单位(例如写进公文),对方用它确认封存确由本单位作出")


def export(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", help="放到哪个文件夹")],
    sweep: SweepName = None,
    form: Annotated[str, typer.Option("--as", help="folder:文件夹,内附核验程序;wacz:一个网页存档文件")] = _FOLDER,
    account: Annotated[str | None, typer.Option("--account", help="只要一个账号的(只用于 wacz)")] = None,
    as_json: Json = False,
) -> None:
    """导出一个批次的证据,供外单位核验或回看。"""
    if form not in (_FOLDER, _WACZ):
        raise UsageError(f"不认识 --as {form};可以的是 {_FOLDER}(文件夹,内附核验程序)或 {_WACZ}(一个网页存档文件)")
    with workspace(context) as ws, busy("导出"):
        head = ws.head(sweep)
        if account is not None and form != _WACZ:
            raise UsageError("--account 只能和 --as wacz 一起用:文件夹要整个批次才能核验;请加 --as wacz 或去掉 --account")
        if form == _WACZ:
            done = export_wacz(ws, head, to, account=ws.account(account) if account is not None else None, at=now())
        else:
            done = export_folder(ws, head, BY_PLATFORM, to)
    if as_json:
        json_line({"path": str(done.path), "visits": done.visits, "seals": done.seals})
        return
    say(f"已导出 {done.path}:采集{done.visits}次,封存{done.seals}份")
    if form == _FOLDER:
        say(f"核验(有 Python 3.9 以上即可,不用安装任何东西):python -I {to / 'verify.py'}")
