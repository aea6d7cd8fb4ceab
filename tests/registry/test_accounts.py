import time
from datetime import date

import pytest

from tests.registry.tables import HEAD, accounts, filed, sheet
from tracker.registry import platform_of, read_accounts
from tracker.text import Linked


def test_a_row_is_read_whole() -> None:
    head = (
        *HEAD,
        *("主管单位", "主体类型", "县区/市直", "认证主体", "开设时间", "更新频率", "状态", "状态日期", "变更后账号", "链接"),
        *("网站标识码", "UID", "备注", "粉丝数", "联系人", "联系电话"),
    )
    row = (
        *(1, "抖音短视频", "示例乡音", "示例县文旅局", "示例县政府", "县级部门", "示例县", "文旅局", date(2019, 3, 2), "每周"),
        *("拟关停注销", "2020.11.15", "新乡音", "https://v.douyin.com/x", 6110000040, "abc", "注", 12.0, "张三", "13800000000"),
    )
    read = accounts(head, row)
    (one,) = read.rows
    assert (one.platform, one.kind, one.filed_kind) == ("douyin", "抖音", "抖音短视频")
    assert (one.opened_on, one.status, one.status_date) == (date(2019, 3, 2), "拟关停注销", date(2020, 11, 15))
    assert (one.region, one.site_code, one.filed_id) == ("示例县", "6110000040", "abc")
    assert (one.successor, one.url, one.note, one.update_freq) == ("新乡音", "https://v.douyin.com/x", "注", "每周")
    assert one.extra == {"粉丝数": "12"}
    assert read.dropped == ("联系人", "联系电话")
    assert "张三" not in repr(read)
    assert "13800000000" not in repr(read)


def test_a_problem_names_file_sheet_row_column_value_and_what_to_do() -> None:
    read = filed((1, "微博", "甲", "甲局"), (2, "网易号", "乙", "乙局"))
    assert [row.name for row in read.rows] == ["甲"]
    (problem,) = read.problems
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("台账", 3, "新媒体类型", "网易号")
    assert str(problem).startswith("台账.xlsx:“台账”第 3 行“新媒体类型”列填的是“网易号”,应为平台类型")
    assert str(problem).endswith("。")


def test_organisation_and_region_go_down_over_merged_cells_and_the_name_never() -> None:
    head = (*HEAD, "县区")
    rows = ((1, "微博", "甲", "甲局", "市直"), (2, "微信", "乙", None, None), (3, "抖音", None, "丙局", "市直"))
    read = accounts(head, *rows, merged=((1, 3, 2, 3), (1, 4, 2, 4), (2, 2, 3, 2)))
    assert [(row.name, row.organisation, row.region) for row in read.rows] == [("甲", "甲局", "市直"), ("乙", "甲局", "市直")]
    assert [(each.row, each.column) for each in read.problems] == [(4, "新媒体名称")]


def test_an_empty_organisation_that_nothing_covers_is_asked_about() -> None:
    read = filed((1, "微博", "甲", "甲局"), (2, "微信", "乙", None))
    assert [(each.row, each.column) for each in read.problems] == [(3, "主办单位")]


def test_a_row_without_a_number_goes_on_with_the_unit_above() -> None:
    head = ("序号", "单位", "县区", "微信公众号", "检查情况", "新浪微博", "检查情况")
    read = accounts(head, (12, "甲局", "市直", "甲一", "正常", "甲微博", "正常"), (None, None, None, "甲二", "正常", None, None))
    assert [(row.name, row.platform, row.organisation, row.region) for row in read.rows] == [
        ("甲一", "weixin", "甲局", "市直"),
        ("甲微博", "weibo", "甲局", "市直"),
        ("甲二", "weixin", "甲局", "市直"),
    ]


