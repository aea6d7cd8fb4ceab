"""What a visit is worth whose lane was not proved, or of whose platform judging is paused (DESIGN §1: silence needs proof)."""

from dataclasses import replace

from tracker.model import Identity, Observation, Outcome, Posts, Route, Seen, StoredVisit, Unseen

UNPROVED = "采集前后对照账号没有都读好,只能证明更新过"

_CLAIMS = frozenset({Outcome.EMPTY, Outcome.GONE})


def trusted(visit: StoredVisit) -> StoredVisit:
    """The visit as far as it may be believed: of an unproved lane the posts that it saw, of a frozen platform nothing."""
    if visit.paused:
        return replace(visit, observation=_blind(visit.observation, visit.paused))
    return visit if visit.fit or visit.route is Route.MANUAL else replace(visit, observation=_fresh_only(visit.observation))


def _blind(said: Observation, why: str) -> Observation:
    unseen = Unseen(outcome=Outcome.DRIFT, detail=why)
    return replace(said, outcome=Outcome.DRIFT, detail=why, aspects=dict.fromkeys(said.aspects, unseen))


def _fresh_only(said: Observation) -> Observation:
    """Posts that were seen stay seen, and so does the account; that anything was not there is not known."""
    kept = {aspect: _kept(seen) for aspect, seen in said.aspects.items()}
    outcome = Outcome.PARTIAL if said.outcome in {Outcome.OK, *_CLAIMS} else said.outcome
    return replace(said, outcome=outcome, detail=said.detail or UNPROVED, aspects=kept)


def _kept(seen: Seen | Unseen) -> Seen | Unseen:
    if isinstance(seen, Unseen):
        return seen
    if isinstance(seen.value, Posts) and seen.value.items:
        return Seen(value=replace(seen.value, complete_since=None), outcome=Outcome.PARTIAL)
    if isinstance(seen.value, Identity) and seen.outcome not in _CLAIMS and not seen.value.closed:
        return seen
    return Unseen(outcome=Outcome.PARTIAL, detail=UNPROVED)
