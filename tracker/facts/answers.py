"""Three-valued answers and the only ways to get one (DESIGN §4).

A rule asks with these combinators and nothing else, so no rule can read ignorance as a finding, and no unread page hides
an advertisement that was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.model import Bounds, Found, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number between bounds, with the reasons (Chinese) why the bounds are not narrower."""

    bounds: Bounds = field(default_factory=Bounds)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a search found, with the reasons (Chinese) why it was not whole."""

    found: Found = field(default_factory=Found)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Proven: the rule is broken, at least by `least` (for quantities) or by these hits."""

    least: int = 0
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Proven: the rule is kept."""

    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Neither is proven, for these reasons."""

    reasons: tuple[str, ...]


Answer = Broken | Kept | Unclear


def over(quantity: Quantity, limit: int, *, inclusive: bool = False) -> Answer:
    """Broken when even the least is over the limit, kept when even the most is not. `inclusive`: the limit itself is over."""
    first_bad = limit if inclusive else limit + 1
    bounds = quantity.bounds
    if bounds.least >= first_bad:
        return Broken(least=bounds.least)
    if bounds.most is not None and bounds.most < first_bad:
        return Kept()
    return Unclear(reasons=quantity.reasons or ("没有足够的记录",))


def under(quantity: Quantity, least: int) -> Answer:
    """Broken when even the most is below `least`, kept when the least reaches it."""
    bounds = quantity.bounds
    if bounds.least >= least:
        return Kept()
    if bounds.most is not None and bounds.most < least:
        return Broken(least=bounds.most)
    return Unclear(reasons=quantity.reasons or ("没有足够的记录",))


def present(evidence: Evidence) -> Answer:
    """One hit breaks; a whole search without hits keeps."""
    if evidence.found.hits:
        return Broken(hits=evidence.found.hits)
    return Kept() if evidence.found.whole else Unclear(reasons=evidence.reasons or ("没有看全",))


def lacking(evidence: Evidence) -> Answer:
    """The other way round: one hit keeps; a whole search without hits breaks."""
    if evidence.found.hits:
        return Kept(hits=evidence.found.hits)
    return Broken() if evidence.found.whole else Unclear(reasons=evidence.reasons or ("没有看全",))


def unless_clear(first: Answer, second: Answer) -> Answer:
    """The first answer where it is clear; else the second if that is broken; else unclear for the reasons of the first."""
    if not isinstance(first, Unclear):
        return first
    return second if isinstance(second, Broken) else first


def all_of(answers: Sequence[Answer]) -> Answer:
    """Broken when every answer is broken, kept when one is kept, else unclear for the reasons of the unclear ones."""
    if any(isinstance(one, Kept) for one in answers):
        return Kept()
    unclear = [one for one in answers if isinstance(one, Unclear)]
    if unclear or not answers:
        return Unclear(reasons=tuple(dict.fromkeys(reason for one in unclear for reason in one.reasons)))
    broken = [one for one in answers if isinstance(one, Broken)]
    return Broken(least=max(one.least for one in broken), hits=tuple(hit for one in broken for hit in one.hits))


def without(evidence: Evidence, *, keep: tuple[Hit, ...]) -> Evidence:
    """The same search with only these of its hits; whether it was whole does not change."""
    return replace(evidence, found=replace(evidence.found, hits=keep))
