"""evidence verify, seal and export."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.app import App
from tracker.cli.common import busy, json_line, say, workspace
from tracker.clock import now
from tracker.errors import UsageError
from tracker.evidence import folder_name, seals
from tracker.evidence.seals import Seal
from tracker.sealing import Authority, Stamp, authority, export_folder, export_wacz, findings, stamp, stamps
from tracker.sealing import seal as seal_sweep
from tracker.store import SweepHead
from tracker.workspace import Workspace

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
        gone = ws.store.tombstones(head.name)
        dated = [one for one in stamps(ws, head, sealed) if isinstance(one, Stamp)]
    for damage in damages:
        if as_json:
            json_line({"file": damage.file, "reason": damage.reason})
        else:
            say(f"{damage.file}:{damage.reason}")
    if damages:
        raise typer.Exit(1)
    if not as_json:
        under = f";与第{sealed[-1].number}份封存一致(公钥指纹{sealed[-1].fingerprint})" if sealed else ";还没有封存"
        say(f"批次 {head.name} 的证据完好,{len(known) - len(gone)}个文件与清单一致{under}")
        for one in dated:
            by = "签名与时间戳机构的证书相符" if one.checked else "没有设置 [timestamp] certificate,签名没有核对"
            say(f"第{one.number}份封存的时间戳:{one.at:%Y-%m-%d %H:%M:%S};{by}")
        for (on, who, why), count in Counter((f"{one.at:%Y-%m-%d}", one.who, one.why) for one in gone).items():
            say(f"另有{count}个文件已按规定清理({on},{who or '未署名'}:{why}),不是损坏;清单和数据库里仍有它们的SHA-256")


def seal(
    context: typer.Context,
    sweep: SweepName = None,
    who: Annotated[str, typer.Option(help="封存人;默认取 tracker.toml 的 inspector")] = "",
    again: Annotated[bool, typer.Option("--stamp-again", help="给还没有时间戳的封存补加时间戳")] = False,
    as_json: Json = False,
) -> None:
    """封存一个判定好的批次:给证据清单、台账、口径、复核意见、判定结果签名;以后任何改动都能查出。"""
    with workspace(context) as ws, busy("封存"):
        head = ws.head(sweep)
        by = authority(ws)
        done = seal_sweep(ws, head, BY_PLATFORM, who=who or ws.settings.inspector, at=now())
        troubles = _stamped(ws, head, by, done.seal, every=again) if by and (again or not done.again) else ()
    one = done.seal
    if as_json:
        told = {"file": f"{head.name}/{one.file}", "number": one.number, "public_key": one.fingerprint, "again": done.again}
        json_line({**told, **({"timestamp": list(troubles)} if by else {})})
        return
    if again and by is None:
        raise UsageError("tracker.toml 里没有 [timestamp];写上时间戳机构的 url 和 certificate 再用 --stamp-again")
    for trouble in troubles:
        say(f"注意:{trouble};封存本身有效,以后可用 tracker evidence seal --stamp-again 补加时间戳")
    if by and not troubles:
        say("时间戳已加上")
    if done.again:
        say(f"批次 {head.name} 自第{one.number}份封存({one.statement['at']})以来没有变化,不必再封存")
        return
    say(f"已封存批次 {head.name}:第{one.number}份,{one.file}")
    say(f"公钥指纹 {one.fingerprint};请另行告知核验的单位(例如写进公文),对方用它确认封存确由本单位作出")


def _stamped(ws: Workspace, head: SweepHead, by: Authority, made: Seal, *, every: bool) -> tuple[str, ...]:
    """Have the seal dated, or every one that has no timestamp; what went wrong."""
    held = seals.read_all(ws.evidence.root / folder_name(head.name)) if every else (made,)
    dated = {one.number for one in stamps(ws, head, held) if isinstance(one, Stamp)}
    told = (stamp(ws, head, one, by, at=now()) for one in held if one.number not in dated)
    return tuple(filter(None, told))


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
