"""系统 → 定时任务: what is done by itself, when next, what came of it; doing it now."""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker.clock import SHANGHAI
from tracker.console.desk import Desk, OnDesk
from tracker.console.render import after, page
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.schedule import NAMES, TITLES, Coming, Due, busy, coming
from tracker.store import RunEvent, RunStep
from tracker.workspace import Workspace

router = APIRouter()
_DAYS = "一二三四五六日"
_STEPS = 40
"""Steps of the past that are looked through for the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One run as it stands; times in Chinese, empty = there is none."""

    name: str
    title: str
    told: str
    """The rhythm, as tracker.toml has it; empty = not scheduled."""
    next: str
    result: str
    """When and how it ended last; empty = it never ran."""
    look: str
    """A class of the style sheet for the result."""
    busy: bool
    """Whether some process does it just now."""
    mine: bool = False
    """Whether that was begun from this page, which can stop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One step of a run that is over."""

    at: str
    title: str
    state: str
    text: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePage:
    """What templates/console/schedule.html shows."""

    lines: tuple[Line, ...]
    hours: str
    """Within which hours something is begun; empty = always."""
    past: tuple[Past, ...]
    """The newest first."""


@router.get("/system/schedule")
def schedule(request: Request, desk: OnDesk) -> HTMLResponse:
    """All runs."""
    ws, at = desk.ws, desk.clock()
    steps = [one for name in NAMES for one in ws.store.run_steps(name, last=_STEPS) if one.event is not RunEvent.TOLD]
    context = SchedulePage(
        lines=tuple(replace(line_of(ws, one), mine=desk.jobs.runs(one.name)) for one in coming(ws, at)),
        hours="至".join(ws.settings.schedule.hours),
        past=tuple(_past(one) for one in sorted(steps, key=lambda one: one.at, reverse=True)[:_STEPS]),
    )
    return page(request, "schedule.html", "定时任务", context)


@router.post("/system/schedule/{name}", dependencies=[Depends(checked)])
def run(desk: OnDesk, name: str) -> RedirectResponse:
    """Do a run now, once more than planned, as a process of its own: it goes on when the page is closed."""
    if name not in NAMES:
        raise HTTPException(404, "没有这项定时任务")
    in_earnest(desk)
    if busy(desk.ws, name):
        raise UsageError(f"{TITLES[name]}正在做;请等它做完")
    desk.jobs.run(desk.ws.root, Due(name=name, at=desk.clock().replace(microsecond=0)))
    return after("/system/schedule", f"{TITLES[name]}已开始;做完后结果写在下面,刷新可看")


def in_earnest(desk: Desk) -> None:
    """Raises UsageError while the invented workspace is on screen: nobody real is asked or written to for it."""
    if desk.in_sample:
        raise UsageError("正在看示例,里面的账号是虚构的,不真的巡检、提醒或读取;请先回到自己的工作区")


@router.post("/system/schedule/{name}/stop", dependencies=[Depends(checked)])
def stop(desk: OnDesk, name: str) -> RedirectResponse:
    """Stop a run that was begun from this page; what it has done stays."""
    if not desk.jobs.stop_run(name):
        raise UsageError("没有从网页开始、还在做的这项任务;自动开始的,关掉网页版或在命令行按 Ctrl-C 停下")
    return after("/system/schedule", f"已让{TITLES[name]}停下,等它做完眼前的;做过的都留着")


def line_of(ws: Workspace, one: Coming) -> Line:
    """A run as pages show it."""
    last, going = one.last, busy(ws, one.name)
    # a failure says itself what it is
    words = [one for one in ("" if last.failed else _state(last, going), last.text) if one] if last else []
    return Line(
        name=one.name,
        title=TITLES[one.name],
        told=one.told,
        next=in_chinese(one.next) if one.next else "",
        result=f"{in_chinese(last.at)} {':'.join(words)}" if last else "",
        look=_look(last) if last else "",
        busy=going,
    )


def in_chinese(at: datetime) -> str:
    """`2026年11月6日 周五 08:00`, in Asia/Shanghai."""
    told = at.astimezone(SHANGHAI)
    return f"{told.year}年{told.month}月{told.day}日 周{_DAYS[told.weekday()]} {told:%H:%M}"


def _state(step: RunStep, going: bool) -> str:
    if step.event is RunEvent.BEGUN:
        return "正在做" if going else "开始后没有下文,可能中途断了"
    if step.event is RunEvent.PAUSED:
        return "没做完,接着做"
    return "没做成" if step.failed else "做完"


def _look(step: RunStep) -> str:
    return "bad" if step.failed else "good" if step.event is RunEvent.ENDED else "wait"


def _past(step: RunStep) -> Past:
    state = "开始" if step.event is RunEvent.BEGUN else _state(step, going=False)
    look = "" if step.event is RunEvent.BEGUN else _look(step)
    return Past(at=in_chinese(step.at), title=TITLES[step.name], state=state, text=step.text, look=look)
