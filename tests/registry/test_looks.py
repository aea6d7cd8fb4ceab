from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.registry.tables import filed, sheet
from tracker.files import read_sheets, write_xlsx
from tracker.model import Sheet
from tracker.registry import Look, Reading, accounts_of, looks_sheet, read_looks

ON = date(2020, 11, 15)
HEAD = (
    *("新媒体类型", "新媒体名称", "主体类型", "主办单位", "县区", "检查日期", "最后更新日期", "链接", "发布日期"),
    *("互动", "栏目", "底部", "点赞", "简介", "发现问题", "上期问题", "检查人", "截图", "备注"),
)


def looks(head: Sequence[object], *rows: Sequence[object], on: date | None = ON) -> Reading[Look]:
    return read_looks([sheet(head, *rows)], check_date=on)


def one(*, on: date | None = ON, **cells: object) -> Look:
    told = {"新媒体类型": "微博", "新媒体名称": "甲", **cells}
    read = looks(tuple(told), tuple(told.values()), on=on)
    assert not read.problems, [str(each) for each in read.problems]
    return read.rows[0]


def test_the_whole_sheet_is_read() -> None:
    row = (
        *("微信订阅号", "甲", "县级部门", "甲局", "某县", "2020-11-10", "11月3日", "https://mp.weixin.qq.com/s/x", "11.1、11.3"),
        *("有问题", "无问题", "未看", None, "", "未提供有效互动功能", "未及时更新", "王", "a.png", "注"),
    )
    (look,) = looks(HEAD, row).rows
    assert (look.check_date, look.last_post, look.printed_date) == (date(2020, 11, 10), date(2020, 11, 3), "11月3日")
    assert look.post_dates == (date(2020, 11, 1), date(2020, 11, 3))
    assert look.aspects == {"互动": True, "栏目": False, "底部": None, "点赞": None, "简介": None}
    assert (look.found, look.previous, look.inspector, look.picture, look.note) == (
        "未提供有效互动功能",
        "未及时更新",
        "王",
        "a.png",
        "注",
    )
    assert (look.organisation, look.region, look.org_type) == ("甲局", "某县", "县级部门")


def test_empty_is_not_looked_at_and_never_clean() -> None:
    look = one(最后更新日期=None, 发现问题="", 互动=" ")
    assert (look.last_post, look.never, look.found, look.clean, look.looked) == (None, False, "", False, False)


@pytest.mark.parametrize("word", ["无", "——", "无内容"])
def test_words_for_never_posted(word: str) -> None:
    look = one(最后更新日期=word)
    assert (look.last_post, look.never, look.printed_date, look.looked) == (None, True, word, True)


@pytest.mark.parametrize("word", ["无", "合格", "正常"])
def test_a_finding_cell_that_says_nothing_was_found(word: str) -> None:
    assert one(发现问题=word).clean


def test_a_finding_is_kept_exactly_with_its_lines() -> None:
    assert one(发现问题="内容不规范、未回复网民留言\n简介不规范").found == "内容不规范、未回复网民留言\n简介不规范"


def test_a_date_after_the_check_day_means_fresh_and_is_flagged() -> None:
    read = looks(("类型", "名称", "最后更新日期"), ("微博", "甲", "11.17"))
    assert (read.rows[0].last_post, read.rows[0].printed_date) == (date(2020, 11, 17), "11.17")
    assert "在检查日期 2020-11-15 之后" in read.warnings[0]


def test_a_date_without_a_year_is_never_a_year_too_old_within_two_weeks_after_the_check() -> None:
    assert one(最后更新日期="11.29").last_post == date(2020, 11, 29)
    assert one(最后更新日期="11.30").last_post == date(2019, 11, 30)
    assert one(检查日期="2021-1-5", 最后更新日期="12.30").last_post == date(2020, 12, 30)


def test_a_numeric_ambiguous_date_is_asked_about_and_its_row_not_taken() -> None:
    read = looks(("类型", "名称", "最后更新日期"), ("微博", "甲", 10.1), ("微博", "乙", 11.13))
    assert [(each.row, each.column) for each in read.problems] == [(2, "最后更新日期")]
    assert [(row.last_post, row.printed_date) for row in read.rows] == [(date(2020, 11, 13), "11.13")]


def test_a_true_date_has_no_wording_of_its_own() -> None:
    assert one(最后更新日期=date(2020, 11, 3)).printed_date == ""


