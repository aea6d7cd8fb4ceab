"""巡检 on 总览: what it takes at most, begun, stopped, gone on with; its lanes while it runs."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker.console import running
from tracker.console.background import State
from tracker.console.desk import Desk, OnDesk
from tracker.console.render import after, page, part
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.plan import Plan
from tracker.store import SweepHead
from tracker.workspace import Workspace

router = APIRouter()

_BUSY = "后台已经有工作在做,请等它做完或停止它"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLane:
    """A platform whose lanes stand still until a person has solved what stopped them."""

    platform: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPart:
    """`overview_running.html`: the sweep that runs or ran since the server began, and one that waits to be gone on with."""

    state: State | None
    """None = none ran."""
    elsewhere: str
    """Title of other work in the background; a sweep cannot begin before it is done."""
    sweep: str
    """Name of the sweep that can be gone on with; empty = none."""
    broken_off: bool
    """Whether it was stopped before its end."""
    stopped: tuple[StoppedLane, ...]
    visited: int
    """Of the accounts of that sweep, how many were looked at."""
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLine:
    """One lane of a plan, and what it takes at most."""

    title: str
    credential: str
    accounts: int
    links: int
    controls: int
    second_readings: int
    requests: int
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPage:
    """`overview_sweep.html`: what a sweep would take at most, before it is started."""

    kind: str
    """`check` or `weekly`."""
    name: str
    begun: bool
    """Whether visits of it were made before."""
    accounts: int
    lanes: tuple[LaneLine, ...]
    requests: int
    hours: str
    days: int
    unreached: tuple[tuple[str, int], ...]
    """Why no lane leads to an account, and how many these are."""
    warnings: tuple[str, ...]
    busy: str
    """Title of the work that runs; empty = none."""


def running_now(desk: Desk) -> RunningPart:
    """The sweep that runs, or what there is to go on with."""
    state, head = desk.background.state, _latest_live(desk.ws)
    own = state if state and state.title == running.TITLE else None
    busy = state is not None and state.running
    told = RunningPart(
        state=own,
        elsewhere=state.title if state and busy and not own else "",
        sweep="",
        broken_off=False,
        stopped=(),
        visited=0,
        accounts=0,
    )
    if head is None or (own and own.running):
        return told
    stopped = tuple(StoppedLane(platform=one, title=_title(desk, one)) for one in desk.ws.store.stopped_platforms(head.name))
    # a formal check stays open for people's looks: only a weekly sweep has an end of its own
    broken_off = (head.kind == "weekly" and head.ended_at is None) or bool(own and own.stopping and own.sweep == head.name)
    if not stopped and not broken_off:
        return told
    store = desk.ws.store
    return replace(
        told,
        sweep=head.name,
        broken_off=broken_off,
        stopped=stopped,
        visited=store.visited(head.name),
        accounts=store.sweep_size(head.name),
    )


def _latest_live(ws: Workspace) -> SweepHead | None:
    """The sweep that began last, where machines looked and nothing was replayed or imported."""
    head = ws.store.sweep_head()
    return head if head and head.source in running.LIVE else None


def _title(desk: Desk, platform: str) -> str:
    adapter = desk.adapters.get(platform)
    return adapter.title if adapter else platform


@router.get("/overview/running")
def running_part(request: Request, desk: OnDesk) -> HTMLResponse:
    """The running sweep alone, for the page that asks every two seconds; when it is done the whole page is loaded again."""
    told = running_now(desk)
    answer = part(request, "overview_running.html", told)
    if told.state is None or not told.state.running:
        answer.headers["HX-Redirect"] = "/overview"
    return answer


@router.get("/overview/sweep")
def plan_page(request: Request, desk: OnDesk, kind: str = "check") -> HTMLResponse:
    """What a sweep takes at most."""
    chosen = _chosen(kind)
    sweep = running.proposed(desk.ws, chosen, desk.clock())
    made = running.forecast(desk, sweep)
    state = desk.background.state
    context = SweepPage(
        kind=chosen,
        name=sweep.name,
        begun=desk.ws.store.sweep_head(sweep.name) is not None,
        accounts=len(sweep.accounts),
        lanes=tuple(_lane_lines(desk, made.plan)),
        requests=sum(one.requests for one in made.plan.lanes),
        hours=_hours(max((one.seconds for one in made.plan.lanes), default=0)),
        days=len(made.plan.week.days),
        unreached=_reasons(made.plan),
        warnings=made.may.warnings,
        busy=state.title if state and state.running else "",
    )
    return page(request, "overview_sweep.html", "开始巡检", context)


def _chosen(kind: str) -> running.Kind:
    if kind == "check":
        return "check"
    if kind == "weekly":
        return "weekly"
    raise HTTPException(422, "巡检的性质应为正式检查或每周巡检;请从“总览”重新开始")


def _lane_lines(desk: Desk, plan: Plan) -> list[LaneLine]:
    return [
        LaneLine(
            title=_title(desk, one.platform),
            credential=one.credential or "不登录",
            accounts=one.accounts,
            links=one.links,
            controls=one.controls,
            second_readings=one.second_readings,
            requests=one.requests,
            hours=_hours(one.seconds),
        )
        for one in plan.lanes
    ]


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} 小时" if seconds >= 3600 else f"{max(1, round(seconds / 60))} 分钟"


def _reasons(plan: Plan) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for one in plan.unreached:
        counted[one.reason] = counted.get(one.reason, 0) + 1
    return tuple(sorted(counted.items(), key=lambda told: (-told[1], told[0])))


@router.post("/overview/sweep", dependencies=[Depends(checked)])
def start(desk: OnDesk, kind: Annotated[str, Form()] = "") -> RedirectResponse:
    """Begin."""
    return after("/overview", "" if running.begin(desk, _chosen(kind)) else _BUSY)


@router.post("/overview/stop", dependencies=[Depends(checked)])
def stop(desk: OnDesk) -> RedirectResponse:
    """Stop after the visits that are under way; work of another kind is left alone."""
    state = desk.background.state
    if state is not None and state.title == running.TITLE:
        desk.background.stop()
    return after("/overview", "正在停止;没有看的账号以后可以接着做")


@router.post("/overview/resume", dependencies=[Depends(checked)])
def resume(desk: OnDesk, sweep: Annotated[str, Form()] = "", platform: Annotated[str, Form()] = "") -> RedirectResponse:
    """Go on: with what was left, and with a platform whose wall a person has solved."""
    head = _latest_live(desk.ws)
    if head is None or head.name != sweep:
        raise UsageError("这个批次已经不是最近一次巡检;请回到“总览”看现在的情况")
    return after("/overview", "" if running.go_on(desk, head.name, platform) else _BUSY)
