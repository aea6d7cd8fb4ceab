"""One running small world per test."""

from collections.abc import Iterator

import pytest

from tests.platforms import small
from tests.platforms.client import Client
from tests.platforms.serve import serve


@pytest.fixture
def client() -> Iterator[Client]:
    with serve(small.world()) as served:
        yield Client(served)
