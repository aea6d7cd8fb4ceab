"""征求意见: send to the units, take their answers in, rule on objections, see who has not answered."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from tracker import consult
from tracker.clock import day
from tracker.console.background import Background
from tracker.console.checks import judgement_of
from tracker.console.consult_views import (
    MOST,
    FindingLine,
    PacketLine,
    RefusedSheet,
    UnitLine,
    finding_line,
    objection_lines,
    packet,
    refused_sheet,
    unit_lines,
)
from tracker.console.desk import Desk, OnDesk
from tracker.console.letters import Option, check_of, checks, proof
from tracker.console.pages.looks import who_of
from tracker.console.render import after, attachment, page
from tracker.console.signing import checked
from tracker.console.uploads import lay_down
from tracker.consult.replies import MOST as MOST_BYTES
from tracker.demo import printer
from tracker.errors import UsageError
from tracker.report import told, window_of
from tracker.review import last_head, last_judgement
from tracker.store import Ruled, SweepHead

router = APIRouter()

TITLE = "征求意见"
SHEETS = (".xlsx", ".xls", ".csv")
_RULED = {"accept": Ruled.ACCEPTED, "partly": Ruled.PARTLY, "reject": Ruled.REJECTED}
_MOST_RULED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultPage:
    """`consult.html`; `sweep` empty = there is no formal check yet. `units` are one page of `total`."""

    sweep: str
    checks: tuple[Option, ...] = ()
    sent: tuple[str, ...] = ()
    """One sentence for each sending."""
    due: str = ""
    """Deadline that is proposed; empty where it cannot be counted out."""
    earliest: str = ""
    blank: bool = False
    """Whether issuer or contact are not set, so that the letters hold ××."""
    units: tuple[UnitLine, ...] = ()
    total: int = 0
    following: str = ""
    """Address of the next page of units."""
    waiting: tuple[FindingLine, ...] = ()
    ruled: tuple[FindingLine, ...] = ()
    running: bool = False
    line: str = ""
    """How the sending goes or went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """`consult_unit.html`: one unit, what it was asked, what it said."""

    organisation: str
    findings: tuple[FindingLine, ...]
    packets: tuple[tuple[str, tuple[PacketLine, ...]], ...]
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage:
    """`consult_taken.html`: reply sheets that were taken in, and those that were not, row by row."""

    taken: tuple[consult.Taken, ...]
    refused: tuple[RefusedSheet, ...]
    back: str


@router.get("/consult")
def overview(request: Request, desk: OnDesk, sweep: str = "", start: int = 0) -> HTMLResponse:
    """Who was asked, who answered, which objections wait."""
    ws, check, today = desk.ws, check_of(desk.ws, sweep), day(desk.clock())
    if check is None:
        return page(request, "consult.html", TITLE, ConsultPage(sweep=""))
    found = consult.known(ws, check)
    units, state = unit_lines(found, check, today), desk.background.state
    ours = state if state is not None and state.title == TITLE else None
    told_by = ws.settings.bulletin
    context = ConsultPage(
        sweep=check.name,
        checks=checks(ws, check),
        sent=tuple(
            f"第{number}次:{one.at:%Y-%m-%d %H:%M} {one.who or '未署名'} 发出,{len(one.asked)}个单位,截止 {one.deadline}"
            for number, one in enumerate(ws.store.consultations(check.name), 1)
        ),
        due=_due(desk, desk.clock()),
        earliest=today.isoformat(),
        blank=not (told_by.issuer and told_by.contact),
        units=units[start : start + MOST],
        total=len(units),
        following=f"/consult?sweep={quote(check.name)}&start={start + MOST}" if start + MOST < len(units) else "",
        waiting=tuple(objection_lines(ws, found, ruled=False)),
        ruled=tuple(objection_lines(ws, found, ruled=True))[:_MOST_RULED],
        running=ours is not None and ours.running,
        line=ours.line if ours else "",
    )
    return page(request, "consult.html", TITLE, context)


def _due(desk: Desk, at: datetime) -> str:
    """The deadline of tracker.toml's working days; empty where the holidays of that time are not known."""
    with suppress(UsageError):
        return consult.due_on(desk.ws.profile().calendar, day(at), desk.ws.settings.consult.days).isoformat()
    return ""


