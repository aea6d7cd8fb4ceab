"""复核: one candidate a screen with its clause, dates, arithmetic and the quoted place; confirm, dismiss or ask."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console.checks import Shown, judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.lists import SIZE, way_of
from tracker.console.pages.looks import remember, who_of
from tracker.console.render import after as go_on
from tracker.console.render import page
from tracker.console.review_views import ListPage, ReviewPage, Row, Said, pictures_of, quoted
from tracker.console.signing import OnPerson, checked
from tracker.errors import EvidenceDamaged, UsageError
from tracker.explain import EFFECT, STATUS
from tracker.model import Decision, Exchange, Finding, Status, StoredVisit, Verdict
from tracker.people import EVERYTHING, Scope
from tracker.store import JudgementHead, Question, SweepHead, Turn, VerdictAsk
from tracker.text import squeeze

router = APIRouter()

_REASONS = {
    "dismiss": "驳回要写明理由,例如:公益内容,不是广告",
    "ask": "存疑要写明要问什么,例如:请主办单位说明合作关系",
}
MOST_WHY = 500
"""Characters of a reason or question that are taken."""


@router.get("/review")
def listed(request: Request, desk: OnDesk, signed: OnPerson, after: str = "", before: str = "") -> HTMLResponse:
    """Those that wait, a page at a time, and what was decided last."""
    check = shown_head(desk.ws, desk.clock())
    shown = judged(desk, check) if check else None
    if check is None or shown is None or shown.head is None:
        told = shown.again if shown else ""
        return page(request, "reviews.html", "复核", ListPage(judged=bool(told), again=told))
    store, head, scope = desk.ws.store, shown.head, signed.person.scope
    turn = Turn(after=after, before=before, size=SIZE)
    found = store.list_verdicts(head, VerdictAsk(), turn, scope, waiting=True)
    questions, since = store.questions(check.name), _since(desk, shown)
    rows = [(verdict, one) for verdict in found.rows for one in _open(verdict, since)]
    context = ListPage(
        judged=True,
        again=shown.again,
        count=_left(desk, shown, since, scope),
        waiting=tuple(_row(verdict, finding, questions) for verdict, finding in rows),
        decided=tuple(_row(verdict, finding, questions) for verdict, finding in _decided(desk, check, head, scope)),
        way=way_of("/review", {}, turn, found),
    )
    return page(request, "reviews.html", "复核", context)


def _since(desk: Desk, shown: Shown) -> frozenset[tuple[str, str]]:
    """What was decided since the judgement that is shown: no longer open, whatever it says."""
    return desk.ws.store.decided_since(shown.head) if shown.again and shown.head else frozenset()


def _open(verdict: Verdict, since: Collection[tuple[str, str]]) -> list[Finding]:
    own = verdict.account.account_id
    return [one for one in verdict.findings if one.status is Status.CANDIDATE and (own, one.code) not in since]


def _left(desk: Desk, shown: Shown, since: Collection[tuple[str, str]], scope: Scope = EVERYTHING) -> int:
    if shown.head is None:
        return 0
    all_open = sum(one.waiting for one in desk.ws.store.verdict_tally(shown.head, scope))
    done = {own: desk.ws.store.verdict(shown.head, own) for own, _ in since}
    gone = sum(len(_open(one, ())) - len(_open(one, since)) for one in done.values() if one and scope.holds(one.account))
    return all_open - gone


def _decided(desk: Desk, check: SweepHead, head: JudgementHead, scope: Scope) -> Iterator[tuple[Verdict, Finding]]:
    """The findings that were decided last, each once, the newest first."""
    keys = dict.fromkeys((one.account_id, one.code) for one in desk.ws.store.last_decisions(check.name, SIZE))
    for own, code in keys:
        verdict = desk.ws.store.verdict(head, own)
        if verdict and scope.holds(verdict.account):
            yield from ((verdict, one) for one in verdict.findings if one.code == code)


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
    check = shown_head(desk.ws, desk.clock())
    address = _next(desk, check, judged(desk, check), "", "") if check else ""
    return go_on(address) if address else go_on("/review", "没有待复核的问题了")


def _next(desk: Desk, check: SweepHead, shown: Shown, account_id: str, code: str) -> str:
    """Address of the next candidate after this finding, then from the start; empty when none is left."""
    if shown.head is None:
        return ""
    since, own = _since(desk, shown), desk.ws.store.verdict(shown.head, account_id)
    codes = [one.code for one in own.findings] if own else []
    here = codes.index(code) if code in codes else len(codes)
    mine = [(account_id, one.code) for one in _open(own, since)] if own else []
    later = [each for each in mine if codes.index(each[1]) > here]
    earlier = [each for each in mine if codes.index(each[1]) < here]
    place = desk.ws.store.place_of(shown.head, account_id)
    found = next(iter(later), None) or _from(desk, shown.head, since, place, account_id) or next(iter(earlier), None)
    return f"/review/{quote(found[0])}/{quote(found[1])}" if found else ""


def _from(
    desk: Desk, head: JudgementHead, since: Collection[tuple[str, str]], place: int, account_id: str
) -> tuple[str, str] | None:
    """The first candidate of another account behind a place, then from the start."""
    for begin in (place, -1):
        key = f"[{begin}]"
        while key:
            found = desk.ws.store.list_verdicts(head, VerdictAsk(), Turn(after=key, size=SIZE), waiting=True)
            for verdict in found.rows:
                own = verdict.account.account_id
                if own != account_id and (waits := _open(verdict, since)):
                    return own, waits[0].code
            key = found.after
    return None


@router.get("/review/{account_id}/{code}")
def one(request: Request, desk: OnDesk, account_id: str, code: str) -> HTMLResponse:
    """One finding."""
    return _shown(request, desk, account_id, code)


def _case(desk: Desk, account_id: str, code: str) -> tuple[SweepHead, Shown, Verdict, Finding]:
    check = shown_head(desk.ws, desk.clock())
    if check is None:
        raise UsageError("还没有检查记录,没有可复核的问题")
    shown = judged(desk, check)
    verdict = desk.ws.store.verdict(shown.head, account_id) if shown.head else None
    for finding in verdict.findings if verdict else ():
        if finding.code == code and verdict:
            return check, shown, verdict, finding
    raise UsageError("这个账号已经没有这个问题了(新的检查记录可能改变了结论);请回到复核列表")


def _shown(
    request: Request, desk: Desk, account_id: str, code: str, *, choice: str = "", why: str = "", who: str = "", error: str = ""
) -> HTMLResponse:
    sweep, shown, verdict, finding = _case(desk, account_id, code)
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
        left=_left(desk, shown, _since(desk, shown)),
        next=_next(desk, sweep, shown, account_id, code),
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


def _said(desk: Desk, sweep: SweepHead, account_id: str, code: str) -> tuple[Said, ...]:
    decided = [one for one in desk.ws.store.decisions(sweep.name) if (one.account_id, one.code) == (account_id, code)]
    asked = [one for one in desk.ws.store.questions(sweep.name) if (one.account_id, one.code) == (account_id, code)]
    told = [(one.at, one.who, "确认" if one.confirmed else "驳回", one.why) for one in decided]
    told += [(one.at, one.who, "存疑", one.note) for one in asked]
    return tuple(Said(who=who, when=f"{at:%m-%d %H:%M}", what=what, why=why) for at, who, what, why in sorted(told))


def _version(desk: Desk, sweep: SweepHead, account_id: str, code: str) -> int:
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
    sweep, _, _, finding = _case(desk, account_id, code)
    with desk.ws.store.transaction():
        desk.ws.store.hold_sweep(sweep.name)
        again = desk.ws.store.form_sent(key)
        late = not again and choice != "ask" and _version(desk, sweep, account_id, code) != version
        if not again and not late:
            desk.ws.store.mark_sent(key, desk.clock())
            _do(desk, sweep, account_id, code, choice, why, name)
    if late:
        told = f"另一处刚刚处理过这个问题(现在是:{STATUS[finding.status]}),没有覆盖;看过下面的记录后,请再选一次"
        return _shown(request, desk, account_id, code, choice=choice, why=why, who=who, error=told)
    address = _next(desk, sweep, judged(desk, sweep), account_id, code)
    answer = go_on(address or "/review", "已记录" if address else "已记录;没有待复核的问题了")
    remember(answer, name)
    return answer


def _wrong(choice: str, why: str) -> str:
    if choice not in ("confirm", "dismiss", "ask"):
        return "请先选择确认、驳回或存疑"
    if choice != "confirm" and not why:
        return _REASONS[choice]
    return ""


def _do(desk: Desk, sweep: SweepHead, account_id: str, code: str, choice: str, why: str, who: str) -> None:
    """Keep what was said; the sweep is judged anew by whoever shows it next."""
    at = desk.clock()
    if choice == "ask":
        desk.ws.store.add_question(sweep.name, Question(account_id=account_id, code=code, who=who, note=why, at=at))
        return
    said = Decision(account_id=account_id, code=code, confirmed=choice == "confirm", who=who, why=why, at=at)
    desk.ws.store.add_decision(sweep.name, said)
