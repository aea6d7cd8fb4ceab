"""Slips planted in clean bulletins: each is found by the check that is for it, at its place, and nothing else goes off."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checking.drafts import CLEAN
from tests.checking.word import Draft

Edit = Callable[[Draft], Draft]

SLIPS: list[tuple[str, str, Edit, str, str]] = [
    # (bulletin, what, edit, check, place)
    ("failing_list", "a part of the total", lambda d: d.but("243个", "242个"), "parts", "第5段"),
    ("failing_list", "the total itself", lambda d: d.but("共330个", "共303个"), "parts", "第5段"),
    ("failing_list", "check rate", lambda d: d.but("30.3%", "33.0%"), "check-rate", "第6段"),
    ("failing_list", "failing count", lambda d: d.but("政务新媒体18个,合格率仅为82%", "政务新媒体17个"), "failing-rows", "第6段"),
    (
        "failing_list",
        "列为不合格",
        lambda d: d.but("发现存在突出问题的政务新媒体18个,合格率仅为82%", "存在突出问题、列为不合格的政务新媒体19个"),
        "failing-rows",
        "第6段",
    ),
    ("failing_list", "a row left out", lambda d: d.without(0, 17), "failing-rows", "第6段"),
    ("failing_list", "pass rate", lambda d: d.but("仅为82%", "仅为84%"), "pass-rate", "第6段"),
    ("failing_list", "count of a kind", lambda d: d.but("有3个政务新媒体信息", "有4个政务新媒体信息"), "kind-rows", "第11段"),
    ("failing_list", "share of a kind", lambda d: d.but("27.78%", "22.78%"), "kind-rows", "第8段"),
    ("failing_list", "a share cut off", lambda d: d.but("16.67%", "16.66%"), "kind-rows", "第11段"),
    ("failing_list", "kind in the annex", lambda d: d.cell(0, 0, 6, "未提供有效互动功能"), "kind-rows", "第8段"),
    ("failing_list", "recheck sum", lambda d: d.but("已整改8个", "已整改7个"), "recheck", "第12段"),
    ("failing_list", "recheck total", lambda d: d.but("政务新媒体30个。经", "政务新媒体28个。经"), "recheck", "第12段"),
    ("failing_list", "recheck closing", lambda d: d.but("拟关停注销3个", "拟关停注销2个"), "recheck", "第12段"),
    ("failing_list", "recheck unseen", lambda d: d.but("未能核查4个", "未能核查3个"), "recheck", "第12段"),
    ("failing_list", "recheck out of scope", lambda d: d.but("范围1个", "范围2个"), "recheck", "第12段"),
    ("failing_list", "recheck rate over all of them", lambda d: d.but("36.36%", "26.67%"), "recheck", "第12段"),
    ("failing_list", "recheck rate", lambda d: d.but("36.36%", "36.63%"), "recheck", "第12段"),
    ("two_columns", "recheck part", lambda d: d.but("3个整改不到位", "4个整改不到位"), "recheck", "第13段"),
    ("two_columns", "recheck rate", lambda d: d.but("整改率80%", "整改率84%"), "recheck", "第13段"),
    ("wide_list", "recheck part", lambda d: d.but("部分整改1个", "部分整改3个"), "recheck", "第10段"),
    ("wide_list", "recheck rate", lambda d: d.but("71.4%", "74.1%"), "recheck", "第10段"),
    ("sensitive_list", "recheck not seen", lambda d: d.but("未能核查3个", "未能核查2个"), "recheck", "第9段"),
    ("sensitive_list", "recheck rate", lambda d: d.but("86.67%", "85.67%"), "recheck", "第9段"),
    ("matrix", "recheck part", lambda d: d.but("仍有2个未整改", "仍有3个未整改"), "recheck", "第15段"),
    ("matrix", "recheck rate", lambda d: d.but("66.7%", "67.7%"), "recheck", "第15段"),
    ("failing_list", "deadline past", lambda d: d.but("2020年11月15日前", "2020年11月5日前"), "dates", "第15段"),
    ("failing_list", "date without 日", lambda d: d.but("2020年11月15日前", "2020年11月15前"), "dates", "第15段"),
    ("failing_list", "no such day", lambda d: d.but("2020年11月15日前", "2020年11月31日前"), "dates", "第15段"),
    ("failing_list", "window of another year", lambda d: d.but("2020年10月26日至", "2019年10月26日至2019年"), "dates", "第22段"),
    ("failing_list", "annex title", lambda d: d.with_title(0, "第四季度不合格名单"), "annex-titles", "附件"),
    ("failing_list", "a hole in 序号", lambda d: d.cell(0, 17, 0, "19"), "cells", "附件表格第19行"),
    ("failing_list", "序号 twice", lambda d: d.cell(0, 4, 0, "4"), "cells", "附件表格第5行"),
    ("failing_list", "no finding", lambda d: d.cell(0, 17, 6, ""), "cells", "附件表格第19行(序号18)"),
    (
        "failing_list",
        "a cut cell",
        lambda d: d.cell(0, 17, 6, "部分信息页面底部存在商业信息,栏目内容一直"),
        "cells",
        "附件表格第19行(序号18)",
    ),
    ("failing_list", "无 and 未", lambda d: d.cell(0, 0, 6, "监测时间点前2周内无更新"), "spelling", "附件表格第2行(序号1)"),
    ("failing_list", "a typo", lambda d: d.cell(0, 3, 1, "徽信"), "spelling", "附件表格第5行(序号4)"),
    ("failing_list", "a mobile number", lambda d: d.but("0999-3200000", "139 0000 0000"), "private", "第15段"),
    ("failing_list", "a link as evidence", lambda d: d.cell(0, 3, 7, "https://example.com/a.png"), "private", "附件表格第5行"),
    (
        "failing_list",
        "未能核查 as failing",
        lambda d: d.cell(0, 3, 7, "未能核查").cell(0, 3, 6, "未能核查"),
        "private",
        "附件表格第5行(序号4)",
    ),
    ("failing_list", "many faults claimed", lambda d: d.adding(8, "有的账号同时存在多种问题。"), "several", "第9段"),
    ("two_columns", "passed count", lambda d: d.but("账号有5个(", "账号有6个("), "failing-rows", "第9段"),
    ("two_columns", "checked", lambda d: d.but("共检查10个", "共检查12个").but("62.5%", "75%"), "rows", "第9段"),
    ("two_columns", "site rate", lambda d: d.but("合格率75%", "合格率76%"), "pass-rate", "第7段"),
    ("two_columns", "outside the scope", lambda d: d.cell(1, 0, 6, "合格").cell(1, 0, 7, ""), "scope", "附件2表格第2行"),
    ("two_columns", "11 digits", lambda d: d.cell(0, 1, 2, "61992100041"), "site-codes", "附件1表格第3行(序号2)"),
    ("two_columns", "basic not explained", lambda d: d.but("(含基本合格1个)", ""), "third-results", "附件2表格第6行"),
    ("two_columns", "annex number", lambda d: d.but("2.2020年第四季度政府", "3.2020年第四季度政府"), "annex-numbers", "附件说明"),
    ("two_columns", "reference to nothing", lambda d: d.but("详见附件2", "详见附件2和附件3"), "annex-numbers", "第9段"),
    ("two_columns", "named but passed", lambda d: d.but("“云汉水利在线”", "“云汉发改”"), "named", "第11段"),
    ("two_columns", "named for another fault", lambda d: d.but("“柳林镇”等", "“古渡县教体”等"), "named", "第12段"),
    ("wide_list", "over a month", lambda d: d.but("有4个政务新媒体超过", "有6个政务新媒体超过"), "ages", "第9段"),
    ("wide_list", "cut, not rounded", lambda d: d.but("98.6%", "98.5%"), "pass-rate", "第6段"),
    (
        "wide_list",
        "third result",
        lambda d: d.but(",“存在问题”计入合格", "").but("的结果为“存在问题”", "有瑕疵"),
        "third-results",
        "附件1表格第2行",
    ),
    ("wide_list", "issued before the end", lambda d: d.but("3月3日", "3月13日"), "dates", "第16段"),
    ("sensitive_list", "praised and failing", lambda d: d.but("二郎镇", "青石镇"), "praised", "第6段"),
    ("sensitive_list", "units", lambda d: d.but("6个单位", "7个单位"), "units", "第8段"),
    ("sensitive_list", "sum of counts", lambda d: d.but("25条", "26条"), "totals", "第5段"),
    ("sensitive_list", "recheck", lambda d: d.but("整改13个", "整改12个"), "recheck", "第9段"),
    ("sensitive_list", "parts", lambda d: d.but("县级部门42个", "县级部门44个"), "parts", "第5段"),
    ("matrix", "accounts in the matrix", lambda d: d.cell(1, 6, 4, "北淮水利").cell(1, 6, 5, "正常"), "rows", "第5段"),
    ("matrix", "platform count", lambda d: d.but("7个、微博5个", "6个、微博6个"), "rows", "第5段"),
    ("matrix", "status beside no name", lambda d: d.cell(1, 5, 5, "正常"), "cells", "附件2表格第7行"),
    (
        "matrix",
        "named for another fault",
        lambda d: d.but("市生态环境局存在空白栏目", "市生态环境局更新不及时"),
        "named",
        "第14段",
    ),
    ("matrix", "named but not listed", lambda d: d.but("北淮交通局(微信)", "北淮城管局(微信)"), "named", "第12段"),
    ("matrix", "length of a list", lambda d: d.but("、北淮财政局发布(微博)", ""), "named", "第10段"),
    ("matrix", "one sign dropped", lambda d: d.but("北淮财政局发布(", "北淮财局发布("), "spelling", "第10段"),
]


@pytest.mark.parametrize(("bulletin", "what", "edit", "slug", "place"), SLIPS, ids=[f"{each[0]}-{each[1]}" for each in SLIPS])
def test_a_planted_slip_is_found_at_its_place(
    tmp_path: Path, bulletin: str, what: str, edit: Edit, slug: str, place: str
) -> None:
    report = edit(CLEAN[bulletin]()).checked(tmp_path)
    assert (slug, place) in [(each.check, each.place) for each in report.wrong], report.disagreements


def test_there_are_slips_for_nearly_every_check() -> None:
    assert len(SLIPS) >= 25
    assert len({each[3] for each in SLIPS}) >= 20
