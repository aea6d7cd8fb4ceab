"""Office packages (zip): what must be known before a parser may touch them, and the hyperlinks that the parser does not tell."""

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from lxml import etree

from tracker.errors import UsageError

MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes that a package may unpack to; a zip bomb claims more, or lies and is stopped by zipfile itself."""
MOST_MEMBERS = 5000
MOST_CELLS = 5_000_000
"""Cells of the rectangle that a sheet spans: the parser allocates all of it, even for one value far down right."""

_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
_LINK = re.compile(r"<(?:\w+:)?hyperlink\s[^<>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, OSError, ValueError)
"""What zipfile raises on damaged or encrypted members."""


def broken(name: str) -> UsageError:
    """The error for a file that no parser can open."""
    return UsageError(f"“{name}”打不开,可能已损坏或设有密码:请用 Excel、Word 或 WPS 打开确认,另存为 .xlsx 或 .docx 后再导入。")


def members(content: bytes, name: str) -> frozenset[str]:
    """Names of the package's members, with forward slashes. Raises UsageError when the zip is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return frozenset(member.replace("\\", "/") for member in package.namelist())
    except BROKEN as error:
        raise broken(name) from error


def check_package(content: bytes, name: str) -> None:
    """Refuse (UsageError) a damaged or encrypted package, a zip bomb, and sheets that span too large a rectangle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_MEMBERS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UsageError(f"“{name}”解压后过大,不像正常的表格文件,已拒绝读取:请另存为新的 .xlsx 或 .docx 再导入。")
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    _check_area(package.read(part), name)
    except BROKEN as error:
        raise broken(name) from error


def _check_area(xml: bytes, name: str) -> None:
    rows = columns = 0
    for match in _CELL.finditer(xml):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column(match[1].decode("ascii")))
    too_wide(rows * columns, name)


def too_wide(cells: int, name: str) -> None:
    """Raise UsageError when a sheet spans more cells than `MOST_CELLS`."""
    if cells > MOST_CELLS:
        raise UsageError(
            f"“{name}”的表格范围过大({cells} 格),可能在很远的单元格里有多余内容:请删去多余行列,另存为 .xlsx 再导入。"
        )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def hyperlinks(content: bytes) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Web links of an .xlsx by sheet name, then by cell (row, column) from 0. What is damaged there counts as no link."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {sheet: dict(_links(package, part)) for sheet, part in _parts(package)}
    except (*BROKEN, etree.XMLSyntaxError):
        return {}


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = _targets(package, "xl/workbook.xml")
    for sheet in _xml(package.read("xl/workbook.xml")).iterfind(".//{*}sheet"):
        part = targets.get(next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), ""))
        if part:
            yield str(sheet.get("name", "")), posixpath.normpath(posixpath.join("xl", part)).lstrip("/")


def _links(package: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    xml = package.read(part)
    tail = xml[max(xml.rfind(b"sheetData>"), 0) :].decode("utf-8", errors="replace")
    found = [dict(_ATTRIBUTE.findall(tag)) for tag in _LINK.findall(tail)]
    if not found:
        return
    targets = _targets(package, part)
    for link in found:
        url = targets.get(next((value for key, value in link.items() if key.endswith(":id")), ""), "")
        cell = _REF.match(html.unescape(link.get("ref", "")))
        if cell and url.startswith(("http://", "https://")):
            yield (int(cell[2]) - 1, _column(cell[1]) - 1), url


def _targets(package: zipfile.ZipFile, part: str) -> Mapping[str, str]:
    folder, file = posixpath.split(part)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in package.namelist():
        return {}
    return {str(each.get("Id")): str(each.get("Target", "")) for each in _xml(package.read(relations))}


def _xml(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
