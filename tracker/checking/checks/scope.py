"""§5.9 and §5.10: who was to be checked, and what is compared with last period."""

import re
from collections.abc import Iterator
from decimal import Decimal

from tracker.checking.annexes import Annex, Row
from tracker.checking.checks.base import Check, Outcome, Ran, Skipped, Slip, outcome
from tracker.checking.numbers import percent, rate
from tracker.checking.reading import MEDIA, Bulletin, Figure, Line
from tracker.checking.records import Counts, Record
from tracker.rulebook.taxonomy import read_phrases
from tracker.text import key

_WIDER = re.compile("随机|部分|比例|其他|其它|全面检查|全部检查|重点|等")
_UP = "提升|提高|上升|增长|增加|升高|多"
_DOWN = "下降|降低|减少|回落|降|少"
_FROM_TO = re.compile(rf"由([^,;。%]{{0,10}}%)({_UP}|{_DOWN})(?:至|到|为)([^,;。%]{{0,4}}%)")
_POINTS = re.compile(rf"({_UP}|{_DOWN})了?(\d+(?:\.\d+)?)个百分点")
_MORE = re.compile(rf"(?:较|比|同|与)[^,;。0-9]{{2,14}}?(?:相比|比)?,?({_UP}|{_DOWN})了?(\d+)(?:个|家)(?!百分)")
_COUNTED = ("passed", "failing", "checked", "registered")
_SHOWN = 8


