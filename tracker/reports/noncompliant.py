"""The 宝鸡 form 不合格名单 (domain/annexes.md §1): failing accounts only, one finding per row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.model import Effect, Finding, Status, Verdict
from tracker.reports.form import Column, Form, TableContext
from tracker.reports.lines import UNREVIEWED, Line, failing, ordered, printable, table
from tracker.reports.wording import PROBLEM_MOST, plain, window_line
from tracker.verdict import rank

FORM = Form(name="noncompliant", words="不合格名单", nothing="本次检查未发现不合格账号,不印名单")
RESULT = "不合格"
"""检查结果 is always this word (annexes.md §1)."""

COLUMNS = (
    Column(field="seq", header="序号", width_mm=9),
    Column(field="type_seven", header="新媒体类型(七选一)", width_mm=20.2),
    Column(field="type_other", header="其他(新媒体类型)", lines=("其他", "(新媒体类型)"), width_mm=24),
    Column(field="name", header="新媒体名称", width_mm=24.3, centred=False),
    Column(field="organisation", header="代表主体名称", width_mm=24.3, centred=False),
    Column(field="result", header="检查结果", width_mm=13.5),
    Column(field="problem", header="存在的突出问题", width_mm=27.7, centred=False),
    Column(field="note", header="备注", width_mm=13),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoncompliantRow:
    """One failing account as printed. Every text is one line without control characters."""

    seq: int
    """序号, 1..n without holes."""
    type_seven: str
    """新媒体类型(七选一)."""
    type_other: str
    """其他(新媒体类型); empty unless the type is 其他."""
    name: str
    """新媒体名称, as in the registry of the frozen sweep."""
    organisation: str
    """代表主体名称."""
    result: str
    """检查结果, always 不合格."""
    problem: str
    """存在的突出问题: the one finding, in the words of the profile."""
    note: str
    """备注: 未复核 where a draft's row waits for a person, else empty."""


NoncompliantContext = TableContext[NoncompliantRow]


def title_of(period: str, scope: str) -> str:
    """`2020年第四季度` and `全市政府系统` give `2020年第四季度全市政府系统政务新媒体检查不合格名单`."""
    return f"{period}{scope}政务新媒体检查不合格名单"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> NoncompliantContext:
    """The form's context from judged accounts, in any order; accounts that do not fail are left out.

    A final list holds settled findings only; a draft also candidates. Raises UsageError for a window that ends before it starts,
    ValueError for a verdict that fails without a finding that says why.
    """
    listed = failing(ordered(lines), draft=draft)
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=[_row(seq, line, draft) for seq, line in enumerate(listed, 1)],
        label=label,
        window_line=window_line(start, end),
    )


def _row(seq: int, line: Line, draft: bool) -> NoncompliantRow:
    finding = printed_finding(line.verdict, draft=draft)
    return NoncompliantRow(
        seq=seq,
        type_seven=plain(line.seven),
        type_other=plain(line.other),
        name=plain(line.account.name),
        organisation=plain(line.account.organisation),
        result=RESULT,
        problem=plain(finding.message, PROBLEM_MOST),
        note=UNREVIEWED if finding.status is Status.CANDIDATE else "",
    )


def printed_finding(verdict: Verdict, *, draft: bool) -> Finding:
    """The one finding of a row: settled before open ones (those in a draft only), then by precedence, then in rule order.

    Raises ValueError where the verdict has none: nothing is ever listed without a reason.
    """
    fit = [one for one in printable(verdict, draft=draft) if one.effect is Effect.VETO]
    if not fit:
        raise ValueError(f"account {verdict.account.account_id} is to be listed without a finding that says why")
    return min(fit, key=lambda one: (one.status is Status.CANDIDATE, rank(one.code)))
