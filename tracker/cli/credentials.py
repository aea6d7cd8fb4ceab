"""credentials: add, login, list, test, remove, key."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.access import control_of, log_in_and_keep, secret_of, self_test, try_out, vault_of
from tracker.adapter import Adapter
from tracker.capture import Desk, Desktop, reads_well
from tracker.cli.app import App
from tracker.cli.common import existing, json_line, say, table, workspace
from tracker.cli.periods import Json, Who
from tracker.clock import day, now
from tracker.credentials import FIELDS, VARIABLE, Credential, Hidden, Kind, ends, fresh, from_fields, from_file, minute, places
from tracker.errors import UsageError, reason
from tracker.model import Account, Visit
from tracker.store import Authorisation, Step
from tracker.workspace import Workspace

SURE = "我知道"
LAST_CHOICE = (
    "AppSecret 不只能读数据,也能群发和发表,交给别人等于交出账号:能用第三方平台授权就不要用它。"
    "本程序只用它读菜单、自动回复设置和发表日期,加密保存在本机,从不发布内容"
)
ADVICE = "请用办公室的账号登录,不要用个人账号:登录态属于单位,换人时能交接"

Platform = Annotated[str, typer.Argument(help="平台:" + "、".join(BY_PLATFORM))]
Label = Annotated[str, typer.Option(help="谁的账号,例如 办公室账号")]
Named = Annotated[str, typer.Option("--name", help="凭据的名称;默认平台名,授权默认用账号编号")]
Again = Annotated[bool, typer.Option("--again", help="换掉已有的同名凭据")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("凭据:登录态和账号所有者的授权,加密保存在本机。")
    for name, command in (("add", add), ("login", login), ("list", list_all), ("test", test), ("remove", remove), ("key", key)):
        group.command(name)(command)
    app.add_typer(group, name="credentials")


def key() -> None:
    """生成一把新钥匙(用于没有系统密钥库的电脑)。"""
    print(fresh())
    print(f"把上面一行设为环境变量 {VARIABLE},并另外妥善保管一份;钥匙丢了,已保存的凭据就打不开,只能重新添加", file=sys.stderr)


def add(
    context: typer.Context,
    platform: Platform,
    owner: Annotated[str | None, typer.Option("--owner", help="哪个账号给的授权:编号或“平台:名称”")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="owner、delegate、component 或 session;默认由其他选项得出")] = None,
    file: Annotated[str | None, typer.Option("--file", help="内容写在一个 JSON 文件里;- 表示标准输入;不写就逐项询问")] = None,
    name: Named = "",
    label: Label = "",
    who: Who = "",
    again: Again = False,
    i_know: Annotated[bool, typer.Option("--i-know", help="已经知道 AppSecret 也能发布内容")] = False,
) -> None:
    """添加一份凭据:AppID 和 AppSecret、第三方平台的授权,或登录态文件。"""
    chosen = _kind(kind, owner, _adapter(platform))
    with workspace(context) as ws:
        account = _owner(ws, owner, platform, chosen)
        named = name or (account.account_id if account else platform if chosen is Kind.SESSION else f"{platform}-{chosen}")
        vault, at = vault_of(ws), now()
        vault.ready(named, again=again)
        if chosen is Kind.OWNER and not i_know:
            _confirm()
        secret = _ask(chosen) if file is None else from_file(chosen, _read(file), "标准输入" if file == "-" else file)
        place = places().get(platform)
        about = Credential(
            name=named,
            kind=chosen,
            platform=platform,
            account_id=account.account_id if account else "",
            label=label,
            added_at=at,
            who=who or ws.settings.inspector,
            expires_at=ends(chosen, secret, place.cookies if place else frozenset(), at),
        )
        vault.add(about, secret, again=again)
    say(f"已加密保存凭据 {named}({chosen.words});先试一次:tracker credentials test {named}")
    if file not in (None, "-"):
        say(f"文件 {file} 里还是明文,请删除它")


def login(
    context: typer.Context,
    platform: Platform,
    name: Named = "",
    label: Label = "办公室账号",
    who: Who = "",
    again: Again = False,
) -> None:
    """打开一个浏览器窗口,由本人扫码或输入密码登录;读得到对照账号后窗口自动关闭,登录态加密保存。"""
    adapter = _adapter(platform)
    with workspace(context) as ws:
        at = now()
        control = control_of(adapter, ws.settings, day(at))
        about = Credential(
            name=name or platform,
            kind=Kind.SESSION,
            platform=platform,
            label=label,
            added_at=at,
            who=who or ws.settings.inspector,
        )
        say(f"{ADVICE}。窗口打开后请在5分钟内登录{adapter.title};验证码由本人完成,程序不代填")
        kept = asyncio.run(log_in_and_keep(vault_of(ws), about, adapter, control, Desktop(), again=again))
    until = f",到期时间{minute(kept.expires_at)}" if kept.expires_at else ""
    say(f"已登录并加密保存为 {kept.name}{until}")


def list_all(context: typer.Context, as_json: Json = False) -> None:
    """全部凭据:谁的、上次读好的时间、到期时间;不显示内容。"""
    with workspace(context) as ws:
        vault = vault_of(ws)
        held, broken = vault.all(), vault.broken()
        names = {one.account_id: one.name for one in ws.store.accounts()}
    if as_json:
        for one in held:
            json_line(_as_json(one, names))
        return
    for path in broken:
        say(f"凭据文件 {path.name} 已损坏,请删除它并重新添加")
    if not held:
        say("还没有凭据;登录:tracker credentials login 平台,账号所有者的授权:tracker credentials add 平台 --owner 账号")
        return
    heads = ("名称", "种类", "平台", "账号", "谁的", "添加", "上次读好", "到期", "说明")
    table("凭据", heads, [_row(one, names) for one in held])


def _row(one: Credential, names: Mapping[str, str]) -> tuple[str, ...]:
    fit = minute(one.last_fit) if one.last_fit else "还没有"
    ends_at = minute(one.expires_at) if one.expires_at else "没有说明"
    added = f"{minute(one.added_at)} {one.who}"
    whose = names.get(one.account_id, one.account_id)
    return one.name, one.kind.words, one.platform, whose, one.label, added, fit, ends_at, one.warning(now())


def _as_json(one: Credential, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": str(one.kind),
        "platform": one.platform,
        "account_id": one.account_id or None,
        "account": names.get(one.account_id),
        "label": one.label,
        "added_at": one.added_at.isoformat(),
        "who": one.who,
        "expires_at": one.expires_at.isoformat() if one.expires_at else None,
        "last_fit": one.last_fit.isoformat() if one.last_fit else None,
        "last_outcome": str(one.last_outcome) if one.last_outcome else None,
        "usable": not one.unfit(now()),
        "warning": one.warning(now()) or None,
    }


def test(context: typer.Context, name: Annotated[str, typer.Argument(help="凭据的名称")]) -> None:
    """用一份凭据读一次对照账号(授权则读该账号自己的菜单);没有读好时退出码为 1。"""
    with workspace(context) as ws:
        vault = vault_of(ws)
        one = vault.get(name)
        adapter = _adapter(one.platform)
        visit = _visit(ws, one, adapter)
        secret = secret_of(vault, one, now())

        async def look() -> bool:
            async with Desk(lambda lane: secret) as desk:
                said = await try_out(vault, one, adapter, visit, desk)
            say("读取正常" if reads_well(visit, said) else f"没有读好:{said.detail or said.outcome}")
            return reads_well(visit, said)

        fit = asyncio.run(look())
        if fit and one.account_id and [step.step for step in ws.store.authorisations(one.account_id)][-1:] != [Step.WORKS]:
            told = Authorisation(account_id=one.account_id, step=Step.WORKS, who=ws.settings.inspector, at=now())
            ws.store.add_authorisation(told)
    if not fit:
        raise typer.Exit(1)


def _visit(ws: Workspace, one: Credential, adapter: Adapter) -> Visit:
    today = day(now())
    if one.kind is Kind.COMPONENT:
        raise UsageError(f"{one.name} 是第三方平台自己的凭据,要通过授权给它的账号来试:tracker credentials test 那份授权的名称")
    return self_test(adapter, ws.account(one.account_id), today) if one.account_id else control_of(adapter, ws.settings, today)


def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="凭据的名称")]) -> None:
    """销毁本机保存的一份凭据(先覆盖再删除)。"""
    with workspace(context) as ws:
        gone = vault_of(ws).remove(name)
    place = places().get(gone.platform) if gone else None
    say(f"本机保存的凭据 {name} 已销毁")
    say(f"平台一侧仍然有效,请到那里收回:{place.revoke if place else '平台的账号安全设置'}")


def _adapter(platform: str) -> Adapter:
    if platform not in BY_PLATFORM:
        raise UsageError(f"没有平台 {platform} 的读取程序;可用的:{'、'.join(BY_PLATFORM)}")
    return BY_PLATFORM[platform]


def _kind(told: str | None, owner: str | None, adapter: Adapter) -> Kind:
    words = {need.auth for need in adapter.needs}
    fitting = [kind for kind in Kind if (kind.auth or Kind.OWNER.auth) in words]
    if not fitting:
        raise UsageError(f"平台 {adapter.platform} 不需要凭据,按公开页面检查")
    if told is not None and told not in {str(kind) for kind in fitting}:
        raise UsageError(
            f"{adapter.platform} 没有“{told}”这种凭据;可用的:{'、'.join(f'{kind}({kind.words})' for kind in fitting)}"
        )
    if told is not None:
        return Kind(told)
    if owner is None and Kind.SESSION in fitting:
        return Kind.SESSION
    return next((kind for kind in fitting if kind is Kind.OWNER), fitting[0])


def _owner(ws: Workspace, told: str | None, platform: str, kind: Kind) -> Account | None:
    if kind in (Kind.SESSION, Kind.COMPONENT):
        if told is not None:
            raise UsageError(f"{kind.words}不属于某一个台账账号,请去掉 --owner")
        return None
    if told is None:
        raise UsageError(f"{kind.words}要写明是哪个账号给的:--owner 编号(或“平台:名称”),tracker accounts list 列出全部")
    account = ws.account(told)
    if account.platform != platform:
        raise UsageError(f"账号 {told} 的平台是 {account.platform},不是 {platform};请改正其中一个")
    return account


def _confirm() -> None:
    say(LAST_CHOICE)
    if not sys.stdin.isatty():
        raise UsageError("添加 AppSecret 要先确认上面的话;请加 --i-know")
    if typer.prompt(f"确认请输入“{SURE}”", default="", show_default=False).strip() != SURE:
        raise UsageError("没有确认,什么也没有保存")


def _ask(kind: Kind) -> Hidden:
    if kind is Kind.SESSION:
        raise UsageError("登录态不能手工输入;请运行 tracker credentials login 平台,或用 --file 指明一个登录态文件")
    if not sys.stdin.isatty():
        raise UsageError("这里不能逐项询问;请把内容写成 JSON,用 --file 文件,或用 --file - 从标准输入给")
    return from_fields(
        kind, {name: typer.prompt(f"{title}(输入时不显示)", hide_input=True) for name, title in FIELDS[kind].items()}
    )


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return existing(Path(file)).read_bytes()
    except OSError as error:
        raise UsageError(f"打不开 {file}({reason(error)});请检查路径和权限") from error