@router.post("/consult/send", dependencies=[Depends(checked)])
def send(request: Request, desk: OnDesk, sweep: Annotated[str, Form()] = "", deadline: Annotated[str, Form()] = "") -> Response:
    """Write the packets of every unit, in the background: a PDF takes a second or two."""
    check, who = _must(desk, sweep), who_of(request, desk)
    try:
        due = date.fromisoformat(deadline)
    except ValueError as error:
        raise UsageError("没有写截止日期;请选一个日期,单位要在这一天以前(含当天)反馈") from error

    def work(background: Background) -> str:
        background.note(lambda state: state)
        return _sent(desk, check, due, who)

    if not desk.background.start(TITLE, work):
        raise UsageError("另一件事正在进行(例如打开链接);请等它做完再发")
    return after(f"/consult?sweep={quote(check.name)}", "正在写给各单位的函、检查记录和反馈表")


def _sent(desk: Desk, check: SweepHead, due: date, who: str) -> str:
    ws, at = desk.ws, desk.clock()
    record = ws.sweep(check.name)
    judgement_of(desk, record)
    facts = told(ws, record, last_judgement(ws, record), final=False)
    done = consult.ask(facts, deadline=due, to=ws.reports, printer=printer(), who=who, at=at)
    if done is None:
        return "没有不合格账号,不用征求意见"
    count = len(done.consultation.asked)
    return f"第{done.number}次征求意见已写好,{count}个单位,在 reports/{done.folder.name},每个单位一个文件夹"


def _must(desk: Desk, sweep: str) -> SweepHead:
    check = check_of(desk.ws, sweep)
    if check is None:
        raise UsageError("还没有正式检查,没有可征求意见的;请先粘贴链接或人工查看")
    return check


@router.post("/consult/replies", dependencies=[Depends(checked)])
def replies(
    request: Request,
    desk: OnDesk,
    sheet: Annotated[list[UploadFile] | None, File()] = None,
    proofs: Annotated[list[UploadFile] | None, File()] = None,
    sweep: Annotated[str, Form()] = "",
    received: Annotated[str, Form()] = "",
) -> Response:
    """Take reply sheets in with the files that they name; a sheet with a row that is not understood is not taken at all."""
    check, at = _must(desk, sweep), desk.clock()
    on = _received(received, day(at))
    with TemporaryDirectory(prefix="tracker-") as folder:
        sheets = lay_down(sheet or (), Path(folder), SHEETS, MOST_BYTES)
        lay_down(proofs or (), Path(folder), (), MOST_BYTES)
        if not sheets:
            raise UsageError("没有选反馈表;请先选单位交回的 .xlsx 反馈表")
        who = who_of(request, desk)
        done = [_taken(desk, check, path, on, who, at) for path in sheets]
    taken, refused = tuple(one for one in done if not one.problems), tuple(one for one in done if one.problems)
    back = f"/consult?sweep={quote(check.name)}"
    if not refused:
        count = sum(len(one.objections) for one in taken)
        objects = sum(one.objects for each in taken for one in each.objections)
        late = ",逾期收到,已注明" if any(one.late for one in taken) else ""
        return after(back, f"收下{len(taken)}份反馈表:{count}条意见,其中异议{objects}条{late}")
    context = TakenPage(taken=taken, refused=tuple(map(refused_sheet, refused)), back=back)
    return page(request, "consult_taken.html", "反馈表没有全收下", context, status=422)


def _received(told_on: str, today: date) -> date:
    try:
        found = date.fromisoformat(told_on) if told_on else today
    except ValueError as error:
        raise UsageError(f"收到日期“{told_on}”不是日期;请写成 2026-11-13") from error
    if found > today:
        raise UsageError(f"收到日期 {found} 在今天以后;请改正")
    return found


def _taken(desk: Desk, check: SweepHead, path: Path, on: date, who: str, at: datetime) -> consult.Taken:
    """One sheet; one that is none, or was taken before, is told like a wrong row."""
    try:
        return consult.take_in(desk.ws, check, path, received=on, who=who, at=at)
    except UsageError as error:
        return consult.Taken(file=path.name, problems=(str(error),))


