"""Properties of every judgement: ignorance never accuses and never clears, fresher is never worse, order does not matter."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import PROOF, account, posts, visit
from tracker.facts import Context, build
from tracker.model import (
    HALF_KNOWLEDGE,
    IGNORANCE,
    Aspect,
    Conclusion,
    Found,
    Hit,
    Menu,
    Outcome,
    Route,
    Seen,
    StoredVisit,
    Unseen,
    Verdict,
)
from tracker.rulebook import RULES
from tracker.rulebook.profile import load
from tracker.verdict import conclude

BAOJI = load("baoji", RULES)
CHECK = date(2026, 11, 6)
DAYS = st.integers(0, 400).map(lambda n: CHECK - timedelta(days=n))
WORSE = {Conclusion.PASSED: 0, Conclusion.UNCHECKED: 1, Conclusion.TO_REVIEW: 2, Conclusion.FAILED: 3}


def judged(visits: Sequence[StoredVisit], on: date | None = CHECK) -> Verdict:
    facts = build(account(), visits, Context(on=on, default_date=CHECK, proof=PROOF, fit={one.sweep for one in visits}))
    return conclude(facts, BAOJI)


ignorant = st.sampled_from(sorted(IGNORANCE)).map(
    lambda outcome: visit({aspect: Unseen(outcome=outcome) for aspect in Aspect}, outcome=outcome)
)
halves = st.builds(
    lambda on, outcome, since: visit({Aspect.POSTS: Seen(value=posts(on, as_of=CHECK, complete_since=since), outcome=outcome)}),
    st.lists(DAYS, max_size=4),
    st.sampled_from(sorted(HALF_KNOWLEDGE)),
    st.none() | DAYS,
)
bounds_only = st.builds(
    lambda on, route: visit({Aspect.POSTS: Seen(value=posts(on, as_of=CHECK))}, route=route),
    st.lists(DAYS, max_size=4),
    st.sampled_from([Route.LINK, Route.FEED, Route.BROWSER]),
)
complete = st.builds(
    lambda on, extra: visit(
        {Aspect.POSTS: Seen(value=posts(on, as_of=CHECK, complete_since=min([*on, CHECK]) - timedelta(days=extra)))}
    ),
    st.lists(DAYS, max_size=4),
    st.integers(0, 60),
)
menus = st.builds(
    lambda n, whole: visit(
        {
            Aspect.MENU: Seen(
                value=Menu(
                    is_open=True, channels=Found(hits=tuple(Hit(kind="菜单", quote=str(i)) for i in range(n)), whole=whole)
                )
            )
        }
    ),
    st.integers(0, 2),
    st.booleans(),
)
anything = st.lists(st.one_of(ignorant, halves, bounds_only, complete, menus), max_size=6)


@given(st.lists(st.one_of(ignorant, halves, bounds_only), max_size=6))
def test_ignorance_and_bounds_never_accuse(visits: list[StoredVisit]) -> None:
    assert judged(visits).findings == ()
    assert judged(visits).conclusion in (Conclusion.PASSED, Conclusion.UNCHECKED)


@given(st.lists(ignorant, max_size=6))
def test_ignorance_never_passes_where_must_know(visits: list[StoredVisit]) -> None:
    verdict = judged(visits)
    assert verdict.conclusion is Conclusion.UNCHECKED
    assert {one.code for one in verdict.undetermined} >= {"UPD-01"}
    assert all(one.reason for one in verdict.undetermined)


@given(anything)
def test_a_pass_rests_on_a_post_within_the_limit(visits: list[StoredVisit]) -> None:
    verdict = judged(visits)
    if verdict.conclusion is Conclusion.PASSED:
        assert verdict.latest_post is not None
        assert (CHECK - verdict.latest_post).days <= 14


@given(anything)
def test_a_stale_finding_rests_on_a_complete_list_without_newer_posts(visits: list[StoredVisit]) -> None:
    verdict = judged(visits)
    if any(finding.code.startswith("UPD") for finding in verdict.findings):
        assert verdict.latest_post is None or (CHECK - verdict.latest_post).days > 14
        assert any(
            isinstance(seen := one.observation.aspects.get(Aspect.POSTS), Seen)
            and seen.outcome is Outcome.OK
            and seen.value.complete_since is not None  # type: ignore[union-attr]
            for one in visits
        )


@given(anything, DAYS, st.sampled_from([Route.LINK, Route.BROWSER]))
def test_a_newer_post_never_makes_it_worse(visits: list[StoredVisit], on: date, route: Route) -> None:
    before = judged(visits)
    if before.latest_post is not None and on <= before.latest_post:
        return
    after = judged([*visits, visit({Aspect.POSTS: Seen(value=posts([on], as_of=CHECK))}, route=route)])
    # a silence without one post waits for a person; the first post that is seen makes it an ordinary one
    doubted = before.latest_post is None and before.conclusion is Conclusion.TO_REVIEW
    allowed = WORSE[Conclusion.FAILED] if doubted else WORSE[before.conclusion]
    assert WORSE[after.conclusion] <= allowed


@given(anything, st.randoms(use_true_random=False))
def test_order_of_visits_does_not_matter(visits: list[StoredVisit], random: "st.Random") -> None:  # type: ignore[name-defined]
    mixed = list(visits)
    random.shuffle(mixed)
    first, second = judged(visits), judged(mixed)
    assert (first.conclusion, first.idle_days, [f.code for f in first.findings]) == (
        second.conclusion,
        second.idle_days,
        [f.code for f in second.findings],
    )


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(1, 40), st.booleans())
def test_exact_at_the_boundary(idle: int, limit: int, inclusive: bool) -> None:
    from dataclasses import replace

    last = CHECK - timedelta(days=idle)
    made = [visit({Aspect.POSTS: Seen(value=posts([last], as_of=CHECK, complete_since=last))})]
    idle_rule = next(rule for rule in BAOJI.rules if rule.code == "UPD-01")
    profile = replace(BAOJI, rules=(replace(idle_rule, limit=limit, inclusive=inclusive),))
    facts = build(account(), made, Context(on=CHECK, default_date=CHECK))
    failed = conclude(facts, profile).conclusion is Conclusion.FAILED
    assert failed == (idle >= limit if inclusive else idle > limit)
