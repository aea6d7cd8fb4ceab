"""What a rule is (DESIGN §6): one file, one class, its docstring the manual page, its fields the thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

from tracker.facts import Facts, Unclear
from tracker.model import Hit


class By(StrEnum):
    """Who may find it (domain/rules.md §6, column "by")."""

    AUTOMATIC = "automatic"
    CANDIDATE = "candidate"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule proven broken: which of its codes, the sums behind it, and what the wording may use."""

    code: str
    arithmetic: str
    counterfactual: str = ""
    hits: tuple[Hit, ...] = ()
    slots: Mapping[str, object] = field(default_factory=dict)
    """Names for the profile's wording: days (int), latest (date or None), check_date (date), count (int)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A rule proven kept, with one Chinese sentence for the verdict card."""

    because: str


Ruling = Breach | Passed | Unclear


class Rule(Protocol):
    """One rule. `ask` is pure and uses the combinators of tracker.facts only."""

    code: ClassVar[str]
    codes: ClassVar[tuple[str, ...]]
    """Every code that it may print; the first is `code`."""
    title: ClassVar[str]
    basis: ClassVar[str]
    by: ClassVar[By]

    def ask(self, facts: Facts) -> Ruling:
        """The ruling on one account."""
        ...
