"""系统 → 凭据: what is held, how fit it is; trying it, destroying it, adding an owner's grant. No page ever shows a secret."""

import asyncio
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.access import control_of, secret_of, self_test, try_out, vault_of
from tracker.adapter import Adapter
from tracker.capture import reads_well
from tracker.clock import day
from tracker.console.background import Background, State
from tracker.console.desk import Desk, OnDesk
from tracker.console.lists import platform_titles
from tracker.console.pages.schedule import in_earnest
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, checked
from tracker.credentials import FIELDS, Credential, Kind, ends, from_fields, minute, places
from tracker.errors import UsageError
from tracker.model import Account, Visit
from tracker.store import Authorisation, Step
from tracker.workspace import Workspace

router = APIRouter()
GRANTS = (Kind.DELEGATE, Kind.OWNER, Kind.COMPONENT)
"""What a page can take; the mildest first. A login is a window's matter."""
LAST_CHOICE = (
    "AppSecret 不只能读数据,也能群发和发表,交给别人等于交出账号:能用第三方平台授权就不要用它。"
    "本程序只用它读菜单、自动回复设置和发表日期,加密保存在本机,从不发布内容"
)
OPEN_LINE = "现在的连接没有加密,凭据在路上会被人看到,所以网页上不能添加。请在本机打开网页,或给服务器配好 https,或用命令行添加"
Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One credential without its secret; times as `2026-11-06 09:30`, empty = never or not told."""

    about: Credential
    kind: str
    platform: str
    whose: str
    """Account whose owner gave it."""
    added: str
    age: int
    """Days since it was added."""
    fit: str
    """When it last read well."""
    used: str
    ends: str
    state: str
    look: str
    warning: str
    """What a person should do; empty = nothing."""
    again: str
    """The command that renews it, where no page can; empty = a page can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsPage:
    """What templates/console/credentials.html shows."""

    lines: tuple[Line, ...]
    broken: tuple[str, ...]
    """Names of files that are no credential any more."""
    logins: tuple[tuple[str, str], ...]
    """Platforms that can be logged in to, and the command that opens the window."""
    grants: bool
    """Whether any platform takes an owner's grant."""
    state: State | None
    """Of a credential that is being tried, or was tried last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """What templates/console/credential_new.html shows; what was typed is there again, but for secrets."""

    private: bool
    open_line: str
    """Why nothing can be added here."""
    kinds: tuple[tuple[str, str], ...]
    kind: str
    fields: tuple[tuple[str, str], ...]
    """Of the kind: name and what it is called."""
    platforms: tuple[tuple[str, str], ...]
    platform: str
    owner: str
    owned: bool
    """Whether the kind belongs to an account."""
    name: str
    label: str
    warning: str
    """What has to be known first; empty = nothing."""
    problem: str


@router.get("/system/credentials")
def credentials(request: Request, desk: OnDesk) -> HTMLResponse:
    """All credentials."""
    ws, vault, titles = desk.ws, vault_of(desk.ws), platform_titles(desk.adapters)
    held = vault.all()
    accounts = ws.store.accounts_of(one.account_id for one in held if one.account_id)
    logins = ((titles[name], f"tracker credentials login {name}") for name in _sessions(desk.adapters))
    context = CredentialsPage(
        lines=tuple(_line(desk, one, titles, accounts) for one in held),
        broken=tuple(path.name for path in vault.broken()),
        logins=tuple(logins),
        grants=bool(_granting(desk.adapters)),
        state=desk.jobs.kinds["credential"].state,
    )
    return page(request, "credentials.html", "凭据", context)


def _line(desk: Desk, one: Credential, titles: Mapping[str, str], accounts: Mapping[str, Account]) -> Line:
    at = desk.clock()
    warning, unfit = one.warning(at), one.unfit(at)
    state = "不能用" if unfit else "要留意" if warning else "可用" if one.last_fit else "还没有试过"
    whose = accounts.get(one.account_id)
    named = f' --name "{one.name}"' if one.name != one.platform else ""
    return Line(
        about=one,
        kind=one.kind.words,
        platform=titles.get(one.platform, one.platform),
        whose=whose.name if whose else one.account_id,
        added=minute(one.added_at),
        age=(day(at) - day(one.added_at)).days,
        fit=minute(one.last_fit) if one.last_fit else "",
        used=minute(one.last_used) if one.last_used else "",
        ends=minute(one.expires_at) if one.expires_at else "",
        state=state,
        look="bad" if unfit else "wait" if warning else "good" if one.last_fit else "soft",
        warning=warning,
        again=f"tracker credentials login {one.platform}{named} --again" if one.kind is Kind.SESSION else "",
    )


@router.post("/system/credentials/test", dependencies=[Depends(checked)])
def try_one(request: Request, desk: OnDesk, signed: OnPerson, name: Typed = "") -> RedirectResponse:
    """Read the control account, or the owner's own menu, once with a credential, behind the page."""
    request.state.targets = [f"credential={name[:80]}"]
    in_earnest(desk)
    ws, vault, at = desk.ws, vault_of(desk.ws), desk.clock()
    one = vault.get(name)
    adapter = desk.adapters[one.platform]
    visit, secret = _visit(ws, one, adapter, desk), secret_of(vault, one, at)

    async def look() -> tuple[bool, str]:
        async with desk.net(ws, lambda lane: secret) as net:
            said = await try_out(vault, one, adapter, visit, net)
        return reads_well(visit, said), said.detail or str(said.outcome)

    def work(background: Background) -> str:
        fit, why = asyncio.run(look())
        if not fit:
            raise UsageError(f"{one.name} 没有读好:{why}")
        _works(ws, one, signed.person.name, desk)
        return f"{one.name} 读取正常"

    if not desk.jobs.kinds["credential"].start(f"试一次 {name}", work):
        raise UsageError("另一份凭据正在试;请等它做完")
    return after("/system/credentials")


