"""GET /due: who is near a breach, in the words of `due --json`."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from tracker.clock import day
from tracker.console.api.answers import PREFIX, OnPaging, Page
from tracker.console.desk import OnDesk
from tracker.console.pages.overview import standings_now
from tracker.console.signing import OnPerson
from tracker.due import Standing

router = APIRouter(prefix=PREFIX, tags=["到期"])

_ZERO = 1_000_000
"""So that days before and after sort as texts."""


class DueOut(BaseModel):
    """How one account stands today; all null = nothing was ever seen of it, which proves nothing."""

    account_id: str
    platform: str
    kind: str
    name: str
    organisation: str
    region: str
    check_date: date
    last_proven: date | None
    route: str | None
    last_safe: date | None
    days_left: int | None


class DuesOut(Page):
    """A page of accounts, those that were never seen before everybody, then the nearest to a breach."""

    items: list[DueOut]


@router.get("/due", summary="快到期的账号")
def due(
    desk: OnDesk, signed: OnPerson, paging: OnPaging, days: Annotated[int, Query(ge=0, le=3660, description="几天之内")] = 7
) -> DuesOut:
    """Accounts whose last safe day is at most so many days away, or that nothing was ever seen of."""
    held = [
        one
        for one in standings_now(desk, day(desk.clock()))
        if (one.days_left is None or one.days_left <= days) and signed.person.sees(one.account)
    ]
    rows, following = paging.pick(held, _key)
    return DuesOut(items=[_out(one) for one in rows], next=following)


def _key(one: Standing) -> tuple[str, ...]:
    left = "" if one.days_left is None else f"{one.days_left + _ZERO:08d}"
    return left, one.account.account_id


def _out(one: Standing) -> DueOut:
    names = ("account_id", "platform", "kind", "name", "organisation", "region")
    return DueOut(
        **{name: getattr(one.account, name) for name in names},
        check_date=one.check_date,
        last_proven=one.last.on if one.last else None,
        route=str(one.last.route) if one.last else None,
        last_safe=one.last_safe,
        days_left=one.days_left,
    )
