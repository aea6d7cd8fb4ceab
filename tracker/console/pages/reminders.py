"""提醒: one message per work group, ready to paste (DESIGN §8 `due --text`)."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tracker.clock import day
from tracker.console.desk import OnDesk
from tracker.console.render import page
from tracker.due import Message, messages, standings

router = APIRouter()

CHOICES = (3, 7, 14)
"""Days before the last safe day that can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersPage:
    """What templates/console/reminders.html shows."""

    on: date
    """The day as of which the days left are counted: today."""
    days: int
    """Accounts whose last safe day is at most so many days away are reminded."""
    choices: tuple[int, ...]
    accounts: int
    """How many accounts the messages name together."""
    messages: tuple[Message, ...]
    """One per work group, the most urgent first."""


@router.get("/reminders")
def reminders(request: Request, desk: OnDesk, days: int = 7) -> HTMLResponse:
    """Who has to post soon, as messages for the work groups."""
    on = day(desk.clock())
    days = min(max(days, 0), 60)
    found = [one for one in standings(desk.ws, desk.ws.profile(), on) if one.days_left is None or one.days_left <= days]
    titles = {name: adapter.title for name, adapter in desk.adapters.items()}
    told = messages(found, titles)
    context = RemindersPage(on=on, days=days, choices=CHOICES, accounts=len(found), messages=told)
    return page(request, "reminders.html", "提醒", context)
