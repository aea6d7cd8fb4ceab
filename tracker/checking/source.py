"""The parts of a bulletin: prose, 附件说明, annexes with their titles, tables and notes (domain/bulletin.md §1)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracker.checking.numbers import number
from tracker.checking.words import Words, words
from tracker.files import Written, read_document
from tracker.model import Sheet
from tracker.registry.cells import text_of
from tracker.text import clip, squeeze

_MARK = re.compile(r"附件(\d{1,3}|[一二三四五六七八九十]+)?:?")
_MARKED = re.compile(r"附件(\d{1,3}|[一二三四五六七八九十]+)[:.、]?(?![)）和及至所中]|[、,])(.{4,80})")
_LISTING = re.compile(r"附件:(?:(\d{1,3})[.、])?(.+)")
_ITEM = re.compile(r"(\d{1,3})[.、](.+)")
_DAY = re.compile(r"(?:\d{4}|[二〇零一三四五六七八九]{4})年[^。,;]{1,6}月[^。,;]{1,4}日")
_NOTE = re.compile(r"(?:备注|注|说明|单位|时间|检查时间|监测时间)[:(]|\(")
_MOST_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One line of prose; `number` counts the file's paragraphs that hold words, from 1."""

    place: str
    words: Words
    numbered: bool = False

    @property
    def plain(self) -> str:
        """The words as they are compared."""
        return self.words.plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of the 附件说明; `number` None = the only annex. A number that Word prints by itself is counted."""

    number: int | None
    title: str
    paragraph: Paragraph


@dataclass(slots=True, kw_only=True)
class Part:
    """An annex as it stands: `number` None = 附件 alone or a table without a mark; several tables share one part."""

    place: str
    number: int | None = None
    marked: bool = False
    title: str = ""
    notes: list[Paragraph] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def label(self) -> str:
        """How a reader calls it."""
        if self.number is not None:
            return f"附件{self.number}"
        return "附件" if self.marked else (f"“{clip(self.title, 24)}”" if self.title else self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All files together."""

    files: tuple[str, ...]
    prose: tuple[Paragraph, ...]
    listed: tuple[Listed, ...]
    parts: tuple[Part, ...]


def read_source(paths: Sequence[Path]) -> Source:
    """Read the files of one bulletin, its annexes in the same file or in others. Raises UsageError as `read_document` does."""
    prose: list[Paragraph] = []
    listed: list[Listed] = []
    parts: list[Part] = []
    for path in paths:
        reader = _Reader(f"{path.name} " if len(paths) > 1 else "", path)
        reader.read(read_document(path))
        prose.extend(reader.prose)
        listed.extend(reader.listed)
        parts.extend(reader.parts)
    return Source(files=tuple(path.name for path in paths), prose=tuple(prose), listed=tuple(listed), parts=tuple(parts))


