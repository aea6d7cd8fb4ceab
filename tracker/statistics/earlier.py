"""This period beside the one before: how figures moved, and what became of last period's failures (bulletin.md §2, §3)."""

from dataclasses import dataclass
from decimal import Decimal

from tracker.statistics.records import Statistics
from tracker.statistics.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is stored of the period before; None = not told there, and then nothing is compared."""

    title: str
    """第三季度, 9月 …, as the sentence names it."""
    failed: int | None = None
    passed: int | None = None
    rate: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """Last period's failing accounts held against this check. `rest` of them was not checked again.

    Raises ValueError where the parts are more than the whole.
    """

    title: str
    """第三季度."""
    formerly: int
    rectified: int
    partly: int
    not_rectified: int
    closing: int
    unseen: int

    def __post_init__(self) -> None:
        if min(self.rectified, self.partly, self.not_rectified, self.closing, self.unseen, self.rest) < 0:
            raise ValueError("the parts of a recheck are more than its whole")

    @property
    def rest(self) -> int:
        """Formerly failing accounts that this check did not hold."""
        return self.formerly - self.rectified - self.partly - self.not_rectified - self.closing - self.unseen

    @property
    def standing(self) -> int:
        """Still faulty, in whole or in part."""
        return self.partly + self.not_rectified

    def rate(self, places: int) -> Share | None:
        """整改率: rectified of those checked again; closing ones are named apart. None where nothing was checked again."""
        again = self.rectified + self.standing
        return Share(part=self.rectified, whole=again, places=places) if again else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a figure moved: `by` in 个 (counts) or 百分点 (rates, as printed), negative = less; `unit` is the word."""

    by: Decimal
    unit: str

    @property
    def amount(self) -> str:
        """Without its sign: `21个`, `1.5个百分点`."""
        return f"{abs(self.by):f}{self.unit}"

    def words(self, more: str, less: str) -> str:
        """`增加21个`, `下降1.5个百分点`, or 持平."""
        return f"{more if self.by > 0 else less}{self.amount}" if self.by else "持平"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """This period beside the one before; None = no stored data to say it by."""

    title: str
    failed: Change | None = None
    passed: Change | None = None
    rate: Change | None = None
    was: Share | None = None


def compare(now: Statistics, before: Before | None) -> Comparison | None:
    """How the figures moved. Rates differ by what their printed values differ, so that a reader can check it; None = unknown."""
    if before is None or (before.failed is None and before.passed is None and before.rate is None):
        return None
    rates = (now.pass_rate, before.rate)
    return Comparison(
        title=before.title,
        failed=_moved(now.failed, before.failed),
        passed=_moved(now.passed, before.passed),
        rate=Change(by=rates[0].percent - rates[1].percent, unit="个百分点") if rates[0] and rates[1] else None,
        was=before.rate,
    )


def _moved(now: int, before: int | None) -> Change | None:
    return None if before is None else Change(by=Decimal(now - before), unit="个")
