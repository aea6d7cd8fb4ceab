"""From a sweep's last judgement to the context of a form (DESIGN §8): what each printed table is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.clock import day
from tracker.model import Account, Conclusion, Period, Verdict
from tracker.registry import seven_of
from tracker.reports import inspection, ledger, matrix, noncompliant, sensitive_words, unseen, zombies
from tracker.reports.form import Context
from tracker.reports.lines import Line, result_text
from tracker.reports.wording import ROUTES
from tracker.store import Judgement, PaperLine, SweepRecord
from tracker.text import key
from tracker.workspace import Workspace

NEW = "新增备案"
"""Said of an account that last period's list could not hold; also its 状态 in the registry."""

Rectified = Callable[[Workspace, SweepRecord, Judgement], Mapping[str, str]]
"""Account id → 整改情况 of last period's findings (已整改, 未整改到位 …), for the accounts that had any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a builder may use. `title` is the period as printed (2020年第四季度)."""

    ws: Workspace
    sweep: SweepRecord
    judgement: Judgement
    start: date
    end: date
    title: str
    final: bool
    rectified: Rectified | None = None


def noncompliant_of(told: Told) -> noncompliant.NoncompliantContext:
    """不合格名单."""
    title = noncompliant.title_of(told.title, told.ws.settings.scope)
    return noncompliant.build(title=title, start=told.start, end=told.end, lines=_lines(told), draft=not told.final)


def inspection_of(told: Told) -> inspection.InspectionContext:
    """抽查情况: the drawn accounts, everybody where nothing was drawn."""
    drawn = _drawn(told)
    lines = [one for one in _lines(told, earlier=True) if drawn is None or one.account.account_id in drawn]
    return inspection.build(
        title=inspection.title_of(told.title, told.ws.settings.scope),
        start=told.start,
        end=told.end,
        lines=lines,
        draft=not told.final,
        period=told.title,
        scope=_scope(told, len(lines)),
    )


def zombies_of(told: Told) -> zombies.ZombiesContext:
    """僵尸账号检查结果."""
    title = zombies.title_of(told.title, told.ws.settings.place)
    return zombies.build(title=title, start=told.start, end=told.end, lines=_lines(told), draft=not told.final)


def matrix_of(told: Told) -> matrix.MatrixContext:
    """双微矩阵汇总表."""
    title = matrix.title_of(told.title)
    return matrix.build(title=title, start=told.start, end=told.end, lines=_lines(told), draft=not told.final)


def sensitive_words_of(told: Told) -> sensitive_words.SensitiveContext:
    """错敏信息清单. Its 整改情况 is that of this period's items, which no judgement knows: the office fills it in."""
    title = sensitive_words.title_of(told.title, told.ws.settings.place)
    return sensitive_words.build(title=title, start=told.start, end=told.end, lines=_lines(told), draft=not told.final)


def ledger_of(told: Told) -> ledger.LedgerContext:
    """检查台账."""
    title = ledger.title_of(told.title, told.ws.settings.scope)
    return ledger.build(title=title, start=told.start, end=told.end, lines=_lines(told), draft=not told.final)


def unseen_of(told: Told) -> unseen.UnseenContext:
    """未能核查清单: whom nobody meant to look at (not drawn, not visited) is not on it."""
    drawn, tried = _drawn(told), _tried(told)
    lines = [
        one
        for one in _lines(told, tried=tried)
        if drawn is None or one.account.account_id in drawn or one.account.account_id in tried
    ]
    title = unseen.title_of(told.title, told.ws.settings.scope)
    return unseen.build(title=title, start=told.start, end=told.end, lines=lines, draft=not told.final)


BUILDERS: Mapping[str, Callable[[Told], Context]] = {
    noncompliant.FORM.name: noncompliant_of,
    inspection.FORM.name: inspection_of,
    zombies.FORM.name: zombies_of,
    matrix.FORM.name: matrix_of,
    sensitive_words.FORM.name: sensitive_words_of,
    ledger.FORM.name: ledger_of,
    unseen.FORM.name: unseen_of,
}
"""Every form that is made of a judgement alone, by its name."""