@pytest.mark.parametrize("nothing", ["/", "——", "—", "-", "无", None, ""])
def test_no_account_on_a_platform(nothing: str | None) -> None:
    read = accounts(("序号", "单位", "微信公众号", "新浪微博"), (1, "甲局", "甲", nothing))
    assert [row.platform for row in read.rows] == ["weixin"]
    assert not read.problems


def test_a_status_beside_an_empty_name_is_reported_and_not_imported() -> None:
    head = ("序号", "单位", "微信公众号", "检查情况", "新浪微博", "检查情况")
    read = accounts(head, (1, "甲局", "甲", "正常", "/", "正常"))
    assert len(read.rows) == 1
    assert "“台账”第 2 行“新浪微博”列没有账号名称,旁边却填了“正常”,未导入,请核对。" in read.warnings


@pytest.mark.parametrize(
    "name", ["sl洛南县石门派出所", "丹凤交警Dfjj", "绿色家园 文明景村", "汉唐古迹罗汉洞—幽幽大美柏峪寺", "12345", "甲丨乙"]
)
def test_names_are_kept_exactly(name: str) -> None:
    assert filed((1, "微博", name, "甲局")).rows[0].name == name


def test_a_numeric_name_and_a_wrapped_one_are_text() -> None:
    read = filed((1, "微博", 12345.0, "甲局"), (2, "微博", "示例市\n人民政府\n发布", "甲\n局"))
    assert [(row.name, row.organisation) for row in read.rows] == [("12345", "甲局"), ("示例市人民政府发布", "甲局")]


def test_two_rows_of_one_platform_and_name_are_both_refused() -> None:
    read = filed((1, "微博", "甲 丨乙", "甲局"), (2, "微信", "甲丨乙", "甲局"), (3, "新浪微博", "甲|乙", "乙局"))
    assert [row.platform for row in read.rows] == ["weixin"]
    assert [each.row for each in read.problems] == [2, 4]
    assert "与“台账”第 4 行是同一平台的同名账号" in str(read.problems[0])


def test_duplicates_are_found_across_sheets() -> None:
    one, two = sheet(HEAD, (1, "微博", "甲", "甲局")), sheet(HEAD, (1, "微博", "甲", "甲局"))
    assert len(read_accounts([one, two], source="x").problems) == 2


def test_totals_blank_numbered_footer_and_repeated_header_rows_are_no_accounts() -> None:
    read = filed(
        (1, "微博", "甲", "甲局"),
        (None, None, None, None),
        (2, None, None, None),
        HEAD,
        ("合 计", None, "1个", None),
        (None, None, 102, 3.0),
        ("备注:检查时间为11月6日", None, None, None),
        ("一、市直部门", None, None, None),
        ("填表人:张三", None, "审核人:李四", None),
    )
    assert [row.name for row in read.rows] == ["甲"]
    assert not read.problems
    said = ("第 6 行是合计行", "第 7 行只有数字", "第 8 行是说明", "第 9 行只有一格文字", "第 10 行是说明或签名")
    assert [word in sentence for word, sentence in zip(said, read.warnings[-5:], strict=True)] == [True] * 5
    assert "张三" not in repr(read)


def test_holes_and_repeats_of_the_numbers_are_reported() -> None:
    read = filed((1, "微博", "甲", "甲局"), (3, "微博", "乙", "甲局"), ("3", "微博", "丙", "甲局"), (6, "微博", "丁", "甲局"))
    assert len(read.rows) == 4
    assert "“台账”的序号有重复:3。" in read.warnings
    assert "“台账”的序号有缺号:2、4、5。" in read.warnings


def test_a_programme_with_its_wechat_stays_one_row_and_is_listed() -> None:
    read = filed((1, "小程序+微信", "甲", "甲局"))
    (row,) = read.rows
    assert (row.platform, row.kind, row.filed_kind) == ("weixin", "微信公众号(未分)", "小程序+微信")
    assert "请拆成两行" in read.warnings[0]


