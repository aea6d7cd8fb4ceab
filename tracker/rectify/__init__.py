"""整改: the findings of an earlier period held against the present check, per finding and per account (domain/rules.md §4)."""

from tracker.rectify.against import Recheck, recheck, repeated, words
from tracker.rectify.earlier import earlier
from tracker.rectify.hold import rectify
from tracker.rectify.present import present
from tracker.rectify.records import Earlier, Held, OldFinding, Present, Rectification, Summary, Word, summarise

__all__ = [
    "Earlier",
    "Held",
    "OldFinding",
    "Present",
    "Recheck",
    "Rectification",
    "Summary",
    "Word",
    "earlier",
    "present",
    "recheck",
    "rectify",
    "repeated",
    "summarise",
    "words",
]
