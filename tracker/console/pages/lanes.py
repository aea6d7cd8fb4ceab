"""系统 → 通道: platforms whose judging is paused (改版), and how far the owners' authorisations have come."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker import drift
from tracker.access import vault_of
from tracker.console.desk import Desk, OnDesk
from tracker.console.lists import platform_titles
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, checked
from tracker.credentials import Kind, minute
from tracker.store import Authorisation, Freeze, Step

router = APIRouter()
_MOST = 300
"""Owners that one page names, those with the newest steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """One platform of one sweep whose judging is paused."""

    freeze: Freeze
    title: str
    at: str
    link: str
    """Address of one drifted visit; empty = there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One account whose owner was asked for an authorisation."""

    account_id: str
    name: str
    organisation: str
    platform: str
    step: str
    at: str
    who: str
    note: str
    granted: bool
    """Whether a credential of it is stored here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanesPage:
    """What templates/console/lanes.html shows."""

    frozen: tuple[Frozen, ...]
    name: str
    """Who is written down as the one who decided."""
    owners: tuple[Owner, ...]
    """The newest first."""
    steps: tuple[tuple[str, int], ...]
    """The last step and how many owners have come so far."""
    platforms: tuple[tuple[str, int], ...]
    """Platforms whose owners can authorise us, and how many accounts each has in the registry."""


@router.get("/system/lanes")
def lanes(request: Request, desk: OnDesk, signed: OnPerson) -> HTMLResponse:
    """What is paused, and who has authorised us."""
    ws, titles = desk.ws, platform_titles(desk.adapters)
    last = {one.account_id: one for one in ws.store.authorisations()}
    fitting = [name for name, one in desk.adapters.items() if any(need.auth == Kind.OWNER.auth for need in one.needs)]
    counted = Counter[str]()
    for tally in ws.store.account_tally():
        counted[tally.platform] += tally.accounts
    context = LanesPage(
        frozen=tuple(_frozen(one, titles) for one in drift.frozen(ws)),
        name=signed.person.name,
        owners=tuple(_owners(desk, last, titles)),
        steps=tuple(Counter(str(one.step) for one in last.values()).most_common()),
        platforms=tuple((titles[name], counted[name]) for name in fitting),
    )
    return page(request, "lanes.html", "通道和授权", context)


@router.post("/system/lanes/thaw", dependencies=[Depends(checked)])
def thaw(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    platform: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    who: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """A person who has looked lets a platform be judged again."""
    request.state.targets = [f"platform={platform[:40]}"]
    person = signed.person
    named = (who.strip() or person.name) if person.alone else person.name
    if not why.strip():
        return after("/system/lanes", "没有解除:请写明核对了什么")
    lifted = drift.thaw(desk.ws, platform, why=why.strip(), who=named, at=desk.clock())
    sweeps = "、".join(one.sweep for one in lifted)
    title = platform_titles(desk.adapters).get(platform, platform)
    return after("/system/lanes", f"{title}已恢复判定(批次 {sweeps});打开“结果”或“名单”时会重新判定")


def _frozen(one: Freeze, titles: Mapping[str, str]) -> Frozen:
    link = f"/evidence/{one.samples[0]}" if one.samples else ""
    return Frozen(freeze=one, title=titles.get(one.platform, one.platform), at=minute(one.at), link=link)


def _owners(desk: Desk, last: Mapping[str, Authorisation], titles: Mapping[str, str]) -> Iterator[Owner]:
    granted = {one.account_id for one in vault_of(desk.ws).all()}
    newest = sorted(last.values(), key=lambda one: one.at, reverse=True)[:_MOST]
    accounts = desk.ws.store.accounts_of(one.account_id for one in newest)
    for one in newest:
        account = accounts.get(one.account_id)
        yield Owner(
            account_id=one.account_id,
            name=account.name if account else one.account_id,
            organisation=account.organisation if account else "已不在台账里",
            platform=titles.get(account.platform, account.platform) if account else "",
            step=str(one.step),
            at=minute(one.at),
            who=one.who,
            note=one.note,
            granted=one.account_id in granted and one.step is not Step.REVOKED,
        )
