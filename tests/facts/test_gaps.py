"""Gaps, counts and repeats: proven only where every day was seen, and never more than the posts allow."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.made import account, posts, visit
from tracker.clock import day
from tracker.facts import Context, Facts, build
from tracker.model import Aspect, Seen, StoredVisit, Window

CHECK = date(2026, 11, 6)
WINDOW = Window(since=date(2026, 9, 1), until=CHECK)
DAYS = st.lists(st.dates(date(2026, 8, 1), CHECK), max_size=12)
SEEN = st.tuples(st.dates(date(2026, 8, 1), CHECK), st.dates(date(2026, 8, 1), CHECK)).map(lambda two: (min(two), max(two)))


def facts(visits: Sequence[StoredVisit], earlier: Sequence[StoredVisit] = ()) -> Facts:
    return build(account(), visits, Context(on=CHECK, default_date=CHECK, window=WINDOW, earlier=earlier))


def looked(world: Sequence[date], since: date, until: date, *, whole: bool = True) -> StoredVisit:
    """A visit on `until` of a world in which posts were made on these days; it shows those from `since` on."""
    shown = sorted({one for one in world if since <= one <= until}, reverse=True)
    value = posts(shown, as_of=until, complete_since=since if whole else None)
    return visit({Aspect.POSTS: Seen(value=value)}, at=until, sweep=str(until))


@given(DAYS, st.lists(SEEN, min_size=1, max_size=4))
def test_a_proven_gap_is_a_gap_of_the_world(world: list[date], spans: list[tuple[date, date]]) -> None:
    """Whatever parts of the world were seen: no proven gap holds a day on which something was posted, seen or not."""
    made = [looked(world, since, until) for since, until in spans]
    told = facts(made[-1:], made[:-1])
    for gap in told.gaps:
        inside = [on for on in world if gap.first < on < gap.last]
        assert not (gap.proven and inside)
    assert told.gap.bounds.least == max((gap.days for gap in told.gaps if gap.proven), default=0)


@given(DAYS, st.lists(SEEN, min_size=1, max_size=4))
def test_the_longest_true_gap_lies_between_the_bounds(world: list[date], spans: list[tuple[date, date]]) -> None:
    made = [looked(world, since, until) for since, until in spans]
    told = facts(made[-1:], made[:-1])
    inside = sorted({on for on in world if WINDOW.since <= on <= WINDOW.until})
    marks = ([WINDOW.since] if inside and inside[0] > WINDOW.since else []) + inside
    true = max(((b - a).days for a, b in pairwise(marks) if (b - a).days > 1), default=0)
    assert told.gap.bounds.least <= true
    assert told.gap.bounds.most is not None
    assert true <= max(told.gap.bounds.most, 1)


@given(DAYS, SEEN)
def test_counts_hold_the_true_number(world: list[date], span: tuple[date, date]) -> None:
    told = facts([looked(world, *span)])
    true = len({on for on in world if WINDOW.since <= on <= WINDOW.until})
    assert told.published.bounds.least <= true
    assert told.published.bounds.most is None or true <= told.published.bounds.most
    assert told.originals == told.published


@given(DAYS, SEEN, SEEN)
def test_more_sight_only_narrows(world: list[date], one: tuple[date, date], other: tuple[date, date]) -> None:
    """Adding a complete list of the same world never widens what is known of the gap or the counts."""
    first = facts([looked(world, *one)])
    both = facts([looked(world, *one)], [looked(world, *other)])
    assert both.published.bounds.least >= first.published.bounds.least
    assert both.gap.bounds.least >= min(first.gap.bounds.least, both.gap.bounds.most or 0)


@given(DAYS)
def test_an_incomplete_list_proves_no_gap(world: list[date]) -> None:
    told = facts([looked(world, date(2026, 8, 1), CHECK, whole=False)])
    assert told.gap.bounds.least == 0
    assert not any(gap.proven for gap in told.gaps)


def test_two_lists_that_leave_an_afternoon_between_them_prove_nothing_across_it() -> None:
    """The first list ends at noon of a day, the second begins with the next: a post of that afternoon nobody would have seen."""
    seam = date(2026, 10, 10)
    before = looked([date(2026, 10, 1)], date(2026, 9, 1), seam)
    after = looked([date(2026, 10, 25), CHECK], seam + timedelta(days=1), CHECK)
    apart, joined = facts([after], [before]), facts([looked([date(2026, 10, 25), CHECK], seam, CHECK)], [before])
    assert [gap.proven for gap in apart.gaps if gap.first == date(2026, 10, 1)] == [False]
    assert [(gap.proven, gap.days) for gap in joined.gaps if gap.first == date(2026, 10, 1)] == [(True, 24)]


def test_a_deleted_post_still_counts_as_published() -> None:
    """An earlier sweep saw it; that a later complete list does not show it makes no gap."""
    gone, kept = date(2026, 10, 20), [date(2026, 10, 12), date(2026, 10, 28), CHECK]
    before = looked([date(2026, 10, 12), gone], date(2026, 8, 15), gone)
    now = looked(kept, date(2026, 8, 15), CHECK)
    assert any(gap.proven and gap.first < gone < gap.last for gap in facts([now]).gaps)
    assert not any(gap.first < gone < gap.last for gap in facts([now], [before]).gaps)


def test_repeats_are_held_against_all_that_was_ever_seen() -> None:
    words = "示例市召开全市政务公开工作推进会议"
    old = posts([{"on": date(2026, 3, 1), "title": words}], as_of=date(2026, 3, 2))
    new = posts([{"on": date(2026, 11, 1), "title": words}], as_of=CHECK)
    told = facts(
        [visit({Aspect.POSTS: Seen(value=new)})],
        [visit({Aspect.POSTS: Seen(value=old)}, at=date(2026, 3, 2), sweep="2026-03-02")],
    )
    assert [(one.days, day(one.older.at)) for one in told.repeats] == [(245, date(2026, 3, 1))]
