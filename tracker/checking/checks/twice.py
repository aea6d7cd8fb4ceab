"""One figure stated with two values: why a check cannot use it, and a remark where nothing tells the two apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.checking.checks.base import KINDS, Outcome, Skipped, Slip
from tracker.checking.grammar import NUMBER
from tracker.checking.numbers import number
from tracker.checking.reading import Bulletin, Figure

ROLES = {
    "registered": "备案总数",
    "checked": "检查数",
    "failing": "不合格数",
    "faulty": "有问题数",
    "passed": "合格数",
    "basic": "基本合格数",
    "unseen": "未能核查数",
    "check_rate": "检查率",
    "pass_rate": "合格率",
    "fail_rate": "不合格率",
}
_SHOWN = 4
_COUNTED = re.compile(rf"({NUMBER})(?:个|家)")


def unclear(bulletin: Bulletin, told: Outcome, *, needs: Sequence[str], owns: Sequence[str]) -> Outcome:
    """The outcome of a check that reads figures of these roles: when skipped, with the roles that are stated with several values.

    `owns`: roles whose contradictions this check tells, so that each is told once.
    """
    pairs = [(role, bulletin.different(role, about)) for role in dict.fromkeys((*needs, *owns)) for about in KINDS]
    several = [(role, found) for role, found in pairs if len(found) > 1]
    slips = tuple(slip for role, found in several if role in owns for slip in _slips(bulletin, role, found))
    if isinstance(told, Skipped):
        why = ";".join(_why(role, found) for role, found in several if role in needs)
        return replace(told, why=why or told.why, slips=(*told.slips, *slips))
    return replace(told, slips=(*told.slips, *slips))


def _why(role: str, found: Sequence[Figure]) -> str:
    shown = "、".join(f"{each.place}“{each.says}”" for each in _in_order(found)[:_SHOWN])
    return f"{ROLES[role]}写了不止一个({shown}),分不清以哪个为准"


def _in_order(found: Sequence[Figure]) -> list[Figure]:
    return sorted(found, key=lambda each: each.sentence)


def _slips(bulletin: Bulletin, role: str, found: Sequence[Figure]) -> Iterator[Slip]:
    # Three values are parts and their whole; two in one sentence are told side by side on purpose.
    if len(found) != 2 or found[0].sentence == found[1].sentence:
        return
    one, other = _in_order(found)
    if _is_narrow(bulletin, one) or _is_narrow(bulletin, other) or _is_explained(bulletin, one, other):
        return
    why = f"{ROLES[role]}有两个:{one.place}写“{one.says}”,{other.place}写“{other.says}”,没有读出两处说的是不同范围"
    place = "、".join(dict.fromkeys((one.place, other.place)))
    yield Slip(place=place, says=one.says, fits="两处一致,或写明各自的范围", why=why, harmless=True)


def _is_narrow(bulletin: Bulletin, figure: Figure) -> bool:
    """Whether words in its clause, before it in its sentence or in a heading above may narrow what it is of."""
    line, terms = bulletin.lines[figure.sentence[0]], bulletin.grammar
    if figure.rate and (figure.rate.about or figure.rate.bound):
        return True
    same = terms.term("twice.same")
    before = same.sub("", line.paragraph.plain[figure.sentence[1] : figure.at])
    clause, group = re.split("[,;:()]", before)[-1], before.rpartition(";")[2]
    narrow = (("near", clause), ("group", group), ("group", same.sub("", line.sub)), ("before", before))
    return any(terms.term(f"twice.{name}").search(words) for name, words in narrow)


def _is_explained(bulletin: Bulletin, one: Figure, other: Figure) -> bool:
    """Whether what they differ by is a count of the same sentences or any figure (100 checked, of which 97 could be seen)."""
    gap = abs(one.value - other.value)
    if one.rate or gap in {each.value for each in bulletin.figures if not each.rate}:
        return one.rate is None
    plains = (bulletin.lines[each.sentence[0]].paragraph.plain for each in (one, other))
    return any(number(match[1]) == gap for plain in plains for match in _COUNTED.finditer(plain))
