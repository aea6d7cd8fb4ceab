import os
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The `database` of a workspace's tracker.toml; empty = the default. On PostgreSQL a schema of its own."""
    if request.param == "sqlite":
        yield ""
        return
    server = os.environ.get("TRACKER_TEST_POSTGRES")
    if not server:
        pytest.skip("TRACKER_TEST_POSTGRES is not set")
    psycopg = pytest.importorskip("psycopg")
    schema = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            mark = "&" if "?" in server else "?"
            yield f"{server}{mark}options={quote(f'-c search_path={schema}')}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")
