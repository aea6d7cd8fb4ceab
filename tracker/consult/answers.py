"""Answering objections: 采纳 dismisses the finding, 部分采纳 changes its words, 不采纳 keeps it; always with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.adapter import Adapter
from tracker.errors import UsageError
from tracker.model import Account, Decision, Finding, Verdict
from tracker.reports.wording import PROBLEM_MOST, plain
from tracker.review import decide
from tracker.store import Judgement, Objection, Ruled, Ruling, SweepHead
from tracker.workspace import Workspace


def answer(
    ws: Workspace,
    sweep: SweepHead,
    account: Account,
    code: str,
    outcome: Ruled,
    adapters: Mapping[str, Adapter],
    *,
    why: str,
    words: str = "",
    who: str,
    at: datetime,
) -> Objection:
    """Answer the last objection to a finding, and judge the sweep anew where that dismisses or restores it.

    Returns the objection with its answer. Raises UsageError when there is no objection, no reason, or the words for 部分采纳
    are missing or given without it.
    """
    _must_be_whole(outcome, why, words)
    said = _objection(ws, sweep, account, code)
    before = said.ruling.outcome if said.ruling else None
    if outcome is Ruled.ACCEPTED or before is Ruled.ACCEPTED:
        # first the decision: broken off in between, the objection still waits, and answering it again does no harm
        decision = Decision(
            account_id=account.account_id,
            code=code,
            confirmed=outcome is not Ruled.ACCEPTED,
            who=who,
            why=f"{plain(said.who)}的异议{outcome}:{why}",
            at=at,
        )
        decide(ws, sweep, [decision], adapters, at=at)
    told = Ruling(objection=said.id, outcome=outcome, words=plain(words, PROBLEM_MOST), why=why, who=who, at=at)
    ws.store.add_ruling(told)
    return replace(said, ruling=told)


def _must_be_whole(outcome: Ruled, why: str, words: str) -> None:
    if not why.strip():
        raise UsageError(f"{outcome}须写明理由:--why 理由")
    if outcome is Ruled.PARTLY and not plain(words):
        raise UsageError("部分采纳须写明改成什么:--words “改后的问题描述”")
    if outcome is not Ruled.PARTLY and words.strip():
        raise UsageError(f"--words 只用于部分采纳,{outcome}不改问题的描述;请去掉 --words,或改用 --partly")


def _objection(ws: Workspace, sweep: SweepHead, account: Account, code: str) -> Objection:
    own = [one for one in ws.store.objections(sweep.name) if one.account_id == account.account_id]
    found = [one for one in own if one.code == code and one.objects]
    if not found:
        codes = "、".join(dict.fromkeys(one.code for one in own if one.objects)) or "没有"
        raise UsageError(f"批次 {sweep.name} 没有收到对“{account.name}”{code} 的异议;有异议的:{codes}")
    return found[-1]


def amended(ws: Workspace, judgement: Judgement) -> Judgement:
    """The judgement with the words of objections that were accepted in part; everything else as it was judged."""
    words: dict[str, dict[str, str]] = {}
    for one in ws.store.objections(judgement.sweep):
        if one.ruling and one.ruling.outcome is Ruled.PARTLY:
            words.setdefault(one.account_id, {})[one.code] = one.ruling.words
        elif one.ruling:
            words.get(one.account_id, {}).pop(one.code, None)
    if not any(words.values()):
        return judgement
    return replace(judgement, verdicts=tuple(_amended(one, words.get(one.account.account_id, {})) for one in judgement.verdicts))


def _amended(verdict: Verdict, words: Mapping[str, str]) -> Verdict:
    changed = [one for one in verdict.findings if one.code in words]
    return replace(verdict, findings=_findings(verdict.findings, words), word=_word(verdict.word, changed, words))


def _findings(findings: Sequence[Finding], words: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(replace(one, message=words[one.code]) if one.code in words else one for one in findings)


def _word(word: str, changed: Sequence[Finding], words: Mapping[str, str]) -> str:
    """A verdict's word may hold the sentences of its findings."""
    for one in changed:
        word = word.replace(one.message, words[one.code]) if one.message else word
    return word
