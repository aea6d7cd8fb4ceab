"""系统 → 证据: which checks are sealed, when they were last verified, verifying them, handing them out as WACZ."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from tracker.clock import SHANGHAI
from tracker.console.background import Background, State
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.schedule import in_chinese
from tracker.console.render import after, page
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.evidence import folder_name, seals
from tracker.sealing import export_wacz, findings
from tracker.store import RunEvent, RunStep, SweepHead
from tracker.workspace import Workspace

router = APIRouter()
OUT = "证据"
"""Folder below the reports where WACZ files are made."""
_SWEEPS = 60
_NAMED = 20
"""Damages that are written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepLine:
    """One check in the list; times in Chinese."""

    name: str
    kind: str
    started: str
    sealed: str
    """Empty = it is not sealed."""
    verified: str
    """Empty = never from a page."""
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """What templates/console/evidence_list.html shows."""

    lines: tuple[SweepLine, ...]
    """The newest first."""
    more: int
    """Older ones that are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealLine:
    """One seal."""

    number: int
    at: str
    who: str
    fingerprint: str
    lines: int
    """Files in the manifest when it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPage:
    """What templates/console/evidence_sweep.html shows."""

    name: str
    line: SweepLine
    files: int
    size: str
    seals: tuple[SealLine, ...]
    gone: int
    """Files that were cleared away by rule."""
    wacz: str
    """When the WACZ file that lies there was made, and its size; empty = there is none."""
    state: State | None
    """Of work on evidence that goes on, or that failed."""


@router.get("/system/evidence")
def evidence(request: Request, desk: OnDesk) -> HTMLResponse:
    """The newest checks."""
    every = tuple(reversed(desk.ws.store.sweeps()))
    lines = tuple(_line(desk.ws, one) for one in every[:_SWEEPS])
    context = EvidencePage(lines=lines, more=len(every) - len(lines))
    return page(request, "evidence_list.html", "证据", context)


@router.get("/system/evidence/{sweep}")
def one_sweep(request: Request, desk: OnDesk, sweep: str) -> HTMLResponse:
    """One check: its files, its seals, what can be done."""
    ws, head, state = desk.ws, _head(desk, sweep), desk.jobs.kinds["evidence"].state
    folder = ws.evidence.root / folder_name(head.name)
    files, size = _measured(folder)
    made = _wacz(ws, head)
    context = SweepPage(
        name=head.name,
        line=_line(ws, head),
        files=files,
        size=_amount(size),
        seals=tuple(_seal(one) for one in reversed(seals.read_all(folder))),
        gone=len(ws.store.tombstones(head.name)),
        wacz=_made(made) if made.is_file() else "",
        state=state if state and (state.running or (state.error and state.sweep == head.name)) else None,
    )
    return page(request, "evidence_sweep.html", f"证据:{head.name}", context)


@router.post("/system/evidence/{sweep}/verify", dependencies=[Depends(checked)])
def verify(desk: OnDesk, sweep: str) -> RedirectResponse:
    """Read every file again and hold it against manifest, journal and seals, behind the page; what came of it is kept."""
    ws, head = desk.ws, _head(desk, sweep)

    def work() -> str:
        wrong = findings(ws, head, desk.adapters)
        told = ";".join(f"{one.file}:{one.reason}" for one in wrong[:_NAMED])
        count = len(ws.store.known_files(head.name)) - len(ws.store.tombstones(head.name))
        text = f"有{len(wrong)}处不符:{told}" if wrong else f"证据完好,{count}个文件与清单一致"
        _keep(ws, _NAME + head.name, text, failed=bool(wrong), at=desk.clock())
        return text

    return _begun(desk, head, f"核对批次 {head.name} 的证据", work)


def _keep(ws: Workspace, name: str, text: str, *, failed: bool, at: datetime) -> None:
    # two within one tick of the clock are two: the second may be the one that found the damage
    attempt = len(ws.store.run_steps(name, due=at)) + 1
    ws.store.add_run_step(RunStep(name=name, due=at, attempt=attempt, event=RunEvent.ENDED, at=at, text=text, failed=failed))


@router.post("/system/evidence/{sweep}/wacz", dependencies=[Depends(checked)])
def make_wacz(desk: OnDesk, sweep: str) -> RedirectResponse:
    """Make the WACZ file of a check, behind the page."""
    ws, head = desk.ws, _head(desk, sweep)

    def work() -> str:
        done = export_wacz(ws, head, ws.reports / OUT, at=desk.clock())
        return f"已导出 {done.visits} 次采集、{done.seals} 份封存"

    return _begun(desk, head, f"导出批次 {head.name}", work)


@router.get("/system/evidence/{sweep}/wacz")
def wacz(desk: OnDesk, sweep: str) -> Response:
    """The WACZ file that was made last, as a download."""
    path = _wacz(desk.ws, _head(desk, sweep))
    if not path.is_file():
        raise HTTPException(404, "还没有导出;请先在批次的页面上点“导出 WACZ”")
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


_NAME = "verify "
"""Under this name, with that of the check behind it, the journal of runs keeps what came of verifying."""


def _begun(desk: Desk, head: SweepHead, title: str, work: Callable[[], str]) -> RedirectResponse:
    def told(background: Background) -> str:
        background.note(lambda state: replace(state, sweep=head.name))
        return work()

    if not desk.jobs.kinds["evidence"].start(title, told):
        raise UsageError("另一项证据的工作正在做;请等它做完再试")
    return after(f"/system/evidence/{quote(head.name, safe='')}")


def _head(desk: Desk, name: str) -> SweepHead:
    found = desk.ws.store.sweep_head(name)
    if found is None:
        raise HTTPException(404, "没有这个批次;请从“证据”页重新打开")
    return found


def _line(ws: Workspace, head: SweepHead) -> SweepLine:
    held = seals.read_all(ws.evidence.root / folder_name(head.name))
    last = ws.store.last_run(_NAME + head.name, RunEvent.ENDED)
    newest = _seal(held[-1]) if held else None
    return SweepLine(
        name=head.name,
        kind="检查" if head.kind == "check" else "周检",
        started=in_chinese(head.started_at),
        sealed=f"第{newest.number}份,{newest.at}" if newest else "",
        verified=f"{in_chinese(last.at)} {last.text}" if last else "",
        look="bad" if last and last.failed else "good" if last else "",
    )


def _seal(one: seals.Seal) -> SealLine:
    told = one.statement
    return SealLine(
        number=one.number,
        at=in_chinese(datetime.fromisoformat(str(told["at"]))),
        who=str(told.get("who", "")),
        fingerprint=one.fingerprint,
        lines=int(told["manifest"]["lines"]),
    )


def _measured(folder: Path) -> tuple[int, int]:
    """How many files a check's folder holds, and their bytes."""
    if not folder.is_dir():
        return 0, 0
    with os.scandir(folder) as found:
        sizes = [one.stat().st_size for one in found if one.is_file()]
    return len(sizes), sum(sizes)


def _wacz(ws: Workspace, head: SweepHead) -> Path:
    return ws.reports / OUT / f"{folder_name(head.name)}.wacz"


def _made(path: Path) -> str:
    held = path.stat()
    return f"{in_chinese(datetime.fromtimestamp(held.st_mtime, SHANGHAI))},{_amount(held.st_size)}"


def _amount(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.1f} MB"
