"""The end of a shared sweep: when no lane is left, one machine ends it, looks for drift, and judges it once."""

from tracker import audit
from tracker.cluster.fence import held
from tracker.cluster.means import Means
from tracker.drift import freeze
from tracker.judge import judge_streamed
from tracker.store import QueuedSweep, Store, SweepStanding
from tracker.store.machine_records import ENDED
from tracker.workspace import Workspace


def ready(store: Store) -> tuple[QueuedSweep, ...]:
    """The shared sweeps whose lanes have all ended and that are not judged yet."""
    waiting = {line.sweep for line in store.queued_lanes() if line.standing not in ENDED}
    return tuple(one for one in store.queued_sweeps() if one.standing is SweepStanding.OPEN and one.sweep not in waiting)


async def finish(means: Means, sweep: str) -> None:
    """End and judge a sweep, unless another machine has. Raises Again while another one does."""
    async with held(means.url, [f"end/{sweep}"], means.name, means.terms.heartbeat):
        if any(one.sweep == sweep for one in ready(means.ws.store)):
            end(means.ws, sweep, means)


def end(ws: Workspace, name: str, means: Means) -> None:
    """What follows the last visit, once: a judgement that was finished by a machine that then died is not made again."""
    store, sweep = ws.store, ws.head(name)
    if sweep.ended_at is None:
        store.end_sweep(name, means.clock())
        sweep = ws.head(name)
    freeze(ws, sweep, at=means.clock())
    last = store.last_head(name)
    if last is None or sweep.ended_at is None or last.at < sweep.ended_at:
        last = judge_streamed(ws, sweep, ws.profile(), means.adapters, at=means.clock())
    store.stand_sweep(name, SweepStanding.DONE, last.number)
    audit.by_itself(store, means.clock(), "worker judge", "done", targets=f"sweep={name} machine={means.name}")
