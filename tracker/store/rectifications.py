"""What units report of their rectification. Rows are appended; the database itself refuses to change or remove one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import TypeAdapter

from tracker.store.codec import dumps, scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.print_records import Attachment
from tracker.store.rectification_tables import RectificationReportRow

_ATTACHED = TypeAdapter(tuple[Attachment, ...])
_CODES = TypeAdapter(tuple[str, ...])
_TEXTS = ("sweep", "account_id", "words", "url", "organisation", "who")


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReport:
    """What a unit says it did about the findings `codes` that the check `sweep` made of an account; `url` may be empty.

    `token` is the form's own: the same form sent twice is kept once. `who` = the person that sent it.
    """

    token: str
    sweep: str
    account_id: str
    codes: tuple[str, ...]
    words: str
    done_on: date
    url: str = ""
    attachments: tuple[Attachment, ...] = ()
    organisation: str
    who: str
    at: datetime
    id: int = field(default=0, compare=False)


class RectificationReports(Part):
    """Reports of units."""

    def add_rectification_report(self, told: RectificationReport) -> bool:
        """Append a report; False when this form was sent before. Raises UsageError for an unknown sweep."""
        row = self._rows.rectification_report
        with self.transaction():
            self._must_know(told.sweep)
            columns = {
                "token": told.token,
                **{name: scrub(getattr(told, name)) for name in _TEXTS},
                "codes": dumps(told.codes),
                "done_on": told.done_on.isoformat(),
                "attachments": dumps(_ATTACHED.dump_python(told.attachments, mode="json")),
                "at": stamp(told.at),
            }
            added = row.insert(**columns).on_conflict_ignore().as_rowcount().execute()
        return bool(added)

    def rectification_reports(self, sweep: str, account_ids: Collection[str] | None = None) -> tuple[RectificationReport, ...]:
        """The reports on a check's findings, of all accounts or of some (a few hundred at most), in the order of their coming."""
        row = self._rows.rectification_report
        query = row.select().where(row.sweep == sweep).order_by(row.id)
        if account_ids is not None:
            query = query.where(row.account_id.in_(sorted(map(scrub, account_ids))))
        with self._reading():
            return tuple(_report(found) for found in query)

    def rectification_report(self, number: int) -> RectificationReport | None:
        """One report by its number; None where there is no such one."""
        with self._reading():
            found = self._rows.rectification_report.get_or_none(id=number)
        return _report(found) if found else None


def _report(row: RectificationReportRow) -> RectificationReport:
    return RectificationReport(
        token=row.token,
        **{name: getattr(row, name) for name in _TEXTS},
        codes=_CODES.validate_json(row.codes),
        done_on=date.fromisoformat(row.done_on),
        attachments=_ATTACHED.validate_json(row.attachments),
        at=instant(row.at),
        id=row.id,
    )
