"""The database behind records: registry, periods, draws, sweeps, visits, decisions. No peewee model leaves the package."""

from tracker.store.codec import (
    account_from_json,
    account_to_json,
    observation_from_json,
    observation_to_json,
    verdict_from_json,
    verdict_to_json,
)
from tracker.store.drafts import Draft, LoosePicture, Question
from tracker.store.records import (
    Change,
    Draw,
    Judgement,
    Link,
    Method,
    Paper,
    PaperFinding,
    PaperLine,
    Stratum,
    SweepRecord,
)
from tracker.store.store import Store

__all__ = [
    "Draft",
    "LoosePicture",
    "Question",
    "Change",
    "Draw",
    "Judgement",
    "Link",
    "Method",
    "Paper",
    "PaperFinding",
    "PaperLine",
    "Store",
    "Stratum",
    "SweepRecord",
    "account_from_json",
    "account_to_json",
    "observation_from_json",
    "observation_to_json",
    "verdict_from_json",
    "verdict_to_json",
]
