"""The nouns of rectification: what an earlier check found, what the present one says of it, and what that comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.model import Account, Conclusion, Finding, Hit


class Word(StrEnum):
    """The words of 整改情况 (domain/rules.md §4); a form prints NEW and NOTHING as an empty cell."""

    RECTIFIED = "已整改"
    PARTLY = "未整改到位"
    NOT = "未整改"
    UNKNOWN = "未能核查"
    CLOSING = "拟关停注销"
    NEW = "新增备案"
    NOTHING = ""


STANDING = frozenset({Word.PARTLY, Word.NOT})
"""Words that say that an old finding is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFinding:
    """One finding of an earlier check: `words` as printed; `hits` = its evidence where the check was our own."""

    code: str
    words: str
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier check says of one account. The account was looked at on a day from `since` to `until`, both included."""

    whom: str
    """Our id; `platform:name` where the registry has no such account."""
    name: str
    kind: str
    organisation: str = ""
    region: str = ""
    period: str
    since: date
    until: date
    findings: tuple[OldFinding, ...] = ()
    result: str = ""
    """The word where there is no finding: 合格, 新增备案, 11.15已发布关停公告 …"""
    last_post: date | None = None
    """The newest post that the earlier check knew."""
    source: str = ""
    """Where it stands: the printed list with its row, or the sweep with the moment of its judgement."""

    @property
    def words(self) -> str:
        """The cell of last period, as the 商洛 form joins it: findings by a comma, else the word (annexes.md §2)."""
        return ",".join(dict.fromkeys(one.words for one in self.findings)) or self.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the present check says of one account, code by code: `findings` stand or wait, `kept` is proven.

    A code in none of the three was not asked. A code without a number (COL) in `kept` speaks for its whole family.
    """

    account: Account
    conclusion: Conclusion
    word: str
    check_date: date
    latest_post: date | None = None
    silent_since: date | None = None
    """From the day after this one up to the check date there is proven to be no own post; None = nothing is proven."""
    findings: tuple[Finding, ...] = ()
    """Those that a person dismissed are left out."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Code → why it is kept, one Chinese clause."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    closing: str = ""
    """How far the account is on its way out, in the registry's words or the platform's; empty = it is in use."""
    hint: str = ""
    """The platform's words that the account is gone, which no person has confirmed yet."""
    files: tuple[str, ...] = ()
    """Stored visits of the account in this check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One old finding held against the present check. `files` = stored visits on which the word rests."""

    old: OldFinding
    word: Word
    reason: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectification:
    """整改 of one account; `word` describes the old findings only, `fresh` are new ones that stand now.

    `conclusion` None = the present check did not look at it.
    """

    whom: str
    account: Account | None
    name: str
    kind: str
    earlier: Earlier | None
    held: tuple[Held, ...]
    fresh: tuple[Finding, ...]
    word: Word
    reason: str
    closing: str = ""
    conclusion: Conclusion | None = None
    result: str = ""
    """The word of the present verdict."""
    check_date: date | None = None

    @property
    def previous(self) -> str:
        """The cell of last period's findings: findings, 合格, 新增备案, or empty."""
        if self.earlier and self.earlier.words:
            return self.earlier.words
        return Word.NEW.value if self.word is Word.NEW else ""

    @property
    def printed(self) -> str:
        """The cell 整改情况: empty where there was nothing to check."""
        return "" if self.word is Word.NEW else self.word.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of the bulletin's re-check sentences (bulletin.md §2, §3), of accounts that had findings before."""

    period: str
    """The earlier period as printed (2020年第三季度)."""
    formerly: int
    """Accounts that had findings."""
    rectified: int
    partly: int
    not_rectified: int
    closing: int
    unknown: int
    """未能核查: in no rate."""
    fresh: int
    """Of the rectified ones those that fail now with a new finding."""
    still_failing: int
    """Of those not or not wholly rectified the ones that fail now."""

    @property
    def rechecked(self) -> int:
        """Accounts of which the word is known; those on their way out are named apart."""
        return self.rectified + self.partly + self.not_rectified

    @property
    def rate(self) -> Fraction | None:
        """整改率: rectified ÷ checked again; None where nothing was. To be rounded half up by whoever prints it."""
        return Fraction(self.rectified, self.rechecked) if self.rechecked else None


def summarise(period: str, told: Sequence[Rectification]) -> Summary:
    """The counts of a re-check."""
    formerly = [one for one in told if one.earlier and one.earlier.findings]

    def count(*words: Word, failing: bool = False) -> int:
        return sum(one.word in words and (not failing or one.conclusion is Conclusion.FAILED) for one in formerly)

    return Summary(
        period=period,
        formerly=len(formerly),
        rectified=count(Word.RECTIFIED),
        partly=count(Word.PARTLY),
        not_rectified=count(Word.NOT),
        closing=count(Word.CLOSING),
        unknown=count(Word.UNKNOWN),
        fresh=count(Word.RECTIFIED, failing=True),
        still_failing=count(*STANDING, failing=True),
    )