@router.post("/consult/rule/{number}", dependencies=[Depends(checked)])
def rule(
    request: Request,
    desk: OnDesk,
    number: int,
    sweep: Annotated[str, Form()] = "",
    outcome: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=2000)] = "",
    words: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Answer one objection: accept, accept in part with other words, or refuse; always with a reason."""
    check = _must(desk, sweep)
    found = next((one for one in consult.known(desk.ws, check).values() if any(said.id == number for said in one.said)), None)
    account = desk.ws.store.account(found.account_id) if found else None
    if found is None or account is None or found.last is None:
        raise HTTPException(404, "没有这条异议;请从“征求意见”页重新打开")
    if found.last.id != number:
        raise UsageError("单位后来又交了新的意见,这一条不再作数;请回到“征求意见”页看新的一条")
    _must_be_whole(outcome, why, words)
    consult.answer(
        desk.ws,
        check,
        account,
        found.code,
        _RULED[outcome],
        desk.adapters,
        why=why,
        words=words if outcome == "partly" else "",
        who=who_of(request, desk),
        at=desk.clock(),
    )
    verdict = desk.ws.store.verdict(last_head(desk.ws, check), account.account_id)
    now = f";现在的检查结果:{verdict.word}" if verdict else ""
    return after(f"/consult?sweep={quote(check.name)}", f"{account.name}的{found.code}:{_RULED[outcome]}{now}")


def _must_be_whole(outcome: str, why: str, words: str) -> None:
    if outcome not in _RULED:
        raise UsageError("没有选怎样答复;请选采纳、部分采纳或不采纳")
    if not why.strip():
        raise UsageError(f"{_RULED[outcome]}须写明理由;请返回补上")
    if outcome == "partly" and not words.strip():
        raise UsageError("部分采纳须写明问题改成怎样的说法;请返回补上")


@router.get("/consult/unit")
def unit(request: Request, desk: OnDesk, name: str, sweep: str = "") -> HTMLResponse:
    """One unit: its packets, its findings, what it said."""
    check = _must(desk, sweep)
    own = [one for one in consult.known(desk.ws, check).values() if one.organisation == name and (one.sent or one.said)]
    if not own:
        raise HTTPException(404, "没有向这个单位征求过意见")
    sent = enumerate(desk.ws.store.consultations(check.name), 1)
    context = UnitPage(
        organisation=name,
        findings=tuple(finding_line(desk.ws, one) for one in own),
        packets=tuple(
            (f"第{number}次,截止 {one.deadline}", files) for number, one in sent if (files := packet(desk.ws, one, number, name))
        ),
        back=f"/consult?sweep={quote(check.name)}",
    )
    return page(request, "consult_unit.html", name, context)


@router.get("/consult/files/{number}/{place}")
def packet_file(desk: OnDesk, number: int, place: int) -> Response:
    """One file of a packet, to be saved."""
    sent = next(
        (one for each in desk.ws.store.sweeps() for one in desk.ws.store.consultations(each.name) if one.id == number), None
    )
    if sent is None or not 0 <= place < len(sent.files):
        raise HTTPException(404)
    path = desk.ws.reports / sent.files[place]
    if not path.is_file():
        raise UsageError(f"“{sent.files[place]}”已经移走或删除,没有文件可给")
    return attachment(path.read_bytes(), f"{path.parent.name}-{path.name}")


@router.get("/consult/proofs/{number}/{place}")
def proof_file(request: Request, desk: OnDesk, number: int, place: int, save: str = "") -> Response:
    """One file that a unit sent with an objection."""
    found = desk.ws.store.objection(number)
    if found is None:
        raise HTTPException(404)
    return proof(request, desk.ws, found.attachments, place, save)


@router.get("/consult/table")
def table(desk: OnDesk, sweep: str = "", kind: str = "docx") -> Response:
    """征求意见情况表, to be saved."""
    check = _must(desk, sweep)
    start, end, period = window_of(desk.ws, desk.ws.sweep(check.name))
    found = consult.opinions(desk.ws, check, last_judgement(desk.ws, check))
    with TemporaryDirectory(prefix="tracker-") as folder:
        files: Sequence[Path] = consult.write_overview(
            consult.context(period, start, end, found), Path(folder), desk.ws.templates
        )
        path = next((one for one in files if one.suffix == f".{kind}"), None)
        if path is None:
            raise UsageError("没有征求过意见,没有情况表;或者没有这种格式")
        return attachment(path.read_bytes(), path.name)
