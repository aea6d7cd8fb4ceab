"""Finding the header row of a sheet and saying which column is which field (domain/registry.md §2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.model import Sheet
from tracker.registry.cells import text_of
from tracker.registry.platforms import is_platform
from tracker.registry.problems import Problem
from tracker.registry.tables import Columns, bare, columns, header_key
from tracker.text import key, squeeze

WITHIN = 10
"""The header stands somewhere in so many first rows, below titles and notes."""

_SAMPLE = 50
_FOUND = ("found", "condition", "quarter")
_OF_ONE_CHECK = (
    "last_post",
    "post_dates",
    "check_date",
    "result",
    "count",
    "inspector",
    "picture",
    "互动",
    "栏目",
    "底部",
    "点赞",
    "简介",
)
"""Fields that mean the present check; of an earlier one they are only kept as they stand."""
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """A column of account names; `word` is the type word in its header, `condition` the 检查情况 column that belongs to it."""

    word: str
    column: int
    condition: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the columns of one sheet are. Column numbers and `row` count from 0 within `Sheet.cells`."""

    row: int
    below: int
    """First row of data."""
    titles: Mapping[int, str]
    """Column → header as written, on one line."""
    fields: Mapping[str, int]
    wide: tuple[Wide, ...]
    extra: Mapping[int, str]
    dropped: tuple[str, ...]
    problems: tuple[Problem, ...]
    unclear: tuple[Problem, ...] = ()
    """检查情况 columns of a wide table that may be of either account: no harm in a registry, refused as an observation."""


def find_header(sheet: Sheet) -> Header | None:
    """The header of a sheet: of the first 10 rows the one with a name column and most known words. None = there is none."""
    best = max(range(min(WITHIN, len(sheet.cells))), key=lambda row: _known(sheet.cells[row]), default=None)
    if best is None or _known(sheet.cells[best]) < (1, 2):
        return None
    return _read(sheet, best)


def headers_seen(sheet: Sheet) -> str:
    """The texts of the row that looks most like a header, for an error message."""
    rows = sheet.cells[:WITHIN]
    best = max(rows, key=lambda row: (_known(row)[1], sum(isinstance(cell, str) for cell in row)), default=())
    return "、".join(squeeze(text_of(cell)) for cell in best if text_of(cell))


def _known(row: Sequence[object]) -> tuple[int, int]:
    """Whether a name column is there, and how many headers are known."""
    words = [_field(columns(), header_key(text_of(cell))) for cell in row if isinstance(cell, str)]
    return int("name" in words or "wide" in words), sum(word != "" for word in words)


def _field(table: Columns, word: str) -> str:
    """The field of a header word; `wide`, `either`, `quarter`, `personal`, or empty when it is unknown."""
    for form in (word, bare(word)):
        if form in table.fields:
            return table.fields[form]
        if form in table.wide:
            return "wide"
        if form in table.either:
            return "either"
        if table.quarter_problems.match(form):
            return "quarter"
        if table.quarter_rectified.match(form):
            return "rectified"
    return "personal" if any(part in word for part in table.personal) else ""


def _read(sheet: Sheet, row: int) -> Header:
    table = columns()
    below = _below(sheet, row)
    titles = _titles(sheet, row, below)
    over = _over(sheet, row, below)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, title in titles.items():
        groups[_timed(table, header_key(title), over.get(at, ""))].append(at)
    extra = {at: titles[at] for at in groups.pop("", [])}
    dropped = tuple(titles[at] for at in groups.pop("personal", []))
    conditions = list(groups.get("condition", []))
    wide = _wide(titles, groups)
    unclear = tuple(_whose(sheet, row, titles[at]) for at in conditions if wide and not all(each.condition for each in wide))
    _quarters(table, titles, groups)
    _either(sheet, below, groups, extra, titles)
    problems = tuple(_twice(sheet, row, field, [titles[at] for at in found]) for field, found in groups.items() if len(found) > 1)
    if wide and "name" in groups:
        problems += (_twice(sheet, row, "name", [titles[groups["name"][0]], *(titles[each.column] for each in wide)]),)
    fields = {field: found[0] for field, found in groups.items()}
    return Header(
        row=row,
        below=below,
        titles=titles,
        fields=fields,
        wide=wide,
        extra=extra,
        dropped=dropped,
        problems=problems,
        unclear=unclear,
    )


def _timed(table: Columns, word: str, over: str) -> str:
    """The field of a header word; where its bracket or the group above it names the past, what it was found then, or nothing."""
    field = _field(table, word)
    if not table.past.search(word.removeprefix(bare(word))) and not table.past.search(key(over)):
        return field
    if field in _FOUND:
        return "previous"
    return "" if field in _OF_ONE_CHECK else field


