"""总览: how the last check stands, what is covered, how it changed, who is due; the sweep that runs is `sweeping`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tracker.clock import day
from tracker.console.checks import again_for, judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.overview_views import Chart, Count, counts_of, coverage_chart, trend_chart, verdict_chart, within
from tracker.console.pages.sweeping import RunningPart, running_now
from tracker.console.render import page, part
from tracker.console.signing import OnPerson
from tracker.due import Standing, standings
from tracker.errors import UsageError
from tracker.people import Person, Right, Scope
from tracker.store import JudgementHead, SweepHead
from tracker.store.tallies import Cell
from tracker.workspace import Workspace

router = APIRouter()

MOST_SWEEPS = 12
"""Sweeps in the trend, and in the choice."""
SOON = 7
"""Days: whose last safe day is at most so far away is due."""
MOST_DUE = 12
"""Accounts that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One sweep that can be shown."""

    name: str
    told: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """`overview.html`. `sweep` empty = nothing was judged yet."""

    sweep: str
    kind: str
    period: str
    judged_at: str
    again: str
    """Why these figures are not the last word: something came in and is being judged; empty = they are."""
    accounts: int
    only: str
    """The region, where the person sees one alone."""
    choices: tuple[Choice, ...]
    counts: tuple[Count, ...]
    charts: tuple[Chart, ...]
    running: RunningPart | None
    """None = the person runs no sweeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One account that has to post soon. `look` is a class of the style sheet."""

    account_id: str
    name: str
    organisation: str
    last: str
    left: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePart:
    """`overview_due.html`: how many are over, how many are due within `days` days, of how many nothing was ever seen."""

    days: int
    on: date
    over: int
    soon: int
    never: int
    lines: tuple[DueLine, ...]
    more: int
    """Due ones that are not named."""
    may_remind: bool


@router.get("/overview")
def overview(request: Request, desk: OnDesk, signed: OnPerson, sweep: str = "") -> HTMLResponse:
    """Figures of one judged sweep, the latest check unless told."""
    ws, scope = desk.ws, signed.person.scope
    again = _brought_up(desk) if not sweep else ""
    known = ws.store.sweeps()
    heads = ws.store.last_heads([one.name for one in known])
    judged_ones = [one for one in known if one.name in heads]
    shown = _shown(judged_ones, sweep)
    cells = within(ws.store.cells(heads[shown.name]), scope) if shown else ()
    trend = _trend(ws, judged_ones[-MOST_SWEEPS:], heads, scope)
    context = OverviewPage(
        sweep=shown.name if shown else "",
        kind=_kind(shown),
        period=_period(ws, shown),
        judged_at=f"{heads[shown.name].at:%Y-%m-%d %H:%M}" if shown else "",
        again=again_for(again, scope),
        accounts=sum(one.number for one in cells),
        only=scope.region or "",
        choices=_choices(judged_ones[-MOST_SWEEPS:], shown),
        counts=counts_of(cells),
        charts=(*_charts(desk, cells), trend) if shown else (),
        running=running_now(desk) if signed.person.may(Right.RUN) else None,
    )
    return page(request, "overview.html", "总览", context)


def _brought_up(desk: Desk) -> str:
    """See that the check on show is judged with all that came in; why it is not (yet), empty = it is."""
    check = shown_head(desk.ws, desk.clock())
    return judged(desk, check).again if check else ""


def _charts(desk: Desk, cells: tuple[Cell, ...]) -> tuple[Chart, ...]:
    titles = {name: adapter.title for name, adapter in desk.adapters.items()}
    return (
        coverage_chart(cells, titles),
        verdict_chart("platform", "各平台结果", "平台", cells, lambda one: titles.get(one.platform, one.platform)),
        verdict_chart("region", "各县区结果", "县区", cells, lambda one: one.region),
        verdict_chart("org-type", "各类主体结果", "主体类型", cells, lambda one: one.org_type),
    )


def _shown(judged_ones: list[SweepHead], name: str) -> SweepHead | None:
    """The sweep asked for, else the latest check, else the latest of all."""
    if name:
        found = next((one for one in judged_ones if one.name == name), None)
        if found is None:
            raise UsageError(f"没有判定过的批次“{name[:60]}”;请在“总览”里重新选择")
        return found
    checks = [one for one in judged_ones if one.kind == "check"]
    return next(reversed(checks or judged_ones), None)


def _kind(sweep: SweepHead | None) -> str:
    return {"check": "正式检查", "weekly": "每周巡检"}[sweep.kind] if sweep else ""


def _period(ws: Workspace, sweep: SweepHead | None) -> str:
    found = ws.store.period(sweep.period) if sweep and sweep.period else None
    return found.title if found else ""


def _choices(judged: list[SweepHead], shown: SweepHead | None) -> tuple[Choice, ...]:
    listed = judged if shown is None or shown in judged else [shown, *judged]
    return tuple(
        Choice(name=one.name, told=f"{one.name} {_kind(one)}", chosen=shown is not None and one.name == shown.name)
        for one in reversed(listed)
    )


def _trend(ws: Workspace, judged: list[SweepHead], heads: Mapping[str, JudgementHead], scope: Scope) -> Chart:
    numbered = [(one, heads[one.name].number) for one in judged]
    return trend_chart(numbered, ws.store.totals([number for _, number in numbered]), scope)


@router.get("/overview/due")
def due_part(request: Request, desk: OnDesk, signed: OnPerson) -> HTMLResponse:
    """Whose last safe day is near: asked for by the page after it is there, because all accounts are held against it."""
    on = day(desk.clock())
    found = [one for one in standings_now(desk, on) if signed.person.sees(one.account)]
    context = _due(found, on, signed.person)
    return part(request, "overview_due.html", context)


def standings_now(desk: Desk, on: date) -> tuple[Standing, ...]:
    """How every account stands on a day; counted again where anything came in since."""
    ws, profile = desk.ws, desk.ws.profile()
    known = (ws.root, on, profile.digest, ws.store.latest_state())
    kept, found = desk.standing
    if kept != known:
        found = standings(ws, profile, on)
        desk.standing = (known, found)
    return found


def _due(found: list[Standing], on: date, person: Person) -> DuePart:
    never = [one for one in found if one.days_left is None]
    over = [one for one in found if one.days_left is not None and one.days_left < 0]
    soon = [one for one in found if one.days_left is not None and 0 <= one.days_left <= SOON]
    named = soon[:MOST_DUE]
    return DuePart(
        days=SOON,
        on=on,
        over=len(over),
        soon=len(soon),
        never=len(never),
        lines=tuple(map(_line, named)),
        more=len(soon) - len(named),
        may_remind=person.may(Right.REPORT),
    )


def _line(one: Standing) -> DueLine:
    left = one.days_left or 0
    return DueLine(
        account_id=one.account.account_id,
        name=one.account.name,
        organisation=one.account.organisation,
        last=one.last.on.isoformat() if one.last else "",
        left=f"还剩 {left} 天" if left else "今天是最后一天",
        look="wait" if left > 1 else "bad",
    )
