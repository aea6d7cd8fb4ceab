"""Files of every sort: annexes apart, annexes alone, prose alone, wrong files, large files."""

import time
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter

from tests.checking.drafts import failing_list, two_columns, wide_list
from tests.checking.word import Table, write
from tracker.checking import Record, as_json, check, lines
from tracker.errors import UsageError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def excel(path: Path, table: Table) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Sheet1")
        page.merge_range(0, 0, 0, len(table.header) - 1, table.title)
        for at, cells in enumerate([table.header, *table.rows], 1):
            page.write_row(at, 0, cells)
    return path


def test_bulletin_and_annex_in_two_files(tmp_path: Path) -> None:
    draft = failing_list()
    (table,) = draft.tables
    draft.tables = []
    annex = excel(tmp_path / "附件.xlsx", table)
    bulletin = draft.save(tmp_path / "通报.docx")
    assert check([bulletin, annex]).wrong == ()
    table.rows.pop()
    fewer = excel(tmp_path / "附件2.xlsx", table)
    (found, kind) = check([fewer, bulletin]).wrong
    assert (found.check, found.place) == ("failing-rows", "通报.docx 第6段")
    assert (kind.check, kind.place) == ("kind-rows", "通报.docx 第11段")


def test_an_annex_in_a_word_file_of_its_own(tmp_path: Path) -> None:
    draft = two_columns()
    annex = docx.Document()
    write(annex, draft.tables.pop())
    annex.save(str(tmp_path / "附件2.docx"))
    assert check([draft.save(tmp_path / "通报.docx"), tmp_path / "附件2.docx"]).disagreements == ()


def test_an_annex_alone(tmp_path: Path) -> None:
    (table,) = failing_list().tables
    table.rows[3][0] = "3"
    report = check([excel(tmp_path / "名单.xlsx", table)])
    assert [each.check for each in report.wrong] == ["cells"]
    skipped = {each.check: each.why for each in report.checked if not each.ran}
    assert "没有同时读到" in skipped["failing-rows"]
    assert all(skipped.values())


def test_a_csv_annex(tmp_path: Path) -> None:
    (table,) = failing_list().tables
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [table.header, *table.rows])
    path = tmp_path / "名单.csv"
    path.write_text(text, encoding="utf-8-sig")
    assert check([path]).wrong == ()


def test_prose_without_a_table(tmp_path: Path) -> None:
    draft = failing_list().but("82%", "83%")
    draft.tables = []
    report = check([draft.save(tmp_path / "通报.docx")])
    assert [each.check for each in report.wrong] == ["pass-rate"]
    assert "附件 0 个;附件" in next(each.on for each in report.checked if each.check == "annex-numbers") or report.wrong


def test_a_table_whose_header_is_not_understood_is_said(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("情况说明如下。")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲项", "乙项"
    document.save(str(tmp_path / "a.docx"))
    report = check([tmp_path / "a.docx"])
    assert report.disagreements == ()
    assert "第1个表格" in next(each.why for each in report.checked if each.check == "cells")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", b"just text, no package", "不是真正的 .docx"),
        ("a.docx", b"", "是空文件"),
        ("a.doc", b"anything", "另存为 .docx"),
        ("a.docx", OLE + b"\0" * 600, "旧版 .doc"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("a.pdf", b"%PDF-1.7", "索要"),
        ("a.png", b"\x89PNG", "格式"),
    ],
)
def test_wrong_files_are_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as caught:
        check([tmp_path / name])
    assert told in str(caught.value)
    assert name in str(caught.value)


def test_no_file_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有给出"):
        check([])
    with pytest.raises(UsageError, match="找不到文件"):
        check([tmp_path / "无.docx"])


def test_a_bomb_and_an_empty_document_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * (301 * 1024 * 1024))
    with pytest.raises(UsageError, match="解压后过大"):
        check([tmp_path / "bomb.docx"])
    docx.Document().save(str(tmp_path / "empty.docx"))
    with pytest.raises(UsageError, match="没有文字"):
        check([tmp_path / "empty.docx"])


def test_a_large_bulletin_is_checked_in_seconds(tmp_path: Path) -> None:
    draft = failing_list()
    path = draft.save(tmp_path / "大.docx")
    row = b"<w:tr>" + b"".join(b"<w:tc><w:p><w:r><w:t>%b</w:t></w:r></w:p></w:tc>" % b"%b" for _ in range(8)) + b"</w:tr>"
    told = ["{}", "微信", "", "示例账号{}", "示例市{}局", "不合格", "监测时间点前2周内未更新", ""]
    rows = b"".join(row % tuple(cell.format(number).encode() for cell in told) for number in range(19, 3000))
    prose = "".join(
        f"<w:p><w:r><w:t>“示例账号{number}”“示例账号{number + 1}”等2个政务新媒体未及时更新。</w:t></w:r></w:p>"
        for number in range(19, 400)
    )
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(tmp_path / "很大.docx", "w", zipfile.ZIP_STORED) as larger:
        for part in package.namelist():
            content = package.read(part)
            if part == "word/document.xml":
                content = content.replace(b"</w:tbl>", rows + b"</w:tbl>").replace(b"<w:body>", b"<w:body>" + prose.encode())
            larger.writestr(part, content)
        larger.writestr("word/media/image1.png", b"\x89PNG" + bytes(10 * 1024 * 1024))
    start = time.monotonic()
    report = check([tmp_path / "很大.docx"])
    assert time.monotonic() - start < 10
    assert "failing-rows" in {each.check for each in report.wrong}


def test_lines_and_json_tell_the_same(tmp_path: Path) -> None:
    report = wide_list().but("98.6%", "98.5%").checked(tmp_path)
    told = list(lines(report))
    assert told[0] == "检查了通报.docx:发现 1 处不一致。"
    assert told[1].startswith("1. 第6段:")
    assert "相符的写法:417/423 = 98.58%" in told[2]
    data = as_json(report)
    assert data["disagreements"][0]["place"] == "第6段"  # type: ignore[index]
    assert len(data["checked"]) == 24  # type: ignore[arg-type]


def test_a_record_adds_what_a_workspace_knows(tmp_path: Path) -> None:
    draft = two_columns()
    path = draft.save(tmp_path / "通报.docx")
    rows = draft.tables[1].rows
    slugs = {"新浪微博": "weibo", "微信订阅号": "weixin", "微信服务号": "weixin", "今日头条": "toutiao"}
    accounts = frozenset((slugs[row[1]], row[2]) for row in rows)
    assert check([path], record=Record(accounts=accounts)).wrong == ()
    (gone,) = check([path], record=Record(accounts=accounts - {("weibo", "古渡交警")})).wrong
    assert (gone.check, gone.place) == ("scope", "附件2表格第9行(序号8)")
    (other,) = check([path], record=Record(verdicts={("weibo", "石桥镇人民政府"): "未能核查"})).wrong
    assert (other.check, other.fits) == ("failing-rows", "未能核查")


@pytest.mark.parametrize(
    "text", ["1" * 8000 + "个", "甲乙镇、" * 5000, "甲" * 20000, "“甲乙”" * 5000, "(" * 5000, "有3个甲," * 3000]
)
def test_endless_sentences_take_no_time(tmp_path: Path, text: str) -> None:
    document = docx.Document()
    for words in ("二、存在问题", f"{text}未更新"):
        document.add_paragraph(words)
    document.save(str(tmp_path / "a.docx"))
    start = time.monotonic()
    assert check([tmp_path / "a.docx"]).wrong == ()
    assert time.monotonic() - start < 5
