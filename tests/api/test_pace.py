"""One program leaves room for the others and for people."""

import time

import pytest

from tests.api.conftest import Many, problem, program
from tracker.console.api import pace
from tracker.console.api.pace import BURST, PER_SECOND, Buckets


def test_a_token_may_ask_so_often_at_once_and_then_by_the_second() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert [buckets.take(("a", "t")) for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert buckets.take(("a", "t")) == 1 / PER_SECOND
    assert buckets.take(("b", "t")) == buckets.take(("a", "other")) == 0.0
    now[0] += 1 / PER_SECOND
    assert buckets.take(("a", "t")) == 0.0
    assert buckets.take(("a", "t")) > 0
    now[0] += 1000
    assert [buckets.take(("a", "t")) for _ in range(int(BURST) + 1)][-1] > 0


def test_many_tokens_are_not_remembered_for_ever() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    for number in range(5000):
        now[0] += 1.0
        assert buckets.take((f"{number}", "t")) == 0.0
    assert len(buckets._held) <= 1001


def test_a_program_that_asks_too_fast_is_told_when_to_come_again(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BURST", 3.0)
    monkeypatch.setattr(pace, "PER_SECOND", 0.01)
    fast, calm = program(many, "city"), program(many, "county")
    assert [fast.get("/me").status for _ in range(3)] == [200, 200, 200]
    for answer in (fast.get("/me"), fast.post("/links", {"text": "x"}, key="too-fast-for-it")):
        assert problem(answer) == (429, "too_many_requests")
        assert int(answer.headers["retry-after"]) > 50
    assert calm.get("/me").status == 200
    monkeypatch.undo()
    time.sleep(0.2)  # at fifty a second there is room again
    assert fast.post("/links", {"text": "x"}, key="too-fast-for-it").status == 200
