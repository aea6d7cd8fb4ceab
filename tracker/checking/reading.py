"""What the prose states: figures with their roles, faults with their counts and names. Nothing is compared here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.checking.annexes import Annex, Result, Row, read_annexes
from tracker.checking.calendar import Days, read_days
from tracker.checking.grammar import Grammar, Sentence, grammar
from tracker.checking.numbers import Rate, agrees, number, rate
from tracker.checking.rechecks import Span, recheck_span
from tracker.checking.source import Paragraph, Source
from tracker.checking.words import clauses

_TOP = re.compile(r"[一二三四五六七八九十]+、")
_SUB = re.compile(r"\([一二三四五六七八九十]+\)")
_SHORT_HEADING = 40
_TITLE_LINES = 4
MEDIA, SITES = "新媒体", "网站"
_TOTALS = ("registered", "checked")
"""What stands after 其中 is a part of one of these, never one itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that the prose states. `about`: 新媒体, 网站 or empty where it cannot be told; `rate` for percentages."""

    role: str
    about: str
    value: int
    rate: Rate | None
    place: str
    says: str
    sentence: tuple[int, int]
    """(paragraph, start of the sentence): figures of one sentence belong together."""
    at: int
    """Where its number ends in the paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph with what stands above it: the last heading of each level, and whether it asks or tells.

    `again`: the stretch of its `plain` that is about last period's failures checked again.
    """

    paragraph: Paragraph
    top: str
    sub: str
    is_heading: bool
    asks: bool
    problems: bool
    again: Span | None = None

    def is_again(self, at: int) -> bool:
        """Whether this place of the paragraph speaks of last period's failures checked again."""
        return self.again is not None and self.again[0] <= at < self.again[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bulletin:
    """Everything that the checks may look at; equal to itself alone, so that what is read from it can be kept."""

    source: Source
    lines: tuple[Line, ...]
    title: str
    grammar: Grammar
    days: Days
    annexes: tuple[Annex, ...]
    lost: tuple[str, ...]
    figures: tuple[Figure, ...]

    def all(self, role: str, about: str) -> tuple[Figure, ...]:
        """Figures of a role that are of this kind, or of no kind where the bulletin is of one kind only."""
        return tuple(each for each in self.figures if each.role == role and each.about == about)

    def one(self, role: str, about: str) -> Figure | None:
        """The figure of a role; None where it is not stated, or stated with different values: then its role is unclear."""
        found = self.different(role, about)
        return found[0] if len(found) == 1 else None

    def different(self, role: str, about: str) -> tuple[Figure, ...]:
        """Of a role, the first figure of each value that is stated; of one rate with fewer and more digits, that with more."""
        kept: list[Figure] = []
        for each in sorted(self.all(role, about), key=lambda figure: -figure.rate.places if figure.rate else 0):
            if not any(_same(each, other) for other in kept):
                kept.append(each)
        return tuple(kept)

    def lists(self, about: str) -> tuple[Annex, ...]:
        """Annexes that say who passed or failed."""
        return tuple(each for each in self.annexes if each.is_list and each.about == about)

    def rows(self, about: str, *results: Result) -> tuple[Row, ...]:
        """Rows of those annexes, of these results where any are given."""
        return tuple(row for each in self.lists(about) for row in each.rows if not results or row.verdict in results)


def _same(rough: Figure, fine: Figure) -> bool:
    """Whether two figures have one value; a rate may be that of the other with fewer digits."""
    if rough.rate is None or fine.rate is None:
        return rough.rate is fine.rate and rough.value == fine.value
    return fine.rate.value == rough.rate.value or agrees(rough.rate, int(fine.rate.value.scaleb(6)), 10**8)


def read_bulletin(source: Source, published: date | None = None) -> Bulletin:
    """Read what the checks need. Pure."""
    title = _title(source.prose)
    known = grammar(_other_quarters(title))
    days = read_days(source, title, published)
    lines = tuple(_lines(source.prose, known))
    annexes, lost = read_annexes(source.parts, days.reference)
    figures = tuple(_figures(lines, known, title, annexes))
    return Bulletin(
        source=source, lines=lines, title=title, grammar=known, days=days, annexes=annexes, lost=lost, figures=figures
    )


def _title(prose: Sequence[Paragraph]) -> str:
    """The title, in one line or in several: from the line with 关于 to that which ends with 通报."""
    lines = [each.plain for each in prose]
    last = next((at for at, plain in enumerate(lines) if plain.endswith(("通报", "公告", "通知"))), None)
    if last is None:
        return ""
    first = next((at for at in range(last, max(-1, last - _TITLE_LINES), -1) if "关于" in lines[at]), last)
    return "".join(lines[first : last + 1])


def _other_quarters(title: str) -> str:
    """A pattern for every quarter (or month) but the one that the title names; without one none is held to be another."""
    own = re.search("([一二三四1-4])季度", title)
    if not own:
        month = re.search(r"(?<!\d)(\d{1,2})月(?!\d)", title)
        months = "|".join(str(each) for each in range(1, 13) if month and each != int(month[1]))
        # 9月底 and 9月30日 are days; 9月检查发现 is the check of another month.
        return rf"(?<!\d)(?:{months})月份?(?=[^,;:。0-9]{{0,16}}(?:检查|抽查|通报|发现|问题))" if months else "上季度检查通报"
    at = ("一二三四".find(own[1]) + 1) or int(own[1])
    others = [each for each in range(1, 5) if each != at]
    signs = "".join("一二三四"[each - 1] + str(each) for each in others)
    return f"第?[{signs}]季度"


def _lines(prose: Sequence[Paragraph], known: Grammar) -> Iterator[Line]:
    top = sub = ""
    goes_on = False
    for paragraph in prose:
        plain = paragraph.plain
        heading = "。" not in plain and len(plain) <= _SHORT_HEADING
        if _TOP.match(plain):
            top, sub = plain.split("。")[0], ""
        elif _SUB.match(plain):
            sub = plain.split("。")[0]
        is_heading = heading and bool(_TOP.match(plain) or _SUB.match(plain))
        again = None if is_heading else recheck_span(paragraph.words, (top, sub), known, goes_on=goes_on)
        goes_on = again is not None and again[1] == len(plain)
        asks = known.term("sections.asks").search(top) is not None and not known.term("sections.problems").search(top)
        yield Line(
            paragraph=paragraph,
            top=top,
            sub=sub,
            is_heading=is_heading,
            asks=asks,
            problems=known.term("sections.problems").search(top + sub) is not None,
            again=again,
        )


def _figures(lines: Sequence[Line], known: Grammar, title: str, annexes: Sequence[Annex]) -> Iterator[Figure]:
    only = _only(title, annexes)
    for at, line in enumerate(lines):
        if line.asks or line.is_heading:
            continue
        paragraph = line.paragraph
        for start, stop in paragraph.words.sentences():
            for role, match, slot in _matches(paragraph.plain[start:stop], known):
                begin, end = start + match.start(), start + match.end()
                if line.is_again(start + match.start(role)) or (role in _TOTALS and line.problems):
                    continue
                about = _about(paragraph.plain, start, begin, end) or about_heading(line) or only
                told = rate(slot)
                yield Figure(
                    role=role,
                    about=about,
                    value=0 if told else number(slot),
                    rate=told,
                    place=paragraph.place,
                    says=paragraph.words.quote(begin, end),
                    sentence=(at, start),
                    at=start + match.end(role),
                )


def _matches(sentence: str, known: Grammar) -> Iterator[tuple[str, re.Match[str], str]]:
    """Every stated figure of the present check: role, match, the slot's words. One number has one role: the first that fits."""
    if re.match(known.past, sentence):
        return
    taken: set[tuple[int, int]] = set()
    for each in known.sentences:
        for match in _of(each, sentence, known):
            if match.span(each.role) not in taken:
                taken.add(match.span(each.role))
                yield each.role, match, match[each.role]


def _of(each: Sentence, sentence: str, known: Grammar) -> Iterator[re.Match[str]]:
    for pattern in each.patterns:
        for match in pattern.finditer(sentence):
            thereof = sentence[: match.start()].partition("其中")
            if thereof[1] and (each.role in _TOTALS or _of_a_group(thereof[2], known)):
                continue
            begin = max((start for start, _ in clauses(sentence) if start <= match.start()), default=0)
            clause = sentence[begin : match.end()]
            if re.search(known.past, clause) or (each.unless and each.unless.search(clause)):
                continue
            yield match


def _of_a_group(between: str, known: Grammar) -> bool:
    """Whether 其中 has begun to speak of one group: 其中,市直部门抽查98个,合格95个."""
    return known.divisions[0].label.search(between) is not None


def _about(plain: str, start: int, begin: int, end: int) -> str:
    """网站 or 新媒体 by the nearest word of either before the end of the match in its sentence, then in the paragraph before."""
    for piece in (plain[begin:end], plain[start:end], plain[:end], plain[end : end + 12]):
        at = {about: _last(f"titles.{term}", piece) for about, term in ((MEDIA, "media"), (SITES, "sites"))}
        if max(at.values()) >= 0:
            return max(at, key=lambda each: at[each])
    return ""


def _last(term: str, piece: str) -> int:
    return max((match.start() for match in grammar().term(term).finditer(piece)), default=-1)


def about_heading(line: Line) -> str:
    """网站 or 新媒体 where a heading above names just one of them."""
    for heading in (line.sub, line.top):
        named = [each for each in (MEDIA, SITES) if each in heading]
        if len(named) == 1:
            return named[0]
    return ""


def _only(title: str, annexes: Iterable[Annex]) -> str:
    """What a bulletin is about that names one thing in its title, or whose annexes are all of one thing."""
    named = [each for each in (MEDIA, SITES) if each in title]
    kinds = {each.about for each in annexes}
    if len(named) == 1:
        return named[0]
    return next(iter(kinds)) if not named and len(kinds) == 1 else ""
