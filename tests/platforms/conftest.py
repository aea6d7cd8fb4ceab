"""One running small world per test, and the browser for those that need one."""

import os
from collections.abc import Iterator

import pytest

from tests.platforms import small
from tests.platforms.client import Client
from tests.platforms.serve import serve
from tracker.capture import Candidate, find_browser
from tracker.errors import UsageError


@pytest.fixture
def client() -> Iterator[Client]:
    with serve(small.world()) as served:
        yield Client(served)


@pytest.fixture(scope="session")
def chromium() -> Candidate:
    """A browser that launches; without one the test is skipped, unless CI or TRACKER_REQUIRE_BROWSER is set."""
    try:
        return find_browser()
    except UsageError as error:
        if os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail(str(error))
        pytest.skip(str(error))
