"""The 淮南 form 双微矩阵汇总表 (domain/annexes.md §4): two accounts a row, the header 检查情况 twice, 单位 merged downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from tracker.errors import UsageError
from tracker.model import Conclusion
from tracker.registry import platform_of
from tracker.reports.form import Column, Form, TableContext, runs
from tracker.reports.lines import Line, ordered, result_text, table
from tracker.reports.wording import plain, split_year
from tracker.text import key

FORM = Form(name="matrix", words="双微矩阵汇总表", nothing="这个批次没有微信、微博账号,不印汇总表")
FINE = "正常"
"""检查情况 of an account that passed."""
NO_ACCOUNT = "/"
"""In the name cell where the unit has no account on the platform; its 检查情况 stays blank."""

COLUMNS = (
    Column(field="seq", header="序号", width_mm=10, merged=True),
    Column(field="organisation", header="单位", width_mm=34, centred=False, merged=True),
    Column(field="first", header="微信公众号", width_mm=28),
    Column(field="first_state", header="检查情况", width_mm=28),
    Column(field="second", header="新浪微博", width_mm=28),
    Column(field="second_state", header="检查情况", width_mm=28),
)
_FIRST, _SECOND = (platform_of(column.header)[2] for column in COLUMNS if column.field in ("first", "second"))
"""The 七选一 types whose accounts the two columns hold: the registry's platform table says what a header means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One pair of accounts of one unit as printed. Every text is one line without control characters."""

    seq: int | str
    """序号, 1..n by unit; empty where the row goes on with the unit above."""
    seq_span: int
    """Rows that this cell covers; 0 = the cell above covers it."""
    organisation: str
    """单位."""
    organisation_span: int
    """Rows that this cell covers; 0 = the cell above covers it."""
    first: str
    """Name in the column 微信公众号, `/` = none."""
    first_state: str
    """Its 检查情况: 正常, the findings, 未能核查, or empty beside `/`."""
    second: str
    """Name in the column 新浪微博, `/` = none."""
    second_state: str
    """Its 检查情况."""


MatrixContext = TableContext[MatrixRow]
_Pair = tuple[Line | None, Line | None]


def title_of(period: str) -> str:
    """`2019年10月` gives `10月政务微博微信检查汇总表`: the form does not tell the year."""
    return f"{split_year(period)[1]}政务{_SECOND}{_FIRST}检查汇总表"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> MatrixContext:
    """The form's context from judged accounts, in any order: all of the two types, passed or not, paired by unit.

    `left_out` counts accounts of other types that fail. Raises UsageError for an account without a name: a status never stands
    beside an empty name (annexes.md §4); for a window that ends before it starts.
    """
    wide = [line for line in ordered(lines) if line.seven in (_FIRST, _SECOND)]
    for line in wide:
        _must_be_named(line)
    units: dict[tuple[str, str], list[Line]] = {}
    for index, line in enumerate(wide):
        units.setdefault(_unit(index, line), []).append(line)
    pairs = [(seq, pair) for seq, unit in enumerate(units.values(), 1) for pair in _pairs(unit)]
    spans = runs(seq for seq, _ in pairs)
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=[_row(seq, pair, span, draft) for (seq, pair), span in zip(pairs, spans, strict=True)],
        label=label,
        left_out=sum(line.seven not in (_FIRST, _SECOND) and line.verdict.conclusion is Conclusion.FAILED for line in lines),
    )


def _must_be_named(line: Line) -> None:
    if not plain(line.account.name):
        owner = plain(line.account.organisation) or "未填单位"
        raise UsageError(
            f"{owner}的{line.seven}账号(台账第{line.account.position}条)没有名称,却有检查情况:请先在台账里补上名称,再打印汇总表。"
        )


def _unit(index: int, line: Line) -> tuple[str, str]:
    unit = key(line.account.organisation)
    return (key(line.account.region), unit) if unit else ("", f"{index}")


def _pairs(lines: Sequence[Line]) -> list[_Pair]:
    first, second = ([line for line in lines if line.seven == seven] for seven in (_FIRST, _SECOND))
    return list(zip_longest(first, second))


def _row(seq: int, pair: _Pair, span: int, draft: bool) -> MatrixRow:
    (first, first_state), (second, second_state) = (_cells(line, draft) for line in pair)
    owner = next(line for line in pair if line)
    return MatrixRow(
        seq=seq if span else "",
        seq_span=span,
        organisation=plain(owner.account.organisation),
        organisation_span=span,
        first=first,
        first_state=first_state,
        second=second,
        second_state=second_state,
    )


def _cells(line: Line | None, draft: bool) -> tuple[str, str]:
    if line is None:
        return NO_ACCOUNT, ""
    passed = line.verdict.conclusion is Conclusion.PASSED
    return plain(line.account.name), FINE if passed else result_text(line.verdict, draft=draft)
