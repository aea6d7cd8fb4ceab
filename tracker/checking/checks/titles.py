"""§5.14 and §5.15: 附件说明, marks on the annexes, and what the prose refers to."""

import re
from collections.abc import Iterator

from tracker.checking.checks.base import Check, Outcome, Ran, Skipped, Slip
from tracker.checking.numbers import number
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.checking.source import Part
from tracker.text import key

_REFERENCE = re.compile(r"(?:详见|见|参见|附于)?附件(\d{1,3}|[一二三四五六七八九十]+)(?!:)")
_TOGETHER = re.compile(r"附件(\d{1,3})(?:[、,和及与](\d{1,3}))+|附件(\d{1,3})[至\-—~](\d{1,3})")
_PLAIN = re.compile("(?:详见|见|参见)附(?:件|表)(?![0-9一二三四五六七八九十])")
_MARKS = re.compile("[。;,.]$")


def _titles(bulletin: Bulletin, record: Record | None) -> Outcome:
    marked = _marked(bulletin)
    listed = {each.number: each for each in bulletin.source.listed}
    pairs = [(listed[at], part) for at, part in marked.items() if at in listed and part.title]
    # The only annex stands as 附件 without a number; a 1 on one side alone is a matter of its form.
    if not pairs and len(marked) == len(listed) == 1:
        pairs = [(each, part) for each in listed.values() for part in marked.values() if part.title]
    if not pairs:
        return Skipped(why="没有同时读到附件说明和带标题的附件")
    slips = []
    for each, part in pairs:
        if key(each.title) != key(part.title):
            mark = key(_MARKS.sub("", each.title)) == key(part.title)
            why = f"附件说明写的是“{each.title}”,{part.label}的标题是“{part.title}”" + ("(名称后不加标点)" if mark else "")
            slips.append(Slip(place=part.label, says=part.title, fits=each.title, why=why, harmless=mark))
    return Ran(on="、".join(part.label for _, part in pairs), slips=tuple(slips))


def _marked(bulletin: Bulletin) -> dict[int | None, Part]:
    return {part.number: part for part in bulletin.source.parts if part.marked or part.number is not None}


def _numbers(bulletin: Bulletin, record: Record | None) -> Outcome:
    listed = [each.number for each in bulletin.source.listed if each.number is not None]
    marks = [part.number for part in bulletin.source.parts if part.marked and part.number is not None]
    if not listed and not marks and not bulletin.source.listed:
        return Skipped(why="没有附件说明,附件也没有编号")
    slips = [*_order("附件说明", listed), *_order("附件编号", marks if not listed or len(marks) >= len(listed) else [])]
    known = set(listed) or set(marks)
    slips.extend(_references(bulletin, known))
    slips.extend(
        Slip(place=f"附件{at}", says=f"附件{at}", why=f"附件说明里没有附件{at}", fits="补入附件说明")
        for at in sorted(set(marks) - set(listed))
        if listed
    )
    missing = sorted(set(listed) - {part.number for part in bulletin.source.parts} if any(bulletin.source.parts) else set(listed))
    gone = f";附件{'、'.join(map(str, missing))}不在所给的文件里" if missing else ""
    return Ran(on=f"附件说明 {len(bulletin.source.listed)} 项、附件 {len(bulletin.source.parts)} 个{gone}", slips=tuple(slips))


def _order(what: str, numbers: list[int]) -> Iterator[Slip]:
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        told = "、".join(map(str, numbers))
        right = "、".join(map(str, range(1, len(numbers) + 1)))
        yield Slip(place=what, says=told, fits=right, why=f"{what}应从 1 起连续编号,现为 {told}")


def _references(bulletin: Bulletin, known: set[int]) -> Iterator[Slip]:
    told: set[int] = set()
    for line in bulletin.lines:
        for at, span in _referred(line.paragraph.plain):
            told.add(at)
            if known and at not in known:
                says = line.paragraph.words.quote(*span)
                yield Slip(place=line.paragraph.place, says=says, why=f"文中提到附件{at},附件说明里没有它", fits="改正编号")
    loose = any(_PLAIN.search(line.paragraph.plain) for line in bulletin.lines)
    left = sorted(known - told)
    if left and not loose and known != {1}:
        names = "、".join(f"附件{at}" for at in left)
        # Without any reference the office just does not use them.
        yield Slip(place="正文", says="", fits=f"写明(详见{names})", why=f"正文没有提到{names}", harmless=not told)


def _referred(plain: str) -> Iterator[tuple[int, tuple[int, int]]]:
    for match in _REFERENCE.finditer(plain):
        yield number(match[1]), match.span()
    for match in _TOGETHER.finditer(plain):
        if match[3]:
            yield from ((at, match.span()) for at in range(int(match[3]), int(match[4]) + 1))
        else:
            yield from ((int(at), match.span()) for at in re.findall(r"\d+", match[0]))


TITLES = Check(slug="annex-titles", number=14, title="附件标题与附件说明一字不差", run=_titles)
NUMBERS = Check(slug="annex-numbers", number=15, title="附件从 1 起编号且文中都提到", run=_numbers)
