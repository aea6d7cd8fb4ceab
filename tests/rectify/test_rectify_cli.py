"""tracker rectify, from a printed list and a check by people to words, tables and the inspection form's two cells."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.rectify.conftest import LOOKED
from tracker.files import read_sheets
from tracker.rectify import words
from tracker.workspace import opened

EXPECTED = {
    "示例发布": "已整改",
    "示例统计": "未整改",
    "示例教育": "未整改到位",
    "示例交通": "未能核查",
    "示例文旅": "拟关停注销",
    "示例水利": "",
    "别处来的": "未能核查",
}


def test_every_word_of_a_recheck(office: Run) -> None:
    said = office("rectify", "--against", "2026Q3", "--json")
    assert said.code == 3
    told = {one["name"]: one for one in said.lines}
    assert {name: one["rectified"] for name, one in told.items()} == EXPECTED
    assert told["示例发布"]["findings"] == [
        {
            "code": "UPD-01",
            "message": "监测时间点前2周内无更新",
            "rectified": "已整改",
            "reason": "检查日2026-11-06,最近发布2026-11-03",
            "files": told["示例发布"]["findings"][0]["files"],
        }
    ]
    assert told["示例发布"]["findings"][0]["files"][0].startswith("q4/")
    assert [one["code"] for one in told["示例发布"]["fresh"]] == ["INT-01"]
    assert told["示例发布"]["source"] == "来自纸质通报 2026年第三季度.csv第2行"
    assert "最近2026-10-10" in told["示例教育"]["reason"]
    assert told["示例文旅"]["closing"] == "10.20已进入自主注销冻结期"
    assert told["示例水利"]["new_account"] is True
    assert "台账里没有这个账号" in told["别处来的"]["reason"]


def test_the_counts_in_words(office: Run) -> None:
    said = office("rectify", "--against", "2026Q3")
    assert "2026年第三季度检查发现存在突出问题的政务新媒体6个,复核3个:已整改1个,未整改到位1个,未整改1个" in said.out
    assert "整改率33.33%(1/3)" in said.out
    assert "另有1个拟关停注销,不计入整改率" in said.out
    assert "另有2个未能核查,不计入整改率" in said.out
    assert "已整改的账号中有1个出现新的问题" in said.out


def test_the_tables(office: Run, tmp_path: Path) -> None:
    office("rectify", "--against", "2026Q3", "--to", tmp_path / "整改.xlsx")
    accounts, findings = read_sheets(tmp_path / "整改.xlsx")
    assert {row[2]: row[6] or "" for row in accounts.cells[1:]} == EXPECTED
    assert accounts.cells[-1][3] == "示例市某局"
    assert [row[4] for row in findings.cells[1:]] == ["已整改", "未整改", "未整改到位", "未能核查", "拟关停注销", "未能核查"]
    office("rectify", "--against", "2026Q3", "--to", tmp_path / "整改.csv")
    (flat,) = read_sheets(tmp_path / "整改.csv")
    assert [row[6] or "" for row in flat.cells[1:]] == list(EXPECTED.values())


def test_who_fails_again_and_again(office: Run) -> None:
    said = office("rectify", "--against", "2026Q3", "--repeat", "2", "--json")
    told = [one for one in said.lines if "repeat" in one]
    assert sorted((one["periods"], one["codes"]) for one in told) == [
        (["2026Q3", "2026Q4"], []),
        (["2026Q3", "2026Q4"], ["INT-01"]),
        (["2026Q3", "2026Q4"], ["UPD-01"]),
    ]


def test_the_cells_of_the_inspection_form(office: Run, home: Path) -> None:
    with opened(home) as ws:
        names = {one.account_id: one.name for one in ws.store.accounts()}
        told = {names[whom]: cells for whom, cells in words(ws, ws.sweep("q4")).items()}
    assert told["示例统计"] == ("未提供有效互动功能", "未整改")
    assert told["示例水利"] == ("新增备案", "")
    assert told["示例文旅"] == ("监测时间点前2周内无更新", "拟关停注销")


def test_a_later_look_settles_what_was_open(office: Run, table) -> None:  # type: ignore[no-untyped-def]
    again = table("再看.csv", (*LOOKED[0][:4], "点赞"), ("新浪微博", "示例交通", "2026-11-09", "2026-11-08", "无问题"))
    assert office("observe", "import", again, "--sweep", "q4").code == 0
    office("judge", "--sweep", "q4")
    told = {one["name"]: one for one in office("rectify", "--against", "2026Q3", "--json").lines}
    assert told["示例交通"]["rectified"] == "已整改"
    assert "检查人看过" in told["示例交通"]["reason"]


def test_a_profile_that_was_changed_since_mends_nothing(office: Run, home: Path) -> None:
    (home / "profiles" / "baoji.toml").write_text('extends = "national"\n[rules.UPD-01]\nlimit = 13\n', encoding="utf-8")
    said = office("rectify", "--against", "2026Q3", "--json")
    told = {one["name"]: one["rectified"] for one in said.lines}
    assert told["示例发布"] == "未能核查"
    assert (told["示例统计"], told["示例教育"]) == ("未整改", "未整改到位")
    assert "口径在判定之后改过" in office("rectify", "--against", "2026Q3").out


def test_what_is_refused(office: Run, tmp_path: Path) -> None:
    office("rectify", "--against", "2026Q2").refused("没有名为 2026Q2")
    office("rectify", "--against", "2026Q4").refused("不早于")
    office("rectify", "--against", "2026Q3", "--sweep", "没有").refused("没有名为 没有")
    office("rectify", "--against", "2026Q3", "--sweep", "q4", "--period", "2026Q4").refused("只能写一个")
    office("rectify", "--against", "2026Q3", "--to", tmp_path / "整改.pdf").refused(".xlsx", "整改.pdf")
    office("rectify", "--against", "2026Q3", "--to", tmp_path).refused(".xlsx")
    office("period", "open", "2026Q1", "--start", "2026-01-01", "--end", "2026-03-31")
    office("rectify", "--against", "2026Q1").refused("没有判定过的正式检查")
