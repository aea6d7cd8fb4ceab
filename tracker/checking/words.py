"""A paragraph in the form in which its sentences are read, with the way back to the words as typed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.text import clip, squeeze

_SENTENCE = re.compile(r"[^。!?]+[。!?]?")
_CLAUSE = re.compile(r"[^,;:()]+")
_MOST_QUOTED = 60
_MOST_READ = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`plain`: NFKC, without white space; `at[i]` = where its i-th sign stands in `text`."""

    text: str
    plain: str
    at: tuple[int, ...]

    def quote(self, start: int, stop: int) -> str:
        """The words as typed behind plain[start:stop], on one line, at most 60 signs."""
        if start >= stop:
            return ""
        return clip(squeeze(self.text[self.at[start] : self.at[stop - 1] + 1]), _MOST_QUOTED)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Start and end of each sentence in `plain`; what goes on for thousands of signs is no sentence and is not read."""
        spans = ((match.start(), match.end()) for match in _SENTENCE.finditer(self.plain))
        return ((start, stop) for start, stop in spans if stop - start <= _MOST_READ)


def words(text: str) -> Words:
    """A text as read: signs one by one, so that each keeps its place."""
    plain: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign).replace("○", "〇"):
            if not one.isspace():
                plain.append(one)
                at.append(place)
    return Words(text=text, plain="".join(plain), at=tuple(at))


def clauses(plain: str) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch between commas, semicolons, colons and brackets."""
    return ((match.start(), match.end()) for match in _CLAUSE.finditer(plain))