class _Reader:
    """One file, block by block; `part` is the annex that is being read."""

    def __init__(self, prefix: str, path: Path) -> None:
        self.prefix, self.path = prefix, path
        self.prose: list[Paragraph] = []
        self.listed: list[Listed] = []
        self.parts: list[Part] = []
        self.part: Part | None = None
        self.listing = self.dated = False

    def read(self, blocks: Sequence[Written | Sheet]) -> None:
        texts = 0
        for at, block in enumerate(blocks):
            if isinstance(block, Sheet):
                self._table(block)
                continue
            texts += 1
            for line in filter(None, map(str.strip, block.text.splitlines())):
                paragraph = Paragraph(place=f"{self.prefix}第{texts}段", words=words(line), numbered=block.numbered)
                self._line(paragraph, table_follows=_table_follows(blocks, at))

    def _line(self, paragraph: Paragraph, *, table_follows: bool) -> None:
        plain = paragraph.plain
        if plain == "附件:" and not self.dated and self.part is None:
            # The 附件说明 begins on the next line.
            self.listing = True
        elif mark := _MARK.fullmatch(plain):
            self._open(paragraph, mark[1], "")
        elif (mark := _MARKED.fullmatch(plain)) and "。" not in plain and (self.dated or table_follows or self.part):
            self._open(paragraph, mark[1], paragraph.words.quote(mark.start(2), mark.end(2)))
        elif self.part is not None and self.part.marked:
            self._inside(self.part, paragraph)
        elif not self._in_listing(paragraph):
            self.dated = self.dated or _DAY.fullmatch(plain) is not None
            self.prose.append(paragraph)

    def _in_listing(self, paragraph: Paragraph) -> bool:
        """Whether this line belongs to the 附件说明, which stands between the body and the signature."""
        first = _LISTING.fullmatch(paragraph.plain) or _MARKED.fullmatch(paragraph.plain)
        item = _ITEM.fullmatch(paragraph.plain) if self.listing else None
        found = first if first and "。" not in paragraph.plain else item
        if found:
            told = number(found[1]) if found[1] else None
            title = paragraph.words.text[paragraph.words.at[found.start(2)] :]
            self.listed.append(Listed(number=told, title=squeeze(title), paragraph=paragraph))
        elif self.listing and paragraph.numbered:
            told = len(self.listed) + 1
            self.listed.append(Listed(number=told, title=squeeze(paragraph.words.text), paragraph=paragraph))
        self.listing = bool(found) or (self.listing and paragraph.numbered)
        return self.listing

    def _open(self, paragraph: Paragraph, told: str | None, title: str) -> None:
        self.listing = False
        self.part = Part(place=paragraph.place, number=number(told) if told else None, marked=True, title=title)
        self.parts.append(self.part)

    def _inside(self, part: Part, paragraph: Paragraph) -> None:
        plain = paragraph.plain
        is_title = not part.sheets and not part.notes and "。" not in plain and not _NOTE.match(plain)
        if is_title and len(part.title) + len(plain) <= _MOST_TITLE and not plain.startswith("一、"):
            part.title = squeeze(part.title + paragraph.words.text)
        else:
            part.notes.append(paragraph)

    def _table(self, sheet: Sheet) -> None:
        if self.part is None or not self.part.marked:
            self.part = Part(place=f"{self.prefix}{sheet.name}", title=self._title_above(), number=self._number())
            self.parts.append(self.part)
        self.part.sheets.append(sheet)
        if not self.part.title:
            self.part.title = _title_in(sheet)

    def _title_above(self) -> str:
        """The line over a table that stands in the body without the mark 附件."""
        last = self.prose[-1].plain if self.prose else ""
        named = last and len(last) <= _MOST_TITLE and not re.search("[。:;,]$", last) and not _DAY.fullmatch(last)
        return squeeze(self.prose[-1].words.text) if named and not _NOTE.match(last) else ""

    def _number(self) -> int | None:
        """The number in a file's own name (附件2.xlsx): only where the file is a table alone."""
        named = re.match(r"附件\s*(\d{1,3})", self.path.stem)
        return int(named[1]) if named and not self.prose else None


def _table_follows(blocks: Sequence[Written | Sheet], at: int) -> bool:
    """Whether a table comes before the next line that begins with 附件."""
    for block in blocks[at + 1 : at + 6]:
        if isinstance(block, Sheet):
            return True
        if block.text.strip().startswith("附件"):
            return False
    return False


def _title_in(sheet: Sheet) -> str:
    """A title in the table's own first row: one text over several columns."""
    texts = [text for cell in (sheet.cells[0] if sheet.cells else ()) if (text := text_of(cell))]
    return squeeze(texts[0]) if len(texts) == 1 and len(sheet.cells) > 1 and len(sheet.cells[0]) > 1 else ""


def all_notes(parts: Sequence[Part]) -> Iterator[Paragraph]:
    """Every line that stands with an annex, titles left out."""
    return (note for part in parts for note in part.notes)
