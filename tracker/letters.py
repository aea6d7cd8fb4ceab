"""From a sweep's last judgement to the letters: the bulletin, one account's report, the notices of rectification (DESIGN §8)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tracker.clock import day
from tracker.draw import in_use, scope_sentence
from tracker.errors import UsageError
from tracker.forms import BUILDERS, Told, period_before
from tracker.model import Account, Conclusion, Finding, Period, Verdict
from tracker.rectify import recheck
from tracker.registry import seven_of
from tracker.reports import bulletin, noncompliant, notice
from tracker.reports.form import AnyTable, TableContext
from tracker.reports.letter import Office
from tracker.reports.lines import Line, printable
from tracker.settings import BulletinSettings
from tracker.statistics import Before, Recheck, Share, Statistics, compare
from tracker.statistics import build as count
from tracker.workspace import Workspace

KEYS: Mapping[str, str] = {
    "issuer": "发文机关",
    "number": "发文字号",
    "recipients": "主送机关",
    "basis": "检查依据",
    "issued": "成文日期",
    "contact": "联系人及电话",
    "deadline": "整改期限",
}
"""Settings that a final letter may need, with what they are; 期限 may be told as deadline_days."""

_FULL_WIDTH = str.maketrans(",;:()", "，；：（）")
_YEAR = re.compile(r"^(\d{4})年(.+)$")


def office_of(ws: Workspace) -> Office:
    """The office's own words, from tracker.toml."""
    told = ws.settings.bulletin
    same = ("issuer", "number", "recipients", "basis", "organiser", "report_to", "contact", "signature", "issued")
    return Office(
        **{name: getattr(told, name) for name in (*same, "public_note", "measures", "objection_days")},
        deadline=deadline_of(told),
    )


def deadline_of(told: BulletinSettings) -> date | None:
    """整改期限: the day itself, else so many days after 成文日期; None where neither can be said."""
    if told.deadline is None and told.deadline_days and told.issued:
        return told.issued + timedelta(days=told.deadline_days)
    return told.deadline


def must_be_told(office: Office, keys: Sequence[str]) -> None:
    """A final letter has no blanks. Raises UsageError naming the keys that are missing."""
    missing = [f"{key}({KEYS[key]})" for key in keys if not getattr(office, key)]
    if missing:
        raise UsageError(
            f"tracker.toml 的 [bulletin] 里还没有填 {'、'.join(missing)},不能印发;请填好再试,或先看草稿(命令行:去掉 --final)"
        )


def bulletin_of(told: Told) -> bulletin.BulletinContext:
    """检查情况的通报, with what became of last period's failing accounts where a period before is known.

    Raises UsageError where a final one lacks a setting, or an annex is no form that is a table.
    """
    ws, office = told.ws, office_of(told.ws)
    annexes = annexes_of(told, ws.settings.bulletin.annexes)
    one_each = any(one.form == noncompliant.FORM.name for one in annexes)
    figures = figures_of(told, one_each=one_each)
    if told.final:
        needed = ("issuer", "number", "recipients", "basis", "issued", "contact")
        must_be_told(office, (*needed, "deadline") if figures.failed else needed)
    profile = ws.profile(told.judgement.profile)
    failing = [one for one in told.judgement.verdicts if one.conclusion in (Conclusion.FAILED, Conclusion.TO_REVIEW)]
    check = bulletin.Check(
        period=told.title,
        scope=ws.settings.scope,
        start=told.start,
        end=told.end,
        as_of=day(told.sweep.started_at),
        figures=figures,
        coverage=coverage_of(told, figures),
        draft=not told.final,
        comparison=compare(figures, before_of(told, figures.places)),
        recheck=recheck_of(told),
        chosen=one_each and any(len(printable(one, draft=not told.final)) > 1 for one in failing),
        passed=profile.words[Conclusion.PASSED],
    )
    return bulletin.build(check, office, annexes, ws.templates)


def annexes_of(told: Told, forms: Sequence[str]) -> tuple[AnyTable, ...]:
    """The annexes that the office wants. Raises UsageError for a name that is no table."""
    made = []
    for form in forms:
        if form not in BUILDERS:
            raise UsageError(f"tracker.toml 的 [bulletin] annexes 里没有名为 {form} 的表;可用的是 {'、'.join(BUILDERS)}")
        table = BUILDERS[form](told)
        if isinstance(table, TableContext):
            made.append(table)
    return tuple(made)


def figures_of(told: Told, *, one_each: bool) -> Statistics:
    """The figures of the check: of who was drawn or looked at. `one_each` = an account counts for the one finding of its row."""
    draft = not told.final

    def shown(verdict: Verdict) -> Sequence[Finding]:
        return [noncompliant.printed_finding(verdict, draft=draft)] if one_each else printable(verdict, draft=draft)

    return count(
        checked_of(told),
        registered_of(told),
        shown=shown,
        places=told.ws.settings.bulletin.decimals,
        draft=draft,
        leaving_counts=told.ws.profile(told.judgement.profile).lifecycle_counts,
    )


def checked_of(told: Told) -> list[Verdict]:
    """Who was drawn or looked at: whom nobody meant to look at is neither checked nor 未能核查."""
    drawn = _drawn(told)
    if drawn is None:
        return list(told.judgement.verdicts)
    visited = {visit.account_id for visit in told.ws.store.visits(told.sweep.name)}
    settled = (Conclusion.FAILED, Conclusion.TO_REVIEW)
    return [
        one
        for one in told.judgement.verdicts
        if one.account.account_id in drawn or one.account.account_id in visited or one.conclusion in settled
    ]


