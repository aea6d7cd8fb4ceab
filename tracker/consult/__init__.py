"""征求意见: units are asked before a list is printed for good; what they say is kept, answered, and acted upon."""

from tracker.consult.answers import amended, answer
from tracker.consult.asking import Sent, ask, due_on
from tracker.consult.known import Known, as_told, known, told_checks
from tracker.consult.online import reply
from tracker.consult.overview import WAITING, Opinion, context, opinions, write_overview
from tracker.consult.replies import Taken, take_in

__all__ = [
    "WAITING",
    "Known",
    "Opinion",
    "Sent",
    "Taken",
    "amended",
    "answer",
    "as_told",
    "ask",
    "context",
    "due_on",
    "known",
    "opinions",
    "reply",
    "take_in",
    "told_checks",
    "write_overview",
]
