"""report versions, diff, check and consult as a clerk calls them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, _alone, _sample, bare, home, judged

__all__ = ["_alone", "_sample", "bare", "home", "judged"]


def test_drafts_versions_and_diff(judged: Run, home: Path) -> None:
    assert "稿次:第1稿" in judged("report", "noncompliant", "--as", "csv").out
    (one, *_) = judged("review", "list", "--json").lines
    assert judged("review", "dismiss", one["account_id"], one["code"], "--why", "看错了").code == 0
    said = judged("report", "form", "noncompliant", "--as", "csv")
    assert "稿次:第2稿" in said.out
    assert "改名为" in said.out
    assert [each["label"] for each in judged("report", "versions", "--json").lines] == ["第1稿", "第2稿"]
    (changed,) = judged("report", "diff", "--json").lines
    assert (changed["change"], changed["account_id"], changed["to"]) == ("left", one["account_id"], "")
    assert any("看错了" in why for why in changed["why"])
    assert "撤下 1 个" in judged("report", "diff", "noncompliant", "--from", "1", "--to", "第2稿").out
    judged("report", "diff", "--from", "7").refused("没有“7”这一稿", "第1稿、第2稿")
    judged("report", "diff", "火星").refused("火星", "noncompliant")


def test_closed_gates_are_listed_for_scripts(judged: Run) -> None:
    said = judged("report", "noncompliant", "--final", "--json", "--because", "其余另查", "--as", "csv")
    assert said.code == 2
    assert [(one["slug"], one["releasable"], one["released"]) for one in said.lines] == [
        ("candidates", False, False),
        ("coverage", True, True),
    ]


def test_check_needs_no_workspace(bare: Run, tmp_path: Path) -> None:
    good = Path(__file__).parents[2] / "examples" / "shangluo_media_1-75.csv"
    said = bare("report", "check", good, "--json")
    assert said.code in (0, 1)
    assert {"files", "disagreements", "checked"} == set(said.lines[0])
    bad = tmp_path / "名单.csv"
    bad.write_text(
        "序号,新媒体类型,新媒体名称,检查结果,存在的突出问题\n1,微信,甲,不合格,未更新\n3,微博,乙,不合格,未\n", encoding="utf-8"
    )
    found = bare("report", "check", bad)
    assert found.code == 1
    assert "名单.csv" in found.out
    bare("report", "check", tmp_path / "没有.docx").refused("没有这个文件")
    bare("report", "check", bad, "--sweep", "s1").refused("工作区")


def test_another_city_is_not_held_against_the_workspace(judged: Run) -> None:
    other = Path(__file__).parents[2] / "examples" / "shangluo_media_1-75.csv"
    assert "没有与工作区对照" in judged("report", "check", other).out
    assert "已与批次 s1 的检查结果对照" in judged("report", "check", other, "--sweep", "s1").out


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (("consult",), "还有9条未复核"),
        (("consult", "--deadline", "2026-11-30", "--days", "3"), "只能写一个"),
        (("consult", "--reply"), "收反馈表要写 --reply 和文件名"),
        (("consult", "a.xlsx"), "收反馈表要写 --reply 和文件名"),
        (("objections", "decide", "示例统计", "UPD-01", "--why", "x"), "要写一个"),
        (("objections", "decide", "示例统计", "UPD-01", "--reject", "--why", "x"), "没有收到"),
        (("objections",), "tracker report objections"),
    ],
)
def test_what_is_refused(judged: Run, argv: tuple[str, ...], word: str) -> None:
    said = judged("report", *argv)
    assert said.code == 2
    assert word in said.err


def test_nobody_was_asked(judged: Run) -> None:
    assert "没有征求过意见" in judged("report", "objections", "summary").out
    assert judged("report", "objections", "list", "--json").lines == []
