"""A sweep from the page: what it would take, the visits in the background lane by lane, and going on after a wall was solved."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from tracker.access import allowed, vault_of
from tracker.capture import SHUT, Job, Lane
from tracker.clock import day
from tracker.console.background import Background, LaneLine, State
from tracker.console.checks import check_or_new, current_check, judged, meant_now
from tracker.console.desk import Desk
from tracker.errors import UsageError
from tracker.facts.reasons import REASONS
from tracker.judge import judge_streamed
from tracker.live import Ended, Ready, go, ready
from tracker.model import HANDLING, IGNORANCE, Handling, Observation, Outcome, Window
from tracker.resuming import walled
from tracker.store import SweepRecord
from tracker.sweep import REACH, name_for, resume
from tracker.watch import Logged
from tracker.workspace import Workspace

TITLE = "巡检"

Kind = Literal["check", "weekly"]

NEXT_STEPS: Mapping[Outcome, str] = {
    Outcome.LOGIN_WALL: "请账号持有人在命令行重新登录(tracker credentials login),登录好了再接着做",
    Outcome.CHALLENGE: "程序不过验证。请人在浏览器里打开该平台完成验证,过几小时再接着做",
    Outcome.AUTH: "请主办单位重新授权,收到授权后再接着做",
    Outcome.RATE_LIMITED: "至少隔一小时再接着做;还是这样,就在 tracker.toml 的 [pace] 里放慢",
    Outcome.REFUSED: "今天不要再试;改天仍被拒绝,就改用链接和人工查看",
    Outcome.QUOTA: "接口当日次数用完,明天再接着做",
    Outcome.NOT_OBSERVABLE: "请人工打开对照账号看一眼;不正常就重新登录,账号换了就改 tracker.toml 的 [control]",
}
"""What a person has to do so that a lane works again."""


LIVE = ("", "网页版")
"""Where the visits of a sweep come from that this program made itself: the command line, the page."""


def proposed(ws: Workspace, kind: Kind, at: datetime) -> SweepRecord:
    """The sweep that would be run; nothing is stored. Raises UsageError when there is no account."""
    today = day(at)
    if kind == "check" and (found := current_check(ws, at)):
        return found
    wanted = meant_now(ws, at) if kind == "check" else None
    accounts = tuple(one for one in ws.store.accounts() if wanted is None or one.account_id in wanted)
    if not accounts:
        raise UsageError("台账里没有账号;请先导入台账")
    return SweepRecord(
        name=name_for(ws, today),
        kind=kind,
        period=ws.period_on(today),
        check_date=None,
        window=Window(since=today - REACH, until=today),
        started_at=at,
        accounts=accounts,
    )


def forecast(desk: Desk, sweep: SweepRecord) -> Ready:
    """What is left of a sweep and what it takes at most. Raises UsageError."""
    may = allowed(vault_of(desk.ws), desk.clock())
    return ready(desk.ws, sweep, desk.adapters, may, clock=desk.clock, pace=desk.pace)


def begin(desk: Desk, kind: Kind) -> bool:
    """Start a sweep in the background; False when something runs already."""

    def work(background: Background) -> str:
        ws, at = desk.ws, desk.clock()
        if kind == "check":
            sweep = check_or_new(ws, at)
        else:
            sweep = proposed(ws, kind, at)
            ws.start_sweep(sweep)
        return _done(desk, background, sweep, frozenset())

    return desk.background.start(TITLE, work)


def go_on(desk: Desk, name: str, platform: str = "") -> bool:
    """Go on with a sweep: what was left, and, of a platform whose wall a person has solved, what the wall hid.

    False when something runs already. Raises UsageError for an unknown sweep.
    """
    head = desk.ws.head(name)

    def work(background: Background) -> str:
        sweep = desk.ws.sweep(head.name)
        resume(desk.ws, sweep, desk.adapters)
        return _done(desk, background, sweep, _hidden(desk.ws, sweep, platform))

    return desk.background.start(TITLE, work)


def _hidden(ws: Workspace, sweep: SweepRecord, platform: str) -> frozenset[str]:
    of_platform = {one.account_id for one in sweep.accounts if one.platform == platform}
    return walled(ws.store.visits(sweep.name)) & of_platform if of_platform else frozenset()


def _done(desk: Desk, background: Background, sweep: SweepRecord, again: frozenset[str]) -> str:
    ws = desk.ws
    may = allowed(vault_of(ws), desk.clock())
    made = ready(ws, sweep, desk.adapters, may, clock=desk.clock, pace=desk.pace, again=again)
    notes = _Notes(background, desk, made)
    with ws.evidence.alone(sweep.name, "sweep"):
        ended = asyncio.run(_live(desk, background, made, notes))
    background.note(lambda state: replace(state, line="正在判定…"))
    if sweep.kind == "check":
        judged(desk, sweep)
    else:
        judge_streamed(ws, ws.head(sweep.name), ws.profile(), desk.adapters, at=desk.clock())
    return _told(background.state, ended)


def _told(state: State | None, ended: Ended) -> str:
    seen = state.done - state.unseen if state else 0
    told = [f"看到了 {seen} 个"]
    if state and state.unseen:
        told.append(f"没看到内容 {state.unseen} 个")
    if state and state.stopping and state.total > state.done:
        told.append(f"已停止,还有 {state.total - state.done} 个没有看,可以接着做")
    if ended.left:
        told.append(f"本周的次数或时间用完,还有 {ended.left} 个没有看,可以接着做")
    if ended.frozen:
        told.append(f"有 {len(ended.frozen)} 个平台像是改版,已暂停判定")
    return ",".join(told)


async def _live(desk: Desk, background: Background, made: Ready, notes: "_Notes") -> Ended:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def halt() -> None:
        loop.call_soon_threadsafe(stop.set)

    background.on_stop(halt)
    try:
        async with desk.net(desk.ws, made.may.secret) as net:
            finish = made.setting.sweep.kind == "weekly"
            return await go(made, fetchers=net, progress=Logged(notes, made.setting.sweep.name), stop=stop, finish=finish)
    finally:
        background.on_stop(lambda: None)


class _Notes:
    """The engine's progress, told to the page lane by lane."""

    def __init__(self, background: Background, desk: Desk, made: Ready) -> None:
        self._background, self._desk = background, desk
        lines: dict[str, LaneLine] = {}
        for job in made.plan.jobs:
            if not job.second:
                line = lines.get(_key(job.lane)) or self._line(job.lane)
                lines[line.key] = replace(line, total=line.total + 1)
        total, name = sum(one.total for one in lines.values()), made.setting.sweep.name
        background.note(lambda state: replace(state, total=total, sweep=name, lanes=tuple(lines.values())))

    def started(self, job: Job) -> None:
        """A visit begins."""
        account = job.visit.account
        name = account.name if account else job.visit.url
        self._change(job.lane, lambda line: replace(line, word="进行中", look="good", at=name))

    def visited(self, job: Job, observation: Observation) -> None:
        """A job is done, or its lane was shut already."""
        unseen = observation.outcome in IGNORANCE
        shut = observation.detail.startswith(SHUT)
        self._background.note(
            lambda state: replace(state, done=state.done + 1, unseen=state.unseen + unseen, shut=state.shut + shut)
        )
        self._change(job.lane, lambda line: _counted(line, unseen))

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A wall or a rest: the lane fetches nothing more in this run."""
        rests = HANDLING[outcome] is Handling.REST
        word, look = ("已休息,过后再做", "wait") if rests else ("已停,需要人工", "bad")
        why, todo = detail or REASONS[outcome], NEXT_STEPS.get(outcome, "")
        self._change(lane, lambda line: replace(line, word=word, look=look, at="", why=why, todo=todo))

    def _change(self, lane: Lane, change: Callable[[LaneLine], LaneLine]) -> None:
        key, fresh = _key(lane), self._line(lane)

        def changed(state: State) -> State:
            known = state.lanes if any(one.key == key for one in state.lanes) else (*state.lanes, fresh)
            return replace(state, lanes=tuple(change(one) if one.key == key else one for one in known))

        self._background.note(changed)

    def _line(self, lane: Lane) -> LaneLine:
        adapter = self._desk.adapters.get(lane.platform)
        title = adapter.title if adapter else lane.platform
        return LaneLine(key=_key(lane), platform=lane.platform, title=title, credential=lane.credential)


def _counted(line: LaneLine, unseen: bool) -> LaneLine:
    """One more is done; with the last one the lane is, unless something stopped it."""
    line = replace(line, done=line.done + 1, unseen=line.unseen + unseen)
    ended = line.done >= line.total and not line.why
    return replace(line, word="做完", look="good", at="") if ended else line


def _key(lane: Lane) -> str:
    return f"{lane.platform}/{lane.credential}"
