"""prune: clearing stored answers away by rule."""

from typing import Annotated

import typer

from tracker.cli.common import busy, day_of, json_line, say, workspace
from tracker.clock import day, now
from tracker.prune import Plan, clear, plan


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("prune")(prune)


def prune(
    context: typer.Context,
    before: Annotated[str, typer.Option("--before", help="清理哪一天以前的采集,例如 2024-11-01")],
    why: Annotated[str, typer.Option("--why", help="依据,例如:档案保管期限已满,某月某日批准")] = "",
    who: Annotated[str, typer.Option(help="谁清理的;默认取 tracker.toml 的 inspector")] = "",
    keep_failing: Annotated[bool, typer.Option("--keep-failing", help="检查结果不合格的账号不清理")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会清理什么,不动任何文件")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """按规定清理旧的原始应答:结论、读数、摘要都留着,留下清理记录;未满保留期、没有印发、有异议未答复的不清理。"""
    with workspace(context) as ws, busy("清理"):
        planned = plan(ws, day_of(before), today=day(now()), keep_failing=keep_failing)
        done = 0 if dry_run else clear(ws, planned, who=who or ws.settings.inspector, why=why, at=now())
    for one in planned:
        _show(one, as_json=as_json)
    if as_json:
        return
    size = sum(one.size for one in planned) / 2**20
    if dry_run:
        say(f"共可清理{sum(len(one.files) for one in planned)}个文件,{size:.1f} MB;没有动任何文件")
    else:
        say(f"已清理{done}个文件,腾出{size:.1f} MB;结论、读数和摘要都还在,备份里的旧文件要另行处理")


def _show(one: Plan, *, as_json: bool) -> None:
    if as_json:
        json_line({"sweep": one.sweep, "files": list(one.files), "bytes": one.size, "kept": dict(one.kept)})
        return
    kept = ",".join(f"{why}留下{count}个" for why, count in one.kept.items())
    say(f"批次 {one.sweep}:清理{len(one.files)}个{';' if kept else ''}{kept}")
