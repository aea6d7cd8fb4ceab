"""judge and review."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker import explain as cards
from tracker import review as reviews
from tracker.cli.app import App
from tracker.cli.common import UNCHECKED, errors, existing, json_line, say, table, workspace
from tracker.cli.lanes import paused
from tracker.cli.progress import Counting
from tracker.clock import now
from tracker.judge import as_json, judge_streamed
from tracker.model import Conclusion, Decision, Verdict
from tracker.store import JudgementHead
from tracker.witnesses import behind, needed

Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]
SweepName = Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("judge")(run_judge)
    review = App("复核:确认或驳回待人工的问题。")
    review.command("list")(list_waiting)
    review.command("confirm")(confirm)
    review.command("dismiss")(dismiss)
    review.command("second")(list_second)
    review.command("import")(import_decisions)
    app.add_typer(review, name="review")


def run_judge(
    context: typer.Context,
    sweep: SweepName = None,
    profile: Annotated[str | None, typer.Option(help="地方口径;默认取 tracker.toml")] = None,
    as_lines: Json = False,
) -> None:
    """按口径判定一个批次的全部账号。有账号未能核查时退出码为 3。"""
    with workspace(context) as ws:
        head, rules = ws.head(sweep), ws.profile(profile)
        with Counting(f"判定 {head.name}", ws.store.sweep_size(head.name)) as bar:
            judgement = judge_streamed(ws, head, rules, BY_PLATFORM, at=now(), tell=bar.advance)
        verdicts = ws.store.verdicts(judgement)
        seen = _lines(verdicts) if as_lines else show(judgement, verdicts)
        for one in ws.store.frozen_platforms(head.name).values():
            errors(paused(one))
    if Conclusion.UNCHECKED in seen:
        raise typer.Exit(UNCHECKED)


def _lines(verdicts: Iterable[Verdict]) -> set[Conclusion]:
    seen = set()
    for verdict in verdicts:
        seen.add(verdict.conclusion)
        json_line(as_json(verdict))
    return seen


def show(judgement: JudgementHead, verdicts: Iterable[Verdict]) -> set[Conclusion]:
    """The judgement as tables: what each verdict counts, who fails or waits, who could not be checked and why.

    `verdicts` are read once. Returns the conclusions that there are.
    """
    counted, seen = Counter[str](), set[Conclusion]()
    failing, unchecked = list[tuple[object, ...]](), list[tuple[object, ...]]()
    for verdict in verdicts:
        counted[verdict.word] += 1
        seen.add(verdict.conclusion)
        if verdict.conclusion in (Conclusion.FAILED, Conclusion.TO_REVIEW):
            failing.append(_row(verdict))
        if verdict.conclusion is Conclusion.UNCHECKED:
            unchecked.append((verdict.account.kind, verdict.account.name, why(verdict)))
    head = f"批次 {judgement.sweep},口径 {judgement.profile}:共{counted.total()}个账号"
    table(head, ("检查结果", "个数"), counted.most_common())
    if failing:
        table("不合格和待复核", ("类型", "名称", "主办单位", "结果", "问题", "最后更新"), failing)
    if unchecked:
        table("未能核查", ("类型", "名称", "原因"), unchecked)
    return seen


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


def list_second(context: typer.Context, sweep: SweepName = None, as_lines: Json = False) -> None:
    """列出还要另一个人确认、或有人驳回的一票否决问题:进入最终名单要两个人(tracker.toml 的 persons)。"""
    with workspace(context) as ws:
        judgement = reviews.last_judgement(ws, ws.sweep(sweep))
        least = needed(ws, ws.profile(judgement.profile))
        found = [one for one in behind(ws, judgement.sweep, judgement.verdicts) if len(one.agreed) < least or one.dismissed]
    if as_lines:
        for one in found:
            told = {"account_id": one.account_id, "name": one.name, "code": one.code}
            json_line({**told, "agreed": list(one.agreed), "dismissed": list(one.dismissed), "needed": least})
        return
    rows = [(one.account_id, one.name, one.code, "、".join(one.agreed), "、".join(one.dismissed)) for one in found]
    table(f"还不能进入最终名单 {len(found)} 条(每条要 {least} 人)", ("编号", "名称", "问题代码", "已有", "驳回"), rows)


def import_decisions(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="复核表 .csv:账号,问题代码,结论,复核人,理由")],
    sweep: SweepName = None,
) -> None:
    """导入一份复核表:全部记下,或者一条也不记。"""
    with workspace(context) as ws:
        found = reviews.read_decisions(ws, existing(file), at=now())
        reviews.decide(ws, ws.sweep(sweep), found, BY_PLATFORM, at=now())
    say(f"已记下 {len(found)} 条复核")


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
