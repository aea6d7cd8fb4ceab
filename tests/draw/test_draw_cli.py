"""period, draw, history and absence as commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.history.world import BAOJI, Q4, account, checked, office, write
from tracker.cli import app
from tracker.cli.common import Context
from tracker.errors import UsageError
from tracker.workspace import opened

CITY = tuple(account("新浪微博", f"示例{n:02}", region="市直") for n in range(12))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with office(tmp_path, *CITY):
        pass
    return tmp_path / "工作区"


def run(root: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["--workspace", str(root), *words], obj=Context(), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def lines(root: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(root, *words, "--json").splitlines()]


def refuse(root: Path, *words: str) -> str:
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(app, ["--workspace", str(root), *words], obj=Context(), catch_exceptions=False)
    return str(caught.value)


def opens(root: Path, name: str = "2020Q4") -> None:
    run(root, "period", "open", name, "--start", "2020-10-26", "--end", "2020-11-18", "--title", "2020年第四季度")


def test_a_period_from_open_to_closed(root: Path) -> None:
    opens(root)
    (told,) = lines(root, "period", "list")
    assert told == {
        "name": "2020Q4",
        "title": "2020年第四季度",
        "start": "2020-10-26",
        "end": "2020-11-18",
        "state": "open",
        "source": "",
    }
    drawn = run(root, "draw", "--period", "2020Q4", "--method", "strata", "--size", "4", "--seed", "7")
    assert "采取随机抽取的方式,对4个政务新媒体进行了抽查(共检查4个,检查率约为33.3%)。" in drawn
    assert "抽查名单.xlsx" in drawn
    (shown,) = lines(root, "period", "show", "2020Q4")
    assert (shown["draws"][0]["seed"], len(shown["draws"][0]["drawn"]), len(shown["draws"][0]["frame"])) == (7, 4, 12)
    assert "--why" in refuse(root, "period", "close", "2020Q4")
    with opened(root) as ws:
        checked(ws, Q4)
    run(root, "period", "close", "2020Q4")
    assert lines(root, "period", "list")[0]["state"] == "closed"
    assert "已经关闭" in refuse(root, "draw", "--period", "2020Q4", "--method", "all", "--why", "再来")


def test_a_seed_that_is_not_given_is_kept(root: Path) -> None:
    opens(root)
    (first,) = lines(root, "draw", "--period", "2020Q4", "--method", "strata", "--size", "50%")
    told = ("--seed", str(first["seed"]), "--why", "复核抽取过程")
    (second,) = lines(root, "draw", "--period", "2020Q4", "--method", "strata", "--size", "50%", *told)
    assert first["drawn"] == second["drawn"]
    assert "重抽理由:复核抽取过程" in run(root, "period", "show", "2020Q4")


def test_what_is_wrong_is_named(root: Path) -> None:
    assert "--method lots 不对" in refuse(root, "draw", "--period", "2020Q4", "--method", "lots")
    assert "没有名为 2020Q4 的检查期" in refuse(root, "draw", "--period", "2020Q4", "--method", "all")
    assert "没有名为 x 的检查期" in refuse(root, "period", "show", "x")
    assert "结束不能早于开始" in refuse(root, "period", "open", "x", "--start", "2020-2-2", "--end", "2020-2-1")


def test_a_plan_of_the_drawn_accounts(root: Path) -> None:
    run(root, "period", "open", "本期", "--start", "2020-1-1", "--end", "2099-12-31")
    run(root, "draw", "--period", "本期", "--method", "strata", "--size", "4", "--seed", "7")
    assert "│ 4 " in run(root, "sweep", "--plan", "--accounts", "drawn")
    assert "│ 12 " in run(root, "sweep", "--plan")
    assert "应为 all、drawn、new、failing" in refuse(root, "sweep", "--plan", "--accounts", "few")


def test_history_from_file_to_repeat_offenders(root: Path, tmp_path: Path) -> None:
    for number, names in ((2, ("示例01", "示例02")), (3, ("示例01", "不在册"))):
        rows = [(n, "微博", "", name, "某局", "不合格", "未更新", "") for n, name in enumerate(names, 1)]
        told = run(root, "history", "import", str(write(tmp_path / f"{number}.xlsx", BAOJI, *rows)), "--period", f"2020Q{number}")
        assert (
            f"检查期 2020Q{number}(2020年第{'一二三四'[number - 1]}季度),来自纸质通报 {number}.xlsx:2行,其中有问题的2行" in told
        )
    assert "有1个账号不在台账里,按平台和名称保留:不在册(新浪微博)" in told
    (first, stranger) = lines(root, "history", "show", "--period", "2020Q3")
    assert (first["name"], first["account_id"]) == ("示例01", CITY[1].account_id)
    assert (stranger["account_id"], stranger["findings"][0]["code"]) == (None, "UPD-01")
    assert lines(root, "history", "repeat") == [
        {"account": CITY[1].account_id, "periods": ["2020Q2", "2020Q3"], "codes": ["UPD-01"]}
    ]
    opens(root)
    assert "不是来自纸质通报" in refuse(root, "history", "show", "--period", "2020Q4")
    assert [one["state"] for one in lines(root, "period", "list")] == ["closed", "closed", "open"]


def test_a_bad_row_is_named_and_nothing_is_imported(root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", BAOJI, (1, "心电图", "", "示例01", "某局", "不合格", "未更新", ""))
    assert "没有导入任何一行" in refuse(root, "history", "import", str(path), "--period", "2020Q3")
    assert lines(root, "period", "list") == []


def test_absence(root: Path) -> None:
    told = ("--from", "2020-10-1", "--to", "2020-10-20", "--why", "系统升级", "--document", "示政办〔2020〕9号")
    said = run(root, "absence", "add", "示例01", *told, "--filed", "2020-10-5")
    assert "2020-10-05 以前的天数仍计入" in said
    assert "本口径不考虑停更报备" in said
    run(root, "absence", "add", "示例02", *told, "--filed", "2020-9-30")
    assert lines(root, "absence", "list", "--account", "示例01") == [
        {
            "account_id": CITY[1].account_id,
            "from": "2020-10-01",
            "to": "2020-10-20",
            "filed": "2020-10-05",
            "why": "系统升级",
            "document": "示政办〔2020〕9号",
            "who": "检查人",
        }
    ]
    assert len(lines(root, "absence", "list")) == 2
    assert "还没有到" in refuse(root, "absence", "add", "示例01", *told, "--filed", "2099-1-1")
    assert "早于开始日期" in refuse(root, "absence", "add", "示例01", "--from", "2020-10-2", "--to", "2020-10-1", *told[4:])
    assert "谁都不是" in refuse(root, "absence", "add", "谁都不是", *told)


def test_a_notice_reaches_the_verdict_and_the_card(root: Path, tmp_path: Path) -> None:
    """The whole way: sheet, notice, judge under a profile that exempts, explain."""
    (root / "profiles" / "exempt.toml").write_text('extends = "baoji"\n[absence]\neffect = "exempt"\n', encoding="utf-8")
    head = ("新媒体类型", "新媒体名称", "检查日期", "最后更新日期")
    sheet = write(tmp_path / "表.csv", head, ("新浪微博", "示例01", "2020-11-6", "2020-10-16"))
    run(root, "observe", "import", str(sheet))
    told = ("--from", "2020-10-20", "--to", "2020-10-31", "--why", "系统升级", "--document", "示政办〔2020〕9号")
    run(root, "absence", "add", "示例01", *told, "--filed", "2020-10-18")
    for profile, word in (("exempt", "合格"), ("baoji", "不合格")):
        done = CliRunner().invoke(app, ["--workspace", str(root), "judge", "--profile", profile, "--json"], obj=Context())
        found = {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
        assert found["示例01"]["verdict"] == word
        assert found["示例01"]["idle_days"] == {"least": 21, "most": 21}
        card = run(root, "explain", "示例01")
        assert ("2020-10-20起的12天不计入未更新天数" in card) is (profile == "exempt")
