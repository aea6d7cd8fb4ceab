"""audit: verify, list."""

import re
from typing import Annotated

import typer

from tracker import audit
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.periods import Json
from tracker.errors import UsageError
from tracker.store import AuditFilter

_HASH = re.compile(r"[0-9a-fA-F]{64}")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("操作日志:谁在什么时候做了什么,只增不改。")
    group.command("verify")(verify)
    group.command("list")(list_all)
    app.add_typer(group, name="audit")


def verify(
    context: typer.Context,
    head: Annotated[str, typer.Option("--head", help="以前抄下的哈希(64 位);用来查末尾的记录有没有被删")] = "",
    as_json: Json = False,
) -> None:
    """逐条核对操作日志的哈希;对不上时指出第一条,退出码为 1。"""
    if head and not _HASH.fullmatch(head.strip()):
        raise UsageError("--head 应为 64 位十六进制的哈希,就是 tracker audit verify 或网页上“操作日志”写的那个")
    with workspace(context) as ws:
        told = audit.verify(ws.store, head)
    if as_json:
        json_line({"rows": told.rows, "head": told.head, "broken": told.broken or None, "problem": told.problem or None})
    elif told.problem:
        say(f"操作日志对不上:{told.problem};前面的 {told.rows} 条是对的。请保留现场,找维护人员")
    else:
        say(f"操作日志 {told.rows} 条都对得上" + (f";最后一条的哈希:{told.head}" if told.head else ""))
    if told.problem:
        raise typer.Exit(1)


def list_all(
    context: typer.Context,
    person: Annotated[str, typer.Option("--person", help="姓名")] = "",
    limit: Annotated[int, typer.Option("--limit", help="最多多少条", min=1)] = 100,
    as_json: Json = False,
) -> None:
    """最新的记录,新的在前。"""
    with workspace(context) as ws:
        rows = ws.store.audit_page(AuditFilter(person=person), None, limit)
    if as_json:
        for row in rows:
            names = ("number", "at", "person", "login", "role", "address", "action", "targets", "outcome", "previous", "sha256")
            json_line({name: getattr(row, name) for name in names})
        return
    shown = [(row.number, row.at, row.person, row.address, row.action, row.targets, row.outcome) for row in rows]
    table("操作日志", ("序号", "时间(UTC)", "谁", "地址", "做了什么", "对象", "结果"), shown)
