"""Text as it may stand on paper and in a file name: whatever a name holds, it is printed as text."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import Enum

from tracker.errors import UsageError
from tracker.model import Route
from tracker.text import clip, squeeze

NAME_MOST = 200
"""Characters of a printed name; platforms allow about 30, so only a broken cell is ever cut."""
PROBLEM_MOST = 250
"""Characters of a printed finding. Excel shows ##### in a text cell of more than 255 characters."""
CELL_MOST = 2000
"""Characters of a cell that joins several findings."""
TITLE_MOST = 120
"""Characters of a printed title."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_FILE_BYTES = 180
_FORBIDDEN = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?$", re.IGNORECASE)
_MAY_BREAK = re.compile(r"(?=全[市县区省]|政府系统|政务新媒体|检查|抽查|不合格名单|未能核查|清单|台账|汇总表)")

ROUTES: Mapping[Route, str] = {
    Route.API: "授权接口",
    Route.HTTP: "网页",
    Route.BROWSER: "浏览器",
    Route.FEED: "订阅源",
    Route.LINK: "粘贴的链接",
    Route.MANUAL: "人工",
}
"""How people call the routes."""


def plain(text: str, most: int = NAME_MOST) -> str:
    """One line of at most `most` characters that XML, Excel and a terminal can hold.

    Control characters and line breaks become a blank, direction marks vanish, lone surrogates and non-characters become U+FFFD.
    """
    return clip(squeeze("".join(map(_printable, text[: 8 * most]))), most)


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if char in _BIDI:
        return ""
    return "\ufffd" if category == "Cs" or ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF else char


def file_name(title: str) -> str:
    """The title as a file name (without suffix) that Windows, macOS and Linux all accept; at most 180 bytes of UTF-8."""
    name = plain(title, TITLE_MOST).translate(_FORBIDDEN).strip(". ")
    name = name.encode()[:_FILE_BYTES].decode(errors="ignore").rstrip(". ")
    if not name:
        return "名单"
    return f"_{name}" if _RESERVED.match(name) else name


def window_line(start: date, end: date) -> str:
    """`(监测时间:2020年10月26日至11月6日)`, brackets and colon half-width as the source prints them (annexes.md §1).

    The second year is printed only where the window crosses New Year (§8.3). Raises UsageError when `end` is before `start`.
    """
    check_window(start, end)
    told = [_date(start)]
    if end != start:
        told.append(_date(end) if end.year != start.year else _date(end).partition("年")[2])
    return f"(监测时间:{'至'.join(told)})"


def note_line(start: date, end: date, scope: str = "") -> str:
    """`备注:检查时间为2020年11月6日至18日,检查范围为…。` as the 商洛 form prints it (annexes.md §2): a month is told once.

    `scope` without a full stop; empty = only the time is told. Raises UsageError when `end` is before `start`.
    """
    check_window(start, end)
    last = _date(end)
    if end.year == start.year:
        last = f"{end.day}日" if end.month == start.month else last.partition("年")[2]
    time = _date(start) if end == start else f"{_date(start)}至{last}"
    return f"备注:检查时间为{time}{f',检查范围为{plain(scope, CELL_MOST)}' if scope else ''}。"


def check_window(start: date, end: date) -> None:
    """A window ends on or after its first day. Raises UsageError."""
    if end < start:
        raise UsageError(f"检查期的结束日期 {end} 早于开始日期 {start}:请先更正检查期,再打印名单。")


def _date(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


class DateStyle(Enum):
    """How a form writes a date in a cell (annexes.md §8.3)."""

    DOTS = "M.D"
    YEAR_DOTS = "YYYY.M.D"
    WORDS = "M月D日"


def styled(on: date, style: DateStyle, start: date, end: date) -> str:
    """A date without leading zeros; where the title cannot tell its year, a style without the year takes it as well.

    That is so for a day of another year than the window's, and for any where the window goes over New Year.
    """
    years = style is DateStyle.YEAR_DOTS or not on.year == start.year == end.year
    if style is DateStyle.WORDS:
        return _date(on) if years else f"{on.month}月{on.day}日"
    return f"{on.year}.{on.month}.{on.day}" if years else f"{on.month}.{on.day}"


_YEAR = re.compile(r"^(\d{4}年)第?(.+)$")


def split_year(period: str) -> tuple[str, str]:
    """`2020年第一季度` gives `2020年` and `一季度`, `2019年10月` gives `2019年` and `10月`; without a year it stays whole."""
    told = _YEAR.match(period)
    return (told[1], told[2]) if told else ("", period)


def width(text: str) -> float:
    """Width in full-width characters: half-width letters and digits count one half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def title_lines(title: str, most: int = 20) -> tuple[str, ...]:
    """The title in lines of at most `most` full-width characters (156 mm hold 20 of 22 pt), broken between words, evenly.

    bulletin.md §4: trapezoid or diamond wrap, no word broken. A title without a known word in its middle is cut where it is full.
    """
    if width(title) <= most:
        return (title,)
    cuts = [match.start() for match in _MAY_BREAK.finditer(title) if match.start()]
    halves = [(title[:cut], title[cut:]) for cut in cuts]
    fitting = [pair for pair in halves if max(map(width, pair)) <= most]
    if fitting:
        return min(fitting, key=lambda pair: max(map(width, pair)))
    return tuple(title[at : at + most] for at in range(0, len(title), most))
