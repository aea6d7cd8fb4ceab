"""现在做什么: three doors into an empty workspace, afterwards what comes next and how long it takes; 检查一份通报; 看示例."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.clock import day
from tracker.console.annex import Checked, look_over
from tracker.console.background import Background, State
from tracker.console.checks import current_head, judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.opening import left
from tracker.console.render import after, page
from tracker.console.rights import home_of
from tracker.console.signing import OnPerson, checked
from tracker.console.tasks import work
from tracker.errors import UsageError
from tracker.model import Conclusion, Period
from tracker.people import Right
from tracker.store import AccountAsk, SweepHead

router = APIRouter()

LOOK_SECONDS = 15
"""What one look by a person takes."""
REVIEW_SECONDS = 20
"""What one candidate takes a person."""
MOST_FILES = 8
"""A bulletin and its annexes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. `minutes` 0 = no time of a person's; `done` steps are shown as done, `now` is the one to begin with."""

    title: str
    told: str
    minutes: int
    done: bool
    now: bool
    address: str
    word: str
    """On the button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """`start.html`. Empty workspace: `doors`; else the `steps` in their order, with the whole time left."""

    doors: bool
    can_sample: bool
    """Whether 看示例 is offered: not while the invented workspace is on screen."""
    period: str
    """The check period as printed with its days; empty where none holds today."""
    accounts: int
    steps: tuple[Step, ...]
    minutes: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPage:
    """`annex.html`: the form alone (`found` None), or what the files hold."""

    found: Checked | None
    today: date
    address: str = ""
    """Of this very page: the kept file can be read again with another check date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """`sample.html`: how far the making of the invented workspace is."""

    state: State


@router.get("/")
def start(request: Request, desk: OnDesk, signed: OnPerson) -> Response:
    """What to do next; who has other work begins there."""
    if not signed.person.may(Right.START):
        return after(home_of(signed.person))
    accounts = desk.ws.store.count_accounts(AccountAsk())
    period = _period(desk)
    steps = tuple(_steps(desk, accounts)) if accounts else ()
    context = StartPage(
        doors=not accounts,
        can_sample=not desk.in_sample and signed.person.may(Right.SAMPLE),
        period=f"{period.title}({period.start} 至 {period.end})" if period else "",
        accounts=accounts,
        steps=steps,
        minutes=sum(step.minutes for step in steps if not step.done),
        today=day(desk.clock()),
    )
    return page(request, "start.html", "现在做什么" if accounts else "从这里开始", context)


def _period(desk: Desk) -> Period | None:
    name = desk.ws.period_on(day(desk.clock()))
    return desk.ws.store.period(name) if name else None


def _steps(desk: Desk, accounts: int) -> Iterator[Step]:
    first = True
    for step in (*_begun(desk, accounts), *_judged(desk), *_not_drawn(desk, accounts)):
        now = first and not step[3]
        first = first and step[3]
        title, told, minutes, done, address, word = step
        yield Step(title=title, told=told, minutes=minutes, done=done, now=now, address=address, word=word)


_Told = tuple[str, str, int, bool, str, str]


def _begun(desk: Desk, accounts: int) -> Iterator[_Told]:
    ws, at = desk.ws, desk.clock()
    yield "台账", f"已导入 {accounts} 个账号", 0, True, "/accounts", "看台账"
    if _period(desk) is None:
        yield "检查期", "今天不在任何检查期里;请先设好检查期的起止日期", 1, False, "/setup", "设检查期"
    check = current_head(ws, at)
    yield from _drawn(desk, check, accounts)
    pending = left(ws, check, at)
    if pending:
        # one page after the other at the platforms' pace; nobody has to stay
        yield "打开链接", f"有 {pending} 个粘贴的链接还没有打开;点开始后程序自己做,可以离开", 0, False, "/links", "去打开"
    else:
        yield "粘贴链接", "把工作群里的文章链接贴进来,能省掉大部分人工查看", 2, check is not None, "/links", "粘贴链接"
    wanted, again = work(desk, at)
    looks = len(wanted.tasks)
    told = f"还有 {looks} 个账号要人看一眼,每个约 {LOOK_SECONDS} 秒" if looks else again or "没有要人看的账号了"
    yield "待人工", told, _minutes(looks * LOOK_SECONDS), not looks and not again, "/looks", "开始查看"


def _drawn(desk: Desk, check: SweepHead | None, accounts: int) -> Iterator[_Told]:
    """The draw as a step: done, or to be done before the check begins."""
    period = _period(desk)
    if period is None:
        return
    made = desk.ws.store.last_draw(period.name)
    if made is not None:
        yield "抽查", f"本期抽取了 {len(made.drawn)} 个账号,只检查这些", 0, True, "/draw", "看抽查名单"
    elif check is None:
        yield "抽查", f"本期还没有抽取检查名单;不抽取就检查全部 {accounts} 个账号", 1, False, "/draw", "去抽取"


def _not_drawn(desk: Desk, accounts: int) -> Iterator[_Told]:
    """Once the check has begun a draw is still possible, but nothing waits for it."""
    period = _period(desk)
    if period and current_head(desk.ws, desk.clock()) and desk.ws.store.last_draw(period.name) is None:
        yield "抽查", f"本期没有抽取,检查全部 {accounts} 个账号;现在抽取,名单就只管抽中的", 0, False, "/draw", "去抽取"


