"""§5.1: a total is the sum of its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.checking.checks.base import Check, Outcome, Slip, outcome
from tracker.checking.grammar import COUNT, NO_UNIT, NUMBER, Division
from tracker.checking.numbers import number
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record

_THEREOF = re.compile("其中[,:]?|包括[,:]?")
_TOTAL = re.compile(rf"({NUMBER})(?:个|家)")
_COUNTED = re.compile(rf"({NUMBER})(?:个|家){NO_UNIT}")
_SHARE = re.compile("^(?:占|约占|占比).*%")
_PART = re.compile(rf"^(?P<before>[^0-9]*?)(?:有|为|共|计|:)*(?P<count>{NUMBER})(?:个|家)(?P<after>[^0-9%]*)$")
_MISSED = 20
"""A part that was left out on purpose is a group of its own; one twentieth of the total and less than any part is a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """A total with its parts, as a sentence gives them; `labels` are the words beside each number."""

    total: int
    labels: tuple[str, ...]
    values: tuple[int, ...]
    place: str
    says: str
    before: str
    """The sentence up to 其中."""


def divided(bulletin: Bulletin) -> Iterator[Divided]:
    """Every “…N个,其中,A个,B个” of the prose whose parts were all understood."""
    for line in bulletin.lines:
        words = line.paragraph.words
        last: str | None = None
        for start, stop in words.sentences():
            sentence = words.plain[start:stop]
            match = _THEREOF.search(sentence)
            before = sentence[: match.start()] if match and match.start() > 1 else (last or "")
            last = sentence
            total = _total(before)
            parts = _parts(sentence[match.end() :]) if match else None
            if match is None or total is None or not parts or len(parts) < 2:
                continue
            yield Divided(
                total=total,
                labels=tuple(label for label, _ in parts),
                values=tuple(value for _, value in parts),
                place=line.paragraph.place,
                says=words.quote(start, stop),
                before=before,
            )


def split(bulletin: Bulletin) -> Iterator[Divided]:
    """Every “…N个,按平台分,A个、B个” with just one count before it in its sentence, and a list that leaves nothing open."""
    by, is_open = bulletin.grammar.term("split.by"), bulletin.grammar.term("split.open")
    for line in bulletin.lines:
        words = line.paragraph.words
        for start, stop in words.sentences():
            sentence = words.plain[start:stop]
            marks = list(by.finditer(sentence))
            before = sentence[: marks[0].start()] if marks else ""
            total = None if line.asks else _only_total(bulletin, before)
            if total is None:
                continue
            ends = [*(match.start() for match in marks[1:]), len(sentence)]
            for match, end in zip(marks, ends, strict=True):
                listed = re.split("[;。]", sentence[match.end() : end])[0]
                parts = None if is_open.search(listed) else _parts(listed.rstrip(","))
                if parts and len(parts) > 1 and all(label for label, _ in parts):
                    labels, values = zip(*parts, strict=True)
                    says = words.quote(start + match.start(), start + match.end() + len(listed))
                    place = line.paragraph.place
                    yield Divided(total=total, labels=labels, values=values, place=place, says=says, before=before)


def _only_total(bulletin: Bulletin, before: str) -> int | None:
    """The one count of accounts or sites in the words before a list; None where there are several, or it counts units."""
    found = list(_COUNTED.finditer(re.sub(r"\([^()]*\)", "", before)))
    if len({number(match[1]) for match in found}) != 1:
        return None
    media, sites, units = (bulletin.grammar.term(name) for name in ("titles.media", "titles.sites", "split.units"))
    named = media.search(before) or sites.search(before)
    return number(found[0][1]) if named and not units.search(before) else None


def _whole_slips(told: Divided) -> Iterator[Slip]:
    if told.total != sum(told.values):
        sums = f"{'+'.join(map(str, told.values))} = {sum(told.values)}"
        why = f"分项之和与总数不符:{sums},总数写的是 {told.total}"
        yield Slip(place=told.place, says=told.says, fits=f"总数 {sum(told.values)},或分项合计 {told.total}", why=why)


def _total(before: str) -> int | None:
    """The last count before 其中, if it stands in the last clause that has any."""
    found = _TOTAL.findall(re.sub(r"\([^()]*\)", "", before))
    return number(found[-1]) if found else None


def _parts(after: str) -> list[tuple[str, int]] | None:
    """(label, value) of each piece; None when a piece with a number is not understood."""
    after = after.split(")")[0] if after.count(")") > after.count("(") else after
    parts: list[tuple[str, int]] = []
    begun = ""
    for piece, sign in re.findall(r"([^,;、。]+)([,;、。]?)", re.sub(r"\([^()]*\)", "", after)):
        if sign == "、" and not re.search(COUNT, piece):
            begun += piece + sign
            continue
        match = _PART.match(begun + piece)
        if match and not match["before"].endswith("等"):
            parts.append((match["before"] + match["after"], number(match["count"])))
        elif not _SHARE.match(piece):
            return None if re.search(COUNT, piece) else parts
        begun = ""
    return parts


def _check(bulletin: Bulletin, record: Record | None) -> Outcome:
    found = [(each.place, list(_slips(bulletin, each))) for each in divided(bulletin)]
    lists = [(each.place, list(_whole_slips(each))) for each in split(bulletin)]
    return outcome([*found, *lists], "没有读到“共N个,其中…”或“N个,按平台分,…”这样的分项数字")


def _slips(bulletin: Bulletin, told: Divided) -> Iterator[Slip]:
    division = next((one for one in bulletin.grammar.divisions if all(map(one.label.search, told.labels))), None)
    total, parts = told.total, sum(told.values)
    if division is None or total == parts:
        return
    sums = f"{'+'.join(map(str, told.values))} = {parts}"
    short = total - parts
    whole = _whole(bulletin, division, told)
    small = 0 < short < min(told.values) and short * _MISSED <= total
    if parts > total or whole or small:
        why = f"分项之和与总数不符:{sums},总数写的是 {total}"
        yield Slip(place=told.place, says=told.says, fits=f"总数 {parts},或分项合计 {total}", why=why)
    else:
        why = f"分项合计 {sums},比总数 {total} 少 {short};如只是举例,不必改"
        yield Slip(place=told.place, says=told.says, why=why, harmless=True)


def _whole(bulletin: Bulletin, division: Division, told: Divided) -> bool:
    """Whether these parts leave nothing out."""
    rest = bulletin.grammar.term("rest.words")
    if any(map(rest.search, told.labels)):
        return True
    return bool(division.whole) and all(any(map(each.search, told.labels)) for each in division.whole)


CHECK = Check(slug="parts", number=1, title="总数等于分项之和", run=_check)
