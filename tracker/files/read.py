"""The one door for files with tables: look at the bytes, refuse what cannot be read safely, hand the rest to its reader."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tracker.errors import UsageError, reason
from tracker.files.comma import read_csv
from tracker.files.excel import read_excel
from tracker.files.package import check_package, members
from tracker.files.word import read_word
from tracker.model import Sheet

MOST_BYTES = 50 * 1024 * 1024
"""Largest file that is opened; a registry of 10,000 rows has about 1 MB."""

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS: Mapping[str, str] = {
    ".doc": "请用 Word 或 WPS 打开,另存为 .docx 后再导入",
    ".wps": "请用 WPS 打开,另存为 .docx 后再导入",
    ".et": "请用 WPS 打开,另存为 .xlsx 后再导入",
    ".ods": "请打开后另存为 .xlsx 后再导入",
    ".xlsb": "请用 Excel 打开,另存为 .xlsx 后再导入",
    ".pdf": "请向发文单位索要 .docx 或 .xlsx 原件,或把表格录入 .xlsx 后再导入",
}
_READERS: Mapping[str, Callable[[bytes, str], tuple[Sheet, ...]]] = {
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".xls": read_excel,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".docx": read_word,
}


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """All visible tables of a file, in its order; empty ones are left out.

    Dates, whole numbers and fractions stay what they are in the file; every cell of a .csv or .docx is text. Hyperlinked
    text comes as `tracker.text.Linked`. Raises UsageError when the file is missing, empty, broken, encrypted, too large or
    of a kind that is not read (.doc, .wps, .et), saying what to do.
    """
    kind, content = open_file(path)
    sheets = _READERS[kind](content, path.name)
    if not sheets:
        raise UsageError(f"“{path.name}”里没有找到表格内容:请确认选对了文件,数据在可见的工作表或 Word 表格里。")
    return sheets


def open_file(path: Path) -> tuple[str, bytes]:
    """What a file truly is (.xlsx, .xls, .csv, .docx …, by its bytes) and its bytes. Raises UsageError as `read_sheets` does."""
    kind = path.suffix.lower()
    if kind in _SAVE_AS:
        raise UsageError(f"不能直接读取“{path.name}”({kind} 格式):{_SAVE_AS[kind]}。")
    if kind not in _READERS:
        raise UsageError(f"不能识别“{path.name}”的格式:请提供 .xlsx、.xls、.csv 或 .docx 文件。")
    content = _bytes(path)
    return _true_kind(kind, content, path.name), content


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UsageError(
                f"“{path.name}”有 {size // 2**20} MB,超过 {MOST_BYTES // 2**20} MB 的上限:请删去图片或分成几个文件再导入。"
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"找不到文件“{path}”:请检查路径和文件名。") from None
    except OSError as error:
        raise UsageError(f"打不开文件“{path}”({reason(error)}):请关闭正在使用它的程序,或检查权限。") from error
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UsageError(f"“{path.name}”是空文件:请重新导出或下载后再导入。")
    return content


def _true_kind(kind: str, content: bytes, name: str) -> str:
    """The kind that the bytes show; clerks rename files, and web systems send HTML as .xls."""
    if content.startswith(_OLE):
        return _old_office(kind, content, name)
    if content.startswith(_ZIP):
        check_package(content, name)
        return _new_office(members(content, name), name)
    if _READERS[kind] is not read_csv:
        word = ".docx" if kind == ".docx" else ".xlsx"
        raise UsageError(f"“{name}”不是真正的 {kind} 文件(可能已损坏,或是网页改名而来):请打开后另存为 {word} 再导入。")
    return kind


def _old_office(kind: str, content: bytes, name: str) -> str:
    if _ENCRYPTED in content:
        raise UsageError(f"“{name}”设有打开密码:请打开后去掉密码,另存为 .xlsx 或 .docx 再导入。")
    if kind == ".docx":
        raise UsageError(f"“{name}”其实是旧版 .doc 文件:请用 Word 或 WPS 打开,另存为 .docx 后再导入。")
    return ".xls"


def _new_office(names: frozenset[str], name: str) -> str:
    if any(member.startswith("word/") for member in names):
        return ".docx"
    if any(member.startswith("xl/") for member in names):
        return ".xlsx"
    raise UsageError(f"“{name}”是压缩包,里面没有 Excel 或 Word 表格:请解压后导入其中的 .xlsx、.xls、.csv 或 .docx 文件。")
