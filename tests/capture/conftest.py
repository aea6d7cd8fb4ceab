import os
from collections.abc import Iterator

import pytest

from tests.capture.server import World, serve
from tracker.capture import Candidate, HostMap, find_browser
from tracker.errors import UsageError


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[World, HostMap]]:
    world = World()
    with serve(world) as host_map:
        yield world, host_map


@pytest.fixture
def world(_served: tuple[World, HostMap]) -> World:
    fresh = World()
    _served[0].__dict__.update(fresh.__dict__)
    return _served[0]


@pytest.fixture
def host_map(_served: tuple[World, HostMap]) -> HostMap:
    return _served[1]


@pytest.fixture(scope="session")
def chromium() -> Candidate:
    """A browser that launches; without one the test is skipped, unless CI or TRACKER_REQUIRE_BROWSER is set."""
    try:
        return find_browser()
    except UsageError as error:
        if os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail(str(error))
        pytest.skip(str(error))
