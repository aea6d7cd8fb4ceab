"""名单: the draft as it would be printed now, what could not be checked and why, the files to be sent out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.clock import day
from tracker.console.checks import SMALL, judge_behind, judged, judgement_of, shown_check, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import who_of
from tracker.console.render import after, attachment, page
from tracker.console.signing import OnPerson, checked
from tracker.demo import printer
from tracker.draw import FILE as DRAWN
from tracker.errors import UsageError
from tracker.judge import judge_streamed
from tracker.model import Conclusion, Verdict
from tracker.people import Right
from tracker.report import Order, Printer, context_of, report
from tracker.reports.noncompliant import COLUMNS, NoncompliantContext
from tracker.store import Judgement, JudgementHead, SweepHead, SweepRecord, Turn, VerdictAsk, VerdictTally

router = APIRouter()

FORM = "noncompliant"
DRAFTS = "草稿"
"""Folder of drafts below the workspace's reports: a draft never takes the place of the final list."""

ROWS = 100
"""Rows of the list on one page of the screen; the files hold all."""
UNCHECKED = 20
"""Accounts that could not be checked which are shown here; 结果 has all."""

KINDS: Mapping[str, tuple[str, str]] = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": ("PDF", "application/pdf"),
    "csv": ("CSV", "text/csv; charset=utf-8"),
}
"""Suffix → what people call it, and its media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One verdict word and how many accounts have it."""

    word: str
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One row as printed, and whose card stands behind it."""

    account_id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UncheckedRow:
    """One account that could not be checked, and every reason, each once."""

    account_id: str
    kind: str
    name: str
    organisation: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A list that was written: its name, the word for its kind, `final` or a draft, and the address to fetch it."""

    name: str
    kind: str
    final: bool
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The whole list as it would be printed now: its head, and its rows."""

    paper: NoncompliantContext
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`list.html`; `paper` None = there is no check yet, and nothing else is set but perhaps `again`."""

    paper: NoncompliantContext | None
    """Its head; the rows stand in `rows`."""
    again: str = ""
    """Why this is not the last word; empty = it is."""
    header: tuple[str, ...] = ()
    rows: tuple[PrintedRow, ...] = ()
    """Of this page."""
    total: int = 0
    """Rows of the whole list."""
    at: int = 1
    pages: int = 1
    counts: tuple[Count, ...] = ()
    unchecked: tuple[UncheckedRow, ...] = ()
    """The first of them."""
    unchecked_total: int = 0
    open_ones: int = 0
    """Candidates that wait for a person: while there are any, no final list."""
    profile: str = ""
    judged_at: str = ""
    kinds: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()


