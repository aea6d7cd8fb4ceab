"""When something is done by itself: rhythms in words (周五 08:00), holidays, quiet hours. Pure: the present is an argument."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tracker.clock import SHANGHAI, day
from tracker.holidays import Calendar

WEEK = "一二三四五六日"
"""周一 … 周日, as Python counts them."""

FORMS = "周五 08:00、周一、周四 08:00、工作日 09:00、每天 21:30、每月1日 09:00"
"""What a rhythm may look like."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_BACK, _AHEAD = 75, 100
"""Days looked at: a month, and the longest holidays around it."""
_TOLD = re.compile(r"(?P<days>\S.*?)\s+(?P<at>\S+)")
_MONTHLY = re.compile(r"每月(\d{1,2})[日号]")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[::]([0-5]\d)")


class Shift(StrEnum):
    """What becomes of a named day that is a national holiday."""

    LATER = "顺延"
    """The next working day."""
    EARLIER = "提前"
    """The last working day before it."""
    NEVER = "跳过"
    ANYWAY = "照常"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Certain days at a time of day, in Asia/Shanghai."""

    told: str
    at: time
    weekdays: frozenset[int] = frozenset()
    """0 = Monday."""
    monthly: int = 0
    """Day of the month, 1 to 28; 0 = not monthly."""
    working: bool = False
    """Every working day, make-up workdays too."""

    def latest(self, now: datetime, calendar: Calendar, shift: Shift) -> datetime | None:
        """The last instant meant that is not after `now`; None where there is none within some weeks."""
        today = day(now)
        meant = self._instants(today - _BACK * _DAY, today + _BACK * _DAY, calendar, shift)
        return max((one for one in meant if one <= now), default=None)

    def following(self, now: datetime, calendar: Calendar, shift: Shift) -> datetime | None:
        """The first instant meant after `now`; None where there is none within some weeks."""
        today = day(now)
        meant = self._instants(today - _BACK * _DAY, today + _AHEAD * _DAY, calendar, shift)
        return min((one for one in meant if one > now), default=None)

    def _instants(self, first: date, last: date, calendar: Calendar, shift: Shift) -> Iterator[datetime]:
        for number in range((last - first).days + 1):
            on = first + number * _DAY
            if self._named(on, calendar) and (meant := self._moved(on, calendar, shift)):
                yield datetime.combine(meant, self.at, SHANGHAI)

    def _named(self, on: date, calendar: Calendar) -> bool:
        if self.working:
            return worked(on, calendar)
        return on.day == self.monthly if self.monthly else on.weekday() in self.weekdays

    def _moved(self, on: date, calendar: Calendar, shift: Shift) -> date | None:
        # every day is meant as it is: of daily work nothing is made up for
        if on not in calendar.off or shift is Shift.ANYWAY or len(self.weekdays) == len(WEEK):
            return on
        if shift is Shift.NEVER:
            return None
        step = _DAY if shift is Shift.LATER else -_DAY
        while not worked(on, calendar):
            on += step
        return on


def worked(on: date, calendar: Calendar) -> bool:
    """Whether a day is worked. Of a year without a table Monday to Friday are: here nobody is accused by it."""
    return on in calendar.worked or (on.weekday() < _SATURDAY and on not in calendar.off)


def parse(told: str) -> Rhythm:
    """A rhythm in words. Raises ValueError whose text says in Chinese what was expected."""
    found = _TOLD.fullmatch(told.strip())
    if not found:
        raise ValueError(f"“{told}”看不懂;可以写:{FORMS}")
    at, days = clock(found["at"]), found["days"].replace(" ", "")
    if days == "工作日":
        return Rhythm(told=told, at=at, working=True)
    if days == "每天":
        return Rhythm(told=told, at=at, weekdays=frozenset(range(len(WEEK))))
    if month := _MONTHLY.fullmatch(days):
        return Rhythm(told=told, at=at, monthly=_monthly(int(month[1])))
    return Rhythm(told=told, at=at, weekdays=_weekdays(days, told))


def clock(told: str) -> time:
    """A time of day: 08:00. Raises ValueError whose text says in Chinese what was expected."""
    found = _CLOCK.fullmatch(told.strip())
    if not found:
        raise ValueError(f"时刻“{told}”应写成 08:00 这样")
    return time(int(found[1]), int(found[2]))


def _monthly(number: int) -> int:
    if not 1 <= number <= 28:
        raise ValueError(f"每月{number}日不是每个月都有;请写每月1日到每月28日")
    return number


def _weekdays(days: str, told: str) -> frozenset[int]:
    found = [one.removeprefix("周").removeprefix("星期").replace("天", "日") for one in re.split("[、,,]", days)]
    if not days.startswith(("周", "星期")) or not all(len(one) == 1 and one in WEEK for one in found):
        raise ValueError(f"“{told}”里的“{days}”看不懂;可以写:{FORMS}")
    return frozenset(WEEK.index(one) for one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Hours of a day from `start` to `end`, over midnight where the end comes first; equal = none."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether a time of day lies in it; its end does not."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def span(told: Sequence[str]) -> Span | None:
    """Two times of day; none told = None. Raises ValueError whose text says in Chinese what was expected."""
    if not told:
        return None
    if len(told) != 2:
        raise ValueError('应写成两个时刻,例如 ["20:00", "08:00"]')
    return Span(start=clock(told[0]), end=clock(told[1]))


def loud_again(now: datetime, quiet: Span | None, calendar: Calendar, *, workdays: bool) -> datetime:
    """When people may be disturbed: `now`, or the first instant after the quiet hours; `workdays` = on working days only."""
    at = now.astimezone(SHANGHAI)
    while True:
        if workdays and not worked(at.date(), calendar):
            at = datetime.combine(at.date() + _DAY, time(), SHANGHAI)
        elif quiet and quiet.holds(at.time()):
            over = datetime.combine(at.date(), quiet.end, SHANGHAI)
            at = over if over > at else over + _DAY
        else:
            return at
