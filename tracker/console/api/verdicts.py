"""GET /verdicts: what a check came to, and which findings wait for a person."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tracker.console.api.accounts import Exact, Words
from tracker.console.api.answers import PREFIX, OnPaging, Page, Paging
from tracker.console.api.models import VerdictOut, WaitingOut
from tracker.console.checks import judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.signing import OnPerson
from tracker.errors import UsageError
from tracker.model import Status
from tracker.store import JudgementHead, Turn, VerdictAsk

router = APIRouter(prefix=PREFIX, tags=["结果"])

OnSweep = Annotated[str, Query(max_length=200, description="批次;空 = 现在的正式检查")]
Conclusions = Literal["", "failed", "lifecycle", "passed", "to_review", "unchecked"]


class JudgedOut(BaseModel):
    """Which judgement is told; `again` says why it is not the last word, empty = it is."""

    sweep: str
    profile: str
    judged_at: datetime
    again: str


class VerdictsOut(Page):
    """A page of one judgement in the order of the registry; all pages are of the judgement of the first."""

    judgement: JudgedOut
    items: list[VerdictOut]
    total: int


class WaitingsOut(Page):
    """The waiting findings of a page of accounts, so that there may be more or fewer of them than `limit`."""

    judgement: JudgedOut
    items: list[WaitingOut]


@router.get("/verdicts", summary="检查结果")
def verdicts(
    desk: OnDesk,
    signed: OnPerson,
    paging: OnPaging,
    sweep: OnSweep = "",
    q: Words = "",
    conclusion: Conclusions = "",
    platform: Exact = "",
    region: Exact = "",
) -> VerdictsOut:
    """A page of verdicts."""
    ask, scope = VerdictAsk(words=q, conclusion=conclusion, platform=platform, region=region), signed.person.scope
    head, told, key = _turned(desk, sweep, paging)
    found = desk.ws.store.list_verdicts(head, ask, Turn(after=key, size=paging.limit), scope)
    total = desk.ws.store.count_verdicts(head, ask, scope)
    items = [VerdictOut.of(one) for one in found.rows]
    return VerdictsOut(judgement=told, items=items, next=paging.link(_key(head, found.after)), total=total)


@router.get("/verdicts/{account_id}", summary="一个账号的检查结果")
def verdict(desk: OnDesk, account_id: str, sweep: OnSweep = "") -> VerdictOut:
    """One verdict with its findings, their clauses and arithmetic."""
    found = desk.ws.store.verdict(judgement_of(desk, sweep)[0], account_id)
    if found is None:
        raise HTTPException(404, "这次检查里没有这个账号")
    return VerdictOut.of(found)


@router.get("/findings/waiting", summary="待复核的问题")
def waiting(desk: OnDesk, signed: OnPerson, paging: OnPaging, sweep: OnSweep = "") -> WaitingsOut:
    """The findings that wait for a person."""
    head, told, key = _turned(desk, sweep, paging)
    turn, scope = Turn(after=key, size=paging.limit), signed.person.scope
    found = desk.ws.store.list_verdicts(head, VerdictAsk(), turn, scope, waiting=True)
    since = desk.ws.store.decided_since(head)
    items = [
        WaitingOut.of(one, finding)
        for one in found.rows
        for finding in one.findings
        if finding.status is Status.CANDIDATE and (one.account.account_id, finding.code) not in since
    ]
    return WaitingsOut(judgement=told, items=items, next=paging.link(_key(head, found.after)))


def _key(head: JudgementHead, after: str) -> str:
    return f"{head.number}|{after}" if after else ""


def _turned(desk: Desk, sweep: str, paging: Paging) -> tuple[JudgementHead, JudgedOut, str]:
    """The judgement of the first page, though another may have been made since, and the key within it."""
    if not paging.key:
        head, again = judgement_of(desk, sweep)
        return head, _told(head, again), ""
    number, _, key = paging.key.partition("|")
    kept = desk.ws.store.head(int(number)) if number.isdecimal() and len(number) < 10 else None
    if kept is None:
        raise UsageError("这次判定已经不在了,翻不下去;请从第一页再取")
    return kept, _told(kept, ""), key


def _told(head: JudgementHead, again: str) -> JudgedOut:
    return JudgedOut(sweep=head.sweep, profile=head.profile, judged_at=head.at, again=again)


def judgement_of(desk: Desk, sweep: str) -> tuple[JudgementHead, str]:
    """The last judgement of the named sweep, of the formal check where none is named, and why it is not the last word.

    Raises HTTPException 404 where there is none.
    """
    if sweep:
        known = desk.ws.store.sweep_head(sweep)
        head, again = (desk.ws.store.last_head(known.name), "") if known else (None, "")
    else:
        check = shown_head(desk.ws, desk.clock())
        shown = judged(desk, check) if check else None
        head, again = (shown.head, shown.again) if shown else (None, "")
    if head is None:
        raise HTTPException(404, again or "没有这个批次,或者它还没有判定过")
    return head, again
