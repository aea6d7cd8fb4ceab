"""report FORM."""

from pathlib import Path
from typing import Annotated

import typer

from tracker import demo
from tracker.capture import html_to_pdf
from tracker.cli.common import say, workspace
from tracker.errors import UsageError
from tracker.report import formal_check, must_be_last, report

ALL = "docx,xlsx,html,pdf,csv,json"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("report")(run_report)


def run_report(
    context: typer.Context,
    form: Annotated[str, typer.Argument(help="noncompliant = 不合格名单")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次正式检查")] = None,
    period: Annotated[str | None, typer.Option("--period", help="检查期;取其中最近一次正式检查")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
    formats: Annotated[str | None, typer.Option("--as", help=f"要哪几种,用逗号分开;默认全部:{ALL}")] = None,
    final: Annotated[bool, typer.Option("--final", help="印发稿;有未复核的会拒绝")] = False,
) -> None:
    """打印一种报表。"""
    wanted = [name.strip() for name in (ALL if formats is None else formats).split(",") if name.strip()]
    if not wanted:
        raise UsageError(f"--as 后面没有格式;可用的是 {ALL},例如 --as docx,xlsx")
    printer = demo.printer() if formats is None else html_to_pdf
    with workspace(context) as ws:
        chosen = ws.sweep(sweep or formal_check(ws, period))
        if final:
            must_be_last(ws, chosen)
        done = report(
            ws,
            form,
            chosen,
            to=to or ws.reports,
            formats=wanted,
            final=final,
            printer=printer if "pdf" in wanted else None,
        )
    if not done.files:
        say("本次检查未发现不合格账号,不印名单")
    for path in done.files:
        say(f"已写出 {path}")
    if done.files and printer is None:
        say("没有找到能启动的浏览器,PDF 没有生成;装一个即可:playwright install chromium,或系统里的 Chrome、Edge、Chromium")
