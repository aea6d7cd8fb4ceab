"""GET /own: what a unit was told of its own accounts, and its answers. Nothing that waits for review, nobody else's."""

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tracker import consult
from tracker.clock import day
from tracker.console.api.answers import CHANGES, PREFIX, OnPaging, Page
from tracker.console.api.models import ObjectionOut, Sent
from tracker.console.api.once import Keyed, keyed, once_of
from tracker.console.desk import Desk, OnDesk
from tracker.console.signing import OnPerson
from tracker.consult import Known, as_told

router = APIRouter(prefix=PREFIX, tags=["我的账号"], route_class=Keyed)

_CHECKS = 6
"""Checks that are told, the newest."""


class OwnOut(BaseModel):
    """One finding that was sent or printed; `deadline` = until when to answer, null = the holidays of then are not known yet."""

    sweep: str
    account_id: str
    name: str
    organisation: str
    code: str
    message: str
    basis: str
    arithmetic: str
    counterfactual: str
    asked_at: datetime | None
    deadline: date | None
    printed: str | None = Field(description="印发的文件;没有印发为 null")
    withdrawn: bool
    answers: list[ObjectionOut]


class OwnsOut(Page):
    """A page of findings."""

    items: list[OwnOut]


class AnswerIn(Sent):
    """What a unit says of one finding; files are added at the page."""

    sweep: str = Field(min_length=1, max_length=200)
    opinion: Literal["agrees", "objects"]
    why: str = Field(default="", max_length=4000)


class AnsweredOut(BaseModel):
    """That the answer is there; `late` = after the deadline, which is noted."""

    account_id: str
    code: str
    received_on: date
    late: bool


@router.get("/own", summary="发给本单位的问题")
def listed(desk: OnDesk, signed: OnPerson, paging: OnPaging) -> OwnsOut:
    """Every finding that was told of the accounts that the person sees."""
    found = [one for check in consult.told_checks(desk.ws)[:_CHECKS] for one in consult.known(desk.ws, check).values()]
    filed = desk.ws.store.accounts_of({one.account_id for one in found})
    seen = [one for one in found if one.account_id in filed and signed.person.sees(filed[one.account_id])]
    rows, following = paging.pick(seen, lambda one: (one.sweep, one.account_id, one.code))
    return OwnsOut(items=[_out(desk, one, filed[one.account_id].name) for one in rows], next=following)


@router.get("/own/{account_id}", summary="发给本单位的一个账号的问题")
def one_account(desk: OnDesk, paging: OnPaging, account_id: str) -> OwnsOut:
    """The same of one account."""
    account = desk.ws.store.account(account_id)
    if account is None:
        raise HTTPException(404, "台账里没有这个账号")
    told = [
        one
        for check in consult.told_checks(desk.ws)[:_CHECKS]
        for (whom, _), one in consult.known(desk.ws, check).items()
        if whom == account.account_id
    ]
    rows, following = paging.pick(told, lambda one: (one.sweep, one.account_id, one.code))
    return OwnsOut(items=[_out(desk, one, account.name) for one in rows], next=following)


def _out(desk: Desk, one: Known, name: str) -> OwnOut:
    """The finding as it was told, in the words that hold now."""
    pair = as_told(desk.ws, one)
    finding = pair[1] if pair else None
    ruled = one.last.ruling if one.last else None
    return OwnOut(
        sweep=one.sweep,
        account_id=one.account_id,
        name=name,
        organisation=one.organisation,
        code=one.code,
        message=(ruled.words if ruled else "") or one.message or (finding.message if finding else one.code),
        basis=finding.basis if finding else "",
        arithmetic=finding.arithmetic if finding else "",
        counterfactual=finding.counterfactual if finding else "",
        asked_at=one.sent.at if one.sent else None,
        deadline=one.due,
        printed=f"{one.printed.title}({one.printed.label})" if one.printed else None,
        withdrawn=one.withdrawn,
        answers=[ObjectionOut.model_validate(said) for said in one.said],
    )


@router.post("/own/{account_id}/answers/{code}", summary="反馈意见", dependencies=[Depends(keyed)], responses=CHANGES)
def answer(request: Request, desk: OnDesk, signed: OnPerson, told: AnswerIn, account_id: str, code: str) -> AnsweredOut:
    """Agree or object: kept like a line of a reply sheet."""
    check, at = desk.ws.store.sweep_head(told.sweep), desk.clock()
    about = consult.known(desk.ws, check).get((account_id, code)) if check else None
    if about is None:
        raise HTTPException(404, "没有发给您这条问题;现有的见 /api/v1/own")
    objects, who = told.opinion == "objects", signed.person.name
    consult.reply(desk.ws, about, objects=objects, why=told.why, pieces=(), token=once_of(request), who=who, at=at)
    return AnsweredOut(account_id=account_id, code=code, received_on=day(at), late=about.late(day(at)))
