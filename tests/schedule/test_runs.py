"""Which runs are due, and that each is done once: missed ones, two at once, a process that dies."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.schedule.made import Hand, on, settle
from tracker.errors import UsageError
from tracker.schedule import Done, Due, busy, coming, due_runs, perform
from tracker.store import RunEvent
from tracker.workspace import Workspace, opened

TOP = Path(__file__).parents[2]
WEEKLY = '[schedule]\nsweep = "周五 08:00"\n'


@pytest.fixture
def root(tmp_path: Path, database: str) -> Path:
    return settle(tmp_path / "ws", WEEKLY, database=database)


@pytest.fixture
def ws(root: Path) -> Iterator[Workspace]:
    with opened(root) as held:
        yield held


def doing(text: str = "做完") -> tuple[list[Due], object]:
    seen: list[Due] = []

    def act(ws: Workspace, due: Due) -> Done:
        seen.append(due)
        return Done(text=text)

    return seen, act


def test_three_missed_fridays_are_made_up_for_once(ws: Workspace) -> None:
    clock, (seen, act) = Hand(on("2026-10-28 10:00")), doing()
    assert due_runs(ws, clock()) == ()
    clock.at = on("2026-11-18 09:00")
    (due,) = due_runs(ws, clock())
    assert (due.at, due.attempt) == (on("2026-11-13 08:00"), 1)
    done = perform(ws, due, act, clock=clock)  # type: ignore[arg-type]
    assert done is not None
    assert done.text == "(补做)做完"
    assert due_runs(ws, clock()) == ()
    assert perform(ws, due, act, clock=clock) is None  # type: ignore[arg-type]
    assert len(seen) == 1
    clock.at = on("2026-11-20 08:00")
    assert [one.at for one in due_runs(ws, clock())] == [on("2026-11-20 08:00")]


def test_what_lay_before_the_rhythm_was_written_was_not_missed(ws: Workspace) -> None:
    assert due_runs(ws, on("2026-11-21 09:00")) == ()
    assert due_runs(ws, on("2026-11-26 09:00")) == ()
    assert len(due_runs(ws, on("2026-11-27 08:00"))) == 1


def test_a_changed_rhythm_begins_anew(root: Path) -> None:
    with opened(root) as ws:
        due_runs(ws, on("2026-11-16 09:00"))
    path = root / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('sweep = "周五', 'sweep = "周一'), encoding="utf-8")
    with opened(root) as ws:
        assert due_runs(ws, on("2026-11-17 09:00")) == ()
        assert [one.at for one in due_runs(ws, on("2026-11-24 09:00"))] == [on("2026-11-23 08:00")]


def test_outside_the_hours_nothing_is_begun(root: Path) -> None:
    path = root / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'hours = ["07:00", "20:00"]\n', encoding="utf-8")
    with opened(root) as ws:
        due_runs(ws, on("2026-11-19 09:00"))
        assert due_runs(ws, on("2026-11-20 23:00")) == ()
        assert len(due_runs(ws, on("2026-11-21 07:00"))) == 1


def test_a_run_that_is_not_finished_goes_on_at_its_time(ws: Workspace) -> None:
    clock = Hand(on("2026-11-19 10:00"))
    due_runs(ws, clock())
    clock.at = on("2026-11-20 08:00")
    morning = on("2026-11-21 08:00")
    paused = perform(ws, due_runs(ws, clock())[0], lambda ws, due: Done(text="还有3个", again=morning), clock=clock)
    assert paused is not None
    assert paused.event is RunEvent.PAUSED
    clock.at = on("2026-11-20 18:00")
    assert due_runs(ws, clock()) == ()
    clock.at = morning
    (again,) = due_runs(ws, clock())
    assert (again.at, again.attempt) == (on("2026-11-20 08:00"), 2)
    assert perform(ws, again, lambda ws, due: Done(text="做完"), clock=clock) is not None
    assert due_runs(ws, clock()) == ()


def test_a_failure_is_kept_with_its_sentence_and_does_not_repeat_itself(ws: Workspace) -> None:
    def act(ws: Workspace, due: Due) -> Done:
        raise UsageError("台账里没有账号")

    clock = Hand(on("2026-11-19 10:00"))
    due_runs(ws, clock())
    clock.at = on("2026-11-20 08:00")
    failed = perform(ws, due_runs(ws, clock())[0], act, clock=clock)
    assert failed is not None
    assert (failed.failed, failed.text) == (True, "没有做成:台账里没有账号")
    assert due_runs(ws, clock()) == ()
    (shown,) = [one for one in coming(ws, clock()) if one.name == "sweep"]
    assert (shown.next, shown.last) == (on("2026-11-27 08:00"), failed)
    (row,) = ws.store.audit(0)
    assert (row.person, row.action, row.outcome) == ("程序", "schedule sweep", "failed")
    assert row.targets == "due=2026-11-20T08:00 attempt=1"


def test_two_programs_never_do_the_same_run_at_once(root: Path, tmp_path: Path, database: str) -> None:
    begun, go_on, seen = threading.Event(), threading.Event(), list[str]()

    def slow(ws: Workspace, due: Due) -> Done:
        seen.append("first")
        begun.set()
        assert go_on.wait(20)
        return Done(text="做完")

    clock = Hand(on("2026-11-20 08:00"))
    # with a server's database the other program may run on another machine: it has another folder and shares no lock file
    elsewhere = settle(tmp_path / "other", WEEKLY, database=database) if database else root
    with ExitStack() as held:
        ours, theirs = held.enter_context(opened(root)), held.enter_context(opened(elsewhere))
        due = Due(name="sweep", at=clock())
        thread = threading.Thread(target=perform, args=(ours, due, slow), kwargs={"clock": clock})
        thread.start()
        assert begun.wait(20)
        assert busy(theirs, "sweep")
        assert not busy(theirs, "due")
        assert perform(theirs, due, lambda ws, due: pytest.fail("two at once"), clock=clock) is None
        go_on.set()
        thread.join(20)
        assert not busy(theirs, "sweep")
        assert perform(theirs, due, lambda ws, due: pytest.fail("done already"), clock=clock) is None
    assert seen == ["first"]


DOOMED = """
import os, sys
from datetime import datetime
from pathlib import Path
from tracker.clock import now
from tracker.schedule import due_runs, perform
from tracker.workspace import opened
at = datetime.fromisoformat(sys.argv[2])
with opened(Path(sys.argv[1])) as ws:
    for due in due_runs(ws, at):
        perform(ws, due, lambda ws, due: os._exit(137), clock=lambda: at)
"""


def test_a_process_that_dies_leaves_the_run_to_the_next_and_after_three_deaths_it_is_given_up(root: Path) -> None:
    at = on("2026-11-20 08:05")
    with opened(root) as ws:
        due_runs(ws, on("2026-11-19 10:00"))
    for number in (1, 2, 3):
        with opened(root) as ws:
            assert [one.attempt for one in due_runs(ws, at)] == [number]
        told = [sys.executable, "-c", DOOMED, str(root), at.isoformat()]
        assert subprocess.run(told, cwd=TOP, check=False, timeout=60).returncode == 137
    with opened(root) as ws:
        given_up = perform(ws, due_runs(ws, at)[0], lambda ws, due: pytest.fail("a fourth time"), clock=lambda: at)
        assert given_up is not None
        assert (given_up.failed, "连续3次中途意外结束" in given_up.text) == (True, True)
        assert due_runs(ws, at) == ()


def test_steps_cannot_be_changed_or_taken_back(ws: Workspace) -> None:
    due_runs(ws, on("2026-11-19 10:00"))
    row = ws.store._rows.run
    for query in (row.update(text="anders"), row.delete()):
        with pytest.raises(Exception, match="append only"):
            query.execute()
