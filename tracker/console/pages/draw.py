"""抽查: which accounts the period's check is for, drawn so that anybody can draw the same list again."""

import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from tracker.clock import day
from tracker.console.checks import bind
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import remember, who_of
from tracker.console.render import after, attachment, page
from tracker.console.signing import checked
from tracker.draw import BY, FILE, Order, draw, failed_before, in_use, list_sheet, new_accounts, scope_sentence
from tracker.errors import UsageError
from tracker.files import write_xlsx
from tracker.model import Account, Period
from tracker.store import Draw, Method, Stratum
from tracker.text import clip, squeeze

router = APIRouter()

METHODS: Mapping[Method, str] = {"all": "全部", "new-failing": "新增和上期有问题的", "strata": "随机抽取"}
SHOWN = 100
"""Accounts of a drawn list that the page shows at first."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEED = re.compile(r"\d{1,9}")
_SIZE = re.compile(r"[1-9]\d{0,5}|\d{1,3}(\.\d{1,2})?%")
_MOST_WHY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The form as filled in. `seen` = how many draws of the period the page knew; `once` empty or 1."""

    period: str
    method: str = "strata"
    by: str = "region"
    size: str = "30%"
    seed: str = ""
    once: str = ""
    why: str = ""
    who: str = ""
    seen: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A method that can be chosen; `told` says what it takes in, `possible` False = why it cannot be used."""

    value: str
    title: str
    told: str
    possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One draw of the period, told for people."""

    number: int
    counts: bool
    """Whether it is the last one, by which the check goes."""
    at: str
    who: str
    how: str
    accounts: int
    why: str
    address: str
    """Of its list as .xlsx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The draw that counts: the bulletin's sentence, the list (`rest` more are in the file), the strata, what fell short."""

    sentence: str
    accounts: tuple[Account, ...]
    rest: int
    whole: str
    """Address of the page with all of them; empty where nothing is left out."""
    strata: tuple[Stratum, ...]
    short: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPage:
    """`draw.html`; `period` None = there is no period at all, and nothing else is set."""

    period: Period | None
    periods: tuple[Period, ...] = ()
    accounts: int = 0
    """In use: what can be drawn."""
    answers: Answers | None = None
    """None = the period is closed."""
    ways: tuple[Way, ...] = ()
    strata: tuple[tuple[str, str], ...] = ()
    result: Result | None = None
    made: tuple[Made, ...] = ()
    """Every draw of the period, the first one first; none is ever lost."""
    error: str = ""


@router.get("/draw")
def shown(request: Request, desk: OnDesk, period: str = "", whole: str = "") -> HTMLResponse:
    """The period's list, and the form that draws one."""
    found = _chosen(desk, period)
    if found is None:
        return page(request, "draw.html", "抽查", DrawPage(period=None))
    seed, seen = str(secrets.randbelow(10**9)), str(len(desk.ws.store.draws(found.name)))
    answers = Answers(period=found.name, seed=seed, who=who_of(request, desk), seen=seen)
    return page(request, "draw.html", "抽查", _context(desk, found, answers, whole=bool(whole)))


def _chosen(desk: Desk, name: str) -> Period | None:
    """The period named, else today's, else the one that began last. Raises UsageError for an unknown name."""
    store = desk.ws.store
    found = store.period(name or desk.ws.period_on(day(desk.clock())) or "")
    if name and found is None:
        raise UsageError("没有这个检查期;请回到“抽查”页重新选")
    return found or max(store.periods(), key=lambda one: one.start, default=None)


def _context(desk: Desk, period: Period, answers: Answers, *, whole: bool = False, error: str = "") -> DrawPage:
    ws = desk.ws
    draws, accounts = ws.store.draws(period.name), in_use(ws.store.accounts())
    return DrawPage(
        period=period,
        periods=tuple(sorted(ws.store.periods(), key=lambda one: one.start, reverse=True)),
        accounts=len(accounts),
        answers=None if period.closed_at else answers,
        ways=_ways(desk, period, accounts),
        strata=(*((value, f"按{word}分层") for value, word in BY.items()), ("", "不分层")),
        result=_result(desk, period, draws, whole) if draws else None,
        made=tuple(_made(period, number, one, len(draws)) for number, one in enumerate(draws, 1)),
        error=error,
    )


