"""Reading printed findings back: every phrase of the published tables, row by row (domain/rules.md §6)."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker.rulebook.taxonomy as module
from tracker.rulebook.rule import By
from tracker.rulebook.taxonomy import kind_of, kinds, read_phrases

# 宝鸡市 2020年第四季度, issued 2020-11-11: 序号, 存在的突出问题, code
BAOJI = """
1 | 监测时间点前2周内未更新 | UPD-01
2 | 未提供有效互动功能 | INT-01
3 | 部分信息页面底部存在商业信息 | CNT-03
4 | 部分信息页面底部存在商业信息 | CNT-03
5 | 未提供有效互动功能 | INT-01
6 | 未提供有效互动功能 | INT-01
7 | 监测时间点前2周内无更新 | UPD-01
8 | 点赞与本单位业务无关信息 | CNT-02
9 | 未提供有效互动功能 | INT-01
10 | 未提供有效互动功能 | INT-01
11 | 监测时间点前2周内无更新 | UPD-01
12 | 部分信息页面底部存在商业信息 | CNT-03
13 | 监测时间点前2周内无更新 | UPD-01
14 | 未提供有效互动功能 | INT-01
15 | 点赞与本单位业务无关信息 | CNT-02
16 | 监测时间点前2周内无更新 | UPD-01
17 | 未提供有效互动功能 | INT-01
18 | 未提供有效互动功能 | INT-01
"""

# 商洛市 2020年第四季度, rows 1–75 (7 = last period, 9 = this period), cells that hold more than 合格 or 新增备案; ? = no code
SHANGLUO = """
3/7 | 未及时更新,内容不规范 | UPD-01 CNT-01
3/9 | 内容不规范 | CNT-01
5/7 | 多个栏目信息内容长期未更新、个别菜单链接无法访问 | COL-01 COL-03
6/9 | 内容不规范 | CNT-01
9/7 | 内容不规范、未及时回复网民留言 | CNT-01 INT-02
9/9 | 内容不规范,未回复网民留言 | CNT-01 INT-02
11/7 | 未及时更新 | UPD-01
11/9 | 长时间未更新 | UPD-02
12/9 | 简介不规范,内容不规范 | REG-03 CNT-01
13/7 | 未提供有效互动功能 | INT-01
13/9 | 长时间未更新 | UPD-02
14/7 | 未及时回复网民留言,内容不规范 | INT-02 CNT-01
14/9 | 未回复网民留言,顶部滚动图片内容未及时更新(个别链接无效),存在未及时更新 | INT-02 COL-03 UPD-05
15/9 | 未及时更新 | UPD-01
16/7 | 存在旧稿新发,未提供有效互动功能 | CNT-05 INT-01
17/7 | 置顶发布的信息中网页链接失效(无法访问),内容不规范 | COL-03 CNT-01
17/9 | 长时间未更新,内容不规范 | UPD-02 CNT-01
18/7 | 未及时更新 | UPD-01
18/9 | 未及时更新 | UPD-01
19/9 | 未提供有效互动功能 | INT-01
20/7 | 存在未及时更新认证信息,内容不规范 | REG-02 CNT-01
20/9 | 11.15已发布关停公告 | LIF-01
21/7 | 内容不规范 | CNT-01
22/7 | 未及时更新,未提供有效互动功能 | UPD-01 INT-01
22/9 | 存在未及时更新 | UPD-05
24/9 | 使用APP时,提示报文解析错误 | APP-01
25/9 | 存在未及时更新 | UPD-05
26/7 | 未提供有效互动功能,尚未发布信息 | INT-01 UPD-04
27/7 | “文章”栏目内容长期未更新,内容不规范 | COL-01 CNT-01
27/9 | “文章”栏目内容长期未更新 | COL-01
28/7 | 长时间未及时更新 | UPD-02
28/9 | 存在未及时更新 | UPD-05
30/9 | 账号主体未认证,“业务指南”栏目下两个子菜单链接无效(建议关闭该栏目) | REG-01 COL-03
31/7 | 内容不规范 | CNT-01
31/9 | 未回复网民留言,内容不规范 | INT-02 CNT-01
32/9 | 长期不更新,账号处于“僵尸”状态 | UPD-02 UPD-03
34/7 | 未提供有效互动功能(互动交流链接无效) | INT-01
35/9 | 基本合格 | OK
36/9 | 未发布更新任何信息 | UPD-04
37/7 | 未及时更新 | UPD-01
37/9 | 政民互动链接不准确 | COL-04
38/7 | 内容不规范,“文章”发布信息长期未更新 | CNT-01 COL-01
38/9 | 未及时更新,内容不规范 | UPD-01 CNT-01
39/7 | 未及时回复网民留言 | INT-02
40/9 | 未回复网民留言 | INT-02
41/9 | 未提供有效互动功能,栏目设置不合理(或栏目内容空白) | INT-01 COL-06
42/7 | 未及时稳定更新(6.16至8.7之间无更新) | UPD-05
42/9 | 未及时更新 | UPD-01
43/7 | 部分栏目名称不正确(“攻坚简报”栏目下,有两个名称为“子菜单名称”的链接) | COL-05
43/9 | 个别子栏目名称不正确 | COL-05
44/7 | 长时间未更新 | UPD-02
44/9 | 存在未及时更新 | UPD-05
45/7 | 内容不规范(点赞个人微博) | CNT-02
45/9 | 未及时更新 | UPD-01
46/7 | 未回复网民留言,内容不规范 | INT-02 CNT-01
46/9 | 未回复网民留言,内容不规范(点赞商业广告) | INT-02 CNT-02
47/7 | “文章”发布信息长期未更新 | COL-01
47/9 | 未回复网民留言,“文章”发布信息长期未更新 | INT-02 COL-01
48/7 | 未提供有效互动功能,“微预警”栏目信息长期未更新 | INT-01 COL-01
48/9 | 多个栏目内容一直 | ?
49/7 | “文章”栏目下内容长期未更新 | COL-01
49/9 | 未及时更新,内容不规范,“文章”栏目下内容长期未更新 | UPD-01 CNT-01 COL-01
50/7 | 内容不规范 | CNT-01
50/9 | 内容不规范 | CNT-01
51/7 | 内容不规范 | CNT-01
51/9 | 内容不规范 | CNT-01
52/7 | 未及时稳定更新(7.1-8.11之间未更新) | UPD-05
53/7 | 长时间未更新 | UPD-02
54/7 | 长时间未更新 | UPD-02
55/9 | 未及时更新 | UPD-01
56/7 | 未进行“蓝V”认证,内容不规范 | REG-01 CNT-01
56/9 | 存在未及时更新 | UPD-05
57/9 | 未及时更新 | UPD-01
58/7 | 多个栏目链接出错无法访问 | COL-03
58/9 | 多个栏目链接无效,无法访问 | COL-03
59/9 | 存在未及时更新 | UPD-05
60/9 | 未更新发布任何信息 | UPD-04
61/7 | 未提供有效互动功能 | INT-01
61/9 | 未提供有效互动功能 | INT-01
62/9 | 未及时更新,未提供有效互动功能 | UPD-01 INT-01
63/7 |  | EMPTY
64/7 | 栏目名称(“动态”)与实际功能(互动交流)不符,应对栏目予以重新命名 | COL-05
65/7 | 未提供有效互动功能,“今日阅读”与“动态”栏目内容长期未更新 | INT-01 COL-01
65/9 | 未及时更新,未提供有效互动功能 | UPD-01 INT-01
66/7 | 未提供有效互动功能 | INT-01
66/9 | 未提供有效互动功能 | INT-01
67/7 | 未提供有效互动功能,微信公众号简介未及时更新(与“关于我们”栏目内容不一致) | INT-01 REG-03
67/9 | 未及时更新,未提供有效互动功能 | UPD-01 INT-01
68/9 | 未及时更新,多数栏目链接失效(无法打开) | UPD-01 COL-03
69/7 | 未及时更新,未提供有效互动功能 | UPD-01 INT-01
70/7 | “便民服务”栏目中没有有效服务功能,下设的“新春贺辞”链接(于2018年2月15日发布)长期未更新 | COL-07 COL-01
70/9 | “便民服务”栏目无服务功能,下设的“新春贺辞”长期未更新 | COL-07 COL-01
71/7 | 未及时更新,未及时回复网民留言 | UPD-01 INT-02
71/9 | 存在未及时更新 | UPD-05
72/7 | 未提供有效互动功能(设置为禁止留言),“文章”栏目发布信息长期未更新 | INT-01 COL-01
72/9 | 未提供有效互动功能(仍禁止留言),内容不规范 | INT-01 CNT-01
73/9 | 未回复网民留言 | INT-02
75/7 | 未及时稳定更新(7.1至8.5之间无更新) | UPD-05
"""


def table(text: str) -> list[tuple[str, str, list[str]]]:
    rows = [line.split(" | ") for line in text.strip().splitlines()]
    return [(row, cell, codes.split()) for row, cell, codes in rows]


def codes(cell: str) -> list[str]:
    return [phrase.code or "?" for phrase in read_phrases(cell)]


@pytest.mark.parametrize(("row", "cell", "expected"), table(BAOJI) + table(SHANGLUO))
def test_published_cells_read_as_their_codes(row: str, cell: str, expected: list[str]) -> None:
    assert codes(cell) == expected, row


def test_counts_of_the_baoji_bulletin() -> None:
    counts = Counter(code for _, cell, _ in table(BAOJI) for code in codes(cell))
    assert counts == {"UPD-01": 5, "INT-01": 8, "CNT-02": 2, "CNT-03": 3}


# Accounts with each code among all 151 of 商洛 (rules.md §6, columns Q3 and Q4); 75 of them can never hold more.
WHOLE_TABLE = """
UPD-01 22 25
UPD-02 7 7
UPD-03 0 1
UPD-04 2 2
UPD-05 29 19
INT-01 29 24
INT-02 8 11
COL-01 18 14
COL-02 1 3
COL-03 8 10
COL-04 0 1
COL-05 3 5
COL-06 1 1
COL-07 1 1
CNT-01 22 16
CNT-02 3 1
CNT-03 0 0
CNT-05 1 0
REG-01 3 1
REG-02 1 1
REG-03 1 1
APP-01 0 1
LIF-01 0 4
"""
WHOLE = {code: (int(third), int(fourth)) for code, third, fourth in map(str.split, WHOLE_TABLE.strip().splitlines())}


@pytest.mark.parametrize(("column", "at"), [("7", 0), ("9", 1)])
def test_counts_of_the_shangluo_sample_fit_the_whole_bulletin(column: str, at: int) -> None:
    rows = [row for row in table(SHANGLUO) if row[0].endswith("/" + column)]
    counts = Counter(code for _, cell, _ in rows for code in set(codes(cell)) - {"?", "EMPTY", "OK"})
    assert counts.keys() <= WHOLE.keys()
    assert {code: n for code, n in counts.items() if n > WHOLE[code][at]} == {}


def test_only_the_cut_cell_stays_without_a_code() -> None:
    # 多个栏目内容一直… may have gone on as 未更新 or 空白: a cut cell is not guessed at.
    assert [row for row, cell, _ in table(SHANGLUO) if "?" in codes(cell)] == ["48/9"]


@pytest.mark.parametrize("word", ["合格", "基本合格", "正常", "无", " 合格 ", "未发现问题"])
def test_words_of_a_clean_account(word: str) -> None:
    assert codes(word) == ["OK"]


@pytest.mark.parametrize("cell", ["", "  ", "——", "-", "/", "。"])
def test_an_empty_cell_is_never_clean(cell: str) -> None:
    assert [(phrase.code, phrase.text) for phrase in read_phrases(cell)] == [("EMPTY", "")]


OTHERS = """
发生泄露国家秘密事件 | M1-01
存在购买“粉丝”行为 | M3-01
强制要求群众点赞 | M3-01
仅有自动回复 | INT-03
近三个月无原创内容 | UPD-06
原创信息偏少 | UPD-06
僵尸微信 | UPD-03
僵尸微博 | UPD-03
新增备案 | NEW
监测时间点前2周内内容无更新 | UPD-01
监测时间点前2周内未发布信息 | UPD-01
内容无更新 | UPD-04
停运未注销 | LIF-01
已进入自主注销冻结期 | LIF-01
账号已注销，备案平台未关停 | LIF-01
新开办，未正式上线 | LIF-01
已新申请“某某发布”，并完成认证。应在该政务新媒体账号中发布停止更新公告，予以关停注销。 | LIF-01
未搜索到账号信息（改名或注销未报送） | REG-04
机构改革后未及时变更认证主体 | REG-02
存在商业广告信息 | CNT-03
错敏信息12条 | CNT-04
栏目无内容 | COL-02
多个栏目无更新 | COL-01
“单位简介”栏目内容未及时更新 | COL-01
个别栏目链接无法打开(该内容已被发布者删除) | COL-03
栏目设置重复 | COL-06
未回复网民留言;未提供有效互动功能、内容不规范 | INT-02 INT-01 CNT-01
1.未及时更新；2.内容不规范 | UPD-01 CNT-01
未提供有效互动功能,未更新发布任何信息 | INT-01 UPD-04
使用app时，提示报文解析错误 | APP-01
"""


@pytest.mark.parametrize(("cell", "expected"), [line.rsplit(" | ", 1) for line in OTHERS.strip().splitlines()])
def test_other_printed_forms(cell: str, expected: str) -> None:
    assert codes(cell) == expected.split()


@pytest.mark.parametrize(
    "cell", ["未发现商业广告信息", "错敏信息0条", "无点赞商业广告", "互动功能正常", "已恢复更新", "看着不错"]
)
def test_words_that_accuse_nobody_have_no_code(cell: str) -> None:
    assert codes(cell) == ["?"]


@pytest.mark.parametrize("cell", ["多个栏目长期不更新", "“文章”栏目未及时更新", "菜单内容无更新", "“动态”“文章”栏目长时间未更新"])
def test_a_word_inside_a_column_phrase_is_not_about_the_account(cell: str) -> None:
    assert codes(cell) == ["COL-01"]


def test_separators_inside_brackets_and_quotes_do_not_split() -> None:
    cell = "栏目名称不正确（“甲，乙”栏目下，有两个“子菜单名称”；另一个空白），未及时更新"
    assert [phrase.text for phrase in read_phrases(cell)] == [
        "栏目名称不正确（“甲，乙”栏目下，有两个“子菜单名称”；另一个空白）",
        "未及时更新",
    ]


def test_an_unclosed_bracket_swallows_nothing() -> None:
    assert codes("未及时更新(9.1,内容不规范") == ["UPD-01", "CNT-01"]


def test_a_tail_is_joined_with_the_words_between_kept() -> None:
    (phrase,) = read_phrases("多个栏目链接无效，无法访问")
    assert (phrase.code, phrase.text) == ("COL-03", "多个栏目链接无效，无法访问")


def test_a_tail_alone_is_no_finding() -> None:
    assert codes("无法访问") == ["?"]


def test_every_kind_is_reached_by_some_published_form() -> None:
    cells = [cell for _, cell, _ in table(BAOJI) + table(SHANGLUO)] + [
        line.rsplit(" | ", 1)[0] for line in OTHERS.strip().splitlines()
    ]
    reached = {code for cell in [*cells, "合格"] for code in codes(cell)}
    assert {kind.code for kind in kinds()} <= reached


def test_codes_are_unique_and_data_keys_are_known() -> None:
    data = tomllib.loads(Path(module.__file__).with_name("taxonomy.toml").read_text(encoding="utf-8"))
    known = {"code", "title", "basis", "by", "where", "outside", "unless", "patterns"}
    assert all(set(entry) <= known for entry in data["finding"])
    assert len({kind.code for kind in kinds()}) == len(kinds())
    found = kind_of("INT-01")
    assert found
    assert found.by is By.CANDIDATE
    assert kind_of("EMPTY") is None


@given(st.text(alphabet="未及时更新栏目“”()（）,，;。、1. 无内容合格\n", max_size=60))
def test_any_text_is_read_without_loss(cell: str) -> None:
    phrases = read_phrases(cell)
    assert phrases
    assert all(phrase.text.strip() == phrase.text and (phrase.text or phrase.code == "EMPTY") for phrase in phrases)
    position = 0
    for phrase in phrases:
        if phrase.text and "1" not in cell:  # numbering is dropped
            position = cell.index(phrase.text, position) + len(phrase.text)


def test_a_hostile_cell_is_read_in_time() -> None:
    assert codes("(" * 3000 + "“" * 3000) == ["?"]
