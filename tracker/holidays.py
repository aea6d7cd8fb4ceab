"""Working days (工作日): the national holidays and make-up workdays as the State Council's notices set them, year by year.

The table is tracker/data/holidays.csv: date, kind (休 = off, 班 = a make-up workday), name, source (number of the notice, or its
title). An office lays a file of its own of the same form over it. A year counts as told when its 1 January stands in a table:
every notice has it (《全国年节及纪念日放假办法》第二条). For other years nothing is guessed.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from tracker.errors import UsageError, reason

SHIPPED = Path(__file__).parent / "data" / "holidays.csv"

_DAY = timedelta(days=1)
_SATURDAY = 5
_COLUMNS = {"date": "date", "日期": "date", "kind": "kind", "类别": "kind", "name": "name", "名称": "name"}
_COLUMNS |= {"source": "source", "来源": "source"}
_KINDS = ("休", "班")
_MARK = 2
"""Row of the first day in the file: row 1 is the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workdays:
    """How many working days a span of days has: at least `least`, at most `most`; they differ by the days of `untold` years."""

    least: int
    most: int
    untold: tuple[int, ...] = ()
    """Years without a table, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are worked. A day in neither set is worked from Monday to Friday, if its year is told."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    """Make-up workdays (调休上班)."""
    years: frozenset[int] = frozenset()
    """Years with a table."""
    excused: frozenset[date] = frozenset()
    """Days that count for nothing at all: those of a notice of absence (停更报备)."""

    def working_days(self, first: date, last: date) -> Workdays:
        """The working days from `first` to `last`, both included; none where `last` comes first."""
        return self._among(date.fromordinal(one) for one in range(first.toordinal(), last.toordinal() + 1))

    def back(self, on: date, days: int) -> Workdays:
        """The working days among the last `days` days that end with `on` (included); excused days are stepped over."""
        return self._among(self._steps(on, days))

    def reach(self, on: date, allowed: int) -> date:
        """The earliest day after which, up to `on` (included), surely no more than `allowed` working days lie."""
        day, left = on, allowed
        while day > date.min:
            left -= self._among((day,)).most
            if left < 0:
                return day
            day -= _DAY
        return day

    def excusing(self, days: Iterable[date]) -> "Calendar":
        """The same calendar with these days counting for nothing."""
        return replace(self, excused=self.excused | frozenset(days))

    def over(self, other: "Calendar") -> "Calendar":
        """This calendar laid over another one, day by day."""
        mine = self.off | self.worked
        return Calendar(
            off=self.off | (other.off - mine),
            worked=self.worked | (other.worked - mine),
            years=self.years | other.years,
            excused=self.excused | other.excused,
        )

    def _steps(self, on: date, days: int) -> Iterator[date]:
        day = on
        while days > 0 and day > date.min:
            if day not in self.excused:
                yield day
                days -= 1
            day -= _DAY

    def _among(self, days: Iterable[date]) -> Workdays:
        least = most = 0
        untold = set()
        for day in days:
            if day in self.excused:
                continue
            if day.year not in self.years:
                untold.add(day.year)
                most += 1
            elif day in self.worked or (day.weekday() < _SATURDAY and day not in self.off):
                least += 1
                most += 1
        return Workdays(least=least, most=most, untold=tuple(sorted(untold)))


@cache
def shipped() -> Calendar:
    """The calendar that comes with the program."""
    return read(SHIPPED)


def read(path: Path) -> Calendar:
    """The calendar of a file. Raises UsageError naming the file, the row and what was expected; `mistakes` lists them all."""
    calendar, wrong = _parsed(path)
    if wrong:
        raise UsageError(wrong[0])
    return calendar


def mistakes(path: Path) -> tuple[str, ...]:
    """Everything that is wrong with a file, one Chinese sentence each, in the order of its rows; none = it can be read."""
    return _parsed(path)[1]


def _parsed(path: Path) -> tuple[Calendar, tuple[str, ...]]:
    where = f"节假日表 {path.name}"
    try:
        rows = list(csv.reader(io.StringIO(_text(path)), strict=True))
    except OSError as error:
        return Calendar(), (f"{where} 打不开({reason(error)});请检查路径",)
    except (UnicodeDecodeError, csv.Error):
        return Calendar(), (f"{where} 不是 UTF-8 或 GB18030 的 CSV 表;请另存为 CSV UTF-8",)
    except ValueError:
        # what the system does not take as a path at all
        return Calendar(), (f"{path.name!r} 不是文件名;请检查路径",)
    columns = [_COLUMNS.get(cell.strip()) for cell in rows[0]] if rows else []
    if "date" not in columns or "kind" not in columns:
        return Calendar(), (f"{where} 第1行应为表头 date,kind,name,source(或 日期,类别,名称,来源)",)
    kinds: dict[date, str] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows[1:], _MARK):
        told = {column: cell.strip() for column, cell in zip(columns, row, strict=False) if column}
        if any(told.values()):
            wrong += (f"{where} 第{number}行:{fault}" for fault in _enter(told, kinds))
    days = {kind: frozenset(day for day, one in kinds.items() if one == kind) for kind in _KINDS}
    years = frozenset(day.year for day in kinds if (day.month, day.day) == (1, 1))
    return Calendar(off=days["休"], worked=days["班"], years=years), tuple(wrong)


def _enter(told: dict[str, str], kinds: dict[date, str]) -> Iterator[str]:
    """Takes over one row; what is wrong with it."""
    day, kind = _date(told.get("date", "")), told.get("kind", "")
    if day is None:
        yield f"日期“{told.get('date', '')}”应写成 2026-10-01"
    if kind not in _KINDS:
        yield f"类别“{kind}”应为 休(放假)或 班(调休上班)"
    if day is not None and day in kinds:
        yield f"{day:%Y-%m-%d} 写了两次,请只留一行"
    elif day is not None:
        kinds[day] = kind


def _date(told: str) -> date | None:
    """`2026-10-01`, or `2026/10/1` as Excel saves it."""
    parts = told.replace("/", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
