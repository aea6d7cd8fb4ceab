"""Word lists as files: UTF-8 (with or without BOM) or GB18030, one word a line, each with the document it rests on."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from tracker.errors import UsageError, reason
from tracker.rulebook.folding import fold

MOST_BYTES = 8 * 1024 * 1024
"""Largest list that is read; 20,000 words have about 1 MB."""
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "word": ("word", "词", "词语"),
    "kind": ("kind", "类别", "类型"),
    "suggestion": ("suggestion", "建议", "应为"),
    "source": ("source", "依据", "来源"),
    "since": ("since", "启用日期", "起用日期"),
}


class Kind(StrEnum):
    """What a word of a list says of the text that holds it."""

    COMMERCE = "商业"
    PHRASE = "错误表述"
    TYPO = "错别字"
    NAME = "错误称谓"
    FORMER = "机构旧称"
    TOPIC = "无关"
    """Far from what a public body is there for."""
    EXCEPT = "除外"
    """Honest words: whatever they contain is no mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of a list. `since`: the day from which the word is wrong; None = always."""

    word: str
    kind: Kind
    suggestion: str = ""
    source: str = ""
    since: date | None = None


def read_terms(path: Path) -> tuple[Term, ...]:
    """The words of one list in file order.

    Raises UsageError naming file, line and column: unreadable or neither UTF-8 nor GB18030, no column word or kind, an empty
    or repeated word, an unknown kind, a date that is none.
    """
    rows = _rows(path)
    if not rows:
        raise UsageError(f"词表“{path.name}”是空的:第一行应当是表头 {','.join(_COLUMNS)},以下每行一个词。")
    columns = _header(rows[0][1], path)
    terms: dict[str, tuple[int, Term]] = {}
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        term = _term(columns, cells, f"词表“{path.name}”第{line}行")
        folded = fold(term.word).text
        if folded in terms:
            raise UsageError(
                f"词表“{path.name}”第{line}行:词“{term.word}”与第{terms[folded][0]}行重复(空格、全半角、大小写不计),请删去一行。"
            )
        terms[folded] = (line, term)
    return tuple(term for _, term in terms.values())


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Line number of each row's end, and its cells."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise UsageError(
            f"词表“{path.name}”第{reader.line_num}行不是规整的 csv({error}):请检查引号和逗号,或用 Excel 另存为 csv。"
        ) from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"词表“{path.name}”超过 {MOST_BYTES // 2**20} MB 的上限:请分成几个文件。")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"打不开词表“{path}”({reason(error)}):请检查路径,或关闭正在使用它的程序。") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UsageError(f"词表“{path.name}”的文字编码不是 UTF-8 或 GB18030:请用 Excel 或 WPS 打开,另存为“CSV UTF-8”。")


def _header(cells: Sequence[str], path: Path) -> Mapping[str, int]:
    found = [cell.strip().lower() for cell in cells]
    columns = {name: n for name, words in _COLUMNS.items() for n, cell in enumerate(found) if cell in words}
    absent = [name for name in ("word", "kind") if name not in columns]
    if absent:
        wanted = "、".join(f"{name}({_COLUMNS[name][1]})" for name in absent)
        raise UsageError(f"词表“{path.name}”第1行的表头缺少 {wanted}:应为 {','.join(_COLUMNS)}。")
    return columns


def _term(columns: Mapping[str, int], cells: Sequence[str], where: str) -> Term:
    told = {name: cells[n].strip() if n < len(cells) else "" for name, n in columns.items()}
    if not fold(told["word"]).text:
        raise UsageError(f"{where}的 word(词)列是空的或只有空格、符号:请填写词语,或删去这一行。")
    if told["kind"] not in tuple(Kind):
        raise UsageError(f"{where}的 kind(类别)列是“{told['kind']}”:应为 {'、'.join(Kind)} 之一。")
    return Term(
        word=told["word"],
        kind=Kind(told["kind"]),
        suggestion=told.get("suggestion", ""),
        source=told.get("source", ""),
        since=_since(told.get("since", ""), where),
    )


def _since(cell: str, where: str) -> date | None:
    try:
        return date.fromisoformat(cell.replace("/", "-")) if cell else None
    except ValueError:
        raise UsageError(f"{where}的 since(启用日期)列是“{cell}”:应写成 2018-03-17 这样的日期,或留空。") from None
