"""The 城固 form 错敏信息清单 (domain/annexes.md §5): accounts with wrong or sensitive words, most first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.model import Conclusion, Finding, Status
from tracker.reports.form import Column, Form, TableContext
from tracker.reports.lines import UNREVIEWED, Line, printable, table
from tracker.reports.wording import plain, split_year

FORM = Form(name="sensitive-words", words="错敏信息清单", nothing="本次检查未发现错敏信息,不印清单")
CODE = "CNT-04"
"""Code of the finding 错敏信息 (rules.md §6)."""

COLUMNS = (
    Column(field="name", header="政务新媒体账号名称", width_mm=42, centred=False),
    Column(field="organisation", header="开设主体", width_mm=44, centred=False),
    Column(field="kind", header="账号类型", width_mm=24),
    Column(field="count", header="错敏信息数量", width_mm=24),
    Column(field="rectified", header="整改情况", width_mm=22),
)

_COUNT = re.compile(r"(\d{1,6})\s*[条个处]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveRow:
    """One account as printed. Every text is one line without control characters."""

    name: str
    """政务新媒体账号名称."""
    organisation: str
    """开设主体."""
    kind: str
    """账号类型 as filed: 微信订阅号, 新浪微博 …"""
    count: int
    """错敏信息数量, at least 1."""
    rectified: str
    """整改情况, or 未复核 where a draft's row waits for a person."""


SensitiveContext = TableContext[SensitiveRow]


def title_of(period: str, place: str) -> str:
    """`2023年第三季度` and `城固县` give `第三季度城固县政务新媒体检查结果清单`: the form does not tell the year."""
    year, _ = split_year(period)
    return f"{period.removeprefix(year)}{place}政务新媒体检查结果清单"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> SensitiveContext:
    """The form's context from judged accounts, in any order: those with a finding 错敏信息, most items first, then by name.

    Who could not be checked, or is on its way out, is not on it. Raises UsageError for a window that ends before it starts.
    """
    found = [(line, finding) for line in lines if (finding := _finding(line, draft))]
    rows = [_row(line, finding) for line, finding in found]
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=sorted(rows, key=lambda row: (-row.count, _by_sound(row.name))),
        label=label,
    )


def _finding(line: Line, draft: bool) -> Finding | None:
    if line.verdict.conclusion in (Conclusion.UNCHECKED, Conclusion.LIFECYCLE):
        return None
    return next((one for one in printable(line.verdict, draft=draft) if one.code == CODE), None)


def _by_sound(name: str) -> bytes:
    """Names in the order of a Chinese dictionary: the common characters of GB 2312 stand by their pinyin."""
    return name.encode("gb18030", errors="replace")


def count_of(finding: Finding) -> int:
    """How many items: as told in words (错敏信息12条), else as many as were quoted, at least one."""
    told = _COUNT.search(finding.phrase) or _COUNT.search(finding.message)
    return max(int(told[1]) if told else len(finding.hits), 1)


def _row(line: Line, finding: Finding) -> SensitiveRow:
    return SensitiveRow(
        name=plain(line.account.name),
        organisation=plain(line.account.organisation),
        kind=plain(line.account.filed_kind or line.account.kind),
        count=count_of(finding),
        rectified=UNREVIEWED if finding.status is Status.CANDIDATE else plain(line.rectified),
    )
