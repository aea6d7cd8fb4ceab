"""Last period's failures checked again are a scope of their own: their numbers are none of the present check's."""

from pathlib import Path

import pytest

from tests.checking.drafts import CLEAN, failing_list
from tests.checking.word import Draft
from tracker.checking import Report
from tracker.checking.claims import kind_claims
from tracker.checking.reading import MEDIA, Bulletin, read_bulletin
from tracker.checking.source import read_source

TITLE = "关于2020年第四季度全市政务新媒体检查情况的通报"


def prose(tmp_path: Path, *paragraphs: str, title: str = TITLE) -> Path:
    return Draft([title, "一、总体情况", *paragraphs], []).save(tmp_path / "通报.docx")


def read(path: Path) -> Bulletin:
    return read_bulletin(read_source([path]))


def told(tmp_path: Path, *paragraphs: str, title: str = TITLE) -> Report:
    return Draft([title, "一、总体情况", *paragraphs], []).checked(tmp_path)


@pytest.mark.parametrize("name", CLEAN)
def test_its_parts_are_no_figures_and_no_kinds_of_the_present_check(tmp_path: Path, name: str) -> None:
    bulletin = read(CLEAN[name]().save(tmp_path / "通报.docx"))
    (line,) = [line for line in bulletin.lines if line.again]
    assert all(figure.place != line.paragraph.place for figure in bulletin.figures)
    assert all(claim.line is not line for claim in kind_claims(bulletin))


@pytest.mark.parametrize("name", CLEAN)
def test_every_house_style_is_understood(tmp_path: Path, name: str) -> None:
    assert next(each for each in CLEAN[name]().checked(tmp_path).checked if each.check == "recheck").ran


def test_the_present_check_keeps_its_own_unseen(tmp_path: Path) -> None:
    paragraph = "本次共检查政务新媒体100个,不合格10个,另有10个因无法打开未能核查,合格率88.89%。"
    again = "第三季度检查发现问题账号30个。经复核,已整改20个,仍有5个未整改,未能核查5个,整改率80%。"
    bulletin = read(prose(tmp_path, paragraph, again))
    unseen = bulletin.one("unseen", MEDIA)
    assert unseen is not None
    assert (unseen.value, unseen.place) == (10, "第3段")
    assert told(tmp_path, paragraph, again).disagreements == ()


def test_in_one_paragraph_the_words_return_to_the_present_check(tmp_path: Path) -> None:
    again = "上季度通报的22个问题账号,8个已整改,14个未整改。本次检查发现不合格政务新媒体18个,另有2个未能核查。"
    bulletin = read(prose(tmp_path, again))
    found = {role: figure.value for role in ("failing", "unseen") if (figure := bulletin.one(role, MEDIA))}
    assert found == {"failing": 18, "unseen": 2}


def test_a_comparison_is_no_re_check(tmp_path: Path) -> None:
    bulletin = read(prose(tmp_path, "本次检查发现不合格政务新媒体18个。与上季度发现问题的22个相比,减少4个。"))
    assert [line for line in bulletin.lines if line.again] == []


@pytest.mark.parametrize(
    "paragraph",
    [
        "上季度通报的20个问题账号,复核了15个,其中10个已整改,5个未整改,整改率66.7%。",
        "上季度通报的20个问题账号,已整改12个(其中关停注销2个),未整改8个,整改率60%。",
        "上季度通报的20个问题账号均已整改,整改率100%。",
        "上季度通报的20个问题账号,已整改12个,未整改6个,另有2个账号的主体已经撤销。",
        "上季度通报的20个问题账号,仍有14个未整改(甲县3个未整改、乙县11个未整改),已整改6个。",
        "上季度通报的20个问题账号,已整改6个,整改率超过29%。",
    ],
)
def test_ways_of_telling_it_that_add_up(tmp_path: Path, paragraph: str) -> None:
    report = told(tmp_path, paragraph)
    assert report.disagreements == ()
    assert next(each for each in report.checked if each.check == "recheck").ran


def test_two_paragraphs_are_read_together(tmp_path: Path) -> None:
    first, second = "第三季度检查发现问题账号22个,市办已督促整改。", "经复核,已整改8个,仍有13个未整改。"
    (found,) = told(tmp_path, first, second).wrong
    assert (found.check, found.place, found.fits) == ("recheck", "第3段", "21")


def test_under_its_own_heading_a_check_of_any_name_is_read(tmp_path: Path) -> None:
    draft = Draft([TITLE, "二、春季检查问题整改情况", "春季检查发现存在突出问题的政务新媒体9个,未能核查2个。"], [])
    bulletin = read(draft.save(tmp_path / "通报.docx"))
    assert bulletin.figures == ()


def test_another_month_is_another_check(tmp_path: Path) -> None:
    title = "关于2026年10月政务新媒体检查情况的通报"
    again = "9月检查发现存在突出问题的政务新媒体9个。经复核,已整改5个,仍有3个未整改。"
    bulletin = read(prose(tmp_path, "截至9月30日,全市政务新媒体共50个。", again, title=title))
    assert [figure.role for figure in bulletin.figures] == ["registered"]
    assert [each.check for each in told(tmp_path, again, title=title).wrong] == ["recheck"]


def test_a_rate_over_all_of_them_is_asked_about_where_its_basis_is_not_told(tmp_path: Path) -> None:
    basis = "(按复核后已整改、未整改和未整改到位的数量计算)"
    (found,) = failing_list().but(f"36.36%{basis}", "26.67%").checked(tmp_path).disagreements
    assert (found.harmless, found.fits.startswith("8/22 = 36.36%")) == (True, True)
    assert "8/30" in found.why
    other = failing_list().but(f"36.36%{basis}", "26.67%(按上季度通报总数计算)").checked(tmp_path)
    assert other.disagreements == ()
    (wrong,) = failing_list().but("36.36%", "26.67%").checked(tmp_path).disagreements
    assert not wrong.harmless


def test_who_was_cured_is_not_held_against_the_annex(tmp_path: Path) -> None:
    paragraph = "经复核,“云汉发改”“云汉公安”已整改到位,“石桥镇人民政府”“云汉水利在线”等政务新媒体未整改。"
    draft = CLEAN["two_columns"]().but("12个已整改,3个整改不到位", f"12个已整改,3个整改不到位。{paragraph}")
    assert draft.checked(tmp_path).wrong == ()
    swapped = draft.but("“石桥镇人民政府”“云汉水利在线”等政务", "“平川发布”“平川文旅”等政务")
    assert {each.says for each in swapped.checked(tmp_path).wrong} == {"平川发布", "平川文旅"}


def test_numbers_that_cannot_be_told_apart_are_said_so(tmp_path: Path) -> None:
    paragraph = "上季度通报的20个问题账号中,市直已整改6个,已整改9个,未整改5个;县区另计,未整改8个。"
    done = next(each for each in told(tmp_path, paragraph).checked if each.check == "recheck")
    assert not done.ran
    assert "第3段" in done.why
    assert "未整改写了不止一个数" in done.why
