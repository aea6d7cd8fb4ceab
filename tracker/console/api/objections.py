"""GET /objections and their answers: what units said, what the office ruled."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tracker import consult
from tracker.clock import Clock
from tracker.console.api.answers import CHANGES, PREFIX, OnPaging, Page, by_number
from tracker.console.api.models import ObjectionOut, Sent
from tracker.console.api.once import Keyed, keyed, once_of
from tracker.console.api.verdicts import OnSweep
from tracker.console.desk import Desk, OnDesk
from tracker.console.letters import check_of
from tracker.console.rights import own
from tracker.console.signing import OnPerson
from tracker.errors import UsageError
from tracker.review import last_head
from tracker.store import Objection, Ruled

router = APIRouter(prefix=PREFIX, tags=["征求意见"], route_class=Keyed)

_RULED = {"accept": Ruled.ACCEPTED, "partly": Ruled.PARTLY, "reject": Ruled.REJECTED}


class ObjectionsOut(Page):
    """A page of what units said, in the order of taking in."""

    items: list[ObjectionOut]


class RulingIn(Sent):
    """The office's answer; `words` = what is printed from now on, for `partly` only."""

    outcome: Literal["accept", "partly", "reject"]
    why: str = Field(min_length=1, max_length=2000)
    words: str = Field(default="", max_length=2000)


class RuledOut(BaseModel):
    """What was ruled, and what the account's verdict is now."""

    objection: int
    outcome: str
    verdict: str


@router.get("/objections", summary="单位的意见")
def objections(desk: OnDesk, signed: OnPerson, paging: OnPaging, sweep: OnSweep = "") -> ObjectionsOut:
    """What units said of a check, of the accounts that the person sees."""
    check = check_of(desk.ws, sweep)
    held = desk.ws.store.objections(check.name) if check else ()
    filed = desk.ws.store.accounts_of({one.account_id for one in held})
    seen = [one for one in held if one.account_id in filed and signed.person.sees(filed[one.account_id])]
    rows, following = paging.pick(seen, lambda one: by_number(one.id))
    return ObjectionsOut(items=[ObjectionOut.model_validate(one) for one in rows], next=following)


@router.post("/objections/{number}/ruling", summary="答复异议", dependencies=[Depends(keyed)], responses=CHANGES)
def rule(
    request: Request, desk: OnDesk, signed: OnPerson, told: RulingIn, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> RuledOut:
    """Accept, accept in part with other words, or refuse; the last answer holds."""
    said = desk.ws.store.objection(number)
    if said is None:
        raise HTTPException(404, "没有这条意见;现有的见 /api/v1/objections")
    own(request, said.account_id)
    once = once_of(request)
    if not desk.ws.store.form_sent(once):
        _rule(desk, said, told, who=signed.person.name, clock=desk.clock)
        desk.ws.store.mark_sent(once, desk.clock())
    verdict = desk.ws.store.verdict(last_head(desk.ws, desk.ws.head(said.sweep)), said.account_id)
    return RuledOut(objection=number, outcome=_RULED[told.outcome], verdict=verdict.word if verdict else "")


def _rule(desk: Desk, said: Objection, told: RulingIn, *, who: str, clock: Clock) -> None:
    ws = desk.ws
    check, account = ws.head(said.sweep), ws.store.account(said.account_id)
    found = consult.known(ws, check).get((said.account_id, said.code))
    if found is None or found.last is None or account is None:
        raise HTTPException(404, "没有这条意见;现有的见 /api/v1/objections")
    if found.last.id != said.id:
        raise HTTPException(409, f"单位后来又交了新的意见(编号 {found.last.id}),这一条不再作数")
    if told.outcome == "partly" and not told.words.strip():
        raise UsageError("部分采纳须写明问题改成怎样的说法:words")
    if told.outcome != "partly" and told.words.strip():
        raise UsageError("words 只用于部分采纳;请去掉它,或改用 partly")
    consult.answer(
        ws, check, account, said.code, _RULED[told.outcome], desk.adapters, why=told.why, words=told.words, who=who, at=clock()
    )
