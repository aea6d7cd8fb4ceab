"""What machines that share a sweep must know of each other."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from math import inf
from typing import Any

import peewee

from tracker.errors import UsageError
from tracker.store.codec import dumps, scrub
from tracker.store.database import telling
from tracker.store.machine_records import (
    Holder,
    LanePast,
    LaneStanding,
    Machine,
    QueuedLane,
    QueuedSweep,
    SweepStanding,
)
from tracker.store.machine_tables import PaceRow, QueuedLaneRow
from tracker.store.part import Part

ALL = "*"
"""The lane's name under which all requests of a platform without credential are counted."""
FOREVER = -1.0
"""`until` of a stop that a person has to lift."""


class Machines(Part):
    """Machines, the lanes that they share, and each lane's past."""

    def __init__(self, database: peewee.Database, place: str) -> None:
        super().__init__(database, place)
        self._sessions: list[peewee.PostgresqlDatabase] = []

    def moment(self) -> float:
        """Seconds since 1970 by the database's clock."""
        lite = isinstance(self._database, peewee.SqliteDatabase)
        sql = "SELECT (julianday('now') - 2440587.5) * 86400" if lite else "SELECT EXTRACT(EPOCH FROM clock_timestamp())"
        with self._reading():
            return float(self._database.execute_sql(sql).fetchone()[0])  # type: ignore[no-untyped-call]  # untyped in the stubs

    def tell_machine(self, told: Machine) -> None:
        """Write down that a machine is there, and what it has."""
        row = self._rows.machine
        offer = dumps({"sessions": [list(one) for one in told.sessions], "grants": list(told.grants), "unfit": dict(told.unfit)})
        with self.transaction():
            seen = self.moment()
            keys = [row.name]
            row.insert(name=scrub(told.name), seen=seen, offer=offer).on_conflict(
                conflict_target=keys, update={row.seen: seen, row.offer: offer}
            ).execute()

    def machines(self) -> tuple[Machine, ...]:
        """All machines that ever told of themselves, by name."""
        row = self._rows.machine
        with self._reading():
            now, found = self.moment(), list(row.select().order_by(row.name))
        return tuple(_machine(one.name, now - one.seen, json.loads(one.offer)) for one in found)

    def queue_sweep(self, sweep: str, lanes: Sequence[QueuedLane]) -> None:
        """Share a sweep among the machines, or add lanes to it; what is queued already stays. Raises UsageError if unknown."""
        row = self._rows.queued_lane
        with self.transaction():
            self._must_know(sweep)
            kept = self._rows.queued_sweep.insert(sweep=sweep, state=str(SweepStanding.OPEN))
            kept.on_conflict_ignore().execute()
            for lane in lanes:
                row.insert(**_columns(lane)).on_conflict_ignore().execute()

    def queued_sweeps(self) -> tuple[QueuedSweep, ...]:
        """All sweeps that were shared, by name."""
        row = self._rows.queued_sweep
        with self._reading():
            found = list(row.select().order_by(row.sweep))
        return tuple(QueuedSweep(sweep=one.sweep, standing=SweepStanding(one.state), judgement=one.judgement) for one in found)

    def queued_sweep(self, sweep: str) -> QueuedSweep | None:
        """A sweep that was shared; None when it never was."""
        return next((one for one in self.queued_sweeps() if one.sweep == sweep), None)

    def stand_sweep(self, sweep: str, standing: SweepStanding, judgement: int | None = None) -> None:
        """Write down how a shared sweep stands."""
        row = self._rows.queued_sweep
        with self.transaction():
            row.update(state=str(standing), judgement=judgement).where(row.sweep == sweep).execute()

    def queued_lanes(self, sweep: str | None = None) -> tuple[QueuedLane, ...]:
        """The lanes of a shared sweep, or of all, in the order of queueing."""
        row = self._rows.queued_lane
        query = row.select().order_by(row.id)
        with self._reading():
            now, found = self.moment(), list(query if sweep is None else query.where(row.sweep == sweep))
        return tuple(_lane(one, now) for one in found)

    def queued_lane(self, number: int) -> QueuedLane | None:
        """A lane by its number."""
        row = self._rows.queued_lane
        with self._reading():
            now, found = self.moment(), row.get_or_none(id=number)
        return _lane(found, now) if found else None

    def stand_lane(
        self,
        number: int,
        standing: LaneStanding,
        *,
        note: str = "",
        wait: float = 0.0,
        rests: int = 0,
        faults: int = 0,
        only: LaneStanding | None = None,
    ) -> bool:
        """Write down how a lane stands; `only` = when it stands so now. Returns whether it was changed."""
        row = self._rows.queued_lane
        told = {"state": str(standing), "note": scrub(note), "rests": rests, "faults": faults}
        with self.transaction():
            found = row.update(**told, ready=self.moment() + wait).where(row.id == number)
            return bool((found if only is None else found.where(row.state == str(only))).execute())

    def lane_pasts(self, platform: str | None = None) -> tuple[LanePast, ...]:
        """What is known of the lanes of a platform, or of all."""
        row = self._rows.lane_pace
        query = row.select().order_by(row.platform, row.lane)
        with self._reading():
            now, found = self.moment(), list(query if platform is None else query.where(row.platform == platform))
        return tuple(_past(one, now) for one in found)

    def stop_lane(self, platform: str, lane: str, outcome: str, detail: str, *, rest: float | None) -> None:
        """A lane met a wall: nobody uses it for `rest` seconds; None = until a person frees it."""
        row = self._rows.lane_pace
        with self.transaction():
            until = FOREVER if rest is None else self.moment() + rest
            told = {row.stopped: outcome, row.detail: scrub(detail), row.until: until}
            blank = {"last_request": 0.0, "last_visit": 0.0, "visits": 0}
            row.insert(platform=platform, lane=lane, stopped=outcome, detail=scrub(detail), until=until, **blank).on_conflict(
                conflict_target=[row.platform, row.lane], update=told
            ).execute()

    def free_lanes(self, platform: str, lane: str | None = None) -> int:
        """A person frees a platform's lanes, or one of them and the anonymous requests; returns how many were stopped."""
        row = self._rows.lane_pace
        which = (row.platform == platform) & (row.stopped != "")
        if lane is not None:
            which &= row.lane.in_([lane, ALL])
        with self.transaction():
            return int(row.update(stopped="", detail="", until=0.0).where(which).execute())

    def holders(self) -> tuple[Holder, ...]:
        """Who is at work in which lane; one that ended without a word is still among them, its beat is old."""
        row = self._rows.lane_holder
        with self._reading():
            now, found = self.moment(), list(row.select().order_by(row.name))
        return tuple(Holder(name=one.name, holder=one.holder, age=now - one.since, beat=now - one.beat) for one in found)

    @contextmanager
    def alone(self, name: str, taken: str, wait: float = 15.0) -> Iterator[None]:
        """Be the only one among all machines on this PostgreSQL database while the block runs; nothing is held on SQLite.

        The lock is in a session of its own, so that it ends with its holder. Raises UsageError with the sentence `taken`
        when another one keeps it longer than `wait` seconds.
        """
        if isinstance(self._database, peewee.SqliteDatabase):
            yield
            return
        with telling(self._place):
            session = self._sessions.pop() if self._sessions else self._session()
            with ExitStack() as undo:
                undo.callback(session.close)
                _take(session, name, taken, wait)
                undo.pop_all()
        try:
            yield
        finally:
            self._give_back(session, name)

    def let_go(self) -> None:
        """Close the sessions that locks were held in."""
        while self._sessions:
            self._sessions.pop().close()

    def _session(self) -> peewee.PostgresqlDatabase:
        """A session outside the pool: it must not be handed to anybody else while it holds a lock."""
        pool: Any = self._database
        session = peewee.PostgresqlDatabase(pool.database, prefer_psycopg3=True, thread_safe=False, **pool.connect_params)
        session.connect()
        return session

    def _give_back(self, session: peewee.PostgresqlDatabase, name: str) -> None:
        try:
            _say(session, f"SELECT pg_advisory_unlock({_KEY})", name)
        except peewee.DatabaseError:
            session.close()  # whatever ended the session ended its lock as well
        else:
            self._sessions.append(session)


