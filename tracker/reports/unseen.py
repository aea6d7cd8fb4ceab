"""未能核查清单 (domain/annexes.md, head): who could not be checked, why, when, and what was tried. Never a list of faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.model import Conclusion
from tracker.reports.form import Column, Form, TableContext
from tracker.reports.ledger import reasons
from tracker.reports.lines import Line, ordered, table
from tracker.reports.wording import CELL_MOST, DateStyle, plain, styled, window_line

FORM = Form(name="unseen", words="未能核查清单", nothing="本次检查没有未能核查的账号,不印清单")

COLUMNS = (
    Column(field="seq", header="序号", width_mm=9),
    Column(field="name", header="新媒体名称", width_mm=22, centred=False),
    Column(field="kind", header="新媒体类型", width_mm=20),
    Column(field="organisation", header="主办单位", width_mm=22, centred=False),
    Column(field="region", header="县区/市直", width_mm=18),
    Column(field="reason", header="未能核查的原因", width_mm=27, centred=False),
    Column(field="check_date", header="检查日期", width_mm=20),
    Column(field="tried", header="已尝试的途径", width_mm=18, centred=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenRow:
    """One account as printed. Every text is one line without control characters."""

    seq: int
    """序号, 1..n without holes."""
    name: str
    """新媒体名称, as in the registry of the frozen sweep."""
    kind: str
    """新媒体类型 as filed."""
    organisation: str
    """主办单位."""
    region: str
    """县区/市直."""
    reason: str
    """Why it could not be checked, each reason once."""
    check_date: str
    """检查日期 `M月D日`."""
    tried: str
    """When it was looked at by which route; 没有采集 = never."""


UnseenContext = TableContext[UnseenRow]


def title_of(period: str, scope: str) -> str:
    """`2020年第四季度` and `全市政府系统` give `2020年第四季度全市政府系统政务新媒体未能核查清单`."""
    return f"{period}{scope}政务新媒体未能核查清单"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> UnseenContext:
    """The form's context from judged accounts, in any order: those that are 未能核查, nobody else.

    Raises UsageError for a window that ends before it starts.
    """
    listed = [line for line in ordered(lines) if line.verdict.conclusion is Conclusion.UNCHECKED]
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=[_row(seq, line, start, end) for seq, line in enumerate(listed, 1)],
        label=label,
        window_line=window_line(start, end),
    )


def _row(seq: int, line: Line, start: date, end: date) -> UnseenRow:
    account = line.account
    return UnseenRow(
        seq=seq,
        name=plain(account.name),
        kind=plain(account.filed_kind or account.kind),
        organisation=plain(account.organisation),
        region=plain(account.region),
        reason=reasons(line.verdict),
        check_date=styled(line.verdict.check_date, DateStyle.WORDS, start, end),
        tried=plain(line.tried, CELL_MOST) or "没有采集",
    )
