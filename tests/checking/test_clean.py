"""Clean bulletins, as made and in other words: no false alarm."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.checking.drafts import CLEAN, failing_list, two_columns
from tests.checking.word import Draft
from tracker.checking import check

DATA = Path(__file__).parent / "data"
FULL = str.maketrans("0123456789%,:;()", "０１２３４５６７８９％，：；（）")


def everywhere(draft: Draft, change: Callable[[str], str]) -> Draft:
    """The same change in every paragraph, annex titles and notes too."""
    draft.paragraphs[:] = map(change, draft.paragraphs)
    for table in draft.tables:
        table.title = change(table.title)
        table.notes[:] = map(change, table.notes)
        table.above[:] = map(change, table.above)
    return draft


REWORDED: list[tuple[str, str, Callable[[Draft], Draft]]] = [
    ("failing_list", "在册", lambda d: d.but("全市政府系统政务新媒体共330个", "全市政府系统在册政务新媒体总数为330个")),
    ("failing_list", "抽查", lambda d: d.but("本次共检查了100个政务新媒体", "此次随机抽查政务新媒体100家")),
    ("failing_list", "Chinese numerals", lambda d: d.but("政务新媒体18个,", "政务新媒体十八个,")),
    ("failing_list", "百分之", lambda d: d.but("仅为82%", "为百分之八十二")),
    ("failing_list", "不合格", lambda d: d.but("发现存在突出问题的政务新媒体18个", "其中不合格政务新媒体18个")),
    ("failing_list", "one decimal more", lambda d: d.but("合格率仅为82%", "合格率仅为82.0%")),
    ("failing_list", "约 whole", lambda d: d.but("约为30.3%", "约30%")),
    ("failing_list", "share of failing", lambda d: d.but("的情况,占比44.44%", ",占不合格总数的44.4%")),
    ("failing_list", "again in other words", lambda d: d.but("已整改8个,仍有14个政务新媒体未整改", "8个已完成整改,14个未整改")),
    (
        "failing_list",
        "a unit's own paragraph",
        lambda d: d.adding(4, "2020年以来,市政务公开办公室先后开展培训3次,参训人员120人次。"),
    ),
    (
        "failing_list",
        "numbers of no role",
        lambda d: d.adding(13, "各单位每周至少更新1次,原创信息不少于2条,确保合格率达到100%。"),
    ),
    ("failing_list", "regions told apart", lambda d: d.adding(6, "从区域看,东城区检查20个,不合格4个;西城区检查25个,不合格3个。")),
    ("failing_list", "a count of one region", lambda d: d.adding(6, "其中,东城区发现存在突出问题的政务新媒体4个。")),
    ("failing_list", "order of sentences", lambda d: d.moved(9, 7)),
    ("failing_list", "quotes and brackets", lambda d: d.but("(五)整改落实不到位。", "(五)“老问题”整改落实不到位。")),
    ("failing_list", "unit numbers", lambda d: d.adding(11, "上述问题涉及18个单位。")),
    ("failing_list", "other 附件 wording", lambda d: d.but("(详见附件)", "(名单见附件)")),
    ("two_columns", "range sign", lambda d: d.but("2020年10月10日—11月18日", "2020年10月10日至2020年11月18日")),
    ("two_columns", "共计", lambda d: d.but("(共检查10个,检查率约为62.5%)", ",共计抽查10个,抽查比例为62.5%")),
    ("two_columns", "basic named apart", lambda d: d.but("账号有5个(含基本合格1个)", "账号有4个,基本合格1个")),
    ("two_columns", "附件 named together", lambda d: d.but("(详见附件1)", "").but("详见附件2", "详见附件1、2")),
    ("two_columns", "comparison without data", lambda d: d.but("合格率75%", "合格率75%,较第三季度提升2个百分点")),
    ("wide_list", "over a month in weeks", lambda d: d.but("有4个政务新媒体超过1个月未更新", "有4个政务新媒体超过4周未更新")),
    ("wide_list", "third result explained", lambda d: d.but("的结果为“存在问题”,“存在问题”计入合格", "被列为存在问题")),
    ("wide_list", "more digits", lambda d: d.but("98.6%", "98.58%")),
    ("wide_list", "附件 on a line of its own", lambda d: d.but("附件:1.2020年临江市政府", "附件:\n1.2020年临江市政府")),
    ("sensitive_list", "units in other words", lambda d: d.but("6个单位政府网站栏目检查不合格", "有栏目长期不更新,涉及6个单位")),
    ("sensitive_list", "numbers in words", lambda d: d.but("累计错敏信息25条", "共计错敏信息二十五条")),
    ("sensitive_list", "praise of strangers", lambda d: d.but("青木川镇、二郎镇等2个镇", "青木川镇、二郎镇、高坝镇等5个镇")),
    ("matrix", "counted together", lambda d: d.but("其中,微信公众号7个、微博5个", "包括微信公众号7个和微博5个")),
    (
        "matrix",
        "names joined",
        lambda d: d.but("北淮教育局(微信)、北淮财政局发布(微博)。", "“北淮教育局”“北淮财政局发布”等账号更新不及时。"),
    ),
]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_bulletin_has_no_disagreement(tmp_path: Path, name: str) -> None:
    report = CLEAN[name]().checked(tmp_path)
    assert report.disagreements == ()
    assert sum(each.ran for each in report.checked) >= 12


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_other_offices_invented_bulletins_have_no_disagreement(tmp_path: Path, path: Path) -> None:
    """Prose in other manners (虚构), one paragraph a line, without annexes."""
    draft = Draft(path.read_text(encoding="utf-8").splitlines(), [])
    assert draft.checked(tmp_path).wrong == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "有5个政务新媒体未及时更新(市直2个:市工信局、市农牧局;县区3个:市旅游局、市退役局、市城建局)。",
        "对2020年11月3日前上报的整改材料应逐一核实。",
        "2020年1500余人参加了培训。",
        "“三务公开”“两微一端”等工作有待加强,个别栏目更新不及时。",
        "县级部门未及时更新的较多,乡镇未提供互动功能的较多。",
        "有8个政务新媒体未提供互动功能,涉及7个单位。",
    ],
)
def test_sentences_that_could_be_taken_wrongly(tmp_path: Path, sentence: str) -> None:
    assert failing_list().adding(11, sentence).checked(tmp_path).wrong == ()


def test_numbers_that_begin_anew_in_each_group_and_mixed_tables(tmp_path: Path) -> None:
    draft = failing_list()
    for row in draft.tables[0].rows[9:]:
        row[0] = str(int(row[0]) - 9)
    assert draft.checked(tmp_path).wrong == ()


@pytest.mark.parametrize(("name", "what", "edit"), REWORDED, ids=[f"{each[0]}-{each[1]}" for each in REWORDED])
def test_other_words_for_the_same_are_no_disagreement(
    tmp_path: Path, name: str, what: str, edit: Callable[[Draft], Draft]
) -> None:
    report = edit(CLEAN[name]()).checked(tmp_path)
    assert report.wrong == ()


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.translate(FULL),
        lambda text: text.replace("政务新媒体", " 政务新媒体 ").replace("个", " 个 "),
        lambda text: text.replace(",", "，").replace(":", "："),
    ],
    ids=["full-width", "spaces", "full-width-commas"],
)
def test_width_and_blanks_do_not_matter(tmp_path: Path, name: str, change: Callable[[str], str]) -> None:
    draft = CLEAN[name]()
    before = {each.check for each in draft.checked(tmp_path).checked if each.ran}
    report = everywhere(draft, change).checked(tmp_path)
    assert report.disagreements == ()
    assert {each.check for each in report.checked if each.ran} == before


def test_a_listing_that_word_numbers_is_counted(tmp_path: Path) -> None:
    draft = two_columns()
    at = next(number for number, text in enumerate(draft.paragraphs) if text.startswith("附件:1."))
    titles = [draft.paragraphs[at].removeprefix("附件:1."), draft.paragraphs[at + 1].removeprefix("2.")]
    draft.paragraphs[at : at + 2] = ["附件:", *titles]
    path = draft.save(tmp_path / "通报.docx")
    document = docx.Document(str(path))
    for paragraph in document.paragraphs[at + 1 : at + 3]:
        paragraph.style = document.styles["List Number"]
        paragraph._p.get_or_add_pPr().get_or_add_numPr()
    document.save(str(path))
    report = check([path])
    assert report.disagreements == ()
    assert next(each.on for each in report.checked if each.check == "annex-titles") == "附件1、附件2"
