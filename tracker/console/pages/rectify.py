"""整改: last period's findings held against this check, what units report of them, and a further look where it is wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from tracker import links
from tracker.console.desk import Desk, OnDesk
from tracker.console.letters import Option, check_of, checks, proof
from tracker.console.own_views import DonePart, done_part
from tracker.console.pages.looks import who_of
from tracker.console.render import after, attachment, page
from tracker.console.signing import checked
from tracker.errors import UsageError
from tracker.files import write_csv, write_xlsx
from tracker.model import Period
from tracker.rectify import Recheck, Rectification, Word, recheck
from tracker.rectify.table import new_words, sentences, sheets
from tracker.store import RectificationReport, SweepHead
from tracker.workspace import Workspace

router = APIRouter()

_PAGE = 50
_LOOKS = {Word.RECTIFIED: "good", Word.PARTLY: "bad", Word.NOT: "bad", Word.UNKNOWN: "wait", Word.CLOSING: "soft"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """One old finding: its words, what became of it, and why this is said."""

    words: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RectifyLine:
    """One account that had findings. `again` empty = it is not in the registry, nobody can look."""

    account_id: str
    name: str
    kind: str
    organisation: str
    word: str
    look: str
    held: tuple[HeldLine, ...]
    fresh: str
    done: tuple[DonePart, ...]
    again: str
    link: str
    """The newest link that the unit reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What a unit reports of a finding of this very check, before the next one looks."""

    account_id: str
    name: str
    done: DonePart
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RectifyPage:
    """`rectify.html`; `sweep` empty = no formal check yet. `problem` = why nothing can be held against each other."""

    sweep: str
    against: str = ""
    title: str = ""
    checks: tuple[Option, ...] = ()
    periods: tuple[Option, ...] = ()
    words: tuple[Option, ...] = ()
    sentences: tuple[str, ...] = ()
    stale: bool = False
    lines: tuple[RectifyLine, ...] = ()
    total: int = 0
    following: str = ""
    table: str = ""
    """Address of the tables, the kind to be added."""
    reports: tuple[NewReport, ...] = ()
    problem: str = ""


@router.get("/rectify")
def overview(request: Request, desk: OnDesk, sweep: str = "", against: str = "", word: str = "", start: int = 0) -> HTMLResponse:
    """What became of the findings of an earlier period."""
    ws, check = desk.ws, check_of(desk.ws, sweep)
    if check is None:
        return page(request, "rectify.html", "整改", RectifyPage(sweep=""))
    period = _against(ws, check, against)
    base = RectifyPage(
        sweep=check.name,
        against=period.name if period else "",
        checks=checks(ws, check),
        periods=tuple(_periods(ws, check, period)),
        reports=tuple(_new(ws, check)),
    )
    return page(request, "rectify.html", "整改", _filled(ws, base, check, period, word, start))


def _filled(ws: Workspace, base: RectifyPage, check: SweepHead, period: Period | None, word: str, start: int) -> RectifyPage:
    same = {"sweep": base.sweep, "checks": base.checks, "periods": base.periods, "reports": base.reports}
    if period is None:
        return RectifyPage(**same, problem="这次检查以前还没有别的检查期,没有可对照的;以前的纸质通报可以导入")  # type: ignore[arg-type]  # one bag of several types
    try:
        told = recheck(ws, check, period)
    except UsageError as error:
        return RectifyPage(**same, against=base.against, problem=str(error))  # type: ignore[arg-type]  # the same
    held = [one for one in told.accounts if one.held and (not word or one.word == word)]
    asked = {"sweep": check.name, "against": period.name, "word": word}
    return RectifyPage(
        **same,  # type: ignore[arg-type]  # the same
        against=period.name,
        title=period.title,
        words=tuple(_words(told, word)),
        sentences=tuple(sentences(told.summary)),
        stale=told.stale,
        lines=tuple(_lines(ws, held[start : start + _PAGE], period)),
        total=len(held),
        following=f"/rectify?{urlencode({**asked, 'start': start + _PAGE})}" if start + _PAGE < len(held) else "",
        table=f"/rectify/table?{urlencode({'sweep': check.name, 'against': period.name})}",
    )


def _against(ws: Workspace, check: SweepHead, told: str) -> Period | None:
    """The earlier period: as asked, else the one before. Raises UsageError for one that there is not."""
    if told:
        found = ws.store.period(told)
        if found is None:
            raise UsageError(f"没有名为“{told}”的检查期;请在页面上另选一个")
        return found
    return ws.store.previous_period(check.period) if check.period else None


def _periods(ws: Workspace, check: SweepHead, chosen: Period | None) -> Iterator[Option]:
    for one in reversed(ws.store.periods()):
        if one.name != check.period:
            yield Option(value=one.name, word=one.title, chosen=chosen is not None and one.name == chosen.name)


def _words(told: Recheck, chosen: str) -> Iterator[Option]:
    counted: dict[str, int] = {}
    for one in told.accounts:
        if one.held:
            counted[one.word.value] = counted.get(one.word.value, 0) + 1
    yield Option(value="", word=f"全部 {sum(counted.values())}", chosen=not chosen)
    for word, count in counted.items():
        yield Option(value=word, word=f"{word} {count}", chosen=word == chosen)


def _lines(ws: Workspace, held: Sequence[Rectification], period: Period) -> Iterator[RectifyLine]:
    """A page of accounts, each with what its unit reported on the earlier period's check."""
    told: dict[str, list[RectificationReport]] = {}
    whom = [one.whom for one in held]
    for check in ws.store.sweeps():
        if check.period == period.name and check.kind == "check":
            for one in ws.store.rectification_reports(check.name, whom):
                told.setdefault(one.account_id, []).append(one)
    for each in held:
        yield _line(ws, each, told.get(each.whom, ()))


