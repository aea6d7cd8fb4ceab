"""Annex tables as rows (domain/annexes.md §1–§7): who, with which result, which faults, last seen when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tracker.checking.grammar import families_of, grammar
from tracker.checking.source import Part
from tracker.model import Sheet
from tracker.registry.cells import day_of, line_of, never, no_name, text_of
from tracker.registry.header import Header, find_header
from tracker.registry.lines import Line, Lines
from tracker.registry.platforms import is_platform, platform_of
from tracker.registry.problems import BadCell
from tracker.registry.tables import bare, columns, header_key
from tracker.rulebook.taxonomy import Phrase, read_phrases
from tracker.text import key, squeeze

_WITHIN = 10
_MOST_DIGITS = 9
_UNSEEN = "未能核查"
_BASIC = "基本合格"
_FAILED = re.compile("不合格|单否|不达标|^否$")
_PASSED = re.compile("^(?:合格|正常|达标|是)")


class Result(StrEnum):
    """What a row comes to. THIRD = a result word that is neither 合格 nor 不合格; EMPTY = nothing was written."""

    PASSED = "合格"
    BASIC = "基本合格"
    FAILED = "不合格"
    LEAVING = "关停注销"
    UNSEEN = "未能核查"
    THIRD = "第三种结果"
    EMPTY = "空"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One account (or site) of an annex. `number` is the table row that it stands in, header included, from 1."""

    number: int
    seq: str
    name: str
    org: str
    platform: str
    kind: str
    result: str
    found: str
    phrases: tuple[Phrase, ...]
    previous: str
    last: date | None
    never: bool
    site_code: str
    count: int | None
    verdict: Result
    codes: frozenset[str]
    """Codes of the faults written in the row."""
    families: frozenset[str]
    """Families of the faults written in the row."""
    keys: tuple[str, ...]
    """Name and unit as they are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A table with a header that was understood. `about`: 新媒体, 网站 or empty."""

    part: Part
    sheet: Sheet
    titles: Mapping[str, str]
    """Field → header as written."""
    rows: tuple[Row, ...]
    about: str
    wide: bool
    lonely: tuple[tuple[int, str], ...] = ()
    """(table row, words) of a 检查情况 beside an empty name."""
    personal: tuple[str, ...] = ()

    @property
    def failing(self) -> tuple[Row, ...]:
        """Rows that stand for a failure."""
        return tuple(row for row in self.rows if row.verdict is Result.FAILED)

    @property
    def is_list(self) -> bool:
        """Whether it says who passed or failed (a table of counts does not)."""
        return any(row.verdict in (Result.FAILED, Result.PASSED, Result.BASIC, Result.THIRD) for row in self.rows)

    @property
    def only_failing(self) -> bool:
        """Whether nobody in it passed: a 不合格名单."""
        passes = any(row.verdict in (Result.PASSED, Result.BASIC, Result.THIRD) for row in self.rows)
        return self.is_list and not passes

    def place(self, row: Row) -> str:
        """Where a row stands, for a person."""
        told = f"(序号{row.seq})" if row.seq else ""
        return f"{self.part.label}表格第{row.number}行{told}"


def read_annexes(parts: Sequence[Part], latest: date | None) -> tuple[tuple[Annex, ...], tuple[str, ...]]:
    """The tables that were understood, and the places of those that were not. `latest` gives dates without a year theirs."""
    found, lost = [], []
    for part in parts:
        for sheet in part.sheets:
            annex = _annex(part, sheet, latest)
            if annex:
                found.append(annex)
            else:
                lost.append(f"{part.label}的{sheet.name}")
    return tuple(found), tuple(lost)


def _annex(part: Part, sheet: Sheet, latest: date | None) -> Annex | None:
    header = _of_this_check(find_header(sheet)) or _site_header(sheet)
    if header is None or not ({"name", "organisation"} & header.fields.keys() or header.wide):
        return None
    counted = not {"found", "result", "condition"} & header.fields.keys() and not any(each.condition for each in header.wide)
    lines = Lines(sheet, header, []).read()
    rows = [_row(line, latest, only_counts=counted) for line in lines]
    about = "" if _mixed(rows) else _about(part.title, header)
    kept = tuple(row for row in rows if row.name or row.org)
    titles = {field: header.titles[at] for field, at in header.fields.items()}
    lonely = tuple(_lonely(sheet, header))
    return Annex(
        part=part,
        sheet=sheet,
        titles=titles,
        rows=kept,
        about=about,
        wide=bool(header.wide),
        lonely=lonely,
        personal=header.dropped,
    )


def _of_this_check(header: Header | None) -> Header | None:
    """With the column of this check's findings, where the registry's words have none for it.

    Registries call last period's findings 存在问题 as well, and do not know 问题; alone in an annex it is its own.
    """
    if header is None or {"found", "condition"} & header.fields.keys() or any(each.condition for each in header.wide):
        return header
    previous = header.fields.get("previous")
    unsure = [*header.extra, *([] if previous is None else [previous])]
    found = [at for at in unsure if grammar().columns.get(header_key(header.titles[at])) == "found"]
    if len(found) != 1:
        return header
    others = {field: column for field, column in header.fields.items() if column != found[0]}
    return replace(header, fields={**others, "found": found[0]})


