"""What the letters share (bulletin.md §4): who writes, paragraphs with their headings, dates in words, the broken title."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.errors import UsageError
from tracker.reports.templates import find_template
from tracker.reports.wording import plain, width

LETTER_FORMATS = ("docx", "html", "pdf", "json")
"""A letter is prose: there is no spreadsheet of it."""
BLANK = "××"
"""Stands in a draft for what the office has not told yet."""
BLANK_DATE = "××××年×月×日"
BLANK_NUMBER = "××〔××××〕×号"
PARAGRAPH_MOST = 4000
"""Characters of one paragraph."""

_TITLE_MOST = 20.0
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who writes and what the office always says, from its settings; empty or None = not told yet."""

    issuer: str = ""
    """发文机关."""
    number: str = ""
    """发文字号: 示政务函〔2026〕12号."""
    recipients: str = ""
    """主送机关, without the colon."""
    basis: str = ""
    """What the check rests on: 按照《…》要求, without the comma."""
    organiser: str = ""
    """Who carried the check out; empty = the issuer."""
    report_to: str = ""
    """To whom the rectification is reported; empty = the issuer."""
    contact: str = ""
    """联系人及电话, from the settings and never from data."""
    signature: str = ""
    """署名; empty = the issuer."""
    issued: date | None = None
    """成文日期."""
    deadline: date | None = None
    """整改期限."""
    public_note: str = ""
    """附注: 此件公开发布; empty = none."""
    measures: tuple[str, ...] = ()
    """下一步工作要求, one each; () = the template's own."""
    objection_days: int = 5
    """Within how many working days an objection may be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph. `level` 1 = a heading 一、 (all of it is `lead`), 2 = begins with a heading (一), 0 = body."""

    level: int
    lead: str
    """The heading with its number; empty at level 0."""
    text: str


def paragraphs(prose: str) -> tuple[Paragraph, ...]:
    """Prose in lines to numbered paragraphs: `# 总体情况`, `## 内容更新不及时。|检查发现…`, anything else is body.

    In a `##` line the first `|` ends the heading. Empty lines mean nothing.
    """
    return tuple(_numbered(line.strip() for line in prose.splitlines()))


def _numbered(lines: Iterator[str]) -> Iterator[Paragraph]:
    first = second = 0
    for line in filter(None, lines):
        if line.startswith("## "):
            second += 1
            lead, _, rest = line[3:].partition("|")
            yield _paragraph(2, f"（{numeral(second)}）{lead}", rest)
        elif line.startswith("# "):
            first, second = first + 1, 0
            yield _paragraph(1, f"{numeral(first)}、{line[2:]}", "")
        else:
            yield _paragraph(0, "", line)


def _paragraph(level: int, lead: str, text: str) -> Paragraph:
    return Paragraph(level=level, lead=plain(lead, PARAGRAPH_MOST), text=plain(text, PARAGRAPH_MOST))


def numeral(number: int) -> str:
    """1..99 as a heading counts: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


_PROSE = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
"""Text, not markup: what comes out is escaped where it goes into a page."""


def fill(name: str, told: object, templates: Path | None) -> str:
    """The lines that a text template makes of a dataclass. Raises UsageError naming the template."""
    if not is_dataclass(told):
        raise TypeError("a template gets a dataclass")
    template = find_template(name, templates)
    slots = {one.name: getattr(told, one.name) for one in fields(told)}
    try:
        return _PROSE.from_string(template.read_text(encoding="utf-8-sig")).render(slots)
    except (TemplateError, UnicodeDecodeError) as error:
        raise UsageError(
            f"文字模板 {template} 不能使用({error}):可用的名称是 {'、'.join(slots)};请改正模板,或删除它以使用自带的模板。"
        ) from error


def date_words(on: date) -> str:
    """`2020年3月4日`, without leading zeros."""
    return f"{on.year}年{on.month}月{on.day}日"


def window_words(start: date, end: date) -> str:
    """`2020年10月26日至11月6日`; the second year only where the window goes over New Year."""
    if start == end:
        return date_words(start)
    last = date_words(end)
    return f"{date_words(start)}至{last if end.year != start.year else last.partition('年')[2]}"


_NUMBER = re.compile(r"\D*〔\d{4}〕[1-9]\d*号")


def check_number(number: str) -> None:
    """A 发文字号 has 〔〕 around the year, no leading zero, no 第. Raises UsageError."""
    if number and (not _NUMBER.fullmatch(number) or "第" in number):
        raise UsageError(
            f"发文字号“{plain(number)}”不对:应写成“机关代字〔2026〕12号”,年份用〔〕括起,序号不加“第”、前面不补0;"
            "请改 tracker.toml 的 [bulletin] number"
        )


def check_days(office: Office, end: date) -> None:
    """A letter is issued on the last day of the window or later, and asks for something after that. Raises UsageError."""
    if office.issued and office.issued < end:
        raise UsageError(
            f"成文日期 {office.issued} 早于检查期的最后一天 {end};请改 tracker.toml 的 [bulletin] issued,或更正检查期"
        )
    if office.issued and office.deadline and office.deadline <= office.issued:
        raise UsageError(
            f"整改期限 {office.deadline} 不在成文日期 {office.issued} 之后;"
            "请改 tracker.toml 的 [bulletin] deadline 或 deadline_days"
        )


def broken(pieces: Sequence[str], most: float = _TITLE_MOST) -> tuple[str, ...]:
    """A title in the fewest lines of at most `most` full-width characters, broken between pieces only, as even as can be.

    A piece that fills more than a line is cut. No line in the middle is shorter than both its neighbours (bulletin.md §4).
    """
    parts = [part for piece in pieces for part in _cut(plain(piece, 120), most) if part]
    for lines in range(1, len(parts) + 1):
        fitting = [split for split in _splits(parts, lines) if max(map(width, split)) <= most]
        if fitting:
            return min(fitting, key=_uneven)
    return tuple(parts)


def _cut(piece: str, most: float) -> list[str]:
    if width(piece) <= most:
        return [piece]
    whole = int(most)
    return [piece[at : at + whole] for at in range(0, len(piece), whole)]


def _splits(parts: Sequence[str], lines: int) -> Iterator[tuple[str, ...]]:
    for cuts in combinations(range(1, len(parts)), lines - 1):
        yield tuple("".join(parts[a:b]) for a, b in pairwise((0, *cuts, len(parts))))


def _uneven(lines: Sequence[str]) -> tuple[bool, float]:
    wide = [width(line) for line in lines]
    waist = any(wide[at] < min(wide[at - 1], wide[at + 1]) for at in range(1, len(wide) - 1))
    return waist, max(wide) - min(wide)
