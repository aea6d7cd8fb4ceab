"""Merging routes and bounding silence (DESIGN §4, domain/rules.md §5)."""

from datetime import date, timedelta

import pytest

from tests.made import account, noon, posts, visit
from tracker.clock import start_of
from tracker.facts import Context, build
from tracker.facts.posting import PostList, idle_days, merge, weigh
from tracker.model import Aspect, Bounds, Outcome, Post, Posts, Reported, Route, Seen

CHECK = date(2026, 11, 6)


def listed(on: list[date], *, since: date | None = None, as_of: date = CHECK, route: Route = Route.BROWSER) -> PostList:
    return PostList(posts=posts(on, as_of=as_of, complete_since=since), route=route)


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ([listed([date(2026, 10, 20)], since=date(2026, 10, 1))], Bounds(least=17, most=17)),
        ([listed([date(2026, 10, 20)])], Bounds(least=0, most=17)),
        ([listed([], since=date(2026, 10, 1))], Bounds(least=36, most=None)),
        ([listed([], since=date(2026, 10, 1)), listed([date(2026, 9, 1)], route=Route.LINK)], Bounds(least=36, most=66)),
        (
            [listed([date(2026, 10, 1)], since=date(2026, 9, 1)), listed([date(2026, 10, 20)], route=Route.LINK)],
            Bounds(least=0, most=17),
        ),
        ([listed([date(2026, 10, 1)], since=date(2026, 9, 1), as_of=date(2026, 11, 5))], Bounds(least=0, most=36)),
        (
            [listed([date(2026, 11, 9), date(2026, 10, 1)], since=date(2026, 9, 1), as_of=date(2026, 11, 10))],
            Bounds(least=36, most=36),
        ),
        ([], Bounds()),
    ],
    ids=[
        "exact",
        "lower bound",
        "empty window",
        "window and old link",
        "contradicted",
        "ends before check",
        "later post ignored",
        "none",
    ],
)
def test_idle_bounds(lists: list[PostList], expected: Bounds) -> None:
    assert idle_days(weigh(lists), CHECK, ()).bounds == expected


def test_a_contradicted_list_says_so() -> None:
    lists = weigh([listed([date(2026, 10, 1)], since=date(2026, 9, 1)), listed([date(2026, 10, 20)], route=Route.LINK)])
    assert "存疑" in ";".join(idle_days(lists, CHECK, ()).reasons)


def test_same_post_by_two_routes_is_one() -> None:
    at = start_of(date(2026, 10, 20))
    by_api = Posts(items=(Post(id="1_1", at=at, title="关于 示例的通知"),), as_of=noon(CHECK))
    by_link = Posts(items=(Post(id="s/abc", at=at + timedelta(hours=3), title="关于示例的通知"),), as_of=noon(CHECK))
    assert len(merge([PostList(posts=by_api, route=Route.API), PostList(posts=by_link, route=Route.LINK)])) == 1


def test_dates_not_times_decide() -> None:
    late = Posts(
        items=(Post(id="1", at=start_of(date(2026, 10, 23)) + timedelta(hours=23, minutes=59)),),
        as_of=noon(CHECK),
        complete_since=start_of(date(2026, 10, 1)),
    )
    assert idle_days([PostList(posts=late, route=Route.BROWSER)], CHECK, ()).bounds == Bounds(least=14, most=14)


def test_a_clerks_date_after_the_check_means_fresh() -> None:
    made = visit({Aspect.POSTS: Seen(value=posts([date(2026, 11, 9)], as_of=CHECK))}, route=Route.MANUAL, check_date=CHECK)
    assert build(account(), [made], Context(on=None, default_date=CHECK)).idle.bounds == Bounds(least=0, most=0)


def test_check_date_defaults_to_what_the_list_reaches() -> None:
    made = visit({Aspect.POSTS: Seen(value=posts([date(2026, 10, 1)], as_of=date(2026, 11, 5), complete_since=date(2026, 9, 1)))})
    fact = build(account(), [made], Context(on=None, default_date=CHECK))
    assert (fact.check_date, fact.idle.bounds) == (date(2026, 11, 5), Bounds(least=35, most=35))


def test_a_clerks_check_date_counts() -> None:
    told = [Reported(code="INT-01", broken=True)]
    made = visit({}, route=Route.MANUAL, check_date=date(2026, 11, 3), reported=told)
    fact = build(account(), [made], Context(on=None, default_date=CHECK))
    assert (fact.check_date, fact.reported) == (date(2026, 11, 3), tuple(told))


def test_an_empty_claim_is_no_list() -> None:
    made = visit({Aspect.POSTS: Seen(value=posts([], as_of=CHECK, complete_since=date(2020, 1, 1)), outcome=Outcome.EMPTY)})
    fact = build(account(), [made], Context(on=CHECK, default_date=CHECK))
    assert fact.idle.bounds == Bounds()
    assert "再次核实" in ";".join(fact.idle.reasons)
