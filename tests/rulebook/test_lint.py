"""`tracker rules lint`: every mistake of a profile with its line, all at once; what is right passes; loading tells the first."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, _alone, bare, home, run  # noqa: F401 - the command line's fixtures
from tracker.errors import UsageError
from tracker.rulebook import RULES
from tracker.rulebook.profile import SHIPPED, faults, load

GOOD = """extends = "national"
title = "示例市口径"
source = "示例市2026年检查方案"
warnings = ["UPD"]
confirm = 2

[words]
noted = "基本合格"
failed = "{{ findings }}"

[lifecycle]
words = ["已注销"]
counts = false

[rules.UPD-01]
limit = 7
working = true

[rules.CNT-02]
on = false

[wording]
UPD-01 = "{{ name }}在{{ check_date }}前{{ days }}天({{ working_days }}个工作日)没有更新{% if repeated %}(上期也有){% endif %}"

[[own]]
code = "LOC-01"
title = "长期没有原创"
basis = "示例市2026年检查方案"
message = "近{{ idle_days }}天没有更新"
when = { idle_days = "> 30", channels = false }
"""


def told(tmp_path: Path, text: str, name: str = "own") -> list[tuple[int, str]]:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return [(one.place.line, one.text) for one in faults(path, RULES)]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_profiles_are_faultless(path: Path) -> None:
    assert faults(path, RULES) == ()


def test_a_good_profile_is_faultless(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []
    made = load("own", RULES, [tmp_path])
    assert (made.confirm, made.warnings, made.lifecycle_counts) == (2, ("UPD",), False)


MISTAKES = [
    ('tilte = "x"', "不认识的键 tilte"),
    ("title = 3", "title = 3,应当是带引号的文字"),
    ('must_know = ["UPD-06"]', "must_know 里的 UPD-06 不是启用的规则"),
    ('must_know = "UPD-01"', "must_know = 'UPD-01',应当是方括号里几个带引号的词"),
    ("confirm = 3", "confirm = 3,应为 1"),
    ('warnings = ["UPP"]', "warnings 里没有 UPP 这个代码"),
    ('extends = "nobody"', "没有名为 nobody 的口径;现有口径"),
    ('extends = "own"', "extends 绕成了圈(own → own)"),
    ('holidays = "none.csv"', "打不开(路径不存在)"),
    (r'holidays = "\u0000"', "请检查路径"),
    ('[words]\nnoted = "{{ days }}"', "这里没有这个名字"),
    ('[words]\npased = "合格"', "[words] 没有 pased"),
    ("[words]\npassed = 3", "[words] passed:应当是一句带引号的话"),
    ("[lifecycle]\ncount = true", "[lifecycle] 没有 count"),
    ('[lifecycle]\ncounts = "no"', "[lifecycle] counts = 'no'"),
    ('[absence]\neffect = "free"', "应为 exempt、note、none"),
    ('[effects]\nUPD = "fail"', "[effects] UPD = 'fail',应为 veto、note、remind"),
    ('[effects]\nUDP = "veto"', "effects 里没有 UDP 这个代码"),
    ("[rules.UPD-99]", "[rules.UPD-99] 没有这条规则"),
    ("[rules]\nUPD-01 = 7", "UPD-01 应当是一个表([rules.UPD-01])"),
    ("[rules.UPD-01]\nlimits = 7", "[rules.UPD-01] 没有参数 limits"),
    ('[rules.UPD-01]\nlimit = "7"', "limit = '7',应当是整数"),
    ("[rules.UPD-01]\nlimit = true", "limit = True,应当是整数"),
    ("[rules.UPD-01]\nlimit = -1", "不能是负数"),
    ("[rules.UPD-01]\nworking = 1", "working = 1,应为 true 或 false"),
    ('[rules.UPD-01]\non = "no"', "on = 'no',应为 true 或 false"),
    ('[rules.UPD-01]\neffect = "stop"', "[rules.UPD-01] effect = 'stop'"),
    ("[rules.CNT-02]\ndoubtful = [1]", "应当是方括号里几个带引号的词"),
    ('[wording]\nUPD-01 = "{{ dayz }}天"', "{{ dayz }}"),
    ('[wording]\nINT-01 = "{{ days }}天"', "{{ days }}"),
    ('[wording]\nUPD-01 = "{{ days "', "句子写错了"),
    ('[wording]\nUPD-01 = "{{ days | wochen }}"', "句子写错了"),
    ("[wording]\nUPD-01 = \"{{ days + 'x' }}\"", "句子写错了"),
    ('[wording]\nUPD-01 = "{{ name.__class__.__mro__ }}"', "句子写错了"),
    ('[wording]\nUPD-77 = "x"', "wording 里没有 UPD-77 这个代码"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=[text.replace("\n", " ") for text, _ in MISTAKES])
def test_a_mistake_has_its_line(tmp_path: Path, text: str, words: str) -> None:
    start = "" if text.startswith("extends") else 'extends = "national"\n'
    whole = f"{start}# 说明\n\n{text}\n"
    found = told(tmp_path, whole)
    assert len(found) == 1, found
    line, said = found[0]
    assert words in said
    assert whole.splitlines()[line - 1] == text.splitlines()[-1]
    with pytest.raises(UsageError, match=f"口径 own:.*own.toml 第{line}行"):
        load("own", RULES, [tmp_path])


OWN = GOOD[GOOD.index("[[own]]") :]
OWN_MISTAKES = [
    ('code = "LOC-01"', 'code = "UPD-01"', "应为 LOC-01 到 LOC-99"),
    ('title = "长期没有原创"', "title = 3", "title = 3"),
    ("title = ", "titel = ", "没有 titel"),
    ("{{ idle_days }}", "{{ published }}", "{{ published }}"),
    ('"> 30"', '"about 30"', "idle_days = 'about 30'"),
    ("idle_days", "idle_dayz", "不认识 idle_dayz"),
    ("channels = false", 'channels = "> 1"', '"== true"'),
    ('when = { idle_days = "> 30", channels = false }', "when = 3", "when 应写成"),
    ("basis = ", 'by = "machine"\nbasis = ', "by = 'machine'"),
    ("basis = ", 'by = "automatic"\nbasis = ', "channels,要由人复核"),
    ("basis = ", 'by = "person"\nbasis = ', "by 应为 automatic"),
    ("basis = ", 'effect = "fail"\nbasis = ', "effect = 'fail'"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "words"), OWN_MISTAKES, ids=[wrong.replace("\n", " ") for _, wrong, _ in OWN_MISTAKES]
)
def test_a_mistake_of_an_own_rule_has_its_line(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    whole = 'extends = "national"\n\n' + OWN.replace(right, wrong)
    found = told(tmp_path, whole)
    assert [said for _, said in found if words in said], found
    line = next(line for line, said in found if words in said)
    changed = [number for number, text in enumerate(whole.splitlines(), 1) if text not in OWN]
    assert line in changed or wrong.split(" =")[0] in whole.splitlines()[line - 1]


def test_two_own_rules_of_one_code(tmp_path: Path) -> None:
    whole = f'extends = "national"\n{OWN}\n{OWN}'
    [(line, said)] = told(tmp_path, whole)
    assert "代码 LOC-01 前面已经用过" in said
    assert [number for number, text in enumerate(whole.splitlines(), 1) if text.startswith("code")][1] == line


def test_an_own_rule_without_its_parts(tmp_path: Path) -> None:
    [(line, said)] = told(tmp_path, 'extends = "national"\n[[own]]\ncode = "LOC-01"\n')
    assert (line, "缺 title、basis、message、when" in said) == (3, True)


def test_all_mistakes_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    rules = '[rules.UPD-01]\nlimit = """\n7\n"""\n'
    wording = '[wording]\nUPD-01 = "{{ x }}"\nUPD-02 = "{{ y }}"\n'
    text = f'tilte = "x"\nextends = "national"\n{rules}{wording}'
    assert [line for line, _ in told(tmp_path, text)] == [1, 4, 8, 9]


def test_a_rule_that_must_be_known_but_is_off_is_told_where_it_is_off(tmp_path: Path) -> None:
    [(line, said)] = told(tmp_path, 'extends = "national"\n\n[rules.UPD-01]\non = false\n')
    assert (line, "must_know 里的 UPD-01" in said) == (4, True)


def test_without_a_base_the_words_are_missing(tmp_path: Path) -> None:
    assert told(tmp_path, 'title = "x"\n') == [(1, "[words] 缺 failed、to_review、unchecked、passed")]


def test_a_mistake_of_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('extends = "national"\n\ntilte = "x"\n', encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text('extends = "base"\n', encoding="utf-8")
    [one] = faults(path, RULES)
    assert (one.place.path.name, one.place.line) == ("base.toml", 3)


def test_circles_over_two_files(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('extends = "own"\n', encoding="utf-8")
    [(_, said)] = told(tmp_path, 'extends = "base"\n')
    assert "own → base → own" in said


STRANGE = ("-1", "true", '"\\u0000"', "[1]", "{ a = [1] }", "nan")


@pytest.mark.parametrize("number", range(GOOD.count("\n")))
def test_a_strange_value_is_a_mistake_or_fine_but_never_a_crash(tmp_path: Path, number: int) -> None:
    lines = GOOD.splitlines()
    key, equals, _ = lines[number].partition(" = ")
    for value in STRANGE if equals else ("", "[x]", "[[rules]]", "[own]"):
        changed = [*lines[:number], f"{key} = {value}" if equals else value, *lines[number + 1 :]]
        for line, said in told(tmp_path, "\n".join(changed)):
            assert 1 <= line <= len(lines)
            assert re.search("[\u4e00-\u9fff]", said)
            assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('extends = "national"\ntitle = 示例市\n', 2, "文字要加英文引号"),
        ('extends = "national"\ntitle\n', 2, "等号"),
        ("a = 1\na = 2\n", 2, "前面已经写过"),
        ("a = [1,\n\n2\n", 4, "方括号没有合上"),
        ('[words]\nfailed = "不合格\n', 2, "引号没有在同一行合上"),
        ("extends = “national”\n", 1, "英文引号"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, text: str, line: int, words: str) -> None:
    [(found, said)] = told(tmp_path, text)
    assert (found, words in said) == (line, True), said


def test_another_code_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes('extends = "national"\ntitle = "示例"\n'.encode("gb18030"))
    [one] = faults(path, RULES)
    assert (one.place.line, "另存为 UTF-8" in one.text) == (2, True)


def test_a_bad_holiday_table_is_told_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("date,kind\n2027-13-01,休\n2027-01-01,停\n", encoding="utf-8")
    found = told(tmp_path, 'extends = "national"\nholidays = "h.csv"\n')
    assert [(line, re.search("第[0-9]+行", said)[0]) for line, said in found] == [(2, "第2行"), (2, "第3行")]  # type: ignore[index]


def test_the_command_lists_them_and_exits_with_one(bare: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "own.toml"
    path.write_text('extends = "national"\ntilte = "x"\nconfirm = 9\n', encoding="utf-8")
    said = bare("rules", "lint", path)
    assert said.code == 1
    assert said.out.splitlines()[0].startswith("own.toml 第2行:不认识的键 tilte")
    lines = bare("rules", "lint", path, "--json").lines
    assert [(one["line"], one["file"]) for one in lines] == [(2, str(path)), (3, str(path))]
    assert json.dumps(lines)


def test_the_command_says_when_there_is_nothing(bare: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    said = bare("rules", "lint", path)
    assert (said.code, said.out.strip()) == (0, "没有发现错误")
    assert bare("rules", "lint", path, "--json").out == ""


def test_the_command_without_a_file(bare: Run, tmp_path: Path) -> None:  # noqa: F811
    bare("rules", "lint", tmp_path / "none.toml").refused("没有这个文件")


def test_a_workspace_has_its_own_holidays(run: Run, home: Path) -> None:  # noqa: F811
    (home / "holidays.csv").write_text("date,kind\n2027-01-01,假\n", encoding="utf-8")
    assert run("period", "list").code == 0
    (home / "profiles" / "own.toml").write_text(GOOD, encoding="utf-8")
    shown = run("rules", "show", "LOC-01", "--profile", "own")
    assert shown.code == 0
    assert "到检查日未更新的天数大于30天" in shown.out


def test_what_each_profile_sets_is_shown(bare: Run) -> None:  # noqa: F811
    said = bare("rules", "show", "UPD-01", "--profile", "ten-day").out
    assert re.search(r"limit\s*│\s*10", said)
    assert "监测时间点前10天内无更新" in said
    assert "shangluo" in bare("rules", "list").out
    bare("rules", "show", "UPD-01", "--profile", "nobody").refused("没有名为 nobody 的口径")
