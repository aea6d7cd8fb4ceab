"""Faults in the prose: how many accounts are said to have one, what share, since when, and who is named for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.checking.grammar import COUNT, NUMBER, families_of
from tracker.checking.match import loosely
from tracker.checking.numbers import Rate, number, rate
from tracker.checking.reading import MEDIA, SITES, Bulletin, Line, about_heading
from tracker.rulebook.taxonomy import read_phrases

_COUNT = re.compile(COUNT)
_HEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、]|[一二三四五六七八九]是)")
_HEAD_COUNT = re.compile(rf"^(.{{2,40}}?)\((?:共)?({NUMBER})[个家][^()]*\)[。:]?$")
_SHARE = re.compile(r",?占(?:比|不合格总数|比例|问题总数|不合格)?[^,;。%]{0,12}%")
_OLDER = re.compile(
    rf"(?:超过|超|逾|已有|长达|近|达)?({NUMBER})(?:个)?(半)?(年|月|周|星期|天|日)(?:以上|多|余)?(?:内)?[^,;。]{{0,6}}?(?:未|没有|无)(?:及时)?(?:发布|更新)"
)
_FORBIDDEN = re.compile("其中|整改|复核|复查|合格|检查了|共检查|抽查了|仍有|等$")
_DAYS = {"年": 365, "月": 30, "周": 7, "星期": 7, "天": 1, "日": 1}
_ITEMS = re.compile(r"[^、,。;:()]+(?:\([^()]*\))?")
_ONE = rf"(?:(?!等{NUMBER})[^、,。;:])+"
_OF = re.compile(rf"((?:{_ONE}、)*?{_ONE})等({NUMBER})(?:个|家)")
_AND = re.compile("^[^和及与]{0,6}(?:以及|和|及|与)")
_LIST = r"((?:[^、,。;:]+、)+[^、,。;:]+)"
_AFTER_COLON = re.compile(rf"(?:分别(?:是|为)|包括|即|名单如下|有):?{_LIST}|:{_LIST}")
_IN_BRACKETS = re.compile(r"\(((?:[^、,。;:()]+(?:\([^()]*\))?、)+[^、,。;:()]+(?:\([^()]*\))?)\)")
_UNCURED = re.compile("未[^,;。]{0,12}整改|整改不到位")
_QUOTED = re.compile("“([^“”]{2,30})”")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindClaim:
    """“有5个政务新媒体…未更新,占比27.78%”. `days`: the claim says “over N days”; `codes` may be empty, `families` never."""

    value: int
    share: Rate | None
    codes: frozenset[str]
    families: frozenset[str]
    days: int | None
    about: str
    line: Line
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Names in one list of the prose. `fault` False = they are praised; `told` = the number that stands with 等 or before."""

    names: tuple[str, ...]
    fault: bool
    families: frozenset[str]
    uncured: bool
    about: str
    told: int | None
    whole: bool
    """Whether the list has no 等: it should be as long as told."""
    line: Line
    says: str


@lru_cache(maxsize=2)
def kind_claims(bulletin: Bulletin) -> tuple[KindClaim, ...]:
    """Counts of one kind of fault; a clause with a total, with last period's numbers or with names before 等 is none."""
    return tuple(_kind_claims(bulletin))


def _kind_claims(bulletin: Bulletin) -> Iterator[KindClaim]:
    for line in bulletin.lines:
        if line.asks:
            continue
        plain = line.paragraph.plain
        heading = _heading(plain)
        if line.again and not line.again[0] and line.again[1] == len(plain):
            continue
        if match := _HEAD_COUNT.match(_HEAD.sub("", plain)):
            yield from _claim(bulletin, line, match[1], "", match[2], None, (0, len(plain)))
            continue
        for start, stop in line.paragraph.words.sentences():
            yield from _in_sentence(bulletin, line, heading, start, stop)


def _in_sentence(bulletin: Bulletin, line: Line, heading: str, start: int, stop: int) -> Iterator[KindClaim]:
    sentence = line.paragraph.plain[start:stop]
    if re.match(bulletin.grammar.past, sentence):
        return
    for match in re.finditer(r"[^,;:。]+", sentence):
        clause = match[0]
        counts = list(_COUNT.finditer(re.sub(r"\([^()]*\)", lambda found: "·" * len(found[0]), clause)))
        if line.is_again(start + match.start()):
            continue
        if len(counts) != 1 or _FORBIDDEN.search(clause) or re.search(bulletin.grammar.past, clause):
            continue
        if "等" in clause[: counts[0].start()][-1:]:
            continue
        share = _SHARE.match(sentence[match.end() :])
        told = rate(share[0]) if share else None
        count = re.match(NUMBER, counts[0][0])
        words = clause[: counts[0].start()] + clause[counts[0].end() :]
        if count:
            yield from _claim(bulletin, line, words, heading, count[0], told, (start + match.start(), start + match.end()))


