"""What a visit need not ask again, what it is asked for beyond the usual, and who has to be visited once more (DESIGN §4, §6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from tracker.capture import SHUT, Job
from tracker.clock import day
from tracker.model import HANDLING, Aspect, Handling, Observation, Outcome, Posts, Route, Seen, StoredVisit
from tracker.rulebook.profile import Profile
from tracker.store import Store

BY_ACCOUNT = frozenset({Route.API, Route.BROWSER, Route.HTTP, Route.FEED})
_FOR: Mapping[str, Aspect] = {"INT-02": Aspect.REPLIES, "CNT-02": Aspect.LIKES}
"""Rules that need what only requests of its own tell, and which aspect that is."""


def wanted(profile: Profile) -> frozenset[Aspect]:
    """The aspects that cost requests of their own and that a rule of the profile asks about."""
    codes = {code for rule in profile.rules for code in rule.codes}
    return frozenset(aspect for code, aspect in _FOR.items() if code in codes)


def fetched(visits: Iterable[StoredVisit], today: date) -> frozenset[str]:
    """The accounts that need no further visit in a sweep. One whose owner's quota ran out on an earlier day goes on today."""
    told = [visit for visit in visits if visit.route in BY_ACCOUNT]
    asked_today = {visit.account_id for visit in told if visit.route is Route.API and day(visit.at) >= today}
    short = {visit.account_id for visit in told if visit.observation.outcome is Outcome.QUOTA and day(visit.at) < today}
    return frozenset(visit.account_id for visit in told) - (short - asked_today)


def walled(visits: Iterable[StoredVisit]) -> frozenset[str]:
    """The accounts of which machines know nothing in a sweep because of a wall: every visit met one, or its lane was shut."""
    told = [visit for visit in visits if visit.route in BY_ACCOUNT]
    looked = {visit.account_id for visit in told if not _wall(visit.observation)}
    return frozenset(visit.account_id for visit in told) - looked


def _wall(said: Observation) -> bool:
    return HANDLING[said.outcome] in (Handling.STOP, Handling.REST) or said.detail.startswith(SHUT)


def going_on(job: Job, store: Store, wants: Collection[Aspect]) -> Job:
    """The job with what is wanted and with the days that earlier visits of the owner's interfaces read whole."""
    account, cursor = job.visit.account, ""
    if account is not None and Route.API in job.routes:
        cursor = days_read(store.visits_of(account.account_id), since=job.visit.window.since)
    return replace(job, visit=replace(job.visit, wants=frozenset(wants), cursor=cursor))


def days_read(visits: Iterable[StoredVisit], since: date) -> str:
    """Spans of days (`Visit.cursor`) over which the owner's interfaces were read whole, without those that end before `since`."""
    spans = {
        (day(found.value.complete_since), day(found.value.as_of))
        for visit in visits
        if visit.route is Route.API and isinstance(found := visit.observation.aspects.get(Aspect.POSTS), Seen)
        if found.outcome is Outcome.OK and isinstance(found.value, Posts) and found.value.complete_since is not None
    }
    return ",".join(f"{first}/{last}" for first, last in sorted(spans) if first <= last and last >= since)
