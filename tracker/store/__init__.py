"""The database behind records: accounts, sweeps, visits, decisions, judgements. No peewee model leaves the package."""

from tracker.store.codec import (
    account_from_json,
    account_to_json,
    observation_from_json,
    observation_to_json,
    verdict_from_json,
    verdict_to_json,
)
from tracker.store.records import Change, Judgement, Link, SweepRecord
from tracker.store.store import Store

__all__ = [
    "Change",
    "Judgement",
    "Link",
    "Store",
    "SweepRecord",
    "account_from_json",
    "account_to_json",
    "observation_from_json",
    "observation_to_json",
    "verdict_from_json",
    "verdict_to_json",
]
