"""The slips of published bulletins (domain/bulletin.md §5), rebuilt with invented names: found, with what would have fitted."""

from datetime import date
from pathlib import Path

import pytest

from tests.checking.drafts import failing_list, matrix, sensitive_list, two_columns, wide_list
from tests.checking.word import Draft, Table
from tracker.checking import Counts, Disagreement, Record, Report, check


def prose(*sentences: str, title: str = "关于2020年第四季度政务新媒体检查情况的通报") -> Draft:
    return Draft([title, "一、总体情况", *sentences], [])


def only(report: Report, slug: str) -> Disagreement:
    (found,) = [each for each in report.wrong if each.check == slug]
    return found


def test_a_check_rate_that_fits_another_numerator(tmp_path: Path) -> None:
    draft = prose("全市政务新媒体共240个。", "本次共检查政务新媒体151个,检查率约为64.6%。")
    found = only(draft.checked(tmp_path), "check-rate")
    assert found.place == "第4段"
    assert found.number == 2
    assert found.fits == "151/240 = 62.92%;64.6% 与 155/240 相符"


def test_a_rate_that_was_cut_off(tmp_path: Path) -> None:
    draft = prose("本次检查政务新媒体423个,合格409个,合格率96%。")
    found = only(draft.checked(tmp_path), "pass-rate")
    assert "截断而非四舍五入" in found.why
    assert "96.69% 应写作 97%" in found.why


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("本次检查政务新媒体461个,合格437个,合格率95.0%。", "437/461 = 94.79%;95.0% 与 438/461 相符"),
        ("本次检查政务新媒体134个,合格126个,合格率94.3%。", "126/134 = 94.03%"),
        ("本次检查政务新媒体1000个,合格999个,合格率100%。", "999/1000 = 99.90%;100% 与 1000/1000 相符"),
    ],
)
def test_rates_that_are_no_rounding_of_their_numbers(tmp_path: Path, sentence: str, right: str) -> None:
    assert only(prose(sentence).checked(tmp_path), "pass-rate").fits == right


@pytest.mark.parametrize(
    "sentence",
    [
        "本次检查政务新媒体100个,合格82个,合格率82%。",
        "本次检查政务新媒体50个,合格46个,合格率92%。",
        "本次检查政务新媒体120个,合格116个,合格率96.67%。",
        "本次检查政务新媒体1000个,合格999个,合格率99.9%。",
        "本次检查政务新媒体100个,不合格10个,另有10个因无法打开未能核查,合格率88.89%。",
    ],
)
def test_rates_that_fit(tmp_path: Path, sentence: str) -> None:
    report = prose(sentence).checked(tmp_path)
    assert report.wrong == ()
    assert next(each for each in report.checked if each.check == "pass-rate").ran


@pytest.mark.parametrize(
    ("total", "parts", "wrong"),
    [
        (330, "市县级政府政务新媒体22个,市级部门及所属单位65个,乡镇、县级部门等243个", False),
        (240, "县区政府9个,市级部门57个,乡镇和县级部门174个", False),
        (51, "县级政府1个,镇级政府8个,县级部门42个", False),
        (51, "县级政府1个,镇级政府8个,县级部门43个", True),
        (118, "微信公众号73个,微博45个", False),
        (118, "微信公众号73个,微博47个", True),
        (100, "合格82个,不合格17个", True),
    ],
)
def test_totals_and_their_parts(tmp_path: Path, total: int, parts: str, wrong: bool) -> None:
    report = prose(f"截至目前,全市政务新媒体共{total}个,其中,{parts}。").checked(tmp_path)
    assert [each.check for each in report.wrong] == ["parts"] * wrong


def test_named_in_the_prose_and_normal_in_the_matrix(tmp_path: Path) -> None:
    report = matrix().but("北淮教育局(微信)", "北淮公安局(微信)").checked(tmp_path)
    found = only(report, "named")
    assert (found.place, found.says, found.fits) == ("第10段", "北淮公安局", "正常")


def test_blamed_for_another_fault_than_the_annex_tells(tmp_path: Path) -> None:
    draft = matrix().but("市生态环境局存在空白栏目,市交通局栏目更新不及时", "市生态环境局、市交通局等2个单位网站更新不及时")
    found = only(draft.checked(tmp_path), "named")
    assert found.says == "市生态环境局"
    assert "17个空栏目" in found.why


def test_named_as_not_put_right_and_in_no_list(tmp_path: Path) -> None:
    draft = sensitive_list().but("整改率86.67%。", "整改率86.67%。云岭镇、沙湾镇等2个镇仍未按要求整改,列为不合格。")
    found = only(draft.checked(tmp_path), "named")
    assert (found.place, found.says) == ("第9段", "沙湾镇")