def _claim(
    bulletin: Bulletin, line: Line, text: str, heading: str, count: str, share: Rate | None, span: tuple[int, int]
) -> Iterator[KindClaim]:
    codes, families = _fault(text)
    if not families and heading:
        codes, families = _fault(heading)
    if not families or not (line.problems or share or "发现" in text or heading):
        return
    yield KindClaim(
        value=number(count),
        share=share,
        codes=codes,
        families=families,
        days=_days(text),
        about=_about(bulletin, line, text),
        line=line,
        says=line.paragraph.words.quote(*span),
    )


def _heading(plain: str) -> str:
    """The opening words of a paragraph that name a kind: “内容更新不及时。”, “一是更新不及时。”."""
    first = plain.split("。")[0]
    return _HEAD.sub("", first) if len(first) <= 40 and first != plain and not _COUNT.search(first) else ""


def _fault(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Taxonomy codes and families of a prose phrase."""
    told = (each.code for each in read_phrases(text))
    codes = frozenset(code for code in told if code and code not in ("OK", "NEW", "EMPTY", "LIF-01"))
    return codes, families_of(tuple(codes), text)


def _days(text: str) -> int | None:
    """More days than … without a post, as the words claim; two weeks is the rule itself and no claim of its own."""
    match = _OLDER.search(text)
    if not match or "内" in match[0]:
        return None
    return number(match[1]) * _DAYS[match[3]] + (_DAYS[match[3]] // 2 if match[2] else 0)


def _about(bulletin: Bulletin, line: Line, text: str) -> str:
    named = [each for each in (MEDIA, SITES) if each in text]
    if len(named) == 1:
        return named[0]
    kinds = {each.about for each in bulletin.annexes if each.is_list}
    return about_heading(line) or (next(iter(kinds)) if len(kinds) == 1 else "")


@lru_cache(maxsize=2)
def named(bulletin: Bulletin) -> tuple[Named, ...]:
    """Lists of names with what is said of them: faults, or praise."""
    return tuple(_named(bulletin))


def _named(bulletin: Bulletin) -> Iterator[Named]:
    above = frozenset[str]()
    for at, line in enumerate(bulletin.lines):
        if line.asks:
            continue
        plain = line.paragraph.plain
        head = _HEAD_COUNT.match(_HEAD.sub("", plain))
        own = _fault(head[1] if head else _heading(plain))[1]
        if head or (line.is_heading and "。" not in plain):
            above = _fault(plain)[1]
            continue
        told = _told_above(bulletin.lines, at)
        for start, stop in line.paragraph.words.sentences():
            if line.is_again(start):
                yield from _uncured(bulletin, line, start, stop)
                continue
            lists = list(_lists(bulletin, line, own or above, start, stop, told))
            yield from lists or _subjects(bulletin, line, start, stop)


def _uncured(bulletin: Bulletin, line: Line, start: int, stop: int) -> Iterator[Named]:
    """Of last period's failures only those that are said not to be put right: others of the sentence may be cured or closing."""
    for match in re.finditer("[^,;:。]+", line.paragraph.plain[start:stop]):
        if _UNCURED.search(match[0]):
            lists = _lists(bulletin, line, frozenset(), start + match.start(), start + match.end(), None)
            yield from (each for each in lists if each.fault)


def _are_accounts(bulletin: Bulletin, names: Sequence[str], after: str) -> bool:
    """Whether quoted words are names: said so behind them, or one is in an annex (“三务公开”“两微一端”等工作 are none)."""
    if bulletin.grammar.term("names.behind").match(after):
        return True
    known = [row for annex in bulletin.annexes for row in annex.rows]
    return any(loosely(name, known) for name in names)


def _told_above(lines: Sequence[Line], at: int) -> int | None:
    """The count in the heading above a line of names that stands alone under it: 未提供有效互动功能(3个)."""
    above = lines[at - 1].paragraph.plain if at else ""
    head = _HEAD_COUNT.match(_HEAD.sub("", above))
    alone = at + 1 == len(lines) or _HEAD.match(lines[at + 1].paragraph.plain)
    return number(head[2]) if head and alone else None


def _lists(bulletin: Bulletin, line: Line, heading: frozenset[str], start: int, stop: int, above: int | None) -> Iterator[Named]:
    sentence = line.paragraph.plain[start:stop]
    terms = bulletin.grammar
    for items, told, whole, span in _found(sentence):
        names = tuple(name for item in items if (name := _name(bulletin, item)))
        if not names or ("“" in items[0] and not _are_accounts(bulletin, names, sentence[span[1] :])):
            continue
        rest = "".join(sentence.split("".join(sentence[slice(*span)])))
        praised = terms.term("names.praise").search(rest) and terms.term("names.praised").search(rest)
        families = _fault(rest)[1] or heading
        uncured = _UNCURED.search(rest) is not None
        blamed = terms.term("names.blame").search(rest) is not None or bool(heading)
        if not praised and not ((families or uncured) and blamed and (line.problems or families)):
            continue
        yield Named(
            names=names,
            fault=not praised,
            families=frozenset() if praised or (uncured and not _fault(rest)[1]) else families,
            uncured=uncured,
            about=_about(bulletin, line, sentence),
            told=above if whole and told is None else told,
            whole=whole and len(names) == len(items),
            line=line,
            says=line.paragraph.words.quote(start + span[0], start + span[1]),
        )


def _subjects(bulletin: Bulletin, line: Line, start: int, stop: int) -> Iterator[Named]:
    """“县统计局栏目更新不及时”: one unit that an annex knows, with its fault in the same clause."""
    known = [row for annex in bulletin.annexes for row in annex.rows]
    for match in re.finditer("[^,;:。]+", line.paragraph.plain[start:stop]) if line.problems else ():
        clause = bulletin.grammar.term("names.lead").sub("", match[0])
        subject = bulletin.grammar.term("names.subject").match(clause)
        name = _name(bulletin, subject[1]) if subject else ""
        families = _fault(clause[len(subject[1]) :])[1] if subject else frozenset()
        if not name or not families or not loosely(name, known) or re.search(bulletin.grammar.past, clause):
            continue
        yield Named(
            names=(name,),
            fault=True,
            families=families,
            uncured=False,
            about=_about(bulletin, line, clause),
            told=None,
            whole=False,
            line=line,
            says=line.paragraph.words.quote(start + match.start(), start + match.end()),
        )


def _found(sentence: str) -> Iterator[tuple[list[str], int | None, bool, tuple[int, int]]]:
    """(items, number told, no 等, span) of each list in a sentence."""
    used: list[tuple[int, int]] = []
    for match in _OF.finditer(sentence):
        # “甲镇等2个镇和乙局、丙局等2个部门”: the second list begins behind the 和.
        goes_on = bool(used) and used[-1][1] == match.start()
        used.append(match.span())
        yield _split(_AND.sub("", match[1]) if goes_on else match[1]), number(match[2]), False, match.span(1)
    counts = [number(found[0][:-1]) for found in _COUNT.finditer(re.sub(r"\([^()]*\)", "", sentence))]
    told = counts[0] if len(counts) == 1 else None
    for pattern in (_IN_BRACKETS, _AFTER_COLON):
        for match in pattern.finditer(sentence):
            group = next(at for at in range(1, len(match.groups()) + 1) if match[at])
            if any(start < match.end(group) and match.start(group) < stop for start, stop in used):
                continue
            used.append(match.span(group))
            items = _split(match[group])
            # 有5个…(市直2家:甲、乙;县区3家:…) tells its parts: no list of it is as long as the total.
            ends = pattern is _IN_BRACKETS or match.end(group) == len(sentence.rstrip("。"))
            whole = ends and not re.search("[和及与等]", match[group]) and len(re.findall(pattern, sentence)) == 1
            yield items, told, whole, match.span(group)
    yield from _plain_lists(sentence, used, told)


def _plain_lists(
    sentence: str, used: list[tuple[int, int]], told: int | None
) -> Iterator[tuple[list[str], int | None, bool, tuple[int, int]]]:
    """Names in quotes, and a line that is nothing but names."""
    quoted = [match for match in _QUOTED.finditer(sentence) if not any(a <= match.start() < b for a, b in used)]
    names = [match for match in quoted if _is_listed(sentence, match)]
    if names:
        yield [f"“{match[1]}”" for match in names], None, False, (names[0].start(), names[-1].end())
    elif not used and "、" in sentence and re.fullmatch(r"(?:[^、,。;:]+、)+[^、,。;:]+。?", sentence):
        yield _split(sentence.rstrip("。")), told, True, (0, len(sentence))
    elif not used and (single := re.fullmatch(r"([^、,。;:()]+\([^()]+\))。?", sentence)):
        yield [single[1]], told, True, single.span(1)


def _is_listed(sentence: str, match: re.Match[str]) -> bool:
    """Whether quotes hold a name: one of several, or before 等; “僵尸” and “文章”栏目 are none."""
    after, before = sentence[match.end() :], sentence[: match.start()]
    return bool(re.match("等|[、和及与]?“", after) or re.search("”[、和及与]?$", before)) and not after.startswith("栏目")


def _split(words: str) -> list[str]:
    return [match[0] for match in _ITEMS.finditer(words)]


def _name(bulletin: Bulletin, item: str) -> str:
    """The name in a list item, or empty where it is not sure to be one."""
    terms = bulletin.grammar
    bare = terms.term("names.lead").sub("", item)
    outer = re.sub(r"\([^()]*\)$", "", bare).strip("“”")
    if not 2 <= len(outer) <= 30 or terms.term("names.none").search(outer) or _COUNT.search(outer):
        return ""
    if terms.term("names.blame").search(outer) and "“" in item:
        return ""
    if "“" in item or "(" in bare or terms.term("names.unit").search(outer):
        return outer
    return outer if any(outer in (row.name, row.org) for annex in bulletin.annexes for row in annex.rows) else ""