def _line(ws: Workspace, one: Rectification, reports: Sequence[RectificationReport]) -> RectifyLine:
    filed = one.account or one.earlier
    known = ":" not in one.whom
    return RectifyLine(
        account_id=one.whom if known else "",
        name=one.name,
        kind=one.kind,
        organisation=filed.organisation if filed else "",
        word=one.printed,
        look=_LOOKS.get(one.word, "soft"),
        held=tuple(HeldLine(words=each.old.words, word=each.word.value, reason=each.reason) for each in one.held),
        fresh=new_words(one),
        done=tuple(done_part(ws, report, "/rectify/proofs") for report in reports),
        again=f"/rectify/{quote(one.whom)}/again" if known else "",
        link=next((report.url for report in reversed(reports) if report.url), ""),
    )


def _new(ws: Workspace, check: SweepHead) -> Iterator[NewReport]:
    for one in reversed(ws.store.rectification_reports(check.name)[-_PAGE:]):
        account = ws.store.account(one.account_id)
        yield NewReport(
            account_id=one.account_id,
            name=account.name if account else one.account_id,
            done=done_part(ws, one, "/rectify/proofs"),
            again=f"/rectify/{quote(one.account_id)}/again" if account else "",
        )


@router.get("/rectify/table")
def table(desk: OnDesk, sweep: str = "", against: str = "", kind: str = "xlsx") -> Response:
    """The re-check as a table, to be saved."""
    check = check_of(desk.ws, sweep)
    period = _against(desk.ws, check, against) if check else None
    if check is None or period is None or kind not in ("xlsx", "csv"):
        raise UsageError("没有可导出的整改情况;请在“整改”页选检查和上一期")
    told = recheck(desk.ws, check, period)
    with TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / f"整改情况({period.title}).{kind}"
        accounts, findings = sheets(told)
        if kind == "csv":
            write_csv(path, accounts.cells)
        else:
            write_xlsx(path, [accounts, findings])
        return attachment(path.read_bytes(), path.name)


@router.get("/rectify/proofs/{number}/{place}")
def proof_file(request: Request, desk: OnDesk, number: int, place: int, save: str = "") -> Response:
    """One file that a unit sent with a report."""
    found = desk.ws.store.rectification_report(number)
    if found is None:
        raise HTTPException(404)
    return proof(request, desk.ws, found.attachments, place, save)


@router.post("/rectify/{account_id}/again", dependencies=[Depends(checked)])
def again(request: Request, desk: OnDesk, account_id: str, url: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """复查: the link, where there is one, waits to be opened; then on to the account's look."""
    account = desk.ws.store.account(account_id)
    if account is None:
        raise HTTPException(404, "台账里没有这个账号;请从“整改”页重新打开")
    return after(f"/looks/{quote(account_id)}", f"复查“{account.name}”:{_waiting(request, desk, url)}")


def _waiting(request: Request, desk: Desk, url: str) -> str:
    if not url.strip():
        return "打开账号看一眼,填好保存"
    pasted = links.paste(desk.ws, url, desk.adapters, who=who_of(request, desk), at=desk.clock())
    if not pasted.links:
        return "这个链接不是本程序认识的平台的,没有收;请打开账号看一眼"
    return "链接已收下,在“粘贴链接”页打开;也可以现在看一眼"