def _mixed(rows: Sequence[Row]) -> bool:
    """Whether one table lists sites and accounts: its totals are of neither."""
    sites = sum(grammar().term("titles.sites").search(row.kind) is not None for row in rows)
    return 0 < sites < len(rows)


def _about(title: str, header: Header) -> str:
    heads = "".join(header.titles.values())
    if header.wide or "platform" in header.fields:
        return "新媒体"
    if "网站" in heads or "site_code" in header.fields:
        return "网站"
    media, sites = (grammar().term(f"titles.{each}").search(title) for each in ("media", "sites"))
    return "" if bool(media) is bool(sites) else ("新媒体" if media else "网站")


def _site_header(sheet: Sheet) -> Header | None:
    """The header of a table of sites or units: the first of the upper rows with two known words, one of them a name or a unit."""
    known = {header_key(word): field for word, field in grammar().columns.items()}
    for at, cells in enumerate(sheet.cells[:_WITHIN]):
        titles = {column: squeeze(text_of(cell)) for column, cell in enumerate(cells) if text_of(cell)}
        fields: dict[str, int] = {}
        for column, title in titles.items():
            field = known.get(header_key(title)) or known.get(bare(header_key(title)))
            fields.setdefault("organisation" if field == "org" else field or "", column)
        fields.pop("", None)
        if len(fields) >= 2 and {"name", "organisation"} & fields.keys():
            return Header(row=at, below=at + 1, titles=titles, fields=fields, wide=(), extra={}, dropped=(), problems=())
    return None


def _row(line: Line, latest: date | None, *, only_counts: bool) -> Row:
    found = line.text("found") or line.text("condition")
    phrases = read_phrases(found)
    result, kind = line.line("result"), line.line("platform")
    last = line.raw("last_post")
    count = line.text("count")
    codes = frozenset(each.code for each in phrases if each.code and each.code not in ("OK", "NEW", "EMPTY"))
    name, org = "" if no_name(line.line("name")) else line.line("name"), line.line("organisation")
    return Row(
        number=line.row,
        seq=line.text("seq"),
        name=name,
        org=org,
        platform=platform_of(kind)[0] if kind and is_platform(kind) and key(kind) != "其他" else "",
        kind=kind,
        result=result,
        found=found,
        phrases=phrases,
        previous=line.text("previous"),
        last=_day(last, latest),
        never=never(last),
        site_code=line.line("site_code"),
        count=int(count) if count.isdecimal() and len(count) <= _MOST_DIGITS else None,
        verdict=Result.EMPTY if only_counts else _verdict(result, found, phrases),
        codes=codes,
        families=families_of(tuple(codes), key(found)) | families_of((), key(result)),
        keys=tuple(key(each) for each in (name, org) if each),
    )


def _verdict(result: str, found: str, phrases: Sequence[Phrase]) -> Result:
    if _UNSEEN in result or _UNSEEN in found:
        return Result.UNSEEN
    told = key(result)
    if told:
        if _FAILED.search(told):
            return Result.FAILED
        if told.startswith(_BASIC):
            return Result.BASIC
        if any(each.code == "LIF-01" for each in read_phrases(result)):
            return Result.LEAVING
        return Result.PASSED if _PASSED.match(told) else Result.THIRD
    return _of_phrases(phrases)


def _of_phrases(phrases: Sequence[Phrase]) -> Result:
    codes = {each.code for each in phrases}
    if codes <= {"EMPTY"}:
        return Result.EMPTY
    if codes <= {"OK", "NEW"}:
        return Result.BASIC if any(_BASIC in each.text for each in phrases) else Result.PASSED
    # 停运未注销 is a fault of its own (安康); every other word of a closing account is none.
    if "LIF-01" in codes and not any("未注销" in each.text for each in phrases):
        return Result.LEAVING
    return Result.FAILED


def _day(value: object, latest: date | None) -> date | None:
    """The date of a cell; None where it cannot be read (a year that is not told, a slip): nothing is claimed of it then."""
    if value is None or never(value):
        return None
    try:
        return day_of(value, latest=latest + timedelta(days=14) if latest else None)
    except BadCell:
        return None


def _lonely(sheet: Sheet, header: Header) -> Iterator[tuple[int, str]]:
    for at, cells in enumerate(sheet.cells[header.below :], sheet.first_row + header.below):
        for each in header.wide:
            told = text_of(cells[each.condition]) if each.condition is not None and each.condition < len(cells) else ""
            nameless = each.column < len(cells) and no_name(line_of(cells[each.column]))
            if told and nameless and not columns().totals.match(key(text_of(cells[0]))):
                yield at, told
