"""What the store keeps beside the nouns of tracker.model."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tracker.model import Account, Verdict, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRecord:
    """One pass over the accounts (巡检批次), with everything that it freezes of the registry (DESIGN §1, §2)."""

    name: str
    kind: Literal["check", "weekly"]
    """`check` = the formal check of its period; `weekly` = monitoring, never the printed list by itself."""
    period: str | None
    check_date: date | None
    """Date to judge at, where accounts have none of their own; None = the day of each visit."""
    window: Window
    started_at: datetime
    ended_at: datetime | None = None
    accounts: tuple[Account, ...] = ()
    """The registry as it stood when the sweep began."""
    source: str = ""
    """Where the visits come from: empty = live, else what was replayed or imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one account that changed (registry.md §5).

    `old` and `new` as text: ISO dates, JSON for mappings, empty = nothing. Entering an account is a change of `account_id`.
    """

    account_id: str
    field: str
    old: str
    new: str
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that a person pasted; `url` is unique in the store."""

    url: str
    platform: str
    added_at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All verdicts of one sweep under one profile, made at `at`; `profile_digest` is that of the profile's text."""

    sweep: str
    profile: str
    profile_digest: str
    at: datetime
    verdicts: tuple[Verdict, ...]
