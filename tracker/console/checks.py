"""The check (批次) that pages write into and show, and its judgement, never older than what is known."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from tracker.clock import day
from tracker.console.background import Background, Work
from tracker.console.desk import Desk
from tracker.due import bound_to
from tracker.errors import UsageError
from tracker.judge import judge_streamed
from tracker.model import Window
from tracker.people import Scope
from tracker.rulebook.profile import Profile
from tracker.store import Judgement, JudgementHead, SweepHead, SweepRecord
from tracker.sweep import REACH, name_for, open_sweep
from tracker.workspace import Workspace

SMALL = 2000
"""Accounts up to which a check is judged while the page waits: some seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a list shows: the last judgement (None = there is none yet), and why it is not the last word; empty = it is."""

    head: JudgementHead | None
    again: str = ""


def current_check(ws: Workspace, at: datetime) -> SweepRecord | None:
    """`current_head` with all its accounts."""
    found = current_head(ws, at)
    return ws.store.whole(found) if found else None


def current_head(ws: Workspace, at: datetime) -> SweepHead | None:
    """The check that today's looks and links go into: today's period's latest; outside any period the latest of the last weeks.

    None = it has not begun.
    """
    today = day(at)
    period = ws.period_on(today)
    checks = [sweep for sweep in ws.store.sweeps() if sweep.kind == "check"]
    if period:
        checks = [sweep for sweep in checks if sweep.period == period]
    else:
        checks = [sweep for sweep in checks if today - max(sweep.window.until, day(sweep.started_at)) <= REACH]
    return checks[-1] if checks else None


def check_or_new(ws: Workspace, at: datetime) -> SweepRecord:
    """The same, begun now where there is none: with the drawn accounts, or the registry as it stands where nothing was drawn.

    Without a draw, accounts filed since then join it. Raises UsageError when the registry is empty.
    """
    # two pages may begin the check at the same moment: the one that comes second finds what the first made
    with ws.store.transaction():
        found, today = current_check(ws, at), day(at)
        if found is None:
            window, wanted = Window(since=today - REACH, until=today), meant_now(ws, at)
            accounts = [one for one in ws.store.accounts() if one.account_id in wanted]
            return open_sweep(ws, name_for(ws, today), at=at, window=window, accounts=accounts, source="网页版")
        bind(ws, found)
    return ws.sweep(found.name)


def meant_now(ws: Workspace, at: datetime) -> frozenset[str]:
    """Ids of the accounts that today's check is for, begun or not."""
    check = current_check(ws, at)
    return _meant(ws, check.period if check else ws.period_on(day(at)), check)


def _meant(ws: Workspace, period: str | None, check: SweepRecord | None) -> frozenset[str]:
    bound = bound_to(ws, period, check)
    if bound is not None:
        return bound
    return frozenset(one.account_id for one in (*ws.store.accounts(), *(check.accounts if check else ())))


def bind(ws: Workspace, check: SweepRecord) -> None:
    """Give a check the accounts that it is for now: what was drawn or filed since joins, what a later draw left out goes.

    No visit and no decision is touched: an account that a new draw takes in again has all that was seen of it.
    """
    wanted = _meant(ws, check.period, check)
    with ws.store.transaction():
        ws.store.extend_sweep(check.name, [one for one in ws.store.accounts() if one.account_id in wanted])
        ws.store.narrow_sweep(check.name, wanted)


def shown_check(ws: Workspace, at: datetime) -> SweepRecord | None:
    """`shown_head` with all its accounts."""
    found = shown_head(ws, at)
    return ws.store.whole(found) if found else None


def shown_head(ws: Workspace, at: datetime) -> SweepHead | None:
    """The check that the list shows: today's, else the latest of all; weekly sweeps never decide it. None = nobody looked yet."""
    checks = [sweep for sweep in ws.store.sweeps() if sweep.kind == "check"]
    return current_head(ws, at) or (checks[-1] if checks else None)


