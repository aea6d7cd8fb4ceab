"""The asyncio engine that owns all I/O of a sweep: browser, connections, cookies, tokens, pace and retry (DESIGN §5)."""

from tracker.capture.browsers import Candidate, find_browser
from tracker.capture.control import look_at, reads_well
from tracker.capture.desk import Desk
from tracker.capture.engine import sweep
from tracker.capture.lanes import SHUT, Interrupted
from tracker.capture.login import Desktop, log_in
from tracker.capture.page import Patience
from tracker.capture.pdf import html_to_pdf, print_pdf
from tracker.capture.ports import (
    Budget,
    Care,
    Delegate,
    Fetcher,
    Fetchers,
    HostMap,
    Job,
    Lane,
    Ledger,
    Owner,
    Past,
    Progress,
    Secret,
    Session,
    Sink,
    Unable,
)

__all__ = [
    "SHUT",
    "Budget",
    "Candidate",
    "Care",
    "Delegate",
    "Desk",
    "Desktop",
    "Fetcher",
    "Fetchers",
    "HostMap",
    "Interrupted",
    "Job",
    "Lane",
    "Ledger",
    "Owner",
    "Past",
    "Patience",
    "Progress",
    "Secret",
    "Session",
    "Sink",
    "Unable",
    "find_browser",
    "html_to_pdf",
    "log_in",
    "look_at",
    "print_pdf",
    "reads_well",
    "sweep",
]
