"""§5.23: last period's failures, checked again: put right + not put right + closing + not seen; and the rate of it (§3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.checking.checks.base import Check, Outcome, Skipped, Slip, outcome
from tracker.checking.grammar import COUNT, Grammar
from tracker.checking.numbers import agrees, fitting, how_wrong, number, rate
from tracker.checking.reading import Bulletin, Line
from tracker.checking.records import Record

_NAMES = {
    "cured": "已整改",
    "partly": "整改不到位",
    "uncured": "未整改",
    "closing": "关停注销",
    "unseen": "未能核查",
    "rest": "不在检查范围",
}
_APART = ("closing", "unseen", "rest")
_MOST_LEFT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """One re-check as told: `values` by role; `inside`: roles told as parts of another part; `left`: counts without a role."""

    line: Line
    plain: str
    values: Mapping[str, int]
    unclear: tuple[str, ...]
    inside: frozenset[str]
    left: tuple[int, ...]

    @property
    def parts(self) -> dict[str, int]:
        """What became of them."""
        return {role: self.values[role] for role in _NAMES if role in self.values}


def _again(bulletin: Bulletin, record: Record | None) -> Outcome:
    told = [_read(bulletin.grammar, line, plain) for line, plain in _passages(bulletin)]
    clear = [each for each in told if not each.unclear and "previous" in each.values and each.parts]
    seen = [(each.line.paragraph.place, [*_sum(each), *_rate(bulletin.grammar, each)]) for each in clear]
    unclear = next((each for each in told if each.unclear), None)
    if not seen and unclear:
        names = "、".join(_NAMES.get(role, "总数") for role in unclear.unclear)
        return Skipped(why=f"{unclear.line.paragraph.place}说上期问题的整改,{names}写了不止一个数,分不清是谁的")
    return outcome(seen, "没有读到上期问题的总数和整改、未整改的个数")


def _passages(bulletin: Bulletin) -> Iterator[tuple[Line, str]]:
    """(first line, words) of each re-check; a paragraph without a total of its own goes on with the one above."""
    passages: list[tuple[Line, str]] = []
    previous = next(each for each in bulletin.grammar.again if each.role == "previous")
    follows = False
    for line in bulletin.lines:
        if line.again is None or line.asks:
            follows = False
            continue
        plain = line.paragraph.plain[slice(*line.again)]
        if follows and not any(pattern.search(plain) for pattern in previous.patterns):
            first, words = passages.pop()
            passages.append((first, f"{words}。{plain}"))
        else:
            passages.append((line, plain))
        follows = True
    yield from passages


def _read(known: Grammar, line: Line, plain: str) -> Again:
    found: dict[str, dict[int, int]] = {}
    taken: set[int] = set()
    for each in known.again:
        matches = (match for pattern in each.patterns for match in pattern.finditer(plain))
        fresh = {match.start(each.role): number(match[each.role]) for match in matches if match.start(each.role) not in taken}
        # “9个问题账号均已整改” tells the total and a part by one number.
        taken |= fresh.keys() if each.role not in ("previous", "total") else set()
        if fresh:
            found[each.role] = dict(sorted(fresh.items()))
    if total := found.pop("total", None):
        found.setdefault("previous", total)
    starts = {role: min(told) for role, told in found.items()}
    taken.update(*found.values())
    values = {role: _value(list(told.values())) for role, told in found.items()}
    first = min((at for role, at in starts.items() if role in _NAMES), default=len(plain))
    counted = [(match.start(), match[0]) for match in re.finditer(COUNT, plain)]
    return Again(
        line=line,
        plain=plain,
        values={role: value for role, value in values.items() if value is not None},
        unclear=tuple(role for role, value in values.items() if value is None),
        inside=frozenset(role for role, at in starts.items() if _is_inside(known, plain, first, at)),
        left=tuple(value for at, words in counted if at not in taken and (value := number(words[:-1])))[:_MOST_LEFT],
    )


def _value(told: Sequence[int]) -> int | None:
    """The one value; of several the first, where it is the sum of the others (甲县3个、乙县11个); else None."""
    first, rest = told[0], told[1:]
    return first if set(told) == {first} or (len(rest) > 1 and sum(rest) == first) else None


def _is_inside(known: Grammar, plain: str, first: int, at: int) -> bool:
    """Whether 其中 or 含 stands between the first part and this one, in its sentence."""
    begin = max(first, plain.rfind("。", 0, at))
    return at > first and known.term("recheck.inside").search(plain[begin:at]) is not None


def _sum(told: Again) -> Iterator[Slip]:
    before, total, parts = told.values["previous"], sum(told.parts.values()), told.parts
    whole = "cured" in parts and bool({"uncured", "partly"} & parts.keys())
    if not (total > before or (whole and total != before)) or _explained(told):
        return
    shown = " + ".join(f"{_NAMES[role]} {value}" for role, value in parts.items())
    why = f"上期有问题的 {before} 个,{shown} = {total}"
    words = told.line.paragraph.words
    yield Slip(place=told.line.paragraph.place, says=words.quote(*(told.line.again or (0, 0))), fits=str(total), why=why)


def _explained(told: Again) -> bool:
    """Whether some reading adds up: parts told inside others, those checked again alone, counts whose role is not known."""
    before, total, parts = told.values["previous"], sum(told.parts.values()), told.parts
    inner = [parts[role] for role in told.inside & parts.keys()]
    if before in {total - each for each in _sums(inner)}:
        return True
    if before - total in _sums(told.left) - {0}:
        return True
    again = told.values.get("rechecked")
    apart = [parts[role] for role in _APART if role in parts]
    return again is not None and again in {total - each for each in _sums(apart)}


def _sums(values: Sequence[int]) -> set[int]:
    """The sum of every choice among a few values, that of none included."""
    return {sum(each) for size in range(len(values) + 1) for each in combinations(values, size)}


def _rate(known: Grammar, told: Again) -> Iterator[Slip]:
    match = known.term("recheck.rate").search(told.plain)
    printed = rate(match[1]) if match else None
    if match is None or printed is None or "cured" not in told.parts:
        return
    right, others = _fractions(told)
    if any(agrees(printed, *each) for each in right):
        return
    basis = known.term("recheck.basis").search(told.plain)
    by_seen = basis is not None and known.term("recheck.seen").search(basis[0]) is not None
    other = next((each for each in others if agrees(printed, *each)), None)
    if other and basis and not by_seen:
        return
    harmless = other is not None and not by_seen
    why = f"整改率:{how_wrong(printed, *right[0])}"
    if harmless and other:
        why = f"整改率{printed}是按 {other[0]}/{other[1]} 算的;按再次核查过的 {right[0][1]} 个算是另一个数,文中没有说按哪个算"
    yield Slip(place=told.line.paragraph.place, says=match[0], fits=fitting(printed, *right[0]), why=why, harmless=harmless)


def _fractions(told: Again) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """已整改 ÷ those checked again, 关停注销 and 未能核查 apart (§3); and other ways of counting that offices use."""
    parts, before = told.parts, told.values["previous"]
    cured, closing = parts["cured"], parts.get("closing", 0)
    standing = [parts[role] for role in ("uncured", "partly") if role in parts]
    left = before - sum(parts.get(role, 0) for role in _APART)
    right = [(cured, cured + sum(standing))] if standing else []
    right.append((cured, left))
    wholes = {before, before - closing, left + closing, told.values.get("rechecked", before)}
    others = [(part, whole) for whole in sorted(wholes) for part in (cured, cured + closing)]
    return [each for each in right if each[1] > 0] or [(cured, before)], [each for each in others if each[1] > 0]


AGAIN = Check(slug="recheck", number=23, title="上期问题 = 已整改 + 未整改 + 关停注销", run=_again)
