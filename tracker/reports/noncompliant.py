"""The 宝鸡 form 不合格名单 (domain/annexes.md §1): failing accounts only, one finding per row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from re import compile as regex
from typing import ClassVar

from tracker.model import Account, Conclusion, Effect, Finding, Status, Verdict
from tracker.registry.tables import kinds, others
from tracker.reports.form import Column, Form
from tracker.reports.wording import PROBLEM_MOST, TITLE_MOST, plain, title_lines, window_line
from tracker.text import key
from tracker.verdict import rank

FORM = "noncompliant"
RESULT = "不合格"
"""检查结果 is always this word (annexes.md §1)."""
UNREVIEWED = "未复核"
"""备注 of a row that a person must still confirm; only a draft has such rows."""

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
FORM_SPEC = Form(name=FORM, columns=COLUMNS)

_CITY = regex(r"市(?:直|级|本级)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One judged account. `seven` is its 七选一 type, `other` the type in words where `seven` is 其他, else empty."""

    account: Account
    verdict: Verdict
    seven: str
    other: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NoncompliantContext:
    """All that the templates and writers of this form get; without rows nothing is written (annexes.md §8.8)."""

    form: ClassVar[str] = FORM

    label: str
    """`附件`, or `附件1` where the bulletin has several annexes."""
    title: str
    """Title on one line, equal to the 附件说明; names the files."""
    title_lines: tuple[str, ...]
    """The same title as broken on paper."""
    window_line: str
    """`(监测时间:2020年10月26日至11月6日)`."""
    start: date
    """First day of the 监测时间."""
    end: date
    """Last day of the 监测时间, included."""
    draft: bool
    """A draft says 草稿 at the head of each page and may hold rows that are 未复核."""
    rows: tuple[NoncompliantRow, ...]
    """The failing accounts in printed order."""


def title_of(period: str, scope: str) -> str:
    """`2020年第四季度` and `全市政府系统` give `2020年第四季度全市政府系统政务新媒体检查不合格名单`."""
    return f"{period}{scope}政务新媒体检查不合格名单"


def build(*, title: str, start: date, end: date, lines: Sequence[Line], draft: bool, label: str = "附件") -> NoncompliantContext:
    """The form's context from judged accounts, in any order; accounts that do not fail are left out.

    A final list holds settled findings only; a draft also candidates. Raises UsageError for a window that ends before it starts,
    ValueError for a verdict that fails without a finding that says why.
    """
    wanted = {Conclusion.FAILED, Conclusion.TO_REVIEW} if draft else {Conclusion.FAILED}
    failing = [line for line in _ordered(lines) if line.verdict.conclusion in wanted]
    shown = plain(title, TITLE_MOST)
    return NoncompliantContext(
        label=label,
        title=shown,
        title_lines=title_lines(shown),
        window_line=window_line(start, end),
        start=start,
        end=end,
        draft=draft,
        rows=tuple(_row(seq, line, draft) for seq, line in enumerate(failing, 1)),
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
    able = {Status.AUTOMATIC, Status.CONFIRMED} | ({Status.CANDIDATE} if draft else set())
    fit = [one for one in verdict.findings if one.effect is Effect.VETO and one.status in able]
    if not fit:
        raise ValueError(f"account {verdict.account.account_id} is to be listed without a finding that says why")
    return min(fit, key=lambda one: (one.status is Status.CANDIDATE, rank(one.code)[0]))


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """市级 first, then regions as first seen; inside a region units as first seen, inside a unit 微信 before 微博.

    Lines that tell neither region nor 主体类型 keep the order of import (DESIGN §8).
    """
    imported = sorted(lines, key=lambda line: line.account.position)
    regions = _first_seen(_region(line.account) for line in imported)
    units = _first_seen(_unit(index, line.account) for index, line in enumerate(imported))

    def place(numbered: tuple[int, Line]) -> tuple[int, int, int]:
        index, line = numbered
        region = -1 if _of_city(line.account) else regions[_region(line.account)]
        return region, units[_unit(index, line.account)], _type_rank(line)

    return [line for _, line in sorted(enumerate(imported), key=place)]


def _first_seen(words: Iterable[str]) -> dict[str, int]:
    order: dict[str, int] = {}
    for word in words:
        order.setdefault(word, len(order))
    return order


def _region(account: Account) -> str:
    return key(account.region)


def _unit(index: int, account: Account) -> str:
    placed = account.organisation and (account.region or account.org_type)
    return f"unit {key(account.organisation)}" if placed else f"line {index}"


def _of_city(account: Account) -> bool:
    if _CITY.search(_region(account)) or account.org_type == "市级部门":
        return True
    return account.org_type == "地方政府" and not account.region


@cache
def _type_order() -> tuple[str, ...]:
    """The 七选一 types in the order of the platform table (微信 before 微博), without 其他."""
    return tuple(dict.fromkeys(kind.seven for kind in kinds() if kind.seven != others().seven))


def _type_rank(line: Line) -> int:
    return _type_order().index(line.seven) if line.seven in _type_order() else len(_type_order())
