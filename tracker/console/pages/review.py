"""复核: one candidate a screen with its clause, dates, arithmetic and the quoted place; confirm, dismiss or ask."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console.checks import judgement_of, shown_check
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import remember, who_of
from tracker.console.render import after, page
from tracker.console.review_views import ListPage, ReviewPage, Row, Said, pictures_of, quoted
from tracker.console.signing import checked
from tracker.errors import EvidenceDamaged, UsageError
from tracker.explain import EFFECT, STATUS
from tracker.model import Decision, Exchange, Finding, Status, StoredVisit, Verdict
from tracker.review import decide
from tracker.store import Judgement, Question, SweepRecord
from tracker.text import squeeze

router = APIRouter()

_REASONS = {
    "dismiss": "驳回要写明理由,例如:公益内容,不是广告",
    "ask": "存疑要写明要问什么,例如:请主办单位说明合作关系",
}
MOST_WHY = 500
"""Characters of a reason or question that are taken."""


@router.get("/review")
def listed(request: Request, desk: OnDesk) -> HTMLResponse:
    """All that wait, and what was decided."""
    sweep = shown_check(desk.ws, desk.clock())
    judgement = judgement_of(desk, sweep) if sweep else None
    if sweep is None or judgement is None:
        return page(request, "reviews.html", "复核", ListPage(judged=False, waiting=(), decided=()))
    questions = desk.ws.store.questions(sweep.name)
    decided = {(one.account_id, one.code) for one in desk.ws.store.decisions(sweep.name)}
    context = ListPage(
        judged=True,
        waiting=tuple(_row(verdict, finding, questions) for verdict, finding in _candidates(judgement)),
        decided=tuple(
            _row(verdict, finding, questions)
            for verdict in judgement.verdicts
            for finding in verdict.findings
            if (verdict.account.account_id, finding.code) in decided
        ),
    )
    return page(request, "reviews.html", "复核", context)


def _candidates(judgement: Judgement) -> list[tuple[Verdict, Finding]]:
    return [(verdict, one) for verdict in judgement.verdicts for one in verdict.findings if one.status is Status.CANDIDATE]


def _row(verdict: Verdict, finding: Finding, questions: Iterable[Question]) -> Row:
    account = verdict.account
    return Row(
        account_id=account.account_id,
        code=finding.code,
        name=account.name,
        kind=account.kind,
        message=finding.message,
        status=STATUS[finding.status],
        asked=sum((one.account_id, one.code) == (account.account_id, finding.code) for one in questions),
    )


@router.get("/review/next")
def first(desk: OnDesk) -> RedirectResponse:
    """On to the first that waits."""
    sweep = shown_check(desk.ws, desk.clock())
    address = _next(judgement_of(desk, sweep), "", "") if sweep else ""
    return after(address) if address else after("/review", "没有待复核的问题了")


def _next(judgement: Judgement, account_id: str, code: str) -> str:
    """Address of the next candidate after this finding, then from the start; empty when none is left."""
    keys = [
        (verdict.account.account_id, one.code, one.status is Status.CANDIDATE)
        for verdict in judgement.verdicts
        for one in verdict.findings
    ]
    here = next((place for place, (own, its, _) in enumerate(keys) if (own, its) == (account_id, code)), -1)
    order = (*keys[here + 1 :], *keys[: max(here, 0)])
    found = next(((own, its) for own, its, candidate in order if candidate), None)
    return f"/review/{quote(found[0])}/{quote(found[1])}" if found else ""


@router.get("/review/{account_id}/{code}")
def one(request: Request, desk: OnDesk, account_id: str, code: str) -> HTMLResponse:
    """One finding."""
    return _shown(request, desk, account_id, code)


def _case(desk: Desk, account_id: str, code: str) -> tuple[SweepRecord, Judgement, Verdict, Finding]:
    sweep = shown_check(desk.ws, desk.clock())
    if sweep is None:
        raise UsageError("还没有检查记录,没有可复核的问题")
    judgement = judgement_of(desk, sweep)
    for verdict in judgement.verdicts:
        for finding in verdict.findings:
            if (verdict.account.account_id, finding.code) == (account_id, code):
                return sweep, judgement, verdict, finding
    raise UsageError("这个账号已经没有这个问题了(新的检查记录可能改变了结论);请回到复核列表")


def _shown(
    request: Request, desk: Desk, account_id: str, code: str, *, choice: str = "", why: str = "", who: str = "", error: str = ""
) -> HTMLResponse:
    sweep, judgement, verdict, finding = _case(desk, account_id, code)
    visits = desk.ws.store.visits(sweep.name, account_id)
    exchanges, damaged = _stored(desk, visits)
    account, said = verdict.account, _said(desk, sweep, account_id, code)
    context = ReviewPage(
        account_id=account_id,
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
        pictures=tuple(pictures_of(account_id, exchanges)),
        said=said,
        left=len(_candidates(judgement)),
        next=_next(judgement, account_id, code),
        key=uuid.uuid4().hex,
        version=_version(desk, sweep, account_id, code),
        who=who_of(request, desk, who),
        choice=choice,
        why=why,
        error=error,
    )
    return page(request, "review.html", "复核", context, status=422 if error else 200)


def _stored(desk: Desk, visits: Sequence[StoredVisit]) -> tuple[list[tuple[StoredVisit, tuple[Exchange, ...]]], str]:
    """The bytes behind the visits, and what is wrong with the first that cannot be read."""
    found, damaged = [], ""
    for visit in visits:
        try:
            found.append((visit, desk.ws.evidence.read(visit.file, sha256=visit.sha256)[1]))
        except EvidenceDamaged as error:
            damaged = damaged or str(error)
    return found, damaged


def _said(desk: Desk, sweep: SweepRecord, account_id: str, code: str) -> tuple[Said, ...]:
    decided = [one for one in desk.ws.store.decisions(sweep.name) if (one.account_id, one.code) == (account_id, code)]
    asked = [one for one in desk.ws.store.questions(sweep.name) if (one.account_id, one.code) == (account_id, code)]
    told = [(one.at, one.who, "确认" if one.confirmed else "驳回", one.why) for one in decided]
    told += [(one.at, one.who, "存疑", one.note) for one in asked]
    return tuple(Said(who=who, when=f"{at:%m-%d %H:%M}", what=what, why=why) for at, who, what, why in sorted(told))


def _version(desk: Desk, sweep: SweepRecord, account_id: str, code: str) -> int:
    return sum((one.account_id, one.code) == (account_id, code) for one in desk.ws.store.decisions(sweep.name))


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
) -> Response:
    """Confirm, dismiss or ask; then on to the next."""
    why, name = squeeze(why), who_of(request, desk, who)
    wrong = _wrong(choice, why)
    if wrong:
        return _shown(request, desk, account_id, code, choice=choice, why=why, who=who, error=wrong)
    sweep, judgement, _, finding = _case(desk, account_id, code)
    with desk.ws.store.transaction():
        desk.ws.store.hold_sweep(sweep.name)
        again = desk.ws.store.form_sent(key)
        late = not again and choice != "ask" and _version(desk, sweep, account_id, code) != version
        if not again and not late:
            desk.ws.store.mark_sent(key, desk.clock())
            judgement = _do(desk, sweep, judgement, account_id, code, choice, why, name)
    if late:
        told = f"另一处刚刚处理过这个问题(现在是:{STATUS[finding.status]}),没有覆盖;看过下面的记录后,请再选一次"
        return _shown(request, desk, account_id, code, choice=choice, why=why, who=who, error=told)
    address = _next(judgement, account_id, code)
    answer = after(address or "/review", "已记录" if address else "已记录;没有待复核的问题了")
    remember(answer, name)
    return answer


def _wrong(choice: str, why: str) -> str:
    if choice not in ("confirm", "dismiss", "ask"):
        return "请先选择确认、驳回或存疑"
    if choice != "confirm" and not why:
        return _REASONS[choice]
    return ""


def _do(
    desk: Desk, sweep: SweepRecord, judgement: Judgement, account_id: str, code: str, choice: str, why: str, who: str
) -> Judgement:
    at = desk.clock()
    if choice == "ask":
        desk.ws.store.add_question(sweep.name, Question(account_id=account_id, code=code, who=who, note=why, at=at))
        return judgement
    said = Decision(account_id=account_id, code=code, confirmed=choice == "confirm", who=who, why=why, at=at)
    return decide(desk.ws, sweep, [said], desk.adapters, at=at)
