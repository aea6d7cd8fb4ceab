"""What the templates of 复核 show: one documented object per page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tracker.console.lists import Way
from tracker.explain.quoting import Place, find
from tracker.model import Exchange, Hit, StoredVisit
from tracker.pictures import PAGE as PICTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding that waits or was decided."""

    account_id: str
    code: str
    name: str
    kind: str
    message: str
    status: str
    asked: int
    """Questions on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`reviews.html`. `judged` False = nobody looked yet."""

    judged: bool
    again: str = ""
    """Why this is not the last word; empty = it is."""
    count: int = 0
    """Findings that wait, on all pages."""
    waiting: tuple[Row, ...] = ()
    decided: tuple[Row, ...] = ()
    """What was decided last, the newest first."""
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One piece of evidence: when and where, the words, and their place in the stored text (None = not found there)."""

    kind: str
    when: str
    url: str
    words: str
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person decided or asked."""

    who: str
    when: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """`review.html`: one finding. `version` = decisions on it so far: a later one is never made over unseen."""

    account_id: str
    name: str
    kind: str
    owner: str
    code: str
    message: str
    basis: str
    effect: str
    status: str
    waiting: bool
    check_date: str
    latest: str
    arithmetic: str
    counterfactual: str
    quoted: tuple[Quoted, ...]
    damaged: str
    """Why stored bytes cannot be shown; empty = they can."""
    pictures: tuple[str, ...]
    """Addresses."""
    said: tuple[Said, ...]
    left: int
    next: str
    """Address of the next one that waits."""
    key: str
    version: int
    who: str
    choice: str
    why: str
    error: str


def quoted(hit: Hit, exchanges: Sequence[Exchange]) -> Quoted:
    """Answers from the hit's own address come first."""
    ordered = sorted(exchanges, key=lambda one: one.url != hit.url)
    return Quoted(
        kind=hit.kind,
        when=f"{hit.at:%Y-%m-%d}" if hit.at else "",
        url=hit.url if hit.url.startswith(("https://", "http://")) else "",
        words=hit.quote,
        place=find([one for one in ordered if one.page != PICTURE], hit.quote),
    )


def pictures_of(account_id: str, found: Iterable[tuple[StoredVisit, Sequence[Exchange]]]) -> Iterator[str]:
    """Addresses of the pictures that people stored with their looks."""
    for visit, exchanges in found:
        for place, each in enumerate(exchanges):
            if each.page == PICTURE:
                yield f"/pictures/kept/{quote(account_id)}?file={quote(visit.file)}&place={place}"
