"""Printing a form from a sweep's last judgement (DESIGN §8): a numbered draft with 未复核, or final when every gate is open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker import rectify, versions
from tracker.account_letter import LETTERS, Drawer
from tracker.checking import Record, check
from tracker.clock import day, now
from tracker.consult.answers import amended
from tracker.errors import UsageError
from tracker.forms import BUILDERS, Rectified, Told, noncompliant_of
from tracker.gates import Gate, candidates, disagreeing, gates, issued, must_open, stale
from tracker.model import Account
from tracker.record import record_of, speaks_of
from tracker.reports import bulletin, forms
from tracker.reports.form import Context, TableContext
from tracker.reports.noncompliant import NoncompliantContext
from tracker.review import last_judgement
from tracker.store import Judgement, SweepRecord
from tracker.versions import Imprint, Placed, Published, Series, Workshop
from tracker.workspace import Workspace

_QUARTERS = ("一", "二", "三", "四")

Printer = Callable[[Path, Path], None]
"""Prints an HTML file into a PDF file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What was written; `files` empty = the table has no rows, so nothing is printed (domain/annexes.md §8.8).

    `left_out`: accounts that belong on the list, but whose platform the form has no column for.
    """

    title: str
    rows: int
    files: tuple[Path, ...]
    left_out: int = 0
    label: str = ""
    """第1稿, 印发稿, 更正1 …; empty where nothing was printed."""
    again: bool = False
    """Whether this content was printed before and keeps its number."""
    placed: tuple[Placed, ...] = ()
    released: tuple[Gate, ...] = ()
    """The gates that the written reason opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who prints, when, and why in spite of a releasable gate; `at` None = now, `who` empty = the inspector of tracker.toml."""

    who: str = ""
    because: str = ""
    at: datetime | None = None
    fresh: bool = False
    """That the caller judged everything that came in just now: then nothing can be newer than the judgement."""


def report(
    ws: Workspace,
    form: str,
    sweep: SweepRecord,
    *,
    to: Path,
    formats: Sequence[str],
    final: bool,
    printer: Printer | None,
    rectified: Rectified | None = None,
    account: Account | None = None,
    drawer: Drawer | None = None,
    order: Order | None = None,
) -> Printed:
    """Write the form in every format into `to` and number it. Raises UsageError when unknown, not judged, or a gate is closed.

    `rectified` tells 整改情况 where a form has a column for it, by default against the period before. `account` is whom an
    account report is about, `drawer` makes its picture for Word.
    """
    forms.form_of(form)
    order = order or Order()
    judgement = last_judgement(ws, sweep)
    closed = _closed(ws, sweep, judgement, order) if final else ()
    facts = told(ws, sweep, judgement, final=final, rectified=rectified or _rectified)
    contexts = LETTERS[form](facts, account, drawer) if form in LETTERS else (form_context(form, facts),)

    def write(folder: Path) -> list[Path]:
        each = [forms.write(one, folder, formats, printer=printer, templates=ws.templates) for one in contexts]
        return [path for files in each for path in files]

    if not any(map(_holds, contexts)):
        write(to)
        return _printed(contexts)
    series = Series(sweep=sweep, form=form, kind="final" if final else "draft", whom=account.account_id if account else "")
    return _numbered(facts, contexts, series, write, to, order, closed)


def _rectified(ws: Workspace, sweep: SweepRecord, judgement: Judgement) -> Mapping[str, str]:
    """整改情况 against the period before; empty where nothing is known of one."""
    return {whom: word for whom, (_, word) in rectify.words(ws, sweep).items()}


def _holds(context: Context) -> bool:
    return not isinstance(context, TableContext) or bool(context.rows)


def _printed(contexts: Sequence[Context], done: Published | None = None, released: Sequence[Gate] = ()) -> Printed:
    """What is told of a print: rows and 未列入 of a table, of letters how many there are."""
    table = contexts[0] if contexts and isinstance(contexts[0], TableContext) else None
    placed = done.placed if done else ()
    return Printed(
        title=contexts[0].title if contexts else "",
        rows=len(table.rows) if table else len(contexts),
        files=tuple(one.path for one in placed),
        left_out=table.left_out if table else 0,
        label=done.label if done else "",
        again=done.again if done else False,
        placed=placed,
        released=tuple(released),
    )


def _numbered(
    facts: Told,
    contexts: Sequence[Context],
    series: Series,
    write: Callable[[Path], Sequence[Path]],
    to: Path,
    order: Order,
    closed: tuple[Gate, ...],
) -> Printed:
    """Made aside, checked where it is a final bulletin, numbered, put in place; broken off before that it leaves nothing."""
    ws, content = facts.ws, versions.content_of(contexts, facts.ws.templates)
    if facts.final:
        closed += issued(facts, series.form, series.whom, content)
        must_open(closed, order.because)
    with Workshop.opened(ws, to) as workshop:
        files = write(workshop.folder)
        if facts.final and series.form == bulletin.FORM.name:
            closed += _disagreeing(facts, contexts, workshop.folder, files)
            must_open(closed, order.because)
        imprint = Imprint(
            series=series,
            content=content,
            title=contexts[0].title,
            judgement=facts.judgement,
            rows=versions.rows_of(contexts, facts.judgement.verdicts),
            who=order.who or ws.settings.inspector,
            at=order.at or now(),
            reason=order.because.strip(),
            gates=tuple(dict.fromkeys(one.slug for one in closed)),
        )
        done = versions.publish(ws, workshop, files, imprint)
    return _printed(contexts, done, closed)


def _disagreeing(facts: Told, contexts: Sequence[Context], folder: Path, files: Sequence[Path]) -> tuple[Gate, ...]:
    """What the check says of the bulletin as written; where no Word file was asked for, of one made for the check alone."""
    words = [path for path in files if path.suffix == ".docx"]
    with TemporaryDirectory(dir=folder, prefix="check-") as aside:
        if not words:
            for one in contexts:
                words += forms.write(one, Path(aside), ["docx"], templates=facts.ws.templates)
        return disagreeing(check(words, record=record_of(facts)).wrong)


def _closed(ws: Workspace, sweep: SweepRecord, judgement: Judgement, order: Order) -> tuple[Gate, ...]:
    """The closed gates that a reason may open. Raises UsageError naming all of them where one is among them that none can."""
    if sweep.kind != "check":
        raise UsageError(f"批次 {sweep.name} 是每周巡检,不能印发名单;请用正式检查的批次(命令行:--period 检查期)")
    closed = gates(ws, sweep, judgement, today=day(order.at or now()), fresh=order.fresh)
    if not all(one.releasable for one in closed):
        must_open(closed, order.because)
    return closed


def form_context(form: str, told: Told) -> Context:
    """The context of a form. Raises UsageError for one that is not made of a judgement alone."""
    if form not in BUILDERS:
        raise UsageError(f"报表 {form} 不能只凭一次判定打印;可以的是 {'、'.join(BUILDERS)}。")
    return BUILDERS[form](told)


def told(ws: Workspace, sweep: SweepRecord, judgement: Judgement, *, final: bool, rectified: Rectified | None = None) -> Told:
    """What a form is made of. Raises UsageError when the judgement is not ready to be final."""
    if final:
        _must_be_settled(judgement)
    start, end, period = window_of(ws, sweep)
    shown = amended(ws, judgement)
    return Told(ws=ws, sweep=sweep, judgement=shown, start=start, end=end, title=period, final=final, rectified=rectified)


def context_of(ws: Workspace, sweep: SweepRecord, judgement: Judgement, *, final: bool) -> NoncompliantContext:
    """What 不合格名单 prints of a judgement. Raises UsageError when it is not ready to be final."""
    return noncompliant_of(told(ws, sweep, judgement, final=final))


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


def record_for(ws: Workspace, files: Sequence[Path], sweep: str | None, *, asked: bool) -> tuple[Record | None, str]:
    """What the workspace knows of the bulletin in these files, and a sentence that says whether it was held against it.

    Unless `asked`, only where the files name the place and the period of the check: a bulletin of another city is none of ours.
    Raises UsageError when there is no such sweep, it was never judged, or a file cannot be read.
    """
    chosen = ws.sweep(sweep)
    title = window_of(ws, chosen)[2]
    if not asked and not speaks_of(files, ws.settings.place, title):
        return (
            None,
            f"没有与工作区对照:文件里没有“{ws.settings.place}”和“{title}”;"
            f"它说的若是这一批,命令行里写 --sweep {chosen.name} 可以对照",
        )
    found = record_of(told(ws, chosen, last_judgement(ws, chosen), final=False))
    return found, f"已与批次 {chosen.name} 的检查结果对照"


def window_of(ws: Workspace, sweep: SweepRecord) -> tuple[date, date, str]:
    """监测时间 and the period as printed: those of the sweep's period, else the days on which it looked and their quarter."""
    period = ws.store.period(sweep.period) if sweep.period else None
    if period is not None:
        return period.start, period.end, period.title
    days = [visit.check_date or day(visit.at) for visit in ws.store.visits(sweep.name)] or [sweep.window.until]
    return min(days), max(days), f"{max(days).year}年第{_QUARTERS[(max(days).month - 1) // 3]}季度"


def must_be_last(ws: Workspace, sweep: SweepRecord) -> None:
    """What was seen after the judgement may clear an account that it lists. Raises UsageError where anything was."""
    must_open(stale(ws, last_judgement(ws, sweep)), "")


def _must_be_settled(judgement: Judgement) -> None:
    must_open(candidates(judgement), "")
