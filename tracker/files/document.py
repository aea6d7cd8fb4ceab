"""A file as a reader sees it: paragraphs and tables in their order."""

from pathlib import Path

from tracker.errors import UsageError
from tracker.files.read import open_file, read_sheets
from tracker.files.word import Written, read_body
from tracker.model import Sheet


def read_document(path: Path) -> tuple[Written | Sheet, ...]:
    """Paragraphs and tables of a .docx; of any other readable file its sheets alone.

    Raises UsageError when the file is missing, empty, broken, encrypted, too large, of a kind that is not read, or has no words.
    """
    kind, content = open_file(path)
    if kind != ".docx":
        return read_sheets(path)
    blocks = read_body(content, path.name)
    if not any(isinstance(each, Written) or any(cell is not None for row in each.cells for cell in row) for each in blocks):
        raise UsageError(f"“{path.name}”里没有文字,也没有表格:请确认选对了文件,内容不是图片。")
    return blocks
