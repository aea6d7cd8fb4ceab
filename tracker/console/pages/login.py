"""登录, 退出: by the one-time link where one person works alone, else by name and password or the office's own sign-on."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from tracker.console.desk import COOKIE, Desk, OnDesk
from tracker.console.render import page
from tracker.console.signing import OnPerson, address_of, checked, cookie_name, from_here, maybe_signed
from tracker.signin import Came, Door, Refused

open_router = APIRouter()
"""What strangers may ask for."""
router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """What templates/console/login.html shows."""

    next: str
    """Where to go afterwards: an address of ours."""
    login: str
    """What was typed before, after a refusal."""
    problem: str
    """Why nobody was let in, in Chinese; empty = not tried yet."""
    sign_on: str
    """What the button of the office's own sign-on says; empty = there is none."""


@open_router.get("/login")
def login(request: Request, desk: OnDesk, t: str = "", next: str = "") -> Response:
    """The form; where one person works alone, the one-time link itself, which works once."""
    if desk.door is None:
        return _by_link(request, desk, t)
    if maybe_signed(request):
        return RedirectResponse(ours(next), status_code=303)
    return _form(request, desk, next=next)


def _by_link(request: Request, desk: Desk, word: str) -> Response:
    cookie = desk.session.sign_in(word)
    if cookie is not None:
        answer: Response = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return answer
    if desk.session.holds(request.cookies.get(COOKIE)):
        return RedirectResponse("/", status_code=303)
    desk.wrong_link()
    return PlainTextResponse("这个链接已经用过或不对;命令行窗口里已给出新的链接", status_code=401)


def _form(request: Request, desk: Desk, *, next: str, login: str = "", problem: str = "") -> HTMLResponse:
    context = LoginPage(next=ours(next), login=login, problem=problem, sign_on=desk.sign_on.title if desk.sign_on else "")
    return page(request, "login.html", "登录", context, status=401 if problem else 200)


@open_router.post("/login", dependencies=[Depends(from_here)])
def enter(
    request: Request,
    desk: OnDesk,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Name and password. A session that was there before ends: the new one has a cookie of its own."""
    door = door_of(desk)
    try:
        came = door.sign_in(login, password, address=address_of(request), agent=request.headers.get("user-agent", ""))
    except Refused as refused:
        return _form(request, desk, next=next, login=login[:60], problem=str(refused))
    _end_earlier(request, door)
    answer = RedirectResponse(ours(next), status_code=303)
    give_cookie(desk, answer, came)
    return answer


@router.post("/logout", dependencies=[Depends(checked)])
def leave(request: Request, desk: OnDesk, signed: OnPerson) -> Response:
    """End this session; alone, the way back is the command line's next link."""
    if desk.door and signed.came:
        desk.door.sign_out(signed.came, address=address_of(request))
    else:
        desk.session.cookies.discard(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(cookie_name(desk), path="/", secure=desk.ws.settings.server.https, httponly=True, samesite="strict")
    return answer


def _end_earlier(request: Request, door: Door) -> None:
    signed = maybe_signed(request)
    if signed and signed.came:
        door.sign_out(signed.came, address=address_of(request))


def give_cookie(desk: Desk, answer: Response, came: Came) -> None:
    """The session's cookie: not for scripts, not for other sites, with https alone where there is https."""
    secure = desk.ws.settings.server.https
    answer.set_cookie(cookie_name(desk), came.cookie, httponly=True, samesite="strict", path="/", secure=secure)


def door_of(desk: Desk) -> Door:
    """The door where there are many people. Raises Refused where one works alone."""
    if desk.door is None:
        raise Refused("本机只有一人使用,没有用户和密码;要多人使用,请在 tracker.toml 的 [server] 里写 many = true 并重新启动")
    return desk.door


def ours(address: str) -> str:
    """An address to go to if it is one of ours; else the first page: nobody is sent to another site from here."""
    # a browser reads \ as / and drops tabs and line ends
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return quote(address, safe="/?&=%:+,;@!*~'()#") if plain else "/"
