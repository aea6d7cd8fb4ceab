"""§5.6, §5.7, §5.11: who is named in the prose, for faults or in praise, against the annex and the pass rate."""

from collections.abc import Iterator, Sequence

from tracker.checking.annexes import Annex, Result, Row
from tracker.checking.checks.base import KINDS, Check, Outcome, Slip, outcome
from tracker.checking.claims import Named, named
from tracker.checking.match import alike, loosely, names_in, strictly
from tracker.checking.numbers import percent
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.text import key

_GRAVE = frozenset({"更新", "互动", "点赞", "商业信息", "错敏", "关停"})
"""Faults that fail an account wherever they were seen; others are often named in the prose without failing anybody."""


def _faults(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [
        (told.line.paragraph.place, [*_count(told), *(slip for name in told.names for slip in _name(bulletin, told, name))])
        for told in named(bulletin)
        if told.fault and bulletin.lists(told.about)
    ]
    return outcome(seen, "文中没有点名有问题的账号或单位,或没有可对照的附件")


def _count(told: Named) -> Iterator[Slip]:
    if told.told is None or len(told.names) == told.told or (not told.whole and len(told.names) < told.told):
        return
    why = f"文中写 {told.told} 个,列出的名称有 {len(told.names)} 个"
    yield Slip(place=told.line.paragraph.place, says=told.says, fits=f"{len(told.names)} 个", why=why)


def _name(bulletin: Bulletin, told: Named, name: str) -> Iterator[Slip]:
    lists = bulletin.lists(told.about)
    place, label = told.line.paragraph.place, "、".join(dict.fromkeys(each.part.label for each in lists))
    found = loosely(name, (row for each in bulletin.annexes for row in each.rows))
    if not found:
        # A name that is but misspelt is told by the check of spelling.
        if not alike(name, names_in(bulletin.annexes)):
            minor = not told.uncured and not told.families & _GRAVE and all(each.only_failing for each in lists)
            why = f"文中点名“{name}”有问题,{label}里没有它"
            yield Slip(place=place, says=name, why=why, fits="补入附件,或从文中删去", harmless=minor)
        return
    rows = loosely(name, (row for each in lists for row in each.rows))
    if rows and all(row.verdict in (Result.PASSED, Result.BASIC) and not row.families for row in rows):
        word = rows[0].result or rows[0].found
        yield Slip(place=place, says=name, fits=word, why=f"文中点名“{name}”有问题,{_where(lists, rows[0])}写的是“{word}”")
    elif rows and told.families and all(row.families and not row.families & told.families for row in rows):
        word = rows[0].found or rows[0].result
        why = f"文中说“{name}”的问题是{'、'.join(sorted(told.families))},{_where(lists, rows[0])}写的是“{word}”"
        yield Slip(place=place, says=name, fits=word, why=why)


def _where(lists: Sequence[Annex], row: Row) -> str:
    return next(each.place(row) for each in lists if row in each.rows)


def _praised(bulletin: Bulletin, record: Record | None) -> Outcome:
    lists = [each for each in bulletin.annexes if each.is_list]
    seen = [
        (told.line.paragraph.place, [slip for name in told.names for slip in _both(bulletin, told, name)])
        for told in named(bulletin)
        if not told.fault and (lists or any(each.fault for each in named(bulletin)))
    ]
    return outcome(seen, "文中没有点名表扬的单位,或没有可对照的不合格名单")


def _both(bulletin: Bulletin, told: Named, name: str) -> Iterator[Slip]:
    about = told.about if any(word in told.line.paragraph.plain for word in ("新媒体", "网站")) else ""
    lists = [each for each in bulletin.annexes if each.is_list and (not about or each.about == about)]
    for each in lists:
        for row in strictly(name, each.failing)[:1]:
            why = f"“{name}”在文中受表扬,{each.place(row)}却是不合格({row.found or row.result})"
            yield Slip(place=told.line.paragraph.place, says=name, why=why, fits="从表扬中删去,或写明表扬的是哪一项")
            return


def _room(bulletin: Bulletin, record: Record | None) -> Outcome:
    return outcome((pair for about in KINDS for pair in _fits(bulletin, about)), "没有同时读到合格率、检查数和点名的账号")


def _fits(bulletin: Bulletin, about: str) -> Iterator[tuple[str, list[Slip]]]:
    figure, checked, failing = (bulletin.one(role, about) for role in ("pass_rate", "checked", "failing"))
    lists = [told for told in named(bulletin) if told.fault and not told.uncured and told.about == about]
    who = {key(name) for told in lists for name in told.names}
    third = bulletin.rows(about, Result.THIRD, Result.BASIC) or bulletin.one("basic", about)
    if not figure or not figure.rate or not checked or not who or third or figure.rate.bound:
        return
    places, value, whole = figure.rate.places, figure.rate.value, checked.value
    room = max((fails for fails in range(whole + 1) if percent(whole - fails, whole, places) >= value), default=0)
    room = max(room, failing.value if failing else 0)
    slips = []
    if len(who) > room:
        why = f"合格率 {figure.rate}、共 {whole} 个,最多容得下 {room} 个不合格,文中点名有问题的却有 {len(who)} 个"
        slips.append(Slip(place=figure.place, says=figure.says, fits=f"{percent(whole - len(who), whole)}%", why=why))
    yield f"{figure.place}与点名的 {len(who)} 个", slips


FAULTS = Check(slug="named", number=6, title="文中点名的问题,附件里都有", run=_faults)
PRAISED = Check(slug="praised", number=7, title="受表扬的单位不在不合格名单里", run=_praised)
ROOM = Check(slug="rate-named", number=11, title="合格率容得下点名的数量", run=_room)
