"""The calendar of working days: what the notices say, what an office lays over it, and what is wrong with a file."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.holidays import SHIPPED, Calendar, mistakes, read, shipped

DAYS = st.dates(date(2018, 12, 1), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2019, 5, 4), False),  # the notice on Labour Day came later than that on the year
        (date(2019, 5, 5), True),
        (date(2020, 1, 19), True),
        (date(2020, 1, 31), False),  # the Spring Festival of 2020 was made longer
        (date(2020, 2, 1), False),
        (date(2020, 2, 3), True),
        (date(2022, 12, 31), False),
        (date(2023, 1, 28), True),
        (date(2024, 2, 9), True),
        (date(2024, 9, 14), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2026, 1, 2), False),
        (date(2026, 2, 28), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 7), False),
        (date(2026, 11, 6), True),
    ],
)
def test_days_of_the_notices(day: date, worked: bool) -> None:
    told = shipped().working_days(day, day)
    assert (told.least, told.most) == (worked, worked)


@pytest.mark.parametrize(
    ("year", "days"),
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_working_days_of_a_year(year: int, days: int) -> None:
    """Weekdays less holidays on weekdays, and the make-up workdays: 250 a year, a day or two more or less."""
    told = shipped().working_days(date(year, 1, 1), date(year, 12, 31))
    assert (told.least, told.most, told.untold) == (days, days, ())


def test_every_row_has_a_source() -> None:
    header, *rows = SHIPPED.read_text(encoding="utf-8-sig").splitlines()
    assert header == "date,kind,name,source"
    assert rows == sorted(rows)
    assert all("国办发明电〔" in row or "国务院办公厅关于" in row for row in rows)
    # a make-up workday is always a weekend's day
    assert all(date.fromisoformat(row[:10]).weekday() > 4 for row in rows if ",班," in row)


def test_a_year_without_a_table_is_told() -> None:
    told = shipped().working_days(date(2026, 12, 31), date(2027, 1, 3))
    assert (told.least, told.most, told.untold) == (1, 4, (2027,))


@given(DAYS, st.integers(0, 500), st.integers(0, 100))
def test_more_days_never_hold_fewer_working_days(on: date, days: int, more: int) -> None:
    few, many = shipped().back(on, days), shipped().back(on, days + more)
    assert few.least <= many.least
    assert few.most <= many.most
    assert few.least <= few.most <= days


@given(DAYS, st.integers(0, 30), st.sets(DAYS, max_size=10))
def test_reach_is_the_earliest_day_that_is_surely_enough(on: date, allowed: int, excused: set[date]) -> None:
    calendar = shipped().excusing(excused)
    day = calendar.reach(on, allowed)
    assert calendar.working_days(day + timedelta(days=1), on).most <= allowed
    assert calendar.working_days(day, on).most > allowed


@given(DAYS, st.integers(0, 60), st.sets(st.integers(0, 60), max_size=20))
def test_excused_days_are_stepped_over(on: date, days: int, excused: set[int]) -> None:
    off = {on - timedelta(days=n) for n in excused}
    counted = [day for n in range(days) if (day := on - timedelta(days=n)) not in off]
    told = shipped().excusing(off).back(on, len(counted))
    plain = [shipped().working_days(day, day) for day in counted]
    assert (told.least, told.most) == (sum(one.least for one in plain), sum(one.most for one in plain))


def test_an_office_lays_its_days_over_ours(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text("日期,类别,名称\n2027/1/1,休,元旦\n2026/4/20,休,三月三\n2026/10/1,班,值班\n", encoding="gb18030")
    calendar = read(path).over(shipped())
    assert calendar.working_days(date(2027, 1, 1), date(2027, 1, 4)).untold == ()
    assert calendar.working_days(date(2027, 1, 1), date(2027, 1, 4)).least == 1
    assert calendar.working_days(date(2026, 4, 20), date(2026, 4, 20)).most == 0
    assert calendar.working_days(date(2026, 10, 1), date(2026, 10, 2)).least == 1


def test_every_mistake_of_a_file_names_its_row(tmp_path: Path) -> None:
    path = tmp_path / "节假日.csv"
    path.write_text(
        "date,kind,name\n2027-01-01,休,元旦\n\n2027-02-30,休,春节\n2027-03-01,假,\n2027-01-01,班,\n", encoding="utf-8"
    )
    assert [one.split(":", 1)[0] for one in mistakes(path)] == [
        "节假日表 节假日.csv 第4行",
        "节假日表 节假日.csv 第5行",
        "节假日表 节假日.csv 第6行",
    ]
    with pytest.raises(UsageError, match="第4行:日期“2027-02-30”应写成 2026-10-01"):
        read(path)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "第1行应为表头"),
        (b"day,kind\n2027-01-01,x\n", "第1行应为表头"),
        (b"\xff\xff\x80\x00", "不是 UTF-8 或 GB18030"),
        (b'date,kind\n"2027-01-01,\n', "CSV"),
        (None, "打不开(路径不存在)"),
    ],
)
def test_no_table_at_all(tmp_path: Path, raw: bytes | None, words: str) -> None:
    path = tmp_path / "h.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(UsageError) as error:
        read(path)
    assert words in str(error.value)


def test_an_empty_calendar_knows_nothing() -> None:
    told = Calendar().back(date(2026, 11, 6), 3)
    assert (told.least, told.most, told.untold) == (0, 3, (2026,))
