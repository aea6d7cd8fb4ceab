"""schedule: what is done by itself, when, and what it came to."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker import backup
from tracker.cli import common
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.due import in_words
from tracker.cli.sweeping import weekly
from tracker.clock import SHANGHAI, day, now
from tracker.errors import TrackerError, UsageError
from tracker.judge import judge_streamed
from tracker.logs import told as log
from tracker.model import IGNORANCE, Conclusion
from tracker.reminding import check, deliver, digests, quiet_until, sender, wanted
from tracker.schedule import NAMES, TITLES, Act, Coming, Done, Due, Lookout, coming, perform
from tracker.sealing import seal
from tracker.store import RunStep, SweepRecord
from tracker.timetable import clock as time_of
from tracker.workspace import Workspace

_WORDS = {Conclusion.FAILED: "不合格", Conclusion.TO_REVIEW: "待复核", Conclusion.UNCHECKED: "未能核查"}
_WAIT = timedelta(minutes=20)
"""How long the week's sweep waits for another one, before it looks again."""
_MORNING = "08:00"
"""When work that the day's budget cut off goes on, where [schedule] hours says nothing."""


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("定时任务:每周巡检、到期提醒、备份;网页版开着的时候自己做。")
    group.command("list")(show)
    group.command("next")(upcoming)
    group.command("run")(run)
    group.command("sent")(sent)
    app.add_typer(group, name="schedule")


Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]


def show(context: typer.Context, as_lines: Json = False) -> None:
    """列出定时任务:什么时候做、下一次、上一次的结果。"""
    with workspace(context) as ws:
        found = coming(ws, now())
    if as_lines:
        for one in found:
            json_line(_as_json(one))
        return
    table("定时任务", ("任务", "名称", "时间", "下一次", "上一次", "结果"), [_row(one) for one in found])
    if not any(one.told for one in found):
        say('还没有安排;在 tracker.toml 里写 [schedule] sweep = "周五 08:00"')


def _row(one: Coming) -> tuple[object, ...]:
    last = one.last
    state = {"begun": "正在做,或中途断了", "paused": "没做完,接着做", "ended": "没做成" if last and last.failed else "做完"}
    when = f"{one.next:%Y-%m-%d %H:%M}" if one.next else ""
    result = f"{state[last.event]}:{last.text}" if last else ""
    return (TITLES[one.name], one.name, one.told or "没有安排", when, f"{last.due:%Y-%m-%d %H:%M}" if last else "", result)


def _as_json(one: Coming) -> dict[str, object]:
    last = one.last
    told: dict[str, object] = {"name": one.name, "rhythm": one.told, "next": one.next.isoformat() if one.next else None}
    told |= {"due_now": one.due, "last": None}
    if last:
        when = {"meant_for": last.due.isoformat(), "at": last.at.isoformat(), "attempt": last.attempt}
        told["last"] = {**when, "event": str(last.event), "failed": last.failed, "text": last.text}
    return told


def upcoming(context: typer.Context, as_lines: Json = False) -> None:
    """下一次做什么。"""
    with workspace(context) as ws:
        found = sorted((one.next, one.name) for one in coming(ws, now()) if one.next)
    for at, name in found:
        if as_lines:
            json_line({"name": name, "at": at.isoformat()})
        else:
            say(f"{at:%Y-%m-%d %H:%M} {TITLES[name]}")
    if not found and not as_lines:
        say("没有安排定时任务")


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="sweep 每周巡检,due 到期提醒,backup 备份")],
    at: Annotated[str | None, typer.Option(help="原定的时刻;默认现在,即另外做一次")] = None,
) -> None:
    """现在就做一项定时任务;没有做成时退出码为 1。"""
    if name not in NAMES:
        raise UsageError(f"没有定时任务 {name};可以的是 {'、'.join(NAMES)}")
    with workspace(context) as ws:
        due = Due(name=name, at=_instant(at))
        done = perform(ws, due, acts()[name], clock=now)
    if done is None:
        say(f"{TITLES[name]}另有程序正在做,或这一次已经做过,没有再做")
        return
    _log(done)
    say(done.text)
    if done.failed:
        raise typer.Exit(1)


def acts() -> Mapping[str, Act]:
    """What every run does."""
    return {"sweep": sweep, "due": remind, "backup": back_up}


def sweep(ws: Workspace, due: Due) -> Done:
    """The weekly sweep, judged at its end, sealed where that is wished."""
    name = f"{day(due.at):%Y-%m-%d}-周检"
    if other := _going_on(ws, name):
        # two sweeps at once would ask every platform twice as fast
        return Done(text=f"批次 {other} 正在巡检,等它做完", again=now() + _WAIT)
    done = weekly(ws, name)
    if done.ended_at is None:
        left = f"批次 {done.name} 今天的次数或时间用完,明天接着做"
        return Done(text=left, again=_tomorrow(ws, now()))
    return Done(text=f"批次 {done.name}:{_judged(ws, done)}{_sealed(ws, done)}")


