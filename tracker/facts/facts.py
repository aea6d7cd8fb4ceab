"""What is proven of one account: bounds, searches and what people reported; never an outcome (DESIGN §4)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from tracker.facts.alike import Repeat
from tracker.facts.answers import Evidence, Quantity
from tracker.facts.columns import Columns
from tracker.facts.gaps import Gap
from tracker.holidays import Calendar, shipped
from tracker.model import Account, Found, Hit, Post, Reported, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is proven of one account on its check date. Only bounds, searches and what people reported; no outcomes."""

    account: Account
    check_date: date
    window: Window
    """The days that 检查期内 means; it ends with the check date at the latest."""
    idle: Quantity
    """Calendar days without an own public post up to the check date."""
    idle_original: Quantity
    """The same, reposts (转发) apart."""
    latest: Post | None
    """The newest known own public post not after the check date, or the clerk's own later date."""
    latest_original: Post | None
    """The newest that is no repost."""
    posts: tuple[Post, ...]
    """Known own posts of all sweeps so far, each once, newest first."""
    gaps: tuple[Gap, ...]
    """Gaps inside the window, longest first."""
    gap: Quantity
    """Days of the longest gap inside the window."""
    published: Quantity
    """Posts inside the window."""
    originals: Quantity
    """Posts inside the window that are no reposts."""
    repeats: tuple[Repeat, ...]
    """Posts of the window that say again what an older one said."""
    never_posted: Evidence
    """A hit = proof that there has never been a post."""
    missing: Evidence
    """A hit = proof that the platform does not know the account; whole = the account was seen."""
    closed_down: Evidence
    """Hits are the platform's words that the account was cancelled or frozen; whole = it was seen alive."""
    channels: Evidence
    """Hits are ways for the public to speak to the account; whole = every way was asked for."""
    closed: Evidence
    """Hits are signs that comments are closed."""
    auto_reply: Evidence
    """A hit = automatic replies are on; whole = the setting was seen."""
    unanswered: Quantity
    """Comments of the public without an answer of the account."""
    likes: Evidence
    """Hits are liked posts of others (kind = owner's kind)."""
    kin: frozenset[str]
    """Of the liked owners' names (`text.key`) those that the registry holds: the body itself, superior and sister bodies."""
    footers: Evidence
    """Hits are commercial content at page bottoms."""
    columns: Columns
    """Menu entries and columns with what they lead to."""
    unverified: Evidence
    """A hit = the platform shows the account without 认证; whole = its 认证 was seen."""
    certified: Evidence
    """A hit quotes the 认证主体 that the platform shows; whole = it was told."""
    bio: Evidence
    """A hit quotes the 简介; whole = it was seen, an empty one too."""
    lookalikes: Evidence
    """Hits are accounts of the platform that are not filed and bear nearly this name."""
    before: tuple[str, ...] = ()
    """Codes that stood against the account in the period before."""
    reported: tuple[Reported, ...] = ()
    printed_date: str = ""
    """最后更新日期 as a clerk wrote it."""
    notes: tuple[str, ...] = field(default=())
    shown_before: str = ""
    """Which earlier sweep showed the newest post, as a sentence; empty when this check shows it itself."""
    once: tuple[str, ...] = ()
    """Aspects of which a lack rests on one reading of a public page where two are asked for: a person has to look."""
    calendar: Calendar = field(default_factory=shipped)
    """Which days are worked. It is the profile's (`verdict.conclude` sets it) and is not stored with the facts."""


def told(facts: Facts, codes: Collection[str]) -> Evidence:
    """What people reported of some codes, as a search: whole when one looked and said either way."""
    said = [one for one in facts.reported if one.code in codes]
    hits = tuple(Hit(kind="检查人填报", quote=one.phrase) for one in said if one.broken)
    return Evidence(found=Found(hits=hits, whole=bool(said)), reasons=() if said else ("要由人查看,本次没有人填报",))
