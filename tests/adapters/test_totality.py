"""Of every adapter, without a word about any: bytes are survived, redaction is stable, asking ends, hosts are its own."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import ADAPTERS
from tests.adapters import fuzz
from tests.adapters.recorded import recorded
from tracker.adapter import Adapter
from tracker.model import Aspect, Route, Seen

every = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
MONSTERS = (
    b"",
    b"[" * 900 + b"]" * 900,
    b"[" * 100_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b'{"ok":1,"data":' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"ok":' + b"9" * 6000,
    b"9" * 5000,
    b"NaN",
    b"\xff" * 5000,
    b"<" * 200_000,
    b"<div>" * 50_000,
    b"<script" * 50_000,
    b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>",
)


@every
@settings(max_examples=250, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_any_bytes_give_an_observation(adapter: Adapter, data: st.DataObject) -> None:
    fuzz.is_total(adapter, *data.draw(fuzz.visits(adapter)))


@every
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_redaction_is_stable(adapter: Adapter, data: st.DataObject) -> None:
    once = fuzz.redacted(adapter, data.draw(fuzz.exchanges(adapter)))
    assert fuzz.redacted(adapter, once) == once


@every
def test_redaction_of_what_was_recorded_changes_no_reading_and_is_stable(adapter: Adapter) -> None:
    for visit, came in recorded(adapter.platform):
        clean = [fuzz.redacted(adapter, one) for one in came]
        assert [fuzz.redacted(adapter, one) for one in clean] == clean
        assert fuzz.is_total(adapter, visit, clean) == adapter.read(visit, clean)


@every
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_asking_ends_whatever_comes(adapter: Adapter, data: st.DataObject) -> None:
    visit, _ = data.draw(fuzz.visits(adapter))
    fuzz.ends(adapter, visit, data.draw(st.lists(fuzz.exchanges(adapter), min_size=1, max_size=2)))


@every
@pytest.mark.parametrize("body", MONSTERS, ids=range(len(MONSTERS)))
def test_monstrous_bodies_teach_nothing(adapter: Adapter, body: bytes) -> None:
    visit, came = recorded(adapter.platform)[0]
    for page in (*adapter.pages, "unheard-of"):
        monster = replace(came[0], page=page, body=body, status=200)
        assert not isinstance(fuzz.is_total(adapter, visit, [monster]).aspects.get(Aspect.POSTS), Seen)


@every
def test_first_asks_stay_on_our_hosts(adapter: Adapter) -> None:
    asked = [ask for visit, _ in recorded(adapter.platform) for ask in adapter.next(visit, ()) if visit.route is not Route.FEED]
    assert asked
    for ask in asked:
        assert (urlsplit(ask.url).scheme, urlsplit(ask.url).hostname in adapter.hosts) == ("https", True)
