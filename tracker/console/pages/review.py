"""复核: queues, and one finding a screen with its clause, dates, arithmetic and the quoted place; confirm, dismiss or ask."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.console.lists import SIZE, way_of
from tracker.console.pages.looks import remember, who_of
from tracker.console.render import after as go_on
from tracker.console.render import page
from tracker.console.review_queues import (
    Case,
    Queue,
    Reviewer,
    address_of,
    beside,
    case_of,
    count_of,
    lacking,
    left,
    own_already,
    page_of,
    reviewer_of,
)
from tracker.console.review_queues import first as first_of
from tracker.console.review_views import ListPage, ReviewPage, Row, Said, Tab, pictures_of, quoted
from tracker.console.signing import OnPerson, checked, signed_of
from tracker.errors import EvidenceDamaged, UsageError
from tracker.explain import EFFECT, STATUS
from tracker.model import Decision, Exchange, Status, StoredVisit
from tracker.store import Question, Turn
from tracker.text import squeeze

router = APIRouter()

_REASONS = {
    "dismiss": "驳回要写明理由,例如:公益内容,不是广告",
    "ask": "存疑要写明要问什么,例如:请主办单位说明合作关系",
}
MOST_WHY = 500
"""Characters of a reason or question that are taken."""
_WORDS = {Queue.WAITING: "等待复核", Queue.SECOND: "等待第二人", Queue.TORN: "意见不一致", Queue.DONE: "已处理"}

_ENDS = {Queue.SECOND: "没有等您作第二人的问题了", Queue.TORN: "没有别的意见不一致的问题了"}


@router.get("/review")
def listed(request: Request, desk: OnDesk, signed: OnPerson, of: str = "", after: str = "", before: str = "") -> HTMLResponse:
    """One queue, a page at a time."""
    by, queue = reviewer_of(desk, who_of(request, desk), signed.person.scope), queue_of(of)
    if isinstance(by, str):
        return page(request, "reviews.html", "复核", ListPage(judged=bool(by), again=by))
    turn = Turn(after=after, before=before, size=SIZE)
    found, questions, tabs = page_of(by, queue, turn), desk.ws.store.questions(by.check.name), tabs_of(by, queue)
    context = ListPage(
        judged=True,
        again=by.again,
        of=str(queue),
        tabs=tabs,
        count=next((one.count for one in tabs if one.here), 0),
        # nobody's own ones are in the way of those that they can settle
        rows=tuple(sorted((_row(by, one, queue, questions) for one in found.rows), key=lambda one: one.own)),
        least=by.least,
        way=way_of("/review", {"of": str(queue)}, turn, found),
    )
    return page(request, "reviews.html", "复核", context)


def queue_of(told: str) -> Queue:
    """The queue that an address names. Raises UsageError."""
    try:
        return Queue(told)
    except ValueError as error:
        raise UsageError("没有这样的复核列表;请从“复核”页点标签打开") from error


def tabs_of(by: Reviewer, here: Queue | None) -> tuple[Tab, ...]:
    """The queues with how many are in each; those of two people only where a veto takes two."""
    shown = [one for one in Queue if by.least > 1 or one is not Queue.SECOND]
    return tuple(
        Tab(
            address=f"/review?of={one}" if one else "/review",
            word=_WORDS[one],
            count=count_of(by, one),
            here=one is here,
        )
        for one in shown
    )


def _row(by: Reviewer, case: Case, queue: Queue, questions: Iterable[Question]) -> Row:
    account, people = case.verdict.account, case.behind
    return Row(
        address=address_of(case.pair, queue),
        name=account.name,
        kind=account.kind,
        code=case.finding.code,
        message=case.finding.message,
        status=STATUS[case.finding.status],
        asked=sum((one.account_id, one.code) == case.pair for one in questions),
        agreed="、".join(people.agreed) if people else "",
        dismissed="、".join(people.dismissed) if people else "",
        lacking=lacking(by, case),
        own=queue is Queue.SECOND and own_already(by, case),
    )


@router.get("/review/next")
def first(request: Request, desk: OnDesk, signed: OnPerson, of: str = "") -> RedirectResponse:
    """On to the first of a queue."""
    by, queue = reviewer_of(desk, who_of(request, desk), signed.person.scope), queue_of(of)
    address = "" if isinstance(by, str) else first_of(by, queue)
    return go_on(address) if address else go_on(*_end(queue))


def _end(queue: Queue, done: str = "") -> tuple[str, str]:
    """Where a queue ends, and what is said there."""
    told = _ENDS.get(queue, "没有待复核的问题了")
    return (f"/review?of={queue}" if queue else "/review"), f"{done}{told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The form of one finding as it was sent; as the page makes it where nothing was sent yet."""

    of: str = ""
    choice: str = ""
    why: str = ""
    who: str = ""


