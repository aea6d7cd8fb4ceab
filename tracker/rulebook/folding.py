"""Text as the word lists compare it, with the way back to the source: a quote is always the words as they stand there."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_HAN = "\u3400-\u9fff"
_WIDTHS = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_CASES = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_ONE_TO_ONE = _WIDTHS | {chr(code): chr(code - 0xFEE0 + 32) for code in range(0xFF21, 0xFF3B)} | _CASES
"""Full-width forms and capitals: as long after folding as before."""
_CHANGED = re.compile("[A-Z\uff01-\uff5e]")
"""The keys of that table: looking for them is faster than `str.translate`, as a sentence holds few."""
_ODD = re.compile(rf"[^{_HAN}\x21-\x7e\n。、“”《》…—]|(?<=[{_HAN}])[.*~_]+(?=[{_HAN}])")
"""What costs a closer look: blanks, marks, emoji, rare letters, and dots that keep the characters of a word apart."""
_DROPPED = frozenset({"Cf", "Cc", "Cs", "Co", "Zs", "Zl", "Zp", "So", "Sk", "Mn", "Me"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Folded text; `starts` and `sources` are parallel: from folded offset `starts[n]` on, the source goes on at `sources[n]`."""

    source: str
    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the source of a non-empty piece of the folded text."""
        return self._at(start), self._at(end - 1) + 1

    def _at(self, folded: int) -> int:
        piece = bisect_right(self.starts, folded) - 1
        most = self.sources[piece + 1] - 1 if piece + 1 < len(self.sources) else len(self.source) - 1
        return min(self.sources[piece] + folded - self.starts[piece], most)


def fold(source: str) -> Folded:
    """NFKC, lower case, without blanks, zero-width characters and pictures; line ends stay, they part sentences."""
    plain = _CHANGED.sub(lambda found: _ONE_TO_ONE[found[0]], source)
    pieces: list[str] = []
    starts, sources = [0], [0]
    length = done = 0
    for odd in _ODD.finditer(plain):
        kept = _kept(odd.group())
        pieces += (plain[done : odd.start()], kept)
        length += odd.start() - done
        if kept:
            starts.append(length)
            sources.append(odd.start())
            length += len(kept)
        starts.append(length)
        sources.append(odd.end())
        done = odd.end()
    pieces.append(plain[done:])
    return Folded(source=source, text="".join(pieces), starts=tuple(starts), sources=tuple(sources))


def _kept(odd: str) -> str:
    if odd[0] in ".*~_":
        return ""
    normal = unicodedata.normalize("NFKC", odd).lower()
    return "".join(char for char in normal if char != "·" and unicodedata.category(char) not in _DROPPED)
