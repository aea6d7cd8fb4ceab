"""A lane held by one machine alone: locks in a PostgreSQL session of its own, in which every request is told before it is sent.

While the session lives nobody else gets the locks; when it is cut, nothing can be told in it any more, so nothing is sent.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psycopg

from tracker.capture import Interrupted
from tracker.cluster.again import Again

DEAD = 3
"""Signs of life that a machine may miss."""
_TRY = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || %s, 0))"
_SILENT = "SELECT EXISTS (SELECT 1 FROM lane_holder WHERE name = %s)"
_HOLD = """INSERT INTO lane_holder (name, holder, since, beat)
    VALUES (%s, %s, EXTRACT(EPOCH FROM clock_timestamp()), EXTRACT(EPOCH FROM clock_timestamp()))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, since = EXCLUDED.since, beat = EXCLUDED.beat"""
_BEAT = "UPDATE lane_holder SET beat = EXTRACT(EPOCH FROM clock_timestamp()) WHERE name = ANY(%s)"
_LEAVE = "DELETE FROM lane_holder WHERE name = ANY(%s)"
_END = """SELECT pg_terminate_backend(held.pid) FROM pg_locks held
    JOIN pg_database ours ON ours.oid = held.database AND ours.datname = current_database()
    JOIN lane_holder last ON last.name = %s AND EXTRACT(EPOCH FROM clock_timestamp()) - last.beat > %s
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
    AND ((held.classid::bigint << 32) | held.objid::bigint) = hashtextextended(current_schema() || %s, 0)"""


@dataclass(slots=True)
class Fence:
    """Locks that are held as long as `lost` is not set."""

    session: psycopg.AsyncConnection[tuple[object, ...]]
    beat: float
    names: list[str] = field(default_factory=list)
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, sql: str, values: Sequence[object]) -> None:
        """Write in the session that holds the locks. Raises Interrupted when it holds them no longer."""
        if self.lost.is_set():
            raise Interrupted
        try:
            async with asyncio.timeout(self.beat / 2):
                await self.session.execute(sql, values)
        except (psycopg.Error, TimeoutError) as error:
            self.lost.set()
            raise Interrupted from error

    async def watch(self) -> None:
        """Give signs of life until the session is lost."""
        with suppress(Interrupted):
            while True:
                await asyncio.sleep(self.beat / 5)
                await self.tell(_BEAT, [self.names])


@asynccontextmanager
async def held(url: str, names: Sequence[str], holder: str, beat: float) -> AsyncIterator[Fence]:
    """Hold these locks while the block runs. Raises Again when another machine holds one, or the database cannot be reached.

    `beat`: seconds between signs of life. A holder that gave none for three of them is cut off first. After one that ended
    without a word its last request is waited out.
    """
    fence = Fence(await _session(url, beat), beat)
    try:
        try:
            silent = [await _take(fence, name, holder) for name in sorted(names)]
        except psycopg.Error as error:
            raise Again(beat, "连不上数据库") from error
        if any(silent):
            # it notices by its own watch that it was cut off, and drops what is under way
            await asyncio.sleep(beat)
        watch = asyncio.create_task(fence.watch())
        try:
            yield fence
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
    finally:
        with suppress(Interrupted, psycopg.Error):
            await fence.tell(_LEAVE, [fence.names])
            await fence.session.close()


async def _session(url: str, beat: float) -> psycopg.AsyncConnection[tuple[object, ...]]:
    seconds = max(1, int(beat))
    try:
        session = await psycopg.AsyncConnection.connect(url, autocommit=True, **patience(beat))  # type: ignore[arg-type]
        # a machine that fell off the net does not say goodbye: the server has to find out
        for name, value in (("idle", seconds), ("interval", seconds), ("count", DEAD)):
            await session.execute("SELECT set_config(%s, %s, false)", [f"tcp_keepalives_{name}", str(value)])
    except psycopg.Error as error:
        raise Again(beat, "连不上数据库") from error
    return session


def patience(beat: float) -> Mapping[str, int]:
    """How long a connection waits for a server that does not answer, in libpq's words."""
    seconds = max(1, int(beat))
    told = {"keepalives_idle": seconds, "keepalives_interval": seconds, "keepalives_count": DEAD}
    return {**told, "connect_timeout": max(2, seconds), "tcp_user_timeout": DEAD * seconds * 1000}


async def _take(fence: Fence, name: str, holder: str) -> bool:
    """Take one lock; whether who had it last ended without a word. Raises Again."""
    session = fence.session
    if not await _one(session, _TRY, [name]):
        await session.execute(_END, [name, DEAD * fence.beat, name])
        await asyncio.sleep(min(1.0, fence.beat / 5))
        if not await _one(session, _TRY, [name]):
            raise Again(fence.beat, "通道正由另一台机器使用")
    silent = await _one(session, _SILENT, [name])
    await session.execute(_HOLD, [name, holder])
    fence.names.append(name)
    return bool(silent)


async def _one(session: psycopg.AsyncConnection[tuple[object, ...]], sql: str, values: Sequence[object]) -> object:
    row = await (await session.execute(sql, values)).fetchone()
    return row[0] if row else None
