"""worker: this machine takes its part of the sweeps that several machines share; what they do, and what a person decides."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from adapters import BY_PLATFORM
from tracker.capture import Desk, Job, Lane, Secret
from tracker.cli.app import App
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.lanes import advice, title
from tracker.clock import now
from tracker.errors import UsageError
from tracker.model import Observation, Outcome
from tracker.store import Holder, LaneStanding, QueuedLane, SweepRecord, SweepStanding
from tracker.sweep import own_pace
from tracker.workspace import Workspace

if TYPE_CHECKING:
    from tracker.cluster.means import Means

_STANDING: Mapping[LaneStanding, str] = {
    LaneStanding.QUEUED: "排队",
    LaneStanding.DONE: "做完",
    LaneStanding.STOPPED: "停下,等人处理",
    LaneStanding.LATE: "本周排不下",
    LaneStanding.CANCELLED: "已取消",
    LaneStanding.CLOSED: "不再等",
}
_SWEEP: Mapping[SweepStanding, str] = {
    SweepStanding.OPEN: "进行中",
    SweepStanding.CANCELLED: "已取消",
    SweepStanding.DONE: "做完并判定",
}
_MISSED = 3
"""Signs of life that a machine may miss."""


def add_to(app: typer.Typer) -> None:
    """Register the command, and those below it."""
    worker = App("多台机器一起巡检:本机领取排队的通道来做(要 PostgreSQL)。", alone=True)
    worker.callback(invoke_without_command=True)(run_worker)
    for name, what in (("status", status), ("resume", resume), ("cancel", cancel), ("close", close), ("copy", copy)):
        worker.command(name)(what)
    app.add_typer(worker, name="worker")


class Teller:
    """Says what stopped a lane; the rest is in `tracker worker status`."""

    def started(self, job: Job) -> None:
        """A visit begins."""

    def visited(self, job: Job, observation: Observation) -> None:
        """A job is done."""

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """A lane fetches nothing more, on any machine; a person is asked."""
        named = f"{lane.platform}:{lane.credential}" if lane.credential else lane.platform
        say(f"通道 {named} 已停:{detail or outcome};{advice(outcome, lane)};处理好以后:tracker worker resume {named}")


def run_worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="做完排队的就结束,不再等")] = False,
    lanes: Annotated[str, typer.Option("--lanes", help="只做这些通道(平台 或 平台:凭据),逗号隔开;默认能做的都做")] = "",
    name: Annotated[str, typer.Option("--name", help="本机的名字,各台不能相同;默认主机名")] = "",
) -> None:
    """本机领取排队的通道来做,直到 Ctrl-C:第一次按,看完手头的再停;再按一次,立刻停。"""
    if context.invoked_subcommand is not None:
        return
    only = [one.strip() for one in lanes.replace(",", ",").split(",") if one.strip()]
    strange = [one for one in only if one.partition(":")[0] not in BY_PLATFORM]
    if strange:
        raise UsageError(f"--lanes 里的 {strange[0]} 不是平台;可用的:{'、'.join(BY_PLATFORM)},或 平台:凭据名称")
    _extra()
    from tracker.cluster.means import Means, own_name, postgres  # needs the extra

    with workspace(context) as ws:
        postgres(ws.settings.database)
        means = Means(
            ws=ws,
            name=name or own_name(),
            adapters=BY_PLATFORM,
            clock=now,
            desks=partial(_desk, ws),
            progress=Teller(),
            pace=lambda adapter: own_pace(adapter, ws.settings),
        )
        say(f"{means.name} 开始工作;停下请按 Ctrl-C(看完手头的再停)")
        asyncio.run(_work(means, only, once))


def _desk(ws: Workspace, secrets: Callable[[Lane], Secret | None]) -> Desk:
    feeds = frozenset(ws.settings.feeds.values())
    return Desk(secrets, feeds=feeds, pace=lambda adapter: own_pace(adapter, ws.settings))


async def _work(means: "Means", only: Sequence[str], once: bool) -> None:
    from tracker.cluster.drain import Ends  # needs the extra
    from tracker.cluster.worker import work

    ends = Ends(enough=asyncio.Event(), stop=asyncio.Event())

    def asked() -> None:
        (ends.stop if ends.enough.is_set() else ends.enough).set()
        say("看完手头的就停;要立刻停,再按一次" if not ends.stop.is_set() else "立刻停")

    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, asked)
    await work(means, ends, only=only, once=once)


def share(ws: Workspace, sweep: SweepRecord) -> None:
    """`tracker sweep --cluster`: queue a sweep for all machines. Raises UsageError."""
    _extra()
    from tracker.cluster.opening import share as queue  # needs the extra

    lines = queue(ws, sweep, BY_PLATFORM, clock=now)
    waiting = [line for line in lines if line.standing is LaneStanding.QUEUED]
    say(f"批次 {sweep.name} 交给多台机器做:{len(waiting)}条通道在排队;进展见 tracker worker status")


def alone(ws: Workspace, sweep: str) -> None:
    """Refuse to work by oneself on a sweep that the machines share. Raises UsageError."""
    found = ws.store.queued_sweep(sweep)
    if found and found.standing is SweepStanding.OPEN:
        raise UsageError(
            f"批次 {sweep} 正由多台机器做;要在这台上单独接着做,先 tracker worker cancel {sweep};要继续交给多台,加上 --cluster"
        )


def status(
    context: typer.Context,
    sweep: Annotated[str | None, typer.Argument(help="批次;默认所有没有做完的")] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """哪台机器在做什么,哪些通道停了。"""
    with workspace(context) as ws:
        store, beat = ws.store, ws.settings.cluster.heartbeat
        machines, holders, pasts = store.machines(), store.holders(), store.lane_pasts()
        sweeps = [one for one in store.queued_sweeps() if sweep in (None, one.sweep)]
        shown = [one for one in sweeps if sweep or one.standing is not SweepStanding.DONE]
        lines = [line for one in shown for line in store.queued_lanes(one.sweep)]
    if sweep and not sweeps:
        raise UsageError(f"批次 {sweep} 没有交给多台机器;不写批次则列出所有没有做完的")
    at_work = {one.name: one for one in holders if one.beat < _MISSED * beat}
    if as_lines:
        for machine in machines:
            json_line({"machine": machine.name, "alive": machine.age < _MISSED * beat, "seen_seconds_ago": round(machine.age, 1)})
        for line in lines:
            json_line(_lane_json(line, at_work))
        for past in pasts:
            if past.stopped:
                json_line({"platform": past.platform, "lane": past.lane, "stopped": past.stopped, "detail": past.detail})
        return
    alive = [(one.name, "在" if one.age < _MISSED * beat else f"{one.age / 60:.0f}分钟没有消息") for one in machines]
    table(f"机器 {len(machines)} 台", ("机器", "状态"), alive)
    for one in shown:
        own = [_lane_row(line, at_work) for line in lines if line.sweep == one.sweep]
        table(f"批次 {one.sweep}:{_SWEEP[one.standing]}", ("平台", "通道", "状态", "机器", "说明"), own)
    for past in pasts:
        if past.stopped:
            named = past.platform if past.lane in ("", "*") else f"{past.platform}:{past.lane}"
            say(f"{title(past.platform)}停着:{past.detail or past.stopped};处理好以后:tracker worker resume {named}")


def _holder(line: QueuedLane, at_work: Mapping[str, Holder]) -> str:
    found = at_work.get(f"lane/{line.platform}/{line.credential}")
    return found.holder if found and line.standing is LaneStanding.QUEUED else ""


def _lane_row(line: QueuedLane, at_work: Mapping[str, Holder]) -> tuple[str, ...]:
    holder = _holder(line, at_work)
    standing = "正在做" if holder else _STANDING[line.standing]
    wait = f"{line.wait / 60:.0f}分钟后再试" if line.wait > 0 else ""
    return title(line.platform), line.credential or "不登录", standing, holder, ";".join(one for one in (line.note, wait) if one)


def _lane_json(line: QueuedLane, at_work: Mapping[str, Holder]) -> dict[str, object]:
    told = {"sweep": line.sweep, "platform": line.platform, "lane": line.credential or "guest", "standing": str(line.standing)}
    return {**told, "machine": _holder(line, at_work), "note": line.note, "wait_seconds": round(line.wait, 1)}


def resume(
    context: typer.Context, lane: Annotated[str, typer.Argument(help="平台 或 平台:凭据,看 tracker worker status")]
) -> None:
    """人处理好以后(重新登录、完成验证),让停下的通道接着做。"""
    with workspace(context) as ws:
        _extra()
        from tracker.cluster.opening import resume as free  # needs the extra

        again = free(ws, lane)
    say(f"通道 {lane} 已放开;{again}项接着做")


def cancel(context: typer.Context, sweep: Annotated[str, typer.Argument(help="批次")]) -> None:
    """把批次从多台机器收回:正在看的立刻停,已经看过的都在;可以再交出去,也可以在一台上接着做。"""
    _extra()
    from tracker.cluster.opening import cancel as take  # needs the extra
    from tracker.cluster.queue import take_back

    with workspace(context) as ws:
        lines = take(ws, sweep)
        asyncio.run(take_back(ws.settings.database, [line.id for line in lines]))
    say(f"批次 {sweep} 已收回,{len(lines)}条通道没有做完;再交给多台:tracker sweep --cluster --resume --name {sweep}")


def close(context: typer.Context, sweep: Annotated[str, typer.Argument(help="批次")]) -> None:
    """不再等停下的通道:没看的账号记为未能核查和原因,批次结束并判定。"""
    _extra()
    from tracker.cluster.opening import close as leave  # needs the extra

    with workspace(context) as ws:
        count = leave(ws, sweep, BY_PLATFORM, clock=now)
    say(f"批次 {sweep} 有{count}个没有看,已记下原因;由一台工作机结束并判定")


def copy(
    context: typer.Context,
    sweep: Annotated[str, typer.Argument(help="批次")],
    to: Annotated[str, typer.Option(help="副本的地址;默认 tracker.toml 的 [cluster] copy_to")] = "",
    check: Annotated[bool, typer.Option("--check", help="不复制,只把副本取回来校验;有损坏退出码为 1")] = False,
) -> None:
    """把批次的证据复制到另一处(S3、网络盘),或校验那里的副本。"""
    _extra()
    from tracker.cluster import copies  # needs the extra

    with workspace(context) as ws:
        where = to or ws.settings.cluster.copy_to
        if not where:
            raise UsageError('没有说复制到哪里;请用 --to 地址,或在 tracker.toml 的 [cluster] 写 copy_to = "s3://桶/文件夹"')
        name = ws.head(sweep).name
        if not check:
            done = copies.copy(ws.evidence, name, where)
            say(f"副本齐了:{done.files}个采集文件,这次新传{done.new}个")
            return
        broken = copies.check(name, where)
    for one in broken:
        say(f"{one.file}:{one.reason}")
    if broken:
        raise typer.Exit(1)
    say(f"批次 {name} 的副本与清单一致")


def _extra() -> None:
    """Raises UsageError where the libraries of the extra are missing, as on Windows."""
    try:
        import fsspec  # noqa: F401 - only whether it is there
        import procrastinate  # noqa: F401 - the same
    except ImportError as error:
        raise UsageError(
            "多机要用的程序库没有安装:请在 Linux 上运行 pip install 'tracker[cluster]';只有一台机器时直接用 tracker sweep"
        ) from error
