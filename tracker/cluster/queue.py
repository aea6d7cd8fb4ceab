"""The queue on PostgreSQL (procrastinate): one job per lane of a sweep, one for a sweep's end, one a week."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

from procrastinate import App, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.types import TimeDeltaParams

from tracker.cluster.again import Again
from tracker.cluster.fence import DEAD, patience
from tracker.cluster.lines import DESK, locks_of, queue_of
from tracker.errors import UsageError
from tracker.store import QueuedLane, Store

LANE, END, WEEKLY = "lane", "end", "weekly"
_SCHEMA = "procrastinate/schema"


class _Later(BaseRetryStrategy):
    """A lane that is given back is queued again; whatever else a job raises is an error of ours: the keeper queues it anew."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return RetryDecision(retry_in=_span(exception.seconds)) if isinstance(exception, Again) else None


def _span(seconds: float) -> TimeDeltaParams:
    return {"milliseconds": int(seconds * 1000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What the jobs do."""

    lane: Callable[[int], Awaitable[None]]
    end: Callable[[str], Awaitable[None]]
    weekly: Callable[[], Awaitable[None]]


def made(url: str, beat: float, hands: Hands, weekly: str = "") -> App:
    """The application. `weekly` = when to queue a weekly sweep, as cron writes it; empty = never."""
    app = App(
        connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, timeout=max(2.0, 2 * beat), kwargs=dict(patience(beat)))
    )

    @app.task(name=LANE, retry=_Later())
    async def lane(number: int) -> None:
        await hands.lane(number)

    @app.task(name=END, queue=DESK, retry=_Later())
    async def end(sweep: str) -> None:
        await hands.end(sweep)

    async def open_weekly(timestamp: int) -> None:
        await hands.weekly()

    opening = app.task(name=WEEKLY, queue=DESK, queueing_lock=WEEKLY, lock=WEEKLY)(open_weekly)
    if weekly:
        app.periodic(cron=weekly)(opening)
    return app


async def prepare(app: App, store: Store) -> None:
    """Make the queue's tables where they are missing; machines that start together do it one after the other."""
    with store.alone(_SCHEMA, "另一台机器正在建立队列;请稍后再试"):
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()


async def keep(app: App, lines: Collection[QueuedLane], ends: Collection[str], beat: float) -> None:
    """See that every queued lane and every end has its job: those of dead machines are taken from them, lost ones made anew."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD * beat):
        with suppress(ConnectorException):  # another machine was quicker
            await app.job_manager.retry_job(job)
    alive = [one for status in ("todo", "doing") for one in await app.job_manager.list_jobs_async(status=status)]
    lanes = {one.task_kwargs.get("number") for one in alive if one.task_name == LANE}
    ending = {one.task_kwargs.get("sweep") for one in alive if one.task_name == END}
    for line in lines:
        if line.id not in lanes:
            await _put(app, LANE, queue_of(line), locks_of(line)[-1], wait=line.wait, number=line.id)
    for sweep in ends:
        if sweep not in ending:
            await _put(app, END, DESK, f"end/{sweep}", sweep=sweep)


async def take_back(url: str, numbers: Collection[int]) -> None:
    """Take the jobs of these lanes out of the queue, and break off those under way. Raises UsageError."""
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=1, timeout=15.0))
    try:
        async with app.open_async():
            for status in ("todo", "doing"):
                for one in await app.job_manager.list_jobs_async(status=status, task=LANE):
                    if one.id is not None and one.task_kwargs.get("number") in numbers:
                        await app.job_manager.cancel_job_by_id_async(one.id, abort=True)
    except ConnectorException as error:
        raise UsageError("批次已标为取消,但连不上队列;正在看的会看完手头的一个再停,请稍后再运行一次") from error


async def _put(app: App, task: str, queue: str, lock: str, *, wait: float = 0.0, **told: int | str) -> None:
    name = f"{task}/{next(iter(told.values()))}"
    deferrer = app.configure_task(task, queue=queue, lock=lock, queueing_lock=name, schedule_in=_span(wait))
    with suppress(AlreadyEnqueued):
        await deferrer.defer_async(**told)
