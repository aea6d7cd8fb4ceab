"""Ten bulletins in other manners with true numbers: no alarm and no remark; and slips in them are found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checking.varied import VARIED, by_platform_and_region, units_and_accounts
from tests.checking.word import Draft

SLIPS: list[tuple[str, Callable[[Draft], Draft], str, str]] = [
    ("by_platform_and_region", lambda d: d.but("微博40个、其他20个", "微博45个、其他20个"), "parts", "第5段"),
    ("by_platform_and_region", lambda d: d.but("市直50个、", "市直55个、"), "parts", "第5段"),
    ("by_platform_and_region", lambda d: d.but("微信3个、微博2个", "微信3个、微博1个"), "parts", "第6段"),
    ("by_platform_and_region", lambda d: d.but("青山县2个、碧水县3个", "青山县3个、碧水县3个"), "parts", "第6段"),
    ("by_platform_and_region", lambda d: d.but("约占总数的83%", "约占总数的85%"), "check-rate", "第5段"),
    ("many_annexes", lambda d: d.but("不合格2个(见", "不合格3个(见"), "failing-rows", "第3段"),
    ("many_annexes", lambda d: d.but("整改率50%", "整改率33.3%(按复核的计算)"), "recheck", "第4段"),
    ("told_twice", lambda d: d.but("整改率100%", "整改率80%"), "recheck", "第6段"),
    ("told_twice", lambda d: d.but("整改到位9个", "整改到位11个"), "recheck", "第6段"),
    ("from_failures_to_totals", lambda d: d.but("百分之九十", "百分之九十三"), "pass-rate", "第8段"),
    ("units_and_accounts", lambda d: d.but("涉及2家单位", "涉及3家单位"), "units", "第4段"),
    ("units_and_accounts", lambda d: d.without(0, 2), "failing-rows", "第4段"),
    ("year_with_quarters", lambda d: d.but("18个整改到位", "19个整改到位"), "recheck", "第7段"),
]


@pytest.mark.parametrize("name", VARIED)
def test_nothing_in_them_is_wrong(tmp_path: Path, name: str) -> None:
    assert VARIED[name]().checked(tmp_path).disagreements == ()


@pytest.mark.parametrize(("name", "edit", "slug", "place"), SLIPS)
def test_a_slip_in_them_is_found(tmp_path: Path, name: str, edit: Callable[[Draft], Draft], slug: str, place: str) -> None:
    report = edit(VARIED[name]()).checked(tmp_path)
    assert (slug, place) in [(each.check, each.place) for each in report.wrong], report.disagreements


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "不合格政务新媒体5个。按平台分,微信3个、微博1个"),
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "检查100个,不合格政务新媒体5个,按平台分,微信60个、微博40个"),
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "不合格政务新媒体5个,按平台分,主要是微信3个、微博1个"),
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "不合格政务新媒体5个,按平台分,微信2个、微博1个等"),
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "不合格政务新媒体5个,按问题类型分,更新不及时3个、互动缺失3个"),
        ("不合格政务新媒体5个,按平台分,微信3个、微博2个", "涉及单位共4家,按层级分,县级5个、乡镇1个"),
    ],
)
def test_lists_whose_total_is_not_sure_are_not_summed(tmp_path: Path, old: str, new: str) -> None:
    report = by_platform_and_region().but(old, new).checked(tmp_path)
    assert "parts" not in {each.check for each in report.disagreements}


def test_a_column_named_as_in_registries_holds_this_checks_findings(tmp_path: Path) -> None:
    """存在问题 is last period's column in some registries; alone in an annex it is this check's."""
    report = units_and_accounts().cell(0, 2, 3, "2周内未更新").checked(tmp_path)
    assert {each.check for each in report.wrong} == {"kind-rows"}
