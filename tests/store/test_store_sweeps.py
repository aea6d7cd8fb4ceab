"""Periods, sweeps, visits, links, decisions, judgements."""

import dataclasses
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import peewee
import pytest
from hypothesis import HealthCheck, given, settings

from tests.store.invented import AT, OBSERVATIONS, VERDICTS, account, sweep, visit
from tracker.clock import SHANGHAI
from tracker.errors import EvidenceDamaged, UsageError
from tracker.model import Aspect, Decision, Observation, Outcome, Period, Post, Posts, Route, Seen, StoredVisit, Verdict
from tracker.store import Judgement, Link, Store

QUARTER = Period(name="2026Q4", title="2026年第四季度", start=date(2026, 10, 26), end=date(2026, 11, 6))


def test_periods_are_put_and_replaced(store: Store) -> None:
    third = Period(name="2026Q3", title="2026年第三季度", start=date(2026, 7, 1), end=date(2026, 9, 30))
    store.put_period(QUARTER)
    store.put_period(third)
    longer = dataclasses.replace(QUARTER, end=date(2026, 11, 20))
    store.put_period(longer)
    assert store.periods() == (third, longer)
    assert store.period("2026Q4") == longer
    assert store.period("2027Q1") is None


def test_a_sweep_keeps_the_registry_as_it_was(store: Store) -> None:
    store.add_accounts([account(1), account(2)], "王某", AT)
    store.start_sweep(sweep(source="重放"))
    store.change_account(account(1, name="改了名"), "王某", AT, "改名")
    assert store.sweep("2026-11-02") == sweep(source="重放")
    assert store.sweep("nothing") is None


def test_sweeps_end_and_come_in_order(store: Store) -> None:
    later = sweep("b", kind="weekly", period=None, check_date=None, started_at=AT + timedelta(days=7))
    store.start_sweep(later)
    store.start_sweep(sweep("c"))
    assert store.latest_sweep() == later
    assert [one.name for one in store.sweeps()] == ["c", "b"]
    assert store.whole(store.sweeps()[1]) == later
    store.end_sweep("b", AT + timedelta(days=8))
    assert store.latest_sweep() == dataclasses.replace(later, ended_at=AT + timedelta(days=8))


def test_sweeps_that_are_missing_or_taken_are_named(store: Store) -> None:
    assert store.latest_sweep() is None
    store.start_sweep(sweep())
    with pytest.raises(UsageError, match="“2026-11-02”已经存在"):
        store.start_sweep(sweep())
    for wrong in (
        lambda: store.end_sweep("x", AT),
        lambda: store.add_visit(visit(sweep="x")),
        lambda: store.add_decision("x", decision()),
        lambda: store.add_judgement(judgement(sweep="x")),
    ):
        with pytest.raises(UsageError, match="没有名为“x”的巡检批次"):
            wrong()


def test_visits_come_in_order_of_time_and_are_idempotent_on_their_file(store: Store) -> None:
    store.start_sweep(sweep())
    second, first, other = visit(2), visit(1), visit(3, account_id="account002")
    assert [store.add_visit(one) for one in (second, first, other, first)] == [True, True, True, False]
    assert store.visits("2026-11-02") == (first, second, other)
    assert store.visits("2026-11-02", "account001") == (first, second)
    assert store.known_files("2026-11-02") == {first.file, second.file, other.file}
    assert store.known_files("x") == frozenset()


def test_a_file_that_comes_again_with_another_hash_is_damage(store: Store) -> None:
    store.start_sweep(sweep())
    store.add_visit(visit())
    with pytest.raises(EvidenceDamaged, match=visit().file):
        store.add_visit(visit(sha256="b" * 64))
    assert store.visits("2026-11-02") == (visit(),)


def test_visits_of_an_account_come_newest_first_over_all_sweeps(store: Store) -> None:
    store.start_sweep(sweep())
    store.start_sweep(sweep("older"))
    new, old = visit(1), visit(2, sweep="older", file="older/1", at=datetime(2026, 9, 1, tzinfo=UTC))
    store.add_visit(old)
    store.add_visit(new)
    assert store.visits_of("account001") == (new, old)
    assert store.visits_of("account009") == ()


