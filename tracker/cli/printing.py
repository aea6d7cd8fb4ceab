"""report: FORM prints; versions and diff tell of earlier prints; check and consult are registered beside."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tracker import demo, versions
from tracker.capture import html_to_pdf
from tracker.capture.picture import html_to_png
from tracker.cli import checking, consulting
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.clock import day, now
from tracker.errors import UsageError
from tracker.gates import gates, must_open
from tracker.report import Order, Printed, formal_check, report
from tracker.reports.forms import FORMS, form_of
from tracker.reports.noncompliant import FORM as LIST
from tracker.review import last_judgement
from tracker.store import Print, SweepRecord
from tracker.versions import Changed, Difference
from tracker.workspace import Workspace

ALL = "docx,xlsx,html,pdf,csv,json"
KNOWN = ";".join(f"{form.name} = {form.words}" for form in FORMS)
DEFAULT = "form"
"""The command that prints; its name is left out: `tracker report noncompliant`."""

SweepName = Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次正式检查")]
FormName = Annotated[str, typer.Argument(metavar="[FORM]", help="哪种报表;默认 noncompliant")]
Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App(f"报表:打印(tracker report 报表名)、稿次、比较、检查通报、征求意见。报表名:{KNOWN}", default=DEFAULT)
    group.command(DEFAULT)(run_report)
    group.command("versions")(run_versions)
    group.command("diff")(run_diff)
    checking.add_to(group)
    consulting.add_to(group)
    app.add_typer(group, name="report")


def run_report(
    context: typer.Context,
    form: Annotated[str, typer.Argument(help=KNOWN)],
    whom: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="只用于 account:编号或“平台:名称”")] = None,
    sweep: SweepName = None,
    period: Annotated[str | None, typer.Option("--period", help="检查期;取其中最近一次正式检查")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹;默认工作区的 reports/")] = None,
    formats: Annotated[str | None, typer.Option("--as", help=f"要哪几种,用逗号分开;默认全部:{ALL}")] = None,
    final: Annotated[bool, typer.Option("--final", help="印发稿;还有没办完的会拒绝,并说是哪些")] = False,
    because: Annotated[str, typer.Option("--because", help="印发前可以放行的,写明理由;更正稿写明更正理由")] = "",
    who: Annotated[str, typer.Option("--who", help="谁打印的;默认 tracker.toml 里的检查人")] = "",
    as_lines: Annotated[bool, typer.Option("--json", help="与 --final 同用:先列出还没办完的,每行一个 JSON")] = False,
) -> None:
    """打印一种报表;“report form noncompliant”可以省去 form。"""
    asked = form_of(form)
    wanted = list(asked.formats) if formats is None else [name.strip() for name in formats.split(",") if name.strip()]
    if not wanted:
        raise UsageError(f"--as 后面没有格式;可用的是 {ALL},例如 --as docx,xlsx")
    printer = demo.printer() if formats is None else html_to_pdf
    with workspace(context) as ws:
        chosen = ws.sweep(sweep or formal_check(ws, period))
        if final and as_lines:
            _gates_as_lines(ws, chosen, because)
        done = report(
            ws,
            form,
            chosen,
            to=to or ws.reports,
            formats=wanted,
            final=final,
            printer=printer if "pdf" in wanted else None,
            account=ws.account(whom) if whom else None,
            drawer=html_to_png if printer and "docx" in wanted else None,
            order=Order(who=who, because=because),
        )
    _show(done, asked.nothing)
    if done.files and printer is None:
        say("没有找到能启动的浏览器,PDF 没有生成;装一个即可:playwright install chromium,或系统里的 Chrome、Edge、Chromium")


def _gates_as_lines(ws: Workspace, sweep: SweepRecord, because: str) -> None:
    closed = gates(ws, sweep, last_judgement(ws, sweep), today=day(now()))
    for one in closed:
        json_line({**asdict(one), "released": one.releasable and bool(because.strip())})
    must_open(closed, because)


def _show(done: Printed, nothing: str) -> None:
    if not done.files:
        say(nothing)
    if done.left_out:
        say(f"还有{done.left_out}个不合格账号的平台在本表没有栏目,没有列入;它们在不合格名单里")
    for one in done.placed:
        say(f"已写出 {one.path}")
        if one.renamed:
            say(f"原来的 {one.renamed[0].name} 改名为 {one.renamed[1].name}")
        if one.held:
            say(f"{one.held.name} 正在 Word 或 WPS 中打开,没有动它;新的一稿用带稿次的文件名")
    if done.label:
        say(f"{done.label}:内容与上一次相同,稿次不变" if done.again else f"稿次:{done.label}")
    for gate in done.released:
        say(f"已写明理由放行:{gate.sentence}")


def run_versions(context: typer.Context, form: FormName = "", sweep: SweepName = None, as_lines: Json = False) -> None:
    """列出打印过的各稿:稿次、时间、谁、口径、理由、文件。"""
    with workspace(context) as ws:
        name = sweep or formal_check(ws, None)
        found = ws.store.prints(ws.head(name).name, form_of(form).name if form else None)
    for one in found if as_lines else ():
        json_line(_print_as_json(one))
    if as_lines:
        return
    rows = [(one.form, one.label, f"{one.at:%Y-%m-%d %H:%M}", one.who, one.profile, one.reason, _files(one)) for one in found]
    table(f"打印过 {len(found)} 次", ("报表", "稿次", "时间", "谁", "口径", "理由", "文件"), rows)


def _files(one: Print) -> str:
    return "、".join(file.name for file in one.files)


def _print_as_json(one: Print) -> dict[str, object]:
    return {
        "form": one.form,
        "sweep": one.sweep,
        "account_id": one.whom or None,
        "label": one.label,
        "kind": one.kind,
        "number": one.number,
        "title": one.title,
        "at": one.at.isoformat(),
        "who": one.who,
        "profile": one.profile,
        "profile_digest": one.profile_digest,
        "judgement": one.judgement,
        "reason": one.reason,
        "released": list(one.gates),
        "files": [{"name": file.name, "sha256": file.sha256} for file in one.files],
    }


def run_diff(
    context: typer.Context,
    form: FormName = LIST.name,
    whom: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="只用于 account:编号或“平台:名称”")] = None,
    since: Annotated[str | None, typer.Option("--from", help="从哪一稿:2、第2稿、印发稿、更正1;默认倒数第二稿")] = None,
    until: Annotated[str | None, typer.Option("--to", help="到哪一稿;默认最后一稿")] = None,
    sweep: SweepName = None,
    as_lines: Json = False,
) -> None:
    """两稿之间:谁上了名单、谁下了名单、谁的问题变了,以及原因。"""
    asked = form_of(form)
    with workspace(context) as ws:
        own = ws.account(whom).account_id if whom else ""
        held = ws.store.prints(ws.head(sweep or formal_check(ws, None)).name, asked.name)
        series = [one for one in held if one.whom == own]
        before, after = versions.find(ws, series, since, -2), versions.find(ws, series, until, -1)
        found = versions.compare(ws, before, after)
    if as_lines:
        _diff_as_lines(found)
    else:
        _tell(found, asked.words)


def _groups(found: Difference) -> Sequence[tuple[str, str, Sequence[Changed]]]:
    return (("came", "新上", found.came), ("left", "撤下", found.left), ("changed", "有变化", found.changed))


def _diff_as_lines(found: Difference) -> None:
    for slug, _, group in _groups(found):
        for one in group:
            account = one.account
            told = {"change": slug, "account_id": account.account_id, "name": account.name, "kind": account.kind}
            words = {"from": one.was, "to": one.now, "why": list(one.why)}
            json_line({**told, "organisation": account.organisation, **words})


def _tell(found: Difference, words: str) -> None:
    say(f"{words}:{found.before.label}({found.before.at:%m-%d %H:%M})到{found.after.label}({found.after.at:%m-%d %H:%M})")
    if not any(group for _, _, group in _groups(found)):
        say("没有变化")
    for _, title, group in _groups(found):
        if group:
            rows = [(one.account.kind, one.account.name, one.was, one.now, ";".join(one.why)) for one in group]
            table(f"{title} {len(group)} 个", ("类型", "名称", "原来", "现在", "原因"), rows)
