"""Who is told what: an organisation its own accounts, the office all the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker import text
from tracker.clock import day
from tracker.due import Standing, messages, standings
from tracker.model import Account
from tracker.settings import NotifySettings
from tracker.timetable import loud_again, span
from tracker.workspace import Workspace

OFFICE = "本单位"
"""Recipient of the digest of all whose organisation has no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message to one address. `recipient` names whose address it is and which of them; the address itself is a secret."""

    recipient: str
    url: str = field(repr=False)
    text: str
    accounts: int


def wanted(ws: Workspace, now: datetime) -> tuple[Standing, ...]:
    """Whose last safe day is near, or who was never seen, as [notify] days says."""
    found = standings(ws, ws.profile(), day(now))
    return tuple(one for one in found if one.days_left is None or one.days_left <= ws.settings.notify.days)


def digests(found: Iterable[Standing], told: NotifySettings, titles: Mapping[str, str]) -> tuple[Digest, ...]:
    """One digest per organisation with addresses and one for the office, each once per address; nobody gets an empty one.

    titles: platform → its Chinese name.
    """
    known = {text.key(name): name for name in told.organisations}
    groups: dict[str, list[Standing]] = {}
    for one in found:
        groups.setdefault(_addressee(one.account, known), []).append(one)
    made = []
    for name, rows in groups.items():
        urls = told.organisations[name] if name else told.urls
        parts = messages(rows, titles, group=lambda account, own=name: own) if name else messages(rows, titles)  # type: ignore[misc]
        body = "\n\n".join(part.text for part in parts)
        made += _each(name or OFFICE, urls, body, len(rows))
    return tuple(made)


def quiet_until(ws: Workspace, now: datetime) -> datetime | None:
    """When reminders may go out again; None = now. Without [notify] quiet they may always."""
    told = ws.settings.notify
    if not told.quiet:
        return None
    at = loud_again(now, span(told.quiet), ws.profile().calendar, workdays=told.workdays)
    return at if at > now else None


def _addressee(account: Account, known: Mapping[str, str]) -> str:
    """The organisation that has an address, as tracker.toml writes it; empty = the office."""
    names = (account.organisation, account.supervisor)
    return next((known[text.key(name)] for name in names if name and text.key(name) in known), "")


def _each(name: str, urls: Sequence[str], body: str, accounts: int) -> list[Digest]:
    return [
        Digest(recipient=f"{name}#{number}", url=url, text=body, accounts=accounts)
        for number, url in enumerate(dict.fromkeys(urls), 1)
    ]
