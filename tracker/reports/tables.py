"""The forms as plain data: CSV (header and rows only) and JSON."""

import csv
import hashlib
import json
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path

from tracker.reports.form import AnyTable, Context, TableContext, cells
from tracker.reports.templates import values

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def write_csv(context: AnyTable, to: Path) -> None:
    """UTF-8 with BOM (Excel needs it), CRLF; a text that a spreadsheet would calculate gets a leading apostrophe.

    A merged cell's text stands in each of its rows.
    """
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(column.header for column in context.columns)
        out.writerows([_inert(cell) for cell in cells(context.columns, row)] for row in context.rows)


def _inert(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_START) else cell


def write_json(context: Context, to: Path) -> None:
    """`{"form", "title", "window": {"start", "end", "text"}, "draft", "rows": [{field: value}], "note"}`; dates are ISO.

    A letter has no rows and no text of its window; its fields stand under their own names.
    """
    told: dict[str, object] = {"form": context.form, "title": context.title}
    window = {"start": context.start.isoformat(), "end": context.end.isoformat()}
    if isinstance(context, TableContext):
        told |= {"window": {**window, "text": context.window_line}, "draft": context.draft, "rows": _rows(context)}
        told |= {"note": context.note_line} if context.note_line else {}
    else:
        told |= {"window": window, "draft": context.draft}
        told |= {name: value for name, value in values(context).items() if name not in {"start", "end", *told}}
    to.write_text(json.dumps(told, ensure_ascii=False, indent=2, default=_plain) + "\n", encoding="utf-8", newline="\n")


def _rows(context: AnyTable) -> list[dict[str, str | int]]:
    names = [column.field for column in context.columns]
    return [dict(zip(names, cells(context.columns, row), strict=True)) for row in context.rows]


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} cannot be told as JSON")
