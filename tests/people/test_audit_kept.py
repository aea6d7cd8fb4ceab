"""A change that was made is answered as made, whether its row could be written or not; the log for the machine tells of it."""

import io
import json
from collections.abc import Iterator

import pytest

from tests.people.conftest import AT
from tests.people.test_audit import said
from tracker import audit, logs
from tracker.errors import UsageError
from tracker.people import local
from tracker.store import Store


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    logs.configure()


def test_a_row_that_cannot_be_written_is_told_in_the_log_without_names(store: Store, log: io.StringIO) -> None:
    said(store, "ALTER TABLE audit_log RENAME TO audit_away")
    with pytest.raises(UsageError):
        audit.record(store, AT, local("王某"), "POST /x", "303")
    assert not audit.keep(store, AT, local("王某"), "POST /x token 王某的令牌", "303", targets="n=1")
    (line,) = log.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["name"], told["outcome"]) == ("audit.lost", "error", "POST /x", "303")
    assert "王某" not in line
    said(store, "ALTER TABLE audit_away RENAME TO audit_log")
    assert audit.keep(store, AT, local("王某"), "POST /x", "303")
    assert audit.verify(store).rows == 1


def test_what_the_program_did_by_itself_has_no_login_and_no_role(store: Store) -> None:
    assert audit.by_itself(store, AT, "schedule backup", "done", targets="due=2026-11-06T08:00")
    (row,) = store.audit(0)
    assert (row.person, row.login, row.role, row.action, row.outcome) == ("程序", "", "", "schedule backup", "done")
    assert not audit.verify(store).problem
