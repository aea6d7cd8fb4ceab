"""Which findings of a sweep people decided: pages of them, how many, and those of which not everybody said the same."""

from collections.abc import Collection
from typing import Any

from peewee import fn

from tracker.store.codec import scrub
from tracker.store.paging import Slice, Turn
from tracker.store.part import Part, tuples

Pair = tuple[str, str]
"""Account id and code of a finding."""


class Decided(Part):
    """Findings by what was decided of them; nothing here reads a decision as a record."""

    def decided_pairs(self, sweep: str, turn: Turn) -> Slice[Pair]:
        """A page of the findings that somebody decided, each once, the one decided last first; forwards only.

        The key of a page is the number of its last decision; what is no number begins anew.
        """
        row = self._rows.decision
        last = fn.MAX(row.id)
        query = self._pairs(sweep).select_extend(last)
        if turn.after.isdecimal() and len(turn.after) < 18:
            query = query.having(last < int(turn.after))
        with self._reading():
            rows = tuples(query.order_by(last.desc()).limit(turn.size + 1))
        shown = rows[: turn.size]
        return Slice(rows=tuple(one[:2] for one in shown), after=str(shown[-1][2]) if len(rows) > turn.size else "")

    def count_decided(self, sweep: str) -> int:
        """How many findings of a sweep somebody decided."""
        with self._reading():
            return int(self._pairs(sweep).count())

    def torn_pairs(self, sweep: str, most: int) -> tuple[Pair, ...]:
        """Findings that were both confirmed and dismissed, by whomever, the one decided last first; no more than `most`."""
        row = self._rows.decision
        both = fn.COUNT(row.confirmed.distinct()) > 1
        with self._reading():
            return tuple(tuples(self._pairs(sweep).having(both).order_by(fn.MAX(row.id).desc()).limit(most)))

    def times_decided(self, sweep: str, account_ids: Collection[str]) -> dict[Pair, int]:
        """How often each finding of these accounts was decided; what is missing never was."""
        row = self._rows.decision
        query = self._pairs(sweep).select_extend(fn.COUNT(row.id)).where(row.account_id.in_([scrub(one) for one in account_ids]))
        with self._reading():
            return {(own, code): number for own, code, number in tuples(query)}

    def _pairs(self, sweep: str) -> Any:
        row = self._rows.decision
        columns = row.account_id, row.code
        return row.select(*columns).where(row.sweep == scrub(sweep)).group_by(*columns)
