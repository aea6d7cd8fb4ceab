"""doctor: is this computer, is this workspace, in order?"""

import os
from collections.abc import Iterator
from pathlib import Path

import typer

from tracker.cli.common import Context, errors, json_line, say
from tracker.cli.periods import Json
from tracker.clock import now
from tracker.doctor import Check, Level, broken, computer, folder, workspace
from tracker.errors import UsageError
from tracker.workspace import VARIABLE, locate, opened


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor")(run_doctor)


def run_doctor(context: typer.Context, as_json: Json = False) -> None:
    """检查本机和工作区:浏览器、字体、数据库、磁盘、时钟、凭据、通道、模板、口径;有问题时退出码为 1。"""
    told = context.find_object(Context) or Context()
    wrong = 0
    for check in _every(told):
        wrong += check.level is Level.BROKEN
        _tell(check, as_json=as_json)
    if not as_json:
        say(f"有{wrong}处问题" if wrong else "没有发现问题")
    if wrong:
        raise typer.Exit(1)


def _every(told: Context) -> Iterator[Check]:
    root = _root(told)
    yield from computer(now())
    if root is None:
        return
    yield folder(root)
    try:
        with opened(root) as ws:
            yield from workspace(ws, now())
    except UsageError as error:
        yield broken("工作区", str(error))


def _root(told: Context) -> Path | None:
    """The workspace meant; None where none was named and here is none. Raises UsageError for a named one that is none."""
    try:
        return locate(told.workspace, Path.cwd())
    except UsageError:
        if told.workspace is not None or os.environ.get(VARIABLE):
            raise
        errors("这里不是工作区,只检查本机;加 --workspace 可以连工作区一起检查")
        return None


def _tell(check: Check, *, as_json: bool) -> None:
    if as_json:
        json_line({"check": check.name, "level": str(check.level), "seen": check.seen, "mend": check.mend or None})
        return
    say(f"{check.level}  {check.name}:{check.seen}")
    if check.mend:
        say(f"      怎么办:{check.mend}")
