"""Control visits, what they prove of their lanes, and the platforms whose judging is frozen."""

import json
from collections.abc import Iterator, Mapping

from tracker.model import StoredVisit
from tracker.model.lane_state import LaneState
from tracker.store.codec import dumps, scrub
from tracker.store.lane_records import Freeze, Mark
from tracker.store.lane_tables import FreezeRow
from tracker.store.part import Part, instant, stamp, tuples
from tracker.store.visits import visit_of

_BATCH = 500
"""Rows at a time."""


class LaneVisits(Part):
    """What is known of lanes and of what came through them."""

    def marks(self, sweep: str) -> tuple[Mark, ...]:
        """What proved or disproved the lanes of a sweep, in order of time."""
        row = self._rows.visit
        query = row.select(row.platform, row.lane, row.at, row.mark).where((row.sweep == sweep) & (row.mark != ""))
        with self._reading():
            found = tuples(query.order_by(row.at, row.id))
        return tuple(Mark(platform, lane, at, LaneState(mark)) for platform, lane, at, mark in found)

    def each_visit(self, sweep: str) -> Iterator[StoredVisit]:
        """The visits of a sweep one after the other, in the order of entering: memory does not grow with the registry."""
        row, last = self._rows.visit, 0
        while True:
            query = row.select().where((row.sweep == sweep) & (row.id > last) & (row.control == False))  # noqa: E712 - peewee's way
            with self._reading():
                rows = list(query.order_by(row.id).limit(_BATCH))
            if not rows:
                return
            last = rows[-1].id
            yield from map(visit_of, rows)

    def add_freeze(self, freeze: Freeze) -> None:
        """Append that a platform is frozen, or lifted. Raises UsageError for an unknown sweep."""
        with self.transaction():
            self._must_know(freeze.sweep)
            self._rows.freeze.insert(**_columns(freeze)).execute()

    def freezes(self, sweep: str | None = None) -> tuple[Freeze, ...]:
        """What was frozen and lifted, of one sweep or of all, in the order of entering."""
        row = self._rows.freeze
        query = row.select().order_by(row.id)
        with self._reading():
            return tuple(map(_freeze, query if sweep is None else query.where(row.sweep == sweep)))

    def frozen_platforms(self, sweep: str) -> Mapping[str, Freeze]:
        """The platforms of a sweep whose judging is frozen now."""
        last = {one.platform: one for one in self.freezes(sweep)}
        return {platform: one for platform, one in last.items() if not one.lifted}


def _columns(freeze: Freeze) -> dict[str, object]:
    return {
        "sweep": freeze.sweep,
        "platform": freeze.platform,
        "lifted": freeze.lifted,
        "why": scrub(freeze.why),
        "numbers": dumps(dict(freeze.numbers)),
        "samples": dumps(list(freeze.samples)),
        "who": scrub(freeze.who),
        "at": stamp(freeze.at),
    }


def _freeze(row: FreezeRow) -> Freeze:
    return Freeze(
        sweep=row.sweep,
        platform=row.platform,
        lifted=bool(row.lifted),
        why=row.why,
        numbers=json.loads(row.numbers),
        samples=tuple(json.loads(row.samples)),
        who=row.who,
        at=instant(row.at),
    )
