"""The check of any bulletin (通报): does the prose agree with itself and with its annexes (domain/bulletin.md §5)?"""

from tracker.checking.check import check
from tracker.checking.records import Counts, Disagreement, Done, Record, Report
from tracker.checking.render import as_json, lines

__all__ = ["Counts", "Disagreement", "Done", "Record", "Report", "as_json", "check", "lines"]
