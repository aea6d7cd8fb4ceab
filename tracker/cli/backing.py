"""backup and restore."""

from pathlib import Path
from typing import Annotated

import typer

from tracker import audit
from tracker.backup import Restored, in_words, make
from tracker.backup import restore as bring_back
from tracker.cli.common import busy, say, workspace
from tracker.clock import SHANGHAI, now
from tracker.people import local
from tracker.store import RunEvent, RunStep
from tracker.workspace import opened, quoted

Who = Annotated[str, typer.Option(help="谁办的;默认取 tracker.toml 的 inspector")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(help="备份文件(….zip),或一个文件夹:文件夹里只添新的证据")],
    evidence: Annotated[bool, typer.Option("--evidence/--no-evidence", help="连同证据;文件很多时第一次较慢")] = True,
    who: Who = "",
) -> None:
    """备份整个工作区;网页版开着、巡检正在做也可以备份。有证据损坏时退出码为 1。"""
    with workspace(context) as ws, busy("备份"):
        at = now()
        made = make(ws, to, evidence=evidence, at=at)
        done = RunStep(
            name="backup", due=at, attempt=1, event=RunEvent.ENDED, at=now(), text=in_words(made), failed=bool(made.damaged)
        )
        ws.store.add_run_step(done)
    say(in_words(made))
    say("打开登录态和封存私钥的钥匙(系统密钥库里的,或 TRACKER_KEY)不在备份里,请另行保管")
    if made.damaged:
        raise typer.Exit(1)


def restore(
    source: Annotated[Path, typer.Argument(help="备份文件,或放备份的文件夹(取最新的一份)")],
    to: Annotated[Path, typer.Argument(help="恢复到哪个新文件夹")],
    database: Annotated[str, typer.Option(help="换一个数据库,例如 postgresql://用户@主机/空库")] = "",
    who: Who = "",
) -> None:
    """把备份恢复到一个空文件夹,核对每个文件、记录条数和证据清单;有不符时退出码为 1。"""
    with busy("恢复"):
        done = bring_back(source, to, database=database)
        _noted(done, who)
    for line in _told(done):
        say(line)
    if not done.sound:
        raise typer.Exit(1)


def _noted(done: Restored, who: str) -> None:
    """In the log that came back: what follows was done to a copy of it."""
    with opened(done.path) as ws:
        targets = f"backup={done.contents.at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        outcome = "done" if done.sound else "failed"
        audit.keep(ws.store, now(), local(who or ws.settings.inspector), "cli restore", outcome, targets=targets)


def _told(done: Restored) -> list[str]:
    made = done.contents
    lines = [f"已恢复到 {done.path}:{made.place},{made.at:%Y-%m-%d %H:%M} 的备份,{done.accounts}个账号,证据{done.visits}个文件"]
    if made.visits == "none":
        lines.append("这份备份没有证据(做备份时没有带);要看证据,请另找带证据的备份")
    lines += [f"数据表 {table} 现在{count}条,与备份时不同" for table, count in done.differing.items()]
    lines += [f"{one.file}:{one.reason}" for one in done.damaged[:20]]
    lines.append("记录条数一致,证据清单完好" if done.sound else "有不符的地方,见上;请换一份备份再试,或只作参考")
    if done.sealed:
        lines.append("登录态和封存私钥要用原来的钥匙打开:把原来的 TRACKER_KEY 设上;没有的话只能重新登录、重新生成")
    return [*lines, f"接着可以:tracker --workspace {quoted(done.path)} evidence verify"]
