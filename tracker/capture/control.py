"""One look at a control account (or at an owner's own data), kept nowhere: does this login, this grant, still read well?"""

import asyncio
from dataclasses import replace

from tracker.adapter import Adapter
from tracker.capture import clean
from tracker.capture.ports import Fetcher
from tracker.capture.retry import Sleep
from tracker.model import HANDLING, Exchange, Handling, Observation, Outcome, Route, Seen, Visit

_ROUNDS = 4


async def look_at(adapter: Adapter, visit: Visit, fetcher: Fetcher, *, sleep: Sleep = asyncio.sleep) -> Observation:
    """What the visit says, at the adapter's pace; of an owner's interface its first call alone, which proves the token."""
    so_far: tuple[Exchange, ...] = ()
    for _ in range(1 if visit.route is Route.API else _ROUNDS):
        asks = adapter.next(visit, so_far)
        for ask in asks:
            if so_far:
                await sleep(adapter.pace.between_requests)
            found = await fetcher.fetch(ask, visit)
            so_far = (*so_far, *(_safe(adapter, one) for one in found))
        if not asks or HANDLING[adapter.read(visit, so_far).outcome] in (Handling.STOP, Handling.REST):
            break
    return adapter.read(visit, so_far)


def reads_well(visit: Visit, said: Observation) -> bool:
    """Whether a look proves the lane fit: the page as a whole is `ok`; of an owner's interface, any of its answers."""
    if visit.route is Route.API:
        return any(isinstance(one, Seen) and one.outcome is Outcome.OK for one in said.aspects.values())
    return said.outcome is Outcome.OK


def _safe(adapter: Adapter, exchange: Exchange) -> Exchange:
    scrubbed = clean.exchange(exchange, ())
    return replace(scrubbed, body=adapter.redact(scrubbed))
