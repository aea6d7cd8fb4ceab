"""征求意见: units are asked before a list is printed for good; what they say is kept, answered, and acted upon."""

from tracker.consult.answers import amended, answer
from tracker.consult.asking import Sent, ask, due_on
from tracker.consult.overview import WAITING, Opinion, context, opinions, write_overview
from tracker.consult.replies import Taken, take_in

__all__ = [
    "WAITING",
    "Opinion",
    "Sent",
    "Taken",
    "amended",
    "answer",
    "ask",
    "context",
    "due_on",
    "opinions",
    "take_in",
    "write_overview",
]
