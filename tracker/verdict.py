"""From facts, profile and people's decisions to the verdict (DESIGN §4): pure, first that applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.absence import Absence, away, note, without
from tracker.clock import day
from tracker.facts import Facts, Unclear
from tracker.model import Conclusion, Decision, Effect, Finding, Reported, Status, Undetermined, Verdict
from tracker.rulebook import Breach, By, Passed, Rule, Ruling
from tracker.rulebook.profile import AbsenceEffect, Profile
from tracker.rulebook.taxonomy import kind_of

PRECEDENCE = ("M1", "UPD", "INT", "M3", "APP", "CNT", "REG", "COL")
"""Which finding is printed where a form takes one (domain/rules.md §4; M3 is the other half of the clause of INT, §1)."""

_RESTS_ON = {"UPD": "posts", "REG": "verification", "COL": "menu"}
"""The aspect that the automatic rules of a family read (`Facts.once`)."""

AGE = ("UPD-01", "UPD-02", "UPD-03", "UPD-04")
"""Codes that say how long an account was silent: one fact, told by its age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Another office saw otherwise (存疑). `open` = no person decided since: the finding waits, whatever was said before."""

    code: str
    why: str
    """One Chinese sentence."""
    message: str
    basis: str
    open: bool


def conclude(
    facts: Facts,
    profile: Profile,
    decisions: Sequence[Decision] = (),
    notices: Sequence[Absence] = (),
    doubts: Sequence[Doubt] = (),
) -> Verdict:
    """The verdict on one account. Decisions are this account's, in any order; the last one on a code counts.

    `notices` are its 停更报备; what they do is the profile's. The idle days of the verdict stay those of the calendar.
    `doubts`: what another office saw otherwise; a finding that only the other has waits for a person as well.
    """
    facts = replace(facts, calendar=profile.calendar) if facts.calendar is not profile.calendar else facts
    said = {one.code: one for one in sorted(decisions, key=lambda one: one.at)}
    exempt = profile.absence is AbsenceEffect.EXEMPT
    asked = without(facts, notices) if exempt else facts
    rulings = [(rule, _ruling(rule, facts, asked)) for rule in profile.rules]
    findings = tuple(_excused(one, facts, asked, rulings) for one in _findings(facts, profile, rulings, said))
    findings = _doubted(findings, doubts, profile, facts, said)
    undetermined = _undetermined(facts, rulings, findings, said, profile.must_know)
    conclusion, word = _conclusion(facts, profile, findings, undetermined)
    bounds = facts.idle.bounds
    known = bounds.least > 0 or bounds.most is not None
    return Verdict(
        account=facts.account,
        conclusion=conclusion,
        word=word,
        check_date=facts.check_date,
        latest_post=day(facts.latest.at) if facts.latest else None,
        idle_days=bounds if known else None,
        findings=findings,
        undetermined=undetermined,
        printed_date=facts.printed_date,
        notes=_notes(facts, profile, notices, exempt),
    )


def _notes(facts: Facts, profile: Profile, notices: Sequence[Absence], exempt: bool) -> tuple[str, ...]:
    shown = (facts.shown_before,) if facts.shown_before else ()
    if profile.absence is AbsenceEffect.NONE:
        return shown
    return (*shown, *(note(one, facts, exempt) for one in away(facts, notices)))


def _ruling(rule: Rule, facts: Facts, asked: Facts) -> Ruling:
    """The ruling where days of absence do not count; the sums behind a breach start from the calendar and say what is left."""
    ruling = rule.ask(asked)
    if asked is facts or not isinstance(ruling, Breach):
        return ruling
    plain = rule.ask(facts)
    if not isinstance(plain, Breach):
        return ruling
    days, left = plain.slots.get("days"), ruling.slots.get("days")
    if not isinstance(days, int) or not isinstance(left, int) or days == left:
        return ruling
    among = f",其中工作日{ruling.slots['working_days']}个" if getattr(rule, "working", False) else ""
    return replace(ruling, arithmetic=f"{plain.arithmetic};扣除停更报备期内的{days - left}天,计{left}天{among}")


def _excused(finding: Finding, facts: Facts, asked: Facts, rulings: Sequence[tuple[Rule, Ruling]]) -> Finding:
    """A silence that a person reported and that only the days of absence make too short to matter: kept, but only noted."""
    kept = any(
        finding.code in rule.codes and isinstance(ruling, Passed) and isinstance(rule.ask(facts), Breach)
        for rule, ruling in rulings
        if asked is not facts and rule.code in AGE
    )
    return replace(finding, effect=Effect.NOTE, arithmetic=f"{finding.arithmetic};停更报备期内的天数不计") if kept else finding


def _findings(
    facts: Facts, profile: Profile, rulings: Sequence[tuple[Rule, Ruling]], said: Mapping[str, Decision]
) -> tuple[Finding, ...]:
    told = {one.code: one for one in facts.reported if one.broken}
    by_code: dict[str, Finding] = {}
    for rule, ruling in rulings:
        if isinstance(ruling, Breach):
            by_code[ruling.code] = _breach(rule, ruling, profile, told.get(ruling.code), said, facts)
    for code, one in told.items():
        if code not in by_code:
            by_code[code] = _told(one, profile, rulings, said, facts)
    return tuple(sorted(by_code.values(), key=lambda finding: rank(finding.code)))


def _breach(
    rule: Rule, ruling: Breach, profile: Profile, told: Reported | None, said: Mapping[str, Decision], facts: Facts
) -> Finding:
    # a person dismissed the same fault under another code (a shorter silence): whether this is news, a person says again
    again = any(one.code in rule.codes and not one.confirmed for one in said.values())
    effect = _effect(ruling.code, rule.codes, profile, facts)
    # one reading of a public page may be of a page that hides the newest: a veto waits for a second one, or for a person
    once = effect is Effect.VETO and _RESTS_ON.get(rule.code.split("-")[0]) in facts.once
    doubt = "公开页面只读到一次,须由人核对" if once else ruling.doubt
    status = Status.AUTOMATIC if rule.by is By.AUTOMATIC and not again and not doubt else Status.CANDIDATE
    return _decided(
        Finding(
            code=ruling.code,
            message=profile.sentence(ruling.code, rule.title, {**_slots(facts, rule.codes, told), **ruling.slots}),
            basis=rule.basis,
            effect=effect,
            status=Status.CONFIRMED if told else status,
            arithmetic=";".join(filter(None, (ruling.arithmetic, doubt))),
            counterfactual=ruling.counterfactual,
            hits=ruling.hits,
            phrase=told.phrase if told else "",
        ),
        said,
    )


def _doubted(
    findings: Sequence[Finding], doubts: Sequence[Doubt], profile: Profile, facts: Facts, said: Mapping[str, Decision]
) -> tuple[Finding, ...]:
    by_code = {one.code: one for one in findings}
    for doubt in doubts:
        held = by_code.get(doubt.code)
        if held is not None and doubt.open:
            told = ";".join(filter(None, (held.arithmetic, doubt.why)))
            by_code[doubt.code] = replace(held, status=Status.CANDIDATE, arithmetic=told)
        elif held is None:
            effect = _effect(doubt.code, (doubt.code,), profile, facts)
            fresh = Finding(
                code=doubt.code,
                message=doubt.message,
                basis=doubt.basis,
                effect=effect,
                status=Status.CANDIDATE,
                arithmetic=doubt.why,
            )
            by_code[doubt.code] = fresh if doubt.open else _decided(fresh, said)
    return tuple(sorted(by_code.values(), key=lambda finding: rank(finding.code)))


def _told(
    one: Reported, profile: Profile, rulings: Sequence[tuple[Rule, Ruling]], said: Mapping[str, Decision], facts: Facts
) -> Finding:
    """A finding that only a person reported; where the program proves the rule kept, the card shows both.

    A silence against which a stored post speaks waits for a person: nobody is printed as silent beside the proof of the contrary.
    """
    asked = next(((rule, ruling) for rule, ruling in rulings if one.code in rule.codes), None)
    against = f";但{asked[1].because}" if asked and isinstance(asked[1], Passed) else ""
    codes = asked[0].codes if asked else (one.code,)
    kind = kind_of(one.code)
    words = one.phrase or (asked[0].title if asked else kind.title if kind else one.code)
    return _decided(
        Finding(
            code=one.code,
            message=profile.sentence(one.code, words, _slots(facts, codes, one)),
            basis=asked[0].basis if asked else (kind.basis if kind else "检查人填报"),
            effect=_effect(one.code, codes, profile, facts),
            status=Status.CANDIDATE if asked and _belied(*asked, facts) else Status.CONFIRMED,
            arithmetic=f"检查人填报“{words}”{against}",
            phrase=one.phrase,
        ),
        said,
    )


def _slots(facts: Facts, codes: Sequence[str], told: Reported | None) -> Mapping[str, object]:
    """What the sentence of every finding may use (`rulebook.rule.SLOTS`)."""
    account, repeated = facts.account, bool(set(facts.before).intersection(codes))
    phrase = told.phrase if told else ""
    named = {"kind": account.kind, "name": account.name, "organisation": account.organisation, "phrase": phrase}
    return {**named, "check_date": facts.check_date, "repeated": repeated}


def _effect(code: str, codes: Sequence[str], profile: Profile, facts: Facts) -> Effect:
    """The profile's effect; where it warns first, a veto that did not stand in the period before only reminds."""
    effect = profile.effect(code)
    first = profile.warns(code) and not set(facts.before).intersection(codes)
    return Effect.REMIND if first and effect is Effect.VETO else effect


