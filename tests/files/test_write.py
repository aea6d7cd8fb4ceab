import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.files import read_sheets, write_csv, write_xlsx
from tracker.model import Sheet

HOSTILE = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "'=1", "''=1", '=cmd|" /C calc"!A0']


def test_no_hostile_cell_is_a_formula_in_a_workbook(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [Sheet(name="表", cells=[["值"], *([cell] for cell in HOSTILE)])])
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [page.cell(row, 1).data_type for row in range(2, len(HOSTILE) + 2)] == ["s"] * len(HOSTILE)
    assert [row[0] for row in read_sheets(tmp_path / "a.xlsx")[0].cells[1:]] == HOSTILE


def test_every_hostile_csv_cell_is_defused_and_comes_back_as_it_was(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["值", "x"], *([cell, "x"] for cell in HOSTILE)])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        raw = [row[0] for row in csv.reader(file)][1:]
    assert all(cell.startswith("'") for cell in raw)
    assert [row[0] for row in read_sheets(tmp_path / "a.csv")[0].cells[1:]] == HOSTILE


@example([";;"])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=6))
def test_any_text_survives_csv(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv(path, [["首", *cells]])
    assert [cell or "" for cell in read_sheets(path)[0].cells[0]][1:] == [cell if cell.strip() else "" for cell in cells]


def test_codes_and_dates_are_text_and_numbers_stay_numbers(tmp_path: Path) -> None:
    row = ["6110000040", "10.10", date(2020, 11, 3), 7, 2.5, None]
    write_xlsx(tmp_path / "a.xlsx", [Sheet(name="表", cells=[list("abcdef"), row])])
    assert read_sheets(tmp_path / "a.xlsx")[0].cells[1] == ["6110000040", "10.10", "2020-11-03", 7, 2.5, None]
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page["A2"].number_format == "@"


def test_merged_areas_and_drop_downs_are_written(tmp_path: Path) -> None:
    sheet = Sheet(name="检查/记录", cells=[["单位", "互动"], ["甲", None], [None, "未看"]], merged=((1, 0, 2, 0),))
    write_xlsx(tmp_path / "a.xlsx", [sheet], choices={"检查/记录": {1: ["有问题", "无问题"]}})
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["检查_记录"]
    (rule,) = page.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ('"有问题,无问题"', "B2:B3")
    assert read_sheets(tmp_path / "a.xlsx")[0].merged == ((1, 0, 2, 0),)
    assert read_sheets(tmp_path / "a.xlsx")[0].cells[1][0] == "甲"


def test_links_can_be_clicked_and_read_back_as_text(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [Sheet(name="表", cells=[["链接"], ["https://weibo.com/u/1"], ["javascript:alert(1)"]])])
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page["A2"].hyperlink.target == "https://weibo.com/u/1"
    assert page["A3"].hyperlink is None
    assert read_sheets(tmp_path / "a.xlsx")[0].cells[1] == ["https://weibo.com/u/1"]


def test_a_cell_that_excel_cannot_hold_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="第 2 行第 1 列"):
        write_xlsx(tmp_path / "a.xlsx", [Sheet(name="表", cells=[["a"], ["长" * 40_000]])])
    assert not list(tmp_path.iterdir())


def test_a_target_that_is_open_elsewhere_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.csv"
    write_csv(target, [["旧"]])
    before = target.read_bytes()

    def locked(self: Path, other: Path) -> Path:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(UsageError, match="关闭"):
        write_csv(target, [["新"]])
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_cannot_be_made_is_the_operators_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="写不进"):
        write_csv(tmp_path / "file" / "a.csv", [["x"]])


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, [Sheet(name="表", cells=[["a"], ["b"]])])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
