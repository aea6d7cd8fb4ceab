"""What a sweep will take, and that it never takes more: a week of 2,000 accounts on a virtual clock."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lanes.world import CONTROL, Platform, control, job, run
from tracker.adapter import Pace
from tracker.capture import Care, Job, Lane
from tracker.holidays import Calendar, shipped
from tracker.model import Outcome, Route
from tracker.plan import LOAD, Plan, Terms, Unreached, Week, made, working_week

MONDAY = date(2026, 11, 2)
WEEK = Week(days=tuple(MONDAY + timedelta(days=n) for n in range(5)), hours=8)
LONG = replace(WEEK, hours=24)
PACES = {
    "one": Pace(between_accounts=(30, 60), between_requests=2, control_every=20),
    "two": Pace(between_accounts=(20, 60), between_requests=5, rest_every=10, rest_for=300),
    "three": Pace(between_accounts=(5, 9), between_requests=5),
}


def platforms(asks: int = 2) -> list[Platform]:
    return [Platform(name, replace(pace, most_requests=asks), asks) for name, pace in PACES.items()]


def terms(told: list[Platform], *, twice: bool = True) -> Terms:
    adapters = {one.platform: one for one in told}
    return Terms(adapters=adapters, controls={name: control(name) for name in adapters}, twice=twice, wait=600.0)


def planned(jobs: list[Job], told: list[Platform], week: Week = LONG) -> Plan:
    return made(jobs, [], week, terms(told))


def care_of(plan: Plan, told: list[Platform], silent: set[str]) -> Care:
    return Care(
        controls={one.platform: control(one.platform) for one in told},
        again=lambda visit, said: bool(visit.account and visit.account.name in silent),
        budgets=plan.budgets,
    )


def test_a_week_of_two_thousand_accounts_stays_within_its_plan() -> None:
    told = platforms()
    rng = random.Random(7)
    jobs = [job(f"{name}-{n}", name) for name, count in (("one", 900), ("two", 600), ("three", 500)) for n in range(count)]
    plan = planned(jobs, told)
    assert plan.late == 0
    silent = {one.visit.account.name for one in jobs if one.visit.account and rng.random() < 0.04}
    walled = {"two-400": ("wall",)}
    journal, tape, seconds, left = run(jobs, walled, platforms=told, care=care_of(plan, told, silent), load=LOAD)
    assert left == 0
    for lane in plan.lanes:
        sent = tape.of(lane.lane)
        assert len(sent) <= lane.requests
        assert sent[-1][0] + LOAD <= lane.seconds
    assert seconds <= max(lane.seconds for lane in plan.lanes)
    assert [(lane.platform, outcome) for lane, outcome, _ in journal.stopped] == [("two", Outcome.CHALLENGE)]
    assert len(journal.done) == 2000
    assert sum(not one.detail.startswith("通道已停") for name, one in journal.done if name.startswith(("one", "three"))) == 1400


def test_more_second_readings_than_planned_wait_for_another_run() -> None:
    told = platforms()
    jobs = [job(f"one-{n}", "one") for n in range(60)]
    plan = planned(jobs, told)
    everybody = {one.visit.account.name for one in jobs if one.visit.account}
    _, tape, _, left = run(jobs, platforms=told, care=care_of(plan, told, everybody), load=LOAD)
    (lane,) = plan.lanes
    assert left > 0
    assert len(tape.of(lane.lane)) <= lane.requests
    assert tape.sent[-1][2] == CONTROL, "the lane is closed by its control account all the same"


@settings(max_examples=25, deadline=None)
@given(
    low=st.floats(0, 40),
    more=st.floats(0, 40),
    requests=st.floats(0, 9),
    every=st.integers(0, 7),
    controls=st.integers(0, 7),
    asks=st.integers(1, 5),
    count=st.integers(1, 30),
    load=st.floats(0, LOAD),
)
def test_no_pace_makes_a_sweep_exceed_its_plan(
    low: float, more: float, requests: float, every: int, controls: int, asks: int, count: int, load: float
) -> None:
    pace = Pace(
        between_accounts=(low, low + more),
        between_requests=requests,
        rest_every=every,
        rest_for=200,
        control_every=controls,
        most_requests=asks,
    )
    told = [Platform("one", pace, asks)]
    jobs = [job(f"one-{n}", "one") for n in range(count)]
    plan = planned(jobs, told)
    _, tape, seconds, left = run(jobs, platforms=told, care=care_of(plan, told, {"one-0"}), load=load)
    (lane,) = plan.lanes
    assert left == 0, "what is planned is done"
    assert len(tape.sent) <= lane.requests
    assert seconds <= lane.seconds + 1e-6


def test_what_the_week_has_no_hours_for_is_said_and_left() -> None:
    told = platforms()
    jobs = [job(f"two-{n}", "two") for n in range(3000)]
    plan = planned(jobs, told, WEEK)
    (lane,) = plan.lanes
    assert lane.seconds <= WEEK.seconds
    assert 0 < lane.accounts < 3000
    assert plan.late == len(plan.unreached) == 3000 - lane.accounts
    assert plan.unreached[0].reason.startswith("本周排不下")
    one_more = planned(jobs[: lane.accounts + 1], told, WEEK)
    assert one_more.late == 1, "as many as fit, and not one fewer"


def test_the_hours_fill_the_days_from_the_first_on() -> None:
    told = platforms()
    (lane,) = planned([job(f"two-{n}", "two") for n in range(500)], told, WEEK).lanes
    days = lane.hours_on(WEEK)
    assert [on for on, _ in days] == list(WEEK.days)
    assert days[0][1] == 8
    assert sum(hours for _, hours in days) == pytest.approx(lane.seconds / 3600)
    assert max(hours for _, hours in days) <= 8


def test_a_route_without_a_credential_goes_through_the_guests_lane() -> None:
    told = platforms()
    both = replace(job("one-1", "one"), routes=(Route.BROWSER, Route.HTTP))
    lanes = {one.lane: one for one in planned([both], told).lanes}
    assert set(lanes) == {Lane(platform="one", credential="login"), Lane(platform="one")}
    assert [one.controls for one in lanes.values()] == [2, 0], "the guests' lane is proved by no page of a login"


def test_those_who_are_not_reached_are_handed_on() -> None:
    left = Unreached(account=job("x").visit.account, reason="没有主办单位的授权")  # type: ignore[arg-type]
    assert made([], [left], WEEK, terms(platforms())).unreached == (left,)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 2), [2, 3, 4, 5, 6]),
        (date(2026, 11, 5), [5, 6]),
        (date(2026, 11, 7), [9, 10, 11, 12, 13]),
        (date(2026, 11, 8), [9, 10, 11, 12, 13]),
    ],
)
def test_the_working_days_of_the_week(today: date, days: list[int]) -> None:
    assert [on.day for on in working_week(today, shipped(), 8).days] == days


def test_holidays_and_make_up_days_count_as_they_are_told() -> None:
    calendar = Calendar(off=frozenset({date(2026, 11, 4)}), worked=frozenset({date(2026, 11, 7)}), years=frozenset({2026}))
    assert [on.day for on in working_week(MONDAY, calendar, 8).days] == [2, 3, 5, 6, 7]


def test_a_year_without_a_table_has_its_ordinary_weekdays() -> None:
    assert len(working_week(date(2031, 11, 3), Calendar(), 8).days) == 5
