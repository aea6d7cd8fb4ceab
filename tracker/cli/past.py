"""history import|show|repeat and absence add|list."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.absence import Absence
from tracker.cli.app import App
from tracker.cli.common import day_option, errors, existing, json_line, say, table, workspace
from tracker.cli.periods import Json, Who
from tracker.clock import day, now
from tracker.draw import known_period
from tracker.errors import UsageError
from tracker.history import Terms, faulty, import_history, repeat_offenders
from tracker.store import PaperFinding, PaperLine


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    history = App("以前各期:把纸质通报的附件读进来。")
    history.command("import")(take_in)
    history.command("show")(show)
    history.command("repeat")(repeat)
    app.add_typer(history, name="history")
    absence = App("停更报备。")
    absence.command("add")(add_absence)
    absence.command("list")(list_absences)
    app.add_typer(absence, name="absence")


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=".docx .xlsx .csv;.doc 和 .wps 请先另存为 .docx")],
    period: Annotated[str, typer.Option("--period", help="2020Q3、2020-10,或别的名称加 --start 和 --end")],
    title: Annotated[str, typer.Option(help="印在标题里;默认由名称得出")] = "",
    start: Annotated[str | None, typer.Option(help="监测时间第一天")] = None,
    end: Annotated[str | None, typer.Option(help="监测时间最后一天")] = None,
    check_date: Annotated[str | None, typer.Option(help="没有年份的日期按这一天推算;默认检查期最后一天")] = None,
    again: Annotated[bool, typer.Option("--again", help="代替以前导入的同一期;以前的会保留")] = False,
    who: Who = "",
) -> None:
    """读入纸质通报的附件,成为一个已关闭的检查期(来自纸质通报);有一行不对就什么也不改。"""
    with workspace(context) as ws:
        terms = Terms(
            period=period,
            title=title,
            start=day_option(start),
            end=day_option(end),
            check_date=day_option(check_date),
            again=again,
            who=who or ws.settings.inspector,
        )
        told = import_history(ws, existing(file), terms, at=now())
    for warning in told.warnings:
        say(f"注意:{warning}")
    for problem in told.problems:
        say(f"错误:{problem}")
    if told.problems:
        raise UsageError(f"{file.name} 有{len(told.problems)}处错误,没有导入任何一行;改好后再导入")
    found = sum(bool(line.findings) for line in told.lines)
    say(f"检查期 {told.period.name}({told.period.title}),{told.period.source}:{len(told.lines)}行,其中有问题的{found}行")
    if told.before:
        say(f"上期栏已读入检查期 {told.before}")
    if told.strangers:
        names = "、".join(f"{line.name}({line.kind})" for line in told.strangers)
        say(f"有{len(told.strangers)}个账号不在台账里,按平台和名称保留:{names}。是否改名或已注销?请核对。")


def show(
    context: typer.Context,
    period: Annotated[str, typer.Option("--period", help="哪个检查期")],
    as_json: Json = False,
) -> None:
    """一期纸质通报里的全部账号和问题。"""
    with workspace(context) as ws:
        held = known_period(ws, period)
        paper = ws.store.paper(held.name)
    if paper is None:
        raise UsageError(f"检查期 {period} 不是来自纸质通报;用 tracker judge、tracker report 查看它的结果")
    if as_json:
        for line in paper.lines:
            json_line(_plain(line))
        return
    rows = [
        (
            line.kind,
            line.name,
            line.organisation,
            line.result,
            _words(line.findings),
            _words(line.previous),
            line.account_id or "不在台账",
        )
        for line in paper.lines
    ]
    head = f"{held.title},{held.source}({paper.at:%Y-%m-%d} {paper.who} 导入)"
    table(head, ("类型", "名称", "主办单位", "结果", "问题", "上期问题", "编号"), rows)


def _words(findings: tuple[PaperFinding, ...]) -> str:
    words = "、".join(f"{one.phrase}[{one.code}]" for one in findings)
    rectified = "、".join(dict.fromkeys(one.rectified for one in findings if one.rectified))
    return f"{words}({rectified})" if rectified else words


def _plain(line: PaperLine) -> dict[str, object]:
    return {
        "row": line.row,
        "account_id": line.account_id or None,
        "platform": line.platform,
        "kind": line.kind,
        "name": line.name,
        "organisation": line.organisation,
        "region": line.region,
        "result": line.result,
        "last_post": line.last_post.isoformat() if line.last_post else None,
        "printed_date": line.printed_date,
        "findings": [_finding(one) for one in line.findings],
        "previous": [_finding(one) for one in line.previous],
    }


def _finding(one: PaperFinding) -> dict[str, str]:
    return {"code": one.code, "phrase": one.phrase, "rectified": one.rectified}


def repeat(
    context: typer.Context,
    least: Annotated[int, typer.Option("--least", min=2, help="至少几期有问题")] = 2,
    as_json: Json = False,
) -> None:
    """屡次出现问题的账号:在至少几期里都有问题。没有结果的检查期不算。"""
    with workspace(context) as ws:
        periods = []
        for one in ws.store.periods():
            try:
                periods.append((one.name, faulty(ws, one)))
            except UsageError:
                errors(f"注意:检查期 {one.name} 还没有结果,没有计入")
        names = {one.account_id: f"{one.name}({one.kind})" for one in ws.store.accounts()}
    offenders = repeat_offenders(periods, least=least)
    if as_json:
        for found in offenders:
            json_line({"account": found.whom, "periods": list(found.periods), "codes": list(found.codes)})
        return
    rows = [(names.get(one.whom, one.whom), "、".join(one.periods), "、".join(one.codes) or "各期不同") for one in offenders]
    table(f"至少{least}期有问题的账号 {len(offenders)} 个", ("账号", "检查期", "重复的问题"), rows)


def add_absence(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    first: Annotated[str, typer.Option("--from", help="停更第一天")],
    last: Annotated[str, typer.Option("--to", help="停更最后一天")],
    why: Annotated[str, typer.Option("--why", help="停更原因")],
    document: Annotated[str, typer.Option("--document", help="报备文件的文号或名称")],
    filed: Annotated[str | None, typer.Option("--filed", help="报备日期;默认今天")] = None,
    who: Who = "",
) -> None:
    """登记一次停更报备;报备日以前的天数不受影响。"""
    at = now()
    begins, ends, filed_on = day_option(first), day_option(last), day_option(filed) or day(at)
    if begins is None or ends is None or not why.strip() or not document.strip():
        raise UsageError("停更报备要有起止日期、原因和文号:--from --to --why --document")
    if filed_on > day(at):
        raise UsageError(f"报备日期 {filed_on} 还没有到;请核对 --filed")
    with workspace(context) as ws:
        found = ws.account(account)
        notice = Absence(
            account_id=found.account_id,
            first=begins,
            last=ends,
            filed_on=filed_on,
            reason=why.strip(),
            document=document.strip(),
            who=who or ws.settings.inspector,
            at=at,
        )
        ws.store.add_absence(notice)
        effect = ws.profile().absence
    say(f"已登记 {found.name} 的停更报备:{begins} 至 {ends},{filed_on} 报备")
    if notice.holds_from > begins:
        say(
            f"报备晚于停更开始,{notice.holds_from} 以前的天数仍计入"
            if notice.holds_from <= ends
            else "报备时停更已经结束,不起作用"
        )
    say({"exempt": "本口径:报备期内不计未更新", "note": "本口径:只在判定卡上注明", "none": "本口径不考虑停更报备"}[effect])


def list_absences(
    context: typer.Context,
    account: Annotated[str, typer.Option("--account", help="只列一个账号")] = "",
    as_json: Json = False,
) -> None:
    """列出停更报备。"""
    with workspace(context) as ws:
        notices = ws.store.absences(ws.account(account).account_id if account else None)
        names = {one.account_id: one.name for one in ws.store.accounts()}
    if as_json:
        for one in notices:
            days = {"from": str(one.first), "to": str(one.last), "filed": str(one.filed_on)}
            json_line({"account_id": one.account_id} | days | {"why": one.reason, "document": one.document, "who": one.who})
        return
    rows = [
        (names.get(one.account_id, ""), one.first, one.last, one.filed_on, one.reason, one.document, one.who) for one in notices
    ]
    table(f"停更报备 {len(notices)} 次", ("账号", "开始", "结束", "报备", "原因", "文号", "登记人"), rows)
