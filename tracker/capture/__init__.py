"""The asyncio engine that owns all I/O of a sweep: browser, connections, cookies, tokens, pace and retry (DESIGN §5)."""

from tracker.capture.browsers import Candidate, find_browser
from tracker.capture.desk import Desk
from tracker.capture.engine import sweep
from tracker.capture.page import Patience
from tracker.capture.pdf import html_to_pdf, print_pdf
from tracker.capture.ports import Fetcher, Fetchers, HostMap, Job, Lane, Owner, Progress, Secret, Session, Sink

__all__ = [
    "Candidate",
    "Desk",
    "Fetcher",
    "Fetchers",
    "HostMap",
    "Job",
    "Lane",
    "Owner",
    "Patience",
    "Progress",
    "Secret",
    "Session",
    "Sink",
    "find_browser",
    "html_to_pdf",
    "print_pdf",
    "sweep",
]
