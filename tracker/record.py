"""What the workspace itself knows of a check, for the check of its bulletin (tracker.checking)."""

import re
from collections.abc import Sequence
from pathlib import Path

from tracker.checking import Counts, Record
from tracker.files import Written, read_document
from tracker.forms import Told
from tracker.letters import before_of, checked_of, figures_of
from tracker.model import Conclusion, Verdict
from tracker.reports.wording import plain

_WORDS = {Conclusion.FAILED: "不合格", Conclusion.UNCHECKED: "未能核查"}
"""Words that every annex uses, whatever the profile prints."""


def record_of(told: Told) -> Record:
    """Frozen accounts, results and totals of a check, and the totals of the period before where they are stored."""
    figures = figures_of(told, one_each=True)
    before = before_of(told, figures.places)
    return Record(
        accounts=frozenset(_key(one) for one in told.judgement.verdicts),
        verdicts={_key(one): _WORDS.get(one.conclusion, one.word) for one in checked_of(told)},
        counts=Counts(
            registered=figures.registered,
            checked=figures.checked,
            passed=figures.passed,
            failing=figures.failed,
            unseen=figures.unseen,
        ),
        last=Counts(passed=before.passed, failing=before.failed) if before else None,
    )


def _key(one: Verdict) -> tuple[str, str]:
    return one.account.platform, plain(one.account.name)


_HEAD = 5
"""Rows of a table that may say what it is of."""


def speaks_of(paths: Sequence[Path], *words: str) -> bool:
    """Whether all of the words stand in the files: a bulletin of another city is none of the workspace's business.

    Raises UsageError when a file cannot be read.
    """
    text = re.sub(r"\s", "", "".join(map(_text, paths)))
    return all(word in text for word in words)


def _text(path: Path) -> str:
    blocks = read_document(path)
    tables = (str(cell) for one in blocks if not isinstance(one, Written) for cells in one.cells[:_HEAD] for cell in cells)
    return "".join((*(one.text for one in blocks if isinstance(one, Written)), *tables))
