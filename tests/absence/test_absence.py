"""停更报备: what a notice takes off a silence, on every boundary, and what a profile makes of it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import account, posts, visit
from tracker.absence import Absence, counted, excused, safe_until
from tracker.clock import SHANGHAI
from tracker.errors import UsageError
from tracker.explain import Card
from tracker.facts import Context, build
from tracker.model import Aspect, Bounds, Conclusion, Effect, Reported, Seen, Status, Verdict
from tracker.rulebook import RULES
from tracker.rulebook.profile import AbsenceEffect, Profile, load
from tracker.verdict import conclude

CHECK = date(2026, 11, 6)
DAY = timedelta(days=1)


def notice(first: date, last: date, filed_on: date | None = None, **told: object) -> Absence:
    fixed = {"account_id": "示例0001", "reason": "系统升级", "document": "示政办〔2026〕9号", "who": "王某"}
    return Absence(
        first=first,
        last=last,
        filed_on=filed_on or first,
        at=datetime(2026, 11, 6, tzinfo=SHANGHAI),
        **(fixed | told),  # type: ignore[arg-type]
    )


def day(text: str) -> date:
    month, on = text.split(".")
    return date(2026, int(month), int(on))


@pytest.mark.parametrize(
    ("first", "last", "filed", "taken"),
    [
        ("10.20", "10.25", "10.10", 6),  # both ends count
        ("10.20", "10.20", "10.20", 1),  # filed on its only day
        ("10.20", "10.25", "10.20", 6),  # filed on the first day: the whole of it
        ("10.20", "10.25", "10.21", 5),  # filed a day late: never backwards
        ("10.20", "10.25", "10.25", 1),  # filed on the last day: that day alone
        ("10.20", "10.25", "10.26", 0),  # filed when it was over: nothing
        ("10.20", "10.25", "11.6", 0),  # filed on the check date for the past: nothing
        ("11.6", "11.30", "11.6", 1),  # the check date itself counts
        ("11.7", "11.30", "11.1", 0),  # it begins after the check
        ("9.1", "10.16", "9.1", 0),  # ends on the day of the last post, which is no silent day
        ("9.1", "10.17", "9.1", 1),  # the first silent day
        ("9.1", "12.31", "9.1", 21),  # the whole silence, and no day more
        ("10.7", "12.31", "11.7", 0),  # filed after the check
    ],
)
def test_what_one_notice_takes_off(first: str, last: str, filed: str, taken: int) -> None:
    """The last post was on 10.16 and the check is on 11.6: 21 silent days, 10.17 to 11.6."""
    assert counted(21, CHECK, [notice(day(first), day(last), day(filed))]) == 21 - taken


def test_days_under_two_notices_count_once() -> None:
    two = [notice(day("10.20"), day("10.25")), notice(day("10.23"), day("10.28")), notice(day("10.24"), day("10.24"))]
    assert counted(21, CHECK, two) == 21 - 9
    assert counted(21, CHECK, list(reversed(two))) == 21 - 9
    assert counted(0, CHECK, two) == 0


spans = st.builds(
    lambda start, length, late: notice(
        CHECK - timedelta(days=start), CHECK - timedelta(days=start - length), CHECK - timedelta(days=start - late)
    ),
    st.integers(-5, 60),
    st.integers(0, 40),
    st.integers(-10, 50),
)


@given(st.lists(spans, max_size=5), st.integers(0, 60))
def test_it_is_the_same_as_counting_day_by_day(notices: list[Absence], days: int) -> None:
    silent = [CHECK - timedelta(days=n) for n in range(days)]
    left = [on for on in silent if not any(max(one.first, one.filed_on) <= on <= one.last for one in notices)]
    assert counted(days, CHECK, notices) == len(left)
    if days:
        assert excused(notices, silent[-1], CHECK) == days - len(left)


@given(st.lists(spans, max_size=4), st.integers(0, 59))
def test_a_longer_silence_is_never_counted_shorter(notices: list[Absence], days: int) -> None:
    assert counted(days, CHECK, notices) <= counted(days + 1, CHECK, notices)


@given(st.lists(spans, max_size=5), st.integers(0, 40), st.integers(-5, 60))
def test_the_last_safe_day_is_the_last_that_counts_few_enough(notices: list[Absence], most: int, ago: int) -> None:
    last = CHECK - timedelta(days=ago)
    safe = safe_until(last, most, notices)
    assert counted((safe - last).days, safe, notices) <= most
    assert counted((safe - last).days + 1, safe + DAY, notices) == most + 1


def test_a_notice_without_an_end_is_safe_for_ever() -> None:
    assert safe_until(CHECK, 14, [notice(CHECK, date.max)]) == date.max


def profile(effect: AbsenceEffect) -> Profile:
    from dataclasses import replace

    return replace(load("baoji", RULES), absence=effect)


def judged(
    effect: AbsenceEffect, *notices: Absence, last: date = date(2026, 10, 16), reported: tuple[Reported, ...] = ()
) -> Verdict:
    seen = visit({Aspect.POSTS: Seen(value=posts([last], as_of=CHECK, complete_since=last))}, reported=reported)
    facts = build(account(), [seen], Context(on=CHECK, default_date=CHECK))
    return conclude(facts, profile(effect), (), notices)


LONG = notice(date(2026, 10, 20), date(2026, 10, 31), date(2026, 10, 18))


def test_under_exempt_the_days_do_not_count() -> None:
    """21 days of silence, 12 of them excused: 9 count, the limit is 14."""
    assert judged(AbsenceEffect.EXEMPT).conclusion is Conclusion.FAILED
    verdict = judged(AbsenceEffect.EXEMPT, LONG)
    assert (verdict.conclusion, verdict.findings) == (Conclusion.PASSED, ())
    assert verdict.idle_days == Bounds(least=21, most=21), "the calendar stays the calendar"
    assert verdict.notes == (
        "停更报备(示政办〔2026〕9号,2026-10-18报备):2026-10-20至2026-10-31,系统升级;2026-10-20起的12天不计入未更新天数",
    )


def test_the_boundary_day_of_the_limit() -> None:
    """Of 21 days 7 must be excused to come to the limit of 14; 6 are not enough."""
    seven = notice(date(2026, 10, 20), date(2026, 10, 26))
    six = notice(date(2026, 10, 20), date(2026, 10, 25))
    assert judged(AbsenceEffect.EXEMPT, seven).conclusion is Conclusion.PASSED
    verdict = judged(AbsenceEffect.EXEMPT, six)
    assert verdict.conclusion is Conclusion.FAILED
    (finding,) = verdict.findings
    assert "相隔21天" in finding.arithmetic
    assert finding.arithmetic.endswith("扣除停更报备期内的6天,计15天")


def test_a_notice_filed_late_does_not_work_backwards() -> None:
    late = notice(date(2026, 10, 17), date(2026, 11, 6), CHECK)
    assert judged(AbsenceEffect.EXEMPT, late).conclusion is Conclusion.FAILED
    after = notice(date(2026, 10, 17), date(2026, 11, 6), CHECK + DAY)
    verdict = judged(AbsenceEffect.EXEMPT, after)
    assert verdict.conclusion is Conclusion.FAILED
    assert "不往前追溯" in verdict.notes[0]


@pytest.mark.parametrize(("effect", "said"), [(AbsenceEffect.NOTE, 1), (AbsenceEffect.NONE, 0)])
def test_other_effects_change_nothing(effect: AbsenceEffect, said: int) -> None:
    verdict = judged(effect, LONG)
    assert verdict.conclusion is Conclusion.FAILED
    assert verdict.findings == judged(effect).findings
    assert len(verdict.notes) == said


def test_a_reported_silence_is_excused_too_but_stays_on_the_card() -> None:
    told = (Reported(code="UPD-01", broken=True, phrase="未及时更新"),)
    assert judged(AbsenceEffect.NOTE, LONG, reported=told).conclusion is Conclusion.FAILED
    verdict = judged(AbsenceEffect.EXEMPT, LONG, reported=told)
    assert verdict.conclusion is Conclusion.PASSED
    (finding,) = verdict.findings
    assert (finding.code, finding.effect, finding.status) == ("UPD-01", Effect.NOTE, Status.CONFIRMED)
    assert "停更报备" in finding.arithmetic


def test_a_reported_silence_without_a_date_is_not_touched() -> None:
    seen = visit({}, reported=[Reported(code="UPD-01", broken=True, phrase="未及时更新")])
    facts = build(account(), [seen], Context(on=CHECK, default_date=CHECK))
    assert conclude(facts, profile(AbsenceEffect.EXEMPT), (), [LONG]).conclusion is Conclusion.FAILED


def test_a_notice_of_another_time_is_not_mentioned() -> None:
    assert judged(AbsenceEffect.EXEMPT, notice(date(2026, 9, 1), date(2026, 10, 16))).notes == ()
    assert len(judged(AbsenceEffect.EXEMPT, notice(date(2026, 9, 1), date(2026, 10, 17))).notes) == 1


def test_the_card_tells_it() -> None:
    lines = list(Card(verdict=judged(AbsenceEffect.EXEMPT, LONG), visits=()).lines())
    assert any(line.startswith("说明:停更报备(示政办〔2026〕9号") for line in lines)


@pytest.mark.parametrize("name", ["national", "baoji"])
def test_the_shipped_profiles_do_not_know_it(name: str) -> None:
    assert load(name, RULES).absence is AbsenceEffect.NONE


@pytest.mark.parametrize(
    ("table", "words"),
    [('effect = "free"', "应为 exempt、note、none"), ('efect = "note"', "没有 efect"), ("effect = 1", "effect = 1,应为")],
)
def test_a_wrong_table_names_the_key(tmp_path, table: str, words: str) -> None:
    (tmp_path / "own.toml").write_text(f'extends = "national"\n[absence]\n{table}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        load("own", RULES, [tmp_path])


def test_a_profile_may_exempt(tmp_path) -> None:
    (tmp_path / "own.toml").write_text('extends = "national"\n[absence]\neffect = "exempt"\n', encoding="utf-8")
    assert load("own", RULES, [tmp_path]).absence is AbsenceEffect.EXEMPT
