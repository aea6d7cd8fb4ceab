"""§5.24: no personal data, no links to evidence, nobody who could not be checked among the failing."""

import re
from collections.abc import Iterator
from datetime import date

from tracker.checking.annexes import Annex, Result
from tracker.checking.checks.base import Check, Outcome, Ran, Skipped, Slip
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.registry.cells import text_of
from tracker.text import Linked, key

_MOBILE = re.compile(r"(?<![\d.])1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{6}((?:19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx](?![\dA-Za-z])")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-—]\d{7,8}(?!\d)")
_LINK = re.compile(r"https?://\S+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _private(bulletin: Bulletin, record: Record | None) -> Outcome:
    if not bulletin.source.prose and not bulletin.source.parts:
        return Skipped(why="没有正文,也没有附件")
    prose = [slip for line in bulletin.lines for slip in _people(line.paragraph.place, line.paragraph.words.text)]
    notes = [slip for part in bulletin.source.parts for note in part.notes for slip in _people(note.place, note.words.text)]
    tables = [slip for annex in bulletin.annexes for slip in _annex(bulletin, annex)]
    return Ran(on="正文与附件", slips=(*prose, *notes, *tables))


def _people(place: str, text: str) -> Iterator[Slip]:
    for match in _MOBILE.finditer(text):
        yield Slip(place=place, says=_masked(match[0]), why="有手机号码,是个人信息,通报里不应出现", fits="删去,或改用办公电话")
    for match in _IDENTITY.finditer(text):
        if _true_identity(match):
            yield Slip(place=place, says=_masked(match[0]), why="有身份证号码,是个人信息,通报里不应出现", fits="删去")


def _masked(number: str) -> str:
    """What stands there without repeating it: reports are passed on."""
    return f"{number[:3]}****{number[-2:]}"


def _true_identity(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    digits = match[0]
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def _annex(bulletin: Bulletin, annex: Annex) -> Iterator[Slip]:
    for title in annex.personal:
        why = f"附件有“{title}”一列,是个人信息,附件里不应出现"
        yield Slip(place=f"{annex.part.label}的表头", says=title, why=why, fits="删去这一列")
    addresses = "url" in annex.titles or annex.about == "网站"
    for at, cells in enumerate(annex.sheet.cells, annex.sheet.first_row):
        for cell in cells:
            text = text_of(cell)
            place = f"{annex.part.label}表格第{at}行"
            yield from _people(place, text)
            if _LANDLINE.search(text):
                yield Slip(place=place, says=_masked(text), why="附件的表格里有电话号码", fits="删去")
            if (_LINK.search(text) or isinstance(cell, Linked)) and not addresses:
                yield Slip(place=place, says=text[:60], why="附件里有链接,不合格名单不附证据链接", fits="删去链接")
    yield from _unseen(bulletin, annex)


def _unseen(bulletin: Bulletin, annex: Annex) -> Iterator[Slip]:
    only = bulletin.grammar.term("titles.failing").search(annex.part.title) or annex.only_failing
    for row in annex.rows if only else ():
        if row.verdict is Result.UNSEEN or "未能核查" in key(row.result + row.found):
            why = f"“{row.name or row.org}”未能核查,不能列入不合格名单"
            yield Slip(place=annex.place(row), says=row.found or row.result, why=why, fits="移到未能核查清单")


PRIVATE = Check(slug="private", number=24, title="没有个人信息、证据链接,不把未能核查列为不合格", run=_private)