def remind(ws: Workspace, due: Due) -> Done:
    """One digest per organisation, unless people may not be disturbed now."""
    told = ws.settings.notify
    if not (told.urls or told.organisations):
        raise UsageError('没有发送地址;在 tracker.toml 里写 [notify] urls = ["…"]')
    if until := quiet_until(ws, now()):
        return Done(text=f"现在不打扰,{until:%m-%d %H:%M} 再发", again=until)
    posts = digests(wanted(ws, now()), told, {name: adapter.title for name, adapter in BY_PLATFORM.items()})
    send = sender()
    check(posts)
    done = deliver(ws, posts, clock=now, send=send)
    return Done(text=in_words(done))


def back_up(ws: Workspace, due: Due) -> Done:
    """A backup to the folder that tracker.toml names."""
    told = ws.settings.backup
    if not told.to:
        raise UsageError('没有写备份到哪里;在 tracker.toml 里写 [backup] to = "D:/巡检备份"')
    made = backup.make(ws, ws.root / told.to, evidence=told.evidence, at=now(), keep=told.keep)
    return Done(text=backup.in_words(made))


@contextmanager
def by_itself(ws: Workspace, tell: Callable[[str], None], *, shown: bool = False) -> Iterator[None]:
    """While the block runs, whatever falls due is begun; `tell` is told of it. `shown` = the log to standard error, too."""
    common.log_to(ws, shown=shown)
    lookout = Lookout(ws.root, clock=now, tell=tell)
    lookout.start()
    try:
        yield
    finally:
        lookout.stop()


def sent(context: typer.Context, as_lines: Json = False) -> None:
    """列出发过的提醒;只记发给谁、哪天、结果,不记地址和内容。"""
    with workspace(context) as ws:
        found = {(one.day, one.recipient, one.digest, one.attempt): one for one in ws.store.notices_sent(last=2_000)}
    for one in found.values() if as_lines else ():
        told = {"day": one.day.isoformat(), "recipient": one.recipient, "accounts": one.accounts, "attempt": one.attempt}
        json_line({**told, "outcome": "unknown" if one.event == "intent" else str(one.event), "at": one.at.isoformat()})
    if as_lines:
        return
    words = {"intent": "不清楚是否发出", "sent": "已发出", "failed": "没有发出"}
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", one.recipient, one.accounts, words[one.event]) for one in found.values()]
    table(f"提醒 {len(rows)} 条", ("时间", "发给", "账号数", "结果"), rows)


def _judged(ws: Workspace, done: SweepRecord) -> str:
    seen = {one.account_id for one in ws.store.visits(done.name) if one.observation.outcome not in IGNORANCE}
    unseen = [one for one in done.accounts if one.account_id not in seen]
    head = judge_streamed(ws, done, ws.profile(), BY_PLATFORM, at=now())
    counted = Counter(verdict.conclusion for verdict in ws.store.verdicts(head, tuple(_WORDS)))
    told = "、".join(f"{word}{counted[one]}个" for one, word in _WORDS.items())
    log("sweep.judged", sweep=done.name, accounts=len(done.accounts))
    return f"共{len(done.accounts)}个账号,没看到{len(unseen)}个;{told}"


def _sealed(ws: Workspace, done: SweepRecord) -> str:
    if not ws.settings.schedule.seal:
        return ""
    try:
        made = seal(ws, ws.head(done.name), BY_PLATFORM, who=ws.settings.inspector, at=now())
    except TrackerError as error:
        return f";没有封存:{error}"
    return f";已封存(第{made.seal.number}份)"


def _going_on(ws: Workspace, own: str) -> str:
    """Another sweep that some process is making just now; empty = none."""
    held = (one.name for one in ws.store.sweeps() if one.ended_at is None and one.name != own)
    return next((name for name in held if ws.evidence.busy(name, "sweep")), "")


def _tomorrow(ws: Workspace, at: datetime) -> datetime:
    begin = time_of((ws.settings.schedule.hours or (_MORNING,))[0])
    return datetime.combine(day(at) + timedelta(days=1), begin, SHANGHAI)


def _instant(told: str | None) -> datetime:
    if told is None:
        return now().replace(microsecond=0)
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(f"时刻“{told}”看不懂;请写成 2026-11-20T08:00") from error
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _log(done: RunStep) -> None:
    log(f"run.{done.event}", level="error" if done.failed else "info", name=done.name, attempt=done.attempt, failed=done.failed)
