"""Two persons for a veto in a final list: who counts, who does not, and what a disagreement does."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

FINAL = ("report", "noncompliant", "--final", "--as", "csv", "--because", "其余由人工另行核查")


@pytest.fixture
def two(judged: Run, home: Path) -> Run:
    """The sample where a veto takes two persons, as a new workspace has it."""
    path = home / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("persons = 1", "persons = 2"), encoding="utf-8")
    for one in judged("review", "list", "--json").lines:
        judged("review", "confirm", one["account_id"], one["code"], "--who", "张三")
    return judged


def left(run: Run) -> list[dict[str, object]]:
    return run("review", "second", "--json").lines


def sheet(home: Path, rows: list[dict[str, object]], who: str, word: str = "确认") -> Path:
    path = home / "复核.csv"
    told = "".join(f"{one['account_id']},{one['code']},{word},{who},看过\n" for one in rows)
    path.write_text("账号,问题代码,结论,复核人,理由\n" + told, encoding="utf-8")
    return path


def test_one_person_twice_is_one(two: Run, home: Path) -> None:
    waiting = left(two)
    assert waiting
    assert two("review", "import", sheet(home, waiting, "张三")).code == 0
    assert two("review", "import", sheet(home, waiting, " 张 三 ")).code == 0
    assert len(left(two)) == len(waiting)
    assert all(len(one["agreed"]) == 1 for one in left(two))
    two(*FINAL).refused("还没有两人确认", "persons = 1")


def test_a_decision_without_a_name_is_nobodys(two: Run, home: Path) -> None:
    assert two("review", "import", sheet(home, left(two), " ")).code == 0
    assert all(one["agreed"] in (["张三"], []) for one in left(two))


def test_a_second_person_opens_the_print(two: Run, home: Path) -> None:
    for who in ("张三", "李四"):
        assert two("review", "import", sheet(home, left(two), who)).code == 0
    assert left(two) == []
    assert two(*FINAL).code == 0


def test_who_says_no_stops_the_print_until_it_is_settled(two: Run, home: Path) -> None:
    waiting = left(two)
    for who in ("张三", "李四", "王五"):
        assert two("review", "import", sheet(home, waiting, who)).code == 0
    first = [waiting[0]]
    two("review", "import", sheet(home, first, "李四", "驳回"))
    two("review", "import", sheet(home, first, "王五"))
    (torn,) = left(two)
    assert (torn["dismissed"], len(torn["agreed"])) == (["李四"], 2)
    two(*FINAL).refused("有人确认、有人驳回")
    two("review", "import", sheet(home, first, "李四"))
    assert two(*FINAL).code == 0


def test_a_look_of_ones_own_counts_as_one_person(two: Run, home: Path) -> None:
    told = "新媒体类型,新媒体名称,检查日期,最后更新日期,互动,检查人\n新浪微博,示例交通,2026-11-06,2026-11-05,有问题,赵六\n"
    path = home / "检查表.csv"
    path.write_text(told, encoding="utf-8")
    imported = two("observe", "import", path, "--sweep", "s1")
    assert imported.code == 0, imported
    two("judge", "--sweep", "s1")
    one = next(one for one in left(two) if one["name"] == "示例交通")
    assert one["agreed"] == ["赵六"]


def test_a_sheet_of_decisions_is_taken_whole_or_not(two: Run, home: Path) -> None:
    waiting = left(two)[:2]
    path = sheet(home, waiting, "李四")
    path.write_text(path.read_text(encoding="utf-8") + "没有的账号,INT-01,确认,李四,\n", encoding="utf-8")
    two("review", "import", path).refused("没有的账号")
    assert all("李四" not in one["agreed"] for one in left(two))
    path.write_text("甲,乙\n", encoding="utf-8")
    two("review", "import", path).refused("表头")
    two("review", "import", home / "没有.csv").refused("没有这个文件")