def _frozen(desk: Desk, sweep: str) -> Iterator[_Told]:
    """Platforms whose judging is paused, until a person has looked."""
    for platform, one in desk.ws.store.frozen_platforms(sweep).items():
        adapter = desk.adapters.get(platform)
        told = f"{adapter.title if adapter else platform}已暂停判定:{one.why};请抽几个账号人工核对,再请维护人员解除"
        yield "平台异常", told, 5, False, "/looks", "去查看"


def _judged(desk: Desk) -> Iterator[_Told]:
    check = shown_head(desk.ws, desk.clock())
    if check is None:
        yield "复核", "查看之后才有要复核的问题", 0, True, "/review", "复核"
        yield "名单", "还没有检查记录", 0, False, "/list", "看名单"
        return
    yield from _frozen(desk, check.name)
    shown = judged(desk, check)
    if shown.head is None:
        yield "判定", shown.again, 0, False, "/verdicts", "看进度"
        return
    tally = desk.ws.store.verdict_tally(shown.head)
    open_ones = sum(one.waiting for one in tally)
    failed = sum(one.accounts for one in tally if one.conclusion == Conclusion.FAILED)
    unchecked = sum(one.accounts for one in tally if one.conclusion == Conclusion.UNCHECKED)
    told = f"有 {open_ones} 条问题等您确认或驳回" if open_ones else "没有待复核的问题"
    yield "复核", told, _minutes(open_ones * REVIEW_SECONDS), not open_ones, "/review", "开始复核"
    ready = f"不合格 {failed} 个,未能核查 {unchecked} 个;" + (
        "复核完再出名单" if open_ones else "可以出名单;印发前还要过的关见“报告”页"
    )
    yield "名单", ready, 0, False, "/list", "看名单"


def _minutes(seconds: int) -> int:
    return ceil(seconds / 60)


@router.get("/check")
def annex_form(request: Request, desk: OnDesk) -> HTMLResponse:
    """The form of 检查一份通报."""
    return page(request, "annex.html", "检查一份通报", AnnexPage(found=None, today=day(desk.clock())))


@router.post("/check", dependencies=[Depends(checked)])
def take_annex(desk: OnDesk, signed: OnPerson, file: list[UploadFile] | None = None, on: Annotated[str, Form()] = "") -> Response:
    """Take the files, then show what they hold."""
    told, owner = _day(on) or day(desk.clock()), signed.person.login
    files = file or []
    if len(files) > MOST_FILES:
        raise UsageError(f"一次最多检查 {MOST_FILES} 个文件:通报和它的附件;请分几次")
    words = [desk.uploads.take(one, owner) for one in files] or [desk.uploads.take(None, owner)]
    return after(f"/check/{'.'.join(words)}?on={told}")


@router.get("/check/{words}")
def annex(request: Request, desk: OnDesk, signed: OnPerson, words: str, on: str = "") -> HTMLResponse:
    """What the files hold; they lie in a temporary folder only."""
    told, owner = _day(on) or day(desk.clock()), signed.person.login
    found = look_over(desk.ws, [desk.uploads.path(word, owner) for word in words.split(".")[:MOST_FILES]], told)
    return page(request, "annex.html", "检查一份通报", AnnexPage(found=found, today=told, address=f"/check/{words}"))


def _day(told: str) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise UsageError(f"日期“{told[:20]}”看不懂;请写成 2026-11-06") from None


@router.post("/sample", dependencies=[Depends(checked)])
def make_sample(desk: OnDesk) -> RedirectResponse:
    """Make the invented workspace in the background, or enter it where it is made."""
    if desk.has_sample():
        _enter(desk)
        return after("/", "这里是示例:虚构的示例市,102 个账号已经看过一遍")
    desk.background.start("准备示例", lambda _: _made(desk))
    return after("/sample")


def _made(desk: Desk) -> str:
    desk.make_sample()
    return "示例已准备好"


def _enter(desk: Desk) -> None:
    if _busy(desk.background):
        raise UsageError("后台还有工作没有做完;请等它做完或停止它,再切换")
    desk.enter_sample()


def _busy(background: Background) -> bool:
    state = background.state
    return state is not None and state.running


@router.get("/sample")
def sample(request: Request, desk: OnDesk) -> Response:
    """How far the invented workspace is; made, it is entered."""
    state = desk.background.state
    if state is not None and (state.running or state.error):
        return page(request, "sample.html", "准备示例", SamplePage(state=state))
    if not desk.has_sample():
        return after("/")
    _enter(desk)
    return after("/", "这里是示例:虚构的示例市,102 个账号已经看过一遍")


@router.post("/sample/leave", dependencies=[Depends(checked)])
def leave_sample(desk: OnDesk) -> RedirectResponse:
    """Back to the office's own workspace."""
    if _busy(desk.background):
        raise UsageError("后台还有工作没有做完;请等它做完或停止它,再切换")
    desk.leave_sample()
    return after("/", "已回到自己的工作区")
