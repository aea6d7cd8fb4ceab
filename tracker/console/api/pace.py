"""How fast a token may ask: a bucket of requests that fills again by the second, so that one program leaves room for people."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from fastapi import Request
from starlette.exceptions import HTTPException

from tracker.console.signing import signed_of

PER_SECOND, BURST = 50.0, 500.0
"""Requests of one token: in the long run, and at once after a pause."""


@dataclass(slots=True)
class Buckets:
    """One bucket for each token; full ones are forgotten. Safe for threads."""

    clock: Callable[[], float] = time.monotonic
    """Seconds that never go back."""
    _held: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, whose: tuple[str, str]) -> float:
        """Seconds to wait until the next request may come; 0 = this one may."""
        now = self.clock()
        with self._lock:
            left, at = self._held.get(whose, (BURST, now))
            left = min(BURST, left + (now - at) * PER_SECOND)
            wait = 0.0 if left >= 1 else (1 - left) / PER_SECOND
            self._held[whose] = (left - 1 if not wait else left, now)
            if len(self._held) > _MOST:
                self._held = {one: kept for one, kept in self._held.items() if now - kept[1] < BURST / PER_SECOND}
        return wait


_MOST = 1000
"""Tokens that are remembered at a time."""


def paced(request: Request) -> None:
    """Raises HTTPException 429 where a token asks too fast. On every route of the API."""
    signed = signed_of(request)
    wait = request.app.state.buckets.take((signed.person.login, signed.token))
    if wait:
        told = {"Retry-After": str(max(1, math.ceil(wait)))}
        raise HTTPException(429, f"一个令牌每秒最多请求 {PER_SECOND:.0f} 次;请慢一点再发", told)
