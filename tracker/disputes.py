"""Where another office saw the same account otherwise: the finding waits for a person (存疑), neither side's word is dropped.

Compared is what each side settled: a finding that stands against one that was dismissed, or not found although it was looked for.
What either side does not know disputes nothing. A silence is disputed by the dates: a post that one side saw, of a day on which
the other says that there was none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.case import Brief
from tracker.model import Conclusion, Decision, Finding, Status, Verdict
from tracker.rulebook.profile import Profile
from tracker.store import OriginRecord, verdict_from_json
from tracker.verdict import AGE, Doubt, conclude

WITHIN = timedelta(days=7)
"""Checks of one account whose days lie further apart than this say nothing about each other."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_STANDS = (Status.AUTOMATIC, Status.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What another office concluded: `whom` names it, `asked` are the codes that it looked for, `at` when we learned of it."""

    whom: str
    verdict: Verdict
    asked: frozenset[str]
    at: datetime


def concluded(brief: Brief, profile: Profile) -> tuple[Verdict, tuple[Doubt, ...]]:
    """The verdict on one account, and what is disputed about it now."""
    plain = conclude(brief.facts, profile, brief.decisions, brief.notices)
    if not brief.carried or plain.conclusion is Conclusion.LIFECYCLE:
        return plain, ()
    asked = frozenset(code for rule in profile.rules for code in rule.codes)
    found = {one.code: one for other in others(brief.carried) for one in doubts(plain, asked, other, brief.decisions)}
    if not found:
        return plain, ()
    verdict = conclude(brief.facts, profile, brief.decisions, brief.notices, tuple(found.values()))
    return verdict, tuple(one for one in found.values() if one.open)


def others(carried: Sequence[OriginRecord]) -> tuple[Other, ...]:
    """The last word of each office on each of its checks."""
    last = {(one.told["fingerprint"], one.told["sweep"]): one for one in carried}
    return tuple(
        Other(
            whom=f"{one.told['office']}(指纹{one.told['fingerprint'][:8]})",
            verdict=verdict_from_json(one.told["verdict"]),
            asked=frozenset(one.told["asked"]),
            at=one.at or _NEVER,
        )
        for one in last.values()
    )


def doubts(own: Verdict, asked: frozenset[str], other: Other, decisions: Sequence[Decision]) -> Iterator[Doubt]:
    """What the two say otherwise of each other; a decision that a person made since closes it."""
    theirs = other.verdict
    if abs(own.check_date - theirs.check_date) > WITHIN or theirs.conclusion is Conclusion.LIFECYCLE:
        return
    for code, finding in _standing(own).items():
        if _denies(finding, own, theirs, other.asked):
            why = f"{other.whom}于{theirs.check_date:%Y-%m-%d}检查,{_said(theirs, code)},两级所见不一致,须由人核对"
            yield _doubt(code, why, finding, decisions, other)
    for code, finding in _standing(theirs).items():
        # ours is the later look, or a look at all, only where the rule was asked about here
        if _denies(finding, theirs, own, asked):
            seen = f"{other.whom}于{theirs.check_date:%Y-%m-%d}检查认定“{finding.message}”"
            why = f"{seen},本级{_said(own, code)},两级所见不一致,须由人核对"
            yield _doubt(code, why, finding, decisions, other)


def _doubt(code: str, why: str, finding: Finding, decisions: Sequence[Decision], other: Other) -> Doubt:
    since = any(one.code == code and one.at > other.at for one in decisions)
    return Doubt(code=code, why=why, message=finding.message, basis=finding.basis, open=not since)


def _standing(verdict: Verdict) -> Mapping[str, Finding]:
    return {one.code: one for one in verdict.findings if one.status in _STANDS}


def _denies(finding: Finding, of: Verdict, against: Verdict, asked: frozenset[str]) -> bool:
    """Whether `against` says that a finding of `of` is not so."""
    codes = AGE if finding.code in AGE else (finding.code,)
    same = [one for one in against.findings if one.code in codes]
    if any(one.status is not Status.DISMISSED for one in same):
        return False
    if same:
        return True
    if finding.code not in asked or any(one.code in codes for one in against.undetermined):
        return False
    return _seen_since(of, against) if finding.code in AGE else True


def _seen_since(silent: Verdict, other: Verdict) -> bool:
    """Whether one side saw a post that the other says was not there on its check day."""
    shown = other.latest_post
    if shown is None or shown > silent.check_date:
        return False
    return silent.latest_post is None or shown > silent.latest_post


def _said(verdict: Verdict, code: str) -> str:
    dismissed = any(one.code == code and one.status is Status.DISMISSED for one in verdict.findings)
    if dismissed:
        return "复核时驳回"
    if code in AGE and verdict.latest_post:
        return f"看到{verdict.latest_post:%Y-%m-%d}有更新"
    return "没有发现这个问题"