def test_a_row_that_says_something_needs_a_check_date() -> None:
    read = looks(
        ("类型", "名称", "检查日期", "发现问题"), ("微博", "甲", None, "未及时更新"), ("微博", "乙", "2020-11-6", "无"), on=None
    )
    assert [row.name for row in read.rows] == ["乙"]
    assert [(each.row, each.column, "--check-date" in each.expected) for each in read.problems] == [(2, "检查日期", True)]


def test_the_cell_counts_before_the_argument() -> None:
    assert one(检查日期="2020-11-6").check_date == date(2020, 11, 6)


@pytest.mark.parametrize(("column", "cell"), [("互动", "有"), ("最后更新日期", "/"), ("发布日期", "上周"), ("检查日期", "昨天")])
def test_cells_that_cannot_be_read_are_named(column: str, cell: str) -> None:
    read = looks(("类型", "名称", column), ("微博", "甲", cell))
    assert not read.rows
    assert (read.problems[0].row, read.problems[0].column, read.problems[0].value) == (2, column, cell)


def test_unknown_words_are_refused_in_both_finding_columns() -> None:
    table = sheet(("类型", "名称", "发现问题", "上期问题"), ("微博", "甲", "天花乱坠", "无"), ("微博", "乙", "好", "乱坠"))
    read = read_looks([table], check_date=ON, known=lambda cell: cell == "好")
    assert [(each.row, each.column, each.value) for each in read.problems] == [
        (2, "发现问题", "天花乱坠"),
        (3, "上期问题", "乱坠"),
    ]
    assert len(read_looks([table], check_date=ON).rows) == 2


def test_an_empty_organisation_is_accepted_here() -> None:
    assert one(发现问题="无").organisation == ""


def test_one_row_with_two_accounts_accuses_neither() -> None:
    head = ("类别", "主办单位", "政务微信", "政务微博", "问题类别")
    read = looks(head, ("市直部门", "甲局", "甲微信", "甲微博", "僵尸微信"), ("市直部门", "乙局", "乙", None, "僵尸微信"))
    assert [row.name for row in read.rows] == ["乙"]
    assert {each.row for each in read.problems} == {2}
    assert "分不清" in str(read.problems[0])


def test_each_of_two_status_columns_belongs_to_the_name_before_it() -> None:
    head = ("序号", "单位", "微信公众号", "检查情况", "新浪微博", "检查情况")
    read = looks(head, (1, "甲局", "甲信", "正常", "甲博", "未及时更新"))
    assert [(row.name, row.found, row.clean) for row in read.rows] == [("甲信", "正常", True), ("甲博", "未及时更新", False)]


def test_the_list_that_goes_out_comes_back(tmp_path: Path) -> None:
    read = filed((1, "微信订阅号", "甲", "甲局"), (2, "抖音短视频", "乙", "乙局"), (3, "其他(网易号)", "丙", "丙局"))
    accounts = accounts_of(read.rows)
    out, choices = looks_sheet(accounts, {accounts[0].account_id: "未及时更新"})
    assert tuple(out.cells[0]) == HEAD
    assert {HEAD[at] for at in choices} == {"互动", "栏目", "底部", "点赞", "简介"}
    write_xlsx(tmp_path / "a.xlsx", [out], choices={out.name: choices})
    back = read_looks(read_sheets(tmp_path / "a.xlsx"), check_date=ON)
    assert [(row.platform, row.name, row.organisation) for row in back.rows] == [
        (each.platform, each.name, each.organisation) for each in accounts
    ]
    assert back.rows[0].previous == "未及时更新"
    assert not any(row.looked for row in back.rows)


def test_a_list_that_comes_back_half_filled_says_nothing_of_the_rest() -> None:
    accounts = accounts_of(filed((1, "微博", "甲", "甲局"), (2, "微博", "乙", "乙局")).rows)
    out, _ = looks_sheet(accounts, {})
    cells = [list(row) for row in out.cells]
    cells[1][HEAD.index("检查日期")] = "2020-11-6"
    cells[1][HEAD.index("互动")] = "无问题"
    back = read_looks([Sheet(name="检查记录", cells=cells)], check_date=None)
    assert [(row.name, row.aspects["互动"]) for row in back.rows] == [("甲", False)]
    assert not back.problems
    assert "有 1 行没有填写任何检查内容" in back.warnings[0]
