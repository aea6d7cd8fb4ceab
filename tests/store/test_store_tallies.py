"""Counts for the overview, in both databases: they add up, they are kept, and a platform whose lanes stand still is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from tests.store.invented import AT, account, sweep, visit
from tracker.model import Conclusion, Observation, Outcome, Post, Posts, Seen, StoredVisit, Verdict
from tracker.model.outcome import Aspect
from tracker.store import JudgementHead, Store
from tracker.store.tallies import Cell, Total

HEAD = JudgementHead(sweep="2026-11-02", profile="national", profile_digest="d", at=AT)
FAILED, PASSED, UNCHECKED = Conclusion.FAILED, Conclusion.PASSED, Conclusion.UNCHECKED


def verdict(n: int, conclusion: Conclusion, **told: str) -> Verdict:
    return Verdict(
        account=replace(account(n), **told),  # type: ignore[arg-type]  # fields of text
        conclusion=conclusion,
        word=str(conclusion),
        check_date=date(2026, 11, 2),
        latest_post=None,
        idle_days=None,
    )


def judged(store: Store, *verdicts: Verdict) -> JudgementHead:
    begun = store.begin_judgement(HEAD)
    store.add_verdicts(begun, verdicts, 0)
    return store.end_judgement(begun, len(verdicts))


def some(store: Store) -> JudgementHead:
    store.start_sweep(sweep())
    return judged(
        store,
        verdict(1, FAILED, platform="a", region="甲县", org_type="县级部门"),
        verdict(2, FAILED, platform="a", region="甲县", org_type="县级部门"),
        verdict(3, PASSED, platform="a", region="甲县", org_type="县级部门"),
        verdict(4, UNCHECKED, platform="b", region="乙'\"县\\", org_type=""),
    )


def test_the_cells_add_up_to_the_judgement(store: Store) -> None:
    head = some(store)
    assert set(store.cells(head)) == {
        Cell("a", "甲县", "县级部门", FAILED, 2),
        Cell("a", "甲县", "县级部门", PASSED, 1),
        Cell("b", "乙'\"县\\", "", UNCHECKED, 1),
    }
    assert store.cells(head) is store.cells(head)


def test_the_totals_of_several_judgements_come_in_their_order(store: Store) -> None:
    first = some(store)
    second = judged(store, verdict(1, PASSED, platform="a", region="甲县"))
    wanted = (
        Total(second.number, "甲县", PASSED, 1),
        Total(first.number, "乙'\"县\\", UNCHECKED, 1),
        Total(first.number, "甲县", FAILED, 2),
        Total(first.number, "甲县", PASSED, 1),
    )
    assert store.totals([second.number, first.number]) == wanted
    assert store.totals([second.number, first.number]) == wanted
    assert store.totals([]) == ()


def test_the_last_heads_are_those_of_complete_judgements(store: Store) -> None:
    first = some(store)
    begun = store.begin_judgement(HEAD)
    store.add_verdicts(begun, [verdict(1, PASSED)], 0)
    assert store.last_heads(["2026-11-02", "none"]) == {"2026-11-02": first}
    assert store.last_heads(["2026-11-02"])["2026-11-02"].number == store.last_head("2026-11-02").number  # type: ignore[union-attr]
    assert store.last_heads([]) == {}


def at_wall(number: int, minutes: int, said: Outcome, *, control: bool = False, lane: str = "guest") -> StoredVisit:
    posts = Posts(items=(Post(id="1", at=AT),), as_of=AT, complete_since=AT - timedelta(days=9))
    aspects = {Aspect.POSTS: Seen(value=posts, outcome=Outcome.OK)} if said is Outcome.OK else {}
    return visit(
        number,
        account_id=account(number).account_id,
        file=f"2026-11-02/{number}-{minutes}.warc.gz",
        at=AT + timedelta(minutes=minutes),
        platform="a",
        observation=Observation(outcome=said, aspects=aspects),
        lane=lane,
        control=control,
    )


def check(store: Store, add: Callable[[StoredVisit], bool], *steps: tuple[StoredVisit, tuple[str, ...]]) -> None:
    for one, stopped in steps:
        add(one)
        assert store.stopped_platforms("2026-11-02") == stopped


def test_a_wall_stands_until_the_control_account_reads_well_again(store: Store) -> None:
    store.start_sweep(sweep())
    check(
        store,
        store.add_visit,
        (at_wall(1, 0, Outcome.OK, control=True), ()),
        (at_wall(1, 1, Outcome.CHALLENGE), ("a",)),
        (at_wall(2, 2, Outcome.CHALLENGE, lane=""), ("a",)),
        (at_wall(1, 3, Outcome.CHALLENGE, control=True), ("a",)),
        (at_wall(1, 4, Outcome.OK, control=True), ()),
    )
    assert store.stopped_platforms("another") == ()


def test_a_lane_without_control_account_goes_on_when_anything_is_read(store: Store) -> None:
    store.start_sweep(sweep())
    check(store, store.add_visit, (at_wall(1, 1, Outcome.AUTH), ("a",)), (at_wall(2, 2, Outcome.OK), ()))


def test_the_word_for_what_is_known_changes_with_what_comes_in(store: Store) -> None:
    store.start_sweep(sweep())
    before = store.latest_state()
    assert store.latest_state() == before
    store.add_visit(at_wall(1, 1, Outcome.OK))
    after = store.latest_state()
    assert after != before
    store.add_accounts([account(1)], "甲", AT)
    assert store.latest_state() != after
    assert store.visited("2026-11-02") == 1
