"""Control accounts: before, during and after; a lane that they do not prove is not used (DESIGN §1, §5)."""

from itertools import pairwise

import pytest

from tests.lanes.world import CONTROL, Platform, control, job, run
from tracker.adapter import Pace
from tracker.capture import Care, Lane
from tracker.model import Outcome, Route

LOGIN = Lane(platform="demo", credential="login")


def test_the_control_account_is_read_first_every_so_many_and_last() -> None:
    journal, tape, _, left = run([job(f"a{n}") for n in range(12)])
    names = journal.names()
    assert [n for n, one in enumerate(names) if one == CONTROL] == [0, 6, 12, 15]
    assert len(names) == 16
    assert left == 0
    assert [visit.lane for _, visit, _ in journal.made] == ["login"] * 16
    assert len(tape.sent) == 16


def test_control_visits_keep_the_lanes_pace_and_are_told_of_by_no_progress() -> None:
    journal, tape, _, _ = run([job(f"a{n}") for n in range(12)])
    times = [at for at, _ in tape.of(LOGIN)]
    assert all(later - earlier >= 33 for earlier, later in pairwise(times))
    assert [one for one, _ in journal.done] == [f"a{n}" for n in range(12)]


@pytest.mark.parametrize("word", ["thin", "gone", "silent", "wall", "limit"])
def test_a_lane_that_is_unfit_at_the_start_is_not_used(word: str) -> None:
    """`silent`: a busy account whose newest post is 40 days old is a list that hides the newest."""
    journal, tape, _, _ = run([job("one"), job("two")], {CONTROL: (word,)})
    assert [who for _, who in tape.of(LOGIN)] == [CONTROL]
    assert len(journal.stopped) == 1
    assert [one.detail.startswith("通道已停") for _, one in journal.done] == [True, True]
    if word in ("thin", "gone", "silent"):
        assert journal.stopped[0][1] is Outcome.NOT_OBSERVABLE
        assert "对照账号“示例快讯”没有读好" in journal.stopped[0][2]


def test_a_lane_that_shows_a_part_only_is_used_and_goes_on() -> None:
    journal, _, _, _ = run([job(f"a{n}") for n in range(7)], {CONTROL: ("half",)})
    assert journal.stopped == []
    assert len(journal.done) == 7


@pytest.mark.parametrize("then", ["thin", "half", "silent"])
def test_a_lane_that_becomes_unfit_stops_there(then: str) -> None:
    journal, tape, _, _ = run([job(f"a{n}") for n in range(12)], {CONTROL: ("fresh", then)})
    assert [who for _, who in tape.of(LOGIN)] == [CONTROL, "a0", "a1", "a2", "a3", "a4", CONTROL]
    assert "只能证明更新过" in journal.stopped[0][2]
    assert sum(one.detail.startswith("通道已停") for _, one in journal.done) == 7


def test_after_a_wall_nothing_more_is_sent_not_even_for_the_control_account() -> None:
    journal, tape, _, _ = run([job(f"a{n}") for n in range(6)], {"a2": ("wall",)})
    assert [who for _, who in tape.of(LOGIN)] == [CONTROL, "a0", "a1", "a2"]
    assert journal.stopped == [(LOGIN, Outcome.CHALLENGE, "")]


def test_an_owners_interface_and_a_pasted_link_prove_themselves() -> None:
    journal, _, _, _ = run([job("one", route=Route.API, credential="owner"), job("two", route=Route.LINK, credential="")])
    assert journal.names() == ["one", "two"]


def test_without_care_nothing_changes() -> None:
    journal, _, _, _ = run([job("one"), job("two")], care=Care())
    assert journal.names() == ["one", "two"]


def test_a_second_queue_of_the_guests_lane_does_not_read_the_control_account_again() -> None:
    platform = Platform(pace=Pace(between_accounts=(30, 60), between_requests=2))
    guests = [job("one", route=Route.HTTP, credential="x"), job("two", route=Route.HTTP, credential="y")]
    journal, _, _, _ = run(guests, platforms=[platform], care=Care(controls={"demo": control(route=Route.HTTP)}))
    assert journal.names()[0] == CONTROL
    assert journal.names().count(CONTROL) <= 3
    assert {visit.lane for _, visit, _ in journal.made} == {"guest"}
