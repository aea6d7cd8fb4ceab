"""Dates as the pages write them, and the date inside every id (formats/weibo.md §1, §3, guards 10 to 12)."""

import re
from datetime import datetime, timedelta, timezone

from tracker.clock import SHANGHAI, from_unix

_MONTHS = dict(
    zip(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), range(1, 13), strict=True)
)
_FULL = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII)
_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_NAMED = re.compile(r"(今天|昨天|前天) ?(\d{1,2}):(\d\d)", re.ASCII)
_AGO = re.compile(r"(\d{1,4}) ?(秒|分钟|小时|天)前", re.ASCII)
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_UNIT = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}

ID_EPOCH = 515483463
"""Seconds to add to an id shifted right by 22 bits."""
APART = timedelta(days=2)
"""A date and its id that lie further apart mean that something is not understood (guard 10)."""


def id_time(mid: str) -> datetime | None:
    """When an id was given out, to the second; None for ids of the early years, which carry no time (2011: 18 digits)."""
    return from_unix((int(mid) >> 22) + ID_EPOCH) if len(mid) == 16 else None


def moment(text: str, at: datetime) -> datetime | None:
    """The instant that `text` names, read at `at` in Asia/Shanghai; None when it is no date we know.

    Locale-free, the weekday is not looked at (guard 12).
    A date without a year takes the latest year that is not in the future (guard 11).
    """
    try:
        return _full(text) or _dated(text, at) or _relative(text, at.astimezone(SHANGHAI))
    except (ValueError, OverflowError):
        return None


def date_only(text: str) -> bool:
    """Whether the text names a day without a time of day."""
    found = _DATE.fullmatch(text)
    return found is not None and found[4] is None


def _full(text: str) -> datetime | None:
    found = _FULL.fullmatch(text)
    if not found or found[1] not in _MONTHS:
        return None
    shift = timedelta(hours=int(found[7]), minutes=int(found[8]))
    zone = timezone(-shift if found[6] == "-" else shift)
    year, day_, hour, minute, second = (int(found[n]) for n in (9, 2, 3, 4, 5))
    return datetime(year, _MONTHS[found[1]], day_, hour, minute, second, tzinfo=zone).astimezone(SHANGHAI)


def _dated(text: str, at: datetime) -> datetime | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    now = at.astimezone(SHANGHAI)
    month, day_, hour, minute, second = (int(found[n] or 0) for n in range(2, 7))
    if found[1]:
        return datetime(int(found[1]), month, day_, hour, minute, second, tzinfo=SHANGHAI)
    for year in range(now.year, now.year - 9, -1):
        if (month, day_) == (2, 29) and not _leap(year):
            continue
        told = datetime(year, month, day_, hour, minute, second, tzinfo=SHANGHAI)
        if told <= now:
            return told
    return None


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _relative(text: str, now: datetime) -> datetime | None:
    if text == "刚刚":
        return now.replace(microsecond=0)
    if found := _AGO.fullmatch(text):
        return now.replace(microsecond=0) - timedelta(**{_UNIT[found[2]]: int(found[1])})
    if found := _NAMED.fullmatch(text):
        day_ = (now - timedelta(days=_DAYS_BACK[found[1]])).date()
        return datetime(day_.year, day_.month, day_.day, int(found[2]), int(found[3]), tzinfo=SHANGHAI)
    return None
