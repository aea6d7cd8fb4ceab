"""The checks of domain/bulletin.md §5, in its order."""

from tracker.checking.checks.again import AGAIN
from tracker.checking.checks.base import Check, Ran, Skipped, Slip
from tracker.checking.checks.cells import CELLS, CODES
from tracker.checking.checks.days import DAYS
from tracker.checking.checks.kinds import AGES, KINDS_CHECK, SEVERAL
from tracker.checking.checks.named import FAULTS, PRAISED, ROOM
from tracker.checking.checks.parts import CHECK as PARTS
from tracker.checking.checks.private import PRIVATE
from tracker.checking.checks.rates import CHECK_RATE, PASS_RATE
from tracker.checking.checks.rows import FAILING, ROWS, UNITS
from tracker.checking.checks.scope import COMPARISON, SCOPE
from tracker.checking.checks.spelling import SPELLING
from tracker.checking.checks.titles import NUMBERS, TITLES
from tracker.checking.checks.totals import THIRDS, TOTALS

CHECKS: tuple[Check, ...] = (
    PARTS,
    CHECK_RATE,
    FAILING,
    KINDS_CHECK,
    PASS_RATE,
    FAULTS,
    PRAISED,
    AGES,
    SCOPE,
    COMPARISON,
    ROOM,
    ROWS,
    UNITS,
    TITLES,
    NUMBERS,
    DAYS,
    CODES,
    CELLS,
    SPELLING,
    SEVERAL,
    TOTALS,
    THIRDS,
    AGAIN,
    PRIVATE,
)

__all__ = ["CHECKS", "Check", "Ran", "Skipped", "Slip"]
