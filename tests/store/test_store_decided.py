"""Findings by what was decided of them: pages, counts, and those that two people see differently."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.model import Decision, Window
from tracker.store import Store, SweepRecord, Turn

AT = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)


def say(store: Store, sweep: str, told: str) -> None:
    """`a1 X 甲 yes` a line."""
    for number, line in enumerate(told.strip().splitlines()):
        own, code, who, word = line.split()
        at = AT + timedelta(minutes=number)
        store.add_decision(sweep, Decision(account_id=own, code=code, confirmed=word == "yes", who=who, why="", at=at))


@pytest.fixture
def told(store: Store) -> Store:
    window = Window(since=date(2026, 10, 1), until=date(2026, 11, 6))
    for name in ("s1", "s2"):
        store.start_sweep(
            SweepRecord(name=name, kind="check", period=None, check_date=None, window=window, started_at=AT, accounts=())
        )
    say(store, "s1", "a1 X 甲 yes\na2 X 甲 no\na1 X 乙 no\na3 Y 甲 yes\na1 Z 甲 yes\na2 X 乙 no")
    say(store, "s2", "a9 X 甲 yes\na9 X 乙 no")
    return store


def test_pages_of_decided_findings_show_each_once_the_last_first(told: Store) -> None:
    assert told.count_decided("s1") == 4
    first = told.decided_pairs("s1", Turn(size=3))
    assert first.rows == (("a2", "X"), ("a1", "Z"), ("a3", "Y"))
    second = told.decided_pairs("s1", Turn(size=3, after=first.after))
    assert (second.rows, second.after) == ((("a1", "X"),), "")
    assert told.decided_pairs("s1", Turn(size=9, after="1 OR 1")).rows == (*first.rows, *second.rows)


def test_only_what_was_both_confirmed_and_dismissed_is_torn(told: Store) -> None:
    assert told.torn_pairs("s1", 10) == (("a1", "X"),)
    assert told.torn_pairs("s2", 10) == (("a9", "X"),)
    assert told.torn_pairs("s3", 10) == ()


def test_how_often_a_finding_was_decided(told: Store) -> None:
    assert told.times_decided("s1", ["a1", "a2"]) == {("a1", "X"): 2, ("a1", "Z"): 1, ("a2", "X"): 2}
    assert told.times_decided("s1", []) == {}
