"""What a rule is (DESIGN §6): one file, one class, its docstring the manual page, its fields the thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from tracker.facts import Facts, Unclear
from tracker.model import Hit


class By(StrEnum):
    """Who may find it (domain/rules.md §6, column "by")."""

    AUTOMATIC = "automatic"
    CANDIDATE = "candidate"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A name that the profile's wording may use: what it stands for, and the codes (by their beginning) that tell it."""

    meaning: str
    codes: tuple[str, ...]
    sample: object
    """A value of its type, with which a sentence can be tried."""


SLOTS: Mapping[str, Slot] = {
    "days": Slot(meaning="天数(未更新、相隔或停运)", codes=("UPD", "LIF"), sample=15),
    "working_days": Slot(meaning="其中的工作日数", codes=("UPD-01", "UPD-02", "UPD-03"), sample=11),
    "latest": Slot(meaning="最近发布的日期,没有看到时为空", codes=("UPD",), sample=None),
    "count": Slot(meaning="条数、个数或次数", codes=("UPD-05", "INT", "CNT", "REG", "COL"), sample=3),
    "named": Slot(meaning="有问题的栏目", codes=("COL",), sample="“动态”栏目"),
    "spans": Slot(meaning="没有更新的各段日期", codes=("UPD-05",), sample="6.16至8.7"),
    "check_date": Slot(meaning="检查日", codes=("",), sample=None),
    "repeated": Slot(meaning="上期是否有同类问题", codes=("",), sample=True),
    "phrase": Slot(meaning="检查人写的原话,程序看出来的为空", codes=("",), sample="停运未注销"),
    "kind": Slot(meaning="账号类型", codes=("",), sample="新浪微博"),
    "name": Slot(meaning="账号名称", codes=("",), sample="示例发布"),
    "organisation": Slot(meaning="主办单位", codes=("",), sample="示例市人民政府办公室"),
}
"""Every name that wording may use. The last six are told of every finding, also of one that a person reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule proven broken: which of its codes, the sums behind it, and what the wording may use."""

    code: str
    arithmetic: str
    counterfactual: str = ""
    hits: tuple[Hit, ...] = ()
    doubt: str = ""
    """Why a person has to confirm it though the rule finds by itself, as a Chinese clause; empty = nothing stands against it."""
    slots: Mapping[str, object] = field(default_factory=dict)
    """Values for the profile's wording by the names of `SLOTS`: days and count (int), latest and check_date (date or None) …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A rule proven kept, with one Chinese sentence for the verdict card."""

    because: str


Ruling = Breach | Passed | Unclear


class Rule(Protocol):
    """One rule, its thresholds set. `ask` is pure and uses the combinators of tracker.facts only."""

    @property
    def code(self) -> str:
        """Its first code."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that it may print; the first is `code`."""
        ...

    @property
    def title(self) -> str:
        """What is printed where a profile has no sentence for it."""
        ...

    @property
    def basis(self) -> str:
        """Document and clause."""
        ...

    @property
    def by(self) -> By:
        """Who may find it."""
        ...

    def ask(self, facts: Facts) -> Ruling:
        """The ruling on one account."""
        ...


class RuleClass(Protocol):
    """A rule as it stands in the book: a frozen dataclass whose fields are the thresholds; calling it gives the rule."""

    @property
    def code(self) -> str:
        """As of the rule."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """As of the rule."""
        ...

    @property
    def title(self) -> str:
        """As of the rule."""
        ...

    @property
    def basis(self) -> str:
        """As of the rule."""
        ...

    @property
    def by(self) -> By:
        """As of the rule."""
        ...

    def __call__(self, *args: Any, **thresholds: Any) -> Rule:
        """The rule with these thresholds, the others as the class has them."""
        ...
