"""What the store keeps of runs that the schedule began, and of reminders that went out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RunEvent(StrEnum):
    """What is said of a run."""

    TOLD = "told"
    """The rhythm is written so in tracker.toml from now on; nothing before counts as missed."""
    BEGUN = "begun"
    PAUSED = "paused"
    """Not done yet, goes on at `again`."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One step of the run `name` that was meant for `due`. The last one counts."""

    name: str
    due: datetime
    attempt: int
    event: RunEvent
    at: datetime
    text: str = ""
    """TOLD: the rhythm. PAUSED, ENDED: one sentence."""
    failed: bool = False
    again: datetime | None = None


class NoticeEvent(StrEnum):
    """What became of a reminder."""

    INTENT = "intent"
    """About to be sent; where nothing follows, nobody knows whether it was."""
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A reminder to somebody on a day, by the SHA-256 of its text. No address and no text is kept."""

    day: date
    recipient: str
    """Whose address it is, and which of them: 示例局#1."""
    digest: str
    attempt: int
    event: NoticeEvent
    at: datetime
    accounts: int
