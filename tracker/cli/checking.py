"""report check: does a bulletin agree with itself, its annexes, and what the workspace knows."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.checking import Record, as_json, check, lines
from tracker.cli.common import existing, json_line, say, workspace
from tracker.errors import UsageError
from tracker.report import formal_check, record_for

FOUND = 1
"""Exit code: something does not agree."""


def add_to(group: typer.Typer) -> None:
    """Register the command."""
    group.command("check")(run_check)


def run_check(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="通报 .docx,附件另存的 .docx、.xlsx、.csv 一并写上")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="与哪个批次的检查结果对照")] = None,
    period: Annotated[str | None, typer.Option("--period", help="与哪个检查期的正式检查对照")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="输出一个 JSON")] = False,
) -> None:
    """检查一份通报:正文、附件说明和附件表对不对得上。谁的通报都行,不用工作区;有不一致时退出码为 1。"""
    paths = [existing(path) for path in files]
    record, why = _record(context, paths, sweep, period)
    found = check(paths, record=record)
    if as_object:
        json_line(as_json(found))
    else:
        for line in lines(found):
            say(line)
        if why:
            say(why)
    if found.wrong:
        raise typer.Exit(FOUND)


def _record(context: typer.Context, paths: list[Path], sweep: str | None, period: str | None) -> tuple[Record | None, str]:
    """What the workspace knows, and a remark: of its own accord only where the bulletin names the place and the period."""
    try:
        with workspace(context) as ws:
            return record_for(ws, paths, sweep or formal_check(ws, period), asked=bool(sweep or period))
    except UsageError:
        if sweep or period:
            raise
        return None, ""
