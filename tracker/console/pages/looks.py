"""待人工: one account a screen, one field, keys; saved looks are visits of the check that is going on."""

import uuid
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tracker import drafts, pictures
from tracker.clock import day
from tracker.console.checks import check_or_new, current_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.look_views import Clash, ListPage, LookPage, clash_of, list_of, look_of
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, checked, signed_of
from tracker.console.tasks import Queue, queue
from tracker.errors import UsageError
from tracker.model import Account
from tracker.people import Right
from tracker.registry.looks import ASPECTS
from tracker.store import AccountAsk
from tracker.text import clip, squeeze

router = APIRouter()

WHO = "tracker-who"
"""Cookie: who works at this browser."""

MOST_TOLD = 2000
"""Characters of one field that are taken."""


def who_of(request: Request, desk: Desk, told: str = "") -> str:
    """Who is working: the person signed in; where nobody signs in, as told, as this browser said last, else the inspector."""
    person = signed_of(request).person
    if not person.alone:
        return person.name
    return clip(squeeze(told), 40) or unquote(request.cookies.get(WHO, "")) or desk.ws.settings.inspector


def remember(answer: Response, who: str) -> None:
    """Let the browser tell next time who is working."""
    answer.set_cookie(WHO, quote(who), httponly=True, samesite="strict", path="/")


def _form(
    request: Request,
    desk: OnDesk,
    key: Annotated[str, Form(min_length=8, max_length=64)],
    seq: Annotated[int, Form(ge=0)] = 0,
    seen_visit: Annotated[str, Form()] = "",
    seen_draft: Annotated[str, Form()] = "",
    who: Annotated[str, Form()] = "",
    told: Annotated[str, Form(max_length=MOST_TOLD)] = "",
    a0: Annotated[str, Form()] = "",
    a1: Annotated[str, Form()] = "",
    a2: Annotated[str, Form()] = "",
    a3: Annotated[str, Form()] = "",
    a4: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=MOST_TOLD)] = "",
) -> drafts.Form:
    """The page as it was sent; a0 … a4 are the answers in the order of the aspects."""
    given = {aspect: answer for aspect, answer in zip(ASPECTS, (a0, a1, a2, a3, a4), strict=True) if answer}
    return drafts.Form(
        key=key,
        seq=seq,
        seen_visit=seen_visit,
        seen_draft=seen_draft,
        who=who_of(request, desk, who),
        told=told,
        answers=given,
        note=note,
    )


OnForm = Annotated[drafts.Form, Depends(_form)]


@router.get("/looks")
def listed(request: Request, desk: OnDesk, signed: OnPerson, at: int = 1) -> HTMLResponse:
    """The work list: how many wait, how long they take, and where to begin; `at` = which page of it."""
    store, scope = desk.ws.store, signed.person.scope
    loose = len(store.pictures("")) if scope.everything else 0
    there = bool(store.count_accounts(AccountAsk(), scope))
    context: ListPage = list_of(_queue(request, desk), loose, there, at, office=signed.person.may(Right.COLLECT))
    return page(request, "looks.html", "待人工", context)


def _queue(request: Request, desk: Desk) -> Queue:
    """The work list of whoever is signed in."""
    at = desk.clock()
    return queue(desk, current_head(desk.ws, at), at, signed_of(request).person.scope)


@router.get("/looks/next")
def first(request: Request, desk: OnDesk) -> RedirectResponse:
    """On to the first account that waits."""
    return _on_to(_queue(request, desk).following(""), "")


def _on_to(account_id: str, notice: str) -> RedirectResponse:
    if not account_id:
        return after("/looks", notice or "没有等着人工看的账号了")
    return after(f"/looks/{quote(account_id)}", notice)


@router.get("/looks/{account_id}")
def one(request: Request, desk: OnDesk, account_id: str) -> HTMLResponse:
    """One account."""
    return _shown(request, desk, _account(desk, account_id))


def _account(desk: Desk, account_id: str) -> Account:
    account = desk.ws.store.account(account_id)
    if account is None:
        raise UsageError("台账里没有这个账号,可能已经删除或改过编号;请回到待人工列表")
    return account