def _scope(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [*_by_column(bulletin), *(_by_record(bulletin, record) if record else ())]
    lacking = "" if record else ",也没有工作区台账"
    return outcome(seen, f"没有读到“新报备和上期有问题的账号”这样的检查范围,或附件没有上期一栏{lacking}")


def _by_column(bulletin: Bulletin) -> Iterator[tuple[str, list[Slip]]]:
    lines = (line for line in bulletin.lines if not line.asks)
    notes = [(paragraph.place, paragraph.words) for annex in bulletin.annexes for paragraph in annex.part.notes]
    stated = [(line.paragraph.place, line.paragraph.words) for line in lines]
    for place, words in (*stated, *notes):
        for start, stop in words.sentences():
            sentence = words.plain[start:stop]
            terms = [bulletin.grammar.term(f"scope.{each}").search(sentence) for each in ("fresh", "formerly")]
            if not all(terms) or not re.search("检查|抽查|范围", sentence) or _WIDER.search(sentence):
                continue
            for annex in bulletin.annexes:
                if "previous" in annex.titles and annex.is_list:
                    yield f"{place}与{annex.part.label}", list(_outside(annex, place, words.quote(start, stop)))
            return


def _outside(annex: Annex, place: str, says: str) -> Iterator[Slip]:
    codes = {row.number: {each.code for each in read_phrases(row.previous)} for row in annex.rows}
    fine = [row for row in annex.rows if codes[row.number] == {"OK"}]
    none = [row for row in annex.rows if codes[row.number] == {"EMPTY"}]
    if fine or none:
        told = [f"{len(fine)} 行上期是合格"] * bool(fine) + [f"{len(none)} 行上期一栏是空的"] * bool(none)
        rows = sorted(row.number for row in (*fine, *none))
        shown = "、".join(map(str, rows[:_SHOWN])) + ("等" if len(rows) > _SHOWN else "")
        why = f"检查范围写的是新报备的和上期有问题的({place}),附件里却有{','.join(told)}"
        yield Slip(place=f"{annex.part.label}表格第{shown}行", says=says, fits="改写检查范围,或核对这些行的上期一栏", why=why)


def _by_record(bulletin: Bulletin, record: Record) -> Iterator[tuple[str, list[Slip]]]:
    frozen = {(platform, key(name)) for platform, name in record.accounts}
    for annex in bulletin.annexes if frozen else ():
        if annex.about == MEDIA:
            strangers = [row for row in annex.rows if row.platform and (row.platform, key(row.name)) not in frozen]
            slips = [_stranger(annex, row) for row in strangers]
            yield f"{annex.part.label}与台账", slips


def _stranger(annex: Annex, row: Row) -> Slip:
    why = f"本期冻结的名单里没有{row.kind}账号“{row.name}”"
    return Slip(place=annex.place(row), says=row.name, fits="按台账改正", why=why)


def _comparison(bulletin: Bulletin, record: Record | None) -> Outcome:
    told = [(line, slips) for line in bulletin.lines if not line.asks for slips in [_compared(bulletin, line, record)] if slips]
    if not told:
        return Skipped(why="文中没有与上期比较的数字")
    ran = [(line.paragraph.place, slips.slips) for line, slips in told if isinstance(slips, Ran)]
    return outcome(ran, "文中有与上期的比较,手头没有上期的数据,无法核对")


def _compared(bulletin: Bulletin, line: Line, record: Record | None) -> Outcome | None:
    """Ran where both sides of a comparison are known, Skipped where last period's is not, None without a comparison."""
    plain, slips, ran, open_ = line.paragraph.plain, list[Slip](), False, False
    for match in _FROM_TO.finditer(plain):
        ran = True
        slips.extend(_points(line, match))
    figures = [each for each in bulletin.figures if each.place == line.paragraph.place and each.about != "网站"]
    for start, stop in line.paragraph.words.sentences():
        sentence = plain[start:stop]
        if _FROM_TO.search(sentence):
            continue
        for match in (*_MORE.finditer(sentence), *_POINTS.finditer(sentence)):
            figure = _before(figures, line, plain, start, start + match.start(), points="百分点" in match[0])
            if record and record.last is None:
                ran = True
                why = "与上期作了比较,工作区里却没有上期的数据"
                slips.append(Slip(place=line.paragraph.place, says=match[0], why=why, fits="补录上期通报,或删去比较"))
            elif record and record.last and figure and (slip := _held(line, match, figure, record.last)) is not None:
                ran = True
                slips.extend(slip)
            else:
                open_ = True
    if ran:
        return Ran(on=line.paragraph.place, slips=tuple(slips))
    return Skipped(why="") if open_ else None


def _points(line: Line, match: re.Match[str]) -> Iterator[Slip]:
    """由88%提升至92%,提升5个百分点: told twice, so it can be held against itself."""
    before, after = rate(match[1]), rate(match[3])
    if before is None or after is None:
        return
    change = after.value - before.value
    rises = match[2] in _UP.split("|")
    says = line.paragraph.words.quote(*match.span())
    if change and rises is not (change > 0):
        yield Slip(place=line.paragraph.place, says=says, why=f"写的是{match[2]},数字却是从 {before} 到 {after}", fits="改正方向")
    points = _POINTS.search(line.paragraph.plain[match.end() :].split("。")[0])
    if points and Decimal(points[2]) != abs(change):
        why = f"从 {before} 到 {after} 相差 {abs(change)} 个百分点,写的是 {points[2]} 个"
        yield Slip(place=line.paragraph.place, says=points[0], why=why, fits=f"{abs(change)} 个百分点")


def _before(figures: list[Figure], line: Line, plain: str, start: int, stop: int, *, points: bool) -> Figure | None:
    """The figure that the comparison is about: the last of its sort stated before it in the sentence."""
    roles = ("pass_rate",) if points else _COUNTED
    near = [each for each in figures if each.sentence[1] == start and each.role in roles]
    at = [(plain.find(key(each.says)[:40], start), each) for each in near]
    return max(((place, each) for place, each in at if 0 <= place < stop), key=lambda pair: pair[0], default=(0, None))[1]


def _held(line: Line, match: re.Match[str], figure: Figure, last: Counts) -> list[Slip] | None:
    sign = 1 if match[1] in _UP.split("|") else -1
    if figure.rate:
        if last.passed is None or not last.checked:
            return None
        now, then = figure.rate.value, percent(last.passed, last.checked, figure.rate.places)
    else:
        known = getattr(last, figure.role)
        if known is None:
            return None
        now, then = Decimal(figure.value), Decimal(known)
    if now - then == sign * Decimal(match[2]):
        return []
    unit = "个百分点" if figure.rate else "个"
    why = f"本期 {now}、上期 {then},相差 {now - then} {unit},写的是{match[1]} {match[2]} {unit}"
    return [Slip(place=line.paragraph.place, says=match[0], why=why, fits=f"{abs(now - then)} {unit}")]


SCOPE = Check(slug="scope", number=9, title="检查范围与附件(和台账)一致", run=_scope)
COMPARISON = Check(slug="comparison", number=10, title="与上期的比较有数据可据", run=_comparison)