def registered_of(told: Told) -> tuple[Account, ...]:
    """The registry as it stood when the check began: what the list was drawn from, else what was filed by then and in use."""
    made = told.ws.store.last_draw(told.sweep.period) if told.sweep.period else None
    filed = {one.account_id: one for one in told.ws.store.accounts()}
    frozen = {one.account_id: one for one in told.sweep.accounts} | {
        one.account.account_id: one.account for one in told.judgement.verdicts
    }
    if made:
        others = [filed[own] for own in made.frame if own not in frozen and own in filed]
        ids = {*made.frame, *(one.account.account_id for one in checked_of(told))}
    else:
        others = [one for one in in_use(list(filed.values())) if one.account_id not in frozen and _filed_by_then(told, one)]
        ids = {*frozen, *(one.account_id for one in others)}
    kept = [one for one in (*frozen.values(), *others) if one.account_id in ids]
    return tuple(sorted(kept, key=lambda account: account.position))


def _filed_by_then(told: Told, account: Account) -> bool:
    entered = [one.at for one in told.ws.store.history(account.account_id) if one.field == "account_id"]
    return bool(entered) and min(entered) < told.sweep.started_at


def _drawn(told: Told) -> frozenset[str] | None:
    made = told.ws.store.last_draw(told.sweep.period) if told.sweep.period else None
    return frozenset(made.drawn) if made else None


def coverage_of(told: Told, figures: Statistics) -> str:
    """What was checked: the draw's own sentence where exactly the drawn accounts were, else how many."""
    rate = f"检查率{'' if figures.check_rate.exact else '约'}为{figures.check_rate.text}"
    made = told.ws.store.last_draw(told.sweep.period) if told.sweep.period else None
    checked = {one.account.account_id for one in checked_of(told)}
    if made and len(made.frame) == figures.registered and set(made.drawn) == checked:
        return f"本次{scope_sentence(made, rate)}".translate(_FULL_WIDTH)
    if figures.checked == figures.registered:
        return f"本次对在册的全部{figures.registered}个政务新媒体进行了全面检查，检查率为100%。"
    return f"本次对其中{figures.checked}个进行了检查，{rate}。"


def before_of(told: Told, places: int) -> Before | None:
    """What is stored of the period before: of our own formal check everything, of a printed list how many it says fail."""
    before = period_before(told.ws, told.start)
    if before is None:
        return None
    title = short_title(before, told.start)
    paper = told.ws.store.paper(before.name)
    if paper is not None:
        words = {line.result for line in paper.lines}
        failed = {line.account_id or f"{line.platform}:{line.name}" for line in paper.lines if line.result == "不合格"}
        return Before(title=title, failed=len(failed)) if words == {"不合格"} else None
    checks = [one for one in told.ws.store.sweeps() if one.period == before.name and one.kind == "check"]
    sweep = told.ws.store.sweep(checks[-1].name) if checks else None
    judgement = told.ws.store.last_judgement(sweep.name) if sweep else None
    if sweep is None or judgement is None:
        return None
    return _before(checked_of(replace(told, sweep=sweep, judgement=judgement)), title, places)


def _before(verdicts: Sequence[Verdict], title: str, places: int) -> Before | None:
    """None where something of it still waits for a person: then nothing was issued to compare with."""
    of = [one.conclusion for one in verdicts]
    if Conclusion.TO_REVIEW in of:
        return None
    failed, seen = of.count(Conclusion.FAILED), len(of) - of.count(Conclusion.UNCHECKED)
    rate = Share(part=seen - failed, whole=seen, places=places) if seen else None
    return Before(title=title, failed=failed, passed=of.count(Conclusion.PASSED), rate=rate)


def recheck_of(told: Told) -> Recheck | None:
    """What became of the accounts that the period before found faulty; None where there is none, or nothing is known of it."""
    before = period_before(told.ws, told.start)
    if before is None or not _has_result(told.ws, before):
        return None
    found = recheck(told.ws, told.sweep, before).summary
    if not found.formerly:
        return None
    return Recheck(
        title=short_title(before, told.start),
        formerly=found.formerly,
        rectified=found.rectified,
        partly=found.partly,
        not_rectified=found.not_rectified,
        closing=found.closing,
        unseen=found.unknown,
    )


def _has_result(ws: Workspace, period: Period) -> bool:
    if ws.store.paper(period.name) is not None:
        return True
    checks = [one.name for one in ws.store.sweeps() if one.period == period.name and one.kind == "check"]
    return bool(checks) and ws.store.last_judgement(checks[-1]) is not None


def short_title(period: Period, start: date) -> str:
    """第三季度 of the same year, 2025年第四季度 of another."""
    told = _YEAR.match(period.title)
    return told[2] if told and int(told[1]) == start.year else period.title


def notices_of(told: Told) -> tuple[notice.NoticeContext, ...]:
    """整改通知单, one per organisation that has failing accounts. Raises UsageError where a final one lacks a setting."""
    office = office_of(told.ws)
    if told.final:
        must_be_told(office, ("issuer", "basis", "issued", "contact", "deadline"))
    return notice.build(
        office=office,
        period=told.title,
        scope=told.ws.settings.scope,
        start=told.start,
        end=told.end,
        lines=[Line(account=one.account, verdict=one, seven=seven_of(one.account)[0]) for one in told.judgement.verdicts],
        draft=not told.final,
        templates=told.ws.templates,
    )
