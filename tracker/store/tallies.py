"""Counts for the overview: judgements by platform, region and kind of body, and which platforms' lanes stand still."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeVar

import peewee
from peewee import fn

from tracker.model import Conclusion
from tracker.model.lane_state import LaneState
from tracker.store.part import Part, instant, tuples
from tracker.store.records import JudgementHead

_T = TypeVar("_T")
_KEPT = 256
"""Judgements whose counts stay in memory; one has some hundred."""
_READS = (str(LaneState.GOOD), str(LaneState.HALF))
_STOPS = (str(LaneState.WALL), str(LaneState.BAD))


class Total(NamedTuple):
    """How many accounts of one region came to one conclusion in one judgement. `region` as lists filter by it."""

    judgement: int
    region: str
    conclusion: Conclusion
    number: int


class Cell(NamedTuple):
    """How many accounts of one platform, region and 主体类型 came to one conclusion."""

    platform: str
    region: str
    org_type: str
    conclusion: Conclusion
    number: int


class Tallies(Part):
    """What the overview counts. A judgement never changes: what was counted once is kept."""

    def __init__(self, database: peewee.Database, place: str) -> None:
        super().__init__(database, place)
        self._cells: dict[int, tuple[Cell, ...]] = {}
        self._totals: dict[int, tuple[Total, ...]] = {}

    def cells(self, judgement: JudgementHead) -> tuple[Cell, ...]:
        """The counts of a stored judgement; they add up to its number of verdicts."""
        found = self._cells.get(judgement.number)
        if found is None:
            found = self._counted(judgement.number)
            _keep(self._cells, judgement.number, found)
        return found

    def totals(self, judgements: Collection[int]) -> tuple[Total, ...]:
        """The counts of stored judgements by region, from their short rows, in the order of the numbers given."""
        row, wanted = self._rows.verdict_line, [number for number in judgements if number not in self._totals]
        query = row.select(row.judgement, row.region, row.conclusion, fn.COUNT(row.position)).where(row.judgement.in_(wanted))
        with self._reading():
            rows = tuples(query.group_by(row.judgement, row.region, row.conclusion)) if wanted else []
        for number in wanted:
            told = sorted(Total(number, region, Conclusion(word), count) for of, region, word, count in rows if of == number)
            _keep(self._totals, number, tuple(told))
        return tuple(one for number in judgements for one in self._totals.get(number, ()))

    def last_heads(self, sweeps: Collection[str]) -> Mapping[str, JudgementHead]:
        """Sweep → its last complete judgement, without the verdicts; a sweep that was never judged is left out."""
        row, end = self._rows.judgement, self._rows.judgement_end
        newest = row.select(fn.MAX(row.id)).join(end, on=(end.judgement == row.id))
        newest = newest.where(row.sweep.in_(list(sweeps))).group_by(row.sweep)
        query = row.select(row.sweep, row.profile, row.profile_digest, row.at, row.id, end.verdicts)
        with self._reading():
            found = tuples(query.join(end, on=(end.judgement == row.id)).where(row.id.in_(newest)))
        return {
            sweep: JudgementHead(sweep=sweep, profile=profile, profile_digest=digest, at=instant(at), number=number, total=total)
            for sweep, profile, digest, at, number, total in found
        }

    def stopped_platforms(self, sweep: str) -> tuple[str, ...]:
        """Platforms of a sweep of which a lane met a wall, or was found unfit, and none read well since."""
        row = self._rows.visit
        of_sweep = row.select(row.platform, fn.MAX(row.at)).where(row.sweep == sweep)
        with self._reading():
            stops = dict(tuples(of_sweep.where(row.mark.in_(_STOPS)).group_by(row.platform)))
            reads = dict(tuples(of_sweep.where(row.mark.in_(_READS)).group_by(row.platform)))
        left = [platform for platform, at in stops.items() if reads.get(platform, "") < at]
        return tuple(sorted(platform for platform in left if not self._went_on(sweep, platform, stops[platform])))

    def latest_state(self) -> str:
        """A word for what is known of posts, accounts and notices: the same word = nothing came in."""
        rows = (self._rows.visit, self._rows.change, self._rows.absence)
        with self._reading():
            return ":".join(str(row.select(fn.MAX(row.id)).scalar() or 0) for row in rows)

    def visited(self, sweep: str) -> int:
        """How many accounts of a sweep any visit was made of."""
        row = self._rows.visit
        query = row.select(fn.COUNT(fn.DISTINCT(row.account_id))).where((row.sweep == sweep) & (row.account_id != ""))
        with self._reading():
            return int(query.scalar())

    def _went_on(self, sweep: str, platform: str, at: str) -> bool:
        """Whether anything was read through a lane of the platform after an instant: owners' lanes have no control account."""
        row = self._rows.visit
        later = (row.sweep == sweep) & (row.mark == "") & (row.lane != "") & (row.platform == platform) & (row.at > at)
        with self._reading():
            return bool(row.select().where(later).exists())

    def _counted(self, number: int) -> tuple[Cell, ...]:
        keys = [self._told(name) for name in ("platform", "region", "org_type")]
        columns = ", ".join((*keys, "conclusion"))
        mark = self._database.param
        sql = f"SELECT {columns}, COUNT(*) FROM verdict WHERE judgement = {mark} GROUP BY {columns}"  # noqa: S608 - our own names
        with self._reading():
            rows: Sequence[tuple[str, str, str, str, int]] = self._database.execute_sql(sql, (number,)).fetchall()  # type: ignore[no-untyped-call]
        return tuple(
            Cell(platform, region, kind, Conclusion(word), count) for platform, region, kind, word, count in sorted(rows)
        )

    def _told(self, name: str) -> str:
        """A field of the account as it was judged."""
        if isinstance(self._database, peewee.SqliteDatabase):
            return f"json_extract(data, '$.account.{name}')"
        return f"data::json -> 'account' ->> '{name}'"


def _keep(kept: dict[int, _T], number: int, found: _T) -> None:
    """Keep what was counted; two threads may count the same, and find the same."""
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept)), None)
    kept[number] = found
