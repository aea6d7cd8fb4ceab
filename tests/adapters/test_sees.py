"""What an adapter says that it sees, it was seen to see: every aspect by every route of `sees`, in some recorded case."""

from functools import cache

import pytest

from adapters import ADAPTERS
from tests.adapters.recorded import recorded
from tracker.adapter import Adapter
from tracker.model import Aspect, Route, Seen

PROMISED = [(adapter, aspect, route) for adapter in ADAPTERS for aspect, routes in adapter.sees.items() for route in routes]


@cache
def shown(adapter: Adapter) -> set[tuple[Aspect, Route]]:
    """Which aspects were seen by which routes; a visit of no filed account is what a pasted link gives."""
    found = set()
    for visit, came in recorded(adapter.platform):
        route = visit.route if visit.account else Route.LINK
        seen = adapter.read(visit, came).aspects
        found |= {(aspect, route) for aspect, told in seen.items() if isinstance(told, Seen)}
    return found


@pytest.mark.parametrize(("adapter", "aspect", "route"), PROMISED, ids=lambda it: getattr(it, "platform", None) or str(it))
def test_every_promise_is_kept_by_a_recorded_case(adapter: Adapter, aspect: Aspect, route: Route) -> None:
    assert (aspect, route) in shown(adapter)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_nothing_is_seen_by_a_visit_that_was_not_promised(adapter: Adapter) -> None:
    # one column of an account page (文章) is no menu that a person could be spared
    assert {aspect for aspect, _ in shown(adapter)} <= {*adapter.sees, Aspect.MENU}