def _works(ws: Workspace, one: Credential, who: str, desk: Desk) -> None:
    steps = [step.step for step in ws.store.authorisations(one.account_id)] if one.account_id else [Step.WORKS]
    if steps[-1:] != [Step.WORKS]:
        ws.store.add_authorisation(Authorisation(account_id=one.account_id, step=Step.WORKS, who=who, at=desk.clock()))


def _visit(ws: Workspace, one: Credential, adapter: Adapter, desk: Desk) -> Visit:
    today = day(desk.clock())
    if one.kind is Kind.COMPONENT:
        raise UsageError(f"{one.name} 是第三方平台自己的凭据,要通过授权给它的账号来试;请试那份授权")
    return self_test(adapter, ws.account(one.account_id), today) if one.account_id else control_of(adapter, ws.settings, today)


@router.post("/system/credentials/remove", dependencies=[Depends(checked)])
def remove(request: Request, desk: OnDesk, name: Typed = "", sure: Annotated[bool, Form()] = False) -> RedirectResponse:
    """Destroy a credential: overwritten, then deleted."""
    request.state.targets = [f"credential={name[:80]}"]
    if not sure:
        raise UsageError(f"没有销毁:销毁后不能恢复,请先勾选“确实要销毁”。凭据 {name[:80]} 还在")
    gone = vault_of(desk.ws).remove(name)
    place = places().get(gone.platform) if gone else None
    where = place.revoke if place else "平台的账号安全设置"
    return after("/system/credentials", f"本机保存的凭据 {name} 已销毁。平台一侧仍然有效,请到那里收回:{where}")


@router.get("/system/credentials/new")
def blank(request: Request, desk: OnDesk, kind: str = "") -> HTMLResponse:
    """The form for an owner's grant."""
    chosen = next((one for one in GRANTS if one == kind), GRANTS[0])
    return _form(request, desk, chosen, "", {}, "")


