"""§5.2 and §5.5: printed rates are what their numbers give, rounded and not cut."""

from collections.abc import Iterator

from tracker.checking.annexes import Result
from tracker.checking.checks.base import KINDS, Check, Outcome, Slip, outcome
from tracker.checking.checks.twice import unclear
from tracker.checking.numbers import agrees, fitting, how_wrong
from tracker.checking.reading import Bulletin, Figure
from tracker.checking.records import Record

Fraction = tuple[int, int]


def _check_rate(bulletin: Bulletin, record: Record | None) -> Outcome:
    told = outcome(_seen(bulletin, "check_rate"), "没有同时读到检查率和它的分子、分母(检查数、备案总数)")
    return unclear(bulletin, told, needs=("check_rate", "registered", "checked"), owns=("check_rate", "registered"))


def _pass_rate(bulletin: Bulletin, record: Record | None) -> Outcome:
    seen = [*_seen(bulletin, "pass_rate"), *_seen(bulletin, "fail_rate")]
    told = outcome(seen, "没有同时读到合格率和它的分子、分母(合格或不合格数、检查数)")
    rates = ("pass_rate", "fail_rate")
    return unclear(bulletin, told, needs=(*rates, "passed", "failing", "checked"), owns=(*rates, "basic", "unseen"))


def _seen(bulletin: Bulletin, role: str) -> Iterator[tuple[str, list[Slip]]]:
    for about in KINDS:
        figure = bulletin.one(role, about)
        fractions = list(_FRACTIONS[role](bulletin, about, figure)) if figure else []
        if figure and figure.rate and fractions:
            yield f"{figure.place}“{figure.says}”", list(_slip(figure, fractions))


def _slip(figure: Figure, fractions: list[Fraction]) -> Iterator[Slip]:
    told = figure.rate
    if told is None or any(agrees(told, *each) for each in fractions):
        return
    part, whole = fractions[0]
    yield Slip(
        place=figure.place, says=figure.says, fits=fitting(told, part, whole), why=f"{figure.says}:{how_wrong(told, part, whole)}"
    )


def _checked(bulletin: Bulletin, about: str, figure: Figure | None) -> Iterator[Fraction]:
    """检查数 ÷ 备案总数; the 检查数 of the same sentence goes first."""
    registered = bulletin.one("registered", about)
    near = [each for each in bulletin.all("checked", about) if figure and each.sentence == figure.sentence]
    checked = near[0] if len(near) == 1 else bulletin.one("checked", about)
    if checked and registered and registered.value > 0:
        yield checked.value, registered.value


def _passed(bulletin: Bulletin, about: str, figure: Figure | None) -> Iterator[Fraction]:
    """Every reading of 合格 ÷ 检查数 that the bulletin allows (§3): 基本合格 counted or not, 未能核查 left out or not."""
    checked = bulletin.one("checked", about)
    if checked is None or checked.value == 0:
        return
    told = {role: bulletin.one(role, about) for role in ("passed", "failing", "faulty", "basic", "unseen")}
    counts = {role: each.value for role, each in told.items() if each}
    whole, unseen = checked.value, counts.get("unseen", 0)
    for passed in _passes(bulletin, about, counts, whole):
        yield passed, whole
        if unseen:
            yield passed - unseen, whole - unseen
            yield passed, whole - unseen


def _passes(bulletin: Bulletin, about: str, counts: dict[str, int], whole: int) -> Iterator[int]:
    if "passed" in counts:
        yield counts["passed"]
        yield counts["passed"] + counts.get("basic", 0)
    elif "failing" in counts or "faulty" in counts:
        yield from (whole - counts[role] for role in ("failing", "faulty") if role in counts)
    else:
        yield from _by_annex(bulletin, about, whole)
        return
    yield from (whole - counts[role] for role in ("failing", "faulty") if role in counts)
    # 存在问题 and 基本合格 count as passed in some places (安康 46 of 50) and not in others.
    third = len(bulletin.rows(about, Result.THIRD, Result.BASIC))
    if third and "failing" in counts:
        yield whole - counts["failing"] - third


def _by_annex(bulletin: Bulletin, about: str, whole: int) -> Iterator[int]:
    lists = bulletin.lists(about)
    if len(lists) != 1:
        return
    rows = lists[0].rows
    failing, third = len(lists[0].failing), sum(row.verdict in (Result.THIRD, Result.BASIC) for row in rows)
    if lists[0].only_failing or len(rows) == whole or third:
        yield whole - failing
        yield whole - failing - third


def _failed(bulletin: Bulletin, about: str, figure: Figure | None) -> Iterator[Fraction]:
    yield from ((whole - part, whole) for part, whole in _passed(bulletin, about, figure))


_FRACTIONS = {"check_rate": _checked, "pass_rate": _passed, "fail_rate": _failed}

CHECK_RATE = Check(slug="check-rate", number=2, title="检查率等于检查数除以备案数", run=_check_rate)
PASS_RATE = Check(slug="pass-rate", number=5, title="合格率按公式计算并四舍五入", run=_pass_rate)