def _belied(rule: Rule, ruling: Ruling, facts: Facts) -> bool:
    """Whether a post that a machine stored (it has an id, a clerk's date has none) proves a rule of silence kept."""
    if rule.code not in AGE or not isinstance(ruling, Passed) or not isinstance(rule.ask(facts), Passed):
        return False
    shown = facts.posts if rule.code == "UPD-04" else (facts.latest,)
    return any(post is not None and post.id and day(post.at) <= facts.check_date for post in shown)


def _decided(finding: Finding, said: Mapping[str, Decision]) -> Finding:
    decision = said.get(finding.code)
    if decision is None:
        return finding
    return replace(finding, status=Status.CONFIRMED if decision.confirmed else Status.DISMISSED)


def _undetermined(
    facts: Facts,
    rulings: Sequence[tuple[Rule, Ruling]],
    findings: Sequence[Finding],
    said: Mapping[str, Decision],
    must_know: Sequence[str],
) -> tuple[Undetermined, ...]:
    # a confirmation counts as long as its finding stands; where the evidence for it fell, nothing is known
    dismissed = {code for code, one in said.items() if not one.confirmed}
    answered = {one.code for one in facts.reported} | {finding.code for finding in findings} | dismissed
    told_age = any(one.code in AGE and one.status is not Status.DISMISSED and one.effect is Effect.VETO for one in findings)
    unclear = [
        (rule, ruling)
        for rule, ruling in rulings
        if isinstance(ruling, Unclear) and not answered.intersection(rule.codes) and not (told_age and rule.code in AGE)
    ]
    # what decides the conclusion comes first, what only people can see last
    unclear.sort(key=lambda one: (one[0].code not in must_know, one[0].by is By.PERSON))
    return tuple(Undetermined(code=rule.code, reason=";".join(ruling.reasons)) for rule, ruling in unclear)


