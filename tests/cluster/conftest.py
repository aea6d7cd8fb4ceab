import os
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest

from tracker.credentials.key import fresh


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a PostgreSQL database with a schema of its own."""
    server = os.environ.get("TRACKER_TEST_POSTGRES")
    if not server:
        pytest.skip("TRACKER_TEST_POSTGRES is not set")
    psycopg = pytest.importorskip("psycopg")
    pytest.importorskip("procrastinate")
    schema = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        mark = "&" if "?" in server else "?"
        yield f"{server}{mark}options={quote(f'-c search_path={schema}')}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machines' credentials are sealed with a key from the environment, which their processes inherit."""
    monkeypatch.setenv("TRACKER_KEY", fresh())
