import os

import pytest

from tracker.capture import Candidate, find_browser
from tracker.errors import UsageError


@pytest.fixture(scope="session")
def chromium() -> Candidate:
    """A browser that launches; without one the test is skipped, unless CI or TRACKER_REQUIRE_BROWSER is set."""
    try:
        return find_browser()
    except UsageError as error:
        if os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail(str(error))
        pytest.skip(str(error))
