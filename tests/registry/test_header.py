import pytest

from tests.registry.tables import HEAD, accounts, sheet
from tracker.model import Sheet
from tracker.registry import read_accounts
from tracker.registry.header import WITHIN, find_header
from tracker.registry.tables import columns, kinds

ROW = ("1", "新浪微博", "示例发布", "示例市政府办")
ALIASES = [
    *(
        "新媒体类型(七选一)",
        "新媒体类型(七选一)",
        "新媒体\n类型",
        "账号类型",
        "类型",
        "平台",
        "类别",
        "*新媒体类型",
        "新媒体 类型*",
    ),
]


@pytest.mark.parametrize("title", ALIASES)
def test_headers_are_compared_without_blanks_breaks_brackets_and_stars(title: str) -> None:
    read = accounts(("序号", title, "名称", "单位"), ROW)
    assert [(row.platform, row.organisation) for row in read.rows] == [("weibo", "示例市政府办")]


@pytest.mark.parametrize(
    "title", ["主办单位", "开设主体", "代表主体名称", "代表主体", "责任单位", "单位", "部门", "主办单位(全称)"]
)
def test_names_of_the_organisation_column(title: str) -> None:
    assert accounts(("序号", "类型", "新媒体名称", title), ROW).rows[0].organisation == "示例市政府办"


@pytest.mark.parametrize("above", range(WITHIN))
def test_the_header_may_stand_in_any_of_the_first_ten_rows(above: int) -> None:
    cells = [*[["某市台账", None, None, None]] * above, list(HEAD), list(ROW)]
    (row,) = read_accounts([Sheet(name="台账", cells=cells)], source="x").rows
    assert row.row == above + 2


def test_a_header_further_down_is_not_looked_for() -> None:
    cells = [*[["某市台账"]] * WITHIN, list(HEAD), list(ROW)]
    read = read_accounts([Sheet(name="台账", cells=cells)], source="x")
    assert not read.rows
    assert "前 10 行里没有账号表头" in str(read.problems[0])


def test_two_columns_of_one_meaning_are_for_the_clerk_to_choose() -> None:
    read = accounts((*HEAD, "责任单位"), (*ROW, "另一单位"))
    assert not read.rows
    assert str(read.problems[0]) == (
        "台账.xlsx:“台账”第 1 行“主办单位”列填的是“主办单位、责任单位”,这几列都会读作“主办单位”,请只保留一列,或把其余各列改名。"
    )


def test_a_missing_required_column_refuses_the_sheet_and_lists_the_headers() -> None:
    read = accounts(("序号", "新媒体类型", "新媒体名称", "粉丝数"), ("1", "微博", "甲", "3"))
    assert not read.rows
    (problem,) = read.problems
    assert str(problem).startswith("台账.xlsx:“台账”第 1 行没有“主办单位”列,整张表不能导入:")
    assert "找到的表头是序号、新媒体类型、新媒体名称、粉丝数;" in str(problem)


def test_a_sheet_of_instructions_beside_the_table_is_left_out_with_a_word() -> None:
    notes = Sheet(name="填写须知", cells=[["一、请逐项填写"], ["二、不得遗漏"]])
    read = read_accounts([notes, sheet(HEAD, ROW)], source="x")
    assert len(read.rows) == 1
    assert not read.problems
    assert "“填写须知”没有账号表头,未读取。" in read.warnings


def test_category_is_the_platform_only_where_its_values_are_platforms() -> None:
    by_place = accounts(("类别", "主办单位", "政务微信"), ("市直部门", "甲局", "甲"), ("石泉县", "乙局", "乙"))
    assert [(row.region, row.platform) for row in by_place.rows] == [("市直部门", "weixin"), ("石泉县", "weixin")]
    by_kind = accounts(("类别", "主办单位", "名称"), ("抖音号", "甲局", "甲"))
    assert by_kind.rows[0].platform == "douyin"
    both = accounts(("类别", "新媒体类型", "主办单位", "名称"), ("抖音", "快手", "甲局", "甲"))
    assert (both.rows[0].platform, both.rows[0].extra) == ("kuaishou", {"类别": "抖音"})


def test_a_grouped_header_of_two_rows() -> None:
    cells = [
        ["序号", "新媒体类型", "新媒体名称", "主办单位", "检查", None],
        [None, None, None, None, "互动", "栏目"],
        [*ROW, "有问题", "未看"],
    ]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 1, 3), (0, 4, 0, 5))
    header = find_header(Sheet(name="台账", cells=cells, merged=merged))
    assert header is not None
    assert (header.below, header.fields["互动"], header.fields["栏目"]) == (2, 4, 5)


def test_of_two_quarters_the_later_one_is_this_period() -> None:
    for first, second in (("三", "四"), ("四", "一"), ("一", "二")):
        titles = (f"第{first}季度检查存在突出问题", f"第{second}季度检查存在的突出问题")
        for order in (titles, titles[::-1]):
            header = find_header(sheet((*HEAD, *order), ROW))
            assert header is not None
            assert header.titles[header.fields["found"]] == titles[1]
            assert header.titles[header.fields["previous"]] == titles[0]


def test_the_data_files_hold_no_word_twice() -> None:
    words = [word for kind in kinds() for word in (*kind.words, *kind.split)]
    assert len(words) == len(set(words))
    table = columns()
    assert set(table.titles) == set(table.fields.values())
    assert not table.wide & set(table.fields)
