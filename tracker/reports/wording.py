"""Text as it may stand on paper and in a file name: whatever a name holds, it is printed as text."""

import re
import unicodedata
from datetime import date

from tracker.errors import UsageError
from tracker.text import clip, squeeze

NAME_MOST = 200
"""Characters of a printed name; platforms allow about 30, so only a broken cell is ever cut."""
PROBLEM_MOST = 250
"""Characters of a printed finding. Excel shows ##### in a text cell of more than 255 characters."""
TITLE_MOST = 120
"""Characters of a printed title."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_FILE_BYTES = 180
_FORBIDDEN = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?$", re.IGNORECASE)
_MAY_BREAK = re.compile(r"(?=全[市县区省]|政府系统|政务新媒体|检查|抽查|不合格名单)")


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
    if end < start:
        raise UsageError(f"检查期的结束日期 {end} 早于开始日期 {start}:请先更正检查期,再打印名单。")
    told = [_date(start)]
    if end != start:
        told.append(_date(end) if end.year != start.year else _date(end).partition("年")[2])
    return f"(监测时间:{'至'.join(told)})"


def _date(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


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
