"""What was printed, under which number. Rows are appended; the database itself refuses to change or remove one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter

from tracker.store.codec import dumps, scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.print_records import Print, PrintedAccount, PrintedFile
from tracker.store.print_tables import PrintRow

_FILES = TypeAdapter(tuple[PrintedFile, ...])
_ROWS = TypeAdapter(tuple[PrintedAccount, ...])
_GATES = TypeAdapter(tuple[str, ...])

_SAME = ("token", "kind", "number", "part", "content", "judgement", "profile_digest")
_TEXTS = ("sweep", "form", "whom", "title", "profile", "who", "reason")


class Prints(Part):
    """Numbered prints (稿次)."""

    @contextmanager
    def alone_on(self, sweep: str) -> Iterator[None]:
        """A transaction that nobody else holds for the sweep: two that print at once come one after the other.

        Raises UsageError for an unknown sweep.
        """
        row = self._rows.sweep
        with self.transaction():
            self._must_know(sweep)
            # SQLite holds the whole file since BEGIN IMMEDIATE
            if self._database.for_update:
                row.select(row.name).where(row.name == sweep).for_update().get()
            yield

    def add_print(self, told: Print) -> Print:
        """Append a print and number it: that of the same content in its series, else the next. Returns it with its number.

        Raises UsageError for an unknown sweep.
        """
        with self.alone_on(told.sweep):
            same = self.last_print(told.sweep, told.form, told.whom, told.kind)
            if same is not None and same.content == told.content:
                numbered = replace(told, number=same.number, part=same.part + 1)
            else:
                numbered = replace(told, number=same.number + 1 if same else 1, part=1)
            number = self._rows.print.insert(**_columns(numbered)).execute()
        return replace(numbered, id=number)

    def last_print(self, sweep: str, form: str, whom: str, kind: str) -> Print | None:
        """The last print of a series, without its rows; None where there is none."""
        row = self._rows.print
        own = (row.sweep == sweep) & (row.form == form) & (row.whom == whom) & (row.kind == kind)
        with self._reading():
            found = row.select().where(own).order_by(row.id.desc()).limit(1).first()
        return _print(found, rows=False) if found else None

    def prints(self, sweep: str | None = None, form: str | None = None) -> tuple[Print, ...]:
        """The prints of a sweep, or of one form, or all, in the order of printing; without their rows (see `print_of`)."""
        row = self._rows.print
        query = row.select(*(column for name, column in row._meta.fields.items() if name != "rows")).order_by(row.id)
        if sweep is not None:
            query = query.where(row.sweep == sweep)
        if form is not None:
            query = query.where(row.form == form)
        with self._reading():
            return tuple(_print(found, rows=False) for found in query)

    def judged_at(self, judgement: int) -> datetime | None:
        """When a judgement was made, by its number; None where there is no such one."""
        with self._reading():
            found = self._rows.judgement.get_or_none(id=judgement)
        return instant(found.at) if found else None

    def print_of(self, token: str) -> Print | None:
        """The whole print whose files were made in the folder of this token; None where it was never numbered."""
        with self._reading():
            found = self._rows.print.get_or_none(token=token)
        return _print(found) if found else None


def _columns(told: Print) -> dict[str, object]:
    return {
        **{name: getattr(told, name) for name in _SAME},
        **{name: scrub(getattr(told, name)) for name in _TEXTS},
        "period": scrub(told.period) if told.period is not None else None,
        "at": stamp(told.at),
        "gates": dumps(told.gates),
        "files": dumps(_FILES.dump_python(told.files, mode="json")),
        "rows": dumps(_ROWS.dump_python(told.rows, mode="json")),
    }


def _print(row: PrintRow, *, rows: bool = True) -> Print:
    return Print(
        **{name: getattr(row, name) for name in (*_SAME, *_TEXTS, "id", "period")},
        at=instant(row.at),
        gates=_GATES.validate_json(row.gates),
        files=_FILES.validate_json(row.files),
        rows=_ROWS.validate_json(row.rows) if rows else (),
    )
