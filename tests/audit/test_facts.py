"""From visits to a verdict: what must not accuse, and what must not pass (promise 1)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.looks.test_looks import look
from tests.made import PROOF, account, noon, posts, visit
from tracker import looks
from tracker.facts import Context, Facts, build
from tracker.facts.claims import proven
from tracker.model import (
    Aspect,
    Bounds,
    Conclusion,
    Decision,
    Found,
    Hit,
    Identity,
    Observation,
    Outcome,
    Route,
    Seen,
    Status,
    StoredVisit,
    Verdict,
)
from tracker.rulebook import RULES
from tracker.rulebook.profile import load
from tracker.verdict import conclude

BAOJI = load("baoji", RULES)
CHECK = date(2026, 11, 6)


def clerk(check: date = CHECK, *, at: date = CHECK, **told: object) -> StoredVisit:
    one = look(check_date=check, **told)
    made = visit(route=Route.MANUAL, at=at, check_date=check, printed_date=one.printed_date)
    return replace(made, observation=looks.read(one))


def listed(
    on: list[date], *, since: date | None = None, as_of: date = CHECK, outcome: Outcome = Outcome.OK, **told
) -> StoredVisit:
    value = posts(on, as_of=as_of, complete_since=since)
    return visit({Aspect.POSTS: Seen(value=value, outcome=outcome)}, at=as_of, **told)


def facts(*visits: StoredVisit, on: date | None = None, **told) -> Facts:
    return build(account(), visits, Context(on=on, default_date=CHECK, **told))


def verdict(*visits: StoredVisit, on: date | None = None, decisions: tuple[Decision, ...] = (), **told) -> Verdict:
    return conclude(facts(*visits, on=on, **told), BAOJI, decisions)


def said(code: str, confirmed: bool) -> Decision:
    return Decision(account_id="示例0001", code=code, confirmed=confirmed, who="甲", why="看过", at=noon(CHECK))


# --- what people said, and when


def test_found_nothing_takes_back_a_wrong_veto_of_any_code() -> None:
    wrong = clerk(at=date(2026, 11, 5), found="存在错敏信息", last_post=date(2026, 11, 3))
    right = clerk(found="无", last_post=date(2026, 11, 3))
    assert verdict(wrong).conclusion is Conclusion.FAILED
    assert verdict(wrong, right).conclusion is Conclusion.PASSED


def test_of_two_rows_of_one_sheet_the_later_check_is_the_later_look() -> None:
    first = clerk(date(2026, 10, 26), found="未及时更新", last_post=date(2026, 10, 1))
    second = clerk(CHECK, last_post=date(2026, 11, 5))
    assert [verdict(*rows).conclusion for rows in ((first, second), (second, first))] == [Conclusion.PASSED] * 2


def test_clean_on_one_day_does_not_vouch_for_a_later_one() -> None:
    """合格 in October, and only 互动 looked at in November: the silence is judged on the day on which somebody looked at it."""
    first = clerk(date(2026, 10, 1), at=date(2026, 11, 6), found="合格")
    second = clerk(CHECK, aspects={"互动": False})
    assert facts(first, second).check_date == date(2026, 10, 1)


def test_a_clerks_own_check_date_comes_before_the_ordered_one() -> None:
    """A date of the clerk's, after the ordered day but before the clerk's own check, is no proof of being fresh."""
    row = clerk(date(2026, 11, 30), at=date(2026, 11, 30), last_post=date(2026, 11, 10))
    assert (facts(row, on=CHECK).check_date, verdict(row, on=CHECK).conclusion) == (date(2026, 11, 30), Conclusion.FAILED)


def test_never_posted_beside_dates_of_posts_accuses_nobody() -> None:
    row = clerk(never=True, printed_date="无", post_dates=(date(2026, 11, 3),))
    assert verdict(row).findings == ()


@pytest.mark.parametrize("told", [{"never": True, "printed_date": "无"}, {"found": "未及时更新"}, {"found": "“僵尸”账号"}])
def test_a_clerks_silence_against_a_stored_post_waits_for_a_person(told: dict) -> None:
    assert verdict(clerk(**told)).conclusion is Conclusion.FAILED
    both = verdict(clerk(**told), listed([date(2026, 11, 4)]))
    assert (both.conclusion, [one.status for one in both.findings]) == (Conclusion.TO_REVIEW, [Status.CANDIDATE])


def test_a_reported_fault_is_not_hidden_by_a_weak_sign_of_comments() -> None:
    hit = Seen(value=Found(hits=(Hit(kind="评论", quote="弱证据"),)))
    row = clerk(aspects={"互动": True}, last_post=date(2026, 11, 3))
    assert verdict(row, visit({Aspect.FOOTERS: hit})).conclusion is Conclusion.FAILED


# --- lists


def test_a_date_in_the_future_moves_no_check_date() -> None:
    """A row dated years ahead on one route, a complete stale list on another."""
    stale = listed([date(2026, 10, 1)], since=date(2026, 9, 1))
    ahead = listed([date(2027, 6, 1)], route=Route.FEED)
    assert (facts(stale, ahead).check_date, verdict(stale, ahead).conclusion) == (CHECK, Conclusion.FAILED)


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.RESTRICTED])
@pytest.mark.parametrize("on", [[], [date(2026, 9, 10)]])
def test_half_knowledge_never_proves_silence(outcome: Outcome, on: list[date]) -> None:
    told = verdict(listed(on, since=date(2026, 9, 1), outcome=outcome), on=CHECK)
    assert told.conclusion is Conclusion.UNCHECKED
    assert "未到检查日" not in told.undetermined[0].reason


@pytest.mark.parametrize("since", [date(2026, 11, 6), date(2026, 11, 7), date(2027, 1, 1)])
def test_a_list_that_begins_with_or_after_the_check_proves_nothing(since: date) -> None:
    assert verdict(listed([], since=since, as_of=date(2027, 1, 2)), on=CHECK).conclusion is Conclusion.UNCHECKED


def test_an_interface_that_ends_yesterday_is_not_stretched_to_an_ordered_today() -> None:
    api = listed([date(2026, 10, 1)], since=date(2026, 9, 1), as_of=date(2026, 11, 5), route=Route.API)
    assert verdict(api, on=CHECK).conclusion is Conclusion.UNCHECKED
    assert verdict(api).conclusion is Conclusion.FAILED
    assert verdict(api, listed([CHECK], route=Route.LINK)).conclusion is Conclusion.PASSED


def test_midnight_and_utc() -> None:
    """23:30 in London on 22 October is 23 October here: the fourteenth day, not the fifteenth."""
    at = datetime.fromisoformat("2026-10-22T23:30:00+00:00")
    made = listed([date(2026, 10, 1)], since=date(2026, 9, 1))
    value = made.observation.aspects[Aspect.POSTS].value
    value = replace(value, items=(replace(value.items[0], at=at),))
    made = replace(made, observation=Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: Seen(value=value)}))
    assert facts(made, on=CHECK).idle.bounds == Bounds(least=14, most=14)


# --- claims


def gone(on: date) -> StoredVisit:
    seen = Seen(value=Identity(ids={}, name=""), outcome=Outcome.GONE)
    return visit({Aspect.EXISTENCE: seen}, at=on, sweep=str(on), outcome=Outcome.GONE)


def there(on: date) -> StoredVisit:
    return visit({Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例发布"))}, at=on, sweep=str(on))


def empty(on: date) -> StoredVisit:
    seen = Seen(value=posts([], as_of=on, complete_since=date(2020, 1, 1)), outcome=Outcome.EMPTY)
    return visit({Aspect.POSTS: seen}, at=on, sweep=str(on))


DAYS = [CHECK - timedelta(days=back) for back in (14, 7, 0)]


def test_gone_seen_gone_is_not_gone_twice() -> None:
    told = proven([gone(DAYS[0]), there(DAYS[1]), gone(DAYS[2])], Aspect.EXISTENCE, Outcome.GONE, PROOF, (), seen=False)
    assert told.found.hits == ()
    again = proven([there(DAYS[0]), gone(DAYS[1]), gone(DAYS[2])], Aspect.EXISTENCE, Outcome.GONE, PROOF, (), seen=False)
    assert len(again.found.hits) == 2


def test_an_account_that_once_posted_has_not_never_posted() -> None:
    visits = [empty(DAYS[0]), listed([date(2026, 10, 1)], as_of=DAYS[1]), empty(DAYS[2])]
    assert proven(visits, Aspect.POSTS, Outcome.EMPTY, PROOF, (), seen=False).found.hits == ()


# --- links of look-alikes


def linked(ids: dict[str, str], on: date = CHECK) -> StoredVisit:
    made = listed([on], route=Route.LINK)
    aspects = {**made.observation.aspects, Aspect.EXISTENCE: Seen(value=Identity(ids=ids, name="示例发布"))}
    return replace(made, observation=Observation(outcome=Outcome.OK, aspects=aspects))


def owned(ids: dict[str, str]) -> StoredVisit:
    made = listed([date(2026, 10, 1)], since=date(2026, 9, 1), route=Route.API)
    aspects = {**made.observation.aspects, Aspect.EXISTENCE: Seen(value=Identity(ids=ids, name="示例发布"))}
    return replace(made, observation=Observation(outcome=Outcome.OK, aspects=aspects))


def test_a_look_alikes_link_makes_nobody_fresh() -> None:
    """The link was matched by its name; the owner's interface of the same check tells another id."""
    assert verdict(owned({"uid": "1"}), linked({"uid": "2"}), on=CHECK).conclusion is Conclusion.FAILED
    assert verdict(owned({"uid": "1"}), linked({"uid": "1"}), on=CHECK).conclusion is Conclusion.PASSED
    assert any("不是同一个账号" in note for note in facts(owned({"uid": "1"}), linked({"uid": "2"})).notes)


