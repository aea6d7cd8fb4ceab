"""What a check is: it looks at a bulletin (and a workspace's record, where there is one) and says what does not fit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.checking.reading import MEDIA, SITES, Bulletin
from tracker.checking.records import Record

KINDS = (MEDIA, SITES, "")
"""What figures and annexes can be about; both sides of a comparison are about the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A disagreement without the name of its check."""

    place: str
    says: str
    why: str
    fits: str = ""
    harmless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The check ran: on what, and what it found."""

    on: str
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The check could not run, and why; `slips` = what may be said all the same."""

    why: str
    slips: tuple[Slip, ...] = ()


Outcome = Ran | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check; `number` as in domain/bulletin.md §5."""

    slug: str
    number: int
    title: str
    run: Callable[[Bulletin, Record | None], Outcome]


def outcome(seen: Iterable[tuple[str, Iterable[Slip]]], otherwise: str) -> Outcome:
    """Of (what was looked at, slips): ran on all of it; skipped with `otherwise` when there was nothing to look at."""
    told = [(what, tuple(slips)) for what, slips in seen]
    if not told:
        return Skipped(why=otherwise)
    return Ran(on="、".join(dict.fromkeys(what for what, _ in told)), slips=tuple(slip for _, slips in told for slip in slips))
