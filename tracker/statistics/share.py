"""A rate with both its numbers, and how it is rounded (domain/bulletin.md §3)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLACES_MOST = 2
"""Decimals that a bulletin may set for its rates."""
_FINER = 6
"""Decimals at which even one account in a hundred thousand shows beside 100 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A rate with both its numbers: `part` of `whole`, printed with `places` decimals. ValueError: impossible."""

    part: int
    whole: int
    places: int = PLACES_MOST

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole or not self.whole or not 0 <= self.places <= PLACES_MOST:
            raise ValueError(f"{self.part} of {self.whole} with {self.places} decimals is no share")

    @property
    def percent(self) -> Decimal:
        """As printed: rounded half up on the decimal value; finer where rounding would say all or nothing and it is neither."""
        exact = Fraction(100 * self.part, self.whole)
        told = (_rounded(exact, places) for places in range(self.places, _FINER + 1))
        return next(value for value in told if value not in (0, 100) or value == exact)

    @property
    def exact(self) -> bool:
        """Whether nothing was rounded away."""
        return self.percent == Fraction(100 * self.part, self.whole)

    @property
    def text(self) -> str:
        """`81.05%`; all and nothing stand without decimals."""
        return f"{self.percent:f}%" if self.percent % 100 else f"{int(self.percent)}%"


def _rounded(exact: Fraction, places: int) -> Decimal:
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
