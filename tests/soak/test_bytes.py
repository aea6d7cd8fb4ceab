"""Every recorded body changed byte by byte, and pages of 4 MB: adapters are total, and never slow."""

import json
import math
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from adapters import ADAPTERS
from tests.adapters import fuzz
from tests.adapters.recorded import recorded
from tests.soak import results
from tracker.adapter import Adapter
from tracker.model import Exchange, Visit

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
MUTATIONS = 200
"""Of each body."""
LIMIT = 5.0
"""Seconds after which a reading counts as hanging."""
LONG = 4 * 1024 * 1024
QUICK = 0.5
"""Seconds for redacting, asking further and reading a page of 4 MB whose texts are long; tens of thousands of rows have LIMIT."""
FILLER = b"var lib = function (t, e) { return t && e ? t + e : 0; };\n" * 40 + b"<p>text</p>\n"
"""Library code and a little markup, as long pages consist of."""

every = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)


def _flip(body: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)


def _overwrite(body: bytearray, rng: random.Random) -> None:
    body[rng.randrange(len(body))] = rng.choice(b'{}[]",:0-9<>\\\x00\xff')


def _delete(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body))
    del body[at : at + rng.randint(1, 40)]


def _insert(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body) + 1)
    body[at:at] = rng.choice(fuzz.JUNK) if rng.random() < 0.5 else rng.randbytes(rng.randint(1, 8))


def _repeat(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body))
    body[at:at] = body[at : at + rng.randint(1, 200)] * rng.randint(1, 5)


def _cut(body: bytearray, rng: random.Random) -> None:
    del body[rng.randrange(len(body)) :]


def _digits(body: bytearray, rng: random.Random) -> None:
    places = [at for at, byte in enumerate(body) if 48 <= byte <= 57]
    for at in rng.sample(places, min(len(places), rng.randint(1, 6))):
        body[at] = 48 + rng.randrange(10)


MUTATORS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _overwrite, _delete, _insert, _repeat, _cut, _digits),
)


def mutated(body: bytes, rng: random.Random) -> bytes:
    """The body with one to three changes."""
    made = bytearray(body or b" ")
    for _ in range(rng.randint(1, 3)):
        if made:
            rng.choice(MUTATORS)(made, rng)
    return bytes(made)


@contextmanager
def in_time(what: str) -> Iterator[None]:
    """Raises TimeoutError when the block takes longer than LIMIT (where the system has timers)."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"hangs: {what}")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@every
def test_every_byte_may_be_wrong(adapter: Adapter) -> None:
    bodies, slowest, tried = 0, 0.0, 0
    for number, (visit, came) in enumerate(recorded(adapter.platform)):
        for place, one in enumerate(came):
            bodies += 1
            for seed in range(MUTATIONS):
                body = mutated(one.body, random.Random(f"{number}/{place}/{seed}"))
                changed = [*came[:place], replace(one, body=body), *came[place + 1 :]]
                began = time.process_time()
                with in_time(f"{adapter.platform} visit {number} body {place} seed {seed}"):
                    fuzz.is_total(adapter, visit, changed)
                slowest, tried = max(slowest, time.process_time() - began), tried + 1
    results.keep(f"bytes-{adapter.platform}", bodies=bodies, tried=tried, **{"slowest reading, s": round(slowest, 3)})
    assert tried >= bodies * MUTATIONS > 0


def long_texts(exchange: Exchange) -> Exchange:
    """The exchange with a body of 4 MB: its longest text, or the text and scripts of its page, made longer."""
    told = fuzz.parsed(exchange.body)
    texts = [path for path in fuzz.places(told) if isinstance(_at(told, path), str)]
    if texts:
        longest = max(texts, key=lambda path: len(_at(told, path)))
        body = json.dumps(fuzz.changed(told, longest, f"{_at(told, longest)}{'字' * (LONG // 3)}"), ensure_ascii=False).encode()
    else:
        cut = exchange.body.rfind(b"</body>") if b"</body>" in exchange.body else len(exchange.body)
        body = exchange.body[:cut] + FILLER * (LONG // len(FILLER)) + exchange.body[cut:]
    return replace(exchange, body=body)


def many_rows(exchange: Exchange) -> Exchange:
    """The exchange with a body of 4 MB: its longest list repeated; the same exchange where it has none."""
    told = fuzz.parsed(exchange.body)
    lists = [path for path in fuzz.places(told) if isinstance(_at(told, path), list) and _at(told, path)]
    if not lists:
        return exchange
    longest = max(lists, key=lambda path: len(json.dumps(_at(told, path))))
    rows = _at(told, longest)
    times = LONG // len(json.dumps(rows, ensure_ascii=False).encode()) + 1
    return replace(exchange, body=json.dumps(fuzz.changed(told, longest, rows * times), ensure_ascii=False).encode())


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def largest(adapter: Adapter) -> dict[str, tuple[Visit, tuple[Exchange, ...], int]]:
    """Of each page that was recorded, the visit with its longest well-formed body, and that body's place."""
    found: dict[str, tuple[Visit, tuple[Exchange, ...], int]] = {}
    for visit, came in recorded(adapter.platform):
        for place, one in enumerate(came):
            held = found.get(one.page)
            if one.body and (held is None or len(one.body) > len(held[1][held[2]].body)):
                found[one.page] = (visit, came, place)
    return found


@every
def test_a_page_of_4_mb_is_read_in_half_a_second(adapter: Adapter) -> None:
    found = largest(adapter)
    taken = {page: _taken(adapter, long_texts, *told) for page, told in found.items()}
    rows = {page: _taken(adapter, many_rows, *told) for page, told in found.items()}
    assert taken
    results.keep(
        f"long-{adapter.platform}", **{"seconds by page": taken, "slowest, s": max(taken.values()), "many rows, s": rows}
    )
    assert {page: seconds for page, seconds in taken.items() if seconds >= QUICK} == {}
    assert {page: seconds for page, seconds in rows.items() if seconds >= LIMIT} == {}


def _taken(
    adapter: Adapter, grown: Callable[[Exchange], Exchange], visit: Visit, came: tuple[Exchange, ...], place: int
) -> float:
    """Seconds of processor time that the long page costs, the better of two tries."""
    page, best = grown(came[place]), math.inf
    for _ in range(2):
        began = time.process_time()
        clean = fuzz.redacted(adapter, page)
        so_far = [*came[:place], clean, *came[place + 1 :]]
        adapter.next(visit, so_far)
        adapter.read(visit, so_far)
        best = min(best, time.process_time() - began)
    return round(best, 3)
