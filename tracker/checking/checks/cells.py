"""§5.17, §5.18: codes, results and whole cells of the annex tables, and their row numbers."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tracker.checking.annexes import Annex, Result, Row
from tracker.checking.checks.base import Check, Outcome, Slip, outcome
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.text import clip, squeeze

_PAIRS = (("(", ")"), ("“", "”"), ("《", "》"))
_MOST_DIGITS = 6
_SEPARATED = re.compile("[,，、;；]$")


def _codes(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [
        (each.part.label, [slip for row in each.rows for slip in _code(each, row)])
        for each in bulletin.annexes
        if any(row.site_code for row in each.rows)
    ]
    return outcome(seen, "附件里没有网站标识码")


def _code(annex: Annex, row: Row) -> Iterator[Slip]:
    code = row.site_code
    if code and not (len(code) == 10 and code.isascii() and code.isdecimal()) and re.search(r"\d", code):
        why = f"网站标识码应为 10 位数字,“{code}”有 {len(code)} 位"
        yield Slip(place=annex.place(row), says=code, why=why, fits="10 位数字")


def _cells(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [(each.part.label, [*_numbering(each), *_results(bulletin, each)]) for each in bulletin.annexes]
    why = f"表格的表头没有看懂:{'、'.join(bulletin.lost)}" if bulletin.lost else "没有附件表格"
    return outcome(seen, why)


def _numbering(annex: Annex) -> Iterator[Slip]:
    """Holes and repeats of 序号; a wide row stands for two accounts, a row without a number belongs to that above."""
    rows = {row.number: int(row.seq) for row in annex.rows if row.seq.isdecimal() and len(row.seq) <= _MOST_DIGITS}
    told = list(rows.values())
    if told == list(range(1, len(told) + 1)) or _restarts(told):
        return
    again = [number for number, times in Counter(told).items() if times > 1]
    holes = sorted(set(range(1, max(told) + 1)) - set(told)) if max(told) <= 10 * len(told) else []
    words = [f"重复 {_some(again)}"] * bool(again) + [f"缺 {_some(holes)}"] * bool(holes)
    first = next((row for row, number in rows.items() if number in again), None)
    if first is None:
        first = next((row for row, number in rows.items() if holes and number > holes[0]), next(iter(rows)))
    why = f"{annex.part.label}的序号{','.join(words) or '没有按 1、2、3 的次序排列'}"
    place = f"{annex.part.label}表格第{first}行"
    yield Slip(place=place, says=f"序号{rows[first]}", why=why, fits=f"1 至 {len(told)} 连续", harmless=not words)


def _restarts(told: list[int]) -> bool:
    """Whether the numbers begin anew with each group (1, 2, 3, 1, 2)."""
    follow = all(after in (before + 1, 1) for before, after in pairwise(told))
    return follow and told[0] == 1 and told.count(1) > 1 and len(told) > 2 * told.count(1)


def _some(numbers: list[int]) -> str:
    return "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")


def _results(bulletin: Bulletin, annex: Annex) -> Iterator[Slip]:
    for number, told in annex.lonely:
        why = f"没有账号名称,旁边却写了检查情况“{told}”"
        yield Slip(place=f"{annex.part.label}表格第{number}行", says=told, why=why, fits="删去,或补上账号名称")
    # Where nobody passed by a word and several cells are empty, an empty cell is how this table says so.
    empty = sum(row.verdict is Result.EMPTY for row in annex.rows)
    silent = annex.only_failing and empty > 1 and "result" not in annex.titles
    for row in annex.rows:
        if annex.is_list and not silent and row.verdict is Result.EMPTY and row.name:
            why = f"“{row.name or row.org}”没有检查结果,也没有问题"
            yield Slip(place=annex.place(row), says=row.name or row.org, why=why, fits="补上检查结果")
        explained = row.found or "(" in row.result or "（" in row.result
        if row.verdict is Result.FAILED and {"found", "result"} <= annex.titles.keys() and not explained:
            why = f"“{row.name or row.org}”不合格,没有写存在什么问题"
            yield Slip(place=annex.place(row), says=row.result, why=why, fits="补上存在的问题")
        yield from _cut(bulletin, annex, row)


def _cut(bulletin: Bulletin, annex: Annex, row: Row) -> Iterator[Slip]:
    for text in filter(None, (squeeze(row.found), row.result)):
        shown = clip(text, 60)
        if _SEPARATED.search(text):
            yield Slip(place=annex.place(row), says=shown, why="末尾多了一个标点,或后面还有没写完的话", harmless=True)
        if bulletin.grammar.term("cells.cut").search(text):
            yield Slip(place=annex.place(row), says=shown, why=f"“{shown}”像是没有写完", fits="补全这一格")
        elif _unpaired(text):
            yield Slip(place=annex.place(row), says=shown, why=f"“{shown}”的括号或引号没有成对,可能没有写完", fits="补全这一格")


def _unpaired(text: str) -> bool:
    """Whether brackets (of either width) or quotes do not close."""
    plain = text.translate(str.maketrans("（）", "()"))
    return any(plain.count(left) != plain.count(right) for left, right in _PAIRS)


CODES = Check(slug="site-codes", number=17, title="网站标识码为 10 位", run=_codes)
CELLS = Check(slug="cells", number=18, title="序号连续,每行都有结果,没有写了一半的格子", run=_cells)