@router.get("/review/{account_id}/{code}")
def one(request: Request, desk: OnDesk, account_id: str, code: str, of: str = "") -> HTMLResponse:
    """One finding."""
    return _shown(request, desk, account_id, code, Sent(of=of))


def _case(request: Request, desk: Desk, account_id: str, code: str, who: str = "") -> tuple[Reviewer, Case]:
    by = reviewer_of(desk, who_of(request, desk, who), signed_of(request).person.scope)
    if isinstance(by, str):
        raise UsageError(by or "还没有检查记录,没有可复核的问题")
    case = case_of(by, account_id, code)
    if case is None:
        raise UsageError("这个账号已经没有这个问题了(新的检查记录可能改变了结论);请回到复核列表")
    return by, case


def _shown(request: Request, desk: Desk, account_id: str, code: str, sent: Sent, *, error: str = "") -> HTMLResponse:
    by, case = _case(request, desk, account_id, code, sent.who)
    return page(request, "review.html", "复核", _page_of(request, by, case, sent, error), status=422 if error else 200)


def _page_of(request: Request, by: Reviewer, case: Case, sent: Sent, error: str) -> ReviewPage:
    verdict, finding, people, (own, code) = case.verdict, case.finding, case.behind, case.pair
    exchanges, damaged = _stored(by.desk, by.desk.ws.store.visits(by.check.name, own))
    account, queue = verdict.account, queue_of(sent.of)
    return ReviewPage(
        account_id=own,
        name=account.name,
        kind=account.kind,
        owner="、".join(part for part in (account.organisation, account.region) if part),
        code=code,
        message=finding.message,
        basis=finding.basis,
        effect=EFFECT[finding.effect],
        status=STATUS[finding.status],
        waiting=finding.status is Status.CANDIDATE,
        check_date=f"{verdict.check_date:%Y-%m-%d}",
        latest=verdict.printed_date or (f"{verdict.latest_post:%Y-%m-%d}" if verdict.latest_post else "没有看到"),
        arithmetic=finding.arithmetic,
        counterfactual=finding.counterfactual,
        quoted=tuple(quoted(hit, [one for _, found in exchanges for one in found]) for hit in finding.hits),
        damaged=damaged,
        pictures=tuple(pictures_of(own, exchanges)),
        said=_said(by, own, code),
        agreed="、".join(people.agreed) if people else "",
        dismissed="、".join(people.dismissed) if people else "",
        lacking=lacking(by, case),
        least=by.least,
        own=own_already(by, case),
        of=sent.of,
        left=left(by),
        next=beside(by, queue, own, code),
        before=beside(by, queue, own, code, back=True),
        key=uuid.uuid4().hex,
        version=_version(by, own, code),
        who=by.who,
        alone=signed_of(request).person.alone,
        choice=sent.choice,
        why=sent.why,
        error=error,
    )


def _stored(desk: Desk, visits: Sequence[StoredVisit]) -> tuple[list[tuple[StoredVisit, tuple[Exchange, ...]]], str]:
    """The bytes behind the visits, and what is wrong with the first that cannot be read."""
    found, damaged = [], ""
    for visit in visits:
        try:
            found.append((visit, desk.ws.evidence.read(visit.file, sha256=visit.sha256)[1]))
        except EvidenceDamaged as error:
            damaged = damaged or str(error)
    return found, damaged


