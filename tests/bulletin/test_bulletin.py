"""The bulletin of four invented cities: its words, its annexes, its layout, and that the check of bulletins finds nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.bulletin.cities import CITIES, RECHECKS, clean, finding, verdict, weekly, whole
from tests.bulletin.reading import docx_text, html_text, sound
from tracker.checking import check
from tracker.errors import UsageError
from tracker.model import Conclusion, Status
from tracker.reports.forms import write
from tracker.reports.letter import Office
from tracker.statistics import Recheck, Share

GOLDENS = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("name", CITIES)
def test_a_city_gets_its_bulletin_word_for_word(name: str, tmp_path: Path) -> None:
    docx, page = write(CITIES[name]().context(), tmp_path, ["docx", "html"])
    golden = GOLDENS / f"{name}.txt"
    assert docx_text(docx) == golden.read_text(encoding="utf-8").rstrip("\n")
    sound(docx)
    prose = html_text(page).replace("　　　", "").splitlines()
    assert [line for line in docx_text(docx).replace("　　　", "").splitlines() if "\t" not in line] == [
        line for line in prose if "\t" not in line
    ]


@pytest.mark.parametrize("name", CITIES)
def test_the_check_of_bulletins_finds_nothing_in_ours(name: str, tmp_path: Path) -> None:
    (path,) = write(CITIES[name]().context(), tmp_path, ["docx"])
    report = check([path])
    assert report.disagreements == ()
    assert len(report.checked) > 5


@pytest.mark.parametrize("again", RECHECKS)
@pytest.mark.parametrize("name", CITIES)
def test_the_check_of_bulletins_finds_nothing_in_our_re_checks(name: str, again: str, tmp_path: Path) -> None:
    context = replace(CITIES[name](), recheck=RECHECKS[again]).context()
    (path,) = write(context, tmp_path, ["docx"])
    report = check([path])
    assert report.disagreements == ()
    assert {each.check: each.ran for each in report.checked}["recheck"] is True


def test_a_slip_in_our_re_check_is_found(tmp_path: Path) -> None:
    """Each of its numbers, changed by one."""
    (path,) = write(replace(weekly(), recheck=RECHECKS["every part"]).context(), tmp_path, ["docx"])
    for old, new in (("已整改8个", "已整改9个"), ("未能核查3个", "未能核查4个"), ("范围5个", "范围6个"), ("40.00%", "26.67%")):
        document = Document(str(path))
        runs = [run for paragraph in document.paragraphs for run in paragraph.runs if old in run.text]
        assert len(runs) == 1
        runs[0].text = runs[0].text.replace(old, new)
        document.save(str(tmp_path / "edited.docx"))
        assert {one.number for one in check([tmp_path / "edited.docx"]).wrong} == {23}, old


def test_a_slip_in_our_bulletin_is_found(tmp_path: Path) -> None:
    """The test above can fail: one number changed by hand is found."""
    (path,) = write(weekly().context(), tmp_path, ["docx"])
    document = Document(str(path))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("合格率为81.44%", "合格率为82.44%")
    document.save(str(path))
    assert [one.number for one in check([path]).disagreements] == [5]


def test_prose_and_annexes_hold_the_same_numbers() -> None:
    city = weekly()
    context = city.context()
    told = "".join(one.lead + one.text for one in context.paragraphs)
    listed, unseen = context.annexes
    assert f"发现存在突出问题的政务新媒体{len(listed.table.rows)}个" in told
    assert f"另有{len(unseen.table.rows)}个因故未能核查" in told
    for kind in city.figures().kinds:
        rows = [row for row in listed.table.rows if row.problem in {word.name for word in kind.words}]
        assert len(rows) == kind.count
        assert f"有{len(rows)}个政务新媒体存在“{kind.words[0].name}”的问题，占不合格总数的{kind.share.text}" in told


def test_annexes_stand_on_new_pages_under_the_very_titles_of_the_list(tmp_path: Path) -> None:
    context = weekly().context()
    (path,) = write(context, tmp_path, ["docx"])
    document = Document(str(path))
    assert len(document.sections) == 3
    texts = [one.text for one in document.paragraphs]
    assert context.attachments == (
        "附件：1.2026年第四季度全市政府系统政务新媒体检查不合格名单",
        "　　　2.2026年第四季度全市政府系统政务新媒体未能核查清单",
    )
    for number, annex in enumerate(context.annexes, 1):
        at = texts.index(f"附件{number}")
        assert texts[at + 1] == ""
        assert "".join(texts[at + 2 : at + 2 + len(annex.table.title_lines)]) == context.attachments[number - 1].partition(".")[2]


def test_a_wide_annex_is_landscape_and_the_letter_is_not(tmp_path: Path) -> None:
    (path,) = write(whole().context(), tmp_path, ["docx"])
    letter, annex = Document(str(path)).sections
    assert letter.page_width < letter.page_height
    assert annex.page_width > annex.page_height
    feet = [(one.footer.paragraphs[0].text, one.even_page_footer.paragraphs[0].text) for one in (letter, annex)]
    assert feet[0] == feet[1]
    assert "—" in feet[0][0]


def test_the_page_is_that_of_the_standard(tmp_path: Path) -> None:
    (path,) = write(weekly().context(), tmp_path, ["docx"])
    document = Document(str(path))
    section = document.sections[0]
    assert [
        round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ] == [
        37,
        35,
        28,
        26,
    ]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
    assert document.settings.odd_and_even_pages_header_footer
    fonts = {one.text: one.runs[0].font for one in document.paragraphs if one.runs}
    assert fonts["一、总体情况"].name == "黑体"
    title = fonts["示例市政务公开办公室关于2026年第四季度"]
    assert (title.name, title.size.pt) == ("方正小标宋简体", 22)
    body = next(one for one in document.paragraphs if one.text.startswith("截至"))
    assert body.paragraph_format.line_spacing.pt == 28.95
    assert body.paragraph_format.line_spacing_rule == 4  # exactly
    run_in = next(one for one in document.paragraphs if one.text.startswith("（一）内容"))
    assert [run.font.name for run in run_in.runs if run.text] == ["楷体_GB2312", "仿宋_GB2312"]


def test_nothing_found_no_annex_and_the_prose_says_so(tmp_path: Path) -> None:
    context = clean().context()
    told = "".join(one.lead + one.text for one in context.paragraphs)
    assert context.annexes == ()
    assert context.attachments == ()
    assert "未发现存在突出问题的政务新媒体，合格率为100%" in told
    assert "附件" not in told
    (path,) = write(context, tmp_path, ["docx"])
    assert len(Document(str(path)).sections) == 1
    assert Document(str(path)).tables == []


def test_one_annex_alone_has_no_number() -> None:
    context = whole().context()
    assert context.attachments == ("附件：2026年第四季度全市政府系统政务新媒体抽查情况",)
    assert context.annexes[0].table.label == "附件"


def test_a_third_verdict_is_explained() -> None:
    told = "".join(one.text for one in whole().context().paragraphs)
    assert "合格119个，基本合格1个" in told
    assert "“基本合格”指" in told


def test_several_findings_per_account_are_said_to_exceed_the_whole() -> None:
    told = "".join(one.text for one in whole().context().paragraphs)
    assert told.count("占不合格总数的66.7%") == 2
    assert "各类占比相加大于100%" in told
    assert "大于100%" not in "".join(one.text for one in weekly().context().paragraphs)


def test_nothing_seen_no_verdict_on_anybody() -> None:
    city = clean()
    blind = [verdict(one, Conclusion.UNCHECKED, reason="需要登录态") for one in city.accounts]
    context = replace(city, verdicts=blind).context()
    told = "".join(one.lead + one.text for one in context.paragraphs)
    assert "均未能核查" in told
    assert "合格率" not in told.replace("检查率", "")
    assert [annex.table.form for annex in context.annexes] == ["unseen"]


def test_a_re_check_with_every_part_adds_up() -> None:
    parts = Recheck(title="第三季度", formerly=30, rectified=8, partly=5, not_rectified=7, closing=2, unseen=3)
    told = "".join(one.text for one in replace(weekly(), recheck=parts).context().paragraphs)
    assert "政务新媒体30个。经复核，已整改8个，仍有12个未整改或整改不到位" in told
    assert "拟关停注销2个，未能核查3个，不在本次检查范围5个；整改率为40.00%" in told
    with pytest.raises(ValueError, match="more than its whole"):
        Recheck(title="第三季度", formerly=10, rectified=8, partly=5, not_rectified=0, closing=0, unseen=0)


def test_without_stored_data_nothing_is_compared() -> None:
    told = "".join(one.text for one in replace(weekly(), before=None, recheck=None).context().paragraphs)
    assert "第三季度" not in told


def test_a_draft_shows_what_waits_and_what_is_not_told(tmp_path: Path) -> None:
    city = weekly()
    waiting = replace(
        city.verdicts[50],
        conclusion=Conclusion.TO_REVIEW,
        findings=(finding("INT-01", "未提供有效互动功能", status=Status.CANDIDATE),),
    )
    verdicts = [*city.verdicts[:50], waiting, *city.verdicts[51:]]
    context = replace(city, verdicts=verdicts, office=Office(), draft=True).context()
    told = "".join(one.lead + one.text for one in context.paragraphs)
    assert "（其中1个尚待复核）" in told
    assert context.number == "××〔××××〕×号"
    assert (context.issuer, context.issued) == ("××", "××××年×月×日")
    (path,) = write(context, tmp_path, ["docx"])
    document = Document(str(path))
    assert {one.header.paragraphs[0].text for one in document.sections} == {"草稿"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": "示政公开办函〔2026〕第012号"}, "发文字号"),
        ({"number": "示政公开办函[2026]12号"}, "〔〕"),
        ({"issued": weekly().start}, "成文日期"),
        ({"deadline": weekly().office.issued}, "整改期限"),
    ],
)
def test_an_impossible_head_is_refused_with_the_key(wrong: dict[str, object], says: str) -> None:
    city = weekly()
    with pytest.raises(UsageError, match=says) as told:
        replace(city, office=replace(city.office, **wrong)).context()
    assert "[bulletin]" in str(told.value)


def test_spreadsheets_of_a_letter_are_refused(tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx"):
        with pytest.raises(UsageError, match=f"通报没有 {suffix} 格式:可用的格式是 docx、html、pdf、json"):
            write(weekly().context(), tmp_path, [suffix])
    assert list(tmp_path.iterdir()) == []


def test_json_tells_every_rate_with_both_its_numbers(tmp_path: Path) -> None:
    (path,) = write(weekly().context(), tmp_path, ["json"])
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["form"] == "bulletin"
    for figure in told["figures"]:
        assert Share(part=figure["part"], whole=figure["whole"], places=2).text == figure["text"]
    assert [one["name"] for one in told["figures"]][:3] == ["检查率", "合格率", "不合格率"]


def test_an_office_writes_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "reports"
    own.mkdir(parents=True)
    (own / "bulletin.txt").write_text("# 基本情况\n本期检查{{ figures.checked }}个。\n", encoding="utf-8")
    context = weekly().context(tmp_path / "templates")
    assert [(one.lead, one.text) for one in context.paragraphs] == [("一、基本情况", ""), ("", "本期检查100个。")]
    (own / "bulletin.txt").write_text("{{ figure.checked }}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"bulletin\.txt.*可用的名称是 basis"):
        weekly().context(tmp_path / "templates")


HOSTILE = "<b>&{{ 7*7 }}{% raw %}=cmd\u202e\ud800\x07\n# 假标题|" + "长" * 300


def test_hostile_names_are_text_everywhere(tmp_path: Path) -> None:
    city = weekly()
    named = {one.account_id: replace(one, name=HOSTILE, organisation=HOSTILE) for one in city.accounts}
    verdicts = [replace(one, account=named[one.account.account_id]) for one in city.verdicts]
    office = replace(city.office, basis=HOSTILE, contact=HOSTILE, recipients=HOSTILE, measures=(HOSTILE,))
    context = replace(city, accounts=list(named.values()), verdicts=verdicts, office=office).context()
    docx, page, told = write(context, tmp_path, ["docx", "html", "json"])
    sound(docx)
    text = docx_text(docx)
    assert "<b>&{{ 7*7 }}{% raw %}" in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in page.read_text(encoding="utf-8")
    assert "<b>&" not in page.read_text(encoding="utf-8")
    assert html_text(page).count("假标题") == text.count("假标题")
    assert [one.lead for one in context.paragraphs if one.level == 1] == [
        "一、总体情况",
        "二、检查发现的主要问题",
        "三、下一步工作要求",
    ]
    json.loads(told.read_text(encoding="utf-8"))
