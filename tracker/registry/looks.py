"""The observation sheet (DESIGN §8) as it comes back: what people saw, row by row.

Empty is never clean: an empty date, answer or 发现问题 cell says that nobody looked there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.model import Sheet
from tracker.registry.cells import HOW_DATES, answer_of, day_of, days_of, link_of, never, no_name, text_of
from tracker.registry.header import Header, quarter_in
from tracker.registry.intake import headed, identity, link_behind, missing
from tracker.registry.lines import Line, Lines
from tracker.registry.problems import BadCell, Problem, Reading
from tracker.registry.tables import columns
from tracker.text import key, squeeze

ASPECTS = ("互动", "栏目", "底部", "点赞", "简介")

_SEEN = ("last_post", "post_dates", "found", "condition", *ASPECTS)
"""Fields that say that somebody looked."""

_TOLERANCE = timedelta(days=14)
"""How far after the check day a date without a year may lie (domain/registry.md §3.3)."""

_AFTER_QUARTER = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one person saw of one account on `check_date`.

    `last_post` None and not `never` = the date was not looked at; `printed_date` is the date cell as written, empty for a
    true date cell. `aspects`: True = 有问题, False = 无问题, None = not looked at. `found` and `previous` are words exactly
    as they stand in the cells.
    """

    sheet: str
    row: int
    platform: str
    kind: str
    filed_kind: str
    name: str
    org_type: str
    organisation: str
    region: str
    check_date: date
    last_post: date | None
    never: bool
    printed_date: str
    url: str
    post_dates: tuple[date, ...]
    aspects: Mapping[str, bool | None]
    found: str
    previous: str
    rectified: str
    result: str
    inspector: str
    picture: str
    note: str

    @property
    def clean(self) -> bool:
        """Whether the 发现问题 cell says that somebody looked and found nothing (无, 合格, 正常)."""
        return is_clean(self.found)

    @property
    def looked(self) -> bool:
        """Whether anything at all was filled in."""
        told = (self.last_post, self.never, self.post_dates, self.found, *(seen is not None for seen in self.aspects.values()))
        return any(told)


def is_clean(cell: str) -> bool:
    """Whether a finding cell says 无, 合格 or 正常: looked, nothing found."""
    return key(cell) in columns().clean


def read_looks(
    sheets: Sequence[Sheet], *, check_date: date | None, known: Callable[[str], bool] | None = None, printed: bool = False
) -> Reading[Look]:
    """All looks of a sheet that came back, or of a published annex (宝鸡, 商洛, 安康, 淮南 forms).

    `check_date` counts where the column or cell is empty; a row without either is a problem. `known` says whether the words
    of a 发现问题 or 上期问题 cell are all understood; None = take any words. `printed`: a list of the past, whose dates are
    taken as they stand; else a date more than 14 days after the check is a problem. Rows on which nothing was filled in
    and that have no check date are left out with a warning.
    """
    reader = _Reader(check_date, known or (lambda cell: True), printed=printed)
    for sheet, header in headed(sheets, reader.problems, reader.warnings):
        reader.read(sheet, header)
    return Reading(
        rows=tuple(reader.rows),
        problems=tuple(reader.problems),
        warnings=tuple(reader.warnings),
        dropped=tuple(dict.fromkeys(reader.dropped)),
    )


class _Reader:
    """Collects what the sheets of one file give."""

    def __init__(self, check_date: date | None, known: Callable[[str], bool], *, printed: bool) -> None:
        self.check_date = check_date
        self.printed = printed
        self.known = known
        self.rows: list[Look] = []
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.dropped: list[str] = []

    def read(self, sheet: Sheet, header: Header) -> None:
        self.dropped.extend(header.dropped)
        refused = [*header.problems, *header.unclear, *missing(sheet, header, ("platform", "name"))]
        self.problems.extend(refused)
        if refused:
            return
        before = len(self.rows)
        lines = list(Lines(sheet, header, self.warnings).read())
        touched = [line for line in lines if not self._untouched(line)]
        if left := len(lines) - len(touched):
            self.warnings.append(f"“{sheet.name}”有 {left} 行没有填写任何检查内容,视为没有看,未导入。")
        for line in touched:
            self._add(line)
        self._repeats(self.rows[before:])

    def _untouched(self, line: Line) -> bool:
        return self.check_date is None and not any(line.text(each) for each in ("check_date", *_SEEN))

    def _add(self, line: Line) -> None:
        if line.text("name") and no_name(line.line("name")):
            self.warnings.append(line.warning(f"的名称是“{line.text('name')}”,视为没有账号,未导入"))
            return
        problems: list[Problem] = []
        look = _look(line, self.check_date, problems)
        ahead = [*_ahead(line, look), *_other_quarter(line, look)] if look and not self.printed else []
        problems.extend([*self._unknown(line), *_shared(line), *_disagree(line), *ahead])
        self.problems.extend(problems)
        if look and not problems:
            self.rows.append(look)
            self.warnings.extend(_doubts(line, look))

    def _unknown(self, line: Line) -> list[Problem]:
        """Finding cells whose words the taxonomy does not know."""
        how = "有不认识的问题用语:请改用常用说法,或加 --keep-unknown 原样保留"
        cells = {each: line.text(each) for each in ("found", "condition", "previous")}
        return [line.problem(each, how) for each, cell in cells.items() if cell and not is_clean(cell) and not self.known(cell)]

    def _repeats(self, rows: Sequence[Look]) -> None:
        """One account on two rows is two looks of it; that is allowed, but said."""
        seen: dict[tuple[str, str], int] = {}
        for look in rows:
            first = seen.setdefault((look.platform, key(look.name)), look.row)
            if first != look.row:
                self.warnings.append(f"“{look.sheet}”第 {look.row} 行与第 {first} 行是同一账号“{look.name}”,两行都记入。")


