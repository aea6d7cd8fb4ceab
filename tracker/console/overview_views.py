"""What the overview shows: counts told as rows and bars, coverage that hides nothing, the trend over sweeps. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.model import Conclusion
from tracker.people import Scope
from tracker.store import SweepHead
from tracker.store.derived import short
from tracker.store.tallies import Cell, Total

WORDS: Mapping[Conclusion, str] = {
    Conclusion.FAILED: "不合格",
    Conclusion.TO_REVIEW: "待复核",
    Conclusion.UNCHECKED: "未能核查",
    Conclusion.PASSED: "合格",
    Conclusion.LIFECYCLE: "已停用、注销等",
}
"""In the order in which they are told, whatever words the profile prints."""

LOOKS: Mapping[Conclusion, str] = {
    Conclusion.FAILED: "bad",
    Conclusion.TO_REVIEW: "wait",
    Conclusion.UNCHECKED: "unseen",
    Conclusion.PASSED: "good",
    Conclusion.LIFECYCLE: "soft",
}
"""Class of the style sheet, and name of the pattern in a chart."""

MOST_ROWS = 24
"""Rows of one table; what is smaller is told together as 其他."""
_BLANK = "(未填)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One number with its word and how much of the whole it is."""

    word: str
    look: str
    number: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One column of a chart: its word and its pattern."""

    word: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a chart: `numbers` in the order of the series; `aside` stands in the table alone."""

    name: str
    numbers: tuple[int, ...]
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart and its table: both show the same rows. `summary` says the same in one sentence."""

    key: str
    title: str
    first: str
    """Head of the column of names."""
    series: tuple[Series, ...]
    asides: tuple[str, ...]
    """Heads of the columns that only the table has."""
    rows: tuple[Row, ...]
    summary: str
    upright: bool = False
    """Whether the bars stand: so that time runs from left to right."""


def within(cells: Iterable[Cell], scope: Scope) -> tuple[Cell, ...]:
    """The counts that a person sees: their region's; who sees single organisations sees no counts."""
    if scope.organisations is not None:
        return ()
    return tuple(one for one in cells if scope.region is None or one.region == scope.region)


def counts_of(cells: Sequence[Cell]) -> tuple[Count, ...]:
    """How many came to which conclusion; those that nobody came to are told as 0, but for the last."""
    total, found = sum(one.number for one in cells), _by_conclusion(cells)
    return tuple(
        Count(word=word, look=LOOKS[kind], number=found[kind], share=share(found[kind], total))
        for kind, word in WORDS.items()
        if found[kind] or kind is not Conclusion.LIFECYCLE
    )


def _by_conclusion(cells: Iterable[Cell]) -> dict[Conclusion, int]:
    found = dict.fromkeys(Conclusion, 0)
    for one in cells:
        found[one.conclusion] += one.number
    return found


def share(number: int, total: int) -> str:
    """`12.3%`; empty where there is nothing to divide by. Never 100% nor 0% of what is not all or none."""
    if not total:
        return ""
    told = round(1000 * number / total)
    told = min(told, 999) if number < total else told
    told = max(told, 1) if number else told
    return f"{told / 10:.1f}%"


def verdict_chart(key: str, title: str, first: str, cells: Sequence[Cell], name: Callable[[Cell], str]) -> Chart:
    """Conclusions by something, the most failing first."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for one in cells:
        groups[name(one) or _BLANK].append(one)
    counted = {group: _by_conclusion(some) for group, some in groups.items()}
    order = sorted(counted, key=lambda group: (-counted[group][Conclusion.FAILED], -sum(counted[group].values()), group))
    shown = {group: counted[group] for group in order[:MOST_ROWS]}
    if rest := order[MOST_ROWS:]:
        shown[f"其他 {len(rest)} 项"] = _by_conclusion(one for group in rest for one in groups[group])
    kinds = [kind for kind in WORDS if kind is not Conclusion.LIFECYCLE or any(told[kind] for told in shown.values())]
    rows = tuple(
        Row(name=group, numbers=tuple(told[kind] for kind in kinds), aside=(str(sum(told.values())),))
        for group, told in shown.items()
    )
    worst = next(
        (f",不合格最多的是{group}({told[Conclusion.FAILED]} 个)" for group, told in shown.items() if told[Conclusion.FAILED]), ""
    )
    return Chart(
        key=key,
        title=title,
        first=first,
        series=tuple(Series(word=WORDS[kind], look=LOOKS[kind]) for kind in kinds),
        asides=("合计",),
        rows=rows,
        summary=f"{title},共 {len(groups)} 项{worst}",
    )


def coverage_chart(cells: Sequence[Cell], titles: Mapping[str, str]) -> Chart:
    """How many of the accounts that had to be looked at were seen, by platform: what was not seen is shown, not left out."""
    seen: dict[str, int] = defaultdict(int)
    unseen: dict[str, int] = defaultdict(int)
    for one in cells:
        if one.conclusion is not Conclusion.LIFECYCLE:
            (unseen if one.conclusion is Conclusion.UNCHECKED else seen)[titles.get(one.platform, one.platform)] += one.number
    names = sorted({*seen, *unseen}, key=lambda name: (-unseen[name], -seen[name], name))
    rows = tuple(
        Row(
            name=name,
            numbers=(seen[name], unseen[name]),
            aside=(str(whole := seen[name] + unseen[name]), share(seen[name], whole)),
        )
        for name in names
    )
    should, found = sum(seen.values()) + sum(unseen.values()), sum(seen.values())
    return Chart(
        key="coverage",
        title="覆盖情况",
        first="平台",
        series=(Series(word="已核查", look="good"), Series(word="未能核查", look="unseen")),
        asides=("应查", "覆盖率"),
        rows=rows,
        summary=f"应查 {should} 个,已核查 {found} 个({share(found, should)}),未能核查 {should - found} 个",
    )


def trend_chart(sweeps: Sequence[tuple[SweepHead, int]], totals: Iterable[Total], scope: Scope) -> Chart:
    """What each sweep came to, the earliest first; given as (sweep, number of its last judgement)."""
    counted: dict[int, dict[Conclusion, int]] = {number: dict.fromkeys(Conclusion, 0) for _, number in sweeps}
    for one in totals:
        if scope.organisations is None and (scope.region is None or short(scope.region) == one.region):
            counted[one.judgement][one.conclusion] += one.number
    kinds = (Conclusion.FAILED, Conclusion.TO_REVIEW, Conclusion.UNCHECKED, Conclusion.PASSED)
    rows = tuple(
        Row(name=sweep.name, numbers=tuple(counted[number][kind] for kind in kinds), aside=_aside(sweep, counted[number]))
        for sweep, number in sweeps
    )
    failed = [row.numbers[0] for row in rows]
    change = f",不合格由 {failed[0]} 个到 {failed[-1]} 个" if len(failed) > 1 else ""
    return Chart(
        key="trend",
        title="历次变化",
        first="批次",
        series=tuple(Series(word=WORDS[kind], look=LOOKS[kind]) for kind in kinds),
        asides=("合计", "检查期", "性质"),
        rows=rows,
        summary=f"最近 {len(rows)} 个批次{change}",
        upright=True,
    )


def _aside(sweep: SweepHead, told: Mapping[Conclusion, int]) -> tuple[str, ...]:
    kind = "正式检查" if sweep.kind == "check" else "每周巡检"
    return str(sum(told.values())), sweep.period or "", kind
