"""The 安康 form 检查结果 (domain/annexes.md §3): accounts that stand still, 类别 and 主办单位 merged downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.model import Effect, Finding, Status
from tracker.registry import platform_of
from tracker.reports.form import Column, Form, TableContext, runs
from tracker.reports.lines import UNREVIEWED, Line, failing, last_post_text, of_city, ordered, printable, table
from tracker.reports.wording import DateStyle, plain, split_year
from tracker.text import key

FORM = Form(name="zombies", words="僵尸账号检查结果", nothing="本次检查未发现僵尸账号,不印检查结果")
CITY = "市直部门"
"""类别 of the city's own offices."""
NEVER = "无内容"
"""最后更新时间 of an account that never posted."""
CLOSED, ZOMBIE = "停运未注销", "僵尸"
"""问题类别: the second is followed by the type (僵尸微信)."""

COLUMNS = (
    Column(field="category", header="类别", width_mm=20, merged=True),
    Column(field="organisation", header="主办单位", width_mm=32, centred=False, merged=True),
    Column(field="first", header="政务微信", width_mm=28),
    Column(field="second", header="政务微博", width_mm=28),
    Column(field="last_post", header="最后更新时间", width_mm=24),
    Column(field="problem", header="问题类别", width_mm=24),
)
_ONE_ACCOUNT = {column.field: platform_of(column.header)[2] for column in COLUMNS if column.field in ("first", "second")}
"""Column → the 七选一 type whose accounts it holds: the registry's platform table says what the header means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZombieRow:
    """One account as printed. Every text is one line without control characters."""

    category: str
    """类别: 市直部门 or the county's name."""
    category_span: int
    """Rows that this cell covers; 0 = the cell above covers it."""
    organisation: str
    """主办单位."""
    organisation_span: int
    """Rows that this cell covers; 0 = the cell above covers it."""
    first: str
    """Name of the account in the column 政务微信, or empty."""
    second: str
    """Name of the account in the column 政务微博, or empty."""
    last_post: str
    """最后更新时间 `YYYY.M.D`, 无内容 = never, empty = not known."""
    problem: str
    """问题类别: 僵尸微信, 僵尸微博, 停运未注销."""


ZombiesContext = TableContext[ZombieRow]


def title_of(period: str, place: str) -> str:
    """`2020年第一季度` and `安康市` give `2020年安康市政务新媒体一季度检查结果`."""
    year, rest = split_year(period)
    return f"{year}{place}政务新媒体{rest}检查结果"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> ZombiesContext:
    """The form's context from judged accounts, in any order: those that fail because nothing is posted, or were given up.

    Every silence is 僵尸 whatever its length; who fails for another reason is not on this list. `left_out` counts accounts that
    belong on it but are of neither type. Raises UsageError for a window that ends before it starts.
    """
    listed = [line for line in failing(ordered(lines), draft=draft) if _finding(line, draft)]
    fitting = [line for line in listed if line.seven in _ONE_ACCOUNT.values()]
    categories = runs(_category(line) or None for line in fitting)
    units = runs(_unit(line) for line in fitting)
    return table(
        FORM,
        title=title,
        start=start,
        end=end,
        draft=draft,
        columns=COLUMNS,
        rows=[_row(*one, start=start, end=end, draft=draft) for one in zip(fitting, categories, units, strict=True)],
        label=label,
        left_out=len(listed) - len(fitting),
    )


def _finding(line: Line, draft: bool) -> Finding | None:
    """The finding that makes it a row: given up before silent, settled before open."""
    fit = [
        one
        for one in printable(line.verdict, draft=draft)
        if one.effect is Effect.VETO and one.code.split("-")[0] in ("UPD", "LIF")
    ]
    return min(fit, key=lambda one: (one.status is Status.CANDIDATE, not one.code.startswith("LIF"), one.code), default=None)


def _category(line: Line) -> str:
    return CITY if of_city(line.account) else plain(line.account.region)


def _unit(line: Line) -> tuple[str, str] | None:
    unit = key(line.account.organisation)
    return (_category(line), unit) if unit else None


def _row(line: Line, category_span: int, organisation_span: int, *, start: date, end: date, draft: bool) -> ZombieRow:
    finding = _finding(line, draft)
    if finding is None:
        raise ValueError(f"account {line.account.account_id} is to be listed without a finding that says why")
    names = {field: plain(line.account.name) if seven == line.seven else "" for field, seven in _ONE_ACCOUNT.items()}
    problem = CLOSED if finding.code.startswith("LIF") else f"{ZOMBIE}{line.seven}"
    return ZombieRow(
        category=_category(line),
        category_span=category_span,
        organisation=plain(line.account.organisation),
        organisation_span=organisation_span,
        first=names["first"],
        second=names["second"],
        last_post=last_post_text(line.verdict, DateStyle.YEAR_DOTS, start, end, NEVER),
        problem=f"{problem}({UNREVIEWED})" if finding.status is Status.CANDIDATE else problem,
    )
