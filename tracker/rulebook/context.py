"""Mentions weighed in their sentence: news about an advertisement is none, and a single harmless word proves nothing.

The reasons are data (`words/context.toml`). Whatever is excused is told apart with its reason, so that the card shows it.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Any

from ahocorasick_rs import AhoCorasick

from tracker.rulebook.folding import Folded, fold
from tracker.rulebook.lexicon import SHIPPED, Lexicon, Mention, mention_at
from tracker.rulebook.terms import Kind, Term

ERRORS = frozenset({Kind.TYPO, Kind.PHRASE, Kind.NAME, Kind.FORMER})
"""What counts as 错敏信息."""
_SENTENCE_END = re.compile(r"[。!?;\n]")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)年")
_STRONG, _ENOUGH = 3, 2
_Span = tuple[int, int]
_Located = tuple[Mention, _Span]


class Where(StrEnum):
    """Where a text stands: in posts and likes a single weak hint says even less than at a page's bottom."""

    FOOTER = "footer"
    TEXT = "text"
    LIKED = "liked"


class Confidence(StrEnum):
    """How sure the program is. LOW is for a person to weigh; HIGH too is only ever a candidate."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A mention that counts, and how surely."""

    mention: Mention
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """A mention that does not count, and why, in Chinese."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found in one text."""

    hits: tuple[Weighed, ...] = ()
    excused: tuple[Excused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Excuse:
    kinds: frozenset[Kind]
    where: str
    reason: str
    patterns: re.Pattern[str]
    unless: re.Pattern[str] | None
    only: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    term: Term
    regex: re.Pattern[str]
    strong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    excuses: tuple[_Excuse, ...]
    patterns: tuple[_Pattern, ...]
    weak: Mapping[str, Term]
    """By word, folded."""
    machine: AhoCorasick
    """Finds the weak words, numbered as they stand in `weak`."""
    weak_reason: str


def commercial(text: str, lexicon: Lexicon, where: Where = Where.TEXT) -> Search:
    """Sales talk in a text (CNT-02, CNT-03). One clear phrase is a hit; weak hints only several in one
    sentence, a price or a way to order among them, and with low confidence.
    """
    folded = fold(text)
    counted, excused = _sifted(folded, (*_listed(folded, lexicon, Kind.COMMERCE), *_patterns(folded)))
    enough = _ENOUGH if where is Where.FOOTER else _STRONG
    hits: list[Weighed] = []
    idle: list[Excused] = []
    for _, group in groupby(counted, key=lambda one: _sentence(folded.text, one[1])):
        mentions = [mention for mention, _ in group]
        weights = {mention.term.word: _weight(mention.term) for mention in mentions}
        if sum(weights.values()) < enough or not any(map(_addressed, mentions)):
            idle += (Excused(mention=mention, reason=_context().weak_reason) for mention in mentions)
            continue
        sure = Confidence.HIGH if _STRONG in weights.values() else Confidence.LOW
        hits += (Weighed(mention=mention, confidence=sure) for mention in mentions)
    return Search(hits=tuple(hits), excused=(*excused, *idle))


def off_topic(text: str, lexicon: Lexicon) -> Search:
    """Words far from a public body's duties (CNT-02): always of low confidence, what is its business a person knows."""
    folded = fold(text)
    counted, excused = _sifted(folded, _listed(folded, lexicon, Kind.TOPIC))
    return Search(hits=tuple(Weighed(mention=one, confidence=Confidence.LOW) for one, _ in counted), excused=excused)


def mistakes(text: str, lexicon: Lexicon, on: date | None = None) -> Search:
    """Wrong words (CNT-04). `on`: the text's day; a name is excused that was right then, or in the year its
    sentence names.
    """
    folded = fold(text)
    counted, excused = _sifted(folded, lexicon.find_folded(folded, ERRORS))
    hits, early = [], []
    for mention, span in counted:
        why = _early(mention.term, folded, span, on)
        if why:
            early.append(Excused(mention=mention, reason=why))
        else:
            doubtful = mention.term.kind is Kind.FORMER
            hits.append(Weighed(mention=mention, confidence=Confidence.LOW if doubtful else Confidence.HIGH))
    return Search(hits=tuple(hits), excused=(*excused, *early))


def _early(term: Term, folded: Folded, span: _Span, on: date | None) -> str:
    if term.since is None:
        return ""
    if on is not None and on < term.since:
        return f"发布于{on:%Y-%m-%d},{term.since:%Y-%m-%d}才改称"
    begin, end = _sentence(folded.text, span)
    past = [int(year) for year in _YEAR.findall(folded.text[begin:end]) if int(year) <= term.since.year]
    return f"句子说的是{past[0]}年的事,当时还用这个名称" if past else ""


def _listed(folded: Folded, lexicon: Lexicon, kind: Kind) -> tuple[_Located, ...]:
    found = lexicon.find_folded(folded, {kind, Kind.EXCEPT})
    return tuple((one, span) for one, span in found if one.term.kind is kind or lexicon.holds(one.quote, {kind}))


def _patterns(folded: Folded) -> Iterator[_Located]:
    told = _context()
    for pattern in told.patterns:
        for match in pattern.regex.finditer(folded.text):
            yield mention_at(folded, pattern.term, *match.span()), match.span()
    words = tuple(told.weak)
    first: dict[int, _Span] = {}
    for n, begin, end in told.machine.find_matches_as_indexes(folded.text, overlapping=True):
        first.setdefault(n, (begin, end))
    for n, span in sorted(first.items()):
        yield mention_at(folded, told.weak[words[n]], *span), span


def _sifted(folded: Folded, found: Collection[_Located]) -> tuple[list[_Located], tuple[Excused, ...]]:
    """The mentions that count, overlapping ones once, the longest first; and those that an honest phrase or a rule excuses."""
    counted: list[_Located] = []
    excused: list[Excused] = []
    taken: list[_Span] = []
    honest = [span for mention, span in found if mention.term.kind is Kind.EXCEPT]
    for mention, span in sorted(found, key=_rank):
        if any(begin < span[1] and span[0] < end for begin, end in taken):
            continue
        why = f"“{mention.quote}”是除外的说法" if span in honest else _excuse(folded, mention, span)
        if any(begin <= span[0] and span[1] <= end for begin, end in honest) and span not in honest:
            continue
        taken.append(span)
        if why:
            excused.append(Excused(mention=mention, reason=why))
        else:
            counted.append((mention, span))
    return sorted(counted, key=lambda one: one[1]), tuple(sorted(excused, key=lambda one: one.mention.start))


def _rank(one: _Located) -> tuple[int, int, bool, int]:
    """Of overlapping mentions the stronger stands, then the longer, then the one that shows a price or a way to order."""
    (mention, (begin, end)) = one
    return -_weight(mention.term), begin - end, not _addressed(mention), begin


def _excuse(folded: Folded, mention: Mention, span: _Span) -> str:
    begin, end = _sentence(folded.text, span)
    places = {
        "whole": folded.text,
        "sentence": folded.text[begin:end],
        "before": folded.text[begin : span[0]],
        "after": folded.text[span[1] : end],
    }
    for rule in _context().excuses:
        if mention.term.kind not in rule.kinds or (rule.only and not rule.only.search(folded.text[slice(*span)])):
            continue
        if rule.patterns.search(places[rule.where]) and not (rule.unless and rule.unless.search(places["sentence"])):
            return rule.reason
    return ""


def _sentence(text: str, span: _Span) -> _Span:
    """The sentence around a span."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, span[0])), default=0)
    after = _SENTENCE_END.search(text, span[1])
    return begin, after.start() if after else len(text)


def _addressed(mention: Mention) -> bool:
    """Whether a mention is sales talk by itself, or at least a price or a way to order: news has neither."""
    return _weight(mention.term) == _STRONG or any(one.term is mention.term for one in _context().patterns)


def _weight(term: Term) -> int:
    told = _context()
    weak = fold(term.word).text in told.weak or any(one.term is term and not one.strong for one in told.patterns)
    return 1 if weak else _STRONG


@cache
def _context() -> _Context:
    data = tomllib.loads((SHIPPED / "context.toml").read_text(encoding="utf-8"))
    told = (Term(word=word, kind=Kind.COMMERCE, source="词典用法") for word in data["weak"]["words"])
    weak = {fold(term.word).text: term for term in told}
    return _Context(
        excuses=tuple(map(_read_excuse, data["excuse"])),
        patterns=tuple(map(_read_pattern, data["pattern"])),
        weak=weak,
        machine=AhoCorasick(list(weak)),
        weak_reason=data["weak"]["reason"],
    )


def _read_excuse(told: Mapping[str, Any]) -> _Excuse:
    return _Excuse(
        kinds=frozenset(map(Kind, told["kinds"])),
        where=told["where"],
        reason=told["reason"],
        patterns=re.compile("|".join(f"(?:{one})" for one in told["patterns"])),
        unless=re.compile("|".join(told["unless"])) if "unless" in told else None,
        only=re.compile(told["only"]) if "only" in told else None,
    )


def _read_pattern(told: Mapping[str, Any]) -> _Pattern:
    term = Term(word=told["name"], kind=Kind.COMMERCE, source="推销的写法")
    return _Pattern(term=term, regex=re.compile(told["regex"]), strong=told.get("strong", False))