async def _whole(request: Request) -> Mapping[str, str]:
    """Every field of the form: which there are goes by the kind."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/system/credentials/new", dependencies=[Depends(checked)])
def add(request: Request, desk: OnDesk, signed: OnPerson, form: Annotated[Mapping[str, str], Depends(_whole)]) -> Response:
    """Keep an owner's grant, sealed; only over a line on which nobody can listen."""
    chosen = next((one for one in GRANTS if one == form.get("kind")), None)
    if chosen is None:
        raise UsageError("没有这种凭据;请从“凭据”页重新打开")
    in_earnest(desk)
    if not private(request, desk):
        raise UsageError(OPEN_LINE)
    platform = form.get("platform", "")
    try:
        kept = _keep(desk, chosen, platform, form, signed.person.name)
    except UsageError as error:
        return _form(request, desk, chosen, platform, form, str(error))
    request.state.targets = [f"credential={kept.name}"]
    return after("/system/credentials", f"已加密保存凭据 {kept.name}({chosen.words});请试一次")


def _keep(desk: Desk, kind: Kind, platform: str, form: Mapping[str, str], who: str) -> Credential:
    ws, at = desk.ws, desk.clock()
    if platform not in _granting(desk.adapters):
        raise UsageError("请选一个平台")
    account = _owner(ws, form.get("owner", ""), platform) if kind is not Kind.COMPONENT else None
    if kind is Kind.OWNER and not form.get("known"):
        raise UsageError("添加 AppSecret 要先看过上面的提醒并勾选")
    secret = from_fields(kind, {name: form.get(f"secret-{name}", "") for name in FIELDS[kind]})
    about = Credential(
        name=form.get("name", "").strip() or (account.account_id if account else f"{platform}-{kind}"),
        kind=kind,
        platform=platform,
        account_id=account.account_id if account else "",
        label=form.get("label", "").strip(),
        added_at=at,
        who=who,
        expires_at=ends(kind, secret, frozenset(), at),
    )
    return vault_of(ws).add(about, secret, again=bool(form.get("again")))


def _owner(ws: Workspace, told: str, platform: str) -> Account:
    if not told.strip():
        raise UsageError("请填是哪个账号给的授权:编号或“平台:名称”,台账里可以查到")
    account = ws.account(told.strip())
    if account.platform != platform:
        raise UsageError(f"账号 {told} 的平台是 {account.platform},不是 {platform};请改正其中一个")
    return account


def private(request: Request, desk: Desk) -> bool:
    """Whether nobody between the browser and here can read along: https, or a browser on this machine with no proxy between."""
    if request.url.scheme == "https" or (desk.door is not None and desk.ws.settings.server.https):
        return True
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return not forwarded and _loopback(request.client.host if request.client else "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sessions(adapters: Mapping[str, Adapter]) -> Iterator[str]:
    """Platforms where a person can log in."""
    for name, one in adapters.items():
        place = places().get(name)
        if place and place.open and any(need.auth == Kind.SESSION.auth for need in one.needs):
            yield name


def _granting(adapters: Mapping[str, Adapter]) -> tuple[str, ...]:
    """Platforms whose owners can authorise us."""
    return tuple(name for name, one in adapters.items() if any(need.auth == Kind.OWNER.auth for need in one.needs))


def _form(request: Request, desk: Desk, kind: Kind, platform: str, form: Mapping[str, str], problem: str) -> HTMLResponse:
    titles = platform_titles(desk.adapters)
    context = NewPage(
        private=private(request, desk),
        open_line=OPEN_LINE,
        kinds=tuple((str(one), one.words) for one in GRANTS),
        kind=str(kind),
        fields=tuple(FIELDS[kind].items()),
        platforms=tuple((name, titles[name]) for name in _granting(desk.adapters)),
        platform=platform,
        owner=form.get("owner", "")[:80],
        owned=kind is not Kind.COMPONENT,
        name=form.get("name", "")[:80],
        label=form.get("label", "")[:80],
        warning=LAST_CHOICE if kind is Kind.OWNER else "",
        problem=problem,
    )
    return page(request, "credential_new.html", f"添加{kind.words}", context, status=400 if problem else 200)
