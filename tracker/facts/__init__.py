"""Facts: what the stored visits of one account prove, between bounds. Pure; the rules see nothing else."""

from tracker.facts.alike import Repeat
from tracker.facts.answers import (
    Answer,
    Broken,
    Evidence,
    Kept,
    Quantity,
    Unclear,
    all_of,
    lacking,
    over,
    present,
    under,
    unless_clear,
    without,
)
from tracker.facts.build import Context, build
from tracker.facts.columns import Columns, Entry, among
from tracker.facts.facts import Facts, told
from tracker.facts.gaps import Gap

__all__ = [
    "Answer",
    "Broken",
    "Columns",
    "Context",
    "Entry",
    "Evidence",
    "Facts",
    "Gap",
    "Kept",
    "Quantity",
    "Repeat",
    "Unclear",
    "all_of",
    "among",
    "build",
    "lacking",
    "over",
    "present",
    "told",
    "under",
    "unless_clear",
    "without",
]
