from datetime import date, datetime

import pytest

from tracker.registry.cells import BadCell, answer_of, code_of, day_of, days_of, line_of, never, opening_of, text_of

LATEST = date(2020, 11, 29)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("11.13", date(2020, 11, 13)),
        ("9.4", date(2020, 9, 4)),
        ("10.1", date(2020, 10, 1)),
        ("10.10", date(2020, 10, 10)),
        ("2020. 2. 9", date(2020, 2, 9)),
        ("2020.09.08", date(2020, 9, 8)),
        ("2020-11-3", date(2020, 11, 3)),
        ("2020/11/3", date(2020, 11, 3)),
        ("2020年11月3日", date(2020, 11, 3)),
        ("2020-11-03 12:30:05", date(2020, 11, 3)),
        ("20201103", date(2020, 11, 3)),
        (20201103, date(2020, 11, 3)),
        ("7月16日", date(2020, 7, 16)),
        ("１１.３", date(2020, 11, 3)),
        ("11.29", date(2020, 11, 29)),
        ("11.30", date(2019, 11, 30)),
        ("12.31", date(2019, 12, 31)),
        ("2.29", date(2020, 2, 29)),
        (44148, date(2020, 11, 13)),
        (44148.52, date(2020, 11, 13)),
        ("44148", date(2020, 11, 13)),
        (11.13, date(2020, 11, 13)),
        (9.4, date(2020, 9, 4)),
        (date(2020, 11, 3), date(2020, 11, 3)),
        (datetime(2020, 11, 3, 23, 59), date(2020, 11, 3)),  # noqa: DTZ001 - cells of a workbook know no zone
    ],
)
def test_dates_as_clerks_write_them(cell: object, day: date) -> None:
    assert day_of(cell, latest=LATEST) == day


def test_a_leap_day_without_a_year_is_looked_for_in_leap_years_only() -> None:
    assert day_of("2.29", latest=date(2023, 5, 1)) == date(2020, 2, 29)


@pytest.mark.parametrize("cell", [10.1, 1.2, 11.3, 2.1])
def test_a_numeric_month_1_2_or_3_is_asked_about(cell: float) -> None:
    month, tens = str(cell).split(".")
    with pytest.raises(BadCell, match=f"{month}月{tens}0日"):
        day_of(cell, latest=LATEST)


@pytest.mark.parametrize("cell", ["不详", "13.1", "2020-2-30", "11", 11, "11.13前", True, "1899-1-1", "20.11.3", "", 0, -5])
def test_what_is_no_date_is_refused(cell: object) -> None:
    with pytest.raises(BadCell):
        day_of(cell, latest=LATEST)


def test_a_date_without_a_year_needs_to_know_when_the_check_was() -> None:
    with pytest.raises(BadCell, match="年份"):
        day_of("11.13")


def test_several_dates_in_one_cell() -> None:
    assert days_of("11.3、11.5,2020-10-1\n10月9日", latest=LATEST) == (
        date(2020, 11, 3),
        date(2020, 11, 5),
        date(2020, 10, 1),
        date(2020, 10, 9),
    )


@pytest.mark.parametrize("cell", ["无", "——", "—", "无内容", "未发布", " 无 内容 "])
def test_words_for_never_posted(cell: str) -> None:
    assert never(cell)


@pytest.mark.parametrize("cell", ["", None, "/", "-", "未看", "不详", 0])
def test_no_other_cell_says_never_posted(cell: object) -> None:
    assert not never(cell)


def test_an_opening_date_may_lack_its_day() -> None:
    assert opening_of("2016年5月") == (date(2016, 5, 1), True)
    assert opening_of("2016.05.03") == (date(2016, 5, 3), False)


def test_text_is_what_the_clerk_sees() -> None:
    assert [text_of(cell) for cell in (None, 3.0, 11.13, date(2020, 1, 2), " 甲 ", True)] == [
        "",
        "3",
        "11.13",
        "2020-01-02",
        "甲",
        "是",
    ]
    assert line_of("商洛市\n人民政府") == "商洛市人民政府"
    assert line_of("Silk Road\nNews") == "Silk Road News"
    assert line_of("绿色家园 文明景村") == "绿色家园 文明景村"


def test_a_number_whose_end_excel_has_lost_is_refused() -> None:
    assert code_of(6110000040.0) == "6110000040"
    assert code_of("1234567890123456789") == "1234567890123456789"
    with pytest.raises(BadCell, match="15 位"):
        code_of(1234567890123456800.0)


@pytest.mark.parametrize(("cell", "meaning"), [("有问题", True), ("无问题", False), ("未看", None), ("", None), (None, None)])
def test_answers(cell: object, meaning: bool | None) -> None:
    assert answer_of(cell) is meaning


@pytest.mark.parametrize("cell", ["无", "有", "是", "√", 1])
def test_an_answer_that_is_not_one_of_the_three_is_never_guessed(cell: object) -> None:
    with pytest.raises(BadCell):
        answer_of(cell)