def _over(sheet: Sheet, row: int, below: int) -> dict[int, str]:
    """Column → text of the merged group above it; a title over the sheet from its first column is none."""
    over: dict[int, str] = {}
    for r0, c0, _, c1 in sheet.merged:
        if row - 1 <= r0 < below and 0 < c0 < c1 and c0 < len(sheet.cells[r0]):
            over.update(dict.fromkeys(range(c0, c1 + 1), text_of(sheet.cells[r0][c0])))
    return over


def _below(sheet: Sheet, row: int) -> int:
    """The row after the header; header cells merged downwards belong to it with the sub-headers beside them."""
    downwards = (r1 for r0, _, r1, _ in sheet.merged if r0 == row and r1 < row + WITHIN)
    return max(downwards, default=row) + 1


def _titles(sheet: Sheet, row: int, below: int) -> dict[int, str]:
    """Column → header; a sub-header, where there is one, says more than the group above it."""
    titles: dict[int, str] = {}
    for cells in sheet.cells[row:below]:
        titles.update({at: squeeze(text_of(cell)) for at, cell in enumerate(cells) if text_of(cell)})
    return titles


def _wide(titles: Mapping[int, str], groups: dict[str, list[int]]) -> tuple[Wide, ...]:
    """Name columns by platform; each takes the 检查情况 column before the next; if one lacks its own, none has any."""
    starts = sorted(groups.pop("wide", []))
    conditions = groups.pop("condition", []) if starts else []
    ends = [*starts[1:], max(titles) + 1]
    own = [[at for at in conditions if start < at < end] for start, end in zip(starts, ends, strict=False)]
    if len(starts) == len(conditions) == 1:
        own = [conditions]
    paired = sum(map(len, own)) == len(conditions) and all(len(each) == 1 for each in own)
    return tuple(
        Wide(word=bare(header_key(titles[start])), column=start, condition=each[0] if paired else None)
        for start, each in zip(starts, own, strict=True)
    )


def quarter_in(title: str) -> int | None:
    """The quarter, 1 to 4, that a column of problems names in its header; None where it names none."""
    table, words = columns(), (bare(header_key(title)), header_key(title))
    return _quarter(table, title) + 1 if any(table.quarter_problems.match(word) for word in words) else None


def _quarters(table: Columns, titles: Mapping[int, str], groups: dict[str, list[int]]) -> None:
    """Of two 第N季度…问题 columns the later quarter is this period's (一 follows 四); a single one too, unless put right."""
    found = sorted(groups.pop("quarter", []), key=lambda at: _quarter(table, titles[at]))
    righted = {_quarter(table, titles[at]) for at in groups.get("rectified", [])}
    if len(found) == 1 and _quarter(table, titles[found[0]]) in righted:
        groups["previous"].extend(found)
        return
    if len(found) == 2 and [_quarter(table, titles[at]) for at in found] == [0, 3]:
        found.reverse()
    for field, at in zip(("found", "previous"), reversed(found), strict=False):
        groups[field].append(at)
    groups["previous"].extend(found[:-2])
    if not groups["previous"]:
        del groups["previous"]


def _quarter(table: Columns, title: str) -> int:
    """0 to 3; -1 where the header names no quarter."""
    patterns, words = (table.quarter_problems, table.quarter_rectified), (bare(header_key(title)), header_key(title))
    match = next((found for pattern in patterns for word in words if (found := pattern.match(word))), None)
    told = match[1] if match else "0"
    return _QUARTERS.index(told) if told in _QUARTERS else int(told) - 1


def _either(sheet: Sheet, start: int, groups: dict[str, list[int]], extra: dict[int, str], titles: Mapping[int, str]) -> None:
    """类别 is the platform when its values are platforms, else the region; where that is there already, an extra column."""
    for at in groups.pop("either", []):
        below = [cells[at] for cells in sheet.cells[start : start + _SAMPLE] if at < len(cells) and text_of(cells[at])]
        kinds = sum(is_platform(text_of(cell)) for cell in below)
        field = "platform" if kinds * 2 > len(below) else "region"
        if field in groups:
            extra[at] = titles[at]
        else:
            groups[field].append(at)


def _whose(sheet: Sheet, row: int, title: str) -> Problem:
    how = "分不清是哪一列账号的检查情况:请在每个账号名称列的后面各放一列检查情况,或改成每行一个账号"
    return Problem(sheet=sheet.name, row=sheet.first_row + row, column=title, value=title, expected=how)


def _twice(sheet: Sheet, row: int, field: str, titles: Sequence[str]) -> Problem:
    return Problem(
        sheet=sheet.name,
        row=sheet.first_row + row,
        column=titles[0],
        value="、".join(titles),
        expected=f"这几列都会读作“{columns().titles[field]}”,请只保留一列,或把其余各列改名",
    )
