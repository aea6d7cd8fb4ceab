"""§5.21 and §5.22: totals of counting tables, and third results that the prose explains."""

import re
from collections.abc import Iterator

from tracker.checking.annexes import Annex, Result
from tracker.checking.checks.base import Check, Outcome, Skipped, Slip, outcome
from tracker.checking.grammar import NUMBER
from tracker.checking.numbers import number
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.registry.cells import text_of
from tracker.registry.header import find_header
from tracker.registry.tables import columns
from tracker.text import key, squeeze

_SAID = re.compile(rf"(?:共|累计|总计|合计)(?:[^,;。0-9一二三四五六七八九十百千]{{0,16}})?({NUMBER})(?:条|篇|处|个错敏|项错敏)")
_MOST_DIGITS = 9
_ABOUT = {"发布": "发布|信息", "错敏": "错敏|敏感"}


def _totals(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [(each.part.label, list(_counted(bulletin, each))) for each in bulletin.annexes if "count" in each.titles]
    return outcome(seen, "附件里没有发布条数或错敏信息数量")


def _counted(bulletin: Bulletin, annex: Annex) -> Iterator[Slip]:
    total = sum(row.count or 0 for row in annex.rows)
    for number_, told in _total_rows(annex):
        if told != total:
            why = f"合计写的是 {told},各行相加是 {total}"
            yield Slip(place=f"{annex.part.label}表格第{number_}行", says=str(told), fits=str(total), why=why)
    topic = next((words for begin, words in _ABOUT.items() if begin in annex.titles["count"]), "")
    same = [each for each in bulletin.annexes if each.titles.get("count") == annex.titles["count"]]
    lines = [(line.paragraph, line.asks) for line in bulletin.lines] + [(note, False) for note in annex.part.notes]
    for paragraph, asks in lines if topic and len(same) == 1 else ():
        for match in _SAID.finditer(paragraph.plain) if not asks else ():
            clause = paragraph.plain[: match.end()].rsplit("。", 1)[-1]
            if re.search(topic, clause) and not re.search(bulletin.grammar.past, clause) and number(match[1]) != total:
                why = f"文中写 {number(match[1])},{annex.part.label}各行相加是 {total}"
                yield Slip(place=paragraph.place, says=paragraph.words.quote(*match.span()), fits=str(total), why=why)


def _total_rows(annex: Annex) -> Iterator[tuple[int, int]]:
    """(table row, number) of 合计 rows."""
    header = find_header(annex.sheet)
    column = header.fields.get("count") if header else None
    for at, cells in enumerate(annex.sheet.cells, annex.sheet.first_row):
        filled = [text for cell in cells if (text := text_of(cell))]
        if filled and column is not None and column < len(cells) and columns().totals.match(key(filled[0])):
            told = text_of(cells[column])
            if told.isdecimal() and len(told) <= _MOST_DIGITS:
                yield at, int(told)


def _thirds(bulletin: Bulletin, record: Record | None) -> Outcome:
    prose = "".join(line.paragraph.plain for line in bulletin.lines)
    notes = "".join(note.plain for annex in bulletin.annexes for note in annex.part.notes)
    if not prose:
        return Skipped(why="没有正文可以说明")
    seen = [(each.part.label, list(_third(bulletin, each, prose + notes))) for each in bulletin.annexes if each.is_list]
    return outcome(seen, "没有写检查结果的附件")


def _third(bulletin: Bulletin, annex: Annex, text: str) -> Iterator[Slip]:
    words: dict[str, list[int]] = {}
    for row in annex.rows:
        if row.verdict in (Result.THIRD, Result.BASIC):
            words.setdefault(_word(row.result or row.found), []).append(row.number)
    for word, rows in words.items():
        known = bulletin.grammar.terms["third.said"].replace("{0}", re.escape(key(word)))
        said = (word == Result.BASIC.value and word in text) or re.search(known, text)
        if word and len(word) <= 10 and not said:
            shown = "、".join(map(str, rows[:5]))
            why = f"附件里有 {len(rows)} 行的结果是“{word}”,它既不是合格也不是不合格,正文没有说明怎么算"
            yield Slip(place=f"{annex.part.label}表格第{shown}行", says=word, why=why, fits=f"在正文写明“{word}”是否计入合格")


def _word(cell: str) -> str:
    return squeeze(re.split("[(（,，、;；]", cell)[0])


TOTALS = Check(slug="totals", number=21, title="条数合计等于各行之和", run=_totals)
THIRDS = Check(slug="third-results", number=22, title="第三种结果在正文有说明", run=_thirds)
