from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from tracker.errors import UsageError
from tracker.files import Written, read_document
from tracker.model import Sheet


def test_paragraphs_and_tables_come_in_the_order_of_the_page(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    document.add_paragraph("")
    document.add_table(1, 1).cell(0, 0).text = "格"
    document.add_paragraph("备注:一行\n又一行")
    document.save(str(tmp_path / "a.docx"))
    title, table, note = read_document(tmp_path / "a.docx")
    assert title == Written(text="标题", numbered=False)
    assert isinstance(table, Sheet)
    assert (table.name, table.cells) == ("第1个表格", [["格"]])
    assert note == Written(text="备注:一行\n又一行", numbered=False)


def test_words_in_a_text_box_are_no_part_of_the_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    box, inner, run, text = (OxmlElement(tag) for tag in ("w:txbxContent", "w:p", "w:r", "w:t"))
    text.text = "— 1 —"
    run.append(text)
    inner.append(run)
    box.append(inner)
    paragraph.runs[0]._r.append(box)
    document.save(str(tmp_path / "a.docx"))
    assert read_document(tmp_path / "a.docx") == (Written(text="正文", numbered=False),)


def test_other_files_give_their_sheets(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("序号,名称\n1,甲", encoding="utf-8")
    (sheet,) = read_document(tmp_path / "a.csv")
    assert isinstance(sheet, Sheet)


def test_a_document_without_words_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    with pytest.raises(UsageError, match="没有文字"):
        read_document(tmp_path / "a.docx")
