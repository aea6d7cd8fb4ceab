"""Facts and judgements of sweeps. All is appended; the database itself refuses to change or remove a row."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from peewee import chunked, fn

from tracker.model import Conclusion, Verdict
from tracker.store.codec import scrub, verdict_of, verdict_text
from tracker.store.derived import LINE, verdict_line
from tracker.store.part import Part, instant, stamp, tuples
from tracker.store.records import Judgement, JudgementHead, StoredFacts
from tracker.store.sweep_tables import JudgementRow

_BATCH = 500
"""Rows per statement."""


class Judgements(Part):
    """What was proven of the accounts of a sweep, and what was judged of it."""

    def add_facts(self, sweep: str, facts: Sequence[StoredFacts]) -> None:
        """Append facts; those of a digest that is there already stay as they are."""
        with self.transaction():
            rows = ((sweep, one.account_id, one.digest, one.told) for one in facts)
            self._append(self._rows.facts, ("sweep", "account_id", "digest", "data"), rows, known=True)

    def facts(self, sweep: str, digests: Collection[str]) -> dict[str, str]:
        """Digest → text of the facts, for those of the digests that a sweep has."""
        row, found = self._rows.facts, dict[str, str]()
        for some in chunked(digests, _BATCH):
            query = row.select(row.digest, row.data).where((row.sweep == sweep) & row.digest.in_(some))
            with self._reading():
                found.update(tuples(query))
        return found

    def begin_judgement(self, judgement: JudgementHead) -> JudgementHead:
        """Append a judgement that counts for nothing until `end_judgement`. Returns it with its number.

        Raises UsageError for an unknown sweep.
        """
        told = {"sweep": judgement.sweep, "profile": judgement.profile, "profile_digest": judgement.profile_digest}
        with self.transaction():
            self._must_know(judgement.sweep)
            state = self._state(judgement.sweep)
            number = self._rows.judgement.insert(at=stamp(judgement.at), state=state, **told).execute()
        return replace(judgement, number=number)

    def sweep_state(self, sweep: str) -> str:
        """What a sweep holds that a judgement rests on, as a word: another word = another judgement may come of it."""
        with self._reading():
            return self._state(sweep)

    def judged_state(self, judgement: JudgementHead) -> str:
        """What `sweep_state` said when a judgement was begun; empty = not known, it is of an earlier program."""
        with self._reading():
            found = self._rows.judgement.get_or_none(id=judgement.number)
        return str(found.state) if found else ""

    def _state(self, sweep: str) -> str:
        rows, own = self._rows, scrub(sweep)
        lasts = [(row, row.sweep == own) for row in (rows.visit, rows.decision, rows.freeze)]
        told = [row.select(fn.MAX(row.id)).where(of).scalar() for row, of in lasts]
        absence = rows.absence.select(fn.MAX(rows.absence.id)).scalar()
        edition = rows.sweep.select(rows.sweep.edition).where(rows.sweep.name == own).scalar()
        # what other offices concluded disputes ours; where no bundle ever came, the word is as it was before there were any
        carried = rows.origin_record.select(fn.MAX(rows.origin_record.id)).where(rows.origin_record.kind == "verdict").scalar()
        return ":".join(str(one or 0) for one in (edition, *told, absence, *([carried] if carried else ())))

    def add_verdicts(self, judgement: JudgementHead, verdicts: Sequence[Verdict], position: int) -> None:
        """Append the next verdicts of a judgement; `position` = how many it has already."""
        columns = ("judgement", "position", "account_id", "conclusion", "word", "data")
        rows = (_columns(judgement.number, *one) for one in enumerate(verdicts, position))
        lines = ((judgement.number, place, *verdict_line(one)) for place, one in enumerate(verdicts, position))
        with self.transaction():
            self._append(self._rows.verdict, columns, rows)
            self._append(self._rows.verdict_line, ("judgement", "position", *LINE), lines)

    def end_judgement(self, judgement: JudgementHead, total: int) -> JudgementHead:
        """Say that a judgement is complete with `total` verdicts: from now on it is the last one of its sweep."""
        with self.transaction():
            self._rows.judgement_end.insert(judgement=judgement.number, verdicts=total).execute()
        return replace(judgement, total=total)

    def add_judgement(self, judgement: Judgement) -> None:
        """Append a whole judgement. Raises UsageError for an unknown sweep."""
        with self.transaction():
            begun = self.begin_judgement(judgement)
            self.add_verdicts(begun, judgement.verdicts, 0)
            self.end_judgement(begun, len(judgement.verdicts))

    def last_head(self, sweep: str) -> JudgementHead | None:
        """The complete judgement that was begun last for a sweep, without its verdicts; None when it was never judged."""
        row, end = self._rows.judgement, self._rows.judgement_end
        query = row.select(row, end.verdicts.alias("total")).join(end, on=(end.judgement == row.id))
        with self._reading():
            found = query.where(row.sweep == sweep).order_by(row.id.desc()).limit(1).objects().first()
        return _head(found, found.total) if found else None

    def head(self, number: int) -> JudgementHead | None:
        """A complete judgement by its number, without its verdicts; None where there is no such one."""
        row, end = self._rows.judgement, self._rows.judgement_end
        query = row.select(row, end.verdicts.alias("total")).join(end, on=(end.judgement == row.id))
        with self._reading():
            found = query.where(row.id == number).objects().first()
        return _head(found, found.total) if found else None

    def last_judgement(self, sweep: str) -> Judgement | None:
        """The same with all its verdicts."""
        head = self.last_head(sweep)
        return self.judgement(head) if head else None

    def judgement(self, head: JudgementHead) -> Judgement:
        """A stored judgement with all its verdicts in memory."""
        return Judgement(
            sweep=head.sweep,
            profile=head.profile,
            profile_digest=head.profile_digest,
            at=head.at,
            number=head.number,
            total=head.total,
            verdicts=tuple(self.verdicts(head)),
        )

    def verdicts(self, judgement: JudgementHead, conclusions: Collection[Conclusion] = tuple(Conclusion)) -> Iterator[Verdict]:
        """The verdicts of a stored judgement, or those of some conclusions, in the order of its accounts.

        They are read in batches: memory does not grow with their number.
        """
        row, last = self._rows.verdict, -1
        wanted = (row.judgement == judgement.number) & row.conclusion.in_([str(one) for one in conclusions])
        while True:
            query = row.select(row.position, row.data).where(wanted & (row.position > last)).order_by(row.position)
            with self._reading():
                rows = tuples(query.limit(_BATCH))
            if not rows:
                return
            last = rows[-1][0]
            yield from (verdict_of(told) for _, told in rows)

    def verdict(self, judgement: JudgementHead, account_id: str) -> Verdict | None:
        """The verdict on one account; None where a stored judgement has none."""
        row = self._rows.verdict
        with self._reading():
            found = row.get_or_none(judgement=judgement.number, account_id=scrub(account_id))
        return verdict_of(found.data) if found else None


def _columns(number: int, position: int, verdict: Verdict) -> tuple[object, ...]:
    own = scrub(verdict.account.account_id)
    return number, position, own, str(verdict.conclusion), scrub(verdict.word), verdict_text(verdict)


def _head(row: JudgementRow, total: int) -> JudgementHead:
    return JudgementHead(
        sweep=row.sweep,
        profile=row.profile,
        profile_digest=row.profile_digest,
        at=instant(row.at),
        number=row.id,
        total=total,
    )
