"""Hand-made sheets: last period's column is never this one's, and one account's words never another's."""

from datetime import date

import pytest

from tests.registry.tables import sheet
from tracker.model import Sheet
from tracker.registry import Look, Reading, read_looks

ON = date(2020, 11, 6)
HEAD = ("新媒体类型", "新媒体名称")
ROW = ("微博", "甲")


def read(head: tuple, *rows: tuple, merged: tuple = (), on: date = ON) -> Reading[Look]:
    return read_looks([sheet(head, *rows, merged=merged)], check_date=on)


@pytest.mark.parametrize(
    "title",
    [
        "发现问题(上季度)",
        "存在的突出问题(上期)",
        "检查情况(上季度)",
        "问题描述(上次检查)",
        "主要问题(去年同期)",
        "存在的突出问题(前期)",
    ],
)
def test_a_bracket_that_names_the_past_makes_it_the_past(title: str) -> None:
    (look,) = read((*HEAD, title), (*ROW, "未及时更新")).rows
    assert look.found == ""


def test_the_past_of_a_bracket_is_read_as_the_past() -> None:
    (look,) = read((*HEAD, "存在的突出问题(上季度)", "存在的突出问题"), (*ROW, "未及时更新", "合格")).rows
    assert (look.previous, look.found) == ("未及时更新", "合格")


@pytest.mark.parametrize("title", ["最后更新日期(上次)", "检查日期(上季度)", "互动(上期)"])
def test_dates_and_answers_of_the_past_are_nobodys(title: str) -> None:
    (look,) = read((*HEAD, title), (*ROW, "有问题" if "互动" in title else "2019-1-1")).rows
    assert (look.last_post, look.check_date, look.aspects["互动"]) == (None, ON, None)


def grouped(*groups: str, subs: tuple[str, ...]) -> Sheet:
    """Two header rows: groups of two columns each over their sub-headers."""
    wide = [cell for group in groups for cell in (group, None)]
    cells = [["新媒体类型", "新媒体名称", *wide], [None, None, *subs], ["微博", "甲", "未及时更新", "已整改", "合格", ""]]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5))
    return Sheet(name="台账", cells=cells, merged=merged)


@pytest.mark.parametrize("sub", ["检查情况", "发现问题"])
def test_a_group_of_the_past_makes_its_columns_past(sub: str) -> None:
    made = grouped("上季度检查", "本季度检查", subs=("发现问题", "整改情况", sub, "备注"))
    (look,) = read_looks([made], check_date=ON).rows
    assert look.found == "合格"
    assert look.previous == "未及时更新"


def test_a_group_above_the_header_row_counts_as_well() -> None:
    cells = [
        [None, None, "上季度检查", None, "本季度检查", None],
        ["新媒体类型", "新媒体名称", "发现问题", "整改情况", "检查情况", "备注"],
        ["微博", "甲", "未及时更新", "已整改", "合格", ""],
    ]
    made = Sheet(name="台账", cells=cells, merged=((0, 2, 0, 3), (0, 4, 0, 5)))
    (look,) = read_looks([made], check_date=ON).rows
    assert (look.previous, look.found) == ("未及时更新", "合格")


def test_a_title_over_the_whole_sheet_is_no_group() -> None:
    cells = [["上季度以来检查情况表", None, None], [*HEAD, "发现问题"], [*ROW, "未及时更新"]]
    made = Sheet(name="台账", cells=cells, merged=((0, 0, 0, 2),))
    assert read_looks([made], check_date=ON).rows[0].found == "未及时更新"


WIDE = ("主办单位", "微信公众号", "新浪微博")


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ((*WIDE, "检查情况(微信公众号)", "检查情况(新浪微博)"), ("甲局", "甲信", "甲博", "未及时更新", "合格")),
        ((*WIDE, "检查情况"), ("甲局", "甲信", "甲博", "未及时更新")),
        (("主办单位", "检查情况", "微信公众号", "检查情况", "新浪微博"), ("甲局", "未及时更新", "甲信", "合格", "甲博")),
    ],
)
def test_a_condition_column_that_may_be_of_either_is_refused(head: tuple, row: tuple) -> None:
    told = read(head, row)
    assert told.rows == ()
    assert "检查情况" in str(told.problems[0])


def test_each_with_its_own_condition_is_read() -> None:
    told = read(("主办单位", "微信公众号", "检查情况", "新浪微博", "检查情况"), ("甲局", "甲信", "正常", "甲博", "未及时更新"))
    assert [(look.name, look.found) for look in told.rows] == [("甲信", "正常"), ("甲博", "未及时更新")]


@pytest.mark.parametrize(
    ("field", "value"), [("最后更新日期", "2021-10-3"), ("发布日期", "2021-10-3"), ("最后更新日期", date(2021, 1, 1))]
)
def test_a_year_ahead_is_a_slip_of_the_pen_and_no_proof_of_being_fresh(field: str, value: object) -> None:
    told = read((*HEAD, field), (*ROW, value))
    assert told.rows == ()
    assert "检查日期之后" in str(told.problems[0])


def test_words_of_two_columns_that_disagree_are_refused() -> None:
    told = read((*HEAD, "发现问题", "检查情况"), (*ROW, "合格", "未及时更新"))
    assert told.rows == ()


def test_a_merged_finding_is_the_first_rows_alone() -> None:
    told = read((*HEAD, "发现问题"), (*ROW, "未及时更新"), ("微博", "乙", None), merged=((1, 2, 2, 2),))
    assert [(look.name, look.found) for look in told.rows] == [("甲", "未及时更新"), ("乙", "")]


def test_m_d_across_new_year() -> None:
    (look,) = read((*HEAD, "最后更新日期"), (*ROW, "12.28"), on=date(2021, 1, 6)).rows
    assert look.last_post == date(2020, 12, 28)


@pytest.mark.parametrize("value", [10.1, 10.2, 1.3])
def test_a_number_that_may_have_lost_a_nought_is_asked_about(value: float) -> None:
    assert read((*HEAD, "最后更新日期"), (*ROW, value)).rows == ()
    assert read((*HEAD, "最后更新日期"), (*ROW, "10.10")).rows[0].last_post == date(2020, 10, 10)


@pytest.mark.parametrize(
    ("quarter", "on", "taken"),
    [("三", ON, False), ("四", ON, True), ("三", date(2020, 10, 15), True), ("四", date(2021, 1, 10), True), ("一", ON, False)],
)
def test_a_single_quarter_column_of_another_quarter_is_asked_about(quarter: str, on: date, taken: bool) -> None:
    told = read((*HEAD, f"第{quarter}季度检查存在的突出问题"), (*ROW, "未及时更新"), on=on)
    assert [look.found for look in told.rows] == (["未及时更新"] if taken else [])
    assert taken or "季度" in str(told.problems[0])
