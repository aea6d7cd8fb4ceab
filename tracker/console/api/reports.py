"""GET and POST /reports: what was printed, its files, and another draft. The final print takes a person at the page."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tracker.console.api.answers import CHANGES, PREFIX, OnPaging, Page, by_number
from tracker.console.api.models import Sent
from tracker.console.api.once import Keyed, keyed
from tracker.console.checks import judgement_of
from tracker.console.desk import OnDesk
from tracker.console.letters import DRAFTS, check_of, printed_path
from tracker.console.render import attachment
from tracker.console.rights import own
from tracker.console.signing import OnPerson
from tracker.errors import UsageError
from tracker.report import Order, Printed, report
from tracker.store import Print

router = APIRouter(prefix=PREFIX, tags=["报告"], route_class=Keyed)


class FileOut(BaseModel):
    """One printed file; `url` = where it is fetched."""

    name: str
    sha256: str
    url: str


class ReportOut(BaseModel):
    """One print of a form; `label` is its number word, `whom` the account of a report on one."""

    token: str
    sweep: str
    period: str | None
    form: str
    whom: str
    kind: Literal["draft", "final"]
    label: str
    title: str
    profile: str
    at: datetime
    who: str
    files: list[FileOut]


class ReportsOut(Page):
    """A page of prints in the order of printing."""

    items: list[ReportOut]


class DraftIn(Sent):
    """Which form of which check is printed as a draft."""

    form: str = Field(max_length=40, description="报表,例如 noncompliant")
    sweep: str = Field(default="", max_length=200, description="批次;空 = 决定名单的正式检查")
    account: str = Field(default="", max_length=200, description="账号编号;只用于 account(单个账号的检查记录)")
    formats: list[Literal["docx", "xlsx", "html", "csv", "json"]] = Field(min_length=1, max_length=5)


class DraftOut(BaseModel):
    """What was printed; `report` null = the form has no rows, so there is nothing to print."""

    label: str
    rows: int
    again: bool
    """Whether the same was printed before."""
    report: ReportOut | None


@router.get("/reports", summary="打印过的报告")
def reports(
    request: Request,
    desk: OnDesk,
    paging: OnPaging,
    sweep: Annotated[str, Query(max_length=200)] = "",
    form: Annotated[str, Query(max_length=40)] = "",
) -> ReportsOut:
    """All prints, drafts and final ones."""
    held = [one for one in desk.ws.store.prints() if sweep in ("", one.sweep) and form in ("", one.form)]
    rows, following = paging.pick(held, lambda one: by_number(one.id))
    return ReportsOut(items=[_out(one) for one in rows], next=following)


def _out(one: Print) -> ReportOut:
    base = f"/api/v1/reports/{quote(one.token)}/files"
    names = ("token", "sweep", "period", "form", "whom", "kind", "label", "title", "profile", "at", "who")
    files = [FileOut(name=each.name, sha256=each.sha256, url=f"{base}/{place}") for place, each in enumerate(one.files)]
    return ReportOut(**{name: getattr(one, name) for name in names}, files=files)


@router.get(
    "/reports/{token}/files/{place}",
    summary="报告的一个文件",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def file(request: Request, desk: OnDesk, token: str, place: Annotated[int, Path(ge=0, le=999)]) -> Response:
    """A printed file, byte for byte as it was printed."""
    told = desk.ws.store.print_of(token.replace("\0", ""))
    if told is None or place >= len(told.files):
        raise HTTPException(404, "没有这个文件;请从 /api/v1/reports 取它的地址")
    if told.whom:
        own(request, told.whom)
    path = printed_path(desk.ws, told, told.files[place])
    if path is None:
        raise UsageError(f"“{told.files[place].name}”({told.label})已被改动或移走,没有原样的文件可给;请再打印一次")
    return attachment(path.read_bytes(), told.files[place].numbered(told.label))


@router.post("/reports", summary="打印草稿", status_code=201, dependencies=[Depends(keyed)], responses=CHANGES)
def draft(request: Request, desk: OnDesk, signed: OnPerson, told: DraftIn) -> DraftOut:
    """Print a numbered draft; the same content keeps its number."""
    ws, check = desk.ws, check_of(desk.ws, told.sweep)
    if check is None:
        raise UsageError("还没有正式检查,没有可打印的")
    if told.account:
        own(request, told.account)
    whom = ws.store.account(told.account) if told.account else None
    if told.account and whom is None:
        raise HTTPException(404, "台账里没有这个账号")
    record = ws.sweep(check.name)
    judgement_of(desk, record)
    done = report(
        ws,
        told.form,
        record,
        to=ws.reports / DRAFTS,
        formats=list(dict.fromkeys(told.formats)),
        final=False,
        printer=None,
        account=whom,
        order=Order(who=signed.person.name, at=desk.clock(), fresh=True),
    )
    held = [one for one in ws.store.prints(check.name, told.form) if one.kind == "draft" and one.label == done.label]
    return _drafted(done, held[-1] if held and done.files else None)


def _drafted(done: Printed, made: Print | None) -> DraftOut:
    return DraftOut(label=done.label, rows=done.rows, again=done.again, report=_out(made) if made else None)