def test_more_named_than_the_pass_rate_has_room_for(tmp_path: Path) -> None:
    names = "、".join(f"示例{sign}镇" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯")
    draft = prose("本次检查政务新媒体118个,合格率90%。", "二、存在问题", f"{names}等14个政务新媒体未及时更新。")
    found = only(draft.checked(tmp_path), "rate-named")
    assert "最多容得下 12 个" in found.why


def test_over_a_month_although_the_dates_are_younger(tmp_path: Path) -> None:
    draft = wide_list().but("有4个政务新媒体超过1个月", "有5个政务新媒体超过1个月").cell(1, 2, 4, "2020.2.24")
    found = only(draft.checked(tmp_path), "ages")
    assert "有日期的 5 行里只有 3 行,另有 1 行从未发布" in found.why


def test_a_comparison_is_held_against_what_is_stored_and_not_against_the_annex(tmp_path: Path) -> None:
    draft = two_columns().but("账号有5个(含基本合格1个)", "账号有5个(含基本合格1个),较第三季度增加21个")
    path = draft.save(tmp_path / "通报.docx")
    alone = next(each for each in check([path]).checked if each.check == "comparison")
    assert not alone.ran
    assert "没有上期的数据" in alone.why
    assert check([path], record=Record(last=Counts(passed=25))).wrong[0].fits == "20 个"
    assert "没有上期的数据" in only(check([path], record=Record()), "comparison").why
    assert "comparison" not in {each.check for each in check([path], record=Record(last=Counts(passed=-16))).wrong}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [("合格率由88%提升至92%,提升5个百分点。", 1), ("合格率由88%提升至92%,提升4个百分点。", 0), ("合格率由92%提升至88%。", 1)],
)
def test_a_comparison_that_tells_both_sides_is_held_against_itself(tmp_path: Path, sentence: str, wrong: int) -> None:
    assert [each.check for each in prose(sentence).checked(tmp_path).wrong] == ["comparison"] * wrong


def test_another_title_in_the_listing(tmp_path: Path) -> None:
    draft = sensitive_list().with_title(1, "第三季度山阳坝县政务新媒体市级检查结果明细")
    found = only(draft.checked(tmp_path), "annex-titles")
    assert (found.place, found.fits) == ("附件2", "第三季度山阳坝县政务新媒体检查结果清单")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2020年11月15日前", "11月18前", "11月18"),
        ("2020年11月15日前", "11月18。请", "11月18"),
        ("2020年11月15日前", "2023年1030前", "2023年1030"),
        ("2020年11月15日前", "2020年2月30日前", "2020年2月30日"),
    ],
)
def test_dates_that_are_none(tmp_path: Path, old: str, new: str, says: str) -> None:
    found = only(failing_list().but(old, new).checked(tmp_path), "dates")
    assert (found.place, found.says) == ("第15段", says)


def test_a_deadline_before_the_day_of_publication(tmp_path: Path) -> None:
    draft = matrix().but("2019年10月29日", "2019年10月23日").but("10月31日前", "10月25日前")
    path = draft.save(tmp_path / "通报.docx")
    assert check([path]).wrong == ()
    found = only(check([path], record=Record(published=date(2019, 10, 29))), "dates")
    assert (found.says, "2019-10-29" in found.why) == ("10月25日前", True)


def test_monthly_totals(tmp_path: Path) -> None:
    rows = [["1", "甲县民政局", "甲县民政", "200"], ["2", "甲县农业局", "甲县农业", "138"], ["合计", "", "", "304"]]
    title = "甲县2024年9月政务新媒体监测情况汇总表"
    draft = Draft([], [Table("", title, ["序号", "主办单位", "新媒体名称", "发布条数"], rows)])
    found = only(draft.checked(tmp_path), "totals")
    assert (found.place, found.says, found.fits) == (f"“{title}”表格第4行", "304", "338")


def test_two_spellings_of_a_unit(tmp_path: Path) -> None:
    rows = [["1", "市交通局", "交通在线", "正常"], ["2", "田家庵河区城管局", "田家庵河城管", "2周内未更新"]]
    draft = prose("二、存在问题", "市环保局、田区城管局等2个单位政务微信未及时更新。")
    draft.tables.append(Table("附件", "检查汇总表", ["序号", "单位", "微信公众号", "检查情况"], rows))
    names = {each.says for each in draft.checked(tmp_path).wrong}
    assert names == {"市环保局", "田区城管局"}


def test_six_units_with_seven_rows_are_no_slip(tmp_path: Path) -> None:
    report = sensitive_list().checked(tmp_path)
    assert next(each for each in report.checked if each.check == "units").ran
    assert report.wrong == ()
