"""report consult and report objections: asking the units, taking in what they say, answering it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker import consult, demo
from tracker.cli.app import App
from tracker.cli.common import day_option, existing, json_line, say, table, workspace
from tracker.clock import day, now
from tracker.consult import Opinion, Taken
from tracker.errors import UsageError
from tracker.report import formal_check, told, window_of
from tracker.reports.consult import FORM
from tracker.review import last_judgement
from tracker.store import Ruled
from tracker.workspace import Workspace

FOUND = 1
"""Exit code: a reply sheet has rows that are not understood."""

SweepName = Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次正式检查")]
Who = Annotated[str, typer.Option("--who", help="谁做的;默认 tracker.toml 里的检查人")]


def add_to(group: App) -> None:
    """Register the commands."""
    group.command("consult")(run_consult)
    objections = App("单位对检查结果的异议:列出、答复、征求意见情况。")
    objections.command("list")(list_objections)
    objections.command("decide")(decide)
    objections.command("summary")(summary)
    group.add_typer(objections, name="objections")


def run_consult(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="与 --reply 同用:单位交回的反馈表")] = None,
    reply: Annotated[bool, typer.Option("--reply", help="收反馈表:tracker report consult --reply 反馈表.xlsx …")] = False,
    deadline: Annotated[str | None, typer.Option("--deadline", help="截止日期,例如 2026-11-13(当天也算)")] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, max=60, help="几个工作日;默认取 tracker.toml,3 个")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
    received: Annotated[str | None, typer.Option("--received", help="与 --reply 同用:收到的日期;默认今天")] = None,
    sweep: SweepName = None,
    who: Who = "",
) -> None:
    """征求意见:每个单位一封函、一份检查记录 PDF、一张反馈表;加 --reply 收回反馈表。"""
    if deadline and days:
        raise UsageError("--deadline 和 --days 只能写一个")
    if bool(files) != reply:
        raise UsageError("收反馈表要写 --reply 和文件名,例如 tracker report consult --reply 反馈表.xlsx;发函时两样都不写")
    with workspace(context) as ws:
        name = sweep or formal_check(ws, None)
        if files:
            _take(ws, name, [existing(path) for path in files], day_option(received), who)
        else:
            _ask(ws, name, day_option(deadline), days, to, who)


def _ask(ws: Workspace, name: str | None, deadline: date | None, days: int | None, to: Path | None, who: str) -> None:
    chosen, at = ws.sweep(name), now()
    due = deadline or consult.due_on(ws.profile().calendar, day(at), days or ws.settings.consult.days)
    facts = told(ws, chosen, last_judgement(ws, chosen), final=False)
    printer = demo.printer()
    sent = consult.ask(facts, deadline=due, to=to or ws.reports, printer=printer, who=who or ws.settings.inspector, at=at)
    if sent is None:
        say(FORM.nothing)
        return
    findings = sum(len(one.findings) for one in sent.consultation.asked)
    say(f"第{sent.number}次征求意见:{len(sent.consultation.asked)}个单位,{findings}条问题,截止 {due}")
    say(f"已写出 {sent.folder}(每个单位一个文件夹:征求意见函、检查记录、反馈表)")
    if sent.blank:
        say("函里还有 ××:请在 tracker.toml 的 [bulletin] 填 issuer 和 contact,再发给单位")
    if printer is None:
        say("没有找到能启动的浏览器,检查记录是网页文件;装一个浏览器可得 PDF:playwright install chromium")


def _take(ws: Workspace, name: str | None, paths: Sequence[Path], received: date | None, who: str) -> None:
    sweep, at, wrong = ws.head(name), now(), 0
    for path in paths:
        found = consult.take_in(ws, sweep, path, received=received or day(at), who=who or ws.settings.inspector, at=at)
        wrong += bool(found.problems)
        _show(found)
    if wrong:
        raise UsageError(f"{wrong}个反馈表有看不懂的行,这{wrong}个没有收;请单位改好后再交")


def _show(found: Taken) -> None:
    for problem in found.problems:
        say(f"错误:{problem}")
    if found.problems:
        return
    objects = sum(one.objects for one in found.objections)
    files = sum(len(one.attachments) for one in found.objections)
    late = ",逾期收到,已注明" if found.late else ""
    say(f"{found.file}({found.organisation}):收到{len(found.objections)}条意见,其中异议{objects}条,证明材料{files}个{late}")
    if found.silent:
        say(f"注意:第{'、'.join(map(str, found.silent))}行没有填意见,按没有反馈处理")


def list_objections(
    context: typer.Context,
    sweep: SweepName = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """每一条征求过意见的问题:单位怎么说,怎么答复。"""
    with workspace(context) as ws:
        chosen = ws.head(sweep or formal_check(ws, None))
        found = consult.opinions(ws, chosen, last_judgement(ws, chosen))
    if as_lines:
        for one in found:
            json_line(_as_json(one))
        return
    rows = [
        (one.organisation, _name(one), one.account_id, one.code, one.opinion, one.said.why if one.said else "", one.outcome)
        for one in found
    ]
    waiting = sum(one.outcome == consult.WAITING for one in found)
    table(f"征求意见 {len(found)} 条,待答复 {waiting} 条", ("单位", "账号", "编号", "代码", "意见", "理由", "答复"), rows)


def _name(one: Opinion) -> str:
    return one.account.name if one.account else ""


def _as_json(one: Opinion) -> dict[str, object]:
    said, ruling = one.said, one.said.ruling if one.said else None
    attached = said.attachments if said else ()
    return {
        "organisation": one.organisation,
        "account_id": one.account_id,
        "name": _name(one),
        "code": one.code,
        "message": one.finding.message if one.finding else None,
        "objects": said.objects if said else None,
        "why": said.why if said else "",
        "received_on": said.received_on.isoformat() if said else None,
        "late": said.late if said else None,
        "attachments": [{"name": each.name, "sha256": each.sha256, "size": each.size} for each in attached],
        "outcome": str(ruling.outcome) if ruling else None,
        "answer": ruling.why if ruling else "",
        "words": ruling.words if ruling else "",
        "answered_by": ruling.who if ruling else "",
    }


def decide(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    code: Annotated[str, typer.Argument(help="问题代码,例如 UPD-01")],
    accept: Annotated[bool, typer.Option("--accept", help="采纳:这条问题撤销")] = False,
    partly: Annotated[bool, typer.Option("--partly", help="部分采纳:问题还在,描述改成 --words")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="不采纳:问题不变")] = False,
    why: Annotated[str, typer.Option("--why", help="理由(必填)")] = "",
    words: Annotated[str, typer.Option("--words", help="部分采纳时改后的问题描述")] = "",
    sweep: SweepName = None,
    who: Who = "",
) -> None:
    """答复一条异议:采纳、部分采纳或不采纳,须写理由。"""
    chosen = [one for one, said in ((Ruled.ACCEPTED, accept), (Ruled.PARTLY, partly), (Ruled.REJECTED, reject)) if said]
    if len(chosen) != 1:
        raise UsageError("--accept、--partly、--reject 要写一个,也只能写一个")
    with workspace(context) as ws:
        found, held = ws.account(account), ws.head(sweep or formal_check(ws, None))
        by = who or ws.settings.inspector
        consult.answer(ws, held, found, code, chosen[0], BY_PLATFORM, why=why, words=words, who=by, at=now())
        verdict = ws.store.verdict(last_judgement(ws, held), found.account_id)
    now_reads = f";现在的检查结果:{verdict.word}" if verdict else ""
    say(f"{found.name} 的 {code}:{chosen[0]}{now_reads}")


def summary(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
    sweep: SweepName = None,
) -> None:
    """征求意见情况表(Word、Excel):问了谁、怎么说、怎么处理。"""
    with workspace(context) as ws:
        chosen = ws.sweep(sweep or formal_check(ws, None))
        start, end, period = window_of(ws, chosen)
        found = consult.opinions(ws, chosen, last_judgement(ws, chosen))
        files = consult.write_overview(consult.context(period, start, end, found), to or ws.reports, ws.templates)
    for path in files:
        say(f"已写出 {path}")
    if not files:
        say("没有征求过意见")
