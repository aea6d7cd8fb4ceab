"""The audit log: chained, append only, many writers; what is changed or missing is named."""

import threading

import peewee
import pytest

from tests.people.conftest import AT, GOOD
from tracker import audit
from tracker.people import local
from tracker.signin import Door, Refused
from tracker.store import AuditFilter, Store


def fill(store: Store, rows: int = 5) -> None:
    for number in range(rows):
        audit.record(store, AT, local(f"人{number}"), "POST /x", "303", targets=f"n={number}")


def said(store: Store, *statements: str) -> None:
    """As somebody with the database's own tools would."""
    for statement in statements:
        store._database.execute_sql(statement)  # type: ignore[no-untyped-call]  # peewee's


def unguarded(store: Store) -> None:
    if isinstance(store._database, peewee.SqliteDatabase):
        said(store, "DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete")
    else:
        said(store, "DROP TRIGGER audit_log_append_only ON audit_log")


def test_an_empty_log_and_a_right_one_are_right(store: Store) -> None:
    assert audit.verify(store) == audit.Checked(rows=0, head="")
    fill(store)
    told = audit.verify(store)
    assert (told.rows, told.broken, told.problem) == (5, 0, "")
    assert store.audit_head() == (5, told.head)


@pytest.mark.parametrize("verb", ["UPDATE audit_log SET person = 'x'", "DELETE FROM audit_log"])
def test_the_database_refuses_to_change_or_remove_a_row(store: Store, verb: str) -> None:
    fill(store, 1)
    with pytest.raises(peewee.DatabaseError, match="append only"):
        said(store, verb)


@pytest.mark.parametrize(
    "column", ["at", "person", "login", "role", "address", "action", "targets", "outcome", "previous", "sha256"]
)
def test_a_changed_row_is_named_whatever_was_changed(store: Store, column: str) -> None:
    fill(store)
    unguarded(store)
    said(store, f"UPDATE audit_log SET {column} = 'x' WHERE number = 3")  # noqa: S608 - names of ours
    told = audit.verify(store)
    assert (told.rows, told.broken) == (2, 3)
    assert "第 3 条" in told.problem


def test_a_missing_row_is_named(store: Store) -> None:
    fill(store)
    unguarded(store)
    said(store, "DELETE FROM audit_log WHERE number = 2")
    assert audit.verify(store).problem == "缺第 2 条"
    said(store, "UPDATE audit_log SET number = number - 1 WHERE number > 2")
    assert audit.verify(store).broken == 2


def test_missing_newest_rows_show_by_a_head_noted_earlier(store: Store) -> None:
    fill(store)
    head = audit.verify(store).head
    fill(store, 2)
    assert not audit.verify(store, head).problem
    unguarded(store)
    said(store, "DELETE FROM audit_log WHERE number > 4")
    assert not audit.verify(store).problem
    told = audit.verify(store, head)
    assert told.broken == 5
    assert "末尾的记录被删过" in told.problem


def test_many_writers_make_one_chain(url: str, store: Store) -> None:
    def write() -> None:
        with Store.open(url) as mine:
            fill(mine, 10)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (audit.verify(store).rows, audit.verify(store).problem) == (80, "")


def test_rows_are_asked_for_by_person_action_day_and_page(store: Store) -> None:
    fill(store, 5)
    page = store.audit_page(AuditFilter(), None, 3)
    assert [row.number for row in page] == [5, 4, 3]
    assert [row.number for row in store.audit_page(AuditFilter(), 3, 3)] == [2, 1]
    assert [row.number for row in store.audit_page(AuditFilter(person="人2"), None, 9)] == [3]
    assert store.audit_page(AuditFilter(action="POST"), None, 9) == ()
    assert len(store.audit_page(AuditFilter(action="POST /x", since="2026-11-06", until="2026-11-07"), None, 9)) == 5
    assert store.audit_page(AuditFilter(since="2026-11-07"), None, 9) == ()


def test_sign_ins_refusals_and_locks_are_rows_without_what_was_typed(door: Door, store: Store) -> None:
    came = door.sign_in("boss", GOOD, address="10.0.0.1")
    door.sign_out(came, address="10.0.0.1")
    for login in ("boss", "hunter2-typed-in-the-wrong-field"):
        for _ in range(6):
            with pytest.raises(Refused):
                door.sign_in(login, "secret-secret", address="10.0.0.2")
    rows = store.audit(0)
    assert [(row.login, row.action, row.outcome) for row in rows][:3] == [
        ("boss", "sign-in", "done"),
        ("boss", "sign-out", "done"),
        ("boss", "sign-in", "failed"),
    ]
    assert [row.outcome for row in rows[2:]] == [*["failed"] * 5, "locked"] * 2
    assert {row.login for row in rows[8:]} == {""}
    assert not any(word in str(row) for row in rows for word in ("hunter2", "secret-secret", GOOD, came.cookie))
