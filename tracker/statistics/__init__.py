"""The figures of a bulletin (domain/bulletin.md §3): counts of judged accounts, shares with both their numbers, comparison.

Pure. What could not be checked is counted apart, as neither passed nor failed.
"""

from tracker.statistics.count import build, layer_of
from tracker.statistics.earlier import Before, Change, Comparison, Recheck, compare
from tracker.statistics.records import Group, KindTally, Statistics, Tally
from tracker.statistics.share import PLACES_MOST, Share

__all__ = [
    "PLACES_MOST",
    "Share",
    "Tally",
    "Group",
    "KindTally",
    "Statistics",
    "build",
    "layer_of",
    "Before",
    "Recheck",
    "Change",
    "Comparison",
    "compare",
]
