"""§5.19: one spelling per unit and word, in prose and annex."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from tracker.checking.annexes import Annex, Row
from tracker.checking.checks.base import Check, Outcome, Ran, Skipped, Slip
from tracker.checking.claims import named
from tracker.checking.match import alike, confused, dropped, loosely, names_in
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record
from tracker.text import key

_SAME = (("无更新", "未更新"), ("没有更新", "未更新"), ("无及时", "未及时"))
_MOST_COMPARED = 400


def _spelling(bulletin: Bulletin, record: Record | None) -> Outcome:
    if not bulletin.lines and not bulletin.annexes:
        return Skipped(why="没有正文,也没有看懂的附件")
    slips = (*_typos(bulletin), *_mixed(bulletin), *_prose(bulletin), *_annex(bulletin))
    return Ran(on="正文与附件的用语、名称", slips=slips)


def _typos(bulletin: Bulletin) -> Iterator[Slip]:
    places = [(line.paragraph.place, line.paragraph.plain) for line in bulletin.lines]
    for annex in bulletin.annexes:
        places.append((annex.part.label, key(annex.part.title + "".join(annex.titles.values()))))
        places.extend((annex.place(row), key(row.name + row.org + row.found + row.kind)) for row in annex.rows)
    for place, text in places:
        for word in bulletin.grammar.typos:
            if word in text:
                yield Slip(place=place, says=word, why=f"“{word}”像是错别字", fits="核对字形")


def _mixed(bulletin: Bulletin) -> Iterator[Slip]:
    """The same finding in two wordings that differ in 无 and 未 alone."""
    forms: dict[str, dict[str, list[tuple[Annex, Row]]]] = defaultdict(lambda: defaultdict(list))
    for annex in bulletin.annexes:
        for row in annex.rows:
            for phrase in row.phrases:
                forms[_one_form(phrase.text)][key(phrase.text)].append((annex, row))
    for texts in forms.values():
        if len(texts) > 1:
            common = Counter({text: len(rows) for text, rows in texts.items()}).most_common()
            usual, rare = common[0][0], common[-1][0]
            annex, row = texts[rare][0]
            why = f"同一问题有两种写法:“{usual}”{common[0][1]} 行,“{rare}”{common[-1][1]} 行"
            yield Slip(place=annex.place(row), says=rare, fits=usual, why=why)


def _one_form(text: str) -> str:
    plain = key(text)
    for word, other in _SAME:
        plain = plain.replace(word, other)
    return plain


def _prose(bulletin: Bulletin) -> Iterator[Slip]:
    """A name in the prose that no row has, but for a sign or two."""
    known = names_in(bulletin.annexes)
    rows = [row for annex in bulletin.annexes for row in annex.rows]
    for told in named(bulletin):
        for name in told.names:
            if not loosely(name, rows) and (near := alike(name, known)):
                why = f"文中写“{name}”,附件里写“{near}”,应是同一个"
                yield Slip(place=told.line.paragraph.place, says=name, fits=near, why=why)


def _annex(bulletin: Bulletin) -> Iterator[Slip]:
    """Units of the annexes that differ in a confused sign; one with signs missing is only asked about."""
    where = {row.org: annex.place(row) for annex in bulletin.annexes for row in reversed(annex.rows) if row.org}
    times = Counter(row.org for annex in bulletin.annexes for row in annex.rows)
    compared = {org: key(org) for org in list(where)[:_MOST_COMPARED]}
    for one, other in combinations(compared, 2):
        odd, usual = (one, other) if times[one] <= times[other] else (other, one)
        if confused(compared[one], compared[other]):
            yield Slip(place=where[odd], says=odd, fits=usual, why=f"单位名称有两种写法:“{odd}”和“{usual}”")
        elif dropped(compared[one], compared[other]):
            why = f"“{one}”和“{other}”只差一两个字,请核对是不是同一单位"
            yield Slip(place=where[odd], says=odd, fits=usual, why=why, harmless=True)


SPELLING = Check(slug="spelling", number=19, title="同一单位、同一问题只有一种写法", run=_spelling)