def _lines(told: Told, *, earlier: bool = False, tried: Mapping[str, str] | None = None) -> list[Line]:
    before = _previous(told) if earlier else {}
    rectified = told.rectified(told.ws, told.sweep, told.judgement) if earlier and told.rectified else {}
    return [
        Line(
            account=one.account,
            verdict=one,
            seven=seven_of(one.account)[0],
            other=seven_of(one.account)[1],
            previous=before.get(one.account.account_id, ""),
            rectified=rectified.get(one.account.account_id, ""),
            tried=(tried or {}).get(one.account.account_id, ""),
        )
        for one in told.judgement.verdicts
    ]


def _drawn(told: Told) -> frozenset[str] | None:
    """Ids of the accounts drawn for the sweep's period; None where everybody is to be checked."""
    made = told.ws.store.last_draw(told.sweep.period) if told.sweep.period else None
    return frozenset(made.drawn) if made else None


def _scope(told: Told, count: int) -> str:
    """检查范围 as the note tells it, from the draw; it equals the rows of the form (annexes.md §8.7)."""
    made = told.ws.store.last_draw(told.sweep.period) if told.sweep.period else None
    if made is None or (made.method == "all" and len(made.drawn) == len(made.frame)):
        return f"在册的全部{count}个政务新媒体账号"
    if made.method == "new-failing":
        before = inspection.period_words(told.title)[1]
        return f"所有新报备的政务新媒体和{before}检查通报中存在突出问题的政务新媒体账号"
    return f"抽取的{count}个政务新媒体账号"


def _tried(told: Told) -> Mapping[str, str]:
    """Account id → when it was looked at by which route, in order of time."""
    found: dict[str, dict[str, None]] = {}
    for visit in told.ws.store.visits(told.sweep.name):
        on = visit.check_date or day(visit.at)
        found.setdefault(visit.account_id, {})[f"{on.month}月{on.day}日{ROUTES[visit.route]}"] = None
    return {account: ";".join(words) for account, words in found.items()}


def period_before(ws: Workspace, start: date) -> Period | None:
    """The last period that ended before a day; None when none did."""
    ended = [period for period in ws.store.periods() if period.end < start]
    return max(ended, key=lambda period: (period.end, period.start), default=None)


def _previous(told: Told) -> Mapping[str, str]:
    """Account id → what last period's printed list said of it, else the judgement of its formal check."""
    before = period_before(told.ws, told.start)
    said: dict[str, str] = {}
    if before is not None:
        paper = told.ws.store.paper(before.name)
        accounts = [one.account for one in told.judgement.verdicts]
        said = _of_paper(paper.lines, accounts) if paper else _of_check(told.ws, before)
    new = {one.account.account_id: NEW for one in told.judgement.verdicts if one.account.status == NEW}
    return {**new, **said}


def _of_paper(lines: Sequence[PaperLine], accounts: Sequence[Account]) -> dict[str, str]:
    ids = {(one.platform, key(one.name)): one.account_id for one in accounts}
    said: dict[str, str] = {}
    for line in lines:
        whom = line.account_id or ids.get((line.platform, key(line.name)), "")
        words = ",".join(one.phrase for one in line.findings) or line.result
        if whom and words:
            said[whom] = f"{said[whom]},{words}" if whom in said else words
    return said


def _of_check(ws: Workspace, period: Period) -> dict[str, str]:
    checks = [one.name for one in ws.store.sweeps() if one.period == period.name and one.kind == "check"]
    judgement = ws.store.last_judgement(checks[-1]) if checks else None
    verdicts: Sequence[Verdict] = judgement.verdicts if judgement else ()
    return {
        one.account.account_id: result_text(one, draft=False) for one in verdicts if one.conclusion is not Conclusion.TO_REVIEW
    }
