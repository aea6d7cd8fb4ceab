"""The 商洛 form 抽查情况 (domain/annexes.md §2): every account, last period beside this one, ten columns, landscape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.reports.form import Column, Form, TableContext
from tracker.reports.lines import Line, last_post_text, ordered, result_text, table
from tracker.reports.wording import CELL_MOST, DateStyle, note_line, plain

FORM = Form(name="inspection", words="抽查情况", nothing="这个批次没有判定过的账号,不印抽查情况")
NEVER = "——"
"""最后更新日期 of an account that never posted."""

COLUMNS = (
    Column(field="seq", header="序号", width_mm=10),
    Column(field="kind", header="新媒体类型", width_mm=20),
    Column(field="name", header="新媒体名称", width_mm=27, centred=False),
    Column(field="org_type", header="主体类型", width_mm=18),
    Column(field="organisation", header="主办单位", width_mm=30, centred=False),
    Column(field="region", header="县区/市直", width_mm=18),
    Column(field="previous", header="{before}检查存在突出问题", width_mm=30, centred=False),
    Column(field="rectified", header="{before}整改情况", width_mm=20),
    Column(field="result", header="{now}检查存在的突出问题", width_mm=32, centred=False),
    Column(field="last_post", header="最后更新日期", width_mm=20),
)
"""With `{now}` and `{before}` for the periods; the form itself drops a 的 in the seventh header."""

_QUARTERS = "一二三四"
_QUARTER = re.compile(rf"第([{_QUARTERS}])季度$")


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRow:
    """One account as printed. Every text is one line without control characters."""

    seq: int
    """序号, 1..n without holes."""
    kind: str
    """新媒体类型 as filed: 微信订阅号, 新浪微博 …"""
    name: str
    """新媒体名称, as in the registry of the frozen sweep."""
    org_type: str
    """主体类型."""
    organisation: str
    """主办单位."""
    region: str
    """县区/市直."""
    previous: str
    """Last period: findings, 合格, 新增备案, or empty."""
    rectified: str
    """整改情况 of last period's findings; empty where there were none."""
    result: str
    """This period: the verdict's word, the findings in rule order, or 未能核查."""
    last_post: str
    """最后更新日期 `M.D`, `——` = never, empty = not known."""


InspectionContext = TableContext[InspectionRow]


def title_of(period: str, scope: str) -> str:
    """`2020年第四季度` and `政府系统` give `2020年第四季度政府系统政务新媒体抽查情况`."""
    return f"{period}{scope}政务新媒体抽查情况"


def period_words(period: str) -> tuple[str, str]:
    """What the headers call this period and the last: `2020年第四季度` gives 第四季度 and 第三季度, others 本期 and 上期."""
    told = _QUARTER.search(period)
    return (told[0], f"第{_QUARTERS[_QUARTERS.index(told[1]) - 1]}季度") if told else ("本期", "上期")


def columns(period: str) -> tuple[Column, ...]:
    """The columns with their headers as printed in a period."""
    now, before = period_words(period)
    return tuple(replace(column, header=column.header.format(now=now, before=before)) for column in COLUMNS)


def build(
    *,
    title: str,
    start: date,
    end: date,
    lines: Sequence[Line],
    draft: bool,
    period: str,
    scope: str = "",
    label: str = "附件",
) -> InspectionContext:
    """The form's context from judged accounts, in any order; all of them are listed.

    `period` as printed (2020年第四季度) names the quarters of the headers, `scope` is the 检查范围 of the note. Raises UsageError
    for a window that ends before it starts, ValueError for a verdict that fails without a finding that says why.
    """
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=columns(period),
        rows=[_row(seq, line, start, end, draft) for seq, line in enumerate(ordered(lines, by_type=False), 1)],
        label=label,
        note_line=note_line(start, end, scope),
    )


def _row(seq: int, line: Line, start: date, end: date, draft: bool) -> InspectionRow:
    account = line.account
    return InspectionRow(
        seq=seq,
        kind=plain(account.filed_kind or account.kind),
        name=plain(account.name),
        org_type=plain(account.org_type),
        organisation=plain(account.organisation),
        region=plain(account.region),
        previous=plain(line.previous, CELL_MOST),
        rectified=plain(line.rectified) if line.previous else "",
        result=result_text(line.verdict, draft=draft),
        last_post=last_post_text(line.verdict, DateStyle.DOTS, start, end, NEVER),
    )
