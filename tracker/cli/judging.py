"""judge, explain, review and rules."""

import inspect
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker import explain as cards
from tracker import review as reviews
from tracker.cli.app import App
from tracker.cli.common import UNCHECKED, json_line, say, table, workspace
from tracker.clock import now
from tracker.errors import UsageError
from tracker.judge import as_json, judge
from tracker.model import Conclusion, Decision, Verdict
from tracker.rulebook import RULES
from tracker.rulebook.profile import names
from tracker.store import Judgement

Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]
SweepName = Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("judge")(run_judge)
    app.command("explain")(run_explain)
    review = App("复核:确认或驳回待人工的问题。")
    review.command("list")(list_waiting)
    review.command("confirm")(confirm)
    review.command("dismiss")(dismiss)
    app.add_typer(review, name="review")
    rules = App("规则和地方口径。")
    rules.command("list")(list_rules)
    rules.command("show")(show_rule)
    app.add_typer(rules, name="rules")


def run_judge(
    context: typer.Context,
    sweep: SweepName = None,
    profile: Annotated[str | None, typer.Option(help="地方口径;默认取 tracker.toml")] = None,
    as_lines: Json = False,
) -> None:
    """按口径判定一个批次的全部账号。有账号未能核查时退出码为 3。"""
    with workspace(context) as ws:
        judgement = judge(ws, ws.sweep(sweep), ws.profile(profile), BY_PLATFORM, at=now())
    if as_lines:
        for verdict in judgement.verdicts:
            json_line(as_json(verdict))
    else:
        show(judgement)
    if any(verdict.conclusion is Conclusion.UNCHECKED for verdict in judgement.verdicts):
        raise typer.Exit(UNCHECKED)


def show(judgement: Judgement) -> None:
    """The judgement as tables: what each verdict counts, who fails or waits, who could not be checked and why."""
    counted: dict[str, int] = {}
    for verdict in judgement.verdicts:
        counted[verdict.word] = counted.get(verdict.word, 0) + 1
    head = f"批次 {judgement.sweep},口径 {judgement.profile}:共{len(judgement.verdicts)}个账号"
    table(head, ("检查结果", "个数"), Counter(counted).most_common())
    wanted = (Conclusion.FAILED, Conclusion.TO_REVIEW)
    failing = [verdict for verdict in judgement.verdicts if verdict.conclusion in wanted]
    if failing:
        table("不合格和待复核", ("类型", "名称", "主办单位", "结果", "问题", "最后更新"), map(_row, failing))
    unchecked = [verdict for verdict in judgement.verdicts if verdict.conclusion is Conclusion.UNCHECKED]
    if unchecked:
        table("未能核查", ("类型", "名称", "原因"), [(v.account.kind, v.account.name, why(v)) for v in unchecked])


def _row(verdict: Verdict) -> tuple[object, ...]:
    told = "、".join(
        f"{finding.message}({cards.STATUS[finding.status]})" if finding.status == "candidate" else finding.message
        for finding in verdict.findings
        if finding.status != "dismissed"
    )
    account = verdict.account
    return (account.kind, account.name, account.organisation, verdict.word, told, verdict.latest_post or "没有看到")


def why(verdict: Verdict) -> str:
    """Why an account could not be checked: the reasons of its undetermined rules, each once."""
    reasons = [reason for one in verdict.undetermined if one.code.startswith("UPD-01") for reason in one.reason.split(";")]
    return ";".join(dict.fromkeys(reasons)) or "没有查到"


def run_explain(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    sweep: SweepName = None,
    as_lines: Json = False,
) -> None:
    """一个账号的判定依据:条款、日期、算式、原文、证据文件。"""
    with workspace(context) as ws:
        record = ws.sweep(sweep)
        judgement = reviews.last_judgement(ws, record)
        found = ws.account(account)
        verdict = next((one for one in judgement.verdicts if one.account.account_id == found.account_id), None)
        if verdict is None:
            raise UsageError(f"{found.name} 不在批次 {record.name} 里")
        card = cards.Card(verdict=verdict, visits=ws.store.visits(record.name, found.account_id))
    if as_lines:
        json_line(cards.as_json(card))
        return
    for line in card.lines():
        say(line)


def list_waiting(context: typer.Context, sweep: SweepName = None, as_lines: Json = False) -> None:
    """列出待复核的问题。"""
    with workspace(context) as ws:
        found = reviews.waiting(reviews.last_judgement(ws, ws.sweep(sweep)))
    if as_lines:
        for one in found:
            account = one.verdict.account
            told = {"account_id": account.account_id, "name": account.name, "code": one.finding.code}
            json_line({**told, "message": one.finding.message, "arithmetic": one.finding.arithmetic})
        return
    rows = [(w.verdict.account.account_id, w.verdict.account.name, w.finding.code, w.finding.arithmetic) for w in found]
    table(f"待复核 {len(found)} 条", ("编号", "名称", "问题代码", "看到的"), rows)


def confirm(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    code: Annotated[str, typer.Argument(help="问题代码,例如 INT-01")],
    why: Annotated[str, typer.Option(help="理由")] = "",
    who: Annotated[str, typer.Option(help="复核人")] = "",
    sweep: SweepName = None,
) -> None:
    """确认一个问题。"""
    _decide(context, account, code, True, why, who, sweep)


def dismiss(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    code: Annotated[str, typer.Argument(help="问题代码,例如 INT-01")],
    why: Annotated[str, typer.Option(help="理由(必填)")] = "",
    who: Annotated[str, typer.Option(help="复核人")] = "",
    sweep: SweepName = None,
) -> None:
    """驳回一个问题;须写理由。"""
    _decide(context, account, code, False, why, who, sweep)


def _decide(context: typer.Context, account: str, code: str, confirmed: bool, why: str, who: str, sweep: str | None) -> None:
    with workspace(context) as ws:
        found = ws.account(account)
        by = who or ws.settings.inspector
        decision = Decision(account_id=found.account_id, code=code, confirmed=confirmed, who=by, why=why, at=now())
        judgement = reviews.decide(ws, ws.sweep(sweep), [decision], BY_PLATFORM, at=now())
    verdict = next(one for one in judgement.verdicts if one.account.account_id == found.account_id)
    say(f"已{'确认' if confirmed else '驳回'} {found.name} 的 {code};现在的检查结果:{verdict.word}")


def list_rules(context: typer.Context, as_lines: Json = False) -> None:
    """列出规则和口径。"""
    if as_lines:
        for rule in RULES:
            json_line({"code": rule.code, "codes": rule.codes, "title": rule.title, "basis": rule.basis, "by": str(rule.by)})
        return
    table("规则", ("代码", "名称", "依据"), [("、".join(rule.codes), rule.title, rule.basis) for rule in RULES])
    say(f"口径:{'、'.join(names(_profiles(context)))}")


def _profiles(context: typer.Context) -> list[Path]:
    """The workspace's own profiles, where there is a workspace: `rules` works without one."""
    try:
        with workspace(context) as ws:
            return [ws.root / "profiles"]
    except UsageError:
        return []


def show_rule(code: Annotated[str, typer.Argument(help="例如 UPD-01")]) -> None:
    """一条规则的说明:查什么、怎么判、不算、依据。"""
    rule = next((rule for rule in RULES if code.upper() in rule.codes), None)
    if rule is None:
        raise UsageError(f"没有规则 {code};现有:{'、'.join(code for rule in RULES for code in rule.codes)}")
    say(f"{'、'.join(rule.codes)}")
    say(inspect.getdoc(rule) or "")