def _shown(
    request: Request, desk: Desk, account: Account, *, form: drafts.Form | None = None, error: str = "", status: int = 200
) -> HTMLResponse:
    """The page of an account: from its draft, or as it was just sent (with what is wrong with it)."""
    found, everything = _queue(request, desk), signed_of(request).person.scope.everything
    context: LookPage = look_of(
        found.item(account),
        found,
        form=form,
        key=form.key if form else uuid.uuid4().hex,
        who=who_of(request, desk, form.who if form else ""),
        pictures=desk.ws.store.pictures(None if everything else account.account_id),
        sorts=everything,
        error=error,
    )
    return page(request, "look.html", "待人工", context, status=status)


@router.post("/looks/{account_id}", dependencies=[Depends(checked)])
def save(
    request: Request,
    desk: OnDesk,
    account_id: str,
    form: OnForm,
    then: Annotated[str, Form()] = "",
    picture: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Save the look and go on to the next account."""
    account, at = _account(desk, account_id), desk.clock()
    sweep = check_or_new(desk.ws, at)
    error = _take_in(desk, account, picture or (), form.who)
    if error:
        drafts.keep(desk.ws, sweep, account, form, at=at)
        return _shown(request, desk, account, form=form, error=error, status=422)
    done = drafts.save(desk.ws, sweep, account, form, desk.adapters, at=at)
    match done:
        case drafts.Stale():
            return _clash(request, desk, account, form, done, then)
        case drafts.Refused(why=why):
            drafts.keep(desk.ws, sweep, account, form, at=at)
            return _shown(request, desk, account, form=form, error=why, status=422)
        case drafts.Saved():
            return _went_on(request, desk, account, form, done, then)


def _take_in(desk: Desk, account: Account, sent: Sequence[UploadFile], who: str) -> str:
    """Files that came with the form go beside the account first; returns what is wrong with them."""
    try:
        for file in sent:
            if file.filename:
                told = {"account_id": account.account_id, "who": who, "at": desk.clock()}
                pictures.take_in(desk.ws, file.file, file.filename, **told)  # type: ignore[arg-type]  # one bag of three types
    except UsageError as error:
        return str(error)
    return ""


def _went_on(
    request: Request, desk: Desk, account: Account, form: drafts.Form, done: drafts.Saved, then: str
) -> RedirectResponse:
    found = _queue(request, desk)
    told = "已经保存过,没有再存一次" if done.again else "已记录" if done.visit else "链接已收下,待打开"
    answer: RedirectResponse = _on_to(then if found.waits(then) else found.following(""), f"{account.name}:{told}")
    remember(answer, form.who)
    return answer


def _clash(request: Request, desk: Desk, account: Account, form: drafts.Form, stale: drafts.Stale, then: str) -> HTMLResponse:
    saved = stale.visit
    row = desk.ws.evidence.read(saved.file, sha256=saved.sha256)[1][0] if saved else None
    context: Clash = clash_of(account, form, stale, row, then)
    return page(request, "looks_clash.html", "两处同时填了这个账号", context, status=409)


@router.post("/looks/{account_id}/draft", dependencies=[Depends(checked)])
def put_aside(request: Request, desk: OnDesk, account_id: str, form: OnForm, then: Annotated[str, Form()] = "") -> Response:
    """Keep the half-filled form; a script is answered in JSON, the 暂存 button with the page."""
    account, at = _account(desk, account_id), desk.clock()
    stale = drafts.keep(desk.ws, check_or_new(desk.ws, at), account, form, at=at)
    if request.headers.get("accept") == "application/json":
        told = "另一处也在填这个账号;保存时会让您选择" if stale else ""
        return JSONResponse({"told": told}, status_code=409 if stale else 200)
    if stale:
        return _clash(request, desk, account, form, stale, then)
    return after(f"/looks/{quote(account_id)}", "已暂存,可以关掉页面,以后接着填")


@router.post("/looks/{account_id}/discard", dependencies=[Depends(checked)])
def discard(desk: OnDesk, account_id: str) -> Response:
    """Forget what was half filled."""
    account, at = _account(desk, account_id), desk.clock()
    sweep = current_head(desk.ws, at)
    if sweep is not None:
        desk.ws.store.drop_draft(sweep.name, account.account_id)
    return after(f"/looks/{quote(account_id)}", f"已清空,重新填写({day(at):%m-%d})")
