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
    """One finding of a queue."""

    address: str
    name: str
    kind: str
    code: str
    message: str
    status: str
    asked: int
    """Questions on it."""
    agreed: str
    """Who stands behind it; empty = nobody, or nobody has to yet."""
    dismissed: str
    lacking: int
    """How many people are missing for a final list."""
    own: bool
    """Whether the person at the page stands behind it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One queue; `count` None = too many to be counted for a page."""

    address: str
    word: str
    count: int | None
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`reviews.html`. `judged` False = nobody looked yet."""

    judged: bool
    again: str = ""
    """Why this is not the last word; empty = it is."""
    of: str = ""
    """The queue: a value of `review_queues.Queue`."""
    tabs: tuple[Tab, ...] = ()
    count: int | None = 0
    """Findings of the queue, on all pages."""
    rows: tuple[Row, ...] = ()
    least: int = 1
    """How many people a veto in a final list takes."""
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one cause."""

    address: str
    code: str
    message: str
    told: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage:
    """`review_groups.html`: which causes there are to be dealt with together."""

    again: str
    tabs: tuple[Tab, ...]
    of: str
    groups: tuple[Group, ...]
    single: int
    """Findings that are alone with their cause."""
    looked: int
    """Findings that were looked through, where there are more; 0 = all were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """One finding that can be chosen; `value` is its account and how often it was decided when the page was made."""

    value: str
    chosen: bool
    address: str
    name: str
    kind: str
    owner: str
    sentence: str
    arithmetic: str
    dates: tuple[str, ...]
    quotes: tuple[str, ...]
    agreed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """`review_bulk.html`: the findings of one cause. `mine` = left out, as this person stands behind them already."""

    of: str
    code: str
    cause: str
    message: str
    told: str
    basis: str
    rows: tuple[Chance, ...]
    most: int
    full: bool
    """Whether there may be more than are shown."""
    mine: int
    least: int
    key: str
    who: str
    alone: bool
    """Whether the page asks for a name."""
    choice: str
    why: str
    error: str


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
    agreed: str
    """Who stands behind it, where people have to."""
    dismissed: str
    lacking: int
    """How many people are missing for a final list."""
    least: int
    own: bool
    """Whether the person at the page stands behind it already: another one has to be the second."""
    of: str
    """The queue that goes on behind it."""
    left: int
    next: str
    """Address of the next one of the queue."""
    before: str
    """Address of the one before."""
    key: str
    version: int
    who: str
    alone: bool
    """Whether the page asks for a name."""
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
