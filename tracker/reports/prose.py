"""What the prose of a bulletin is told (bulletin.txt), and how its parts are worded (domain/bulletin.md §2)."""

from dataclasses import dataclass

from tracker.model import Account
from tracker.reports.wording import plain
from tracker.statistics import Comparison, KindTally, Recheck, Statistics, Tally

EXAMPLES = 3
"""Accounts that the prose names per kind; the annex has them all."""
_INNER = str.maketrans("“”", "‘’")
"""A quotation inside a quotation."""
_WORDS_MOST = 4
"""More different sentences of one kind than these are not told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault as the prose tells it."""

    title: str
    count: int
    share: str
    """占不合格总数: `27.78%`."""
    words: tuple[Tally, ...]
    """The printed sentences with their counts; () where there are too many to tell."""
    examples: tuple[str, ...]
    """A few of its accounts: `示例教育(微信订阅号)`, in the order of the registry."""
    more: bool
    """Whether it has more accounts than the examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of 下一步工作要求: what stands before its first full stop is the heading, where it is short."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """All that bulletin.txt gets. Texts are one line each, without control characters."""

    basis: str
    """按照《…》要求, without the comma."""
    organiser: str
    """Who carried the check out."""
    period: str
    """2026年第四季度."""
    scope: str
    """全市政府系统."""
    window: str
    """2026年10月26日至11月6日."""
    as_of: str
    """The day on which the registry was frozen, in words."""
    coverage: str
    """The sentence on what was checked, with 检查率 and a full stop."""
    figures: Statistics
    comparison: Comparison | None
    """None where nothing is stored of the period before."""
    recheck: Recheck | None
    """None where last period's failures were not held against this check."""
    rectified_rate: str
    """整改率 of the recheck; empty where there is none."""
    kinds: tuple[Kind, ...]
    third: tuple[str, ...]
    """Words of accounts that pass, other than 合格 (基本合格): the prose explains them."""
    several: bool
    """An account may stand under more than one kind."""
    chosen: bool
    """Some account has more findings than the one that the annex prints."""
    annexes: tuple[str, ...]
    """The labels of the annexes that say who passes or fails: 附件, or 附件1, 附件2."""
    unseen_annex: str
    """The label of the list of 未能核查; empty without it."""
    left_out: int
    """Failing accounts for whose platform the first annex has no column."""
    measures: tuple[Measure, ...]
    """The office's own; () = those of the template."""
    deadline: str
    report_to: str
    contact: str


def kind_words(tally: KindTally) -> Kind:
    """A kind as the prose tells it; the account names are those of the annex."""
    return Kind(
        title=plain(tally.title).replace("|", "丨"),
        count=tally.count,
        share=tally.share.text,
        words=_words(tally),
        examples=tuple(map(_example, tally.accounts[:EXAMPLES])),
        more=tally.count > EXAMPLES,
    )


def _words(tally: KindTally) -> tuple[Tally, ...]:
    if len(tally.words) > _WORDS_MOST:
        return ()
    return tuple(Tally(name=plain(one.name).translate(_INNER), count=one.count) for one in tally.words)


def _example(account: Account) -> str:
    return f"{plain(account.name)}（{plain(account.filed_kind or account.kind)}）"


_LEAD_MOST = 24


def measure(told: str) -> Measure:
    """A measure as the office wrote it, its heading apart."""
    lead, stop, text = told.partition("。")
    if stop and text and len(lead) <= _LEAD_MOST:
        return Measure(lead=f"{lead}。".replace("|", "丨"), text=text)
    return Measure(lead="", text=told)
