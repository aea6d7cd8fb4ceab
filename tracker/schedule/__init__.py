"""What is done by itself (每周自动巡检): which runs are due, doing one of them once, and the look-out that begins them."""

from tracker.schedule.lookout import Lookout
from tracker.schedule.perform import Act, Done, busy, perform
from tracker.schedule.runs import NAMES, TITLES, Coming, Due, coming, due_runs

__all__ = ["NAMES", "TITLES", "Act", "Coming", "Done", "Due", "Lookout", "busy", "coming", "due_runs", "perform"]
