"""系统: how everything stands, the program's own examination (doctor), backups, and how far the long work of these pages is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker import doctor, drift
from tracker.access import vault_of
from tracker.clock import SHANGHAI
from tracker.console.background import Background, State
from tracker.console.desk import Desk, OnDesk
from tracker.console.jobs import anew
from tracker.console.pages.schedule import Line, in_chinese, line_of
from tracker.console.render import after, page
from tracker.console.signing import checked
from tracker.doctor import Check, Level
from tracker.errors import UsageError, reason
from tracker.schedule import coming
from tracker.workspace import Workspace

router = APIRouter()
_LOOKS = {Level.FINE: "good", Level.NOTE: "wait", Level.BROKEN: "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check and the class of the style sheet for its level."""

    check: Check
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One page of the system and how things stand there."""

    address: str
    title: str
    told: str
    look: str
    """A class of the style sheet; empty = nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPage:
    """What templates/console/system.html shows."""

    cards: tuple[Card, ...]
    examined_at: str
    """When it was last examined; empty = not since the server began."""
    checks: tuple[CheckLine, ...]
    broken: int
    """How many of them are wrong."""
    state: State | None
    """Of an examination that goes on, or that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPage:
    """What templates/console/backup.html shows."""

    to: str
    """The folder that tracker.toml names; empty = none."""
    evidence: bool
    keep: int
    line: Line
    files: tuple[tuple[str, str, str], ...]
    """Name, day and size of the backups there, the newest first."""
    trouble: str
    """Why the folder cannot be looked at; empty = it can."""


@router.get("/system")
def system(request: Request, desk: OnDesk) -> HTMLResponse:
    """How everything stands."""
    held, state = desk.jobs.examined, desk.jobs.kinds["examining"].state
    mine = held if held and held[0] == desk.ws.root else None
    checks = mine[2] if mine else ()
    context = SystemPage(
        cards=tuple(_cards(desk)),
        examined_at=f"{mine[1]:%Y-%m-%d %H:%M}" if mine else "",
        checks=tuple(CheckLine(check=one, look=_LOOKS[one.level]) for one in checks),
        broken=sum(one.level is Level.BROKEN for one in checks),
        state=state if state and (state.running or state.error) else None,
    )
    return page(request, "system.html", "系统", context)


@router.post("/system/examine", dependencies=[Depends(checked)])
def examine(desk: OnDesk) -> RedirectResponse:
    """Examine the computer and the workspace, behind the page: a browser is tried, and a big database read through."""
    ws = desk.ws

    def work(background: Background) -> str:
        at = desk.clock()
        checks = (*doctor.computer(at), doctor.folder(ws.root), *doctor.workspace(ws, at))
        desk.jobs.examined = ws.root, at, checks
        return f"做了{len(checks)}项检查"

    if not desk.jobs.kinds["examining"].start("检查本机", work):
        raise UsageError("检查正在做;请等它做完")
    return after("/system")


@router.get("/system/working/{job}")
def working(desk: OnDesk, job: str) -> Response:
    """Asked by a page again and again while it shows work that goes on; when that is done the page loads itself anew."""
    found = desk.jobs.kinds.get(job)
    if found is None:
        raise HTTPException(404, "没有这项工作")
    return anew(found)


@router.get("/system/backup")
def backup(request: Request, desk: OnDesk) -> HTMLResponse:
    """Where backups go, which there are, and how the last one ended."""
    ws, told = desk.ws, desk.ws.settings.backup
    files, trouble = _backups(ws)
    line = next(line_of(ws, one) for one in coming(ws, desk.clock()) if one.name == "backup")
    context = BackupPage(to=told.to, evidence=told.evidence, keep=told.keep, line=line, files=files, trouble=trouble)
    return page(request, "backup.html", "备份", context)


def _backups(ws: Workspace) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """The backups in the folder that tracker.toml names, and why it cannot be looked at."""
    if not ws.settings.backup.to:
        return (), ""
    folder = ws.root / ws.settings.backup.to
    try:
        found = sorted(folder.glob("tracker-*.zip"), reverse=True) if folder.is_dir() else []
        told = [(one.name, one.stat()) for one in found[:50]]
    except OSError as error:
        return (), f"{folder} 读不了({reason(error)});请检查磁盘有没有接上"
    trouble = "" if folder.is_dir() else f"{folder} 还没有;第一次备份时会建立,建不成请检查磁盘有没有接上"
    days = (in_chinese(datetime.fromtimestamp(held.st_mtime, SHANGHAI)) for _, held in told)
    return tuple((name, day, f"{held.st_size / 2**20:.1f} MB") for (name, held), day in zip(told, days, strict=True)), trouble


def _cards(desk: Desk) -> Iterator[Card]:
    ws, at = desk.ws, desk.clock()
    users = len(ws.store.users()) if desk.door else 0
    yield _card("users", "用户", f"{users} 人" if desk.door else "本机只有一人使用")
    vault = vault_of(ws)
    held = vault.all()
    told = sum(bool(one.warning(at)) for one in held) + len(vault.broken())
    amount = f"{len(held)} 份" if held else "没有保存任何凭据"
    yield _card("credentials", "凭据", f"{amount},{told} 份要人处理" if told else amount, "wait" if told else "")
    frozen = drift.frozen(ws)
    yield _card(
        "lanes", "通道", f"{len(frozen)} 项暂停判定,等人核对" if frozen else "没有暂停判定的平台", "wait" if frozen else ""
    )
    runs = [line_of(ws, one) for one in coming(ws, at)]
    planned = [f"{one.title}{one.next}" for one in runs if one.next]
    failed = [one.title for one in runs if one.look == "bad"]
    when = ";".join(planned) or "没有安排"
    yield _card("schedule", "定时任务", f"上次没做成:{'、'.join(failed)}" if failed else when, "bad" if failed else "")
    yield _evidence(ws)
    last = next(one for one in runs if one.name == "backup")
    yield _card("backup", "备份", last.result or "从没备份过", last.look if last.result else "wait")
    rows, _ = ws.store.audit_head()
    yield _card("audit", "操作日志", f"{rows} 条")


def _evidence(ws: Workspace) -> Card:
    last = ws.store.sweep_head()
    if last is None:
        return _card("evidence", "证据", "还没有检查记录")
    sealed = ws.store.seal_head(last.name)
    told = f"最近的批次 {last.name}{f'已封存(第{sealed[0]}份)' if sealed else '还没有封存'}"
    return _card("evidence", "证据", told)


def _card(name: str, title: str, told: str, look: str = "") -> Card:
    return Card(address=f"/system/{name}", title=title, told=told, look=look)
