"""系统 → 用户: who may come in, as what, for whose accounts."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.login import door_of
from tracker.console.render import after, page
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.people import TITLES, Role
from tracker.signin import add, change
from tracker.store import Purpose, User
from tracker.text import squeeze

router = APIRouter()

Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """One user in the list."""

    user: User
    role: str
    """In Chinese."""
    scope: str
    """Whose accounts they see, in Chinese."""
    state: str
    """In Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage:
    """What templates/console/users.html shows."""

    many: bool
    """Whether there are users at all; else one person works alone."""
    rows: tuple[UserRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """What templates/console/user.html shows: a user to change, or a new one."""

    number: int
    """0 = new."""
    login: str
    name: str
    role: str
    roles: tuple[tuple[str, str], ...]
    """Roles and what they are called."""
    region: str
    regions: tuple[str, ...]
    """Of the registry."""
    organisations: str
    """One per line, as filed."""
    disabled: bool
    link: str
    """A one-time link that was just made: shown this once."""
    problem: str
    """Why it was not kept, in Chinese."""


@router.get("/system/users")
def users(request: Request, desk: OnDesk) -> HTMLResponse:
    """All users."""
    rows = tuple(_row(one) for one in desk.ws.store.users())
    return page(request, "users.html", "用户", UsersPage(many=desk.door is not None, rows=rows))


def _row(user: User) -> UserRow:
    names = sorted(user.organisations)
    more = f"等 {len(names)} 个单位" if len(names) > 3 else ""
    scope = user.region or "、".join(names[:3]) + more or "全部"
    state = "已停用" if user.disabled else "正常" if user.password or user.subject else "还没有设密码"
    return UserRow(user=user, role=TITLES[user.role], scope=scope, state=state)


@router.get("/system/users/new")
def blank(request: Request, desk: OnDesk) -> HTMLResponse:
    """The form for a new user."""
    door_of(desk)
    return _page(request, desk, User(login="", name="", role=Role.UNIT, at=desk.clock()))


@router.post("/system/users/new", dependencies=[Depends(checked)])
def invite(
    request: Request,
    desk: OnDesk,
    login: Typed = "",
    name: Typed = "",
    role: Typed = "",
    region: Typed = "",
    organisations: Typed = "",
) -> HTMLResponse:
    """A new user and the link by which they set their password."""
    door = door_of(desk)
    told = User(login=login, name=name, role=_role(role), region=region, organisations=_lines(organisations), at=desk.clock())
    try:
        kept = add(desk.ws.store, told)
    except UsageError as error:
        return _page(request, desk, told, problem=str(error))
    request.state.targets = [f"login={kept.login} role={kept.role}"]
    return _page(request, desk, kept, link=_link(request, desk, door.link(Purpose.INVITE, kept.id)))


@router.get("/system/users/{number}")
def one(request: Request, desk: OnDesk, number: int) -> HTMLResponse:
    """A user to change."""
    return _page(request, desk, _user(desk, number))


@router.post("/system/users/{number}", dependencies=[Depends(checked)])
def keep(
    request: Request,
    desk: OnDesk,
    number: int,
    name: Typed = "",
    role: Typed = "",
    region: Typed = "",
    organisations: Typed = "",
    disabled: Annotated[bool, Form()] = False,
) -> Response:
    """Another name, role, scope, or state; who has another role, scope or is disabled must sign in again."""
    before = _user(desk, number)
    names = _lines(organisations)
    told = replace(before, name=name, role=_role(role), region=region, organisations=names, disabled=disabled)
    try:
        kept = change(desk.ws.store, told)
    except UsageError as error:
        return _page(request, desk, told, problem=str(error))
    request.state.targets = [f"login={kept.login} role={kept.role} disabled={kept.disabled}"]
    return after("/system/users", f"{kept.name}已保存")


@router.post("/system/users/{number}/link", dependencies=[Depends(checked)])
def link(request: Request, desk: OnDesk, number: int) -> HTMLResponse:
    """A link for another password. Whoever holds the old one is out, and the lock of too many tries is open."""
    door, user = door_of(desk), _user(desk, number)
    if user.disabled:
        raise UsageError(f"{user.name}已停用;请先去掉“停用”再给链接")
    request.state.targets = [f"login={user.login}"]
    return _page(request, desk, user, link=_link(request, desk, door.reset(user)))


def _user(desk: Desk, number: int) -> User:
    found = desk.ws.store.user(user_id=number)
    if found is None:
        raise HTTPException(404, "没有这个用户")
    return found


def _role(told: str) -> Role:
    if told not in set(Role):
        raise UsageError("没有这个角色;请在四个角色里选一个")
    return Role(told)


def _lines(told: str) -> frozenset[str]:
    return frozenset(filter(None, map(squeeze, told.splitlines())))


def _link(request: Request, desk: Desk, word: str) -> str:
    scheme = "https" if desk.ws.settings.server.https else request.url.scheme
    return f"{scheme}://{request.url.netloc}/invite?t={quote(word)}"


def _page(request: Request, desk: Desk, user: User, *, link: str = "", problem: str = "") -> HTMLResponse:
    context = UserPage(
        number=user.id,
        login=user.login,
        name=user.name,
        role=str(user.role),
        roles=tuple((str(role), TITLES[role]) for role in Role),
        region=user.region,
        regions=tuple(sorted({one.region for one in desk.ws.store.accounts()} - {""})),
        organisations="\n".join(sorted(user.organisations)),
        disabled=user.disabled,
        link=link,
        problem=problem,
    )
    title = f"用户:{user.name}" if user.id else "邀请用户"
    return page(request, "user.html", title, context, status=400 if problem else 200)
