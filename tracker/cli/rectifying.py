"""rectify: an earlier period's findings held against the present check."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.common import UNCHECKED, json_line, say, table, workspace
from tracker.draw import known_period
from tracker.errors import UsageError
from tracker.files import write_csv, write_xlsx
from tracker.history import Offender
from tracker.rectify import Recheck, Rectification, Word, recheck, repeated
from tracker.rectify.table import new_words, sentences, sheets
from tracker.report import formal_check


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("rectify")(run_rectify)


def run_rectify(
    context: typer.Context,
    against: Annotated[str, typer.Option("--against", help="以前的检查期,例如 2020Q3")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="用哪个批次复核;默认最近一次正式检查")] = None,
    period: Annotated[str | None, typer.Option("--period", help="用哪个检查期的正式检查复核")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写成 .xlsx 或 .csv 表")] = None,
    repeat: Annotated[int | None, typer.Option("--repeat", min=2, help="另列最近几期里至少两期有问题的账号")] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """整改复核:上期的每一条问题,对照本次检查。有账号未能核查时退出码为 3。"""
    if sweep and period:
        raise UsageError("--sweep 和 --period 只能写一个")
    if to is not None and to.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(f"--to {to} 的格式不对;请写 .xlsx 或 .csv 结尾的文件名")
    with workspace(context) as ws:
        chosen = ws.head(sweep or formal_check(ws, period))
        told = recheck(ws, chosen, known_period(ws, against))
        upto = (ws.store.period(chosen.period) if chosen.period else None) or told.against
        offenders = repeated(ws, upto, repeat) if repeat else ()
        names = {one.account_id: f"{one.name}({one.kind})" for one in ws.store.accounts()} if repeat else {}
    if to is not None:
        _write(to, told)
    if as_lines:
        _as_lines(told, offenders)
    else:
        _show(told, to)
        if repeat:
            rows = [(names.get(one.whom, one.whom), "、".join(one.periods), "、".join(one.codes)) for one in offenders]
            table(f"最近{repeat}期里至少两期有问题的账号 {len(offenders)} 个", ("账号", "检查期", "重复的问题"), rows)
    if told.summary.unknown:
        raise typer.Exit(UNCHECKED)


def _show(told: Recheck, to: Path | None) -> None:
    held = [one for one in told.accounts if one.held]
    rows = [(one.kind, one.name, one.previous, one.printed, new_words(one), one.reason) for one in held]
    head = f"{told.against.title}的问题,对照批次 {told.sweep}"
    table(head, ("类型", "名称", "上期问题", "整改情况", "本期新的问题", "说明"), rows)
    for line in sentences(told.summary):
        say(line)
    if told.stale:
        say("注意:口径在判定之后改过,程序查过的项目不能算作已整改;先运行 tracker judge 重新判定")
    if to is not None:
        say(f"已写出 {to}")


def _write(to: Path, told: Recheck) -> None:
    accounts, findings = sheets(told)
    if to.suffix.lower() == ".csv":
        write_csv(to, accounts.cells)
    else:
        write_xlsx(to, [accounts, findings])


def _as_lines(told: Recheck, offenders: Sequence[Offender]) -> None:
    for one in told.accounts:
        json_line(as_json(one))
    for found in offenders:
        json_line({"repeat": found.whom, "periods": list(found.periods), "codes": list(found.codes)})


def as_json(one: Rectification) -> dict[str, object]:
    """One account's 整改 for scripts; `rectified` is the cell of the form."""
    return {
        "account_id": one.whom,
        "name": one.name,
        "kind": one.kind,
        "previous": one.previous,
        "rectified": one.printed,
        "new_account": one.word is Word.NEW,
        "reason": one.reason,
        "closing": one.closing,
        "verdict": one.result,
        "check_date": one.check_date.isoformat() if one.check_date else None,
        "source": one.earlier.source if one.earlier else "",
        "findings": [
            {
                "code": held.old.code,
                "message": held.old.words,
                "rectified": held.word.value,
                "reason": held.reason,
                "files": list(held.files),
            }
            for held in one.held
        ],
        "fresh": [{"code": finding.code, "message": finding.message} for finding in one.fresh],
    }
