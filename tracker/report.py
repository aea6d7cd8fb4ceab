"""Printing a form from a sweep's last judgement (DESIGN §8): draft with 未复核, or final when nothing is open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.clock import day
from tracker.errors import UsageError
from tracker.model import Conclusion, Status
from tracker.registry import seven_of
from tracker.reports import forms, noncompliant
from tracker.review import last_judgement
from tracker.store import Judgement, SweepRecord
from tracker.workspace import Workspace

_QUARTERS = ("一", "二", "三", "四")

Printer = Callable[[Path, Path], None]
"""Prints an HTML file into a PDF file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What was written; `files` empty = nobody fails, so nothing is printed (domain/annexes.md §8.8)."""

    title: str
    rows: int
    files: tuple[Path, ...]


def report(
    ws: Workspace, form: str, sweep: SweepRecord, *, to: Path, formats: Sequence[str], final: bool, printer: Printer | None
) -> Printed:
    """Write the form in every format into `to`. Raises UsageError when it is unknown, not judged, or not ready to be final."""
    forms.form_of(form)
    if final and sweep.kind != "check":
        raise UsageError(f"批次 {sweep.name} 是每周巡检,不能印发名单;请用正式检查的批次:--period 检查期")
    context = context_of(ws, sweep, last_judgement(ws, sweep), final=final)
    files = forms.write(context, to, formats, printer=printer, templates=ws.templates)
    return Printed(title=context.title, rows=len(context.rows), files=files)


def context_of(ws: Workspace, sweep: SweepRecord, judgement: Judgement, *, final: bool) -> noncompliant.NoncompliantContext:
    """What the form prints of a judgement. Raises UsageError when it is not ready to be final."""
    if final:
        _must_be_settled(judgement)
    start, end, period = window_of(ws, sweep)
    return noncompliant.build(
        title=noncompliant.title_of(period, ws.settings.scope),
        start=start,
        end=end,
        lines=[
            noncompliant.Line(account=one.account, verdict=one, seven=seven_of(one.account)[0], other=seven_of(one.account)[1])
            for one in judgement.verdicts
        ],
        draft=not final,
    )


def formal_check(ws: Workspace, period: str | None) -> str | None:
    """Name of the sweep that decides the printed list: the period's formal check, by default that of the latest sweep's period.

    Weekly sweeps never decide it. None = there is no sweep at all. Raises UsageError when there is no formal check.
    """
    sweeps = ws.store.sweeps()
    checks = [one for one in sweeps if one.kind == "check"]
    held = [one for one in checks if one.period == period] if period else checks
    if not held and (period or sweeps):
        raise UsageError(f"{f'检查期 {period} 里' if period else ''}还没有正式检查的批次;每周巡检不能作为印发名单的依据")
    if not held:
        return None
    same = [one for one in held if sweeps[-1].period and one.period == sweeps[-1].period]
    return (same or held)[-1].name


def window_of(ws: Workspace, sweep: SweepRecord) -> tuple[date, date, str]:
    """监测时间 and the period as printed: those of the sweep's period, else the days on which it looked and their quarter."""
    period = ws.store.period(sweep.period) if sweep.period else None
    if period is not None:
        return period.start, period.end, period.title
    days = [visit.check_date or day(visit.at) for visit in ws.store.visits(sweep.name)] or [sweep.window.until]
    return min(days), max(days), f"{max(days).year}年第{_QUARTERS[(max(days).month - 1) // 3]}季度"


def must_be_last(ws: Workspace, sweep: SweepRecord) -> None:
    """What was seen after the judgement may clear an account that it lists. Raises UsageError where anything was."""
    judgement = last_judgement(ws, sweep)
    newer = sum(visit.at > judgement.at for visit in ws.store.visits(sweep.name) if visit.account_id)
    if newer:
        raise UsageError(
            f"批次 {sweep.name} 在判定之后又有{newer}次采集,不能印发旧的结论;先运行 tracker judge --sweep {sweep.name}"
        )


def _must_be_settled(judgement: Judgement) -> None:
    open_ones = [
        f"{verdict.account.name}({finding.code})"
        for verdict in judgement.verdicts
        if verdict.conclusion is not Conclusion.LIFECYCLE
        for finding in verdict.findings
        if finding.status is Status.CANDIDATE
    ]
    if open_ones:
        raise UsageError(f"还有{len(open_ones)}条未复核,不能印发:{'、'.join(open_ones[:10])};先用 tracker review 确认或驳回")
