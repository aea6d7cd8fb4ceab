"""Reading single cells (domain/registry.md §3): text, names, dates, answers. A cell that cannot be read raises BadCell."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from tracker.registry.problems import BadCell
from tracker.registry.tables import columns
from tracker.text import Linked, key, squeeze

_FULL = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[\sT]*\d{1,2}:\d{2}(?::\d{2})?)?")
_SHORT = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ASKED = re.compile(r"\d{1,2}\.[123]")
_BETWEEN = re.compile(r"[、,，;；\n]+")
_BREAK = re.compile(r"\s*[\r\n]+\s*")
_LATIN_BREAK = re.compile(r"(?<=[!-~])\s*[\r\n]+\s*(?=[!-~])")
_EPOCH = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
"""Excel's day numbers of the years 2000 to 2099."""
_MOST_DIGITS = 10**15
"""From here on Excel has replaced the last digits of a number by zeros."""

HOW_DATES = "应为日期,例如 2020-11-3、11.3、11月3日"


def text_of(value: object) -> str:
    """A value as a clerk sees it: whole numbers without .0, dates as 2020-11-03, ends trimmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def line_of(value: object) -> str:
    """Text on one line, blanks kept exactly: a line break between Latin words is a blank, else it only wrapped the cell."""
    return _BREAK.sub("", _LATIN_BREAK.sub(" ", text_of(value)))


def code_of(value: object) -> str:
    """An id or code. A number so long that Excel has already lost its last digits is refused."""
    if isinstance(value, int | float) and abs(value) >= _MOST_DIGITS:
        raise BadCell("应为文本格式的编号:超过 15 位的数字在 Excel 里会丢失末尾几位,请把单元格设为文本后重新填写")
    return squeeze(text_of(value))


def link_of(value: object) -> str:
    """A web address: the hyperlink behind the text where there is one, unless the text is an address itself."""
    shown = text_of(value)
    if isinstance(value, Linked) and not shown.startswith(("http://", "https://")):
        return value.url
    return squeeze(shown)


def no_name(name: str) -> bool:
    """Whether a name cell says that there is no account on this platform (§3.2)."""
    return not name or key(name) in columns().no_name


def never(value: object) -> bool:
    """Whether a date cell says that nothing was ever posted."""
    return isinstance(value, str) and key(value) in columns().never


def day_of(value: object, *, latest: date | None = None) -> date:
    """A date cell as an Asia/Shanghai calendar date.

    `latest` is the end of the check window (or check day + 14): a date without a year gets the latest year that is not after
    it (§3.3); without `latest` such a date is refused. A numeric M.1, M.2 or M.3 is asked about: it may have been M.10.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numeric(value, latest)
    return _written(unicodedata.normalize("NFKC", text_of(value)), latest)


def days_of(value: object, *, latest: date | None) -> tuple[date, ...]:
    """Several dates in one cell, joined by 、 , ; or line breaks."""
    if not isinstance(value, str):
        return (day_of(value, latest=latest),)
    return tuple(day_of(part, latest=latest) for part in _BETWEEN.split(value) if part.strip())


def opening_of(value: object) -> tuple[date, bool]:
    """A date of which often only year and month are known: the date, and whether the day was missing (then the first)."""
    month = _MONTH.fullmatch(text_of(value)) if isinstance(value, str) else None
    return (_date(int(month[1]), int(month[2]), 1), True) if month else (day_of(value), False)


def answer_of(value: object) -> bool | None:
    """有问题 = True, 无问题 = False, 未看 or empty = None (not looked at)."""
    word = key(text_of(value))
    if not word or word == "未看":
        return None
    if word not in columns().answers:
        raise BadCell("应填有问题、无问题或未看")
    return columns().answers[word]


def _numeric(value: float, latest: date | None) -> date:
    if int(value) in _SERIALS:
        return _EPOCH + timedelta(days=int(value))
    shown = text_of(value)
    if isinstance(value, float) and _ASKED.fullmatch(shown):
        month, tens = shown.split(".")
        raise BadCell(
            f"数字格式分不清 {month}月{tens}日和 {month}月{tens}0日(10.10 会变成 10.1):"
            f"请把单元格设为文本后重新填写,或写成 {month}月{tens}日"
        )
    return _written(shown, latest)


def _written(text: str, latest: date | None) -> date:
    if full := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _date(int(full[1]), int(full[2]), int(full[3]))
    if text.isdecimal() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    if short := _SHORT.fullmatch(text):
        return _latest_year(int(short[1]), int(short[2]), latest)
    raise BadCell(HOW_DATES)


def _latest_year(month: int, day: int, latest: date | None) -> date:
    _date(2000, month, day)
    if latest is None:
        raise BadCell("应写出年份,例如 2020-11-3")
    # 29 February may lie up to eight years back.
    for year in range(latest.year, latest.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= latest:
            return found
    raise BadCell(HOW_DATES)


def _date(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadCell(f"日历上没有这一天,{HOW_DATES}") from None
    if not 2000 <= year <= 2099:
        raise BadCell("年份应在 2000 至 2099 之间,请核对")
    return found
