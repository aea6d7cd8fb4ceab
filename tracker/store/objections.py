"""征求意见: what units were asked, what they answered, what was ruled on it. All is appended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from tracker.errors import UsageError
from tracker.store.codec import dumps, scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.print_records import Asked, Attachment, Consultation, Objection, Ruled, Ruling
from tracker.store.print_tables import ConsultationRow, ObjectionRow, RulingRow

_ASKED = TypeAdapter(tuple[Asked, ...])
_NAMES = TypeAdapter(tuple[str, ...])
_ATTACHED = TypeAdapter(tuple[Attachment, ...])
_TEXTS = ("sweep", "account_id", "code", "words", "why", "who", "file", "taken_by")
_SAME = ("consultation", "objects", "late", "sha256", "line")


class Objections(Part):
    """Consultations of sweeps and their answers."""

    def add_consultation(self, told: Consultation) -> Consultation:
        """Append a sending. Returns it with its number. Raises UsageError for an unknown sweep."""
        with self.transaction():
            self._must_know(told.sweep)
            number = self._rows.consultation.insert(
                sweep=told.sweep,
                judgement=told.judgement,
                deadline=told.deadline.isoformat(),
                at=stamp(told.at),
                who=scrub(told.who),
                asked=dumps(_ASKED.dump_python(told.asked, mode="json")),
                files=dumps(told.files),
            ).execute()
        return replace(told, id=number)

    def consultations(self, sweep: str) -> tuple[Consultation, ...]:
        """The sendings of a sweep in their order; the last one counts."""
        row = self._rows.consultation
        with self._reading():
            return tuple(_consultation(found) for found in row.select().where(row.sweep == sweep).order_by(row.id))

    def add_objections(self, told: Sequence[Objection]) -> None:
        """Append the lines of one reply, all or none. Raises UsageError when this very file was taken already."""
        row = self._rows.objection
        with self.transaction():
            for one in told:
                asked = row.consultation.is_null() if one.consultation is None else row.consultation == one.consultation
                same = asked & (row.sweep == scrub(one.sweep)) & (row.sha256 == one.sha256) & (row.line == one.line)
                if row.select().where(same).exists():
                    raise UsageError(f"反馈表 {one.file} 已经收过(内容完全一样),没有再收;要改意见请让单位改好后另存再交")
                texts = {name: scrub(getattr(one, name)) for name in _TEXTS}
                row.insert(
                    **texts,
                    **{name: getattr(one, name) for name in _SAME},
                    received_on=one.received_on.isoformat(),
                    attachments=dumps(_ATTACHED.dump_python(one.attachments, mode="json")),
                    at=stamp(one.at),
                ).execute()

    def objections(self, sweep: str) -> tuple[Objection, ...]:
        """All that units said of a sweep, in the order of taking in, each with its last answer."""
        row = self._rows.objection
        with self._reading():
            held = list(row.select().where(row.sweep == sweep).order_by(row.id))
            rulings = {one.objection: one for one in self._rulings(sweep)}
        return tuple(_objection(one, rulings.get(one.id)) for one in held)

    def objection(self, number: int) -> Objection | None:
        """One line of a reply by its number, without its answer; None where there is no such one."""
        with self._reading():
            found = self._rows.objection.get_or_none(id=number)
        return _objection(found, None) if found else None

    def _rulings(self, sweep: str) -> list[Ruling]:
        row, said = self._rows.ruling, self._rows.objection
        query = row.select().join(said, on=(said.id == row.objection)).where(said.sweep == sweep).order_by(row.id)
        return [_ruling(one) for one in query]

    def add_ruling(self, told: Ruling) -> None:
        """Append an answer; the last one on an objection holds. Raises UsageError when there is no such objection."""
        with self.transaction():
            if self._rows.objection.get_or_none(id=told.objection) is None:
                raise UsageError(f"没有编号为 {told.objection} 的异议;用 tracker report objections list 查看")
            texts = {name: scrub(getattr(told, name)) for name in ("words", "why", "who")}
            self._rows.ruling.insert(objection=told.objection, outcome=str(told.outcome), at=stamp(told.at), **texts).execute()


def _consultation(row: ConsultationRow) -> Consultation:
    return Consultation(
        sweep=row.sweep,
        judgement=row.judgement,
        deadline=date.fromisoformat(row.deadline),
        at=instant(row.at),
        who=row.who,
        asked=_ASKED.validate_json(row.asked),
        files=_NAMES.validate_json(row.files),
        id=row.id,
    )


def _objection(row: ObjectionRow, ruling: Ruling | None) -> Objection:
    told = {name: getattr(row, name) for name in (*_TEXTS, "consultation", "sha256", "line", "id")}
    return Objection(
        **told,
        objects=bool(row.objects),
        late=bool(row.late),
        received_on=date.fromisoformat(row.received_on),
        attachments=_ATTACHED.validate_json(row.attachments),
        at=instant(row.at),
        ruling=ruling,
    )


def _ruling(row: RulingRow) -> Ruling:
    told = {name: getattr(row, name) for name in ("objection", "words", "why", "who")}
    return Ruling(outcome=Ruled(row.outcome), at=instant(row.at), **told)
