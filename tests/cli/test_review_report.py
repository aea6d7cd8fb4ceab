"""review and report: nothing is decided that is not open, nothing is printed that is not settled."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_reviewing_nothing(judged: Run) -> None:
    judged("review", "confirm", "示例统计", "INT-99").refused("INT-99", "UPD-01")
    judged("review", "confirm", "没有", "INT-01").refused("没有账号“没有”")
    judged("review", "dismiss", "示例审计", "INT-01").refused("理由")
    judged("review", "confirm", "示例发布", "INT-01").refused("对应")
    judged("review", "list", "--sweep", "没有").refused("没有名为")
    assert len(judged("review", "list", "--json").lines) == 9


def test_final_only_when_everything_is_decided(judged: Run, home: Path) -> None:
    judged("report", "noncompliant", "--final", "--as", "csv").refused("9条未复核")
    assert not list((home / "reports").iterdir())
    for one in judged("review", "list", "--json").lines:
        assert judged("review", "confirm", one["account_id"], one["code"], "--why", "看过").code == 0
    assert judged("review", "list", "--json").lines == []
    judged("report", "noncompliant", "--final", "--as", "csv").refused("查清的只有96个", "--because")
    assert judged("report", "noncompliant", "--final", "--as", "csv", "--because", "其余由人工另行核查").code == 0


def test_before_judging(judged: Run) -> None:
    judged("sweep", "--replay", "s1", "--name", "s2")
    for argv in (["report", "noncompliant"], ["review", "list"], ["explain", "示例统计"]):
        judged(*argv, "--sweep", "s2").refused("还没有判定", "tracker judge --sweep s2")


def test_a_report_that_cannot_be_made(judged: Run, home: Path, tmp_path: Path) -> None:
    judged("report", "火星").refused("火星", "noncompliant")
    judged("report", "noncompliant", "--as", "csv,exe").refused("exe", "docx")
    judged("report", "noncompliant", "--as", " , ").refused("--as")
    judged("report", "noncompliant", "--period", "没有").refused("没有")
    judged("report", "noncompliant", "--to", home / "tracker.toml", "--as", "csv").refused("tracker.toml")
    judged("report", "noncompliant", "--to", home / "tracker.toml" / "下", "--as", "csv").refused("不是文件夹")
    judged("report", "noncompliant", "--as", "pdf").refused("浏览器")
    assert not list((home / "reports").glob("*.p*"))


def test_without_a_browser_the_other_formats_are_printed(judged: Run, home: Path) -> None:
    said = judged("report", "noncompliant")
    assert said.code == 0
    assert "PDF 没有生成" in said.out
    assert {path.suffix for path in (home / "reports").iterdir()} == {".docx", ".xlsx", ".html", ".csv", ".json"}


@pytest.mark.parametrize("argv", [["rules", "show", "UPD-99"], ["rules", "show", ""]])
def test_rules_that_are_none(bare: Run, argv: list[str]) -> None:
    bare(*argv).refused("没有规则", "UPD-01")


def test_rules_in_any_case(bare: Run) -> None:
    assert "查什么" in bare("rules", "show", "upd-01").out


def test_the_demo_never_clears_what_is_not_its_own(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "我的").mkdir()
    (tmp_path / "我的" / "台账.xlsx").touch()
    bare("demo", tmp_path / "我的").refused("已有别的文件")
    bare("demo", tmp_path / "我的" / "台账.xlsx").refused("台账.xlsx")
    assert (tmp_path / "我的" / "台账.xlsx").exists()
