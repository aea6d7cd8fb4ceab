"""The lanes' book on PostgreSQL: pace and walls, kept across machines and restarts (`tracker.capture.Ledger`)."""

from collections.abc import Callable, Mapping
from math import inf
from time import monotonic

from tracker.capture import Lane, Past
from tracker.clock import Clock
from tracker.cluster.again import rest_after
from tracker.cluster.fence import Fence
from tracker.model import Observation, Outcome
from tracker.store import LanePast, Store
from tracker.store.machines import ALL

_USED = """INSERT INTO lane_pace (platform, lane, last_request, last_visit, visits, stopped, detail, until)
    SELECT %s, one, EXTRACT(EPOCH FROM clock_timestamp()), EXTRACT(EPOCH FROM clock_timestamp()), %s, '', '', 0
    FROM unnest(%s::text[]) AS one
    ON CONFLICT (platform, lane) DO UPDATE
    SET last_request = EXCLUDED.last_request, last_visit = EXCLUDED.last_visit, visits = EXCLUDED.visits"""


class Book:
    """What was before is read once, when the lane is held: from then on nobody else can change it."""

    def __init__(self, store: Store, fence: Fence, platform: str, clock: Clock, time: Callable[[], float] = monotonic) -> None:
        self._store, self._fence, self._clock, self._time = store, fence, clock, time
        self._read = time()
        self._pasts: Mapping[str, LanePast] = {one.lane: one for one in store.lane_pasts(platform)}

    def past(self, lane: Lane) -> Past:
        """What the lane did before it is opened here, by whichever machine."""
        since = self._time() - self._read
        own, shared = self._pasts.get(lane.credential), self._pasts.get(ALL)
        return Past(
            request=own.request_age + since if own else inf,
            visit=own.visit_age + since if own else inf,
            visits=own.visits if own else 0,
            stopped=_said(own),
            anonymous=_said(shared),
            anonymous_request=shared.request_age + since if shared else inf,
        )

    async def used(self, lane: Lane, *, anonymous: bool, visits: int) -> None:
        """Write down that the lane is used now, in the session that holds it. Raises Interrupted when it is lost."""
        rows = [lane.credential, ALL] if anonymous else [lane.credential]
        await self._fence.tell(_USED, [lane.platform, visits, rows])

    def stopped(self, lane: Lane, said: Observation, *, anonymous: bool) -> None:
        """Shut the lane for all machines, and all anonymous requests of the platform when such a one met the wall."""
        rest = rest_after(said.outcome, self._clock())
        for name in (lane.credential, ALL) if anonymous else (lane.credential,):
            self._store.stop_lane(lane.platform, name, str(said.outcome), said.detail, rest=rest)


def _said(past: LanePast | None) -> Observation | None:
    return Observation(outcome=Outcome(past.stopped), detail=past.detail) if past and past.stopped else None
