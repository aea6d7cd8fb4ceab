"""What a check of a bulletin gives, and what a workspace may tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two places of a bulletin that do not fit, or one that cannot stand as printed (domain/bulletin.md §5)."""

    check: str
    """Slug of the check."""
    number: int
    """Its number in domain/bulletin.md §5."""
    place: str
    """Where it stands: 第3段, 附件2表格第7行."""
    says: str
    """The words that stand there."""
    fits: str
    """What would fit; empty where only its writer can know."""
    why: str
    """One Chinese sentence."""
    harmless: bool = False
    """Worth a look, wrong only perhaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One check: `ran`, and then `on` what; else `why` it could not."""

    check: str
    number: int
    title: str
    ran: bool
    on: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was said of the files. `checked` has one entry for each of CHECKS, in its order."""

    files: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    checked: tuple[Done, ...]

    @property
    def wrong(self) -> tuple[Disagreement, ...]:
        """The disagreements that are not harmless."""
        return tuple(each for each in self.disagreements if not each.harmless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Totals of one check of accounts; None = not stored."""

    registered: int | None = None
    checked: int | None = None
    passed: int | None = None
    failing: int | None = None
    unseen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A workspace's own truth about the bulletin's period; a check that needs it says so where there is none.

    `accounts`: (platform slug, name) of every account of the frozen list, name as filed. `verdicts`: the same key → the
    result word as printed (合格, 不合格, 未能核查 …). `last`: totals of the period before, None = nothing is stored.
    `published`: the day on which the bulletin goes public, where that is known.
    """

    accounts: frozenset[tuple[str, str]] = frozenset()
    verdicts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    counts: Counts = Counts()
    last: Counts | None = None
    published: date | None = None
