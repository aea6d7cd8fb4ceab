"""sweep --plan as people and scripts read it, what stopped which lane, and platforms whose judging is paused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker import drift
from tracker.capture import SHUT, Job, Lane, Progress
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.clock import Clock, now
from tracker.model import Observation, Outcome
from tracker.plan import LanePlan, Plan
from tracker.store import Freeze

_NAMED = 8
"""Accounts that are named where many are left."""


def add_to(sweep: App) -> None:
    """Register the commands below `sweep`."""
    sweep.command("thaw")(thaw)
    sweep.command("frozen")(frozen)


def thaw(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(help="平台,看批次末尾的提示")],
    why: Annotated[str, typer.Option(help="理由(必填):核对了什么")] = "",
    who: Annotated[str, typer.Option(help="谁决定的")] = "",
) -> None:
    """解除一个平台的暂停判定;须写理由,之后重新判定。"""
    with workspace(context) as ws:
        lifted = drift.thaw(ws, platform, why=why, who=who or ws.settings.inspector, at=now())
    for one in lifted:
        say(f"批次 {one.sweep}:{title(platform)}已恢复判定;请重新判定:tracker judge --sweep {one.sweep}")


def frozen(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="把变样的采集复制到这个文件夹,交给开发人员")] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """列出暂停判定的平台,导出变样的采集。"""
    with workspace(context) as ws:
        held = drift.frozen(ws)
        copied = drift.export(ws, held, to) if to else 0
    for one in held if as_lines else ():
        told = {"sweep": one.sweep, "platform": one.platform, "at": one.at.isoformat(), "why": one.why}
        json_line({**told, "numbers": dict(one.numbers), "samples": list(one.samples)})
    if as_lines:
        return
    rows = [(one.sweep, title(one.platform), f"{one.at:%Y-%m-%d %H:%M}", one.why, len(one.samples)) for one in held]
    table(f"暂停判定 {len(held)} 项", ("批次", "平台", "时间", "原因", "样本"), rows)
    if to:
        say(f"复制了{copied}个采集文件到 {to}")


def tell_frozen(held: Iterable[Freeze]) -> None:
    """One line per paused platform."""
    for one in held:
        say(paused(one))


def paused(one: Freeze) -> str:
    """What is paused, why, and how it goes on."""
    return (
        f"{title(one.platform)}(批次 {one.sweep})已暂停判定:{one.why};"
        f"人工查看和粘贴的链接照常算数。核对后解除:tracker sweep thaw {one.platform} --why 理由"
    )


def title(platform: str) -> str:
    """The platform as people call it."""
    adapter = BY_PLATFORM.get(platform)
    return adapter.title if adapter else platform


def show_plan(plan: Plan) -> None:
    """The plan as tables."""
    days = [f"{on:%m-%d}" for on in plan.week.days]
    headers = ("平台", "通道", "账号", "链接", "对照", "复看", "请求最多", "小时最多", *days)
    table("本次计划(上限,不会超过)", headers, [_row(one, plan) for one in plan.lanes])
    reasons: dict[str, list[str]] = {}
    for one in plan.unreached:
        reasons.setdefault(one.reason, []).append(one.account.name)
    if reasons:
        rows = [(reason, len(names), _names(names)) for reason, names in reasons.items()]
        table(f"本周没有通道能看的账号 {len(plan.unreached)} 个", ("原因", "个数", "账号"), rows)
        say("这些账号要靠粘贴链接或人工检查表")


def _row(one: LanePlan, plan: Plan) -> tuple[object, ...]:
    hours = [f"{spent:.1f}" if spent else "" for _, spent in one.hours_on(plan.week)]
    lane = one.credential or "不登录"
    counts = (one.accounts, one.links, one.controls, one.second_readings, one.requests)
    return (title(one.platform), lane, *counts, f"{one.seconds / 3600:.1f}", *hours)


def plan_lines(plan: Plan) -> None:
    """The plan as JSON lines: one per lane, then one per account that is not reached."""
    for lane in plan.lanes:
        told: dict[str, object] = {"platform": lane.platform, "lane": lane.credential or "guest", "routes": list(lane.routes)}
        told |= {"accounts": lane.accounts, "links": lane.links, "controls": lane.controls}
        told |= {"second_readings": lane.second_readings, "requests": lane.requests, "hours": round(lane.seconds / 3600, 2)}
        json_line({**told, "days": {on.isoformat(): round(hours, 2) for on, hours in lane.hours_on(plan.week)}})
    for one in plan.unreached:
        account = one.account
        told = {"account_id": account.account_id, "platform": account.platform, "name": account.name}
        json_line({**told, "unreached": one.reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """One lane that stopped."""

    lane: Lane
    outcome: Outcome
    detail: str
    at: datetime


@dataclass(slots=True)
class Breakers:
    """Passes progress on, and remembers what stopped which lane, when, and which accounts were left."""

    shown: Progress
    clock: Clock = now
    stopped: list[Stopped] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    """Platform → names of accounts (or addresses of links) that were not begun."""

    def started(self, job: Job) -> None:
        """A visit begins."""
        self.shown.started(job)

    def visited(self, job: Job, observation: Observation) -> None:
        """A job is done, or was not begun because its lane had stopped."""
        if observation.detail.startswith(SHUT):
            name = job.visit.account.name if job.visit.account else job.visit.url
            self.left.setdefault(job.lane.platform, []).append(name)
        self.shown.visited(job, observation)

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A lane fetches nothing more."""
        self.stopped.append(Stopped(lane=lane, outcome=outcome, detail=detail, at=self.clock()))
        self.shown.lane_stopped(lane, outcome, detail)

    def report(self) -> None:
        """What a person has to know and to do, at the end."""
        rows = [
            (
                title(one.lane.platform),
                one.lane.credential or "不登录",
                f"{one.at:%H:%M}",
                one.detail,
                advice(one.outcome, one.lane),
            )
            for one in self.stopped
        ]
        if rows:
            table(f"停下的通道 {len(rows)} 条", ("平台", "通道", "时间", "原因", "要做什么"), rows)
        for platform, names in self.left.items():
            say(f"{title(platform)}有{len(names)}个没有去看:{_names(names)}")


def advice(outcome: Outcome, lane: Lane) -> str:
    """What a person has to do so that a lane works again."""
    told = _ADVICE.get(outcome, "")
    return told.format(platform=lane.platform, name=lane.credential or lane.platform)


_ADVICE = {
    Outcome.LOGIN_WALL: "由账号持有人重新登录:tracker credentials login {platform},再新开一个批次",
    Outcome.CHALLENGE: "程序不过验证;由人在浏览器里打开该平台完成验证,几小时后再新开一个批次",
    Outcome.AUTH: "请主办单位重新授权:tracker credentials add {platform}",
    Outcome.RATE_LIMITED: "至少隔一小时,或在 tracker.toml 的 [pace.{platform}] 放慢后再新开一个批次",
    Outcome.REFUSED: "当天不要再试;改天再新开一个批次,仍被拒绝就改用链接和人工查看",
    Outcome.QUOTA: "等明天次数恢复后再新开一个批次",
    Outcome.NOT_OBSERVABLE: "人工打开对照账号看一眼;不正常就重新登录,账号换了就改 tracker.toml 的 [control]",
}


def _names(names: Sequence[str]) -> str:
    more = f" 等{len(names)}个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
