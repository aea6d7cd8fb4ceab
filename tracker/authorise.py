"""Owners' authorisations (授权): the letter, how far each owner has come, and whom to ask first."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from tracker.adapter import Adapter
from tracker.clock import start_of
from tracker.credentials import Kind, places
from tracker.errors import UsageError
from tracker.model import Account, Route
from tracker.reports.authorisation import AuthorisationContext, Call, Owned, build
from tracker.reports.letter import Office
from tracker.reports.templates import find_template, write_docx, write_html
from tracker.store import Authorisation, Step
from tracker.workspace import Workspace

TERM = timedelta(days=365)
"""How long a letter is meant to hold."""
_CALLS = Path(__file__).parent / "data" / "owner_calls.toml"
_LOOKED_BACK = timedelta(weeks=12)
_BY_PERSON = (Route.MANUAL, Route.LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far one owner's account has come; `last` None = 未发."""

    account: Account
    last: Authorisation | None
    granted: bool
    """Whether a credential of it is stored here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What asking one organisation would save."""

    organisation: str
    accounts: tuple[Account, ...]
    """Those that have no grant yet."""
    looks: int
    """How often a person looked at them, by hand or by a pasted link, in the weeks looked back."""
    per_week: float
    asked: str
    """The furthest step of its accounts so far."""


def owned(ws: Workspace, adapters: Mapping[str, Adapter]) -> tuple[Account, ...]:
    """The accounts whose platform lets an owner authorise us."""
    fitting = {name for name, adapter in adapters.items() if any(need.auth == Kind.OWNER.auth for need in adapter.needs)}
    return tuple(one for one in ws.store.accounts() if one.platform in fitting)


def calls_of(adapter: Adapter) -> tuple[Call, ...]:
    """The interfaces that are called of an owner, addresses from the adapter itself, the token's first."""
    told = _told().get(adapter.platform)
    if told is None:
        raise UsageError(f"平台 {adapter.platform} 没有账号所有者可以授权的接口")
    token = Call(address=told.token, use="换取接口凭证，不影响本单位自己的系统")
    return (token, *(Call(address=_address(adapter.pages[page]), use=use) for page, use in told.calls.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interface:
    token: str
    calls: Mapping[str, str]


@cache
def _told() -> Mapping[str, _Interface]:
    told = tomllib.loads(_CALLS.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, _Interface]).validate_python(told)


def _address(pattern: str) -> str:
    """The address that a page's regular expression stands for."""
    return pattern.removeprefix("^").replace("\\", "")


def letters(
    ws: Workspace, accounts: Sequence[Account], adapters: Mapping[str, Adapter], *, office: Office, on: date
) -> tuple[AuthorisationContext, ...]:
    """One letter per organisation and platform. Raises UsageError for an account that nobody can authorise."""
    groups: dict[tuple[str, str], list[Account]] = {}
    for one in accounts:
        groups.setdefault((one.organisation or one.name, one.platform), []).append(one)
    return tuple(
        _letter(office, ws.templates, name, held, adapters.get(platform), on) for (name, platform), held in groups.items()
    )


def _letter(
    office: Office, templates: Path, organisation: str, accounts: Sequence[Account], adapter: Adapter | None, on: date
) -> AuthorisationContext:
    if adapter is None:
        raise UsageError(f"账号 {accounts[0].name} 的平台 {accounts[0].platform} 没有读取程序,不能授权;请用人工检查表")
    rows = [
        Owned(seq=seq, kind=one.filed_kind or one.kind or adapter.title, name=one.name, number=one.filed_id)
        for seq, one in enumerate(accounts, 1)
    ]
    place = places().get(adapter.platform)
    return build(
        office=office,
        organisation=organisation,
        accounts=rows,
        calls=calls_of(adapter),
        revoke=place.revoke if place else "在平台的账号安全设置里收回",
        on=on,
        until=on + TERM,
        templates=templates,
    )


def write_letters(contexts: Iterable[AuthorisationContext], to: Path, templates: Path) -> tuple[Path, ...]:
    """Word and HTML of each letter, named after its title. Raises UsageError when a file or a template cannot be used."""
    made: list[Path] = []
    to.mkdir(parents=True, exist_ok=True)
    for one in contexts:
        for suffix in ("docx", "html"):
            path = to / f"{_legal(one.title)}.{suffix}"
            _write(one, path, templates)
            made.append(path)
    return tuple(made)


def _write(context: AuthorisationContext, path: Path, templates: Path) -> None:
    template = find_template(f"{context.form}{path.suffix}", templates)
    partial = path.with_name(f"{path.name}.partial")
    try:
        if path.suffix == ".docx":
            write_docx(context, template, partial)
        else:
            write_html(context, template, partial, templates)
        partial.replace(path)
    except PermissionError as error:
        raise UsageError(f"写不进“{path}”:它可能正被 Word、WPS 打开,请关闭后重试,或用 --to 另选文件夹") from error
    finally:
        partial.unlink(missing_ok=True)


_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))


def _legal(title: str) -> str:
    return title.translate(_FORBIDDEN).strip(" .")[:80]


def standings(ws: Workspace, adapters: Mapping[str, Adapter], granted: Collection[str]) -> tuple[Standing, ...]:
    """Every account that could be authorised; `granted` are ids of accounts whose grants are stored."""
    last = {one.account_id: one for one in ws.store.authorisations()}
    found = owned(ws, adapters)
    return tuple(Standing(account=one, last=last.get(one.account_id), granted=one.account_id in granted) for one in found)


def mark(ws: Workspace, account: Account, step: Step, *, who: str, at: datetime, note: str = "") -> Authorisation:
    """Append a step."""
    told = Authorisation(account_id=account.account_id, step=step, who=who, at=at, note=note)
    ws.store.add_authorisation(told)
    return told


def advise(ws: Workspace, adapters: Mapping[str, Adapter], granted: Collection[str], *, on: date) -> tuple[Advice, ...]:
    """Whom to ask first: the organisations whose accounts without a grant took most of people's looks in the last 12 weeks."""
    since = start_of(on - _LOOKED_BACK)
    visits = [one for one in ws.store.visits_since(since) if one.route in _BY_PERSON and one.account_id]
    looks = Counter(one.account_id for one in visits)
    first = min((one.at for one in visits), default=since)
    weeks = max(1.0, (start_of(on + timedelta(days=1)) - max(first, since)) / timedelta(weeks=1))
    last = {one.account_id: one.step for one in ws.store.authorisations()}
    groups: dict[str, list[Account]] = {}
    for one in owned(ws, adapters):
        if one.account_id not in granted and last.get(one.account_id) is not Step.REFUSED:
            groups.setdefault(one.organisation or one.name, []).append(one)
    found = [_advice(name, held, looks, weeks, last) for name, held in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.looks, -len(one.accounts), one.accounts[0].position)))


def _advice(name: str, held: Sequence[Account], looks: Mapping[str, int], weeks: float, last: Mapping[str, Step]) -> Advice:
    total = sum(looks.get(one.account_id, 0) for one in held)
    steps = [last[one.account_id] for one in held if one.account_id in last]
    asked = max(steps, key=list(Step).index, default=None)
    return Advice(
        organisation=name,
        accounts=tuple(held),
        looks=total,
        per_week=round(total / weeks, 1),
        asked=str(asked) if asked else "未发",
    )