_KEY = "hashtextextended(current_schema() || %s, 0)"
_TAKEN = "55P03"
"""SQLSTATE of a lock that was not to be had in time."""


def _take(session: peewee.PostgresqlDatabase, name: str, taken: str, wait: float) -> None:
    _say(session, f"SET lock_timeout = {max(1, int(wait * 1000))}")
    try:
        _say(session, f"SELECT pg_advisory_lock({_KEY})", name)
    except peewee.OperationalError as error:
        if getattr(error.__context__, "sqlstate", "") != _TAKEN:
            raise
        raise UsageError(taken) from error


def _say(session: peewee.PostgresqlDatabase, sql: str, *values: object) -> None:
    session.execute_sql(sql, values)  # type: ignore[no-untyped-call]  # the stubs leave it untyped


def _machine(name: str, age: float, told: dict[str, Any]) -> Machine:
    sessions = tuple((platform, auth, credential) for platform, auth, credential in told["sessions"])
    return Machine(name=name, age=age, sessions=sessions, grants=tuple(told["grants"]), unfit=told["unfit"])


def _columns(lane: QueuedLane) -> dict[str, object]:
    told = {"sweep": lane.sweep, "platform": lane.platform, "credential": lane.credential, "auth": lane.auth}
    counts = {"public": int(lane.public), "ready": 0.0, "rests": lane.rests, "faults": lane.faults}
    return {**told, **counts, "state": str(lane.standing), "note": scrub(lane.note)}


def _lane(row: QueuedLaneRow, now: float) -> QueuedLane:
    return QueuedLane(
        sweep=row.sweep,
        platform=row.platform,
        credential=row.credential,
        auth=row.auth,
        public=bool(row.public),
        standing=LaneStanding(row.state),
        note=row.note,
        wait=max(0.0, row.ready - now),
        rests=row.rests,
        faults=row.faults,
        id=row.id,
    )


def _past(row: PaceRow, now: float) -> LanePast:
    rest = inf if row.until == FOREVER else row.until - now
    stopped = row.stopped if rest > 0 else ""
    return LanePast(
        platform=row.platform,
        lane=row.lane,
        request_age=now - row.last_request,
        visit_age=now - row.last_visit,
        visits=row.visits,
        stopped=stopped,
        detail=row.detail if stopped else "",
        rest=rest if stopped else 0.0,
    )
