import contextlib
import io
import random
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tracker.errors import UsageError
from tracker.files import read as door
from tracker.files import read_sheets
from tracker.text import Linked

DATA = Path(__file__).parent / "data"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refused(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_sheets(path)
    assert path.name in str(caught.value)
    return str(caught.value)


def book(path: Path) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(str(path))


def test_an_old_excel_file_keeps_dates_fractions_and_merged_areas_and_leaves_hidden_sheets_out() -> None:
    (sheet,) = read_sheets(DATA / "registry.xls")
    assert sheet.name == "台账"
    assert sheet.cells[0][0] == "示例市政务新媒体台账(虚构)"
    assert sheet.cells[2][5] == date(2019, 3, 2)
    assert [row[6] for row in sheet.cells[2:]] == [11.13, "10.10", 10.1]
    assert {(0, 0, 0, 6), (2, 3, 3, 3), (2, 4, 3, 4)} == set(sheet.merged)
    assert sheet.cells[3][3] is None


def test_an_xlsx_that_starts_below_and_right_of_a1_keeps_its_row_numbers(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        out.add_worksheet().write_string("C5", "名称")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert sheet.first_row == 1
    assert sheet.cells[4][2] == "名称"


def test_hyperlinks_come_with_their_text_and_only_web_ones(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        page = out.add_worksheet("有 链接&")
        page.write_url("A1", "https://weibo.com/u/1?a=1&b=2", None, "示例发布")
        page.write_url("A2", "mailto:a@example.com", None, "邮件")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    first, second = sheet.cells[0][0], sheet.cells[1][0]
    assert isinstance(first, Linked)
    assert (str(first), first.url) == ("示例发布", "https://weibo.com/u/1?a=1&b=2")
    assert not isinstance(second, Linked)


def test_a_merged_area_hides_what_stands_under_it(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        page = out.add_worksheet()
        page.merge_range("A1:A3", "单位")
        page.write_string("A2", "旧值")
        page.write_string("B3", "名称")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert [row[0] for row in sheet.cells] == ["单位", None, None]
    assert sheet.merged == ((0, 0, 2, 0),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_usual_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [["某市台账", "", ""], ["序号", "名称", "备注"], ["1", "示例发布", '"甲,乙;丙\n第二行"'], ["2", "龘靐", ""]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    path = tmp_path / "台账.csv"
    path.write_bytes(text.encode(encoding))
    (sheet,) = read_sheets(path)
    assert sheet.name == "台账.csv"
    assert sheet.cells[2] == ["1", "示例发布", "甲,乙;丙\n第二行"]
    assert sheet.cells[3][1] == "龘靐"
    assert sheet.cells[0][1] is None


def test_a_blank_csv_line_counts_as_a_row_as_it_does_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,单位\n\n甲,乙\n\n", encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert len(sheet.cells) == 3
    assert sheet.cells[2] == ["甲", "乙"]


def word(path: Path) -> docx.table.Table:
    document = docx.Document()
    document.add_paragraph("附件")
    table = document.add_table(5, 4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "检查结果"
    for column, title in enumerate(["类别", "主办单位", "政务微信", "问题类别"]):
        table.cell(1, column).text = title
    table.cell(2, 0).merge(table.cell(3, 0)).text = "市直部门"
    table.cell(2, 1).text = "市住房\n公积金中心"
    table.cell(2, 1).add_paragraph("(本部)")
    table.cell(4, 3).merge(table.cell(3, 3)).text = "僵尸微信"
    document.add_table(1, 1)
    document.save(str(path))
    return table


def test_word_tables_with_cells_merged_both_ways_and_several_paragraphs(tmp_path: Path) -> None:
    word(tmp_path / "a.docx")
    (sheet,) = read_sheets(tmp_path / "a.docx")
    assert sheet.name == "第1个表格"
    assert set(sheet.merged) == {(0, 0, 0, 3), (2, 0, 3, 0), (3, 3, 4, 3)}
    assert sheet.cells[0] == ["检查结果", None, None, None]
    assert sheet.cells[2][1] == "市住房\n公积金中心\n(本部)"
    assert [row[0] for row in sheet.cells[2:]] == ["市直部门", None, None]


def test_word_shows_inserted_words_and_not_deleted_or_moved_ones(tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    paragraph = cell.paragraphs[0]._p
    for wrapper, tag, words in (("w:ins", "w:t", "新名"), ("w:del", "w:delText", "旧名"), ("w:moveFrom", "w:t", "移走")):
        change, run, text = OxmlElement(wrapper), OxmlElement("w:r"), OxmlElement(tag)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph.append(change)
    document.save(str(tmp_path / "a.docx"))
    assert read_sheets(tmp_path / "a.docx")[0].cells == [["新名"]]


def test_word_hyperlinks_come_with_their_text(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_table(1, 1).cell(0, 0).paragraphs[0]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link, run, text = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("r:id"), document.part.relate_to("https://weibo.com/u/1", kind, is_external=True))
    text.text = "示例发布"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    document.save(str(tmp_path / "a.docx"))
    cell = read_sheets(tmp_path / "a.docx")[0].cells[0][0]
    assert cell == "示例发布"
    assert isinstance(cell, Linked)
    assert cell.url == "https://weibo.com/u/1"


@pytest.mark.parametrize(
    ("name", "advice"),
    [("a.doc", ".docx"), ("a.wps", ".docx"), ("a.et", ".xlsx"), ("a.ods", ".xlsx"), ("a.pdf", ".xlsx"), ("a.zip", ".csv")],
)
def test_kinds_that_are_not_read_say_how_to_save_them(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert advice in refused(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xlsx", b"", "空文件"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "空文件"),
        ("a.csv", b"\xff\xff\xff\x80", "编码"),
        ("a.csv", b"a\x00b,c\n", "编码"),
        ("a.csv", ("甲,乙\n" + '"' + "x" * 200_000).encode(), "不是规整的 csv"),
        ("a.xls", b"<html><table></table></html>", "网页"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "打不开"),
        ("a.xls", OLE + b"\x00" * 600, "打不开"),
        ("a.docx", OLE + b"\x00" * 600, "旧版 .doc"),
        ("a.xlsx", OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_broken_empty_and_locked_files_are_refused_with_a_way_out(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(content)
    said = refused(tmp_path / name)
    assert word in said
    assert said.endswith("。")
    assert "请" in said


def test_a_missing_file_and_a_folder_are_the_operators_mistake(tmp_path: Path) -> None:
    assert "找不到" in refused(tmp_path / "nothing.xlsx")
    (tmp_path / "dir.csv").mkdir()
    refused(tmp_path / "dir.csv")


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_BYTES", 10)
    (tmp_path / "a.csv").write_text("名称,单位\n甲,乙\n", encoding="utf-8")
    assert "上限" in refused(tmp_path / "a.csv")


def repacked(source: Path, target: Path, part: str, content: bytes) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        out.add_worksheet().write_string("A1", "x")
    repacked(tmp_path / "a.xlsx", tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", bytes(301 * 2**20))
    assert (tmp_path / "bomb.xlsx").stat().st_size < 2**20
    assert "解压后过大" in refused(tmp_path / "bomb.xlsx")


def test_one_value_far_down_right_cannot_eat_the_memory(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        page = out.add_worksheet()
        page.write_string("A1", "x")
        page.write_string("XFD1048576", "y")
    assert "范围过大" in refused(tmp_path / "a.xlsx")


def test_a_plain_zip_and_a_workbook_with_nothing_in_it_are_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("a.txt", "x")
    (tmp_path / "a.xlsx").write_bytes(packed.getvalue())
    assert "压缩包" in refused(tmp_path / "a.xlsx")
    with book(tmp_path / "b.xlsx") as empty:
        empty.add_worksheet()
    assert "没有找到表格内容" in refused(tmp_path / "b.xlsx")


def test_a_renamed_file_is_read_for_what_it_is(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as out:
        out.add_worksheet().write_string("A1", "名称")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xls")
    assert read_sheets(tmp_path / "a.xls")[0].cells == [["名称"]]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.97])
def test_damaged_files_never_end_in_anything_but_a_usage_error(tmp_path: Path, cut: float) -> None:
    whole = (DATA / "registry.xls").read_bytes()
    (tmp_path / "cut.xls").write_bytes(whole[: int(len(whole) * cut)])
    refused(tmp_path / "cut.xls")


@pytest.mark.parametrize("seed", range(60))
def test_changed_bytes_never_end_in_anything_but_a_usage_error(tmp_path: Path, seed: int) -> None:
    """Some of these make the parser of .xls panic, which is no Exception in Python."""
    rng = random.Random(seed)
    content = bytearray((DATA / "registry.xls").read_bytes())
    for _ in range(50):
        content[rng.randrange(len(content))] = rng.randrange(256)
    (tmp_path / "a.xls").write_bytes(content)
    with contextlib.suppress(UsageError):
        assert read_sheets(tmp_path / "a.xls")
