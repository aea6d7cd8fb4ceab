"""Checking a bulletin: read its files once, run every check."""

from collections.abc import Sequence
from pathlib import Path

from tracker.checking.checks import CHECKS, Check, Ran, Slip
from tracker.checking.checks.base import Outcome
from tracker.checking.reading import read_bulletin
from tracker.checking.records import Disagreement, Done, Record, Report
from tracker.checking.source import read_source
from tracker.errors import UsageError


def check(paths: Sequence[Path], *, record: Record | None = None) -> Report:
    """Check a bulletin (.docx) and its annexes, in the same file or in others (.docx, .xlsx, .xls, .csv), in any order.

    Needs no workspace; `record` adds what one knows. Raises UsageError when a file cannot be read, or when none is given.
    """
    if not paths:
        raise UsageError("没有给出要检查的文件:请给出通报的 .docx 文件,附件另存的可以一并给出。")
    bulletin = read_bulletin(read_source(paths), record.published if record else None)
    outcomes = [(each, each.run(bulletin, record)) for each in CHECKS]
    return Report(
        files=bulletin.source.files,
        disagreements=tuple(_disagreement(each, slip) for each, told in outcomes for slip in dict.fromkeys(told.slips)),
        checked=tuple(_done(each, told) for each, told in outcomes),
    )


def _disagreement(each: Check, slip: Slip) -> Disagreement:
    return Disagreement(
        check=each.slug,
        number=each.number,
        place=slip.place,
        says=slip.says,
        fits=slip.fits,
        why=slip.why,
        harmless=slip.harmless,
    )


def _done(each: Check, told: Outcome) -> Done:
    if isinstance(told, Ran):
        return Done(check=each.slug, number=each.number, title=each.title, ran=True, on=told.on)
    return Done(check=each.slug, number=each.number, title=each.title, ran=False, why=told.why)
