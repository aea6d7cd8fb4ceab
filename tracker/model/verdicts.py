"""Findings, verdicts, and what people said of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.model.aspects import Hit
from tracker.model.records import Account


class Effect(StrEnum):
    """What a finding does under a profile."""

    VETO = "veto"
    NOTE = "note"
    REMIND = "remind"


class Status(StrEnum):
    """Where a finding stands."""

    AUTOMATIC = "automatic"
    CANDIDATE = "candidate"
    """Waits for a person: 未复核."""
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule broken by an account (问题). `message` is what the form prints; `basis` document and clause."""

    code: str
    message: str
    basis: str
    effect: Effect
    status: Status
    arithmetic: str = ""
    """Dates and sums that led here, one Chinese sentence."""
    counterfactual: str = ""
    """What would have made it pass."""
    hits: tuple[Hit, ...] = ()
    phrase: str = ""
    """The words of the person who reported it, exactly; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undetermined:
    """A rule that could not be answered, with the reason in Chinese."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A number known only between bounds; `most` None = no upper bound."""

    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if self.most is not None and self.most < self.least:
            raise ValueError(f"bounds {self.least}..{self.most} are empty")


class Conclusion(StrEnum):
    """What a verdict comes to; the printed word is the profile's."""

    LIFECYCLE = "lifecycle"
    FAILED = "failed"
    TO_REVIEW = "to_review"
    UNCHECKED = "unchecked"
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The conclusion for one account (检查结果). `word` is printed; `findings` include candidates and dismissed ones."""

    account: Account
    conclusion: Conclusion
    word: str
    check_date: date
    latest_post: date | None
    idle_days: Bounds | None
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    printed_date: str = ""
    """最后更新日期 as the clerk wrote it, when it came from a sheet."""
    notes: tuple[str, ...] = ()
    """Remarks for the verdict card, each one Chinese sentence (停更报备 …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person said of a finding (复核); appended, never changed."""

    account_id: str
    code: str
    confirmed: bool
    who: str
    why: str
    at: datetime
