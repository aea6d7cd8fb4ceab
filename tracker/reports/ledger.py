"""检查台账: every account with all that a verdict holds, wide, for the office's own use in Excel and as a landscape document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.model import Bounds, Conclusion, Verdict
from tracker.reports.form import Column, Form, TableContext
from tracker.reports.lines import UNCHECKED, Line, finding_text, ordered, printable, table
from tracker.reports.wording import CELL_MOST, plain, window_line

FORM = Form(name="ledger", words="检查台账", nothing="这个批次没有判定过的账号,不印台账")

COLUMNS = (
    Column(field="seq", header="序号", width_mm=9),
    Column(field="kind", header="新媒体类型", width_mm=13),
    Column(field="name", header="新媒体名称", width_mm=18, centred=False),
    Column(field="org_type", header="主体类型", width_mm=12),
    Column(field="organisation", header="主办单位", width_mm=18, centred=False),
    Column(field="region", header="县区/市直", width_mm=13),
    Column(field="status", header="状态", width_mm=11),
    Column(field="check_date", header="检查日期", width_mm=20),
    Column(field="last_post", header="最后更新日期", width_mm=20),
    Column(field="idle_days", header="未更新天数", width_mm=9),
    Column(field="result", header="检查结果", width_mm=12),
    Column(field="problems", header="存在的突出问题", width_mm=28, centred=False),
    Column(field="basis", header="依据", width_mm=16, centred=False),
    Column(field="unclear", header="没有查清的", width_mm=26, centred=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One account as printed. Every text is one line without control characters."""

    seq: int
    """序号, 1..n without holes."""
    kind: str
    """新媒体类型 as filed."""
    name: str
    """新媒体名称, as in the registry of the frozen sweep."""
    org_type: str
    """主体类型."""
    organisation: str
    """主办单位."""
    region: str
    """县区/市直."""
    status: str
    """状态 in the registry."""
    check_date: str
    """检查日期, `YYYY-MM-DD`."""
    last_post: str
    """最后更新日期 of the newest post that was seen, `YYYY-MM-DD`; empty = none was seen, or the account is 未能核查."""
    idle_days: str
    """未更新天数: `16`, `至少16`, `3至16`; empty = not known, or the account is 未能核查."""
    result: str
    """检查结果: the verdict's word, 未能核查, or the lifecycle text."""
    problems: str
    """Findings in rule order, those of a draft with 未复核; none beside a lifecycle text, which stands instead of them."""
    basis: str
    """Documents and clauses of the findings, each once."""
    unclear: str
    """What could not be answered, each reason once."""


LedgerContext = TableContext[LedgerRow]


def title_of(period: str, scope: str) -> str:
    """`2020年第四季度` and `全市政府系统` give `2020年第四季度全市政府系统政务新媒体检查台账`."""
    return f"{period}{scope}政务新媒体检查台账"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> LedgerContext:
    """The form's context from judged accounts, in any order; all are listed. Raises UsageError for a window out of order."""
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=[_row(seq, line, draft) for seq, line in enumerate(ordered(lines), 1)],
        label=label,
        window_line=window_line(start, end),
    )


def reasons(verdict: Verdict) -> str:
    """Why something could not be answered, each reason once."""
    told = dict.fromkeys(reason for one in verdict.undetermined for reason in one.reason.split(";"))
    return plain(";".join(told), CELL_MOST)


def _row(seq: int, line: Line, draft: bool) -> LedgerRow:
    account, verdict = line.account, line.verdict
    seen = verdict.conclusion is not Conclusion.UNCHECKED
    told = seen and verdict.conclusion is not Conclusion.LIFECYCLE
    findings = printable(verdict, draft=draft) if told else []
    return LedgerRow(
        seq=seq,
        kind=plain(account.filed_kind or account.kind),
        name=plain(account.name),
        org_type=plain(account.org_type),
        organisation=plain(account.organisation),
        region=plain(account.region),
        status=plain(account.status),
        check_date=verdict.check_date.isoformat(),
        last_post=verdict.latest_post.isoformat() if seen and verdict.latest_post else "",
        idle_days=_days(verdict.idle_days) if seen and verdict.idle_days else "",
        result=plain(verdict.word, CELL_MOST) if seen else UNCHECKED,
        problems=plain(",".join(dict.fromkeys(map(finding_text, findings))), CELL_MOST),
        basis=plain(";".join(dict.fromkeys(one.basis for one in findings)), CELL_MOST),
        unclear=reasons(verdict),
    )


def _days(bounds: Bounds) -> str:
    if bounds.most is None:
        return f"至少{bounds.least}"
    return f"{bounds.least}" if bounds.least == bounds.most else f"{bounds.least}至{bounds.most}"
