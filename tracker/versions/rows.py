"""Whom a print names, and in which cells: read off the contexts that it was made from, so that it holds for every form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass

from tracker.model import Verdict
from tracker.registry import seven_of
from tracker.reports.form import Context
from tracker.reports.wording import plain
from tracker.store import PrintedAccount, PrintedFinding
from tracker.text import clip

NAMES = ("name", "first", "second")
"""Fields of rows that hold the name of an account."""
_COUNTING = ("seq",)
_SPAN = "_span"
_MOST = 500
"""Characters of a cell that are kept."""

Cells = Mapping[str, str]


def rows_of(contexts: Iterable[Context], verdicts: Sequence[Verdict]) -> tuple[PrintedAccount, ...]:
    """The accounts that a print names, in the order of the judgement, each with the rows that name it.

    A row belongs to the account of its name; among namesakes unit and type decide, as far as the row tells them.
    """
    named: dict[str, list[Verdict]] = {}
    for one in verdicts:
        named.setdefault(plain(one.account.name), []).append(one)
    held: dict[str, dict[tuple[tuple[str, str], ...], None]] = {}
    for cells in (cells for context in contexts for cells in _rows(context)):
        for one in _whose(cells, named):
            held.setdefault(one.account.account_id, {})[tuple(cells.items())] = None
    return tuple(
        _account(one, [dict(cells) for cells in held[one.account.account_id]])
        for one in verdicts
        if one.account.account_id in held
    )


def _rows(told: object) -> Iterator[Cells]:
    """Every record in a context that names somebody, as its texts and numbers by field."""
    if isinstance(told, tuple):
        for one in told:
            yield from _rows(one)
    elif is_dataclass(told) and not isinstance(told, type):
        values = {one.name: getattr(told, one.name) for one in fields(told)}
        if any(isinstance(values.get(name), str) for name in NAMES):
            yield {name: clip(str(value), _MOST) for name, value in values.items() if _counts(name, value)}
        for value in values.values():
            yield from _rows(value)


def _counts(name: str, value: object) -> bool:
    return isinstance(value, str | int) and name not in _COUNTING and not name.endswith(_SPAN)


def _whose(cells: Cells, named: Mapping[str, Sequence[Verdict]]) -> Iterator[Verdict]:
    for name in NAMES:
        found = named.get(cells.get(name, ""), ())
        for told in (_units, _kinds):
            found = [one for one in found if told(one).intersection(cells.values())] or found
        yield from found


def _units(verdict: Verdict) -> set[str]:
    return {plain(verdict.account.organisation)} - {""}


def _kinds(verdict: Verdict) -> set[str]:
    account = verdict.account
    return {plain(word) for word in (account.kind, account.filed_kind, *seven_of(account))} - {"", "其他"}


def _account(verdict: Verdict, cells: Sequence[Cells]) -> PrintedAccount:
    account = verdict.account
    return PrintedAccount(
        account_id=account.account_id,
        name=plain(account.name),
        kind=plain(account.filed_kind or account.kind),
        organisation=plain(account.organisation),
        conclusion=str(verdict.conclusion),
        word=plain(verdict.word, _MOST),
        findings=tuple(
            PrintedFinding(code=one.code, message=plain(one.message, _MOST), status=str(one.status)) for one in verdict.findings
        ),
        cells=tuple(cells),
    )
