"""What people decided. It is appended; the database itself refuses to change or remove a row."""

from collections.abc import Collection

from tracker.model import Decision
from tracker.store.codec import scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.sweep_tables import DecisionRow


class People(Part):
    """Decisions (复核) of a sweep."""

    def add_decision(self, sweep: str, decision: Decision) -> None:
        """Append what a person said of a finding. Raises UsageError for an unknown sweep."""
        told = {name: scrub(getattr(decision, name)) for name in ("account_id", "code", "who", "why")}
        with self.transaction():
            self._must_know(sweep)
            self._rows.decision.insert(sweep=sweep, confirmed=decision.confirmed, at=stamp(decision.at), **told).execute()

    def decisions(self, sweep: str, account_ids: Collection[str] | None = None) -> tuple[Decision, ...]:
        """The decisions of a sweep, or of some accounts in it, in the order of deciding; the last one on a finding holds."""
        row = self._rows.decision
        query = row.select().where(row.sweep == sweep).order_by(row.id)
        if account_ids is not None:
            query = query.where(row.account_id.in_(account_ids))
        with self._reading():
            return tuple(_decision(one) for one in query)


def _decision(row: DecisionRow) -> Decision:
    told = {name: getattr(row, name) for name in ("account_id", "code", "who", "why")}
    return Decision(confirmed=bool(row.confirmed), at=instant(row.at), **told)