def judged(desk: Desk, check: SweepHead) -> Shown:
    """The last judgement of a check under the workspace's profile, and whether it still stands.

    A small check is judged anew on the spot where anything came in; a big one in the background, once at a time, and the last
    judgement is shown meanwhile. Raises UsageError when the profile cannot be used.
    """
    profile = desk.profile()
    last = desk.ws.store.last_head(check.name)
    known = desk.ws.store.sweep_state(check.name), profile.digest
    size = last.total if last else desk.ws.store.sweep_size(check.name)
    if size > SMALL:
        return _later(desk, check, profile, known, last)
    place = f"{desk.ws.root}:{check.name}"
    if last is None or desk.judged.get(place) != known or last.profile != profile.name:
        last = judge_streamed(desk.ws, check, profile, desk.adapters, at=desk.clock())
        desk.judged[place] = known
    return Shown(head=last)


def _later(desk: Desk, check: SweepHead, profile: Profile, known: tuple[str, str], last: JudgementHead | None) -> Shown:
    """What is there; where anything came in since, it is judged again behind the page, unless that is going on already."""
    if last and (desk.ws.store.judged_state(last), last.profile, last.profile_digest) == (known[0], profile.name, known[1]):
        return Shown(head=last)
    place = f"{desk.ws.root}:{check.name}"
    state = desk.judging.state
    running = state is not None and state.running
    if state and state.error and not running and desk.judged.get(place) == known:
        return Shown(head=last, again=f"有新记录,但重新判定没有做成:{state.error}")
    if not running and last and desk.judging.rest:
        return Shown(head=last, again=f"有新记录,约 {ceil(desk.judging.rest / 60)} 分钟后重新判定;{_meanwhile(last)}")
    if not running:
        desk.judged[place] = known
        judge_behind(desk, check, profile)
    return Shown(head=last, again=f"有新记录,正在重新判定{progress(desk)};{_meanwhile(last)}")


def _meanwhile(last: JudgementHead | None) -> str:
    return f"下面是 {last.at:%Y-%m-%d %H:%M} 的判定结果" if last else "判定完才有结果可看"


def progress(desk: Desk) -> str:
    """How far the judging behind the page is, in brackets; empty where nothing is told."""
    state = desk.judging.state
    return f"(已判定 {state.done}/{state.total} 个)" if state and state.running and state.total else ""


def again_for(again: str, scope: Scope) -> str:
    """Why the figures are not the last word, as a person may know it: who sees some accounts alone learns no figures of all."""
    return again if not again or scope.everything else "有新记录,还没有重新判定完;下面是上一次的结果"


def judge_behind(desk: Desk, check: SweepHead, profile: Profile) -> bool:
    """Judge a check behind the page; False when that is going on already."""
    return desk.judging.start("判定", _judging(desk, check, profile))


def _judging(desk: Desk, check: SweepHead, profile: Profile) -> Work:
    ws = desk.ws

    def work(background: Background) -> str:
        background.note(lambda state: replace(state, total=ws.store.sweep_size(check.name)))

        def tell(done: int) -> None:
            background.note(lambda state: replace(state, done=state.done + done))
            if background.state and background.state.stopping:
                raise UsageError("判定被停止,没有做完;下次打开会重新判定")

        head = judge_streamed(ws, check, profile, desk.adapters, at=desk.clock(), tell=tell)
        return f"已判定 {head.total} 个账号"

    return work


def judgement_of(desk: Desk, sweep: SweepHead) -> Judgement:
    """The judgement of a check with all its verdicts, for what is printed of it: never older than what is known.

    Raises UsageError when the profile cannot be used, or a big check is still being judged.
    """
    found = judged(desk, sweep)
    if found.again or found.head is None:
        raise UsageError(f"有新记录,正在重新判定{progress(desk)};请等判定完再做这一步")
    return desk.ws.store.judgement(found.head)
