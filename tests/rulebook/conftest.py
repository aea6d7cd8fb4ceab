"""What an earlier run in the same process read from data files says nothing of the code under test."""

import pytest

from tracker.rulebook import taxonomy


@pytest.fixture(autouse=True, scope="session")
def _nothing_kept() -> None:
    taxonomy._taxonomy.cache_clear()
