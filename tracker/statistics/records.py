"""The figures of one check, as records; `build` in `count` makes them."""

from dataclasses import dataclass

from tracker.model import Account
from tracker.statistics.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A word and how many accounts it holds for."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The accounts of one type, region or 主体类型: `checked` = passed + failed + unseen + leaving."""

    name: str
    registered: int
    checked: int
    passed: int
    failed: int
    unseen: int
    leaving: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTally:
    """One kind of fault: which failing accounts have it, in the order of the registry, and their share of all failing ones."""

    title: str
    codes: tuple[str, ...]
    accounts: tuple[Account, ...]
    share: Share
    words: tuple[Tally, ...]
    """The printed sentences and how many accounts have each; more than one where the kind has tiers."""

    @property
    def count(self) -> int:
        """How many accounts."""
        return len(self.accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All figures of one check. `checked` = passed + failed + unseen + leaving."""

    registered: int
    """Accounts in the frozen registry that the check was drawn from."""
    layers: tuple[Tally, ...]
    """`registered` by 主体类型 in the three words of bulletins; () where the registry does not tell any."""
    checked: int
    passed: int
    """Called 合格, third verdicts (基本合格) included."""
    failed: int
    """不合格; in a draft those that wait for a person as well."""
    waiting: int
    """Of `failed`, how many wait for a person: 0 in a final bulletin."""
    unseen: int
    """未能核查."""
    unseen_reasons: tuple[Tally, ...]
    leaving: int
    """On their way out (关停注销): their lifecycle text stands instead of a verdict."""
    leaving_counts: bool
    """Whether these stay in the rates."""
    words: tuple[Tally, ...]
    """The verdict words of `passed`, the commonest first; more than one where the profile has a third verdict."""
    check_rate: Share
    """检查率: checked ÷ registered."""
    pass_rate: Share | None
    """合格率: (checked - failed - unseen) ÷ (checked - unseen); None where nothing could be seen."""
    fail_rate: Share | None
    """不合格率: failed ÷ the same."""
    kinds: tuple[KindTally, ...]
    several: bool
    """Whether an account stands under more than one kind: then the shares add up to more than 100 %."""
    by_type: tuple[Group, ...]
    """By 七选一 type."""
    by_region: tuple[Group, ...]
    by_layer: tuple[Group, ...]
    places: int

    @property
    def seen(self) -> int:
        """Accounts that could be checked."""
        return self.checked - self.unseen
