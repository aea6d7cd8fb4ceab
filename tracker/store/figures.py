"""Figures for whoever watches the machine, counted by the database itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast, get_type_hints

import peewee
from peewee import fn

from tracker.model import Outcome
from tracker.store.part import Part, tuples
from tracker.store.tables import Tables


class Looked(NamedTuple):
    """How many visits of a sweep came to what. `outcome` is that of the page as a whole."""

    platform: str
    route: str
    outcome: str
    visits: int


class Figures(Part):
    """Counts over whole tables; nothing is read into memory row by row."""

    def visits_by_outcome(self, sweep: str) -> tuple[Looked, ...]:
        """The visits of a sweep by platform, route and outcome; control visits are none of them."""
        row = self._rows.visit
        lite = isinstance(self._database, peewee.SqliteDatabase)
        told = fn.json_extract(row.observation, "$.outcome") if lite else _member(row.observation, "outcome")
        own = (row.sweep == sweep) & (row.control == False)  # noqa: E712 - peewee's way to say it
        query = row.select(row.platform, row.route, told, fn.COUNT(row.id)).where(own)
        with self._reading():
            found = tuples(query.group_by(row.platform, row.route, told))
        return tuple(Looked(platform, route, outcome or str(Outcome.OK), count) for platform, route, outcome, count in found)

    def accounts_looked_at(self, sweep: str) -> int:
        """How many accounts of a sweep have a visit."""
        row = self._rows.visit
        query = row.select(fn.COUNT(row.account_id.distinct())).where((row.sweep == sweep) & (row.account_id != ""))
        with self._reading():
            return int(tuples(query)[0][0])

    def last_visit_at(self) -> str | None:
        """When the last visit of all was made, as stored; None = there is none."""
        with self._reading():
            return cast("str | None", tuples(self._rows.visit.select(fn.MAX(self._rows.visit.at)))[0][0])

    def concluded(self, judgement: int) -> Mapping[str, int]:
        """How many verdicts of a judgement came to which conclusion."""
        row = self._rows.verdict
        query = row.select(row.conclusion, fn.COUNT(row.account_id)).where(row.judgement == judgement).group_by(row.conclusion)
        with self._reading():
            return dict(tuples(query))

    def rows_by_table(self) -> Mapping[str, int]:
        """How many rows every table has, by its name."""
        models = [getattr(self._rows, name) for name in get_type_hints(Tables)]
        with self._reading():
            return {model._meta.table_name: model.select().count() for model in models}


def _member(column: Any, name: str) -> Any:
    return fn.json_extract_path_text(column.cast("json"), name)
