"""What people said last counts: a later look at the same thing replaces what an earlier look said of it (DESIGN §8).

A mistyped date or a wrong 有问题 can only be put right by looking again; the earlier look stays in the evidence.
Rows of one sheet were entered at the same time: of these the later check date is the later look, and on one date none is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from tracker.clock import day
from tracker.model import Aspect, Route, Seen, StoredVisit, Unseen

_UPDATES = "UPD"
"""The one topic of dates: the list of posts, and all that is reported of idle time."""


def standing(visits: Sequence[StoredVisit]) -> tuple[StoredVisit, ...]:
    """The visits without what a later look by people says anew; those of machines are left as they are."""
    newest: dict[str, tuple[datetime, date]] = {}
    for visit in visits:
        for topic in _topics(visit):
            newest[topic] = max(_order(visit), newest.get(topic, _order(visit)))
    return tuple(_reduced(visit, newest) if visit.route is Route.MANUAL else visit for visit in visits)


def tells_updates(visit: StoredVisit) -> bool:
    """Whether a person said here when the account last posted, or that it is silent or not."""
    return _UPDATES in _topics(visit)


def _order(visit: StoredVisit) -> tuple[datetime, date]:
    return visit.at, visit.check_date or day(visit.at)


def _topics(visit: StoredVisit) -> Iterator[str]:
    if visit.route is Route.MANUAL:
        yield from _of(one.code for one in visit.observation.reported)
        if Aspect.POSTS in visit.observation.aspects:
            yield _UPDATES


def _of(codes: Iterable[str]) -> Iterator[str]:
    return (_UPDATES if code.startswith(f"{_UPDATES}-") else code for code in codes)


def _reduced(visit: StoredVisit, newest: Mapping[str, tuple[datetime, date]]) -> StoredVisit:
    gone = {topic for topic in _topics(visit) if newest[topic] > _order(visit)}
    if not gone:
        return visit
    said = visit.observation
    kept = tuple(one for one in said.reported if gone.isdisjoint(_of([one.code])))
    if _UPDATES not in gone:
        return replace(visit, observation=replace(said, reported=kept))
    aspects: dict[Aspect, Seen | Unseen] = dict(said.aspects)
    aspects.pop(Aspect.POSTS, None)
    return replace(visit, printed_date="", observation=replace(said, reported=kept, aspects=aspects))
