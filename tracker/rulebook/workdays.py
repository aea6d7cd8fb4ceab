"""Days without a post as working days, under the calendar of the facts."""

from dataclasses import replace

from tracker.facts import Facts, Quantity
from tracker.model import Bounds


def in_working_days(idle: Quantity, facts: Facts) -> Quantity:
    """The same silence, counted back from the check date, in working days; a year without a table widens the bounds.

    More calendar days never hold fewer working days: each bound is converted by itself.
    """
    on, calendar, bounds = facts.check_date, facts.calendar, idle.bounds
    least = calendar.back(on, bounds.least)
    most = None if bounds.most is None else calendar.back(on, bounds.most)
    untold = most.untold if most else least.untold
    why = tuple(f"没有{year}年的节假日安排,工作日算不出;请在 holidays.csv 里补上" for year in untold)
    return replace(
        idle,
        bounds=Bounds(least=least.least, most=None if most is None else most.most),
        reasons=(*idle.reasons, *why),
    )
