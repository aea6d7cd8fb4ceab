"""报告: any form as a draft to look at, what still stands in the way of the final print, the versions and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from tracker import versions
from tracker.capture.picture import html_to_png
from tracker.clock import day
from tracker.console.checks import judgement_of
from tracker.console.desk import Desk, OnDesk
from tracker.console.letters import DRAFTS, Option, check_of, checks, printed_path
from tracker.console.pages.looks import who_of
from tracker.console.render import after, attachment, page
from tracker.console.report_views import GateLine, Version, gate_lines, version_of
from tracker.console.signing import OnPerson, checked
from tracker.demo import printer
from tracker.errors import UsageError
from tracker.gates import gates
from tracker.people import Right
from tracker.report import Order, Printed, report
from tracker.reports import account
from tracker.reports import forms as kinds
from tracker.store import Print, SweepHead
from tracker.versions import Difference

router = APIRouter()

FORMATS = (("docx", "Word"), ("xlsx", "Excel"), ("pdf", "PDF"), ("html", "网页"), ("csv", "CSV"), ("json", "JSON"))

SHEET = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Of a printed page that is looked at in a frame of ours: nothing in it may run, send or lead anywhere."""

_MOST_SHOWN = 60
"""Versions listed; the command line lists all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which form of which check, and of which account for the report on one."""

    form: str
    sweep: str
    whom: str = ""

    def address(self, path: str, **more: str) -> str:
        """A page about the same."""
        told = {"form": self.form, "sweep": self.sweep, "whom": self.whom, **more}
        return f"{path}?{urlencode({name: value for name, value in told.items() if value})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage:
    """`reports.html`; `asked` None = there is no formal check yet, and nothing else is set."""

    asked: Asked | None
    checks: tuple[Option, ...] = ()
    forms: tuple[Option, ...] = ()
    formats: tuple[Option, ...] = ()
    words: str = ""
    """Name of the chosen form."""
    one_account: bool = False
    """Whether the form is about one account, which must be told."""
    may_print: bool = False
    gates: str = ""
    """Address of what stands in the way, fetched by itself: it takes the whole judgement."""
    versions: tuple[Version, ...] = ()
    choices: tuple[Option, ...] = ()
    """Versions that can be compared."""
    preview: str = ""
    """Address for the frame; empty = nothing to look at."""
    because: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesPage:
    """`reports_gates.html`, whole or as a part of the page; `gates` empty = all are open."""

    gates: tuple[GateLine, ...]
    back: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPage:
    """`reports_diff.html`."""

    asked: Asked
    words: str
    found: Difference
    back: str
    groups: tuple[tuple[str, Sequence[versions.Changed]], ...] = field(default=())


@router.get("/reports")
def reports(
    request: Request, desk: OnDesk, signed: OnPerson, form: str = "", sweep: str = "", whom: str = "", preview: str = ""
) -> HTMLResponse:
    """Choose, look, compare, print."""
    return _shown(request, desk, signed.person.may(Right.PRINT), form, sweep, whom, preview=preview)


def _shown(
    request: Request,
    desk: Desk,
    may_print: bool,
    form: str,
    sweep: str,
    whom: str,
    *,
    preview: str = "",
    because: str = "",
    error: str = "",
) -> HTMLResponse:
    ws, check = desk.ws, check_of(desk.ws, sweep)
    if check is None:
        return page(request, "reports.html", "报告", ReportsPage(asked=None))
    kind = kinds.form_of(form or kinds.FORMS[0].name)
    asked = Asked(form=kind.name, sweep=check.name, whom=whom if kind.name == account.FORM.name else "")
    series = _series(desk, asked)
    context = ReportsPage(
        asked=asked,
        checks=checks(ws, check),
        forms=tuple(Option(value=one.name, word=one.words, chosen=one is kind) for one in kinds.FORMS),
        formats=tuple(Option(value=suffix, word=word, chosen=True) for suffix, word in FORMATS if suffix in kind.formats),
        words=kind.words,
        one_account=kind.name == account.FORM.name,
        may_print=may_print,
        gates=asked.address("/reports/gates"),
        versions=tuple(version_of(ws, one, asked.address("/reports")) for one in reversed(series[-_MOST_SHOWN:])),
        choices=tuple(Option(value=one.label, word=one.label) for one in series if one.part == 1),
        preview=f"/reports/shown/{preview}" if preview else "",
        because=because,
        error=error,
    )
    return page(request, "reports.html", "报告", context, status=422 if error else 200)


def _series(desk: Desk, asked: Asked) -> list[Print]:
    """What was printed of the form in this check; on which account, where the form is about one."""
    held = desk.ws.store.prints(asked.sweep, asked.form)
    if asked.form != account.FORM.name:
        return list(held)
    own = desk.ws.account(asked.whom).account_id if asked.whom else None
    return [one for one in held if own is None or one.whom == own]


@router.get("/reports/gates")
def in_the_way(request: Request, desk: OnDesk, form: str = "", sweep: str = "", whom: str = "") -> HTMLResponse:
    """What stands in the way of the final print, one by one, judged anew where something came in."""
    check = _must(desk, sweep)
    record = desk.ws.sweep(check.name)
    found = gates(desk.ws, record, judgement_of(desk, record), today=day(desk.clock()), fresh=True)
    back = Asked(form=form, sweep=check.name, whom=whom).address("/reports")
    whole = "hx-request" not in request.headers
    context = GatesPage(gates=gate_lines(found), back=back, whole=whole)
    return page(request, "reports_gates.html" if whole else "reports_gates_part.html", "印发前还差什么", context)


