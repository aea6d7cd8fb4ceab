"""A later look at the same thing replaces what an earlier look said; machines and rows of one sheet replace nothing."""

from datetime import date

from tests.made import posts, visit
from tracker.facts.standing import standing
from tracker.model import Aspect, Reported, Route, Seen

EARLY, LATE = date(2026, 11, 2), date(2026, 11, 6)


def look(at: date, *told: Reported, on: date | None = None, route: Route = Route.MANUAL):
    aspects = {Aspect.POSTS: Seen(value=posts([on], as_of=at, complete_since=on))} if on else {}
    return visit(aspects, route=route, at=at, reported=told, printed_date=f"{on}" if on else "")


def said(one) -> tuple[list[tuple[str, bool]], bool, str]:
    return [(r.code, r.broken) for r in one.observation.reported], Aspect.POSTS in one.observation.aspects, one.printed_date


BROKEN, KEPT = Reported(code="INT-01", broken=True), Reported(code="INT-01", broken=False)


def test_the_later_answer_and_the_later_date_count() -> None:
    first = look(EARLY, BROKEN, Reported(code="COL", broken=True), on=date(2026, 11, 1))
    second = look(LATE, KEPT, on=date(2026, 10, 1))
    told = [said(one) for one in standing([second, first])]
    assert told == [([("INT-01", False)], True, "2026-10-01"), ([("COL", True)], False, "")]


def test_a_date_replaces_never_posted_and_the_other_way_round() -> None:
    never = look(EARLY, Reported(code="UPD-04", broken=True))
    assert said(standing([never, look(LATE, on=LATE)])[0]) == ([], False, "")
    dated = look(EARLY, on=EARLY)
    assert said(standing([dated, look(LATE, Reported(code="UPD-04", broken=True))])[0]) == ([], False, "")


def test_what_was_not_looked_at_again_stands() -> None:
    first, second = look(EARLY, BROKEN), look(LATE, on=LATE)
    assert standing([first, second]) == (first, second)


def test_rows_entered_at_once_and_machines_replace_nothing() -> None:
    rows = (look(LATE, BROKEN, on=EARLY), look(LATE, KEPT, on=LATE))
    assert standing(rows) == rows
    machine, person = look(EARLY, on=LATE, route=Route.BROWSER), look(LATE, on=EARLY)
    assert standing([machine, person]) == (machine, person)
    assert standing([person, look(date(2026, 11, 9), on=LATE, route=Route.LINK)])[0] == person
