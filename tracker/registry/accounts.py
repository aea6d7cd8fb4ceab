"""Reading a registry file: one AccountRow per filed account, every bad row named, nothing guessed (domain/registry.md §2–§5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.model import Sheet
from tracker.registry.cells import link_of, no_name, opening_of
from tracker.registry.doubts import doubts, numbering, unique
from tracker.registry.header import Header
from tracker.registry.intake import REQUIRED, headed, identity, link_behind, missing
from tracker.registry.lines import Line, Lines, code
from tracker.registry.platforms import Filed
from tracker.registry.problems import BadCell, Problem, Reading
from tracker.registry.rows import AccountRow
from tracker.registry.tables import columns

_CHECKED = (
    *("check_date", "last_post", "post_dates", "found", "previous", "rectified", "result", "condition", "count"),
    *("互动", "栏目", "底部", "点赞", "简介", "inspector", "picture"),
)
"""Columns of an inspection, which are no part of a registry."""


def read_accounts(sheets: Sequence[Sheet], *, source: str) -> Reading[AccountRow]:
    """All accounts of a file's sheets. `source` (the file's name) stands in every problem.

    Sheets without a header are left out with a warning when another sheet has one. Two rows with one key (platform, name)
    are both refused. Columns with personal data are never taken in; `dropped` names them.
    """
    reader = _Reader()
    for sheet, header in headed(sheets, reader.problems, reader.warnings):
        reader.read(sheet, header)
    rows, twice = unique(reader.rows)
    problems = sorted((*reader.problems, *twice), key=lambda each: (each.sheet, each.row))
    return Reading(
        rows=rows,
        problems=tuple(replace(each, source=source) for each in problems),
        warnings=tuple(reader.warnings),
        dropped=tuple(dict.fromkeys(reader.dropped)),
    )


class _Reader:
    """Collects what the sheets of one file give."""

    def __init__(self) -> None:
        self.rows: list[AccountRow] = []
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.dropped: list[str] = []

    def read(self, sheet: Sheet, header: Header) -> None:
        self.dropped.extend(header.dropped)
        refused = [*header.problems, *missing(sheet, header, REQUIRED)]
        self.problems.extend(refused)
        if refused:
            return
        self._say_left_out(sheet, header)
        lines = list(Lines(sheet, header, self.warnings).read())
        self.warnings.extend(numbering(sheet, lines))
        for line in lines:
            self._add(line)

    def _say_left_out(self, sheet: Sheet, header: Header) -> None:
        left = [header.titles[header.fields[each]] for each in _CHECKED if each in header.fields]
        if left:
            self.warnings.append(
                f"“{sheet.name}”的检查栏目({'、'.join(left)})不属于台账,未导入;检查记录请用 observe import 导入。"
            )

    def _add(self, line: Line) -> None:
        if not line.wide and line.text("name") and no_name(line.line("name")):
            self.warnings.append(line.warning(f"的名称是“{line.text('name')}”,视为没有账号,未导入"))
            return
        problems: list[Problem] = []
        told = identity(line, problems)
        if not line.line("organisation"):
            problems.append(line.problem("organisation", "应填主办单位;合并单元格请确认覆盖到这一行"))
        row = _row(line, told, problems) if told else None
        if problems or not row or not told:
            self.problems.extend(problems)
            return
        self.warnings.extend(doubts(line, row, told))
        self.rows.append(row)


def _row(line: Line, told: Filed, problems: list[Problem]) -> AccountRow:
    return AccountRow(
        sheet=line.sheet,
        row=line.row,
        platform=told.slug,
        kind=told.kind,
        filed_kind=told.word,
        name=line.line("name"),
        organisation=line.line("organisation"),
        supervisor=line.line("supervisor"),
        org_type=line.line("org_type"),
        region=line.line("region"),
        certified_org=line.line("certified_org"),
        opened_on=_date(line, "opened_on", problems),
        update_freq=line.text("update_freq"),
        status=_status(line, problems),
        status_date=_date(line, "status_date", problems),
        successor=line.line("successor"),
        url=link_of(line.raw("url")) or link_behind(line.raw("name")),
        site_code=code(line, "site_code", problems),
        filed_id=code(line, "filed_id", problems),
        note=line.text("note"),
        extra=line.extra,
    )


def _date(line: Line, name: str, problems: list[Problem]) -> date | None:
    if not line.text(name):
        return None
    try:
        return opening_of(line.raw(name))[0]
    except BadCell as bad:
        problems.append(line.problem(name, str(bad)))
        return None


def _status(line: Line, problems: list[Problem]) -> str:
    status = line.line("status")
    if status and status not in columns().statuses:
        problems.append(line.problem("status", f"应为以下状态之一:{'、'.join(columns().statuses)}"))
    return status
