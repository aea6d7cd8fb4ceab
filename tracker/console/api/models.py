"""The words of the API: names as the command line's --json prints them (DESIGN §8)."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from tracker.model import Account, Finding, StoredVisit, Verdict


class AccountOut(BaseModel):
    """One filed account."""

    model_config = ConfigDict(from_attributes=True)

    account_id: str
    platform: str
    kind: str
    name: str
    organisation: str
    supervisor: str
    org_type: str
    region: str
    certified_org: str
    opened_on: date | None
    status: str
    status_date: date | None
    successor: str
    url: str
    filed_id: str
    ids: dict[str, str]
    note: str

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        """The account as the API tells it."""
        return cls.model_validate(account)


class VisitOut(BaseModel):
    """One visit and what it came to; `aspects` = outcome of each 检查项, `ok` where it was seen."""

    sweep: str
    account_id: str
    route: str
    at: datetime
    check_date: date | None
    url: str
    outcome: str
    detail: str
    aspects: dict[str, str]
    file: str
    sha256: str

    @classmethod
    def of(cls, visit: StoredVisit) -> "VisitOut":
        """The visit as the API tells it; the stored bytes stay where they are."""
        told = visit.observation
        return cls(
            sweep=visit.sweep,
            account_id=visit.account_id,
            route=str(visit.route),
            at=visit.at,
            check_date=visit.check_date,
            url=visit.url,
            outcome=str(told.outcome),
            detail=told.detail,
            aspects={str(name): str(seen.outcome) for name, seen in told.aspects.items()},
            file=visit.file,
            sha256=visit.sha256,
        )


class BoundsOut(BaseModel):
    """A number known between bounds; `most` null = no upper bound."""

    model_config = ConfigDict(from_attributes=True)

    least: int
    most: int | None


class FindingOut(BaseModel):
    """One finding; `status` tells a candidate, which waits for a person, from what stands."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    message: str
    basis: str
    effect: str
    status: str
    arithmetic: str
    counterfactual: str


class UndeterminedOut(BaseModel):
    """A rule that could not be answered, and why."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    reason: str


class VerdictOut(BaseModel):
    """What the check came to for one account: `verdict` is the printed word, `conclusion` the same for programs."""

    account_id: str
    platform: str
    kind: str
    name: str
    organisation: str
    region: str
    check_date: date
    latest_post: date | None
    idle_days: BoundsOut | None
    verdict: str
    conclusion: str
    findings: list[FindingOut]
    undetermined: list[UndeterminedOut]

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictOut":
        """The verdict as the API tells it."""
        account = verdict.account
        names = ("account_id", "platform", "kind", "name", "organisation", "region")
        return cls(
            **{name: getattr(account, name) for name in names},
            check_date=verdict.check_date,
            latest_post=verdict.latest_post,
            idle_days=BoundsOut.model_validate(verdict.idle_days) if verdict.idle_days else None,
            verdict=verdict.word,
            conclusion=str(verdict.conclusion),
            findings=[FindingOut.model_validate(one) for one in verdict.findings],
            undetermined=[UndeterminedOut.model_validate(one) for one in verdict.undetermined],
        )


class WaitingOut(BaseModel):
    """One finding that waits for a person, and whose it is."""

    account_id: str
    platform: str
    kind: str
    name: str
    organisation: str
    region: str
    code: str
    message: str
    basis: str
    arithmetic: str

    @classmethod
    def of(cls, verdict: Verdict, finding: Finding) -> "WaitingOut":
        """The finding as the API tells it."""
        names = ("account_id", "platform", "kind", "name", "organisation", "region")
        return cls(
            **{name: getattr(verdict.account, name) for name in names},
            **{name: getattr(finding, name) for name in ("code", "message", "basis", "arithmetic")},
        )


class AttachmentOut(BaseModel):
    """A file that came with an answer."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    sha256: str
    size: int


class RulingOut(BaseModel):
    """The office's answer to an objection."""

    model_config = ConfigDict(from_attributes=True)

    outcome: str
    words: str
    why: str
    who: str
    at: datetime


class ObjectionOut(BaseModel):
    """What a unit said of one finding; `objects` false = 无异议. `ruling` null = not answered yet."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    sweep: str
    account_id: str
    code: str
    objects: bool
    words: str
    why: str
    who: str = Field(description="单位")
    received_on: date
    late: bool
    attachments: list[AttachmentOut]
    at: datetime
    ruling: RulingOut | None


class Sent(BaseModel):
    """The base of everything that is sent in: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")
