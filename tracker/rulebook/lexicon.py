"""The word lists put together for searching: leftmost-longest, so that a longer honest phrase (除外) beats the word inside it."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from tracker.rulebook.folding import Folded, fold
from tracker.rulebook.terms import Kind, Term, read_terms

SHIPPED = Path(__file__).with_name("words")
_AROUND = 15
"""Characters of context on either side of a mention."""
_Machine = tuple[AhoCorasick, tuple[Term, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term in a text: offsets, `quote` and `context` are those of the source, blanks and pictures included."""

    term: Term
    start: int
    end: int
    quote: str
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All words that are looked for, each once per kind."""

    terms: tuple[Term, ...]
    _machines: dict[tuple[frozenset[Kind], bool], _Machine] = field(default_factory=dict, init=False, repr=False, compare=False)

    def find(self, text: str, kinds: Collection[Kind]) -> tuple[Mention, ...]:
        """Mentions of these kinds in the order of the text, none overlapping another; honest phrases only if asked for."""
        return tuple(mention for mention, _ in self.find_folded(fold(text), kinds))

    def find_folded(self, folded: Folded, kinds: Collection[Kind]) -> tuple[tuple[Mention, tuple[int, int]], ...]:
        """The same of a text that is folded already, each with its offsets in the folded text."""
        machine, terms = self._machine(frozenset(kinds), honest=True)
        matches = machine.find_matches_as_indexes(folded.text)
        return tuple(
            (mention_at(folded, terms[n], start, end), (start, end)) for n, start, end in matches if terms[n].kind in kinds
        )

    def holds(self, phrase: str, kinds: Collection[Kind]) -> bool:
        """Whether words of these kinds stand in an honest phrase, which `find` therefore passes over."""
        machine, _ = self._machine(frozenset(kinds), honest=False)
        return bool(machine.find_matches_as_indexes(fold(phrase).text))

    def with_terms(self, extra: Iterable[Term]) -> "Lexicon":
        """This lexicon with an office's own words: they replace ours; an honest word (除外) removes the same word of any kind."""
        own = tuple(extra)
        excused = {fold(term.word).text for term in own if term.kind is Kind.EXCEPT}
        wanted = {fold(term.word).text for term in own if term.kind is not Kind.EXCEPT}
        replaced = {(fold(term.word).text, term.kind) for term in own}
        kept = (
            term
            for term in self.terms
            if (word := fold(term.word).text) not in excused
            and (word, term.kind) not in replaced
            and not (term.kind is Kind.EXCEPT and word in wanted)
        )
        return Lexicon(terms=(*kept, *own))

    @property
    def digest(self) -> str:
        """SHA-256 of all terms: what a judgement was made with."""
        lines = ("\t".join((t.word, t.kind, t.suggestion, t.source, str(t.since or ""))) for t in self.terms)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _machine(self, kinds: frozenset[Kind], *, honest: bool) -> _Machine:
        made = self._machines.get((kinds, honest))
        if made is None:
            wanted = kinds | {Kind.EXCEPT} if honest else kinds
            terms = tuple(term for term in self.terms if term.kind in wanted)
            made = AhoCorasick([fold(term.word).text for term in terms], matchkind=MatchKind.LeftmostLongest), terms
            self._machines[kinds, honest] = made
        return made


def mention_at(folded: Folded, term: Term, start: int, end: int) -> Mention:
    """The mention at these offsets of the folded text."""
    begin, stop = folded.span(start, end)
    return Mention(
        term=term,
        start=begin,
        end=stop,
        quote=folded.source[begin:stop],
        context=folded.source[max(0, begin - _AROUND) : stop + _AROUND],
    )


@cache
def shipped() -> Lexicon:
    """The lists in `words/`. A word of an earlier file stands where a later one has it too, in the same kind."""
    found: dict[tuple[str, Kind], Term] = {}
    for path in sorted(SHIPPED.glob("*.csv")):
        for term in read_terms(path):
            found.setdefault((fold(term.word).text, term.kind), term)
    return Lexicon(terms=tuple(found.values()))


def load(folder: Path) -> Lexicon:
    """The shipped lists with an office's own (`*.csv` in its folder `words`); the shipped ones alone where there are none."""
    own = [term for path in sorted(folder.glob("*.csv")) for term in read_terms(path)] if folder.is_dir() else []
    return shipped().with_terms(own) if own else shipped()


__all__ = ["Kind", "Lexicon", "Mention", "Term", "load", "mention_at", "read_terms", "shipped"]
