"""From a present verdict to what it says code by code: what stands, what is proven kept, what is unknown (DESIGN §4)."""

from collections.abc import Iterable, Mapping, Sequence

from tracker.facts.standing import standing
from tracker.facts.whose import own
from tracker.model import (
    Account,
    Aspect,
    Conclusion,
    Decision,
    Effect,
    Finding,
    Identity,
    Reported,
    Route,
    Seen,
    Status,
    StoredVisit,
    Verdict,
)
from tracker.rectify.hold import GONE, SILENCE, STOPPED, settled, silent_since
from tracker.rectify.records import Present
from tracker.rulebook.profile import Profile

_CHANGED = "口径在判定之后改过,看不出当时查没查这一项;请重新判定"


def present(
    verdict: Verdict, profile: Profile, digest: str, visits: Sequence[StoredVisit], decisions: Sequence[Decision] = ()
) -> Present:
    """What a verdict says of each code. `visits` and `decisions` are those of the account in that check.

    `digest` is the judgement's: where the profile was changed since, it cannot be told which rules were asked, so what no
    person answered is unknown.
    """
    account = verdict.account
    looked = standing(own(account, visits))
    reported = [one for visit in looked if visit.route is Route.MANUAL for one in visit.observation.reported]
    findings = tuple(one for one in verdict.findings if one.status is not Status.DISMISSED and not _excused(one, profile))
    unknown = {one.code: one.reason for one in verdict.undetermined}
    kept = _by_people(reported, decisions, findings) | _excuses(verdict, profile)
    by_rules = _by_rules(verdict, profile, findings, unknown)
    if digest == profile.digest:
        kept = by_rules | kept
    else:
        unknown = dict.fromkeys(by_rules, _CHANGED) | unknown
    closing, hint = _closing(account, verdict, findings, looked)
    return Present(
        account=account,
        conclusion=verdict.conclusion,
        word=verdict.word,
        check_date=verdict.check_date,
        latest_post=verdict.latest_post,
        silent_since=silent_since(verdict.check_date, verdict.idle_days.least if verdict.idle_days else 0),
        findings=findings,
        kept=kept,
        unknown=unknown,
        closing=closing,
        hint=hint,
        files=tuple(visit.file for visit in visits if _read(visit)),
    )


def _read(visit: StoredVisit) -> bool:
    """Whether the visit showed anything."""
    said = visit.observation
    return bool(said.reported) or any(isinstance(found, Seen) for found in said.aspects.values())


def _excused(finding: Finding, profile: Profile) -> bool:
    """A silence that only a notice of absence excuses (`verdict._excused`): noted where the profile has a veto."""
    lighter = finding.effect is Effect.NOTE and profile.effect(finding.code) is Effect.VETO
    return lighter and finding.code in SILENCE and finding.status in (Status.CONFIRMED, Status.AUTOMATIC)


def _excuses(verdict: Verdict, profile: Profile) -> dict[str, str]:
    return {one.code: one.arithmetic for one in verdict.findings if one.status is not Status.DISMISSED and _excused(one, profile)}


def _by_people(reported: Iterable[Reported], decisions: Sequence[Decision], findings: Iterable[Finding]) -> dict[str, str]:
    """Codes that a person looked at and found fine; not where a finding stands or waits all the same."""
    open_codes = {one.code for one in findings}
    told = {one.code: "检查人看过,没有这个问题" for one in reported if not one.broken}
    last = {one.code: one for one in sorted(decisions, key=lambda one: one.at)}
    told |= {code: f"{one.who or '复核人'}{one.at:%Y-%m-%d}驳回:{one.why}" for code, one in last.items() if not one.confirmed}
    return {code: why for code, why in told.items() if code not in open_codes}


def _by_rules(verdict: Verdict, profile: Profile, findings: Sequence[Finding], unknown: Mapping[str, str]) -> dict[str, str]:
    """Codes of the rules that were asked and neither broken nor left open."""
    broken = {one.code for one in findings}
    told: dict[str, str] = {}
    for rule in profile.rules:
        if rule.code in unknown or broken.intersection(rule.codes):
            continue
        told |= dict.fromkeys(rule.codes, _why(rule.title, verdict, silence=rule.code in SILENCE))
    return told


def _why(title: str, verdict: Verdict, *, silence: bool) -> str:
    on = f"检查日{verdict.check_date:%Y-%m-%d}"
    if silence and verdict.latest_post:
        return f"{on},最近发布{verdict.latest_post:%Y-%m-%d}"
    return f"{on}查过“{title}”,没有这个问题"


def _closing(account: Account, verdict: Verdict, findings: Sequence[Finding], visits: Iterable[StoredVisit]) -> tuple[str, str]:
    """How far the account is on its way out, and the platform's unconfirmed words (domain/rules.md §3).

    The registry's status counts where the profile lets it (the verdict then is the lifecycle's); what the platform says is
    confirmed by a person through REG-06.
    """
    if verdict.conclusion is Conclusion.LIFECYCLE:
        return verdict.word, ""
    stands = {one.code for one in settled(findings)}
    if "REG-06" in stands:
        return GONE, ""
    if account.status == STOPPED or "LIF-01" in stands:
        return STOPPED, ""
    dismissed = any(one.code == "REG-06" and one.status is Status.DISMISSED for one in verdict.findings)
    return "", "" if dismissed else _platform(visits)


def _platform(visits: Iterable[StoredVisit]) -> str:
    for visit in visits:
        seen = visit.observation.aspects.get(Aspect.EXISTENCE)
        if isinstance(seen, Seen) and isinstance(seen.value, Identity) and seen.value.closed:
            return seen.value.closed
    return ""
