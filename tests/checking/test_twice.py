"""One figure with two values: the check that cannot use it says which two, and asks where nothing tells them apart."""

from pathlib import Path

import pytest

from tests.checking.test_rechecks import told
from tracker.checking import Report


def why(report: Report, slug: str) -> str:
    return next(each.why for each in report.checked if each.check == slug)


def test_both_values_and_both_places_are_named(tmp_path: Path) -> None:
    report = told(tmp_path, "本次共检查政务新媒体100个,不合格18个,合格率82%。", "综上,本次检查发现不合格政务新媒体16个。")
    assert why(report, "failing-rows") == (
        "不合格数写了不止一个(第3段“不合格18个”、第4段“发现不合格政务新媒体16个”),分不清以哪个为准"
    )
    (found,) = report.disagreements
    assert (found.check, found.place, found.harmless) == ("failing-rows", "第3段、第4段", True)


def test_two_rates_and_two_totals(tmp_path: Path) -> None:
    report = told(tmp_path, "截至目前,全市政务新媒体共330个,合格率82%。", "全市政务新媒体共303个,合格率83%。")
    assert [(each.check, each.harmless) for each in report.disagreements] == [("check-rate", True), ("pass-rate", True)]
    assert "合格率82%" in why(report, "pass-rate")
    assert "合格率83%" in why(report, "pass-rate")


@pytest.mark.parametrize(
    "second",
    [
        "其中,东城区发现不合格政务新媒体4个。",
        "从平台看,发现不合格微信公众号10个。",
        "市直部门检查发现不合格政务新媒体6个。",
        "初查时发现不合格政务新媒体21个。",
        "本次共检查政务新媒体100个,发现不合格政务新媒体20个,另有2个未能核查。",
        "上季度发现不合格政务新媒体22个。",
    ],
)
def test_what_another_scope_explains_is_not_asked_about(tmp_path: Path, second: str) -> None:
    report = told(tmp_path, "本次共检查政务新媒体100个,发现不合格政务新媒体18个。", second)
    assert report.disagreements == ()


def test_one_rate_with_fewer_digits_is_the_same(tmp_path: Path) -> None:
    first = "本次共检查政务新媒体97个,不合格18个,合格率81.44%。"
    assert told(tmp_path, first, "总的看,合格率81.4%。").disagreements == ()
    (found,) = told(tmp_path, first.replace("81.44", "81.54"), "总的看,合格率81.5%。").wrong
    assert found.says == "合格率81.54%"
