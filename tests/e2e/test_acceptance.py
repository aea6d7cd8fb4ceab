"""The acceptance of the issue through the command line: published bulletins in, the published lists out."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.e2e.running import HEADER, from_docx, ok, the, tracker
from tracker.rulebook.taxonomy import read_phrases
from tracker.text import key

EXAMPLES = Path(__file__).parents[2] / "examples"
BAOJI = EXAMPLES / "baoji_media.csv"
SHANGLUO = EXAMPLES / "shangluo_media_1-75.csv"
FRESH = 82
FOUND = "第四季度检查存在的突出问题"
AGES = {"UPD-01", "UPD-02", "UPD-03", "UPD-04"}
ODD = 67
"""Row of 商洛 whose printed age does not follow from its printed date (issue)."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def office(tmp_path: Path, database: str) -> Path:
    """A new workspace, made as a person makes one."""
    root = tmp_path / "办公室"
    ok("init", root, "--place", "示例市", "--persons", "1")
    if database:
        settings = root / "tracker.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("sqlite:///tracker.db", database), encoding="utf-8")
    return root


def amid_fresh_ones(published: list[dict[str, str]]) -> list[dict[str, str]]:
    """The published rows in their order, invented rows that were looked at and found in order between them."""
    found = []
    for n in range(FRESH + len(published)):
        if n % 5 == 2 and n // 5 < len(published):
            found.append({**published[n // 5], "最后更新日期": ""})
        else:
            fresh = {
                "新媒体类型(七选一)": ("微信", "微博")[n % 2],
                "新媒体名称": f"示例{n}号",
                "代表主体名称": f"示例市示例{n}局",
            }
            age = ("2020-11-5", "11.3", "10月30日", "2020. 10. 26")[n % 4]
            found.append(dict.fromkeys(published[0], "") | fresh | {"存在的突出问题": "无", "最后更新日期": age})
    return [row | {"序号": str(n)} for n, row in enumerate(found, 1)]


def test_the_eighteen_of_baoji_are_printed_as_published(office: Path, tmp_path: Path) -> None:
    published = rows_of(BAOJI)
    sheet = written(tmp_path / "检查表.csv", amid_fresh_ones(published))
    said = ok("observe", "import", sheet, "--check-date", "2020-11-06", "--add-accounts", workspace=office)
    assert "100行" in said.out
    judged = ok("judge", "--json", workspace=office)
    assert [one["verdict"] for one in judged.lines].count("不合格") == len(published) == 18
    assert [one["verdict"] for one in judged.lines].count("合格") == FRESH
    ok("report", "noncompliant", "--to", tmp_path / "out", "--as", "docx,csv", "--final", workspace=office)
    wanted = [
        (
            str(n),
            row["新媒体类型(七选一)"],
            row["其他(新媒体类型)"],
            row["新媒体名称"],
            row["代表主体名称"],
            row["检查结果"],
            row["存在的突出问题"].replace("未更新", "无更新"),
            row["备注"],
        )
        for n, row in enumerate(published, 1)
    ]
    assert from_docx(the(tmp_path / "out", "docx")) == wanted
    with the(tmp_path / "out", "csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == HEADER
    assert [tuple(row) for row in rows] == wanted
    assert the(tmp_path / "out", "csv").stem == the(tmp_path / "out", "docx").stem
    assert "2020年第四季度" in the(tmp_path / "out", "docx").stem


def gravest(codes: set[str]) -> str:
    """The tier that the field prints where its words name two (row 32: 长期不更新, 僵尸)."""
    return max(codes & AGES, default="")


@pytest.mark.parametrize("blank", [False, True], ids=["column left out", "cells left empty"])
def test_the_ages_of_shangluo_follow_from_the_dates_alone(office: Path, tmp_path: Path, blank: bool) -> None:
    published = rows_of(SHANGLUO)
    bare = [row | {FOUND: ""} if blank else {name: cell for name, cell in row.items() if name != FOUND} for row in published]
    words = ("--check-date", "2020-11-15", "--add-accounts", "--keep-unknown")
    ok("observe", "import", written(tmp_path / "商洛.csv", bare), *words, workspace=office)
    judged = tracker("judge", "--json", workspace=office).lines
    assert [key(row["新媒体名称"]) for row in published] == [key(one["name"]) for one in judged]
    ages = {n: gravest({finding["code"] for finding in one["findings"]}) for n, one in enumerate(judged, 1)}
    printed = {n: gravest({phrase.code for phrase in read_phrases(row[FOUND])} - {None}) for n, row in enumerate(published, 1)}
    assert {n: code for n, code in ages.items() if n != ODD} == {n: code for n, code in printed.items() if n != ODD}
    assert bool(ages[ODD]) == bool(printed[ODD])
    assert sum(map(bool, ages.values())) == 18
    assert {finding["code"] for one in judged for finding in one["findings"]} <= AGES


def test_no_row_of_shangluo_is_judged_on_another_day(office: Path, tmp_path: Path) -> None:
    ok("observe", "import", SHANGLUO, "--check-date", "2020-11-15", "--add-accounts", "--keep-unknown", workspace=office)
    said = tracker("judge", "--json", workspace=office)
    assert {one["check_date"] for one in said.lines} == {"2020-11-15"}
    for one in said.lines:
        if one["latest_post"] and one["idle_days"]:
            days = (date(2020, 11, 15) - date.fromisoformat(one["latest_post"])).days
            assert one["idle_days"] in ({"least": days, "most": days}, {"least": 0, "most": 0})


def test_gaps_of_shangluo_appear_when_and_only_when_the_days_of_posting_are_given(office: Path, tmp_path: Path) -> None:
    """Gaps of the quarter cannot be seen from the last date (domain/rules.md §5): the clerk's list of days shows them."""
    published = rows_of(SHANGLUO)
    gapped = {n for n, row in enumerate(published, 1) if "UPD-05" in {one.code for one in read_phrases(row[FOUND])}}
    last = "最后更新日期"
    fresh = {n for n, row in enumerate(published, 1) if row[last].startswith("11.") and n not in gapped}
    bare = [{name: cell for name, cell in row.items() if name != FOUND} for row in published]

    def days(n: int, row: dict[str, str]) -> str:
        if n in gapped:
            return f"10.17、{row[last]}"
        return f"10.20、10.24、10.29、11.3、{row[last]}" if n in fresh else ""

    told = [row | {"发布日期": days(n, row)} for n, row in enumerate(bare, 1)]
    words = ("--check-date", "2020-11-15", "--add-accounts", "--keep-unknown")
    found = []
    for name, rows in (("没有日期", bare), ("有日期", told)):
        ok("observe", "import", written(tmp_path / f"{name}.csv", rows), "--sweep", name, *words, workspace=office)
        judged = tracker("judge", "--sweep", name, "--profile", "shangluo", "--json", workspace=office).lines
        codes = [{finding["code"] for finding in one["findings"]} for one in judged]
        found.append({n for n, told_codes in enumerate(codes, 1) if "UPD-05" in told_codes})
    assert len(gapped) >= 5
    assert len(fresh) >= 10
    assert found == [set(), {n for n in gapped if published[n - 1][last].startswith("11.")}]
