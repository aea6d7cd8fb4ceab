"""What is not known breaks no rule: every rule of the book, every aspect hidden, every outcome of ignorance."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import PROOF, account, visit, visits_of
from tests.rulebook.told import CASES
from tracker.facts import Context, Facts, build
from tracker.model import IGNORANCE, Aspect, Outcome, Route, StoredVisit, Unseen
from tracker.rulebook import RULES, Breach, By, Rule

CHECK = date(2026, 11, 6)
BOOK: tuple[Rule, ...] = tuple(rule() for rule in RULES)
HIDDEN = st.dictionaries(st.sampled_from(Aspect), st.builds(lambda o: Unseen(outcome=o), st.sampled_from(sorted(IGNORANCE))))
VISITS = st.lists(st.tuples(HIDDEN, st.sampled_from(sorted(IGNORANCE | {Outcome.OK})), st.sampled_from(Route)), max_size=3)


def facts(visits: Sequence[StoredVisit]) -> Facts:
    return build(account(), visits, Context(on=CHECK, default_date=CHECK, proof=PROOF, fit={one.sweep for one in visits}))


@given(VISITS)
def test_ignorance_breaks_no_rule(told: list[tuple[dict[Aspect, Unseen], Outcome, Route]]) -> None:

    made = facts([visit(aspects, outcome=outcome, route=route) for aspects, outcome, route in told])
    assert [rule.code for rule in BOOK if isinstance(rule.ask(made), Breach)] == []


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.toml")):
        for kind, listed in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for case in listed if kind != "breaks" else ():
                yield pytest.param(path.stem, case, id=f"{path.stem}-{case['why']}")


@pytest.mark.parametrize(("code", "case"), list(cases()))
def test_hiding_an_aspect_never_makes_an_automatic_finding(code: str, case: Mapping[str, Any]) -> None:
    """From a case that does not break, take away what any one aspect showed: an automatic rule must not break then either."""
    made = visits_of(case)
    rule = replace(next(rule for rule in BOOK if code in rule.codes), **case.get("set", {}))  # type: ignore[type-var]
    if rule.by is not By.AUTOMATIC:
        return
    for aspect in {aspect for one in made for aspect in one.observation.aspects}:
        for outcome in (Outcome.LOGIN_WALL, Outcome.AMBIGUOUS_EMPTY, Outcome.DRIFT):
            hidden = [_without(one, aspect, outcome) for one in made]
            assert not isinstance(rule.ask(facts(hidden)), Breach), (aspect, outcome)


def _without(one: StoredVisit, aspect: Aspect, outcome: Outcome) -> StoredVisit:
    told = one.observation
    return replace(one, observation=replace(told, aspects={**told.aspects, aspect: Unseen(outcome=outcome)}))
