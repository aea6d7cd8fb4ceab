"""复核: what people decide on candidates; appended, and the sweep is judged anew (DESIGN §4)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.adapter import Adapter
from tracker.errors import UsageError
from tracker.judge import judge
from tracker.model import Decision, Finding, Status, Verdict
from tracker.store import Judgement, JudgementHead, SweepHead
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One candidate that waits for a person."""

    verdict: Verdict
    finding: Finding


def waiting(judgement: Judgement) -> tuple[Waiting, ...]:
    """All candidates of a judgement, in the order of its accounts."""
    return tuple(
        Waiting(verdict=verdict, finding=finding)
        for verdict in judgement.verdicts
        for finding in verdict.findings
        if finding.status is Status.CANDIDATE
    )


def last_head(ws: Workspace, sweep: SweepHead) -> JudgementHead:
    """The sweep's last judgement without its verdicts. Raises UsageError when it was never judged."""
    found = ws.store.last_head(sweep.name)
    if found is None:
        raise UsageError(f"巡检批次 {sweep.name} 还没有判定;先运行 tracker judge --sweep {sweep.name}(网页版:打开“结果”)")
    return found


def last_judgement(ws: Workspace, sweep: SweepHead) -> Judgement:
    """The same with all its verdicts. Raises UsageError when the sweep was never judged."""
    return ws.store.judgement(last_head(ws, sweep))


def decide(
    ws: Workspace, sweep: SweepHead, decisions: Sequence[Decision], adapters: Mapping[str, Adapter], *, at: datetime
) -> Judgement:
    """Append the decisions, all or none, and judge the sweep again under the same profile.

    Raises UsageError when an account has no finding of that code, or no reason is given for a dismissal.
    """
    judgement = last_judgement(ws, sweep)
    by_id = {verdict.account.account_id: verdict for verdict in judgement.verdicts}
    for decision in decisions:
        _check(decision, by_id)
    with ws.store.transaction():
        for decision in decisions:
            ws.store.add_decision(sweep.name, decision)
    return judge(ws, sweep, ws.profile(judgement.profile), adapters, at=at)


def _check(decision: Decision, by_id: Mapping[str, Verdict]) -> None:
    verdict = by_id.get(decision.account_id)
    if verdict is None:
        raise UsageError(f"账号 {decision.account_id} 不在这个批次里")
    codes = [finding.code for finding in verdict.findings]
    if decision.code not in codes:
        listed = "、".join(codes) or "没有任何问题"
        raise UsageError(f"“{verdict.account.name}”没有编号为 {decision.code} 的问题;现有:{listed}")
    if not decision.confirmed and not decision.why.strip():
        raise UsageError(f"驳回“{verdict.account.name}”的 {decision.code} 须写明理由(命令行:--why 理由)")


HEADER = ("账号", "问题代码", "结论", "复核人", "理由")
"""Columns of a file of decisions; 账号 is our id or `platform:name`, 结论 is 确认 (confirm) or 驳回 (dismiss)."""

_WORDS = {"确认": True, "confirm": True, "驳回": False, "dismiss": False}


def read_decisions(ws: Workspace, path: Path, *, at: datetime) -> tuple[Decision, ...]:
    """Decisions from a .csv file. Raises UsageError naming the row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} 读不了:{error}") from error
    if not rows or any(column not in rows[0] for column in HEADER):
        raise UsageError(f"{path.name} 的表头应为:{'、'.join(HEADER)}")
    return tuple(_decision(ws, row, f"{path.name} 第 {number} 行", at) for number, row in enumerate(rows, 2))


def _decision(ws: Workspace, row: Mapping[str, str], where: str, at: datetime) -> Decision:
    confirmed = _WORDS.get(row["结论"].strip())
    if confirmed is None:
        raise UsageError(f"{where}:结论填的是“{row['结论']}”,应为 确认 或 驳回")
    return Decision(
        account_id=ws.account(row["账号"]).account_id,
        code=row["问题代码"],
        confirmed=confirmed,
        who=row["复核人"],
        why=row["理由"],
        at=at,
    )
