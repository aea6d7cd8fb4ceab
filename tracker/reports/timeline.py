"""The picture of when an account posted: a mark per day, the silences in days, the check day. Pure; drawn by timeline.svg."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WIDTH, HEIGHT = 720, 190
_LEFT, _RIGHT = 30, 690
_DAYS_MOST = 400
"""A picture of more days than these would show nothing; the oldest are cut off."""
_BEFORE = timedelta(days=14)
_TOLD_DAYS = 5
"""A silence shorter than this has no number."""
_NARROW = 46.0
"""Below this width a silence has no room for its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A date on the axis; `x` in the picture's units."""

    x: float
    label: str
    mark: str = ""
    """Of a post: `pinned`, `gone` (not shown any more), else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A day on which the account was looked at; `seen` = something of it was seen then."""

    x: float
    label: str
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Days without a known post between two days; `seen` = the list was complete over them, else a post may have been missed."""

    x: float
    width: float
    days: int
    label: str
    """`23天`; empty where it is short."""
    seen: bool
    over: bool = False
    """Whether these are more days than the place allows."""

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All that timeline.svg gets."""

    width: int
    height: int
    left: int
    right: int
    posts: tuple[Tick, ...]
    """One per day on which something was posted; the label is the day."""
    silences: tuple[Silence, ...]
    """From each post to the next, and from the last one to the check day."""
    ticks: tuple[Tick, ...]
    """Every so many days, on the axis."""
    check: Tick
    """The check day."""
    summary: str
    """The same in one sentence, for who cannot see the picture."""
    looks: tuple[Look, ...] = ()
    """Days on which it was looked at, where that is to be shown."""


def build(
    days: Sequence[date],
    *,
    since: date,
    check: date,
    covered_since: date | None,
    marks: Mapping[date, str] | None = None,
    looks: Mapping[date, bool] | None = None,
    most: int | None = None,
) -> Timeline:
    """The timeline of the days on which something was posted, up to the check day.

    It begins with `since`, or two weeks before the newest post where that is older. `covered_since` = from there on a list
    shows everything; None = none does. `marks`: day → what its post bears (see `Tick.mark`); `looks`: day → whether anything was
    seen; `most`: days that may pass without a post.
    """
    known = sorted({one for one in days if one <= check})
    first = max(min([since, *(one - _BEFORE for one in known[-1:])]), check - timedelta(days=_DAYS_MOST))
    shown = [one for one in known if one >= first]
    span = max((check - first).days, 1)

    def x(on: date) -> float:
        return round(_LEFT + (on - first).days * (_RIGHT - _LEFT) / span, 1)

    return Timeline(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        posts=tuple(Tick(x=x(one), label=_short(one), mark=(marks or {}).get(one, "")) for one in shown),
        silences=tuple(
            _silence(
                x(a), x(b), (b - a).days, seen=covered_since is not None and covered_since <= a + timedelta(days=1), most=most
            )
            for a, b in pairwise([*(shown or [first]), check])
            if (b - a).days > 1
        ),
        ticks=tuple(Tick(x=x(one), label=_short(one)) for one in _axis(first, check, span)),
        check=Tick(x=x(check), label=_short(check)),
        summary=_summary(shown, first, check),
        looks=tuple(
            Look(x=x(one), label=_short(one), seen=seen) for one, seen in sorted((looks or {}).items()) if first <= one <= check
        ),
    )


def _silence(start: float, end: float, days: int, *, seen: bool, most: int | None) -> Silence:
    label = f"{days}天" if days >= _TOLD_DAYS and end - start >= _NARROW else ""
    over = most is not None and days > most
    return Silence(x=start, width=round(end - start, 1), days=days, label=label, seen=seen, over=over)


def _axis(first: date, check: date, span: int) -> list[date]:
    """Seven dates or so, none so near the check day that its words would run into those of that one."""
    step = max(1, span // 7)
    return [first + timedelta(days=at) for at in range(0, span - step // 2, step)]


def _summary(shown: Sequence[date], first: date, check: date) -> str:
    if not shown:
        return f"{first}至{check}没有看到发布"
    return f"{first}至{check}在{len(shown)}天里看到发布,最近一次是{shown[-1]},距检查日{(check - shown[-1]).days}天"


def _short(on: date) -> str:
    return f"{on.month}.{on.day}"
