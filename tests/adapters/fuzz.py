"""Whatever comes, for every adapter alike: recorded visits changed in one place, and what has to hold of any of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.adapters.recorded import recorded
from tracker.adapter import Adapter, Ask
from tracker.model import Aspect, Exchange, Observation, Route, Visit

ROUNDS = 80
"""What the engine grants at most: an adapter that still asks then never ends."""
STATUSES = (0, 200, 200, 200, 200, 204, 302, 400, 403, 404, 429, 432, 500, 999)
LOCATIONS = ("", "https://[", "https://example.com/x", "https://sso.example.com/login", "/captcha")
JUNK = (b"{", b"}", b"'", b'"', b"</script>", b"<svg>", b"[" * 50, b"\\x", b"\x00", b"\xff\xfe", "登录".encode())


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a JSON body."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        yield from places(one, (*path, name))


def changed(value: Any, path: tuple[Any, ...], to: object) -> Any:
    """The body with one value replaced."""
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], to)
    return copy


def parsed(body: bytes) -> Any:
    """The JSON value of a body; None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


@cache
def values(platform: str) -> st.SearchStrategy[object]:
    """Any JSON value, tables with the names that this platform uses."""
    bodies = (parsed(one.body) for _, exchanges in recorded(platform) for one in exchanges)
    names = sorted({name for body in bodies for path in places(body) for name in path if isinstance(name, str)})
    odd = st.sampled_from(["0", "1", "9" * 19, "1" * 30, 2**62, 10**30, "\ud800", -1, 1.5, [], {}])
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    return st.recursive(
        plain | odd,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names) | st.text(max_size=5), inner, max_size=5)
        ),
        max_leaves=12,
    )


@st.composite
def bodies(draw: st.DrawFn, platform: str, body: bytes) -> bytes:
    """A recorded body with one value changed, cut short, or with bytes overwritten; or bytes of any kind."""
    how = draw(st.sampled_from(["value", "value", "cut", "bytes", "random"]))
    at = draw(st.integers(0, len(body)))
    if how == "random":
        return draw(st.binary(max_size=300))
    if how == "cut":
        return body[:at]
    whole = parsed(body)
    if how == "value" and whole is not None:
        path = draw(st.sampled_from(list(places(whole))))
        return json.dumps(changed(whole, path, draw(values(platform)))).encode()
    return body[:at] + draw(st.binary(max_size=8) | st.sampled_from(JUNK)) + body[at + draw(st.integers(0, 200)) :]


@st.composite
def exchanges(draw: st.DrawFn, adapter: Adapter, first: Sequence[Exchange] = ()) -> Exchange:
    """A recorded exchange (one of `first`, or any of the platform) that was changed."""
    every = [one for _, came in recorded(adapter.platform) for one in came]
    one = draw(st.sampled_from(list(first) or every))
    return replace(
        one,
        body=draw(bodies(adapter.platform, one.body)),
        page=draw(st.just(one.page) | st.sampled_from([*adapter.pages, "unheard-of"])),
        status=draw(st.just(one.status) | st.sampled_from(STATUSES)),
        headers=draw(st.just(one.headers) | st.sampled_from([{"location": to} for to in LOCATIONS])),
        url=draw(st.just(one.url) | st.sampled_from(["https://[", ""])),
    )


@st.composite
def visits(draw: st.DrawFn, adapter: Adapter) -> tuple[Visit, list[Exchange]]:
    """A recorded visit, or nearly, and up to four exchanges of which some belong to it."""
    visit, came = draw(st.sampled_from(recorded(adapter.platform)))
    how = draw(st.sampled_from(["", "", "no ids", "link", "broken link", "other route"]))
    if how == "no ids" and visit.account:
        visit = replace(visit, account=replace(visit.account, ids={}))
    if "link" in how:
        visit = replace(visit, account=None, route=Route.LINK, url="https://[" if "broken" in how else came[0].url)
    if how == "other route":
        visit = replace(visit, route=draw(st.sampled_from(list(Route))))
    visit = replace(visit, wants=draw(st.sampled_from([frozenset(), frozenset(Aspect)])))
    return visit, draw(st.lists(exchanges(adapter, came) | exchanges(adapter), max_size=4))


def redacted(adapter: Adapter, one: Exchange) -> Exchange:
    return replace(one, body=adapter.redact(one))


def is_total(adapter: Adapter, visit: Visit, came: Sequence[Exchange]) -> Observation:
    """Asserts that any bytes are survived and read the same way twice; gives the reading."""
    clean = [redacted(adapter, one) for one in came]
    assert all(isinstance(ask, Ask) for ask in adapter.next(visit, clean))
    seen = adapter.read(visit, clean)
    assert isinstance(seen, Observation)
    assert all(isinstance(aspect, Aspect) for aspect in seen.aspects)
    assert seen == adapter.read(visit, clean)
    return seen


def ends(adapter: Adapter, visit: Visit, answers: Sequence[Exchange]) -> None:
    """Asserts that asking ends, whatever comes, and that each ask is for a declared page."""
    so_far: list[Exchange] = []
    for _round in range(ROUNDS):
        asks = adapter.next(visit, so_far)
        if not asks:
            return
        for ask in asks:
            assert {ask.page, *(one.page for one in ask.await_)} <= adapter.pages.keys()
            so_far.append(replace(answers[0], page=ask.page, url=ask.url, ask_body=ask.body))
            so_far.extend(replace(answers[-1], page=one.page) for one in ask.await_)
    raise AssertionError(f"still asking after {ROUNDS} rounds")
