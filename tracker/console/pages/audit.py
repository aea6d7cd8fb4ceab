"""系统 → 操作日志: who did what, and whether a row is missing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker import audit
from tracker.clock import SHANGHAI, start_of
from tracker.console.desk import OnDesk
from tracker.console.render import after, page
from tracker.console.rights import ROUTES
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.people import WORDS
from tracker.store import Audited, AuditFilter
from tracker.store.part import stamp

router = APIRouter()
_PAGE = 100

ACTIONS = {
    "sign-in": "登录",
    "sign-out": "退出",
    "sign-in by office": "统一身份认证登录",
    "first administrator": "设置第一个管理员",
    "password by link": "用链接设置密码",
}
"""What is no route, in words."""
_OUTCOMES = {
    "done": "已做",
    "failed": "没有成功",
    "locked": "次数太多,没有试",
    "2": "已做",
    "3": "已做",
    "4": "被拒绝",
    "5": "出错",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One row as it is shown."""

    row: Audited
    at: str
    """In Asia/Shanghai."""
    action: str
    """In Chinese."""
    route: str
    """Method and address, or the command, where it was one."""
    outcome: str
    """In Chinese."""
    status: str
    """HTTP's number, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """What templates/console/audit.html shows."""

    lines: tuple[AuditLine, ...]
    """The newest first."""
    person: str
    action: str
    day: str
    actions: tuple[tuple[str, str], ...]
    """What can be asked for, and its words."""
    older: str
    """Address of the rows before these; empty = there are none."""
    rows: int
    """How many there are in all."""
    head: str
    """Hash of the newest."""


@router.get("/system/audit")
def log(
    request: Request, desk: OnDesk, person: str = "", action: str = "", day: str = "", before: int | None = None
) -> HTMLResponse:
    """The newest rows that fit, a hundred at a time."""
    store = desk.ws.store
    on = _day(day)
    since, until = (stamp(start_of(on)), stamp(start_of(on + timedelta(days=1)))) if on else ("", "")
    found = store.audit_page(AuditFilter(person=person, action=action, since=since, until=until), before, _PAGE + 1)
    told = {name: value for name, value in (("person", person), ("action", action), ("day", day)) if value}
    rows, head = store.audit_head()
    changes = sorted(one for one in ROUTES if not one.startswith("GET "))
    context = AuditPage(
        lines=tuple(map(_line, found[:_PAGE])),
        person=person,
        action=action,
        day=day,
        actions=(*ACTIONS.items(), *((one, f"{_words(one)} {one}") for one in changes)),
        older=f"/system/audit?{urlencode({**told, 'before': found[_PAGE - 1].number})}" if len(found) > _PAGE else "",
        rows=rows,
        head=head,
    )
    return page(request, "audit.html", "操作日志", context)


@router.post("/system/audit/verify", dependencies=[Depends(checked)])
def verify(desk: OnDesk) -> RedirectResponse:
    """Hold the log against its own chain."""
    told = audit.verify(desk.ws.store)
    if told.problem:
        raise UsageError(f"操作日志对不上:{told.problem};前面的 {told.rows} 条是对的。请保留现场,找维护人员")
    return after("/system/audit", f"{told.rows} 条都对得上;最后一条的哈希是 {told.head}")


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise UsageError(f"日期“{told[:20]}”看不懂;请写成 2026-11-06") from None


def _line(row: Audited) -> AuditLine:
    at = datetime.fromisoformat(row.at).astimezone(SHANGHAI)
    outcome = _OUTCOMES.get(row.outcome) or _OUTCOMES.get(row.outcome[:1], "")
    return AuditLine(
        row=row,
        at=f"{at:%Y-%m-%d %H:%M:%S}",
        action=_words(row.action),
        route="" if row.action in ACTIONS else row.action,
        outcome=outcome,
        status=row.outcome if row.outcome.isdecimal() else "",
    )


def _words(action: str) -> str:
    """What an action is about: a route is known by the right it takes."""
    right = ROUTES.get(action.partition(" token ")[0])
    return ACTIONS.get(action) or ("命令行" if action.startswith("cli ") else WORDS[right] if right else "其他")
