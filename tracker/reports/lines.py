"""Judged accounts on their way into a form: in which order they stand, and what of a verdict is printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from re import compile as regex
from typing import TypeVar

from tracker.model import Account, Conclusion, Effect, Finding, Status, Verdict
from tracker.registry.tables import kinds, others
from tracker.reports.form import LANDSCAPE_MM, PORTRAIT_MM, WIDE_FORM, Column, Form, TableContext
from tracker.reports.wording import CELL_MOST, PROBLEM_MOST, TITLE_MOST, DateStyle, check_window, plain, styled, title_lines
from tracker.text import key
from tracker.verdict import rank

UNREVIEWED = "未复核"
"""Said of what a person must still confirm; only a draft has such rows."""
UNCHECKED = "未能核查"
"""What a full table prints of an account that could not be seen: neither passed nor failed (annexes.md, head)."""

_CITY = regex(r"市(?:直|级|本级)")
_TITLE_MM = 7.77
"""Width of one character of 22 pt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One judged account. `seven` is its 七选一 type, `other` the type in words where `seven` is 其他, else empty."""

    account: Account
    verdict: Verdict
    seven: str
    other: str = ""
    previous: str = ""
    """What last period's list says of it: findings, 合格, 新增备案, or empty."""
    rectified: str = ""
    """整改情况 of last period's findings: 已整改, 未整改到位, 未整改, 拟关停注销, or empty."""
    tried: str = ""
    """How and when it was looked at: `11.3 网页;11.5 人工`."""


Row = TypeVar("Row")


def table(
    form: Form,
    *,
    title: str,
    start: date,
    end: date,
    draft: bool,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    label: str = "附件",
    window_line: str = "",
    note_line: str = "",
    left_out: int = 0,
) -> TableContext[Row]:
    """The context of a form that is a table. Raises UsageError for a window that ends before it starts."""
    check_window(start, end)
    shown = plain(title, TITLE_MOST)
    width = LANDSCAPE_MM if len(columns) > WIDE_FORM else PORTRAIT_MM
    return TableContext(
        form=form.name,
        label=label,
        title=shown,
        title_lines=title_lines(shown, int(width / _TITLE_MM)),
        window_line=window_line,
        start=start,
        end=end,
        draft=draft,
        columns=columns,
        rows=tuple(rows),
        note_line=note_line,
        left_out=left_out,
    )


def failing(lines: Sequence[Line], *, draft: bool) -> list[Line]:
    """The accounts that a list of failing ones holds: settled ones, in a draft also those that wait for a person."""
    wanted = {Conclusion.FAILED, Conclusion.TO_REVIEW} if draft else {Conclusion.FAILED}
    return [line for line in lines if line.verdict.conclusion in wanted]


def printable(verdict: Verdict, *, draft: bool) -> list[Finding]:
    """Its findings that may be printed, vetoes and notes, in rule order: settled ones, in a draft also candidates."""
    able = {Status.AUTOMATIC, Status.CONFIRMED} | ({Status.CANDIDATE} if draft else set())
    fit = [one for one in verdict.findings if one.effect is not Effect.REMIND and one.status in able]
    return sorted(fit, key=lambda one: rank(one.code))


def result_text(verdict: Verdict, *, draft: bool) -> str:
    """The one cell in which a full table says how an account stands: the verdict's word, or its findings joined by a comma.

    Raises ValueError for a verdict that fails without a veto, or that waits for a person where the list is final.
    """
    match verdict.conclusion:
        case Conclusion.UNCHECKED:
            return UNCHECKED
        case Conclusion.PASSED | Conclusion.LIFECYCLE:
            return plain(verdict.word, CELL_MOST)
    findings = printable(verdict, draft=draft)
    if not any(one.effect is Effect.VETO for one in findings):
        raise ValueError(f"account {verdict.account.account_id} is to be listed without a finding that says why")
    return plain(",".join(dict.fromkeys(map(finding_text, findings))), CELL_MOST)


def finding_text(finding: Finding) -> str:
    """The words of a finding, and that it waits for a person where it does."""
    return f"{plain(finding.message, PROBLEM_MOST)}{f'({UNREVIEWED})' if finding.status is Status.CANDIDATE else ''}"


def last_post_text(verdict: Verdict, style: DateStyle, start: date, end: date, never: str) -> str:
    """最后更新日期 as the form writes it; `never` where nothing was ever posted; empty where it is not known.

    An old date beside 未能核查 would say what nobody has seen: there it is left out. A clerk's date after the check date is
    printed as given (DESIGN §8).
    """
    if verdict.conclusion is Conclusion.UNCHECKED:
        return ""
    if verdict.latest_post and verdict.latest_post <= verdict.check_date:
        return styled(verdict.latest_post, style, start, end)
    if any(one.code == "UPD-04" and one.status is not Status.DISMISSED for one in verdict.findings):
        return never
    if verdict.printed_date:
        return plain(verdict.printed_date)
    return styled(verdict.latest_post, style, start, end) if verdict.latest_post else ""


def ordered(lines: Sequence[Line], *, by_type: bool = True) -> list[Line]:
    """市级 first, then regions as first seen; inside a region units as first seen, inside a unit 微信 before 微博.

    Lines that tell neither region nor 主体类型 keep the order of import (DESIGN §8). Without `by_type` a unit's accounts do.
    """
    imported = sorted(lines, key=lambda line: line.account.position)
    regions = _first_seen(_region(line.account) for line in imported)
    units = _first_seen(_unit(index, line.account) for index, line in enumerate(imported))

    def place(numbered: tuple[int, Line]) -> tuple[int, int, int]:
        index, line = numbered
        region = -1 if of_city(line.account) else regions[_region(line.account)]
        return region, units[_unit(index, line.account)], _type_rank(line) if by_type else 0

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


def of_city(account: Account) -> bool:
    """Whether the account belongs to the city itself, not to one of its counties."""
    if _CITY.search(_region(account)) or account.org_type == "市级部门":
        return True
    return account.org_type == "地方政府" and not account.region


@cache
def _type_order() -> tuple[str, ...]:
    """The 七选一 types in the order of the platform table (微信 before 微博), without 其他."""
    return tuple(dict.fromkeys(kind.seven for kind in kinds() if kind.seven != others().seven))


def _type_rank(line: Line) -> int:
    return _type_order().index(line.seven) if line.seven in _type_order() else len(_type_order())
