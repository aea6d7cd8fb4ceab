"""Which accounts are listed, with which finding, in which order (annexes.md §1, rules.md §4)."""

from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.report_world import (
    ADS,
    INVENTED_DRAFT,
    LIKES,
    SILENT,
    STALE,
    TITLE,
    finding,
    invented_lines,
    line,
    listed,
    published,
    published_lines,
)
from tracker.errors import UsageError
from tracker.model import Conclusion, Effect, Status
from tracker.reports.noncompliant import COLUMNS, NoncompliantContext, printed_finding
from tracker.reports.wording import title_lines, width, window_line

LISTED = {Conclusion.FAILED, Conclusion.TO_REVIEW}


def table(context: NoncompliantContext) -> list[list[str]]:
    return [[str(getattr(row, column.field)) for column in COLUMNS] for row in context.rows]


def test_the_published_rows_come_out_in_order_and_wording() -> None:
    context = listed(published_lines())
    assert context.title == "2020年第四季度全市政府系统政务新媒体检查不合格名单"
    assert context.window_line == "(监测时间:2020年10月26日至11月6日)"
    assert [[column.header for column in COLUMNS], *table(context)] == published()


def test_rows_that_tell_no_place_keep_the_order_of_import_even_when_given_in_another() -> None:
    assert table(listed(published_lines()[::-1])) == published()[1:]


def test_an_invented_city_in_a_draft() -> None:
    assert table(listed(invented_lines(), draft=True)) == INVENTED_DRAFT


def test_a_final_list_leaves_out_what_waits_for_a_person() -> None:
    context = listed(invented_lines())
    assert table(context) == INVENTED_DRAFT[:-1]
    assert {row.note for row in context.rows} == {""}


def test_sections_of_city_offices_are_recognised_by_region_or_type() -> None:
    lines = [
        line("县", "甲县局", region="甲县", org_type="县级部门", position=1),
        line("县府", "甲县人民政府", region="甲县", org_type="地方政府", position=2),
        line("本级", "乙局", region="示例市本级", position=3),
        line("直", "丙局", region="市直", position=4),
        line("类", "丁局", org_type="市级部门", position=5),
    ]
    assert [row.name for row in listed(lines).rows] == ["本级", "直", "类", "县", "县府"]


def test_regions_stand_as_first_seen_in_the_whole_registry_not_among_the_failing() -> None:
    lines = [
        line("甲合格", "甲局", region="甲县", position=1, conclusion=Conclusion.PASSED),
        line("乙", "乙局", region="乙县", position=2),
        line("甲", "甲局", region="甲县", position=3),
    ]
    assert [row.name for row in listed(lines).rows] == ["甲", "乙"]


def test_inside_a_unit_the_order_is_weixin_weibo_others_and_units_are_matched_loosely() -> None:
    lines = [
        line("三", "甲县 公安局", region="甲县", seven="其他", other="抖音短视频", position=1),
        line("二", "甲县公安局", region="甲县", seven="微博", position=2),
        line("别", "甲县医保局", region="甲县", position=3),
        line("一", "甲县公安局", region="甲县", position=4),
    ]
    assert [row.name for row in listed(lines).rows] == ["一", "二", "三", "别"]


def test_one_finding_by_precedence_whatever_the_order() -> None:
    findings = [finding("COL-03", "栏目"), finding("CNT-03", ADS), finding("INT-01", SILENT), finding("LIF-01", "停运")]
    for some in permutations(findings):
        assert printed_finding(line("甲", "乙", *some).verdict, draft=False).code == "INT-01"
    order = ["M1-01", "UPD-01", "INT-01", "APP-01", "CNT-02", "REG-04", "COL-01", "LIF-01"]
    for better, worse in pairwise(order):
        verdict = line("甲", "乙", finding(worse), finding(better)).verdict
        assert printed_finding(verdict, draft=False).code == better


def test_a_settled_finding_goes_before_an_open_one_of_higher_rank() -> None:
    verdict = line("甲", "乙", finding("UPD-04", "从未", Status.CANDIDATE), finding("CNT-02", LIKES)).verdict
    assert printed_finding(verdict, draft=True).message == LIKES


@pytest.mark.parametrize(
    "bad",
    [finding(status=Status.DISMISSED), finding(effect=Effect.NOTE), finding(effect=Effect.REMIND)],
    ids=["dismissed", "note", "remind"],
)
def test_dismissed_and_lesser_findings_are_never_printed(bad: object) -> None:
    both = line("甲", "乙", bad, finding("INT-01", SILENT))
    assert [row.problem for row in listed([both], draft=True).rows] == [SILENT]
    with pytest.raises(ValueError, match="without a finding"):
        listed([line("甲", "乙", bad)], draft=True)


def test_a_candidate_alone_never_stands_in_a_final_list() -> None:
    failed_by_mistake = line("甲", "乙", finding(status=Status.CANDIDATE))
    with pytest.raises(ValueError, match="without a finding"):
        listed([failed_by_mistake])


@given(st.lists(st.sampled_from(list(Conclusion)), max_size=12), st.booleans())
def test_only_failing_accounts_are_ever_listed(conclusions: list[Conclusion], draft: bool) -> None:
    lines = [line(f"号{index}", position=index, conclusion=one) for index, one in enumerate(conclusions)]
    wanted = LISTED if draft else {Conclusion.FAILED}
    rows = listed(lines, draft=draft).rows
    assert [row.name for row in rows] == [f"号{index}" for index, one in enumerate(conclusions) if one in wanted]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (date(2020, 10, 26), date(2020, 11, 6), "(监测时间:2020年10月26日至11月6日)"),
        (date(2020, 12, 28), date(2021, 1, 8), "(监测时间:2020年12月28日至2021年1月8日)"),
        (date(2021, 1, 1), date(2021, 12, 31), "(监测时间:2021年1月1日至12月31日)"),
        (date(2021, 3, 5), date(2021, 3, 5), "(监测时间:2021年3月5日)"),
    ],
)
def test_the_line_under_the_title(start: date, end: date, told: str) -> None:
    assert window_line(start, end) == told


def test_a_window_that_ends_before_it_starts_is_the_operators_mistake() -> None:
    with pytest.raises(UsageError, match="2020-11-06 早于开始日期 2020-11-07"):
        window_line(date(2020, 11, 7), date(2020, 11, 6))


def test_a_long_title_breaks_between_words() -> None:
    assert title_lines(TITLE) == ("2020年第四季度全市政府系统", "政务新媒体检查不合格名单")
    assert title_lines("短名单") == ("短名单",)
    long = "甲" * 45
    assert "".join(title_lines(long)) == long
    assert max(map(width, title_lines(long))) <= 20


def test_the_printed_word_is_the_forms_own_and_the_finding_that_of_the_profile() -> None:
    one = line("甲", "乙", finding(message="十日内未更新"))
    other = replace(one, verdict=replace(one.verdict, word="存在问题"))
    row = listed([other]).rows[0]
    assert (row.result, row.problem) == ("不合格", "十日内未更新")
    assert listed([line("甲", "乙")]).rows[0].problem == STALE
