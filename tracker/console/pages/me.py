"""我的账户: password, signed-in browsers, API tokens of whoever is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.login import door_of
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, Signed, address_of, checked
from tracker.errors import UsageError
from tracker.people import TITLES, WORDS, Person, Right
from tracker.signin import SHORTEST, Came
from tracker.store import SessionHeld, Token

router = APIRouter()
_NOT_FOR_TOKENS = frozenset({Right.SELF, Right.START, Right.SAMPLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as it is listed."""

    token: Token
    words: tuple[str, ...]
    """Its rights."""
    state: str
    """In Chinese."""
    good: bool
    """Whether it still opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MePage:
    """What templates/console/me.html shows."""

    person: Person
    role: str
    """In Chinese."""
    alone: bool
    """Whether one person works alone: then there is nothing to set."""
    here: str
    """Digest of the session that asks."""
    sessions: tuple[SessionHeld, ...]
    tokens: tuple[TokenRow, ...]
    choices: tuple[tuple[str, str], ...]
    """Rights that a token may have, and their words."""
    fresh: str
    """The word of a token that was just made: shown this once."""
    shortest: int
    """Characters of a password."""
    problem: str
    """Why something was not done, in Chinese."""


@router.get("/me")
def me(request: Request, desk: OnDesk, signed: OnPerson) -> HTMLResponse:
    """One's own account."""
    return _page(request, desk, signed)


@router.post("/me/password", dependencies=[Depends(checked)])
def password(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password; every other browser and all tokens are out."""
    try:
        if new != again:
            raise UsageError("两次输入的新密码不一样,没有改")
        door_of(desk).change_password(_came(signed), old, new, address=address_of(request))
    except UsageError as error:
        return _page(request, desk, signed, problem=str(error))
    return after("/me", "密码已改;其他浏览器已退出,令牌已作废")


@router.post("/me/sessions", dependencies=[Depends(checked)])
def end_sessions(desk: OnDesk, signed: OnPerson, only: Annotated[str, Form()] = "") -> RedirectResponse:
    """Sign out one other browser, or all others."""
    door, came = door_of(desk), _came(signed)
    number = door.store.end_sessions(came.user.id, but=_here(desk, signed), only=[only] if only else None)
    return after("/me", f"已让 {number} 个浏览器退出")


@router.post("/me/tokens", dependencies=[Depends(checked)])
def new_token(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    name: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = 90,
    rights: Annotated[tuple[str, ...], Form()] = (),
) -> HTMLResponse:
    """A token, shown once."""
    allowed = signed.person.rights - _NOT_FOR_TOKENS
    try:
        chosen = frozenset(one for one in allowed if one in rights)
        word = door_of(desk).new_token(_came(signed).user, name, chosen, days)
    except UsageError as error:
        return _page(request, desk, signed, problem=str(error))
    return _page(request, desk, signed, fresh=word)


@router.post("/me/tokens/{number}", dependencies=[Depends(checked)])
def revoke(desk: OnDesk, signed: OnPerson, number: int) -> RedirectResponse:
    """Void a token of one's own."""
    if not door_of(desk).store.revoke_tokens(_came(signed).user.id, [number]):
        raise HTTPException(404, "没有这个令牌,或它已作废")
    return after("/me", "令牌已作废")


def _came(signed: Signed) -> Came:
    if signed.came is None:
        raise UsageError("本机只有一人使用,没有密码和令牌")
    return signed.came


def _here(desk: Desk, signed: Signed) -> str:
    held = desk.door.store.session(signed.came.cookie) if desk.door and signed.came else None
    return held[0].digest if held else ""


def _page(request: Request, desk: Desk, signed: Signed, *, fresh: str = "", problem: str = "") -> HTMLResponse:
    store, user = desk.ws.store, signed.came.user if signed.came else None
    person = signed.person
    context = MePage(
        person=person,
        role=TITLES[person.role],
        alone=user is None,
        here=_here(desk, signed),
        sessions=store.sessions(user.id) if user else (),
        tokens=tuple(_row(one, desk.clock()) for one in store.tokens(user.id)) if user else (),
        choices=tuple((str(one), WORDS[one]) for one in Right if one in person.rights - _NOT_FOR_TOKENS),
        fresh=fresh,
        shortest=SHORTEST,
        problem=problem,
    )
    return page(request, "me.html", "我的账户", context, status=400 if problem else 200)


def _row(token: Token, now: datetime) -> TokenRow:
    state = "已作废" if token.revoked else "已过期" if token.expires <= now else "有效"
    words = tuple(WORDS[one] for one in Right if one in token.rights)
    return TokenRow(token=token, words=words, state=state, good=state == "有效")
