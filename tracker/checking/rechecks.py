"""Where the prose speaks of last period's failures checked again: a scope of its own, whose numbers are none of this check's.

A heading may open it (上季度问题整改情况), or a sentence with last period's total that goes on to what became of it. It ends
where the words return to the present check, or with the paragraph (domain/bulletin.md §2, §5.23).
"""

import re

from tracker.checking.grammar import Grammar
from tracker.checking.words import Words

Span = tuple[int, int]
_CLAUSE = re.compile("[^,;:()。]+")


def recheck_span(words: Words, headings: tuple[str, ...], known: Grammar, *, goes_on: bool) -> Span | None:
    """Start and end of it in a paragraph's `plain`; None without. `goes_on`: the paragraph above ended within one."""
    begin = _begin(words.plain, headings, known, goes_on=goes_on)
    if begin is None:
        return None
    returns = (start for start in _clauses(words.plain) if start > begin and _is_present(words.plain[start:], known))
    items = (start for start, _ in words.sentences() if start > begin and known.term("recheck.item").match(words.plain[start:]))
    return begin, min((*returns, *items), default=len(words.plain))


def _begin(plain: str, headings: tuple[str, ...], known: Grammar, *, goes_on: bool) -> int | None:
    below = any(known.term("recheck.heading").search(each) for each in headings)
    if (below and not _is_present(plain, known)) or (goes_on and known.term("recheck.goes_on").match(plain)):
        return 0
    for pattern in next(each.patterns for each in known.again if each.role == "previous"):
        for match in pattern.finditer(plain):
            if _speaks_of_one(plain, match, known):
                return max((start for start in _clauses(plain) if start <= match.start()), default=0)
    return None


def _speaks_of_one(plain: str, match: re.Match[str], known: Grammar) -> bool:
    """“与上季度发现问题的22个相比” is a comparison, not a re-check; a total without what became of it neither."""
    if known.term("recheck.compared").search(plain[: match.start()]):
        return False
    return known.term("recheck.opens").search(plain[match.start() :]) is not None


def _is_present(clause: str, known: Grammar) -> bool:
    """Whether a clause (and what follows it) begins to speak of the present check."""
    first = re.split("[,;:。]", clause, maxsplit=1)[0]
    if re.search(known.past, first) or known.term("recheck.still").search(first):
        return False
    return known.term("recheck.present").match(first) is not None


def _clauses(plain: str) -> list[int]:
    """Where each clause begins."""
    return [match.start() for match in _CLAUSE.finditer(plain)]
