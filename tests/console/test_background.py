"""Work behind the pages: one at a time, and long work rests, so that the pages have the processor."""

import time

import pytest

from tracker.console import background
from tracker.console.background import Background


def test_long_work_rests_and_short_work_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Background()
    assert worker.rest == 0
    assert worker.start("短", lambda _: "好了")
    worker.wait(5)
    assert worker.rest == 0
    monkeypatch.setattr(background, "SHORT", 0.05)
    assert worker.start("长", lambda _: time.sleep(0.1) or "好了")
    assert not worker.start("又一个", lambda _: "好了")
    worker.wait(5)
    assert 1.5 < worker.rest < 20
    assert worker.start("有人要", lambda _: "好了")
