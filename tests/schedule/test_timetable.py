"""Rhythms in words, holidays, quiet hours."""

from datetime import datetime

import pytest

from tests.schedule.made import on
from tracker.holidays import Calendar, shipped
from tracker.timetable import Shift, loud_again, parse, span


def nexts(told: str, now: str, count: int, shift: Shift = Shift.LATER) -> list[str]:
    rhythm, at, found = parse(told), on(now), []
    for _ in range(count):
        following = rhythm.following(at, shipped(), shift)
        assert following is not None
        at = following
        found.append(f"{at:%m-%d %H:%M}")
    return found


def test_a_friday_that_is_a_holiday_is_made_up_for_on_the_next_working_day() -> None:
    # 2026: 1 to 7 October are off, Friday 2 October among them; Thursday 8 October is the first working day
    assert nexts("周五 08:00", "2026-09-28 08:00", 3) == ["10-08 08:00", "10-09 08:00", "10-16 08:00"]


def test_it_may_be_put_before_the_holidays_or_left_out_or_kept() -> None:
    assert nexts("周五 08:00", "2026-09-26 08:00", 2, Shift.EARLIER) == ["09-30 08:00", "10-09 08:00"]
    assert nexts("周五 08:00", "2026-09-26 08:00", 1, Shift.NEVER) == ["10-09 08:00"]
    assert nexts("周五 08:00", "2026-09-26 08:00", 1, Shift.ANYWAY) == ["10-02 08:00"]


def test_working_days_know_holidays_and_make_up_workdays() -> None:
    assert nexts("工作日 09:00", "2026-10-08 10:00", 3) == ["10-09 09:00", "10-10 09:00", "10-12 09:00"]


def test_every_day_is_every_day_in_the_holidays_too() -> None:
    assert nexts("每天 21:30", "2026-10-01 22:00", 2) == ["10-02 21:30", "10-03 21:30"]


def test_several_weekdays_and_days_of_the_month() -> None:
    assert nexts("周一、周四 08:05", "2026-11-16 09:00", 2) == ["11-19 08:05", "11-23 08:05"]
    assert nexts("每月1日 09:00", "2026-09-02 09:00", 2) == ["10-08 09:00", "11-01 09:00"]


def test_the_latest_instant_is_the_last_one_before_now_and_now_itself_counts() -> None:
    friday = parse("周五 08:00")
    assert friday.latest(on("2026-11-20 08:00"), shipped(), Shift.LATER) == on("2026-11-20 08:00")
    assert friday.latest(on("2026-11-20 07:59"), shipped(), Shift.LATER) == on("2026-11-13 08:00")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("星期八 08:00", "看不懂"),
        ("周五", "看不懂"),
        ("周五 8点", "应写成 08:00"),
        ("周五 25:00", "应写成 08:00"),
        ("每月31日 08:00", "每月1日到每月28日"),
        ("0 8 * * 5", "应写成 08:00"),
        ("五 08:00", "看不懂"),
    ],
)
def test_what_is_no_rhythm_is_told_in_words(told: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(told)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-20 12:00", "2026-11-20 12:00"),
        ("2026-11-19 20:00", "2026-11-20 08:00"),
        ("2026-11-20 07:59", "2026-11-20 08:00"),
        ("2026-11-20 08:00", "2026-11-20 08:00"),
        ("2026-11-20 21:00", "2026-11-23 08:00"),
        ("2026-11-21 12:00", "2026-11-23 08:00"),
        ("2026-09-30 22:00", "2026-10-08 08:00"),
        ("2026-10-10 12:00", "2026-10-10 12:00"),
    ],
)
def test_nobody_is_disturbed_at_night_on_weekends_or_in_the_holidays(now: str, then: str) -> None:
    assert loud_again(on(now), span(("20:00", "08:00")), shipped(), workdays=True) == on(then)


def test_in_a_year_whose_holidays_nobody_told_monday_to_friday_are_worked() -> None:
    saturday: datetime = on("2031-03-01 12:00")
    assert loud_again(saturday, None, Calendar(), workdays=True) == on("2031-03-03 00:00")
