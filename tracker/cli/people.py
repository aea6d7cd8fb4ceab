"""users: list, invite, disable, enable, reset: for offices that are locked out, or begin."""

from dataclasses import replace
from typing import Annotated

import typer

from tracker import audit
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.periods import Json
from tracker.clock import now
from tracker.errors import UsageError
from tracker.people import TITLES, Role, local
from tracker.signin import Door, add, change, login_of
from tracker.store import Purpose, User
from tracker.workspace import Workspace

Login = Annotated[str, typer.Argument(help="登录名")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("多人使用时的用户;平时在网页的“系统”里管理。")
    group.command("list")(list_all)
    group.command("invite")(invite)
    group.command("disable")(disable)
    group.command("enable")(enable)
    group.command("reset")(reset)
    app.add_typer(group, name="users")


def list_all(context: typer.Context, as_json: Json = False) -> None:
    """全部用户。"""
    with workspace(context) as ws:
        users = ws.store.users()
    if as_json:
        for one in users:
            json_line(_as_json(one))
        return
    heads = ("登录名", "姓名", "角色", "县区", "单位", "状态")
    table("用户", heads, [_row(one) for one in users])


def _row(one: User) -> tuple[str, ...]:
    state = "已停用" if one.disabled else "正常" if one.password or one.subject else "还没有设密码"
    return one.login, one.name, TITLES[one.role], one.region, "、".join(sorted(one.organisations)), state


def _as_json(one: User) -> dict[str, object]:
    return {
        "login": one.login,
        "name": one.name,
        "role": str(one.role),
        "region": one.region or None,
        "organisations": sorted(one.organisations),
        "disabled": one.disabled,
        "password": bool(one.password),
    }


def invite(
    context: typer.Context,
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名")],
    role: Annotated[str, typer.Option("--role", help="admin、city、county 或 unit")],
    region: Annotated[str, typer.Option("--region", help="县区(角色是 county 时)")] = "",
    organisation: Annotated[list[str] | None, typer.Option("--organisation", help="单位(角色是 unit 时),可写几次")] = None,
) -> None:
    """添加一个用户,给出由本人设置密码的链接。"""
    if role not in set(Role):
        raise UsageError(f"没有角色“{role}”;可用的:" + "、".join(f"{one}({TITLES[one]})" for one in Role))
    with workspace(context) as ws:
        organisations = frozenset(organisation or ())
        told = User(login=login, name=name, role=Role(role), region=region, organisations=organisations, at=now())
        kept = add(ws.store, told)
        _note(ws, "cli users invite", kept)
        _tell(ws, kept, _door(ws).link(Purpose.INVITE, kept.id))


def disable(context: typer.Context, login: Login) -> None:
    """停用一个用户:马上退出,不能再登录;做过的记录都保留。"""
    with workspace(context) as ws:
        kept = change(ws.store, replace(_user(ws, login), disabled=True))
        _note(ws, "cli users disable", kept)
    say(f"{kept.name}已停用")


def enable(context: typer.Context, login: Login) -> None:
    """让停用的用户可以再登录。"""
    with workspace(context) as ws:
        kept = change(ws.store, replace(_user(ws, login), disabled=False))
        _note(ws, "cli users enable", kept)
    say(f"{kept.name}可以登录了")


def reset(context: typer.Context, login: Login) -> None:
    """忘了密码或被锁住:给出重新设置密码的链接;现在的登录和令牌马上作废。"""
    with workspace(context) as ws:
        user = _user(ws, login)
        if user.disabled:
            raise UsageError(f"{user.name}已停用;请先运行 tracker users enable {user.login}")
        _note(ws, "cli users reset", user)
        _tell(ws, user, _door(ws).reset(user))


def _user(ws: Workspace, login: str) -> User:
    found = ws.store.user(login=login_of(login))
    if found is None:
        known = "、".join(one.login for one in ws.store.users()[:20]) or "还没有用户"
        raise UsageError(f"没有登录名为 {login} 的用户;现有:{known}")
    return found


def _door(ws: Workspace) -> Door:
    return Door(ws.store, ws.settings.server, clock=now)


def _note(ws: Workspace, action: str, user: User) -> None:
    audit.record(ws.store, now(), local(ws.settings.inspector), action, "done", targets=f"login={user.login} role={user.role}")


def _tell(ws: Workspace, user: User, word: str) -> None:
    server = ws.settings.server
    base = f"{'https' if server.https else 'http'}://{server.hosts[0] if server.hosts else '127.0.0.1:8000'}"
    say(f"请用可靠的方式把链接交给{user.name}本人(只能用一次;主机名和端口以浏览器里打开本页的为准):{base}/invite?t={word}")