def test_other_types_carry_their_name_beside_them() -> None:
    head = ("新媒体类型(七选一)", "其他\n(新媒体类型)", "新媒体名称", "主办单位")
    read = accounts(head, ("其他", "网易号", "甲", "甲局"), ("其他", "快手", "乙", "甲局"), ("其他", None, "丙", "甲局"))
    assert [(row.platform, row.kind) for row in read.rows] == [("other", "网易号"), ("kuaishou", "快手")]
    assert [(each.row, "写明" in each.expected) for each in read.problems] == [(4, True)]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("微信", ("weixin", "微信公众号(未分)", "微信")),
        ("订阅号", ("weixin", "微信订阅号", "微信")),
        ("微信公众号（未分）", ("weixin", "微信公众号(未分)", "微信")),
        ("政务微博", ("weibo", "新浪微博", "微博")),
        ("头条号", ("toutiao", "今日头条", "今日头条")),
        ("抖音短视频", ("douyin", "抖音", "抖音")),
        ("app", ("app", "移动客户端(APP)", "移动客户端")),
        ("视频号", ("weixin-channels", "微信视频号", "其他")),
        ("B站", ("bilibili", "哔哩哔哩", "其他")),
    ],
)
def test_type_words(word: str, told: tuple[str, str, str]) -> None:
    assert platform_of(word) == told


def test_a_formula_is_no_name() -> None:
    assert "不能是公式" in str(filed((1, "微博", "=A1&B1", "甲局")).problems[0])


def test_doubtful_codes_and_links_are_kept_with_a_warning() -> None:
    read = accounts((*HEAD, "网站标识码", "网址(域名)"), (1, "网站", "甲", "甲局", "12345", "(www.example.gov.cn)"))
    assert (read.rows[0].site_code, read.rows[0].url) == ("12345", "(www.example.gov.cn)")
    assert ["不是 10 位" in read.warnings[1], "http://" in read.warnings[0]] == [True, True]


def test_links_behind_a_name_or_a_word_are_taken() -> None:
    name, link = Linked("甲", "https://weibo.com/u/1"), Linked("点击查看", "https://weibo.com/u/2")
    read = accounts((*HEAD, "链接"), (1, "微博", name, "甲局", None), (2, "微博", "乙", "甲局", link))
    assert [(row.name, row.url) for row in read.rows] == [("甲", "https://weibo.com/u/1"), ("乙", "https://weibo.com/u/2")]


def test_dates_that_cannot_be_read_and_unknown_states_refuse_their_row() -> None:
    read = accounts(
        (*HEAD, "开设时间", "状态"), (1, "微博", "甲", "甲局", "很久", "正常"), (2, "微博", "乙", "甲局", None, "活着")
    )
    assert not read.rows
    assert [(each.row, each.column) for each in read.problems] == [(2, "开设时间"), (3, "状态")]
    half = accounts((*HEAD, "开设时间"), (1, "微博", "甲", "甲局", "2016年5月"))
    assert half.rows[0].opened_on == date(2016, 5, 1)
    assert "按当月 1 日记" in half.warnings[0]


def test_a_long_numeric_id_is_refused_because_excel_has_changed_it() -> None:
    assert "15 位" in str(accounts((*HEAD, "UID"), (1, "微博", "甲", "甲局", 1.2345678901234567e18)).problems[0])


def test_columns_of_an_inspection_are_left_out_and_named() -> None:
    read = accounts((*HEAD, "发现问题", "最后更新日期"), (1, "微博", "甲", "甲局", "未及时更新", "11.3"))
    assert "发现问题" in read.warnings[0]
    assert read.rows[0].extra == {}


def test_ten_thousand_rows_take_less_than_five_seconds() -> None:
    started = time.perf_counter()
    read = filed(*((n, "微信订阅号", f"示例{n}", f"单位{n // 3}") for n in range(1, 10_001)))
    assert len(read.rows) == 10_000
    assert time.perf_counter() - started < 5
