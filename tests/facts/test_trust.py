"""What visits of unproved lanes, of paused platforms, and single readings of public pages are worth."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.made import noon, posts, visit
from tracker.facts.lanes import Proved
from tracker.facts.second import read_once
from tracker.facts.trust import trusted
from tracker.model import Aspect, Bio, Identity, Menu, Observation, Outcome, Posts, Route, Seen, StoredVisit, Unseen, Verification
from tracker.model.lane_state import LaneState, of_control

DAY = date(2026, 11, 6)
LISTED = Seen(value=posts([DAY], as_of=DAY, complete_since=DAY - timedelta(days=60)))
HERE = Seen(value=Identity(ids={"uid": "1"}, name="示例发布"))


def made(**told: object) -> StoredVisit:
    aspects = {Aspect.EXISTENCE: HERE, Aspect.POSTS: LISTED, Aspect.BIO: Seen(value=Bio(text="虚构"))}
    return replace(visit(aspects, at=DAY, outcome=Outcome.OK, route=Route.BROWSER), **told)


def test_a_fit_visit_is_believed_as_it_is() -> None:
    assert trusted(made()) == made()


def test_an_unproved_lane_shows_posts_and_the_account_and_lacks_nothing() -> None:
    said = trusted(made(fit=False)).observation
    listed = said.aspects[Aspect.POSTS]
    assert isinstance(listed, Seen)
    assert isinstance(listed.value, Posts)
    assert listed.value.items == LISTED.value.items  # type: ignore[union-attr]
    assert (listed.value.complete_since, listed.outcome) == (None, Outcome.PARTIAL)
    assert said.aspects[Aspect.EXISTENCE] == HERE
    assert isinstance(said.aspects[Aspect.BIO], Unseen)


@pytest.mark.parametrize(
    ("aspect", "seen"),
    [
        (Aspect.EXISTENCE, Seen(value=Identity(ids={}, name=""), outcome=Outcome.GONE)),
        (Aspect.EXISTENCE, Seen(value=Identity(ids={}, name="", closed="此帐号已自主注销"))),
        (Aspect.POSTS, Seen(value=Posts(items=(), as_of=noon(DAY)), outcome=Outcome.EMPTY)),
        (Aspect.VERIFICATION, Seen(value=Verification(verified=False))),
        (Aspect.MENU, Seen(value=Menu(is_open=False))),
    ],
)
def test_no_claim_of_an_unproved_lane_counts(aspect: Aspect, seen: Seen) -> None:
    one = made(fit=False, observation=Observation(outcome=seen.outcome, aspects={aspect: seen}))
    assert isinstance(trusted(one).observation.aspects[aspect], Unseen)


def test_nothing_of_a_paused_platform_counts() -> None:
    said = trusted(made(paused="多个账号同时停更,已暂停判定")).observation
    assert {one.detail for one in said.aspects.values() if isinstance(one, Unseen)} == {"多个账号同时停更,已暂停判定"}
    assert len(said.aspects) == 3


GOOD, BAD, HALF, WALL = LaneState.GOOD, LaneState.BAD, LaneState.HALF, LaneState.WALL


@pytest.mark.parametrize(
    ("marks", "fit"),
    [
        ([], True),
        ([(1, GOOD), (9, GOOD)], True),
        ([(1, GOOD), (3, BAD), (4, GOOD), (9, GOOD)], True),
        ([(1, GOOD), (9, BAD)], False),
        ([(1, GOOD)], False),
        ([(1, GOOD), (7, WALL), (9, GOOD)], False),
        ([(9, GOOD)], False),
        ([(1, BAD), (9, GOOD)], False),
        ([(1, GOOD), (9, HALF)], False),
        ([(1, HALF), (9, HALF)], True),
        ([(7, WALL)], True),
    ],
)
def test_a_visit_is_fit_between_two_good_looks_at_the_control_account(marks: list[tuple[int, LaneState]], fit: bool) -> None:
    proved = Proved([("demo", "login", f"{at:02}", state) for at, state in marks])
    assert proved.fit("demo", "login", "05") is fit
    assert proved.fit("demo", "other", "05") is True
    assert proved.fit("else", "login", "05") is True
    assert proved.fit("demo", "", "05") is True, "nobody told which lane"


@pytest.mark.parametrize(
    ("days", "whole", "state"),
    [(0, True, GOOD), (3, True, GOOD), (4, True, BAD), (0, False, HALF), (40, False, HALF)],
)
def test_a_control_account_reads_well_when_its_list_is_whole_and_new(days: int, whole: bool, state: LaneState) -> None:
    at = noon(DAY)
    told = posts([DAY - timedelta(days=days)], as_of=DAY, complete_since=DAY - timedelta(days=60) if whole else None)
    latest = told.latest
    assert latest is not None
    told = replace(told, items=(replace(latest, at=at - timedelta(days=days)),))
    said = Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: Seen(value=told)})
    assert of_control(said, at) is state


@pytest.mark.parametrize("outcome", [Outcome.LOGIN_WALL, Outcome.TRANSPORT, Outcome.GONE, Outcome.EMPTY, Outcome.DRIFT])
def test_a_control_account_that_is_not_read_proves_nothing(outcome: Outcome) -> None:
    assert of_control(Observation(outcome=outcome, aspects={Aspect.POSTS: LISTED}), noon(DAY)) is BAD


def at(minutes: int) -> datetime:
    return noon(DAY) + timedelta(minutes=minutes)


ONCE = made(twice=True, at=at(0))


@pytest.mark.parametrize(
    ("visits", "once"),
    [
        ([made()], False),
        ([ONCE], True),
        ([ONCE, replace(ONCE, at=at(9))], True),
        ([ONCE, replace(ONCE, at=at(10))], False),
        ([ONCE, replace(ONCE, route=Route.HTTP)], False),
        ([ONCE, replace(ONCE, sweep="another")], False),
        ([ONCE, made(route=Route.API, twice=True)], False),
        ([ONCE, made(route=Route.MANUAL)], False),
        ([ONCE, replace(ONCE, at=at(20), observation=Observation(outcome=Outcome.CHALLENGE))], True),
    ],
)
def test_a_lack_needs_two_readings_of_a_public_page(visits: list[StoredVisit], once: bool) -> None:
    assert ("posts" in read_once(visits, DAY)) is once


def test_a_reading_that_ends_before_the_check_date_is_no_second() -> None:
    early = Seen(value=posts([DAY], as_of=DAY - timedelta(days=1), complete_since=DAY - timedelta(days=60)))
    other = replace(ONCE, at=at(30), observation=Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: early}))
    assert read_once([ONCE, other], DAY) == ("posts",)
