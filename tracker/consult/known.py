"""What units know of a check: the findings that were sent to them (征求意见) or printed for good, and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from tracker.clock import day
from tracker.consult.asking import due_on
from tracker.errors import UsageError
from tracker.holidays import Calendar
from tracker.model import Finding, Status, Verdict
from tracker.reports import bulletin, noncompliant, notice
from tracker.store import Consultation, Objection, Print, Ruled, SweepHead
from tracker.workspace import Workspace

OFFICIAL = (noncompliant.FORM.name, bulletin.FORM.name, notice.FORM.name)
"""Forms that leave the office; a ledger or a work list tells nobody anything."""

_SETTLED = (str(Status.AUTOMATIC), str(Status.CONFIRMED))

Pair = tuple[str, str]
"""(account id, code of a finding)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One finding that a unit was told of, by a sending, a final print, or both; `judgement` = the one it was told from.

    `said`: all that the unit answered, in order, each with the office's answer.
    """

    sweep: str
    account_id: str
    code: str
    judgement: int
    organisation: str = ""
    sent: Consultation | None = None
    number: int = 0
    """Which sending of the check, from 1; 0 = none."""
    printed: Print | None = None
    due: date | None = None
    """Until when the unit may answer, that day included: the sending's deadline or the end of the working days for objections
    after the print, whichever is later. None = the holidays of that time are not known yet: nothing is late."""
    message: str = ""
    """As printed; empty where it was only sent."""
    said: tuple[Objection, ...] = ()

    @property
    def last(self) -> Objection | None:
        """What holds: the last answer; None = no answer."""
        return self.said[-1] if self.said else None

    @property
    def withdrawn(self) -> bool:
        """Whether an objection was accepted, so that the finding stands no more."""
        return any(one.ruling is not None and one.ruling.outcome is Ruled.ACCEPTED for one in self.said[-1:])

    def days_left(self, today: date) -> int | None:
        """Calendar days up to the deadline, that day included as 0; negative = over; None = it cannot be told."""
        return (self.due - today).days if self.due else None

    def late(self, on: date) -> bool:
        """Whether an answer that comes on this day is late; it is taken all the same."""
        return self.due is not None and on > self.due


def told_checks(ws: Workspace) -> tuple[SweepHead, ...]:
    """The formal checks of which units were told anything, the newest first."""
    return tuple(one for one in reversed(ws.store.sweeps()) if one.kind == "check" and _told(ws, one))


def _told(ws: Workspace, sweep: SweepHead) -> bool:
    return bool(ws.store.consultations(sweep.name)) or any(True for _ in _finals(ws, sweep))


def known(ws: Workspace, sweep: SweepHead) -> Mapping[Pair, Known]:
    """Everything that units were told of a check, by account and code, in the order of telling."""
    found = _sent(ws, sweep)
    for one in _printed(ws, sweep):
        before = found.get((one.account_id, one.code))
        found[one.account_id, one.code] = _both(before, one) if before else one
    said: dict[Pair, list[Objection]] = {}
    for each in ws.store.objections(sweep.name):
        said.setdefault((each.account_id, each.code), []).append(each)
    return {pair: replace(one, said=tuple(said.get(pair, ()))) for pair, one in found.items()}


def _both(sent: Known, printed: Known) -> Known:
    due = max(sent.due, printed.due) if sent.due and printed.due else None
    return replace(sent, printed=printed.printed, message=printed.message, due=due)


def _sent(ws: Workspace, sweep: SweepHead) -> dict[Pair, Known]:
    """The last sending that asked about a finding counts."""
    found: dict[Pair, Known] = {}
    for number, sent in enumerate(ws.store.consultations(sweep.name), 1):
        for asked in sent.asked:
            for own, code in asked.findings:
                found[own, code] = Known(
                    sweep=sweep.name,
                    account_id=own,
                    code=code,
                    judgement=sent.judgement,
                    organisation=asked.organisation,
                    sent=sent,
                    number=number,
                    due=sent.deadline,
                )
    return found


def _finals(ws: Workspace, sweep: SweepHead) -> Iterator[Print]:
    """The last final print of every official form: a correction takes the place of what it corrects. Without rows."""
    last: dict[tuple[str, str], Print] = {}
    for one in ws.store.prints(sweep.name):
        if one.kind == "final" and one.form in OFFICIAL:
            last[one.form, one.whom] = one
    yield from last.values()


def _printed(ws: Workspace, sweep: SweepHead) -> Iterator[Known]:
    finals = tuple(_finals(ws, sweep))
    calendar = _calendar(ws) if finals else None
    for head in finals:
        whole, due = ws.store.print_of(head.token), _objecting(ws, head, calendar)
        for row in whole.rows if whole else ():
            for finding in row.findings if row.conclusion == "failed" else ():
                if finding.status in _SETTLED:
                    yield Known(
                        sweep=sweep.name,
                        account_id=row.account_id,
                        code=finding.code,
                        judgement=head.judgement,
                        organisation=row.organisation or row.name,
                        printed=head,
                        due=due,
                        message=finding.message,
                    )


def _calendar(ws: Workspace) -> Calendar | None:
    """None where the profile cannot be read: then no answer is late."""
    with suppress(UsageError):
        return ws.profile().calendar
    return None


def _objecting(ws: Workspace, head: Print, calendar: Calendar | None) -> date | None:
    """The last working day for objections to a print, counted from the day after it as the notice says it."""
    if calendar is None:
        return None
    with suppress(UsageError):
        return due_on(calendar, day(head.at), ws.settings.bulletin.objection_days)
    return None


def as_told(ws: Workspace, one: Known) -> tuple[Verdict, Finding] | None:
    """The verdict and the finding as they were when the unit was told; None where that judgement is no longer kept."""
    head = ws.store.head(one.judgement)
    verdict = ws.store.verdict(head, one.account_id) if head else None
    if verdict is None:
        return None
    finding = next((each for each in verdict.findings if each.code == one.code), None)
    return (verdict, finding) if finding else None
