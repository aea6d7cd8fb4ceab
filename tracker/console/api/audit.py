"""GET /audit: who did what, the newest first. GET /me: who the token is."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from tracker.clock import SHANGHAI
from tracker.console.api.answers import PREFIX, OnPaging, Page
from tracker.console.desk import OnDesk
from tracker.console.signing import OnPerson
from tracker.store import AuditFilter
from tracker.store.codec import scrub
from tracker.store.part import stamp

router = APIRouter(prefix=PREFIX, tags=["系统"])


class AuditOut(BaseModel):
    """One row of the log; each holds the hash of the one before."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: str
    person: str
    login: str
    role: str
    address: str
    action: str
    targets: str
    outcome: str
    previous: str
    sha256: str


class AuditsOut(Page):
    """A page of the log; `rows` = how many there are in all, `head` = hash of the newest."""

    rows: int
    head: str
    items: list[AuditOut]


class MeOut(BaseModel):
    """Whose token it is, what it may do, whose accounts it sees (both null = all)."""

    login: str
    name: str
    role: str
    rights: list[str]
    region: str | None
    organisations: list[str] | None


@router.get("/me", summary="这个令牌是谁的")
def me(signed: OnPerson) -> MeOut:
    """Who the token is."""
    person = signed.person
    unit = person.scope.organisations is not None
    return MeOut(
        login=person.login,
        name=person.name,
        role=str(person.role),
        rights=sorted(map(str, person.rights)),
        region=person.region if person.scope.region is not None else None,
        organisations=sorted(person.organisations) if unit else None,
    )


@router.get("/audit", summary="操作日志")
def audit(
    desk: OnDesk,
    paging: OnPaging,
    person: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=200)] = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> AuditsOut:
    """The rows that fit; a time without a zone is meant in Asia/Shanghai, `until` itself is left out."""
    wanted = AuditFilter(person=scrub(person), action=scrub(action), since=_stamp(since), until=_stamp(until))
    found = desk.ws.store.audit_page(wanted, paging.number(), paging.limit + 1)
    rows, head = desk.ws.store.audit_head()
    items = [AuditOut.model_validate(one) for one in found[: paging.limit]]
    more = len(found) > paging.limit
    return AuditsOut(items=items, rows=rows, head=head, next=paging.link(str(items[-1].number)) if more else None)


def _stamp(told: datetime | None) -> str:
    if told is None:
        return ""
    try:
        return stamp(told if told.tzinfo else told.replace(tzinfo=SHANGHAI))
    except OverflowError:
        # a time at the ends of the calendar, which no zone can move
        return told.replace(tzinfo=None).isoformat()
