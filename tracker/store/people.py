"""What people decided, and what was judged. Both are appended; the database itself refuses to change or remove a row."""

import json

from tracker.model import Decision
from tracker.store.codec import dumps, scrub, verdict_from_json, verdict_to_json
from tracker.store.part import Part, instant, stamp
from tracker.store.records import Judgement
from tracker.store.tables import DecisionRow


class People(Part):
    """Decisions (复核) and judgements of a sweep."""

    def add_decision(self, sweep: str, decision: Decision) -> None:
        """Append what a person said of a finding. Raises UsageError for an unknown sweep."""
        told = {name: scrub(getattr(decision, name)) for name in ("account_id", "code", "who", "why")}
        with self.transaction():
            self._must_know(sweep)
            self._rows.decision.insert(sweep=sweep, confirmed=decision.confirmed, at=stamp(decision.at), **told).execute()

    def decisions(self, sweep: str) -> tuple[Decision, ...]:
        """All decisions of a sweep in the order in which they were made; the last one on a finding holds."""
        row = self._rows.decision
        with self._reading():
            return tuple(_decision(found) for found in row.select().where(row.sweep == sweep).order_by(row.id))

    def add_judgement(self, judgement: Judgement) -> None:
        """Append a judgement. Raises UsageError for an unknown sweep."""
        verdicts = dumps([verdict_to_json(verdict) for verdict in judgement.verdicts])
        told = {"sweep": judgement.sweep, "profile": judgement.profile, "profile_digest": judgement.profile_digest}
        with self.transaction():
            self._must_know(judgement.sweep)
            self._rows.judgement.insert(at=stamp(judgement.at), verdicts=verdicts, **told).execute()

    def last_judgement(self, sweep: str) -> Judgement | None:
        """The judgement that was appended last for a sweep; None when it was never judged."""
        row = self._rows.judgement
        with self._reading():
            found = row.select().where(row.sweep == sweep).order_by(row.id.desc()).limit(1).get_or_none()
        if found is None:
            return None
        return Judgement(
            sweep=found.sweep,
            profile=found.profile,
            profile_digest=found.profile_digest,
            at=instant(found.at),
            verdicts=tuple(verdict_from_json(data) for data in json.loads(found.verdicts)),
        )


def _decision(row: DecisionRow) -> Decision:
    told = {name: getattr(row, name) for name in ("account_id", "code", "who", "why")}
    return Decision(confirmed=bool(row.confirmed), at=instant(row.at), **told)
