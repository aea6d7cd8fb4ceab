"""复核 in bulk: the findings of one cause, chosen by hand one by one, decided together or not at all."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import remember, who_of
from tracker.console.pages.review import MOST_WHY, queue_of, tabs_of, twice
from tracker.console.render import after as go_on
from tracker.console.render import page
from tracker.console.review_queues import (
    LOOKED,
    Case,
    Queue,
    Reviewer,
    address_of,
    cause_of,
    look_through,
    own_already,
    reviewer_of,
    still,
)
from tracker.console.review_views import BulkPage, Chance, Group, GroupsPage
from tracker.console.signing import OnPerson, checked, signed_of
from tracker.errors import UsageError
from tracker.model import Decision
from tracker.text import squeeze

router = APIRouter()

MOST = 200
"""Findings that are decided in one go."""
_QUEUES = (Queue.WAITING, Queue.SECOND)


@router.get("/review/bulk")
def shown(request: Request, desk: OnDesk, code: str = "", cause: str = "", of: str = "") -> HTMLResponse:
    """Which causes there are; with a code and a cause, the findings of it."""
    by, queue = _reviewer(request, desk), _queue(of)
    if code:
        return page(request, "review_bulk.html", "成批复核", _bulk(request, by, queue, code, cause))
    looked, groups = look_through(by, queue), dict[tuple[str, str], list[Case]]()
    for one in looked.cases:
        groups.setdefault((one.finding.code, cause_of(one.finding).key), []).append(one)
    several = [(key, each) for key, each in groups.items() if len(each) > 1]
    context = GroupsPage(
        again=by.again,
        tabs=tabs_of(by, queue),
        of=str(queue),
        groups=tuple(_group(queue, key, each) for key, each in sorted(several, key=lambda one: (-len(one[1]), one[0]))),
        single=len(groups) - len(several),
        looked=LOOKED[queue] if looked.cut else 0,
    )
    return page(request, "review_groups.html", "成批复核", context)


def _reviewer(request: Request, desk: Desk, who: str = "") -> Reviewer:
    by = reviewer_of(desk, who_of(request, desk, who), signed_of(request).person.scope)
    if isinstance(by, str):
        raise UsageError(by or "还没有检查记录,没有可复核的问题")
    return by


def _queue(told: str) -> Queue:
    queue = queue_of(told)
    if queue not in _QUEUES:
        raise UsageError("只有等待复核、等待第二人的问题可以成批处理;请从“复核”页打开")
    return queue


def _address(queue: Queue, **told: str) -> str:
    asked = {name: value for name, value in {**told, "of": str(queue)}.items() if value}
    return f"/review/bulk?{urlencode(asked)}" if asked else "/review/bulk"


def _group(queue: Queue, key: tuple[str, str], cases: Sequence[Case]) -> Group:
    finding = cases[0].finding
    return Group(
        address=_address(queue, code=key[0], cause=key[1]),
        code=key[0],
        message=finding.message,
        told=cause_of(finding).told,
        count=len(cases),
    )


def _bulk(
    request: Request,
    by: Reviewer,
    queue: Queue,
    code: str,
    cause: str,
    *,
    chosen: Collection[str] = (),
    choice: str = "",
    why: str = "",
    error: str = "",
) -> BulkPage:
    looked = look_through(by, queue, code, cause, MOST)
    times = _times(by, [one.pair[0] for one in looked.cases])
    finding = looked.cases[0].finding if looked.cases else None
    return BulkPage(
        of=str(queue),
        code=code,
        cause=cause,
        message=finding.message if finding else "",
        told=cause_of(finding).told if finding else "",
        basis=finding.basis if finding else "",
        rows=tuple(_chance(one, queue, times.get(one.pair, 0), chosen) for one in looked.cases),
        most=MOST,
        full=looked.cut,
        mine=looked.mine,
        least=by.least,
        key=uuid.uuid4().hex,
        who=by.who,
        alone=signed_of(request).person.alone,
        choice=choice,
        why=why,
        error=error,
    )


def _times(by: Reviewer, account_ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
    return by.desk.ws.store.times_decided(by.check.name, account_ids)


def _chance(case: Case, queue: Queue, times: int, chosen: Collection[str]) -> Chance:
    verdict, finding, account = case.verdict, case.finding, case.verdict.account
    value = f"{times} {account.account_id}"
    latest = verdict.printed_date or (f"{verdict.latest_post:%Y-%m-%d}" if verdict.latest_post else "没有看到")
    return Chance(
        value=value,
        chosen=value in chosen,
        address=address_of(case.pair, queue),
        name=account.name,
        kind=account.kind,
        owner="、".join(part for part in (account.organisation, account.region) if part),
        sentence=finding.message,
        arithmetic=finding.arithmetic,
        dates=(f"检查日 {verdict.check_date:%Y-%m-%d}", f"最后更新 {latest}"),
        quotes=tuple(one.quote for one in finding.hits),
        agreed="、".join(case.behind.agreed) if case.behind else "",
    )


@router.post("/review/bulk", dependencies=[Depends(checked)])
def decided(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    key: Annotated[str, Form(min_length=8, max_length=64)],
    code: Annotated[str, Form(min_length=1, max_length=100)],
    cause: Annotated[str, Form(min_length=1, max_length=100)],
    of: Annotated[str, Form()] = "",
    choice: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=MOST_WHY)] = "",
    who: Annotated[str, Form()] = "",
    pick: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """All that were chosen, or none."""
    by, queue, told = _reviewer(request, desk, who), _queue(of), squeeze(why)
    picked, store = _picked(pick or ()), desk.ws.store
    if store.form_sent(key):
        return go_on(_address(queue), "这一批已经记过,没有再记一次")
    cases = {own: still(by, queue, own, code, cause) for own in picked}
    wrong = _wrong(by, choice, told, [one for one in cases.values() if one], len(picked))
    if not wrong:
        with store.transaction():
            store.hold_sweep(by.check.name)
            wrong = _changed(by, code, picked, cases)
            if not wrong and not store.form_sent(key):
                store.mark_sent(key, desk.clock())
                for own in picked:
                    store.add_decision(by.check.name, _decision(by, own, code, choice == "confirm", told))
    if wrong:
        again = _reviewer(request, desk, who)
        bulk = _bulk(request, again, queue, code, cause, chosen=pick or (), choice=choice, why=told, error=wrong)
        return page(request, "review_bulk.html", "成批复核", bulk, status=422)
    more = ";进入最终名单还要另一个人确认" if choice == "confirm" and queue is Queue.WAITING and by.least > 1 else ""
    answer = go_on(_address(queue), f"已{'确认' if choice == 'confirm' else '驳回'} {len(picked)} 条{more}")
    remember(answer, by.who)
    return answer


def _picked(told: Sequence[str]) -> dict[str, int]:
    """Account id → how often its finding had been decided. Raises UsageError for values that no page of ours has."""
    found = {}
    for one in told:
        times, _, own = one.partition(" ")
        if not (times.isascii() and times.isdecimal() and len(times) < 10 and own):
            raise UsageError("勾选的内容不完整,一条也没有记;请回到成批复核页刷新后再选")
        found[own] = int(times)
    if len(found) > MOST:
        raise UsageError(f"一次最多处理 {MOST} 条,一条也没有记;请分几次勾选")
    return found


def _wrong(by: Reviewer, choice: str, why: str, cases: Sequence[Case], picked: int) -> str:
    """Why a form cannot be taken; empty = it can."""
    if not picked:
        return "还没有勾选;请勾选要一起处理的账号"
    if choice not in ("confirm", "dismiss"):
        return "请先选择全部确认或全部驳回"
    if not why:
        return "请写明理由,它会记在勾选的每一条上,例如:逐个打开看过,菜单里都没有互动入口"
    if by.least > 1 and not by.who:
        return "请填复核人:两人复核要记下是谁"
    mine = [one for one in cases if own_already(by, one)] if choice == "confirm" else []
    return f"一条也没有记:{_names(mine)}——{twice(by, len(mine))}" if mine else ""


def _changed(by: Reviewer, code: str, picked: Mapping[str, int], cases: Mapping[str, Case | None]) -> str:
    """Which of them are not as the page showed them. Inside the transaction that would decide them."""
    times = _times(by, list(picked))
    other = [own for own in picked if cases[own] is None or times.get((own, code), 0) != picked[own]]
    if not other:
        return ""
    accounts = by.desk.ws.store.accounts_of(other)
    named = "、".join(accounts[own].name if own in accounts else own for own in other)
    return f"有 {len(other)} 条刚被别处处理过,或结论变了,所以一条也没有记:{named}。下面是现在的情况,请看过再提交"


def _names(cases: Sequence[Case]) -> str:
    return "、".join(one.verdict.account.name for one in cases)


def _decision(by: Reviewer, account_id: str, code: str, confirmed: bool, why: str) -> Decision:
    return Decision(account_id=account_id, code=code, confirmed=confirmed, who=by.who, why=why, at=by.desk.clock())