def _shared(line: Line) -> list[Problem]:
    """Two accounts in one row of a wide table: what its common cells say could be of either, so neither is accused."""
    common = [each for each in _SEEN if each != "condition" and line.text(each)] if line.shared else []
    return [line.problem(each, "同一行有两个账号,分不清说的是哪一个:请拆成两行,每行一个账号") for each in common[:1]]


def _disagree(line: Line) -> list[Problem]:
    """发现问题 and 检查情况 of which one is clean and the other is not: only their writer knows which is meant."""
    found, condition = line.text("found"), line.text("condition")
    if not found or not condition or is_clean(found) is is_clean(condition):
        return []
    return [line.problem("condition", f"与发现问题一格(“{squeeze(found)}”)说法不一:请核对后只保留一处")]


def _other_quarter(line: Line, look: Look) -> list[Problem]:
    """Problems under the name of a quarter that is not being checked; a quarter may be checked until a month after its end."""
    named = quarter_in(line.titles.get("found", "")) if look.found else None
    days = (look.check_date, look.check_date - _AFTER_QUARTER)
    if named is None or named in {(day.month + 2) // 3 for day in days}:
        return []
    return [line.problem("found", f"列名是第{named}季度,检查日期却是 {look.check_date}:是上期的问题请把列名改为“上期问题”")]


def _ahead(line: Line, look: Look) -> list[Problem]:
    """Dates further after the check than anybody fills in a sheet: a mistyped year proves nothing."""
    told = {"last_post": look.last_post, "post_dates": max(look.post_dates, default=None)}
    how = f"这一天在检查日期之后 {_TOLERANCE.days} 天以上,请核对年份"
    return [line.problem(field, how) for field, day in told.items() if day and day > look.check_date + _TOLERANCE]


def _look(line: Line, check_date: date | None, problems: list[Problem]) -> Look | None:
    told = identity(line, problems)
    checked = _checked(line, check_date, problems)
    if not told or not checked:
        return None
    latest = checked + _TOLERANCE
    last, nothing = _last_post(line, latest, problems)
    return Look(
        sheet=line.sheet,
        row=line.row,
        platform=told.slug,
        kind=told.kind,
        filed_kind=told.word,
        name=line.line("name"),
        org_type=line.line("org_type"),
        organisation=line.line("organisation"),
        region=line.line("region"),
        check_date=checked,
        last_post=last,
        never=nothing,
        printed_date=_printed(line.raw("last_post")),
        url=link_of(line.raw("url")) or link_behind(line.raw("name")),
        post_dates=_post_dates(line, latest, problems),
        aspects={aspect: _answer(line, aspect, problems) for aspect in ASPECTS},
        found=line.text("found") or line.text("condition"),
        previous=line.text("previous"),
        rectified=line.line("rectified"),
        result=line.line("result"),
        inspector=line.line("inspector"),
        picture=link_of(line.raw("picture")),
        note=line.text("note"),
    )


def _checked(line: Line, check_date: date | None, problems: list[Problem]) -> date | None:
    if not line.text("check_date"):
        if check_date is None:
            problems.append(line.problem("check_date", "应有检查日期:请填写这一列,或导入时加 --check-date 2020-11-6"))
        return check_date
    try:
        return day_of(line.raw("check_date"), latest=check_date + _TOLERANCE if check_date else None)
    except BadCell as bad:
        problems.append(line.problem("check_date", str(bad)))
        return None


def _last_post(line: Line, latest: date, problems: list[Problem]) -> tuple[date | None, bool]:
    """The date cell: (date, False), (None, True) for never posted, (None, False) for not looked at."""
    value = line.raw("last_post")
    if not line.text("last_post"):
        return None, False
    if never(value):
        return None, True
    try:
        return day_of(value, latest=latest), False
    except BadCell as bad:
        how = f"{bad};从未发布请填“无内容”" if str(bad) == HOW_DATES else str(bad)
        problems.append(line.problem("last_post", how))
        return None, False


def _printed(value: object) -> str:
    """The date as the clerk wrote it. A true date cell or a serial has no wording of its own."""
    if isinstance(value, str):
        return squeeze(value)
    return text_of(value) if isinstance(value, float) and not value.is_integer() else ""


def _post_dates(line: Line, latest: date, problems: list[Problem]) -> tuple[date, ...]:
    try:
        return days_of(line.raw("post_dates"), latest=latest) if line.text("post_dates") else ()
    except BadCell as bad:
        problems.append(line.problem("post_dates", f"{bad};多个日期用顿号隔开"))
        return ()


def _answer(line: Line, aspect: str, problems: list[Problem]) -> bool | None:
    try:
        return answer_of(line.raw(aspect))
    except BadCell as bad:
        problems.append(line.problem(aspect, str(bad)))
        return None


def _doubts(line: Line, look: Look) -> list[str]:
    doubts = []
    late = max((day for day in (look.last_post, *look.post_dates) if day), default=None)
    if late and late > look.check_date:
        doubts.append(f"“{look.name}”的更新日期 {late} 在检查日期 {look.check_date} 之后,按已更新处理,请核对")
    if look.never and look.post_dates:
        doubts.append(f"“{look.name}”填了从未发布,又填了发布日期,请核对")
    return [line.warning(doubt) for doubt in doubts]
