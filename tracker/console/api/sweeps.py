"""GET /sweeps and /periods: which checks there are."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from tracker.clock import SHANGHAI
from tracker.console.api.answers import PREFIX, OnPaging, Page
from tracker.console.desk import OnDesk

router = APIRouter(prefix=PREFIX, tags=["批次"])


class SweepOut(BaseModel):
    """One pass; only a `check` decides the printed list."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    kind: str
    period: str | None
    check_date: date | None
    started_at: datetime
    ended_at: datetime | None
    source: str


class PeriodOut(BaseModel):
    """One window with one formal check; `closed_at` null = open."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    start: date
    end: date
    closed_at: datetime | None


class SweepsOut(Page):
    """A page of sweeps, the earliest first."""

    items: list[SweepOut]


class PeriodsOut(Page):
    """A page of periods, the earliest first."""

    items: list[PeriodOut]


@router.get("/sweeps", summary="巡检批次")
def sweeps(desk: OnDesk, paging: OnPaging) -> SweepsOut:
    """All sweeps."""
    rows, following = paging.pick(desk.ws.store.sweeps(), lambda one: (one.started_at.astimezone(SHANGHAI).isoformat(), one.name))
    return SweepsOut(items=[SweepOut.model_validate(one) for one in rows], next=following)


@router.get("/periods", summary="检查期")
def periods(desk: OnDesk, paging: OnPaging) -> PeriodsOut:
    """All periods."""
    rows, following = paging.pick(desk.ws.store.periods(), lambda one: (one.start.isoformat(), one.name))
    return PeriodsOut(items=[PeriodOut.model_validate(one) for one in rows], next=following)
