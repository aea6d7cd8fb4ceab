"""我的账号: what was sent or printed of a unit's own accounts, and its answers. Nothing that waits for review, nobody else's."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from tracker import attached, consult
from tracker.clock import day
from tracker.console.desk import Desk, OnDesk
from tracker.console.letters import PICTURE_HEADERS, proof
from tracker.console.own_views import OwnCheck, OwnLine, done_part, findings_of, line_of, shots_of
from tracker.console.pages.looks import who_of
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, checked
from tracker.consult import Known, as_told
from tracker.errors import UsageError
from tracker.explain import proofs_of
from tracker.model import Account
from tracker.people import Person, Right
from tracker.store import RectificationReport, SweepHead
from tracker.store.listing import AccountAsk
from tracker.store.paging import Turn
from tracker.workspace import Workspace

router = APIRouter()

_CHECKS = 6
"""Checks shown on an account's page, the newest first."""
_RECENT = 2
"""Checks whose findings the list counts."""
_MOST_OWN = 500
"""Accounts of one unit of which all are listed by name."""
_PAGE = 100
_HTTP = ("https://", "http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """`own.html`: accounts with findings first, then the others; `total` = accounts with findings."""

    lines: tuple[OwnLine, ...]
    total: int
    others: tuple[OwnLine, ...]
    earlier: str
    later: str
    """Addresses of the pages before and after; empty where there is none."""
    visiting: bool
    """Whether this is an office that looks at what units see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccountPage:
    """`own_account.html`: one account, check by check; `token` makes a form that is sent twice count once."""

    account: Account
    checks: tuple[OwnCheck, ...]
    token: str
    today: str
    most_files: int
    may_answer: bool
    may_rectify: bool
    error: str = ""
    words: str = ""
    """What was written into the report of rectification, where its form comes back."""


@router.get("/own")
def listed(request: Request, desk: OnDesk, signed: OnPerson, start: int = 0) -> HTMLResponse:
    """The accounts of the person's unit or region with what is open on them."""
    ws, today, person = desk.ws, day(desk.clock()), signed.person
    told: dict[str, list[Known]] = {}
    for check in consult.told_checks(ws)[:_RECENT]:
        for one in consult.known(ws, check).values():
            told.setdefault(one.account_id, []).append(one)
    own = _own(ws, person) if person.scope.organisations is not None else {}
    lines = [line_of(account, told[whom], today) for whom, account in _seen(ws, person, own, told).items()]
    lines.sort(key=lambda one: -one.open)
    others = tuple(line_of(account, (), today) for whom, account in own.items() if whom not in told)
    context = OwnPage(
        lines=tuple(lines[start : start + _PAGE]),
        total=len(lines),
        others=others,
        earlier=f"/own?start={max(0, start - _PAGE)}" if start > 0 else "",
        later=f"/own?start={start + _PAGE}" if start + _PAGE < len(lines) else "",
        visiting=person.scope.everything,
    )
    return page(request, "own.html", "我的账号", context)


def _own(ws: Workspace, person: Person) -> dict[str, Account]:
    """The accounts of a unit, by id."""
    found = ws.store.list_accounts(AccountAsk(), Turn(size=_MOST_OWN), person.scope)
    return {one.account_id: one for one in found.rows}


def _seen(ws: Workspace, person: Person, own: Mapping[str, Account], told: Mapping[str, Sequence[Known]]) -> dict[str, Account]:
    """Of the accounts that anything was told of those that this person sees."""
    if person.scope.organisations is not None:
        return {whom: own[whom] for whom in told if whom in own}
    filed = {whom: ws.store.account(whom) for whom in told}
    return {whom: account for whom, account in filed.items() if account is not None and person.sees(account)}


@router.get("/own/{account_id}")
def one_account(request: Request, desk: OnDesk, signed: OnPerson, account_id: str) -> HTMLResponse:
    """One account: every finding that was told, with clause, dates, sums and evidence."""
    return _shown(request, desk, signed.person, account_id)


def _shown(
    request: Request,
    desk: Desk,
    person: Person,
    account_id: str,
    *,
    error: str = "",
    kept: Mapping[str, str] | None = None,
    words: str = "",
) -> HTMLResponse:
    account = _account(desk, account_id)
    context = OwnAccountPage(
        account=account,
        checks=tuple(_check(desk, sweep, told, kept or {}) for sweep, told in _told(desk.ws, account_id)),
        token=uuid.uuid4().hex,
        today=day(desk.clock()).isoformat(),
        most_files=attached.MOST_FILES,
        may_answer=person.may(Right.ANSWER),
        may_rectify=person.may(Right.RECTIFY),
        error=error,
        words=words,
    )
    return page(request, "own_account.html", account.name, context, status=422 if error else 200)


def _account(desk: Desk, account_id: str) -> Account:
    account = desk.ws.store.account(account_id)
    if account is None:
        raise HTTPException(404, "没有这个账号;请从“我的账号”页重新打开")
    return account


def _told(ws: Workspace, account_id: str) -> list[tuple[SweepHead, list[Known]]]:
    """The checks that told anything of an account, the newest first."""
    found = []
    for check in consult.told_checks(ws):
        own = [one for (whom, _), one in consult.known(ws, check).items() if whom == account_id]
        if own:
            found.append((check, own))
        if len(found) == _CHECKS:
            break
    return found


def _check(desk: Desk, sweep: SweepHead, told: Sequence[Known], kept: Mapping[str, str]) -> OwnCheck:
    ws, whom = desk.ws, told[0].account_id
    period = ws.store.period(sweep.period) if sweep.period else None
    reports = ws.store.rectification_reports(sweep.name, [whom])
    return OwnCheck(
        sweep=sweep.name,
        title=period.title if period else sweep.name,
        findings=findings_of(ws, sweep.name, whom, told, day(desk.clock()), kept),
        done=tuple(done_part(ws, one, f"/own/{quote(whom)}/done") for one in reports),
    )


def _one(desk: Desk, account_id: str, code: str, sweep: str) -> Known:
    """The finding, where the unit was told it. Raises 404 for everything else, open candidates included."""
    check = desk.ws.store.sweep_head(sweep) if sweep else None
    found = consult.known(desk.ws, check).get((account_id, code)) if check else None
    if found is None:
        raise HTTPException(404, "没有发给您这条问题;请从“我的账号”页重新打开")
    return found


@router.get("/own/{account_id}/shots/{code}/{place}")
def shot(desk: OnDesk, account_id: str, code: str, place: int, sweep: str = "") -> Response:
    """One picture behind a finding that was told, without what the phone wrote beside it."""
    told = as_told(desk.ws, _one(desk, account_id, code, sweep))
    shown = proofs_of(desk.ws, sweep, told[0], {code}).get(code, ()) if told else ()
    shots = shots_of(desk.ws, shown)
    if not 0 <= place < len(shots):
        raise HTTPException(404)
    return Response(shots[place][1], media_type=shots[place][0], headers=PICTURE_HEADERS)


@router.get("/own/{account_id}/proofs/{number}/{place}")
def proof_file(request: Request, desk: OnDesk, account_id: str, number: int, place: int, save: str = "") -> Response:
    """One file that was sent with an answer on this account."""
    found = desk.ws.store.objection(number)
    if found is None or found.account_id != account_id:
        raise HTTPException(404)
    return proof(request, desk.ws, found.attachments, place, save)


@router.get("/own/{account_id}/done/{number}/{place}")
def done_file(request: Request, desk: OnDesk, account_id: str, number: int, place: int, save: str = "") -> Response:
    """One file that was sent with a report of rectification on this account."""
    found = desk.ws.store.rectification_report(number)
    if found is None or found.account_id != account_id:
        raise HTTPException(404)
    return proof(request, desk.ws, found.attachments, place, save)


@router.post("/own/{account_id}/answer/{code}", dependencies=[Depends(checked)])
def answer(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    account_id: str,
    code: str,
    token: Annotated[str, Form(min_length=8, max_length=64)],
    sweep: Annotated[str, Form()] = "",
    opinion: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=4000)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """认可 or 异议 with reason and proof: kept like a line of a reply sheet, or not at all where a file is refused."""
    about = _one(desk, account_id, code, sweep)
    try:
        if opinion not in ("agrees", "objects"):
            raise UsageError("没有选意见;请选“认可”或“有异议”")
        fresh = consult.reply(
            desk.ws,
            about,
            objects=opinion == "objects",
            why=why,
            pieces=_pieces(files or ()),
            token=token,
            who=who_of(request, desk),
            at=desk.clock(),
        )
    except UsageError as error:
        return _shown(request, desk, signed.person, account_id, error=f"{code} 的反馈没有收下:{error}", kept={code: why})
    late = about.late(day(desk.clock()))
    told = "已经收到过,没有再存一次" if not fresh else "已收到,逾期,已注明" if late else "已收到"
    return after(f"/own/{quote(account_id)}", f"{code} 的反馈:{told}")


def _pieces(files: Sequence[UploadFile]) -> list[attached.Piece]:
    """The files of a form, all checked before any is kept. Raises UsageError."""
    told = [one for one in files if one.filename]
    if len(told) > attached.MOST_FILES:
        raise UsageError(f"一次最多附{attached.MOST_FILES}个文件,这次选了{len(told)}个;请合并成 PDF 或分次交")
    return [attached.take(one.file, one.filename or "") for one in told]


@router.post("/own/{account_id}/rectify", dependencies=[Depends(checked)])
def rectify(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    account_id: str,
    token: Annotated[str, Form(min_length=8, max_length=64)],
    sweep: Annotated[str, Form()] = "",
    code: Annotated[list[str] | None, Form()] = None,
    words: Annotated[str, Form(max_length=4000)] = "",
    done_on: Annotated[str, Form()] = "",
    url: Annotated[str, Form(max_length=2000)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """整改报告: what was done, when, with a link and pictures. It changes no verdict: the next look does."""
    told = [_one(desk, account_id, each, sweep) for each in dict.fromkeys(code or ())]
    try:
        if not told:
            raise UsageError("没有选是针对哪几条问题;请至少勾一条")
        if not words.strip():
            raise UsageError("没有写怎样整改的;请写明做了什么")
        pieces = _pieces(files or ())
        report = RectificationReport(
            token=token,
            sweep=sweep,
            account_id=account_id,
            codes=tuple(one.code for one in told),
            words=words.strip(),
            done_on=_done_on(done_on, day(desk.clock())),
            url=_link(url),
            attachments=attached.keep(desk.ws, pieces),
            organisation=told[0].organisation,
            who=who_of(request, desk),
            at=desk.clock(),
        )
    except UsageError as error:
        return _shown(request, desk, signed.person, account_id, error=f"整改情况没有收下:{error}", words=words)
    fresh = desk.ws.store.add_rectification_report(report)
    return after(f"/own/{quote(account_id)}", "整改情况已收到,复查后再定" if fresh else "整改情况已经收到过,没有再存一次")


def _done_on(told: str, today: date) -> date:
    try:
        found = date.fromisoformat(told)
    except ValueError as error:
        raise UsageError("没有写整改日期;请选一个日期") from error
    if found > today:
        raise UsageError(f"整改日期 {found} 在今天以后;请改正")
    return found


def _link(told: str) -> str:
    """A link that may be shown as one; it is only opened when a person of the office wants it."""
    link = told.strip()
    if link and not (link.startswith(_HTTP) and link.isprintable() and " " not in link):
        raise UsageError("链接要以 https:// 开头,中间没有空格;没有链接请留空")
    return link
