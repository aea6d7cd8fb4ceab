"""Asking the units: per organisation a letter, the records behind it as one offline PDF, and a reply sheet."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from tracker.account_letter import account_of
from tracker.clock import day
from tracker.consult import sheet
from tracker.errors import UsageError, reason
from tracker.forms import Told
from tracker.gates import asked_about, open_findings
from tracker.holidays import Calendar
from tracker.letters import office_of
from tracker.model import Finding
from tracker.registry import seven_of
from tracker.reports import consult as letter
from tracker.reports.binding import write_letter
from tracker.reports.forms import Printer
from tracker.reports.lines import Line, ordered
from tracker.reports.templates import find_template, write_html
from tracker.reports.wording import file_name
from tracker.store import Asked, Consultation
from tracker.text import key

_FURTHEST = 60
"""Days within which the working days must be counted out."""

Found = Sequence[tuple[Line, Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was written: `consultation` as kept, one folder per unit below `folder`. `blank` = the letters still hold ××."""

    consultation: Consultation
    number: int
    folder: Path
    blank: bool


def due_on(calendar: Calendar, on: date, days: int) -> date:
    """The last of `days` working days after `on`. Raises UsageError where the holidays of that time are not told yet."""
    for ahead in range(1, _FURTHEST * 3):
        last = on + timedelta(days=ahead)
        counted = calendar.working_days(on + timedelta(days=1), last)
        if counted.untold:
            break
        if counted.least >= days:
            return last
    raise UsageError(f"算不出 {on} 之后第{days}个工作日(还没有那一年的放假安排);请用 --deadline 写明截止日期")


def ask(told: Told, *, deadline: date, to: Path, printer: Printer | None, who: str, at: datetime) -> Sent | None:
    """Write the packets of every unit that has settled findings, and keep that they were asked; None = nobody is to be asked.

    All packets appear together or not at all. Raises UsageError while findings wait for a person, for a deadline that is over,
    or when the folder cannot be written.
    """
    ws, sweep = told.ws, told.sweep
    if waiting := open_findings(told.judgement):
        raise UsageError(
            f"还有{len(waiting)}条未复核,不能发给单位:{'、'.join(waiting[:10])};先用 tracker review 确认或驳回(网页版:复核)"
        )
    if deadline < day(at):
        raise UsageError(f"截止日期 {deadline} 已经过了;请写今天以后的日期")
    units = dict(_units(told))
    if not units:
        return None
    number = len(ws.store.consultations(sweep.name)) + 1
    partial = to / f"consult-{token_hex(8)}.partial"
    try:
        names = _write(told, units, partial, number, deadline, printer, at)
        with ws.store.alone_on(sweep.name):
            if len(ws.store.consultations(sweep.name)) + 1 != number:
                raise UsageError("另一个程序刚刚发出了征求意见,这一次没有保存;请查看后再决定是否重发")
            folder = _settled(partial, to / file_name(f"{told.title}征求意见(第{number}次)"))
            asked = tuple(_asked(found) for found in units.values())
            files = tuple(f"{folder.name}/{name}" for name in names)
            kept = ws.store.add_consultation(
                Consultation(
                    sweep=sweep.name,
                    judgement=told.judgement.number,
                    deadline=deadline,
                    at=at,
                    who=who,
                    asked=asked,
                    files=files,
                )
            )
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Sent(consultation=kept, number=number, folder=folder, blank=_blank(told))


def _units(told: Told) -> Iterator[tuple[str, Found]]:
    """Settled findings by unit, in the order of the list; an account without a unit is asked by itself."""
    wanted = set(asked_about(told.judgement.verdicts))
    lines = [Line(account=one.account, verdict=one, seven=seven_of(one.account)[0]) for one in told.judgement.verdicts]
    units: dict[str, list[tuple[Line, Finding]]] = {}
    for line in ordered(lines):
        for finding in line.verdict.findings:
            if (line.account.account_id, finding.code) in wanted:
                units.setdefault(key(line.account.organisation or line.account.name), []).append((line, finding))
    yield from units.items()


def _asked(found: Found) -> Asked:
    account = found[0][0].account
    return Asked(
        organisation=account.organisation or account.name,
        findings=tuple((line.account.account_id, finding.code) for line, finding in found),
    )


def _write(
    told: Told,
    units: Mapping[str, Found],
    partial: Path,
    number: int,
    deadline: date,
    printer: Printer | None,
    at: datetime,
) -> list[str]:
    """Every packet in a folder of its own; their files by name below it."""
    names: list[str] = []
    taken: set[str] = set()
    for found in units.values():
        name = _own_name(file_name(_asked(found).organisation), taken)
        folder = partial / name
        _make(folder)
        context = _letter(told, found, deadline, day(at))
        files = _packet(told, context, folder, printer)
        reply = folder / f"{sheet.NAME}.xlsx"
        sheet.write(reply, [(line.account, finding) for line, finding in found], sheet.batch(told.sweep.name, number))
        names += [f"{name}/{path.name}" for path in (*files, reply)]
    return names


def _own_name(name: str, taken: set[str]) -> str:
    """Units whose names differ only in what a file name cannot hold get a number; Windows knows no capitals."""
    own, count = name, 1
    while own.casefold() in taken:
        count += 1
        own = f"{name}-{count}"
    taken.add(own.casefold())
    return own


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"不能建立目录 {folder.parent.parent}({reason(error)}):请换一个可以写入的目录。") from error


def _letter(told: Told, found: Found, deadline: date, issued: date) -> letter.ConsultContext:
    accounts = dict.fromkeys(line.account.account_id for line, _ in found)
    by_id = {line.account.account_id: line.account for line, _ in found}
    return letter.build(
        office=office_of(told.ws),
        period=told.title,
        scope=told.ws.settings.scope,
        start=told.start,
        end=told.end,
        found=found,
        accounts=[account_of(told, by_id[own]) for own in accounts],
        deadline=deadline,
        issued=issued,
        templates=told.ws.templates,
    )


def _packet(told: Told, context: letter.ConsultContext, folder: Path, printer: Printer | None) -> list[Path]:
    """征求意见函 for Word; the letter and its records as PDF, where no browser is there as one HTML file."""
    templates = told.ws.templates
    word, page = folder / "征求意见函.docx", folder / "检查记录.html"
    try:
        write_letter(context, find_template("consult.docx", templates), word, templates)
        write_html(context, find_template("consult.html", templates), page, templates)
    except OSError as error:
        raise UsageError(f"不能写入 {folder.parent.parent}({reason(error)}):请检查写权限和剩余空间,或换一个目录。") from error
    if printer is None:
        return [word, page]
    sheet_file = page.with_suffix(".pdf")
    printer(page, sheet_file)
    page.unlink()
    return [word, sheet_file]


def _settled(partial: Path, folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    try:
        partial.rename(free)
    except OSError as error:
        raise UsageError(f"写不进 {free}({reason(error)}):请关闭打开着其中文件的程序后再试。") from error
    return free


def _blank(told: Told) -> bool:
    office = office_of(told.ws)
    return not (office.issuer and office.contact)
