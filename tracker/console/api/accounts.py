"""GET /accounts: the registry, as far as the person sees it, and the visits of one account."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from tracker.console.api.answers import PREFIX, OnPaging, Page
from tracker.console.api.models import AccountOut, VisitOut
from tracker.console.desk import Desk, OnDesk
from tracker.console.lists import MOST_WORDS
from tracker.console.signing import OnPerson
from tracker.model import Account
from tracker.store import AccountAsk, Turn

router = APIRouter(prefix=PREFIX, tags=["台账"])

Exact = Annotated[str, Query(max_length=200)]
Words = Annotated[str, Query(max_length=MOST_WORDS, description="名称、单位、编号里的字")]


class AccountsOut(Page):
    """A page of accounts in the order of the registry."""

    items: list[AccountOut]
    total: int
    """Accounts that fit, on all pages."""


class VisitsOut(Page):
    """A page of visits, the earliest first."""

    items: list[VisitOut]


@router.get("/accounts", summary="台账")
def accounts(
    desk: OnDesk,
    signed: OnPerson,
    paging: OnPaging,
    q: Words = "",
    platform: Exact = "",
    region: Exact = "",
    org_type: Exact = "",
    status: Exact = "",
) -> AccountsOut:
    """A page of the accounts that the person sees."""
    ask, scope = AccountAsk(words=q, platform=platform, region=region, org_type=org_type, status=status), signed.person.scope
    found = desk.ws.store.list_accounts(ask, Turn(after=paging.key, size=paging.limit), scope)
    items = [AccountOut.of(one) for one in found.rows]
    return AccountsOut(items=items, next=paging.link(found.after), total=desk.ws.store.count_accounts(ask, scope))


@router.get("/accounts/{account_id}", summary="一个账号")
def account(desk: OnDesk, account_id: str) -> AccountOut:
    """One account."""
    return AccountOut.of(account_of(desk, account_id))


@router.get("/accounts/{account_id}/visits", summary="一个账号的采集")
def visits(desk: OnDesk, paging: OnPaging, account_id: str) -> VisitsOut:
    """Every visit of an account, over all sweeps."""
    whose = account_of(desk, account_id).account_id
    rows, following = paging.pick(desk.ws.store.visits_of(whose), lambda one: (one.at.isoformat(), one.file))
    return VisitsOut(items=[VisitOut.of(one) for one in rows], next=following)


def account_of(desk: Desk, account_id: str) -> Account:
    """The account. Raises HTTPException 404, in the words for one that the person does not see."""
    found = desk.ws.store.account(account_id)
    if found is None:
        raise HTTPException(404, "台账里没有这个账号")
    return found
