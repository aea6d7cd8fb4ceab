"""What people said last counts: a later look at the same thing replaces what an earlier look said of it (DESIGN §8).

A mistyped date or a wrong 有问题 can only be put right by looking again; the earlier look stays in the evidence.
Rows of one sheet were entered at the same time: none of them is the later one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.model import Aspect, Route, Seen, StoredVisit, Unseen

_UPDATES = "UPD"
"""The one topic of dates: the list of posts, and all that is reported of idle time."""


def standing(visits: Sequence[StoredVisit]) -> tuple[StoredVisit, ...]:
    """The visits without what a later look by people says anew; those of machines are left as they are."""
    newest: dict[str, datetime] = {}
    for visit in visits:
        for topic in _topics(visit):
            newest[topic] = max(visit.at, newest.get(topic, visit.at))
    return tuple(_reduced(visit, newest) if visit.route is Route.MANUAL else visit for visit in visits)


def _topics(visit: StoredVisit) -> Iterator[str]:
    if visit.route is Route.MANUAL:
        yield from _of(one.code for one in visit.observation.reported)
        if Aspect.POSTS in visit.observation.aspects:
            yield _UPDATES


def _of(codes: Iterable[str]) -> Iterator[str]:
    return (_UPDATES if code.startswith(f"{_UPDATES}-") else code for code in codes)


def _reduced(visit: StoredVisit, newest: Mapping[str, datetime]) -> StoredVisit:
    gone = {topic for topic in _topics(visit) if newest[topic] > visit.at}
    if not gone:
        return visit
    said = visit.observation
    kept = tuple(one for one in said.reported if gone.isdisjoint(_of([one.code])))
    if _UPDATES not in gone:
        return replace(visit, observation=replace(said, reported=kept))
    aspects: dict[Aspect, Seen | Unseen] = dict(said.aspects)
    aspects.pop(Aspect.POSTS, None)
    return replace(visit, printed_date="", observation=replace(said, reported=kept, aspects=aspects))