@router.get("/list")
def listing(request: Request, desk: OnDesk, at: int = 1) -> HTMLResponse:
    """The list as it stands, `at` = which page of it; judged anew where something came in since the last time."""
    ws = desk.ws
    check = shown_head(ws, desk.clock())
    shown = judged(desk, check) if check else None
    if check is None or shown is None or shown.head is None:
        return page(request, "list.html", "名单", ListPage(paper=None, again=shown.again if shown else ""))
    head, draft = shown.head, _draft(desk, check, shown.head)
    tally, pages = ws.store.verdict_tally(head), max(1, -(-len(draft.rows) // ROWS))
    here = min(max(at, 1), pages)
    unchecked = ws.store.list_verdicts(head, VerdictAsk(conclusion=Conclusion.UNCHECKED), Turn(size=UNCHECKED))
    context = ListPage(
        paper=draft.paper,
        again=shown.again,
        header=tuple(column.header for column in COLUMNS),
        rows=draft.rows[(here - 1) * ROWS : here * ROWS],
        total=len(draft.rows),
        at=here,
        pages=pages,
        counts=_counts(tally),
        unchecked=tuple(map(_unchecked, unchecked.rows)),
        unchecked_total=sum(one.accounts for one in tally if one.conclusion == Conclusion.UNCHECKED),
        open_ones=sum(one.waiting for one in tally),
        profile=desk.profile(head.profile).title,
        judged_at=f"{head.at:%Y-%m-%d %H:%M}",
        kinds=tuple((suffix, word) for suffix, (word, _) in KINDS.items()),
        files=tuple(_files(ws.reports)),
    )
    return page(request, "list.html", "名单", context)


def _draft(desk: Desk, check: SweepHead, head: JudgementHead) -> Draft:
    """The list as it would be printed, of the failing accounts alone; made once per judgement and ruling, then remembered."""
    ws = desk.ws
    ruled = tuple((one.account_id, one.code, one.ruling) for one in ws.store.objections(check.name))
    period = ws.store.period(check.period) if check.period else None
    known = (ws.root, head.number, ruled, period, ws.settings.scope)
    if desk.draft[0] == known and isinstance(desk.draft[1], Draft):
        return desk.draft[1]
    told = {field.name: getattr(head, field.name) for field in fields(JudgementHead)}
    failing = Judgement(**told, verdicts=tuple(ws.store.verdicts(head, (Conclusion.FAILED, Conclusion.TO_REVIEW))))
    sweep = SweepRecord(**{field.name: getattr(check, field.name) for field in fields(SweepHead)}, accounts=())
    paper = context_of(ws, sweep, failing, final=False)
    found = Draft(paper=replace(paper, rows=()), rows=_printed(paper, failing))
    desk.draft = (known, found)
    return found


def _printed(paper: NoncompliantContext, judgement: Judgement) -> tuple[PrintedRow, ...]:
    """The rows with the account behind each: the form itself does not say whose a row is, so type, name and unit must."""
    ids: dict[tuple[str, str], list[str]] = {}
    for one in judgement.verdicts:
        ids.setdefault((one.account.name, one.account.organisation), []).append(one.account.account_id)
    rows = []
    for row in paper.rows:
        own = ids.get((row.name, row.organisation), [])
        cells = tuple(str(getattr(row, column.field)) for column in COLUMNS)
        rows.append(PrintedRow(account_id=own.pop(0) if own else "", cells=cells))
    return tuple(rows)


def _counts(tally: Iterable[VerdictTally]) -> tuple[Count, ...]:
    counted: dict[str, int] = {}
    for one in tally:
        counted[one.word] = counted.get(one.word, 0) + one.accounts
    return tuple(Count(word=word, accounts=count) for word, count in sorted(counted.items(), key=lambda each: -each[1]))


def _unchecked(one: Verdict) -> UncheckedRow:
    reasons = dict.fromkeys(reason for told in one.undetermined for reason in told.reason.split(";"))
    return UncheckedRow(
        account_id=one.account.account_id,
        kind=one.account.kind,
        name=one.account.name,
        organisation=one.account.organisation,
        reasons=tuple(reasons),
    )


def _files(reports: Path) -> list[File]:
    found = []
    for place, final in ((reports, True), (reports / DRAFTS, False)):
        for path in sorted(place.glob("*")) if place.is_dir() else ():
            suffix = path.suffix.removeprefix(".")
            if path.is_file() and suffix in KINDS and path.name != DRAWN:
                address = f"/list/files/{'final' if final else 'draft'}/{quote(path.name)}"
                found.append(File(name=path.name, kind=KINDS[suffix][0], final=final, address=address))
    return found


@router.post("/list/judge", dependencies=[Depends(checked)])
def judge_again(desk: OnDesk) -> RedirectResponse:
    """判定: judge the check under the profile as it is now."""
    check = shown_head(desk.ws, desk.clock())
    if check is None:
        raise UsageError("还没有检查记录,没有可判定的;请先粘贴链接或人工查看")
    if desk.ws.store.sweep_size(check.name) > SMALL:
        began = judge_behind(desk, check, desk.ws.profile())
        return after("/list", "已开始重新判定,可以离开这个页面" if began else "正在重新判定,不用再点")
    head = judge_streamed(desk.ws, check, desk.ws.profile(), desk.adapters, at=desk.clock())
    return after("/list", f"已判定 {head.total} 个账号")


@router.post("/list/export", dependencies=[Depends(checked)])
def export(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    kind: Annotated[str, Form()] = "",
    final: Annotated[str, Form()] = "",
    because: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Write the list in one format and hand it out; `because` releases what a written reason may."""
    if final and not signed.person.may(Right.PRINT):
        raise HTTPException(403, "您的账户不能印发,可以导出草稿;要印发请找有印发权限的人")
    ws, check = desk.ws, shown_check(desk.ws, desk.clock())
    if check is None:
        raise UsageError("还没有检查记录,没有名单可导出;请先粘贴链接或人工查看")
    if kind not in KINDS:
        raise UsageError(f"没有这种格式;可以导出的是 {'、'.join(word for word, _ in KINDS.values())}")
    judgement_of(desk, check)
    lent = _printer() if kind == "pdf" else None
    to = ws.reports if final else ws.reports / DRAFTS
    order = Order(who=who_of(request, desk), because=because, at=desk.clock(), fresh=True)
    done = report(ws, FORM, check, to=to, formats=[kind], final=bool(final), printer=lent, order=order)
    if not done.files:
        return after("/list", "没有不合格的账号,不用印名单")
    return RedirectResponse(f"/list/files/{'final' if final else 'draft'}/{quote(done.files[0].name)}", status_code=303)


def _printer() -> Printer:
    lent = printer()
    if lent is None:
        raise UsageError("没有找到能用的浏览器,做不成 PDF;请装 Chrome 或 Edge,或先导出 Word 再另存为 PDF")
    return lent


@router.get("/list/files/{place}/{name}")
def file(desk: OnDesk, place: str, name: str) -> Response:
    """A list that was written, to be saved; only what `list.html` names."""
    found = next((one for one in _files(desk.ws.reports) if one.name == name and one.final is (place == "final")), None)
    if found is None or place not in ("final", "draft"):
        raise UsageError("没有这个文件;请在“名单”页重新导出")
    path = desk.ws.reports / name if found.final else desk.ws.reports / DRAFTS / name
    shown = path.name if found.final else f"{path.stem}(草稿{day(desk.clock())}){path.suffix}"
    return attachment(path.read_bytes(), shown, KINDS[path.suffix.removeprefix(".")][1])
