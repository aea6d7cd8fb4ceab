"""§5.3, §5.12, §5.13: totals of the prose are rows, accounts or units of the annex."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from tracker.checking.annexes import Annex, Result, Row
from tracker.checking.checks.base import KINDS, Check, Outcome, Slip, outcome
from tracker.checking.checks.parts import Divided, divided
from tracker.checking.checks.twice import unclear
from tracker.checking.grammar import COUNT, NUMBER, families_of
from tracker.checking.numbers import number
from tracker.checking.reading import Bulletin, Figure
from tracker.checking.records import Record
from tracker.registry.platforms import is_platform, platform_of
from tracker.text import key

_UNITS = re.compile(
    rf"涉及(?:到)?({NUMBER})(?:个|家)(?:责任|主管|主办)?(?:单位|部门)"
    rf"|(?:^|[,;:(])(?:发现)?(?:共)?(?:有)?({NUMBER})(?:个|家)(?:责任|主管|主办)?单位(?:的)?[^,;:。0-9]{{0,12}}(?:不合格|存在突出问题)"
)
_ALL = re.compile("汇总|一览|全部")
_SOME = re.compile("部分|摘录|节选")


def accounts(rows: Sequence[Row]) -> int:
    """Distinct accounts: one may stand on several rows."""
    return len({(row.platform or row.kind, key(row.name or row.org)) for row in rows})


def _failing(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [pair for about in KINDS for pair in (*_failed(bulletin, about), *_passed(bulletin, about))]
    if record:
        seen.extend(_stored(bulletin, record))
    told = outcome(seen, "没有同时读到不合格(或合格)数和附件里的名单")
    roles = ("failing", "faulty", "passed")
    return unclear(bulletin, told, needs=roles, owns=roles)


def _failed(bulletin: Bulletin, about: str) -> Iterator[tuple[str, list[Slip]]]:
    figure = bulletin.one("failing", about) or bulletin.one("faulty", about)
    annex = main_list(bulletin, about)
    if figure is None or annex is None:
        return
    rows = annex.failing
    leaving = [row for row in annex.rows if row.verdict is Result.LEAVING]
    third = [row for row in annex.rows if row.verdict in (Result.THIRD, Result.BASIC)]
    fine = {len(rows), accounts(rows), len(rows) + len(leaving)}
    if figure.role == "faulty":
        fine |= {len(rows) + len(third), len(rows) + len(third) + len(leaving)}
    if annex.only_failing:
        fine.add(len(annex.rows))
    # A list of problems without results may hold more than those that failed.
    vague = "result" not in annex.titles and not bulletin.grammar.term("titles.failing").search(annex.part.title)
    slips = list(_differs(figure, fine, len(rows), f"{annex.part.label}里不合格的有"))
    more = vague and figure.role == "failing" and len(rows) > figure.value and bulletin.one("faulty", about) is not None
    yield f"{figure.place}与{annex.part.label}", [replace(slip, harmless=more) for slip in slips]


def _passed(bulletin: Bulletin, about: str) -> Iterator[tuple[str, list[Slip]]]:
    figure, checked, annex = bulletin.one("passed", about), bulletin.one("checked", about), main_list(bulletin, about)
    if figure is None or annex is None or annex.only_failing or (checked and checked.value != len(annex.rows)):
        return
    passed = [row for row in annex.rows if row.verdict is Result.PASSED]
    basic, third = (sum(row.verdict is each for row in annex.rows) for each in (Result.BASIC, Result.THIRD))
    fine = {len(passed), len(passed) + basic, len(passed) + third, len(passed) + basic + third, accounts(passed)}
    yield f"{figure.place}与{annex.part.label}", list(_differs(figure, fine, len(passed), f"{annex.part.label}里合格的有"))


def _differs(figure: Figure, fine: Collection[int], shown: int, what: str) -> Iterator[Slip]:
    if figure.value not in fine:
        why = f"文中写 {figure.value} 个,{what} {shown} 个"
        yield Slip(place=figure.place, says=figure.says, fits=f"{shown} 个", why=why)


def main_list(bulletin: Bulletin, about: str) -> Annex | None:
    """The annex that totals are held against; None where there is none, or where it is unclear which."""
    lists = [each for each in bulletin.lists(about) if each.part.title.find("整改") < 0]
    if len(lists) > 1:
        term = bulletin.grammar.term("titles.failing")
        lists = [each for each in lists if term.search(each.part.title)] or lists
    return lists[0] if len(lists) == 1 else None


def _stored(bulletin: Bulletin, record: Record) -> Iterator[tuple[str, list[Slip]]]:
    """Totals and results against the workspace's own judgement."""
    figures = {role: bulletin.one(role, "新媒体") for role in ("registered", "checked", "passed", "failing", "unseen")}
    for role, figure in figures.items():
        truth = getattr(record.counts, role)
        if figure and truth is not None:
            yield f"{figure.place}与工作区", list(_differs(figure, {truth}, truth, "工作区的检查结果是"))
    for annex in bulletin.lists("新媒体"):
        if record.verdicts:
            yield f"{annex.part.label}与工作区", list(_verdicts(annex, record))


