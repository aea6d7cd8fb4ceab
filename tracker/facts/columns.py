"""Menu entries and columns (栏目) with what they lead to, as one search that rules narrow (domain/rules.md §6, COL-*)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.facts.answers import Evidence
from tracker.model import Aspect, Found, Hit, Menu, MenuEntry, Outcome, Seen, StoredVisit

_UNKNOWN = "“{path}”没有能核对{detail}"
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One column of the account, with the visit that shows it."""

    entry: MenuEntry
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All menu entries and columns that were seen; `whole` = there are no others."""

    entries: tuple[Entry, ...] = ()
    whole: bool = False
    reasons: tuple[str, ...] = ()
    """Why `whole` is not so."""


def columns(visits: Sequence[StoredVisit], reasons: tuple[str, ...]) -> Columns:
    """The columns that any visit shows; an entry that several show counts once, newest first, one that was opened before all."""
    seen: dict[tuple[str, str], Entry] = {}
    whole = False
    for visit in sorted(visits, key=lambda one: one.at, reverse=True):
        found = visit.observation.aspects.get(Aspect.MENU)
        if not isinstance(found, Seen) or not isinstance(found.value, Menu):
            continue
        whole = whole or (found.outcome is Outcome.OK and found.value.listed)
        for entry in found.value.entries:
            before = seen.get((entry.path, entry.url))
            if before is None or (before.entry.target is None and entry.target is not None):
                seen[entry.path, entry.url] = Entry(entry=entry, file=visit.file)
    return Columns(entries=tuple(seen.values()), whole=whole, reasons=() if whole else reasons or ("没有看到全部栏目",))


def among(told: Columns, test: Callable[[MenuEntry], bool | None], say: Callable[[MenuEntry], str]) -> Evidence:
    """The search for columns with a fault: `test` says yes, no, or None where it cannot be told; `say` quotes a hit."""
    answers = [(one, test(one.entry)) for one in told.entries]
    hits = tuple(
        Hit(kind="栏目", quote=f"“{one.entry.path}”{say(one.entry)}", url=one.entry.url, file=one.file)
        for one, hit in answers
        if hit
    )
    unknown = [one.entry for one, hit in answers if hit is None]
    reasons = tuple(_UNKNOWN.format(path=one.path, detail=_why(one)) for one in unknown[:_MOST_NAMED])
    whole = told.whole and not unknown
    return Evidence(found=Found(hits=hits, whole=whole), reasons=() if whole else (*told.reasons, *reasons))


def _why(entry: MenuEntry) -> str:
    return f"({entry.target.detail})" if entry.target and entry.target.detail else ""
