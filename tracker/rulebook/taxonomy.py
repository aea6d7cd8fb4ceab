"""Reading printed findings back: the words of a cell 存在的突出问题 to the codes of the taxonomy (domain/rules.md §6)."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from tracker import text
from tracker.rulebook.rule import By

_FILE = Path(__file__).with_name("taxonomy.toml")

_ATOM = re.compile(
    r"""[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）]  # a bracket with at most one more inside
      | “[^”]*” | "[^"]*" | 「[^」]*」 | 《[^》]*》
      | [^，,、；;。\n]""",
    re.VERBOSE,
)
_NUMBERING = re.compile(r"(^|[，,；;。\n])\s*[(（]?\d{1,2}(?:[)）]|[.．、](?!\d))\s*")
_BRACKET = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
_NO_FAULT = frozenset({"OK", "NEW", None})
_STRAIGHT = re.compile(r'"([^"]*)"')


class Where(StrEnum):
    """What a phrase must be about for a kind to match: anything, the account as a whole, or one of its columns."""

    ANY = "any"
    ACCOUNT = "account"
    COLUMN = "column"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One finding as printed. `code` None = not in the taxonomy; EMPTY (text "") = nobody wrote anything, never clean."""

    code: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One entry of the taxonomy: code, short Chinese title, document it rests on, who can find it, how it is written."""

    code: str
    title: str
    basis: str
    by: By
    where: Where = Where.ANY
    outside: bool = False
    unless: re.Pattern[str] | None = None
    patterns: tuple[re.Pattern[str], ...]

    def matches(self, words: str, outer: str, *, column: bool) -> bool:
        """Whether the phrase (normalised, `outer` without its brackets) is written in this kind's way."""
        if self.where is not Where.ANY and column is not (self.where is Where.COLUMN):
            return False
        searched = outer if self.outside else words
        if self.unless and self.unless.search(searched):
            return False
        return any(pattern.search(searched) for pattern in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taxonomy:
    kinds: tuple[Kind, ...]
    column: re.Pattern[str]
    glue: re.Pattern[str]
    denied: re.Pattern[str]
    cured: re.Pattern[str]
    empty: re.Pattern[str]


def kinds() -> tuple[Kind, ...]:
    """Every kind of finding, in the order in which phrases are tried."""
    return _taxonomy().kinds


def kind_of(code: str) -> Kind | None:
    """The kind of finding with this code; None for EMPTY and for codes that are no part of the taxonomy."""
    return next((kind for kind in kinds() if kind.code == code), None)


def read_phrases(cell: str) -> tuple[Phrase, ...]:
    """The findings that a cell holds, in its order, each with its code; at least one.

    Split at ，,、；;。 and line ends outside brackets and quotes; a tail that continues a phrase is joined to it again; the first
    kind that matches wins. Numbering (1. 2.) is dropped, all other words stay as written.
    """
    if _taxonomy().empty.fullmatch(text.key(cell)):
        return (Phrase(code="EMPTY", text=""),)
    source = _NUMBERING.sub(r"\1", cell.strip())
    read: list[tuple[int, Phrase]] = []
    for start, stop in _pieces(source):
        phrase = _phrase(source[start:stop])
        if read and _continues(read[-1][1], phrase):
            start = read.pop()[0]
            phrase = _phrase(source[start:stop])
        read.append((start, phrase))
    return tuple(phrase for _, phrase in read) or (Phrase(code="EMPTY", text=""),)


def _pieces(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of each piece between separators that holds more than blanks."""
    spans: list[tuple[int, int]] = []
    for atom in _ATOM.finditer(source):
        start = spans.pop()[0] if spans and spans[-1][1] == atom.start() else atom.start()
        spans.append((start, atom.end()))
    return ((start, stop) for start, stop in spans if source[start:stop].strip())


def _phrase(piece: str) -> Phrase:
    piece = piece.strip()
    words, outer, column = _prepared(piece)
    code = next((kind.code for kind in kinds() if kind.matches(words, outer, column=column)), None)
    return Phrase(code=code if code in _NO_FAULT or not _no_more(words, outer) else None, text=piece)


def _no_more(words: str, outer: str) -> bool:
    """Whether the phrase denies a fault or says that it is put right: what it comes to is for a person to say."""
    return bool(_taxonomy().denied.search(outer) or _taxonomy().cured.search(words))


def _continues(before: Phrase, piece: Phrase) -> bool:
    """Whether a piece is a tail: written like one, and saying nothing of its own beside what stands before it."""
    if not _taxonomy().glue.fullmatch(text.key(piece.text)):
        return False
    return piece.code in {None, before.code} or before.code is None or _prepared(before.text)[2]


def _prepared(piece: str) -> tuple[str, str, bool]:
    """The piece as it is compared, the same without brackets, and whether it is about a column."""
    words = _STRAIGHT.sub(r"“\1”", text.key(piece))
    outer = _BRACKET.sub("", words)
    return words, outer, bool(_taxonomy().column.search(outer))


@cache
def _taxonomy() -> _Taxonomy:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return _Taxonomy(
        kinds=tuple(_kind(entry) for entry in data["finding"]),
        column=_any_of(data["column"]),
        glue=_any_of(data["glue"]),
        denied=_any_of(data["denied"]),
        cured=_any_of(data["cured"]),
        empty=_any_of(data["empty"]),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _kind(entry: Mapping[str, Any]) -> Kind:
    unless = entry.get("unless")
    return Kind(
        code=entry["code"],
        title=entry["title"],
        basis=entry["basis"],
        by=By(entry["by"]),
        where=Where(entry.get("where", Where.ANY)),
        outside=entry.get("outside", False),
        unless=re.compile(unless) if unless else None,
        patterns=tuple(re.compile(pattern) for pattern in entry["patterns"]),
    )