def test_two_strangers_under_one_name_prove_nothing() -> None:
    assert verdict(linked({"uid": "1"}), linked({"uid": "2"}), on=CHECK).conclusion is Conclusion.UNCHECKED
    assert verdict(linked({"uid": "1"}), linked({"uid": "1"}), on=CHECK).conclusion is Conclusion.PASSED


# --- decisions


def test_a_dismissed_never_posted_leaves_the_silence_unknown() -> None:
    told = verdict(*[empty(day) for day in DAYS], on=CHECK, decisions=(said("UPD-04", False),), proof=PROOF)
    assert [one.status for one in told.findings] == [Status.DISMISSED]
    assert told.conclusion is Conclusion.UNCHECKED


def test_a_confirmation_of_a_finding_that_is_no_more_passes_nobody() -> None:
    stale = listed([date(2026, 10, 1)], since=date(2026, 9, 1))
    newer = listed([date(2026, 10, 20)], route=Route.LINK)
    told = verdict(stale, newer, on=CHECK, decisions=(said("UPD-01", True),))
    assert (told.findings, told.conclusion) == ((), Conclusion.UNCHECKED)


def test_a_dismissal_is_of_the_silence_not_of_its_length() -> None:
    stale = listed([date(2026, 8, 1)], since=date(2026, 7, 1))
    told = verdict(stale, on=CHECK, decisions=(said("UPD-01", False),))
    assert [(one.code, one.status) for one in told.findings] == [("UPD-02", Status.CANDIDATE)]


def test_dismissed_findings_fail_nobody() -> None:
    row = clerk(found="未提供有效互动功能", last_post=date(2026, 11, 3))
    assert verdict(row, decisions=(said("INT-01", False),)).conclusion is Conclusion.PASSED


def test_a_report_that_is_broken_in_words_and_fine_in_its_column_is_contradicted() -> None:
    one = look(found="未提供有效互动功能", aspects={"互动": False})
    assert looks.contradictions(one) == ("互动",)
    assert looks.contradictions(look(found="未提供有效互动功能", aspects={"互动": True})) == ()
    assert looks.contradictions(look(found="栏目长期未更新", aspects={"栏目": False})) == ("栏目",)