def _said(by: Reviewer, account_id: str, code: str) -> tuple[Said, ...]:
    store = by.desk.ws.store
    decided = [one for one in store.decisions(by.check.name, [account_id]) if one.code == code]
    asked = [one for one in store.questions(by.check.name) if (one.account_id, one.code) == (account_id, code)]
    told = [(one.at, one.who, "确认" if one.confirmed else "驳回", one.why) for one in decided]
    told += [(one.at, one.who, "存疑", one.note) for one in asked]
    return tuple(Said(who=who, when=f"{at:%m-%d %H:%M}", what=what, why=why) for at, who, what, why in sorted(told))


def _version(by: Reviewer, account_id: str, code: str) -> int:
    return by.desk.ws.store.times_decided(by.check.name, [account_id]).get((account_id, code), 0)


@router.post("/review/{account_id}/{code}", dependencies=[Depends(checked)])
def decided(
    request: Request,
    desk: OnDesk,
    account_id: str,
    code: str,
    key: Annotated[str, Form(min_length=8, max_length=64)],
    version: Annotated[int, Form()],
    choice: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=MOST_WHY)] = "",
    who: Annotated[str, Form()] = "",
    of: Annotated[str, Form()] = "",
) -> Response:
    """Confirm, dismiss or ask; then on to the next."""
    sent, store = Sent(of=of, choice=choice, why=squeeze(why), who=who), desk.ws.store
    by, case = _case(request, desk, account_id, code, who)
    wrong = "" if store.form_sent(key) else _wrong(by, case, sent)
    if wrong:
        return _shown(request, desk, account_id, code, sent, error=wrong)
    with store.transaction():
        store.hold_sweep(by.check.name)
        again = store.form_sent(key)
        late = not again and choice != "ask" and _version(by, account_id, code) != version
        if not again and not late:
            store.mark_sent(key, desk.clock())
            _do(by, case, sent)
    if late:
        _, now = _case(request, desk, account_id, code, who)
        told = f"另一处刚刚处理过这个问题(现在是:{STATUS[now.finding.status]}),没有覆盖;看过下面的记录后,请再选一次"
        return _shown(request, desk, account_id, code, sent, error=told)
    answer = _onwards(request, desk, case, sent)
    remember(answer, by.who)
    return answer


def _onwards(request: Request, desk: Desk, case: Case, sent: Sent) -> RedirectResponse:
    """On to the next of the queue, under the judgement as it is now."""
    by, queue = reviewer_of(desk, who_of(request, desk, sent.who), signed_of(request).person.scope), queue_of(sent.of)
    address = "" if isinstance(by, str) else beside(by, queue, *case.pair)
    return go_on(address, "已记录") if address else go_on(*_end(queue, "已记录;"))


def _wrong(by: Reviewer, case: Case, sent: Sent) -> str:
    """Why a form cannot be taken; empty = it can."""
    if sent.choice not in ("confirm", "dismiss", "ask"):
        return "请先选择确认、驳回或存疑"
    if sent.choice != "confirm" and not sent.why:
        return _REASONS[sent.choice]
    if sent.choice != "ask" and by.least > 1 and not by.who:
        return "请填复核人:两人复核要记下是谁"
    if sent.choice == "confirm" and own_already(by, case):
        return twice(by, 1)
    return ""


def twice(by: Reviewer, number: int) -> str:
    """Why the same person is no second one."""
    told = "这一条" if number == 1 else f"其中 {number} 条"
    if by.least == 1:
        return f"{told}您已经确认过,不用再记"
    return f"{told}您已经确认过(或是您查看上报的),同一个人只算一个人;进入最终名单要由另一个人确认"


def _do(by: Reviewer, case: Case, sent: Sent) -> None:
    """Keep what was said; the sweep is judged anew by whoever shows it next."""
    store, (own, code), at = by.desk.ws.store, case.pair, by.desk.clock()
    if sent.choice == "ask":
        store.add_question(by.check.name, Question(account_id=own, code=code, who=by.who, note=sent.why, at=at))
        return
    confirmed = sent.choice == "confirm"
    store.add_decision(by.check.name, Decision(account_id=own, code=code, confirmed=confirmed, who=by.who, why=sent.why, at=at))
