"""What a visit need not ask again, what it is asked for beyond the usual, and who has to be visited once more."""

from datetime import date, timedelta

import pytest

from tests.made import posts, visit
from tracker.model import Aspect, Outcome, Route, Seen, StoredVisit, Unseen
from tracker.resuming import days_read, fetched, wanted
from tracker.rulebook import RULES
from tracker.rulebook.profile import load

TODAY = date(2026, 11, 6)
YESTERDAY = TODAY - timedelta(days=1)
OLD = date(2026, 10, 1)


def api(since: date | None, until: date, *, outcome: Outcome = Outcome.OK, route: Route = Route.API) -> StoredVisit:
    value = posts([], as_of=until, complete_since=since)
    return visit({Aspect.POSTS: Seen(value=value, outcome=outcome)}, route=route, at=until)


def test_the_cursor_names_the_days_that_the_owners_interfaces_gave_whole() -> None:
    told = [api(date(2026, 10, 20), date(2026, 11, 5)), api(date(2026, 9, 29), date(2026, 10, 28))]
    assert days_read(told, since=OLD) == "2026-09-29/2026-10-28,2026-10-20/2026-11-05"


@pytest.mark.parametrize(
    "told",
    [
        api(None, YESTERDAY),
        api(OLD, YESTERDAY, outcome=Outcome.PARTIAL),
        api(OLD, YESTERDAY, route=Route.BROWSER),
        api(date(2026, 9, 1), date(2026, 9, 20)),
        visit({Aspect.POSTS: Unseen(outcome=Outcome.AUTH)}, route=Route.API),
        visit({}, route=Route.API),
    ],
    ids=["not whole", "partial", "another route", "before the window", "unseen", "nothing"],
)
def test_what_proves_no_day_is_asked_again(told: StoredVisit) -> None:
    assert days_read([told], since=OLD) == ""


def test_a_quota_of_yesterday_goes_on_today_and_one_of_today_waits() -> None:
    short = {Aspect.POSTS: Unseen(outcome=Outcome.QUOTA)}
    over = [visit(short, outcome=Outcome.QUOTA, route=Route.API, at=on) for on in (YESTERDAY, TODAY)]
    assert fetched(over[:1], TODAY) == frozenset()
    assert fetched(over[1:], TODAY) == fetched(over, TODAY) == {over[0].account_id}
    feed = visit({}, route=Route.FEED, at=YESTERDAY)
    assert fetched([over[0], feed], TODAY) == frozenset()
    assert fetched([visit({}, route=Route.LINK)], TODAY) == frozenset()
    assert fetched([visit(short, outcome=Outcome.AUTH, route=Route.API, at=YESTERDAY)], TODAY) == {feed.account_id}


@pytest.mark.parametrize(
    ("name", "aspects"),
    [("national", {Aspect.LIKES}), ("shangluo", {Aspect.LIKES, Aspect.REPLIES})],
    ids=["national", "shangluo"],
)
def test_only_what_a_rule_asks_about_costs_requests_of_its_own(name: str, aspects: set[Aspect]) -> None:
    assert wanted(load(name, RULES)) == aspects