def _ways(desk: Desk, period: Period, accounts: Sequence[Account]) -> tuple[Way, ...]:
    told, possible = _new_failing(desk, period, accounts)
    return (
        Way(value="strata", title=METHODS["strata"], told="抽一部分,每个县区(或平台、主体类型)都按比例抽到", possible=True),
        Way(value="new-failing", title=METHODS["new-failing"], told=told, possible=possible),
        Way(value="all", title=METHODS["all"], told=f"在用的 {len(accounts)} 个账号都检查", possible=True),
    )


def _new_failing(desk: Desk, period: Period, accounts: Sequence[Account]) -> tuple[str, bool]:
    try:
        failed = failed_before(desk.ws, period, accounts)
    except UsageError:
        return "没有上期的检查结果,不知道哪些账号有问题,这个方法现在用不了", False
    new = set(new_accounts(desk.ws, period, accounts)) - set(failed)
    if not new and not failed:
        return "没有新报备的账号,上期也没有有问题的账号", False
    return f"新报备的 {len(new)} 个,上期有问题的 {len(failed)} 个", True


def _result(desk: Desk, period: Period, draws: Sequence[Draw], whole: bool) -> Result:
    made = draws[-1]
    accounts = _accounts(desk, made)
    shown = accounts if whole else accounts[:SHOWN]
    rest = len(accounts) - len(shown)
    return Result(
        sentence=scope_sentence(made),
        accounts=shown,
        rest=rest,
        whole=f"/draw?{urlencode({'period': period.name, 'whole': 1})}" if rest else "",
        strata=made.strata if len(made.strata) > 1 else (),
        short=tuple(
            f"“{one.name}”应抽 {one.wanted} 个,本年度还没有抽查过的只有 {one.drawn} 个"
            for one in made.strata
            if one.drawn < one.wanted
        ),
        address=_address(period, len(draws)),
    )


def _accounts(desk: Desk, made: Draw) -> tuple[Account, ...]:
    """The drawn accounts in the order of their list, as the registry has them now."""
    known = {one.account_id: one for one in desk.ws.store.accounts()}
    return tuple(known[own] for own in made.drawn if own in known)


def _made(period: Period, number: int, made: Draw, last: int) -> Made:
    parts = [
        METHODS[made.method] if made.method != "strata" else f"按{BY[made.by]}分层随机" if made.by else "随机",
        made.size,
        "本年度抽过的不再抽" if made.once_a_year else "",
        f"种子 {made.seed}" if made.size else "",
    ]
    return Made(
        number=number,
        counts=number == last,
        at=f"{made.at:%Y-%m-%d %H:%M}",
        who=made.who,
        how=",".join(part for part in parts if part),
        accounts=len(made.drawn),
        why=made.why,
        address=_address(period, number),
    )


def _address(period: Period, number: int) -> str:
    return f"/draw/file?{urlencode({'period': period.name, 'number': number})}"


