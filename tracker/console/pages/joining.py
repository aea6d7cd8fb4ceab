"""The one-time links: the first administrator, a new user's password, another password."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.login import door_of, give_cookie
from tracker.console.render import page
from tracker.console.signing import address_of, from_here
from tracker.errors import UsageError
from tracker.signin import SHORTEST, Refused, first_of
from tracker.store import User

open_router = APIRouter()

Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """What templates/console/join.html shows."""

    action: str
    """Where the form goes: /first or /invite."""
    word: str
    """Of the link; goes back with the form."""
    first: bool
    """Whether login and name are asked for: nobody is there yet."""
    login: str
    name: str
    shortest: int
    """Characters of a password."""
    problem: str
    """Why it was not kept, in Chinese; empty = not tried yet."""


@open_router.get("/first")
def first(request: Request, desk: OnDesk, t: str = "") -> HTMLResponse:
    """The form for the first administrator."""
    door_of(desk).linked(t, first=True)
    return _form(request, word=t, first=True)


@open_router.post("/first", dependencies=[Depends(from_here)])
def make_first(
    request: Request, desk: OnDesk, t: Typed = "", login: Typed = "", name: Typed = "", password: Typed = "", again: Typed = ""
) -> Response:
    """The first administrator, who is signed in at once."""
    door = door_of(desk)
    door.linked(t, first=True)
    try:
        user = first_of(login, name, desk.clock())
        return _joined(request, desk, t, user, password, again)
    except Refused:
        raise
    except UsageError as error:
        return _form(request, word=t, first=True, login=login, name=name, problem=str(error))


@open_router.get("/invite")
def invited(request: Request, desk: OnDesk, t: str = "") -> HTMLResponse:
    """The form for a password."""
    user = _of(desk, t)
    return _form(request, word=t, first=False, login=user.login, name=user.name)


@open_router.post("/invite", dependencies=[Depends(from_here)])
def join(request: Request, desk: OnDesk, t: Typed = "", password: Typed = "", again: Typed = "") -> Response:
    """The password; its owner is signed in at once."""
    user = _of(desk, t)
    try:
        return _joined(request, desk, t, user, password, again)
    except Refused:
        raise
    except UsageError as error:
        return _form(request, word=t, first=False, login=user.login, name=user.name, problem=str(error))


def _of(desk: Desk, word: str) -> User:
    user = door_of(desk).linked(word, first=False)
    if user is None or user.disabled:
        raise Refused("这个账户已停用;请找管理员")
    return user


def _joined(request: Request, desk: Desk, word: str, user: User, password: str, again: str) -> Response:
    if password != again:
        raise UsageError("两次输入的密码不一样,请再输一次")
    door = door_of(desk)
    done = door.use_link(word, user, password)
    agent = request.headers.get("user-agent", "")
    how = "first administrator" if not user.id else "password by link"
    answer = RedirectResponse("/", status_code=303)
    give_cookie(desk, answer, door.let_in(done, address=address_of(request), agent=agent, how=how))
    return answer


def _form(request: Request, *, word: str, first: bool, login: str = "", name: str = "", problem: str = "") -> HTMLResponse:
    context = JoinPage(
        action="/first" if first else "/invite",
        word=word,
        first=first,
        login=login[:60],
        name=name[:60],
        shortest=SHORTEST,
        problem=problem,
    )
    title = "设置第一个管理员" if first else "设置密码"
    return page(request, "join.html", title, context, status=400 if problem else 200)