def _conclusion(
    facts: Facts, profile: Profile, findings: Sequence[Finding], undetermined: Sequence[Undetermined]
) -> tuple[Conclusion, str]:
    account = facts.account
    leaving = account.status_date is None or account.status_date <= facts.check_date
    if account.status in profile.lifecycle and leaving:
        dated = f"{account.status_date.month}.{account.status_date.day}" if account.status_date else ""
        return Conclusion.LIFECYCLE, f"{dated}{account.status}"
    vetoes = [finding for finding in findings if finding.effect is Effect.VETO]
    if any(finding.status in (Status.CONFIRMED, Status.AUTOMATIC) for finding in vetoes):
        reached = Conclusion.FAILED
    elif any(finding.status is Status.CANDIDATE for finding in vetoes):
        reached = Conclusion.TO_REVIEW
    elif {one.code for one in undetermined}.intersection(profile.must_know):
        reached = Conclusion.UNCHECKED
    else:
        reached = Conclusion.PASSED
    return reached, profile.word(reached, _counting(findings, Effect.VETO if reached is Conclusion.FAILED else None))


def _counting(findings: Sequence[Finding], effect: Effect | None) -> str:
    """The sentences of the settled findings (with this effect, if one is told), each once."""
    settled = [one for one in findings if one.status in (Status.CONFIRMED, Status.AUTOMATIC) and effect in (None, one.effect)]
    return ",".join(dict.fromkeys(one.message for one in settled))


def rank(code: str) -> tuple[int, str]:
    """Sort key of a code by precedence."""
    family = code.split("-")[0]
    return (PRECEDENCE.index(family) if family in PRECEDENCE else len(PRECEDENCE), code)
