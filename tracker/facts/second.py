"""Whether what a public page does not show was read twice (formats/*.md: one reading of a degraded page looks like silence)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import combinations

from tracker.clock import day
from tracker.model import Aspect, Menu, Posts, Route, Seen, StoredVisit, Verification

APART = timedelta(minutes=10)
"""Between two readings by one route, at least; two routes, or two sweeps, are two readings anyway."""

_PUBLIC = (Route.BROWSER, Route.HTTP)


def read_once(visits: Sequence[StoredVisit], on: date) -> tuple[str, ...]:
    """The aspects of which a lack was told by one public reading alone, where two are asked for (`StoredVisit.twice`).

    `on` = the check date, which a reading of the posts has to reach. What an owner's interface or a person says needs no second.
    """
    telling: dict[Aspect, Callable[[StoredVisit], bool]] = {
        Aspect.MENU: lambda visit: isinstance(_value(visit, Aspect.MENU), Menu),
        Aspect.POSTS: lambda visit: _tells_silence(visit, on),
        Aspect.VERIFICATION: _tells_unverified,
    }
    return tuple(str(aspect) for aspect, tells in telling.items() if _once([visit for visit in visits if tells(visit)]))


def _once(told: Sequence[StoredVisit]) -> bool:
    if not told or not all(needs_second(visit) for visit in told):
        return False
    return not any(_independent(one, other) for one, other in combinations(told, 2))


def needs_second(visit: StoredVisit) -> bool:
    """Whether one reading of this kind is not enough."""
    return visit.twice and visit.route in _PUBLIC


def _independent(one: StoredVisit, other: StoredVisit) -> bool:
    return one.route is not other.route or one.sweep != other.sweep or abs(one.at - other.at) >= APART


def _tells_silence(visit: StoredVisit, on: date) -> bool:
    posts = _value(visit, Aspect.POSTS)
    return isinstance(posts, Posts) and posts.exact and day(posts.as_of) >= on


def _tells_unverified(visit: StoredVisit) -> bool:
    told = _value(visit, Aspect.VERIFICATION)
    return isinstance(told, Verification) and not told.verified


def _value(visit: StoredVisit, aspect: Aspect) -> object:
    seen = visit.observation.aspects.get(aspect)
    return seen.value if isinstance(seen, Seen) else None
