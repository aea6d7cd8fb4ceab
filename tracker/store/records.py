"""What the store keeps beside the nouns of tracker.model."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from tracker.model import Account, Verdict, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepHead:
    """What is told of a pass (巡检批次) without its accounts, which can be a hundred thousand."""

    name: str
    kind: Literal["check", "weekly"]
    """`check` = the formal check of its period; `weekly` = monitoring, never the printed list by itself."""
    period: str | None
    check_date: date | None
    """Date to judge at, where accounts have none of their own; None = the day of each visit."""
    window: Window
    started_at: datetime
    ended_at: datetime | None = None
    source: str = ""
    """Where the visits come from: empty = live, else what was replayed or imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRecord(SweepHead):
    """One pass over the accounts with everything that it freezes of the registry (DESIGN §1, §2)."""

    accounts: tuple[Account, ...] = ()
    """The registry as it stood when the sweep began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """One account of a sweep as it was frozen: `place` sorts by the order of entering, `told` is its JSON text."""

    place: int
    account_id: str
    account: Account
    told: str


class Trace(NamedTuple):
    """That a visit was made, without what it saw. A plain tuple: judging reads one per visit of more than a year.

    Texts as stored: `at` in UTC, days in ISO form (None = none); `latest_post` is the day of the newest post that it showed.
    """

    account_id: str
    sweep: str
    route: str
    at: str
    file: str
    sha256: str
    check_date: str | None
    printed_date: str
    latest_post: str | None
    platform: str
    lane: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFacts:
    """The facts of one account as text; `digest` is the hash of everything from which they were built."""

    account_id: str
    digest: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one account that changed (registry.md §5).

    `old` and `new` as text: ISO dates, JSON for mappings, empty = nothing. Entering an account is a change of `account_id`.
    """

    account_id: str
    field: str
    old: str
    new: str
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that a person pasted; `url` is unique in the store."""

    url: str
    platform: str
    added_at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementHead:
    """What is told of a judgement without its verdicts; `profile_digest` is that of the profile's text."""

    sweep: str
    profile: str
    profile_digest: str
    at: datetime
    number: int = field(default=0, compare=False)
    """Its number in the store; 0 = not stored yet."""
    total: int = field(default=0, compare=False)
    """How many verdicts it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(JudgementHead):
    """A judgement with all its verdicts in memory; `Store.verdicts` streams them for the big ones."""

    verdicts: tuple[Verdict, ...]


Method = Literal["all", "new-failing", "strata"]
"""How a list is drawn: everybody; new accounts and those that failed last time; by lot within strata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One part of a draw: `frame` accounts in it, of which `eligible` could be drawn, `wanted` were to be and `drawn` were."""

    name: str
    frame: int
    eligible: int
    wanted: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A drawn list (抽查名单) with all that is needed to draw it again."""

    period: str
    method: Method
    by: str = ""
    """What the strata are: region, platform, org_type; empty = one stratum."""
    size: str = ""
    """As ordered: a number, or a share such as 30%; empty where the method needs none."""
    seed: int = 0
    once_a_year: bool = False
    frame: tuple[str, ...]
    """Ids of all accounts that the draw was made from, sorted."""
    drawn: tuple[str, ...]
    """Ids of the drawn accounts, in the order of the registry."""
    strata: tuple[Stratum, ...] = ()
    at: datetime
    who: str
    why: str = ""
    """Why it was drawn again; empty for the first draw of a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFinding:
    """One finding of a printed list: its code (OTHER = words that the taxonomy does not know), the words as printed.

    `rectified` is the word of 整改情况 that belongs to it (已整改, 未整改到位 …), empty where none is printed.
    """

    code: str
    phrase: str
    rectified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One account of a printed list. `account_id` is empty where the registry had no such account when it was read."""

    row: int
    platform: str
    kind: str
    name: str
    organisation: str = ""
    region: str = ""
    account_id: str = ""
    result: str = ""
    """The words of the result, as printed: 检查结果, else what stood for it (合格, 基本合格, 11.15已发布关停公告)."""
    last_post: date | None = None
    printed_date: str = ""
    findings: tuple[PaperFinding, ...] = ()
    previous: tuple[PaperFinding, ...] = ()
    """What the form prints of the period before, in its 上期 columns."""
    previous_result: str = ""
    """The words there that are no finding (合格, 新增备案)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One printed list as it was read: `sha256` of the file, `lines` in its order."""

    period: str
    file: str
    sha256: str
    at: datetime
    who: str
    lines: tuple[PaperLine, ...]