def _must(desk: Desk, sweep: str) -> SweepHead:
    check = check_of(desk.ws, sweep)
    if check is None:
        raise UsageError("还没有正式检查,没有可打印的;请先粘贴链接或人工查看")
    return check


@router.post("/reports/draft", dependencies=[Depends(checked)])
def draft(
    request: Request,
    desk: OnDesk,
    form: Annotated[str, Form()] = "",
    sweep: Annotated[str, Form()] = "",
    whom: Annotated[str, Form(max_length=200)] = "",
    suffix: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Write a numbered draft, and show it."""
    asked = Asked(form=form, sweep=_must(desk, sweep).name, whom=whom)
    done = _write(request, desk, asked, suffix or [], final=False)
    return _went(desk, asked, done)


@router.post("/reports/final", dependencies=[Depends(checked)])
def final(
    request: Request,
    desk: OnDesk,
    form: Annotated[str, Form()] = "",
    sweep: Annotated[str, Form()] = "",
    whom: Annotated[str, Form(max_length=200)] = "",
    suffix: Annotated[list[str] | None, Form()] = None,
    because: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The final print; what stands in the way is told on the page, with the reason as it was written."""
    asked = Asked(form=form, sweep=_must(desk, sweep).name, whom=whom)
    try:
        done = _write(request, desk, asked, suffix or [], final=True, because=because)
    except UsageError as error:
        return _shown(request, desk, True, form, asked.sweep, whom, because=because, error=str(error))
    return _went(desk, asked, done)


def _write(
    request: Request, desk: Desk, asked: Asked, wanted: Sequence[str], *, final: bool, because: str = ""
) -> tuple[Printed, str]:
    """Print; returns also the sentence for a form that has nothing to print."""
    ws, kind = desk.ws, kinds.form_of(asked.form)
    record = ws.sweep(asked.sweep)
    judgement_of(desk, record)
    lent = printer() if "pdf" in wanted or "docx" in wanted else None
    if "pdf" in wanted and lent is None:
        raise UsageError("没有找到能用的浏览器,做不成 PDF;请装 Chrome 或 Edge,或不选 PDF,先导出 Word")
    # the page in the frame is the form itself: it is always written along
    formats = [suffix for suffix, _ in FORMATS if suffix in kind.formats and (suffix in wanted or suffix == "html")]
    done = report(
        ws,
        kind.name,
        record,
        to=ws.reports if final else ws.reports / DRAFTS,
        formats=formats,
        final=final,
        printer=lent if "pdf" in wanted else None,
        account=ws.account(asked.whom) if asked.whom else None,
        drawer=html_to_png if lent and "docx" in wanted else None,
        order=Order(who=who_of(request, desk), because=because, at=desk.clock(), fresh=True),
    )
    return done, kind.nothing


def _went(desk: Desk, asked: Asked, told: tuple[Printed, str]) -> Response:
    done, nothing = told
    if not done.files:
        return after(asked.address("/reports"), nothing)
    again = "内容与上一次相同,稿次不变" if done.again else "已写出"
    left = f";另有{done.left_out}个账号的平台在本表没有栏目,没有列入" if done.left_out else ""
    released = f";凭理由放行{len(done.released)}项" if done.released else ""
    return after(asked.address("/reports", preview=_sheet(desk, asked, done)), f"{done.label}:{again}{left}{released}")


def _sheet(desk: Desk, asked: Asked, done: Printed) -> str:
    """`token/place` of the page that was just printed; empty where it has none."""
    for one in reversed(_series(desk, asked)):
        for place, file in enumerate(one.files):
            if one.label == done.label and file.name.endswith(".html"):
                return f"{one.token}/{place}"
    return ""


@router.get("/reports/shown/{token}/{place}")
def shown(desk: OnDesk, token: str, place: int) -> Response:
    """A printed page, for the frame: byte for byte as it was printed, and shut in."""
    raw, name = _file(desk, token, place)
    if not name.endswith(".html"):
        raise HTTPException(404)
    return Response(raw, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": SHEET})


@router.get("/reports/files/{token}/{place}")
def file(desk: OnDesk, token: str, place: int) -> Response:
    """A printed file, to be saved, under its number word."""
    raw, name = _file(desk, token, place)
    return attachment(raw, name)


def _file(desk: Desk, token: str, place: int) -> tuple[bytes, str]:
    told = desk.ws.store.print_of(token)
    if told is None or not 0 <= place < len(told.files):
        raise HTTPException(404)
    path = printed_path(desk.ws, told, told.files[place])
    if path is None:
        raise UsageError(f"“{told.files[place].name}”({told.label})已被改动或移走,没有原样的文件可给;请再打印一次")
    return path.read_bytes(), told.files[place].numbered(told.label)


@router.get("/reports/diff")
def diff(
    request: Request, desk: OnDesk, form: str = "", sweep: str = "", whom: str = "", since: str = "", until: str = ""
) -> HTMLResponse:
    """Two versions: who came on, who went off, whose findings changed, and why."""
    asked = Asked(form=kinds.form_of(form).name, sweep=_must(desk, sweep).name, whom=whom)
    series = _series(desk, asked)
    before, later = versions.find(desk.ws, series, since or None, -2), versions.find(desk.ws, series, until or None, -1)
    found = versions.compare(desk.ws, before, later)
    context = DiffPage(
        asked=asked,
        words=kinds.form_of(form).words,
        found=found,
        back=asked.address("/reports"),
        groups=(("新上", found.came), ("撤下", found.left), ("有变化", found.changed)),
    )
    return page(request, "reports_diff.html", "两稿比较", context)
