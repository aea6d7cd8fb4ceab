"""A list that reaches a few days back, joined to what earlier sweeps read whole: silence only over days that somebody saw."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import account, posts, visit
from tracker.facts import Context, Facts, build
from tracker.model import Aspect, Outcome, Seen, StoredVisit

CHECK = date(2026, 11, 6)


def facts(visits: Sequence[StoredVisit], earlier: Sequence[StoredVisit] = ()) -> Facts:
    return build(account(), visits, Context(on=CHECK, default_date=CHECK, earlier=earlier))


def looked(since: date, until: date, made: Sequence[date] = (), *, outcome: Outcome = Outcome.OK) -> StoredVisit:
    """A visit on `until` that saw whole days from `since` on, and the posts made on them."""
    shown = sorted({on for on in made if since <= on <= until}, reverse=True)
    value = posts(shown, as_of=until, complete_since=since if outcome is Outcome.OK else None)
    return visit({Aspect.POSTS: Seen(value=value, outcome=outcome)}, at=until, sweep=str(until))


WEEK = looked(date(2026, 10, 30), CHECK)


def test_an_earlier_list_that_touches_lengthens_the_silence() -> None:
    assert facts([WEEK]).idle.bounds.least == 7
    assert facts([WEEK], [looked(date(2026, 10, 10), date(2026, 10, 30))]).idle.bounds.least == 27
    assert facts([WEEK, looked(date(2026, 10, 10), date(2026, 10, 30))]).idle.bounds.least == 27


@pytest.mark.parametrize(
    "earlier",
    [looked(date(2026, 10, 1), date(2026, 10, 28)), looked(date(2026, 10, 1), CHECK, outcome=Outcome.PARTIAL)],
    ids=["a hole between", "no whole list"],
)
def test_a_hole_is_never_bridged(earlier: StoredVisit) -> None:
    assert facts([WEEK], [earlier]).idle.bounds.least == 7


def test_without_a_whole_list_of_this_check_earlier_ones_prove_no_silence() -> None:
    now = looked(date(2026, 10, 30), CHECK, outcome=Outcome.PARTIAL)
    assert facts([now], [looked(date(2026, 9, 1), date(2026, 11, 5))]).idle.bounds.least == 0


def test_a_post_of_the_earlier_list_ends_the_silence() -> None:
    told = facts([WEEK], [looked(date(2026, 10, 10), date(2026, 10, 30), [date(2026, 10, 20)])])
    assert (told.idle.bounds.least, told.idle.bounds.most) == (17, 17)


DAYS = st.dates(date(2026, 9, 1), CHECK)
SPANS = st.lists(st.tuples(DAYS, DAYS).map(lambda two: (min(two), max(two))), max_size=4)


@given(made=st.lists(DAYS, max_size=6), spans=SPANS, reach=st.integers(0, 20))
def test_the_true_silence_is_never_shorter_than_what_is_claimed(
    made: list[date], spans: list[tuple[date, date]], reach: int
) -> None:
    """Whatever parts of the world were seen, the claim holds in the world."""
    told = facts([looked(CHECK - timedelta(days=reach), CHECK, made)], [looked(*span, made) for span in spans])
    true = (CHECK - max(made)).days if made else (CHECK - date(2026, 9, 1)).days
    assert told.idle.bounds.least <= true
    assert told.idle.bounds.most is None or told.idle.bounds.most >= (true if made else 0)