def _verdicts(annex: Annex, record: Record) -> Iterator[Slip]:
    truth = {(platform, key(name)): word for (platform, name), word in record.verdicts.items()}
    for row in annex.rows:
        known = truth.get((row.platform, key(row.name)))
        if known is not None and row.verdict is Result.FAILED and known != Result.FAILED.value:
            why = f"附件列为不合格,工作区里这个账号的检查结果是“{known}”"
            yield Slip(place=annex.place(row), says=row.name, fits=known, why=why)


def _rows(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = (pair for about in KINDS for pair in _whole(bulletin, about))
    told = outcome(seen, "没有同时读到检查总数和列出全部账号的附件")
    return unclear(bulletin, told, needs=("checked",), owns=("checked",))


def _whole(bulletin: Bulletin, about: str) -> Iterator[tuple[str, list[Slip]]]:
    annex = main_list(bulletin, about)
    figure = bulletin.one("checked", about)
    if figure is None and annex and _ALL.search(annex.part.title):
        figure = bulletin.one("registered", about)
    if figure is None or annex is None or annex.only_failing or _SOME.search(annex.part.title):
        return
    # A list with problem rows and 第三种结果 only (安康 sites) leaves out those that passed.
    if not any(row.verdict is Result.PASSED for row in annex.rows):
        return
    rows = accounts(annex.rows)
    fine = {len(annex.rows), rows}
    slips = list(_differs(figure, fine, len(annex.rows), f"{annex.part.label}列出的有"))
    yield f"{figure.place}与{annex.part.label}", [*slips, *_platforms(bulletin, annex, figure)]


def _platforms(bulletin: Bulletin, annex: Annex, figure: Figure) -> Iterator[Slip]:
    """其中微信30个、微博15个 against the rows of each."""
    for told in divided(bulletin):
        if told.total != figure.value or told.place != figure.place:
            continue
        for label, value in zip(told.labels, told.values, strict=True):
            yield from _platform(annex, told, label, value)


def _platform(annex: Annex, told: Divided, label: str, value: int) -> Iterator[Slip]:
    word = re.sub("^(?:政务)|(?:账号|帐号)$", "", label)
    if not is_platform(word) or word in ("其他", "其它"):
        return
    slug = platform_of(word)[0]
    rows = [row for row in annex.rows if row.platform == slug]
    if value not in (len(rows), accounts(rows)) and len({row.kind for row in rows}) <= 1:
        why = f"文中写{label} {value} 个,{annex.part.label}列出的有 {len(rows)} 个"
        yield Slip(place=told.place, says=told.says, fits=f"{label} {len(rows)} 个", why=why)


def _units(bulletin: Bulletin, record: Record | None) -> Outcome:
    return outcome(_unit_claims(bulletin), "没有同时读到不合格的单位数和附件里的单位")


def _unit_claims(bulletin: Bulletin) -> Iterator[tuple[str, list[Slip]]]:
    for line in bulletin.lines:
        for match in _UNITS.finditer(line.paragraph.plain) if not line.asks else ():
            before = line.paragraph.plain[: match.end()].rsplit("。", 1)[-1]
            if line.is_again(match.start()) or re.search(bulletin.grammar.past, before):
                continue
            about = max(("新媒体", "网站"), key=before.rfind) if "新媒体" in before or "网站" in before else ""
            annex = main_list(bulletin, about) or _only(bulletin)
            units = {key(row.org) for row in annex.failing if row.org} if annex else set()
            if annex and units and all(row.org for row in annex.failing) and _of_all(annex, before[: -len(match[0])]):
                told = number(match[1] or match[2])
                why = f"文中写 {told} 个单位,{annex.part.label}不合格的涉及 {len(units)} 个单位({len(annex.failing)} 行)"
                slip = Slip(place=line.paragraph.place, says=_quote(line, match), fits=f"{len(units)} 个单位", why=why)
                yield f"{line.paragraph.place}与{annex.part.label}", [slip] if told != len(units) else []


def _of_all(annex: Annex, before: str) -> bool:
    """Whether the words before a number of units speak of all failing rows, not of one kind of fault or one group."""
    counts = {number(found[0][:-1]) for found in re.finditer(COUNT, before)}
    families = families_of((), before)
    alike = not families or all(row.families & families for row in annex.failing)
    return counts <= {len(annex.failing), accounts(annex.failing)} and alike


def _only(bulletin: Bulletin) -> Annex | None:
    lists = [each for each in bulletin.annexes if each.is_list]
    return lists[0] if len(lists) == 1 else None


def _quote(line: object, match: re.Match[str]) -> str:
    return match[0].lstrip(",;:(")


FAILING = Check(slug="failing-rows", number=3, title="不合格数、合格数与附件一致", run=_failing)
ROWS = Check(slug="rows", number=12, title="检查总数与附件行数一致", run=_rows)
UNITS = Check(slug="units", number=13, title="单位数与附件涉及的单位一致(单位数不等于行数)", run=_units)
