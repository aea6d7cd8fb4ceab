"""Another try after a pause: for connections that fail and servers that say 5xx, never for a wall (DESIGN §4)."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from tracker.capture.ports import Tools
from tracker.errors import Transport
from tracker.model import Exchange

Sleep = Callable[[float], Awaitable[None]]
LONGEST_WAIT = 120.0
"""Seconds; a server that asks for more is left alone for this sweep."""


class Unanswered(Transport):
    """An answer that is none (5xx, no JSON where JSON was due): worth another try, yet kept when it stays so."""

    def __init__(self, exchange: Exchange, *, retry_after: float | None = None) -> None:
        super().__init__(f"服务器应答{exchange.status}", retry_after=retry_after)
        self.exchange = exchange


async def persist(
    once: Callable[[], Awaitable[Exchange]],
    failed: Callable[[str], Exchange],
    *,
    tools: Tools,
    tries: int = 3,
) -> Exchange:
    """The answer of up to `tries` tries, with pauses of 1, 2, 4 … s and jitter, or as long as Retry-After asks;
    never shorter than the lane's pace.

    Else the last answer that came, or `failed(reason)` when none did.
    """
    try:
        return await once()
    except Transport as error:
        told = [error]

    async def again() -> Exchange:
        # nearly every first try is the last: it is made without the machinery, which is then told how it ended
        if told:
            raise told.pop()
        return await once()

    retrying = AsyncRetrying(
        sleep=tools.sleep,
        stop=_Stop(tries),
        wait=lambda state: max(tools.least, _wait(state, tools.rng)),
        retry=retry_if_exception_type(Transport),
        reraise=True,
    )
    try:
        return await retrying(again)
    except Unanswered as error:
        return error.exchange
    except Transport as error:
        return failed(str(error))


class _Stop(stop_after_attempt):
    def __call__(self, retry_state: RetryCallState) -> bool:
        return super().__call__(retry_state) or (_asked(retry_state) or 0) > LONGEST_WAIT


def _wait(state: RetryCallState, rng: random.Random) -> float:
    asked = _asked(state)
    return asked if asked is not None else float(2 ** (state.attempt_number - 1)) + rng.uniform(0, 1)


def _asked(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Transport) else None


def retry_after(value: str | None, at: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); None when it says neither."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        asked = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    return max(0.0, (aware - at).total_seconds())