def test_every_field_of_a_visit_comes_back(store: Store) -> None:
    store.start_sweep(sweep())
    full = visit(route=Route.MANUAL, check_date=date(2026, 11, 1), printed_date="2026. 11. 1", account_id="")
    full = replace(full, lane="guest", twice=True)
    defaults = {field.name for field in dataclasses.fields(StoredVisit) if field.default is not dataclasses.MISSING}
    derived = {"fit", "paused"}
    assert defaults - derived == {"check_date", "printed_date", "lane", "control", "twice"}, "a new field needs a column"
    store.add_visit(full)
    (back,) = store.visits("2026-11-02")
    assert back == full
    assert back.at.tzinfo is SHANGHAI


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(observation=OBSERVATIONS)
def test_any_observation_survives_the_database(store: Store, observation: Observation) -> None:
    if not store.sweep("2026-11-02"):
        store.start_sweep(sweep())
    told = visit(len(store.visits("2026-11-02")), observation=observation)
    store.add_visit(told)
    assert store.visits("2026-11-02")[-1] == told


def test_days_derived_from_an_observation_are_shanghai_days(store: Store) -> None:
    late = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)  # 2 November in Shanghai
    posts = Posts(items=(Post(id="1", at=late - timedelta(days=3)), Post(id="2", at=late)), as_of=late)
    store.start_sweep(sweep())
    store.add_visit(visit(1, observation=Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: Seen(value=posts)})))
    store.add_visit(visit(2))
    rows = list(store._rows.visit.select().order_by(store._rows.visit.id))
    assert [(row.latest_post, row.as_of) for row in rows] == [("2026-11-02", "2026-11-02"), (None, None)]


def test_links_are_kept_once_and_pend_per_sweep(store: Store) -> None:
    links = [Link(url=f"https://example.test/{n}" + "长" * 4000, platform="alpha", added_at=AT, who="王某") for n in range(3)]
    assert store.add_links(links[:2]) == 2
    assert store.add_links([links[1], links[2], links[2]]) == 1
    assert store.links() == tuple(links)
    store.start_sweep(sweep())
    store.start_sweep(sweep("other"))
    store.add_visit(visit(1, url=links[1].url, account_id="", route=Route.LINK))
    assert store.links(pending_for_sweep="2026-11-02") == (links[0], links[2])
    assert store.links(pending_for_sweep="other") == tuple(links)


def decision(**fields: object) -> Decision:
    told: dict[str, object] = {
        "account_id": "account001",
        "code": "INT-01",
        "confirmed": True,
        "who": "李某",
        "why": "已核实",
        "at": AT,
    }
    return Decision(**(told | fields))  # type: ignore[arg-type]


def judgement(verdicts: tuple[Verdict, ...] = (), **fields: object) -> Judgement:
    told: dict[str, object] = {
        "sweep": "2026-11-02",
        "profile": "national",
        "profile_digest": "d",
        "at": AT,
        "verdicts": verdicts,
    }
    return Judgement(**(told | fields))  # type: ignore[arg-type]


def test_decisions_are_appended_in_order(store: Store) -> None:
    store.start_sweep(sweep())
    made = [decision(), decision(confirmed=False, why="看错了", at=AT - timedelta(days=1)), decision(code="CNT-03")]
    for one in made:
        store.add_decision("2026-11-02", one)
    assert store.decisions("2026-11-02") == tuple(made)
    assert store.decisions("x") == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(verdict=VERDICTS)
def test_the_last_judgement_is_the_one_appended_last(store: Store, verdict: Verdict) -> None:
    if not store.sweep("2026-11-02"):
        assert store.last_judgement("2026-11-02") is None
        store.start_sweep(sweep())
    store.add_judgement(judgement(profile="earlier"))
    store.add_judgement(judgement((verdict,), at=AT - timedelta(days=1)))
    assert store.last_judgement("2026-11-02") == judgement((verdict,), at=AT - timedelta(days=1))


@pytest.mark.parametrize("table", ["change", "decision", "judgement"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_is_appended_can_neither_be_changed_nor_removed(store: Store, table: str, verb: str) -> None:
    store.add_accounts([account(1)], "王某", AT)
    store.start_sweep(sweep())
    store.add_decision("2026-11-02", decision())
    store.add_judgement(judgement())
    row = getattr(store._rows, table)
    query = row.delete() if verb == "delete" else row.update(at="1999")
    with pytest.raises(peewee.DatabaseError, match="append only"):
        query.execute()
    assert row.select().count() == 1
