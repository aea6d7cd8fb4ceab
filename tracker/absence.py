"""停更报备: notices that an account will be silent for a while, and what they take off its silence (domain/rules.md §2, 盘锦)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracker.facts import Facts, Quantity
from tracker.model import Bounds

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One notice: silent from `first` to `last`, both included; filed on `filed_on` under the number `document`."""

    account_id: str
    first: date
    last: date
    filed_on: date
    reason: str
    document: str
    who: str
    at: datetime
    """When it was entered here; kept beside `filed_on`, so that a date put back shows."""

    @property
    def holds_from(self) -> date:
        """The first day that it can excuse: a notice never works backwards from the day of its filing."""
        return max(self.first, self.filed_on)


def excused(notices: Iterable[Absence], first: date, last: date) -> int:
    """How many calendar days from `first` to `last`, both included, at least one notice excuses; each day counts once."""
    spans = sorted((max(one.holds_from, first), min(one.last, last)) for one in notices)
    days, reached = 0, first - _DAY
    for start, end in spans:
        start = max(start, reached + _DAY)
        if start <= end:
            days += (end - start).days + 1
            reached = end
    return days


def counted(days: int, on: date, notices: Sequence[Absence]) -> int:
    """Of `days` silent days that end with the check date `on` (included), those that no notice excuses."""
    return days - excused(notices, on - timedelta(days=days) + _DAY, on) if days > 0 else days


def safe_until(last: date, days: int, notices: Iterable[Absence]) -> date:
    """The last day on which, after a post on `last`, no more than `days` silent days count: see `counted`."""
    reached, left = last.toordinal(), days
    for first, end in sorted((one.holds_from.toordinal(), one.last.toordinal()) for one in notices):
        gap = max(0, first - reached - 1)
        if gap > left:
            break
        if end >= first and end > reached:
            reached, left = end, left - gap
    return date.fromordinal(min(reached + left, date.max.toordinal()))


def without(facts: Facts, notices: Sequence[Absence]) -> Facts:
    """The same facts with the excused days taken off the silence, both off its proven least and off its most.

    Their calendar holds the excused days as well, so that working days are counted without them.
    """
    idle, original = (_less(one, facts.check_date, notices) for one in (facts.idle, facts.idle_original))
    if (idle, original) == (facts.idle, facts.idle_original):
        return facts
    return replace(facts, idle=idle, idle_original=original, calendar=facts.calendar.excusing(_days(facts, notices)))


def _less(silence: Quantity, on: date, notices: Sequence[Absence]) -> Quantity:
    bounds = silence.bounds
    most = None if bounds.most is None else counted(bounds.most, on, notices)
    return replace(silence, bounds=Bounds(least=counted(bounds.least, on, notices), most=most))


def _days(facts: Facts, notices: Iterable[Absence]) -> Iterator[date]:
    """The excused days that lie in the silence."""
    told = (one.bounds.least if one.bounds.most is None else one.bounds.most for one in (facts.idle, facts.idle_original))
    since = facts.check_date - timedelta(days=max(told))
    for one in notices:
        first, last = max(one.holds_from, since), min(one.last, facts.check_date)
        yield from (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def away(facts: Facts, notices: Iterable[Absence]) -> tuple[Absence, ...]:
    """The notices that lie, if only in part, in the silence of this check, in the order of their first day."""
    first = _silent_since(facts)
    return tuple(one for one in sorted(notices, key=lambda one: one.first) if one.first <= facts.check_date and one.last >= first)


def note(notice: Absence, facts: Facts, exempt: bool) -> str:
    """The line of the verdict card: the notice, and how many silent days it excuses where it excuses any."""
    span = f"{notice.first:%Y-%m-%d}至{notice.last:%Y-%m-%d}"
    line = f"停更报备({notice.document},{notice.filed_on:%Y-%m-%d}报备):{span},{notice.reason}"
    if not exempt:
        return f"{line};按本口径只注明,不影响结论"
    days = excused([notice], _silent_since(facts), facts.check_date)
    if not days:
        return f"{line};报备日在后,不往前追溯,没有可扣除的天数"
    return f"{line};{notice.holds_from:%Y-%m-%d}起的{days}天不计入未更新天数"


def _silent_since(facts: Facts) -> date:
    """The first day of the silence: the day after the newest known post, else the day from which silence is proven."""
    bounds = facts.idle.bounds
    silent = bounds.least if bounds.most is None else bounds.most
    return facts.check_date - timedelta(days=max(silent, 1)) + _DAY
