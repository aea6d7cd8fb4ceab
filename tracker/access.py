"""From stored credentials to the lanes of a sweep: what may be used, what must not, and how each use ended (DESIGN §9)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tracker.adapter import Adapter
from tracker.capture import Delegate, Desktop, Fetchers, Job, Lane, Owner, Secret, Session, Unable, log_in, look_at, reads_well
from tracker.clock import now
from tracker.credentials import FOLDER, Credential, Hidden, Keys, Kind, Vault, ends, only, places
from tracker.errors import UsageError
from tracker.evidence import lock
from tracker.model import HANDLING, Account, Handling, Observation, Outcome, Route, StoredVisit, Visit, Window
from tracker.recording import control_account
from tracker.settings import Settings
from tracker.sweep import Access
from tracker.workspace import Workspace

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a sweep may use, the secrets by what lanes call them, and what a person should know before."""

    access: Access
    held: Mapping[str, Secret] = field(repr=False)
    names: Mapping[str, str]
    """What a lane calls its credential (its name, or the account's id) → its name."""
    warnings: tuple[str, ...] = ()

    def secret(self, lane: Lane) -> Secret | None:
        """The secret of a lane; None for a guest."""
        return self.held.get(lane.credential)


def vault_of(ws: Workspace, keys: Keys | None = None) -> Vault:
    """The workspace's encrypted store."""
    return Vault(ws.root / FOLDER, alone=lock.alone, keys=keys)


def allowed(vault: Vault, at: datetime) -> Allowed:
    """The credentials that are fit, opened. One that is not, or that no key here opens, is a warning and is not used."""
    sessions: dict[tuple[str, str], str] = {}
    held: dict[str, Secret] = {}
    names: dict[str, str] = {}
    unfit: dict[str, str] = {}
    warnings = [f"凭据文件 {path.name} 已损坏,没有使用;请删除后重新添加" for path in vault.broken()]
    for one in sorted(vault.all(), key=_best_last):
        if warning := one.warning(at):
            warnings.append(f"{one.name}({one.kind.words}):{warning}")
        if one.kind is Kind.COMPONENT:
            continue
        why, secret = one.unfit(at), None
        if not why:
            try:
                secret = secret_of(vault, one, at)
            except UsageError as error:
                why = str(error)
                warnings.append(why)
        lane = one.account_id or one.name
        if secret is None:
            unfit.update({lane: why} if one.account_id else {})
            continue
        held[lane], names[lane] = secret, one.name
        if one.kind is Kind.SESSION:
            sessions[one.platform, one.kind.auth] = one.name
    grants = frozenset(lane for lane, secret in held.items() if not isinstance(secret, Session))
    unfit = {lane: why for lane, why in unfit.items() if lane not in grants}
    return Allowed(access=Access(sessions=sessions, grants=grants, unfit=unfit), held=held, names=names, warnings=tuple(warnings))


def _best_last(one: Credential) -> tuple[bool, datetime]:
    """Of two for the same lane the one that read well last is taken."""
    return one.last_fit is not None, one.last_fit or one.added_at


def secret_of(vault: Vault, one: Credential, at: datetime) -> Secret:
    """The secret as a lane takes it. Raises UsageError."""
    value = vault.secret(one.name).value
    if one.kind is Kind.SESSION:
        return Session(storage_state=value)
    if one.kind is Kind.OWNER:
        return Owner(appid=str(value["appid"]), secret=str(value["secret"]))
    component = next((own for own in vault.all() if own.kind is Kind.COMPONENT and own.platform == one.platform), None)
    if component is None:
        raise UsageError(f"凭据 {one.name} 是第三方平台授权,但没有第三方平台自己的凭据;请先用 --kind component 添加")
    if why := component.unfit(at):
        raise UsageError(f"凭据 {one.name} 用不了,{why}")
    own = vault.secret(component.name).value
    return Delegate(
        component=str(own["appid"]),
        component_secret=str(own["secret"]),
        ticket=str(own["ticket"]),
        appid=str(value["appid"]),
        refresh_token=str(value["refresh_token"]),
        renewed=_renewer(vault, one, value),
    )


def _renewer(vault: Vault, one: Credential, value: Mapping[str, object]) -> Callable[[str], None]:
    def renewed(token: str) -> None:
        vault.add(vault.get(one.name), Hidden({**value, "refresh_token": token}), again=True)

    return renewed


