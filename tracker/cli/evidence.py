"""evidence verify."""

from typing import Annotated

import typer

from tracker.cli.app import App
from tracker.cli.common import json_line, say, workspace
from tracker.recording import damaged


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("证据:采集时存下的原始应答。")
    # typer makes a group of one command the command itself, unless it has a callback
    group.callback()(lambda: None)
    group.command("verify")(verify)
    app.add_typer(group, name="evidence")


def verify(
    context: typer.Context,
    sweep: Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """核对一个批次的证据;有损坏时指出第一个文件,退出码 1。"""
    with workspace(context) as ws:
        record = ws.sweep(sweep)
        damages = damaged(ws, record.name)
        known = ws.store.known_files(record.name)
    for damage in damages:
        if as_json:
            json_line({"file": damage.file, "reason": damage.reason})
        else:
            say(f"{damage.file}:{damage.reason}")
    if damages:
        raise typer.Exit(1)
    if not as_json:
        say(f"批次 {record.name} 的证据完好,{len(known)}个文件与清单一致")