def _answered(
    request: Request,
    desk: OnDesk,
    period: Annotated[str, Form()] = "",
    method: Annotated[str, Form()] = "",
    by: Annotated[str, Form()] = "",
    size: Annotated[str, Form()] = "",
    seed: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    who: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Answers:
    return Answers(
        period=period,
        method=method,
        by=by,
        size="".join(unicodedata.normalize("NFKC", size).split()).removesuffix("个")[:20],
        seed=unicodedata.normalize("NFKC", seed).strip()[:20],
        once=once,
        why=clip(squeeze(why), _MOST_WHY),
        who=who_of(request, desk, who),
        seen=seen,
    )


@router.post("/draw", dependencies=[Depends(checked)])
def take(request: Request, desk: OnDesk, answers: Annotated[Answers, Depends(_answered)]) -> Response:
    """Draw; a check that has begun goes by the new list at once. What cannot be drawn is said above the form as it was filled."""
    period = _chosen(desk, answers.period)
    if period is None:
        raise UsageError("还没有检查期,不能抽取;请先到“设置”里设检查期")
    try:
        made = _drawn(desk, period, answers)
    except UsageError as error:
        # the page now shows what was drawn elsewhere meanwhile: the next try knows of it
        answers = replace(answers, seen=str(len(desk.ws.store.draws(period.name))))
        context = _context(desk, period, answers, error=str(error))
        return page(request, "draw.html", "抽查", context, status=400)
    done = after(f"/draw?{urlencode({'period': period.name})}", f"抽取了 {len(made.drawn)} 个账号,待人工和名单只管这些")
    remember(done, answers.who)
    return done


def _drawn(desk: Desk, period: Period, answers: Answers) -> Draw:
    """Draw and bind the period's check to the list, both or neither. Raises UsageError."""
    ws = desk.ws
    with ws.store.transaction():
        made_before = len(ws.store.draws(period.name))
        if answers.seen != str(made_before):
            raise UsageError(f"这一期刚才已经抽取过(现在共 {made_before} 次),这次没有再抽;请先看名单,确要重抽再写理由")
        accounts = in_use(ws.store.accounts())
        if answers.method == "new-failing":
            told, possible = _new_failing(desk, period, accounts)
            if not possible:
                raise UsageError(told)
        order = _order(period.name, answers, again=bool(made_before), most=len(accounts))
        made, _ = draw(ws, order, at=desk.clock())
        checks = [one for one in ws.store.sweeps() if one.kind == "check" and one.period == period.name]
        if checks:
            bind(ws, ws.store.whole(checks[-1]))
    return made


def _order(period: str, answers: Answers, *, again: bool, most: int) -> Order:
    """The form as an order. Raises UsageError in the words of the page."""
    if answers.method not in METHODS:
        raise UsageError("请选一种抽取方法")
    if again and not answers.why:
        raise UsageError("这一期已经抽取过;重新抽取请写明理由,原来的名单会保留")
    if answers.method == "new-failing" and answers.once:
        raise UsageError("上期有问题的账号必须复查,不能同时选“本年度抽过的不再抽”;请去掉这个勾")
    lot = answers.method == "strata"
    if lot:
        _check_lot(answers, most)
    return Order(
        period=period,
        method=cast("Method", answers.method),
        size=answers.size if lot else "",
        by=answers.by if lot else "",
        seed=int(answers.seed) if lot else 0,
        once_a_year=bool(answers.once),
        who=answers.who,
        why=answers.why if again else "",
    )


def _check_lot(answers: Answers, most: int) -> None:
    share = answers.size.removesuffix("%") if answers.size.endswith("%") else "1"
    if not _SIZE.fullmatch(answers.size) or not 0 < Decimal(share) <= 100:
        raise UsageError(f"抽多少“{answers.size}”看不懂;请写个数(例如 100)或比例(例如 30%,不超过 100%)")
    if not answers.size.endswith("%") and int(answers.size) > most:
        raise UsageError(f"要抽 {answers.size} 个,在用的账号只有 {most} 个;请改小,或选“全部”")
    if answers.by and answers.by not in BY:
        raise UsageError("没有这种分层;请从列表里选")
    if not _SEED.fullmatch(answers.seed):
        raise UsageError("种子应为 1 到 9 位数字;不改就用页面给的")


@router.get("/draw/file")
def file(desk: OnDesk, period: str, number: int) -> Response:
    """抽查名单.xlsx of any draw of a period, also of one that counts no more."""
    draws = desk.ws.store.draws(period)
    if not period or not 1 <= number <= len(draws):
        raise UsageError("没有这份抽查名单;请回到“抽查”页重新选")
    with TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / FILE
        write_xlsx(path, [list_sheet(_accounts(desk, draws[number - 1]))])
        return attachment(path.read_bytes(), FILE, _XLSX)
