"""征求意见情况: who was asked about what, what was answered, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.form import Column, Form, TableContext
from tracker.reports.lines import table

FORM = Form(name="consult-table", words="征求意见情况", nothing="没有征求过意见", formats=("docx", "xlsx"))

COLUMNS = (
    Column(field="seq", header="序号", width_mm=9),
    Column(field="organisation", header="主办单位", width_mm=22, centred=False),
    Column(field="name", header="新媒体名称", width_mm=22, centred=False),
    Column(field="problem", header="存在的突出问题", width_mm=25, centred=False),
    Column(field="opinion", header="意见", width_mm=18),
    Column(field="why", header="理由和证明材料", width_mm=26, centred=False),
    Column(field="outcome", header="处理结果", width_mm=14),
    Column(field="answer", header="处理理由", width_mm=20, centred=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRow:
    """One finding that a unit was asked about. Every text is one line without control characters."""

    seq: int
    organisation: str
    name: str
    problem: str
    opinion: str
    """无异议, 有异议, 未反馈; with 逾期 where it came after the deadline."""
    why: str
    outcome: str
    """采纳, 部分采纳, 不采纳; 待答复 where it waits; empty where there is nothing to answer."""
    answer: str


OpinionsContext = TableContext[OpinionRow]


def build(*, title: str, start: date, end: date, rows: Sequence[OpinionRow]) -> OpinionsContext:
    """The table as it stands. Raises UsageError for a window that ends before it starts."""
    return table(FORM, title=title, start=start, end=end, draft=False, columns=COLUMNS, rows=rows)
