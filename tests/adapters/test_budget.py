"""No visit of any adapter ever asks for more than its `pace.most_requests`, and none opens the same address without end."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import ADAPTERS
from tests.adapters import fuzz
from tests.adapters.recorded import recorded
from tracker.adapter import Adapter, Ask
from tracker.model import Aspect, Exchange, Route, Visit

every = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def asked_by(adapter: Adapter, visit: Visit, answers: Sequence[Exchange]) -> list[Ask]:
    """Everything that is asked for where each page is answered by what was recorded of it, in turn."""
    so_far: list[Exchange] = []
    asked: list[Ask] = []
    while len(so_far) < 80 and (asks := adapter.next(visit, so_far)):
        for ask in asks:
            asked.append(ask)
            so_far.extend(_answer(page, ask, answers, len(so_far)) for page in (ask.page, *(one.page for one in ask.await_)))
    return asked


def _answer(page: str, ask: Ask, answers: Sequence[Exchange], turn: int) -> Exchange:
    fitting = [one for one in answers if one.page == page] or list(answers)
    one = fitting[turn % len(fitting)]
    named = {"url": ask.url, "ask_body": ask.body} if page == ask.page else {}
    return replace(one, page=page, **named)


@every
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_no_visit_exceeds_its_budget(adapter: Adapter, data: st.DataObject) -> None:
    visit, came = data.draw(st.sampled_from([(v, c) for v, c in recorded(adapter.platform) if v.account]))
    more = data.draw(st.lists(fuzz.exchanges(adapter), max_size=3))
    wanted = replace(visit, route=data.draw(st.sampled_from(list(Route))), wants=frozenset(Aspect))
    asked = asked_by(adapter, wanted, [*came, *more])
    assert len(asked) <= adapter.pace.most_requests


@every
def test_a_recorded_visit_asked_for_everything_stays_within_its_budget(adapter: Adapter) -> None:
    counted = [
        len(asked_by(adapter, replace(visit, wants=frozenset(Aspect)), came))
        for visit, came in recorded(adapter.platform)
        if visit.account
    ]
    assert max(counted) >= 2
    assert max(counted) <= adapter.pace.most_requests


@every
def test_what_is_wanted_changes_no_reading(adapter: Adapter) -> None:
    for visit, came in recorded(adapter.platform):
        assert adapter.read(visit, came) == adapter.read(replace(visit, wants=frozenset(Aspect)), came)
