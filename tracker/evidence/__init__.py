"""What was seen, kept: one immutable file per visit, a chained list of them per sweep (DESIGN §7)."""

from tracker.evidence.names import folder_name
from tracker.evidence.records import Damage, Stored, VisitMeta
from tracker.evidence.shelf import Evidence

__all__ = ["Damage", "Evidence", "Stored", "VisitMeta", "folder_name"]
