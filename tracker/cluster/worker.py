"""`tracker worker`: a machine that takes lanes from the queue, until it is asked to end or nothing is left."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

import psycopg
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException

from tracker.cluster import copies, opening
from tracker.cluster.drain import Ends, drain
from tracker.cluster.fence import DEAD
from tracker.cluster.finish import finish, ready
from tracker.cluster.lines import queue_of, queues_of
from tracker.cluster.means import Means
from tracker.cluster.queue import Hands, keep, made, prepare
from tracker.errors import UsageError
from tracker.store import LaneStanding, QueuedLane, SweepStanding

_log = logging.getLogger(__name__)
_LOST = (UsageError, ProcrastinateException, psycopg.Error, OSError)
"""What a database that is away raises."""


async def work(means: Means, ends: Ends, *, only: Sequence[str] = (), once: bool = False) -> None:
    """Take lanes until `ends` is set; `once` = until nothing is queued that this machine can do.

    `only` = some lanes (`platform` or `platform:credential`). A database that goes away is waited for.
    """
    beat = means.terms.heartbeat
    asyncio.get_running_loop().set_exception_handler(_unheard)
    _hush(means.name)
    while not ends.enough.is_set():
        try:
            if await _turn(means, ends, only, once):
                return
        except _LOST as error:
            _log.warning("database away, trying again in %.0f s: %s", beat, type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(ends.enough.wait(), beat / 2)


class _Plain(logging.Filter):
    """A database that is away is one line, not a page: `work` says so, and waits."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps everything, without the trace of what is expected."""
        if record.exc_info and isinstance(record.exc_info[1], _LOST):
            record.exc_info = None
        return True


def _hush(name: str) -> None:
    for one in ("procrastinate.worker", f"procrastinate.worker.{name}"):
        logging.getLogger(one).addFilter(_Plain())
    for one in ("psycopg", "psycopg.pool"):
        logging.getLogger(one).setLevel(logging.ERROR)


def _unheard(loop: asyncio.AbstractEventLoop, told: dict[str, object]) -> None:
    """A job that could not be given back because another machine has it, or the database is away: `keep` sees to it."""
    error = told.get("exception")
    if isinstance(error, _LOST):
        _log.warning("a job was not given back: %s", type(error).__name__)
    else:
        loop.default_exception_handler(told)


async def _turn(means: Means, ends: Ends, only: Sequence[str], once: bool) -> bool:
    """Work as long as the database is there; whether all is done."""
    terms, queues = means.terms, list[str]()
    hands = Hands(
        lane=lambda number: _lane(means, number, ends), end=lambda name: _end(means, name), weekly=lambda: _weekly(means)
    )
    app = made(means.url, terms.heartbeat, hands, terms.weekly)
    async with app.open_async():
        await prepare(app, means.ws.store)
        await _keep(app, means, only, queues)
        # the worker reads this very list before every job: what the machine has may change while it works
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=queues,
                name=means.name,
                concurrency=terms.lanes,
                listen_notify=False,
                fetch_job_polling_interval=min(2.0, terms.heartbeat / 5),
                abort_job_polling_interval=min(2.0, terms.heartbeat / 5),
                update_heartbeat_interval=terms.heartbeat,
                stalled_worker_timeout=DEAD * terms.heartbeat,
                install_signal_handlers=False,
            )
        )
        try:
            return await _watch(app, means, ends, only, queues, worker, once=once)
        finally:
            await _let_end(worker, None if ends.enough.is_set() else DEAD * terms.heartbeat)


async def _let_end(worker: asyncio.Task[None], patience: float | None) -> None:
    """End after the jobs under way, which end by themselves when asked to; where the database went away, not for ever."""
    worker.cancel()
    await asyncio.wait([worker], timeout=patience)
    if not worker.done():
        # its fences are lost: nothing that still runs can send anything
        worker.cancel()
        await asyncio.wait([worker], timeout=patience)
    if worker.done() and not worker.cancelled() and (error := worker.exception()) and not isinstance(error, _LOST):
        raise error


async def _watch(
    app: App, means: Means, ends: Ends, only: Sequence[str], queues: list[str], worker: asyncio.Task[None], *, once: bool
) -> bool:
    """See to the queue again and again while the worker works; whether all is done."""
    while not ends.enough.is_set() and not worker.done():
        await asyncio.wait(
            [worker, asyncio.ensure_future(ends.enough.wait())], timeout=means.terms.heartbeat / 2, return_when="FIRST_COMPLETED"
        )
        if not ends.enough.is_set() and not worker.done():
            await _keep(app, means, only, queues)
            if once and _idle(means, queues):
                return True
    return ends.enough.is_set()


async def _keep(app: App, means: Means, only: Sequence[str], queues: list[str]) -> None:
    store, offer = means.ws.store, means.offer()
    store.tell_machine(offer)
    queues[:] = queues_of(offer, means.adapters, only)
    await keep(app, _queued(means), [one.sweep for one in ready(store)], means.terms.heartbeat)


def _queued(means: Means) -> list[QueuedLane]:
    store = means.ws.store
    shared = {one.sweep for one in store.queued_sweeps() if one.standing is SweepStanding.OPEN}
    return [line for line in store.queued_lanes() if line.sweep in shared and line.standing is LaneStanding.QUEUED]


def _idle(means: Means, queues: Sequence[str]) -> bool:
    """Whether nothing waits that this machine could do now."""
    mine = [line for line in _queued(means) if queue_of(line) in queues and line.wait <= 0]
    return not mine and not ready(means.ws.store)


async def _lane(means: Means, number: int, ends: Ends) -> None:
    try:
        await drain(means, number, ends)
    finally:
        line = means.ws.store.queued_lane(number)
        if line and means.terms.copy_to and not ends.stop.is_set():
            await _copy(means, line.sweep)


async def _end(means: Means, sweep: str) -> None:
    await finish(means, sweep)
    if means.terms.copy_to:
        await _copy(means, sweep)


async def _copy(means: Means, sweep: str) -> None:
    """The copy may fail: the evidence itself is not touched, and the next one makes good for it."""
    try:
        await asyncio.to_thread(copies.copy, means.ws.evidence, sweep, means.terms.copy_to)
    except UsageError as error:
        _log.warning("%s", error)


async def _weekly(means: Means) -> None:
    opening.weekly(means.ws, means.adapters, clock=means.clock)