def control_of(adapter: Adapter, settings: Settings, today: date) -> Visit:
    """The visit that proves a login fit: the platform's control account. Raises UsageError where none is known."""
    told = settings.control.get(adapter.platform) or adapter.fitness.control
    account = control_account(adapter, told)
    needed = {need.route for need in adapter.needs if need.auth == Kind.SESSION.auth}
    route = next((route for route in (Route.BROWSER, Route.HTTP) if route in needed), None)
    if not told or not account.ids or route is None:
        raise UsageError(
            f"平台 {adapter.platform} 没有可用来核对登录态的对照账号;"
            f'请在 tracker.toml 的 [control] 写 {adapter.platform} = "账号的编号或网址"'
        )
    return Visit(account=account, route=route, window=Window(since=today - _WEEK, until=today), today=today)


def self_test(adapter: Adapter, account: Account, today: date) -> Visit:
    """The visit that proves an owner's grant."""
    return Visit(account=account, route=Route.API, window=Window(since=today - _WEEK, until=today), today=today)


async def try_out(vault: Vault, one: Credential, adapter: Adapter, visit: Visit, desk: Fetchers) -> Observation:
    """Read the control account, or the owner's own data, with a credential, and write down how it ended.

    `desk` hands out `secret_of` that credential. Nothing is kept but the outcome.
    """
    lane = Lane(platform=one.platform, credential=one.name)
    fetcher = desk(lane, adapter)
    try:
        said = await look_at(adapter, visit, fetcher)
    except Unable as error:
        raise UsageError(str(error)) from error
    finally:
        await fetcher.close()
    if reads_well(visit, said):
        vault.note(one.name, at=now(), outcome=Outcome.OK, fit=now())
    else:
        vault.note(one.name, at=now(), outcome=said.outcome, detail=said.detail)
    return said


async def log_in_and_keep(
    vault: Vault, about: Credential, adapter: Adapter, control: Visit, desktop: Desktop, *, again: bool
) -> Credential:
    """A person logs in; kept, sealed, once the control account reads well with it. Else UsageError, and nothing is kept."""
    place = places().get(adapter.platform)
    if place is None or not place.open:
        raise UsageError(f"平台 {adapter.platform} 不用登录;它的账号按公开页面、授权或粘贴的链接检查")
    vault.ready(about.name, again=again)
    state = await log_in(adapter, control, start=place.open, hosts=place.hosts, cookies=place.cookies, desktop=desktop)
    secret = only(Hidden(dict(state)), adapter.hosts)
    at = desktop.clock()
    told = replace(
        about, expires_at=ends(Kind.SESSION, secret, place.cookies, at), last_fit=at, last_outcome=Outcome.OK, last_used=at
    )
    return vault.add(told, secret, again=again)


def learn(
    vault: Vault, told: Allowed, jobs: Sequence[Job], visits: Iterable[StoredVisit], adapters: Mapping[str, Adapter]
) -> None:
    """After a sweep: write down, per credential that was used, when it last read well and what stopped it."""
    lanes = {job.visit.account.account_id: job.lane for job in jobs if job.visit.account and job.lane.credential in told.names}
    used: dict[str, list[StoredVisit]] = {}
    for visit in visits:
        lane = lanes.get(visit.account_id)
        needs = adapters[lane.platform].needs if lane else ()
        if lane and any(need.route is visit.route for need in needs):
            used.setdefault(told.names[lane.credential], []).append(visit)
    for name, held in used.items():
        _note(vault, name, sorted(held, key=lambda one: one.at))


def _note(vault: Vault, name: str, held: Sequence[StoredVisit]) -> None:
    well = [one.at for one in held if one.observation.outcome is Outcome.OK]
    walls = [one for one in held if HANDLING[one.observation.outcome] in (Handling.STOP, Handling.REST)]
    after = [one for one in walls if not well or one.at > well[-1]]
    if after:
        said = after[0].observation
        vault.note(name, at=held[-1].at, outcome=said.outcome, detail=said.detail, fit=well[-1] if well else None)
    elif well:
        vault.note(name, at=held[-1].at, outcome=Outcome.OK, fit=well[-1])
