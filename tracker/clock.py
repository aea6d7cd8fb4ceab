"""Time and place: every date in the program is a calendar date in Asia/Shanghai."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime. Passed in, so that a judgement can be made again years later."""


def now() -> datetime:
    """The present, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def day(at: datetime) -> date:
    """The Asia/Shanghai calendar date of an aware datetime."""
    return at.astimezone(SHANGHAI).date()


def start_of(on: date) -> datetime:
    """The first instant of a day in Asia/Shanghai."""
    return datetime.combine(on, time(), SHANGHAI)


def end_of(on: date) -> datetime:
    """The last whole second of a day in Asia/Shanghai."""
    return start_of(on) + timedelta(days=1, seconds=-1)


def from_unix(seconds: int) -> datetime:
    """Unix seconds to an aware datetime in Asia/Shanghai. Raises OverflowError or ValueError when out of range."""
    return datetime.fromtimestamp(seconds, SHANGHAI)
