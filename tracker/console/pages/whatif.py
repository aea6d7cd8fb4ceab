"""换口径试算: who would come out otherwise under another profile, and by which rule; nothing is changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.console import compared
from tracker.console.background import State
from tracker.console.checks import shown_head
from tracker.console.compared import Asked
from tracker.console.desk import Desk, OnDesk
from tracker.console.jobs import anew
from tracker.console.render import after, attachment, page
from tracker.console.rule_views import loadable
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.files import write_csv
from tracker.store import SweepHead
from tracker.whatif import Move, Outcome

router = APIRouter()
PAGE = 100
"""Accounts on one page."""
_SWEEPS = 60
"""Checks that can be chosen, the newest."""
_HEAD = ("编号", "平台", "类型", "七选一", "名称", "主办单位", "县区", "原来", "改后", "由哪条规则引起")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A word before and after, and how many accounts it befalls; `address` shows those alone."""

    before: str
    after: str
    count: int
    address: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of a comparison; `before` and `after` are the titles of the profiles."""

    before: str
    after: str
    at: str
    stands: bool
    """Whether nothing has come in since."""
    accounts: int
    moved: int
    changes: tuple[Change, ...]
    rules: tuple[tuple[str, int], ...]
    """Code → how many accounts it moves."""
    moves: tuple[Move, ...]
    """Of this page."""
    found: int
    """How many there are of what is shown."""
    every: str
    """Address that shows all; empty = all are shown."""
    previous: str
    next: str
    """Addresses of the pages beside this one; empty = there is none."""
    file: str
    """Address of the same as .csv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage:
    """What templates/console/what_if.html shows. `told` None = not asked yet, or still being worked out."""

    profiles: tuple[tuple[str, str], ...]
    """Name and title of every profile that can be used."""
    sweeps: tuple[str, ...]
    """The newest first."""
    profile: str
    against: str
    sweep: str
    accounts: int
    """Of the check that is chosen."""
    state: State | None
    """Of the work, while it goes on or where it failed."""
    told: Told | None


@router.get("/what-if")
def what_if(
    request: Request,
    desk: OnDesk,
    profile: str = "",
    against: str = "",
    sweep: str = "",
    change: int = -1,
    start: int = 0,
) -> HTMLResponse:
    """The choice, and what came of the last comparison of what is chosen."""
    ws = desk.ws
    head = _sweep(desk, sweep)
    profiles = tuple((one.name, one.title) for one in loadable(ws))
    here = against or _against(desk, head, [name for name, _ in profiles])
    asked = _asked(desk, profile, here, head.name) if head and profile else None
    state = desk.jobs.kinds["comparing"].state
    context = WhatIfPage(
        profiles=profiles,
        sweeps=tuple(one.name for one in reversed(ws.store.sweeps()))[:_SWEEPS],
        profile=profile or next((name for name, _ in profiles if name != here), ""),
        against=here,
        sweep=head.name if head else "",
        accounts=ws.store.sweep_size(head.name) if head else 0,
        state=state if state and (state.running or state.error) else None,
        told=_told(desk, asked, change, max(start, 0)) if asked else None,
    )
    return page(request, "what_if.html", compared.TITLE, context)


@router.post("/what-if", dependencies=[Depends(checked)])
def begin(
    desk: OnDesk,
    profile: Annotated[str, Form()] = "",
    against: Annotated[str, Form()] = "",
    sweep: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Hold one profile against the other."""
    if profile and profile == against:
        raise UsageError("两个口径是同一个,没有什么可比;请选两个不同的口径")
    asked = _asked(desk, profile, against, sweep)
    compared.begin(desk, asked)
    return after(_address(asked))


@router.post("/what-if/stop", dependencies=[Depends(checked)])
def stop(desk: OnDesk) -> RedirectResponse:
    """Stop the comparison that goes on."""
    desk.jobs.kinds["comparing"].stop()
    return after("/what-if", "已让试算停下")


@router.get("/what-if/working")
def working(desk: OnDesk) -> Response:
    """Asked again and again while the page shows work that goes on."""
    return anew(desk.jobs.kinds["comparing"])


@router.get("/what-if/file")
def file(desk: OnDesk, profile: str = "", against: str = "", sweep: str = "") -> Response:
    """All moves as .csv."""
    held = compared.found(desk, _asked(desk, profile, against, sweep))
    if held is None:
        raise UsageError("这次试算的结果已经不在了;请重新试算再下载")
    name = f"换口径试算-{sweep}-{against}-{profile}.csv"
    with TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / "moves.csv"
        write_csv(path, [_HEAD, *map(_row, held.outcome.moves)])
        return attachment(path.read_bytes(), name, "text/csv; charset=utf-8")


def _row(one: Move) -> tuple[str, ...]:
    whose = (one.account_id, one.platform, one.kind, one.seven, one.name, one.organisation, one.region)
    return (*whose, one.before, one.after, one.why)


def _sweep(desk: Desk, name: str) -> SweepHead | None:
    """The check named, else the one that the list shows, else the newest sweep."""
    return desk.ws.head(name) if name else shown_head(desk.ws, desk.clock()) or desk.ws.store.sweep_head()


def _against(desk: Desk, head: SweepHead | None, usable: Sequence[str]) -> str:
    """The profile of the last judgement, else the workspace's, else the first that can be used."""
    judged = desk.ws.store.last_head(head.name) if head else None
    wanted = (judged.profile if judged else "", desk.ws.settings.profile, *usable)
    return next((name for name in wanted if name in usable), "")


def _asked(desk: Desk, profile: str, against: str, sweep: str) -> Asked:
    if not (profile and against and sweep):
        raise UsageError("请选好检查批次和两个口径再试算")
    return Asked(sweep=desk.ws.head(sweep), profile=desk.profile(profile), against=desk.profile(against))


def _address(asked: Asked, more: Mapping[str, object] | None = None, *, path: str = "/what-if") -> str:
    told = {"profile": asked.profile.name, "against": asked.against.name, "sweep": asked.sweep.name, **(more or {})}
    return f"{path}?{urlencode(told)}"


def _told(desk: Desk, asked: Asked, change: int, start: int) -> Told | None:
    held = compared.found(desk, asked)
    if held is None:
        return None
    outcome = held.outcome
    kinds = outcome.changes.most_common()
    only = kinds[change][0] if 0 <= change < len(kinds) else None
    moves = [one for one in outcome.moves if only in (None, (one.before, one.after))]
    more: dict[str, object] = {"change": change} if only else {}
    return Told(
        before=asked.against.title,
        after=asked.profile.title,
        at=f"{held.at:%Y-%m-%d %H:%M}",
        stands=compared.stands(desk, asked, held),
        accounts=outcome.accounts,
        moved=len(outcome.moves),
        changes=tuple(_changes(asked, outcome, change)),
        rules=tuple(outcome.rules.most_common()),
        moves=tuple(moves[start : start + PAGE]),
        found=len(moves),
        every=_address(asked) if only else "",
        previous=_address(asked, {**more, "start": max(start - PAGE, 0)}) if start else "",
        next=_address(asked, {**more, "start": start + PAGE}) if start + PAGE < len(moves) else "",
        file=_address(asked, path="/what-if/file"),
    )


def _changes(asked: Asked, outcome: Outcome, change: int) -> Iterable[Change]:
    for number, ((before, then), count) in enumerate(outcome.changes.most_common()):
        address = _address(asked, {"change": number})
        yield Change(before=before, after=then, count=count, address=address, here=number == change)
