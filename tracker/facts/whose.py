"""Links that were matched by name only, held against the ids that the rest of the check shows: no look-alike counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.model import Account, Aspect, Identity, Observation, Outcome, Route, Seen, StoredVisit

_WHY = "链接所示的平台编号与本账号的不同,不是同一个账号,未计入"


def own(account: Account, visits: Sequence[StoredVisit]) -> tuple[StoredVisit, ...]:
    """The visits, each link that shows another account emptied of what it said, with a note.

    A link stands when an id of it is the account's, or when nothing else of this check tells other ids under the same name.
    """
    known = [account.ids, *(_ids(visit) for visit in visits if visit.route is not Route.LINK)]
    links = [_ids(visit) for visit in visits if visit.route is Route.LINK]
    return tuple(
        _emptied(visit) if visit.route is Route.LINK and _foreign(_ids(visit), known, links) else visit for visit in visits
    )


def _ids(visit: StoredVisit) -> Mapping[str, str]:
    seen = visit.observation.aspects.get(Aspect.EXISTENCE)
    if isinstance(seen, Seen) and isinstance(seen.value, Identity) and seen.outcome is not Outcome.GONE:
        return seen.value.ids
    return {}


def _foreign(ids: Mapping[str, str], known: Sequence[Mapping[str, str]], links: Sequence[Mapping[str, str]]) -> bool:
    if any(_shared(ids, other) and not _differ(ids, other) for other in known):
        return False
    return any(_differ(ids, other) for other in (*known, *links))


def _shared(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {kind for kind in one.keys() & other.keys() if one[kind] and other[kind]}


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Both name themselves in the same kinds, and agree in none: a 微信号 alone may change."""
    shared = _shared(one, other)
    return bool(shared) and all(one[kind] != other[kind] for kind in shared)


def _emptied(visit: StoredVisit) -> StoredVisit:
    said = Observation(outcome=Outcome.INCONSISTENT, detail=_WHY, notes=(f"{visit.url}:{_WHY}",))
    return replace(visit, observation=said)
