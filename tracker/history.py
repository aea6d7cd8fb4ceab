"""Earlier periods: printed lists (纸质通报) read into closed periods, and who was found faulty when (DESIGN §8, annexes.md)."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from tracker.clock import day
from tracker.errors import UsageError
from tracker.files import read_sheets
from tracker.looks import OTHER
from tracker.model import Account, Conclusion, Effect, Period, Sheet, Status, Verdict
from tracker.registry import Look, Problem, read_looks
from tracker.registry.cells import text_of
from tracker.registry.header import find_header
from tracker.rulebook.taxonomy import read_phrases
from tracker.store import Paper, PaperFinding, PaperLine
from tracker.text import key
from tracker.workspace import Workspace

PAPER = "来自纸质通报"
_COLUMN = "(上期栏)"
"""Marks a period that is known only from the 上期 columns of the list after it."""
_RESULTS = frozenset({"OK", "NEW", "LIF-01", "EMPTY"})
"""Codes of phrases that are no finding: passed, newly filed, on its way out (rules.md §3), nothing written."""
_SENSITIVE = "CNT-04"
_QUARTER = re.compile(r"(\d{4})[Qq]([1-4])")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a printed list is to be taken in. `check_date` gives dates without a year their year; default: the period's end."""

    period: str
    title: str = ""
    start: date | None = None
    end: date | None = None
    check_date: date | None = None
    again: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; with problems nothing was changed. `before` = name of the period made of the 上期 columns."""

    period: Period
    lines: tuple[PaperLine, ...] = ()
    before: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def strangers(self) -> tuple[PaperLine, ...]:
        """Lines whose account is not in the registry; kept under platform and name."""
        return tuple(line for line in self.lines if not line.account_id)


def import_history(ws: Workspace, path: Path, terms: Terms, *, at: datetime) -> Imported:
    """Read a printed list into a closed period: all of it, or nothing.

    Forms: annexes.md §1–§5 (宝鸡, 商洛, 安康, 淮南, 城固) as .docx, .xlsx or .csv. The 上期 columns of the 商洛 form make
    the quarter before as well, unless that is known already. Raises UsageError when the file is no such list, or the period
    is one of our own, or was read before and not `again`.
    """
    period = replace(named(terms), closed_at=at, closed_by=terms.who, source=f"{PAPER} {path.name}")
    sheets = read_sheets(path)
    read = read_looks(sheets, check_date=terms.check_date or min(period.end, day(at)), printed=True)
    counts, wrong = _counts(sheets)
    if read.problems or wrong:
        return Imported(period=period, problems=(*read.problems, *wrong), warnings=read.warnings)
    if not read.rows:
        raise UsageError(f"{path.name} 里没有账号行;应为通报附件里的名单,至少有类型、名称两列")
    lines = _lines(read.rows, counts, Registry(ws))
    paper = Paper(period=period.name, file=path.name, sha256=_digest(path), at=at, who=terms.who, lines=lines)
    with ws.store.transaction():
        ws.store.add_paper(paper, period, again=terms.again or _is_column(ws.store.period(period.name)))
        before = _before(ws, paper, period)
    return Imported(period=period, lines=lines, before=before, warnings=(*read.warnings, *_unknown(lines)))


def named(terms: Terms) -> Period:
    """The period of a name: 2020Q3, 2019-10, or any with start and end told. Raises UsageError."""
    name = terms.period.strip()
    if quarter := _QUARTER.fullmatch(name):
        year, number = int(quarter[1]), int(quarter[2])
        name, first = f"{year}Q{number}", date(year, number * 3 - 2, 1)
        title, last = f"{year}年第{'一二三四'[number - 1]}季度", _month_end(date(year, number * 3, 1))
    elif month := _MONTH.fullmatch(name):
        first = date(int(month[1]), int(month[2]), 1)
        title, last = f"{first.year}年{first.month}月", _month_end(first)
    elif terms.start and terms.end:
        title, first, last = name, terms.start, terms.end
    else:
        raise UsageError(f"检查期 {terms.period} 看不出起止日期;请写成 2020Q3 或 2020-10,或加 --start 和 --end")
    start, end = terms.start or first, terms.end or last
    if end < start:
        raise UsageError(f"检查期 {name} 的结束日期 {end} 早于开始日期 {start};请改正 --start 和 --end")
    return Period(name=name, title=terms.title or title, start=start, end=end)


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Registry:
    """Who a printed line is about: by platform and present name, else by a name that only one account has had before."""

    def __init__(self, ws: Workspace) -> None:
        former = ws.store.former_names()
        self._present: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._former: dict[tuple[str, str], list[str]] = defaultdict(list)
        for account in ws.store.accounts():
            self._present[account.platform, key(account.name)].append(account.account_id)
            for name in {key(name) for name in former.get(account.account_id, ())}:
                self._former[account.platform, name].append(account.account_id)

    def find(self, platform: str, name: str) -> str:
        """The account's id; empty when the name is nobody's or that of several."""
        whom = (platform, key(name))
        found = self._present.get(whom) or self._former.get(whom) or []
        return found[0] if len(found) == 1 else ""


def _lines(looks: Sequence[Look], counts: Mapping[tuple[str, int], int], registry: Registry) -> tuple[PaperLine, ...]:
    with_columns = {look.sheet for look in looks if look.previous}
    return tuple(
        _line(look, counts.get((look.sheet, look.row), 0), look.sheet in with_columns, registry.find(look.platform, look.name))
        for look in looks
    )


def _line(look: Look, sensitive: int, has_previous: bool, account_id: str) -> PaperLine:
    """整改情况 speaks of the period before where the form has its column (商洛), else of this one (城固)."""
    findings, result = _findings(look.found, "" if has_previous else look.rectified)
    if sensitive:
        findings += (PaperFinding(code=_SENSITIVE, phrase=f"错敏信息{sensitive}条", rectified=look.rectified),)
    return PaperLine(
        row=look.row,
        platform=look.platform,
        kind=look.kind,
        name=look.name,
        organisation=look.organisation,
        region=look.region,
        account_id=account_id,
        result=look.result or result,
        last_post=look.last_post,
        printed_date=look.printed_date,
        findings=findings,
        previous=_findings(look.previous, look.rectified)[0],
        previous_result=_findings(look.previous, "")[1],
    )


def _findings(cell: str, rectified: str) -> tuple[tuple[PaperFinding, ...], str]:
    """The findings of a cell, and the words in it that are none (合格, 新增备案, 11.15已发布关停公告)."""
    phrases = read_phrases(cell)
    found = (PaperFinding(code=one.code or OTHER, phrase=one.text, rectified=rectified) for one in phrases)
    kept = tuple(one for one in found if one.code not in _RESULTS)
    return kept, "、".join(one.text for one in phrases if one.code in _RESULTS and one.text)


def _counts(sheets: Iterable[Sheet]) -> tuple[dict[tuple[str, int], int], tuple[Problem, ...]]:
    """错敏信息数量 by sheet and row (城固 form); 发布条数 of other forms is no finding."""
    counts: dict[tuple[str, int], int] = {}
    wrong: list[Problem] = []
    for sheet in sheets:
        header = find_header(sheet)
        column = header.fields.get("count") if header else None
        if header is None or column is None or "错敏" not in header.titles[column]:
            continue
        for number, cells in enumerate(sheet.cells[header.below :], sheet.first_row + header.below):
            told = text_of(cells[column]) if column < len(cells) else ""
            if told.isdecimal():
                counts[sheet.name, number] = int(told)
            elif told and "name" in header.fields and text_of(cells[header.fields["name"]]):
                title = header.titles[column]
                wrong.append(
                    Problem(sheet=sheet.name, row=number, column=title, value=told, expected="应为数字,没有请填 0 或留空")
                )
    return counts, tuple(wrong)


def _unknown(lines: Iterable[PaperLine]) -> list[str]:
    return [
        f"第 {line.row} 行“{line.name}”的“{one.phrase}”不在常用说法里,原样保留。"
        for line in lines
        for one in (*line.findings, *line.previous)
        if one.code == OTHER
    ]


def _is_column(period: Period | None) -> bool:
    return period is not None and period.source.startswith(PAPER) and period.source.endswith(_COLUMN)


def _before(ws: Workspace, paper: Paper, period: Period) -> str:
    """The quarter before, from the 上期 columns, where the form has them and nothing better is known. Returns its name."""
    quarter = _QUARTER.fullmatch(period.name)
    lines = tuple(
        replace(
            line,
            findings=line.previous,
            result=line.previous_result,
            previous=(),
            previous_result="",
            last_post=None,
            printed_date="",
        )
        for line in paper.lines
        if line.previous or line.previous_result
    )
    if not quarter or not lines:
        return ""
    year, number = int(quarter[1]), int(quarter[2]) - 1
    name = f"{year}Q{number}" if number else f"{year - 1}Q4"
    known = ws.store.period(name)
    if known is not None and not _is_column(known):
        return ""
    told = replace(named(Terms(period=name)), closed_at=paper.at, closed_by=paper.who, source=f"{PAPER} {paper.file}{_COLUMN}")
    ws.store.add_paper(replace(paper, period=name, lines=lines), told, again=True)
    return name


def faulty(ws: Workspace, period: Period, *, before: datetime | None = None) -> Mapping[str, tuple[str, ...]]:
    """Who was found faulty in a period → the codes; from its printed list, else from the last judgement of its formal check.

    `before`: what was known then: checks that began earlier, printed lines as they were matched when they were read.
    Keys are account ids, `platform:name` for printed accounts that are not in the registry. Raises UsageError without either.
    """
    paper = ws.store.paper(period.name)
    found: dict[str, tuple[str, ...]] = {}
    if paper is not None:
        registry = Registry(ws) if before is None else None
        for line in paper.lines:
            filed = registry.find(line.platform, line.name) if registry and not line.account_id else ""
            whom = line.account_id or filed or f"{line.platform}:{line.name}"
            if line.findings:
                found[whom] = tuple(dict.fromkeys((*found.get(whom, ()), *(one.code for one in line.findings))))
        return found
    held = [sweep for sweep in ws.store.sweeps() if sweep.period == period.name and sweep.kind == "check"]
    checks = [sweep.name for sweep in held if before is None or sweep.started_at < before]
    judgement = ws.store.last_head(checks[-1]) if checks else None
    if judgement is None:
        raise UsageError(
            f"检查期 {period.name} 没有判定过的正式检查,也没有导入纸质通报;"
            "先运行 tracker judge(网页版:打开“结果”)或 tracker history import"
        )
    failing = ws.store.verdicts(judgement, (Conclusion.FAILED,))
    return {verdict.account.account_id: _settled(verdict) for verdict in failing}


def faults_of(ws: Workspace, period: Period, account: Account) -> tuple[str, ...]:
    """The codes that `faulty` holds against one account, without reading what is held against the others. Raises as it does."""
    paper = ws.store.paper(period.name)
    if paper is not None:
        found = ws.store.paper_findings(period.name, account.account_id)
        strangers = any(not line.account_id and line.platform == account.platform for line in paper.lines)
        if found or not strangers:
            return tuple(dict.fromkeys(one.code for one in found))
        # it may be listed under a name that it had before
        return faulty(ws, period).get(account.account_id, ())
    checks = [sweep.name for sweep in ws.store.sweeps() if sweep.period == period.name and sweep.kind == "check"]
    judgement = ws.store.last_head(checks[-1]) if checks else None
    if judgement is None:
        return faulty(ws, period).get(account.account_id, ())
    verdict = ws.store.verdict(judgement, account.account_id)
    return _settled(verdict) if verdict and verdict.conclusion is Conclusion.FAILED else ()


def _settled(verdict: Verdict) -> tuple[str, ...]:
    settled = (Status.AUTOMATIC, Status.CONFIRMED)
    return tuple(one.code for one in verdict.findings if one.effect is Effect.VETO and one.status in settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """An account that was found faulty in several periods; `codes` are those of more than one of them."""

    whom: str
    periods: tuple[str, ...]
    codes: tuple[str, ...]


def repeat_offenders(periods: Sequence[tuple[str, Mapping[str, Sequence[str]]]], *, least: int = 2) -> tuple[Offender, ...]:
    """Who was faulty in at least `least` of the periods, given as (name, who → codes) from the earliest on; most often first."""
    when: dict[str, list[str]] = defaultdict(list)
    codes: dict[str, list[str]] = defaultdict(list)
    for name, found in periods:
        for whom, told in found.items():
            when[whom].append(name)
            codes[whom].extend(dict.fromkeys(told))
    offenders = [
        Offender(whom=whom, periods=tuple(names), codes=tuple(sorted({one for one in codes[whom] if codes[whom].count(one) > 1})))
        for whom, names in when.items()
        if len(names) >= least
    ]
    return tuple(sorted(offenders, key=lambda one: (-len(one.periods), one.whom)))
