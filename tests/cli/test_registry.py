"""accounts import|export|list|show: all or nothing, twice is no change, nobody closed by being left out."""

from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, Run

GOOD = ("新浪微博", "示例发布", "示例局")
HOSTILE = (
    "<script>alert(1)</script>",
    "\u202e反转名称",
    '"引"号,逗号;分号',
    "'; drop table account;--",
    "{{7*7}}{% for %}",
    "[bold]x[/bold]",
    "\x1b[31m红",
    "\x9b31m红",
    "@示例",
    "+86示例",
    "-示例",
    "💥😀𠮷",
    "a\u2028b",
    "weibo:示例",
    "第一行\n第二行",
    "长" * 200,
)


def names(run: Run) -> list[str]:
    return [one["name"] for one in run("accounts", "list", "--json").lines]


def test_one_bad_row_keeps_everything_out(run: Run, table) -> None:
    path = table("台账.csv", HEADER, GOOD, ("火星台", "示例三", "示例局"), ("新浪微博", "", "示例局"))
    said = run("accounts", "import", path)
    assert said.code == 2
    assert "第 3 行" in said.out
    assert "第 4 行" in said.out
    assert "台账没有改动" in said.err
    assert names(run) == []
    assert run("accounts", "import", path, "--skip-bad").code == 0
    assert names(run) == ["示例发布"]


def test_the_same_file_twice_changes_nothing(run: Run, table) -> None:
    path = table("台账.csv", HEADER, GOOD, ("今日头条", "示例发布", "示例局"))
    run("accounts", "import", path)
    before = run("accounts", "list", "--json").out
    assert "新增0,变更0,不变2" in run("accounts", "import", path).out
    assert run("accounts", "list", "--json").out == before


def test_a_renamed_account_is_new_and_the_old_one_only_named(run: Run, table) -> None:
    run("accounts", "import", table("一.csv", HEADER, GOOD, ("新浪微博", "示例水利", "水利局")))
    said = run("accounts", "import", table("二.csv", HEADER, GOOD, ("新浪微博", "示例水利局", "水利局")))
    assert "新增1" in said.out
    assert "示例水利。是否已关停或改名?" in said.out
    assert names(run) == ["示例发布", "示例水利", "示例水利局"]
    assert {one["status"] for one in run("accounts", "list", "--json").lines} == {"正常"}


def test_a_short_file_moves_nobody(run: Run, table) -> None:
    run("accounts", "import", table("一.csv", HEADER, *(("新浪微博", f"示例{n}", "局") for n in range(4))))
    run("accounts", "import", table("二.csv", HEADER, ("新浪微博", "示例3", "另一局"), ("新浪微博", "新来的", "局")))
    assert names(run) == ["示例0", "示例1", "示例2", "示例3", "新来的"]
    assert [one["position"] for one in run("accounts", "list", "--json").lines] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["台账.csv", "台账.xlsx"])
def test_export_and_import_are_a_round_trip(run: Run, table, tmp_path: Path, name: str) -> None:
    rows = [("新浪微博", one, f"{one}局") for one in HOSTILE]
    assert run("accounts", "import", table("来.csv", HEADER, *rows)).code == 0
    before = run("accounts", "list", "--json").out
    assert run("accounts", "export", tmp_path / name).code == 0
    assert f"新增0,变更0,不变{len(HOSTILE)}" in run("accounts", "import", tmp_path / name).out
    assert run("accounts", "list", "--json").out == before


def test_hostile_names_are_shown_not_obeyed(run: Run, table) -> None:
    run("accounts", "import", table("来.csv", HEADER, *(("新浪微博", one, "局") for one in HOSTILE)))
    for said in (run("accounts", "list"), run("accounts", "list", "--json")):
        assert not set(said.out) & set("\x1b\x9b\u202e\u2028")
    assert len(run("accounts", "list", "--json").lines) == len(HOSTILE)
    assert "[bold]x[/bold]" in run("accounts", "list").out
    assert run("accounts", "show", "weibo:示例").code == 0


def test_a_formula_and_a_whole_page_are_no_names(run: Run, table) -> None:
    said = run("accounts", "import", table("来.csv", HEADER, ("新浪微博", "=1+1", "局"), ("新浪微博", "长" * 10_000, "局")))
    assert said.code == 2
    assert "不能是公式" in said.out
    assert "10000 个字" in said.out
    assert len(said.out) < 1000


def test_who_is_meant(run: Run, table) -> None:
    run("accounts", "import", table("来.csv", HEADER, GOOD, ("今日头条", "示例发布", "示例局"), ("新浪微博", "示例水利", "局")))
    run("accounts", "show", "示例发布").refused("对应2个账号", "weibo:示例发布", "toutiao:示例发布")
    run("accounts", "show", "水利").refused("没有账号“水利”", "weibo:示例水利")
    run("accounts", "show", "").refused("没有账号“”")
    assert run("accounts", "show", "toutiao:示例发布", "--json").lines[0]["kind"] == "今日头条"
    assert "主办单位:局" in run("accounts", "show", "示例水利").out
    run("accounts", "list", "--platform", "火星").refused("没有平台 火星")


def test_where_an_export_cannot_go(run: Run, table, tmp_path: Path) -> None:
    run("accounts", "import", table("来.csv", HEADER, GOOD))
    (tmp_path / "夹.xlsx").mkdir()
    run("accounts", "export", tmp_path / "台账.pdf").refused(".pdf", ".xlsx 或 .csv")
    run("accounts", "export", tmp_path / "夹.xlsx").refused("写不进")
    run("accounts", "export", tmp_path / "来.csv" / "下面.csv").refused("写不进")
    assert not list(tmp_path.rglob("*.partial"))
