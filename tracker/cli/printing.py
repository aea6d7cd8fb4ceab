"""report FORM."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.capture import html_to_pdf
from tracker.cli.common import say, workspace
from tracker.errors import UsageError
from tracker.report import report

ALL = "docx,xlsx,html,pdf,csv,json"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("report")(run_report)


def run_report(
    context: typer.Context,
    form: Annotated[str, typer.Argument(help="noncompliant = 不合格名单")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")] = None,
    period: Annotated[str | None, typer.Option("--period", help="检查期;取其中最近一次正式检查")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
    formats: Annotated[str, typer.Option("--as", help="用逗号分开")] = ALL,
    final: Annotated[bool, typer.Option("--final", help="印发稿;有未复核的会拒绝")] = False,
) -> None:
    """打印一种报表。"""
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    with workspace(context) as ws:
        if sweep is None and period is not None:
            held = [one.name for one in ws.store.sweeps() if one.period == period and one.kind == "check"]
            if not held:
                raise UsageError(f"检查期 {period} 里还没有正式检查的批次")
            sweep = held[-1]
        done = report(
            ws,
            form,
            ws.sweep(sweep),
            to=to or ws.reports,
            formats=wanted,
            final=final,
            printer=html_to_pdf if "pdf" in wanted else None,
        )
    if not done.files:
        say("本次检查未发现不合格账号,不印名单")
    for path in done.files:
        say(f"已写出 {path}")
