"""Numbers as people write them, and which fractions a printed rate fits (domain/bulletin.md §3). Decimal only, half-up."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

_DIGITS = "零一二三四五六七八九"
_PLACES = {"十": 10, "百": 100, "千": 1000}
_RATE = re.compile(
    r"(?<![\d.])(\d{1,6}(?:\.(\d{1,6}))?)%|百分之([零〇一二两三四五六七八九十百]+)(?:点([零〇一二三四五六七八九]+))?"
)
_ABOUT = re.compile("约|近|左右|上下")
_BOUND = re.compile("超过|超|逾|以上|以下|不足|不到|至少|最多")
_NEAR = 12
"""How far from the printed numerator a fitting one is looked for; a slip of the pen changes a digit, not the order."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A printed percentage with its digits as printed; `about` = 约; `bound` = 超过, 不足: no value to hold against."""

    value: Decimal
    about: bool = False
    bound: bool = False

    @property
    def places(self) -> int:
        """Decimal places as printed."""
        return max(0, -int(self.value.as_tuple().exponent))

    def __str__(self) -> str:
        return f"{self.value}%"


def number(words: str) -> int:
    """A whole number in digits (1,234) or Chinese numerals (一百零五, 十八, 两). Raises ValueError for anything else."""
    plain = unicodedata.normalize("NFKC", words).replace(",", "")
    if plain.isdecimal():
        return int(plain)
    total, digit = 0, None
    for sign in plain.replace("〇", "零").replace("两", "二"):
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[sign]
            digit = 0
        else:
            raise ValueError(words)
    return total + (digit or 0)


def rate(words: str) -> Rate | None:
    """The percentage in a piece of text; None without one."""
    match = _RATE.search(words)
    if match is None:
        return None
    if match[1]:
        value = Decimal(match[1])
    else:
        tail = "".join(str(number(sign)) for sign in match[4] or "")
        value = Decimal(f"{number(match[3])}.{tail}" if tail else number(match[3]))
    return Rate(value, about=bool(_ABOUT.search(words)), bound=bool(_BOUND.search(words)))


def percent(part: int, whole: int, places: int = 2) -> Decimal:
    """100 · part / whole, half-up on the decimal value."""
    return _exact(part, whole).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def agrees(told: Rate, part: int, whole: int) -> bool:
    """Whether a printed rate is this fraction, with the digits that are printed. 约 allows one unit of the last digit."""
    if told.bound or whole <= 0:
        return True
    if told.value == 100 and part < whole:
        return False
    if told.about:
        return abs(_exact(part, whole) - told.value) < Decimal(1).scaleb(-told.places)
    return percent(part, whole, told.places) == told.value


def fitting(told: Rate, part: int, whole: int) -> str:
    """What would fit, in Chinese: the right rate, and the fraction with one side changed that the printed rate is."""
    right = f"{part}/{whole} = {percent(part, whole, max(2, told.places))}%"
    near = next(_near(told, part, whole), None)
    return f"{right};{told} 与 {near[0]}/{near[1]} 相符" if near else right


def how_wrong(told: Rate, part: int, whole: int) -> str:
    """Why a printed rate is not this fraction."""
    right = percent(part, whole, told.places)
    if told.value == 100 and part < whole:
        return f"还有 {whole - part} 个不在其中,却写成 100%,应多留一位小数"
    if not told.about and _exact(part, whole).quantize(right, rounding=ROUND_DOWN) == told.value:
        return f"是截断而非四舍五入:{percent(part, whole)}% 应写作 {right}%"
    return f"按文中数字算得 {percent(part, whole, max(2, told.places))}%,写的是 {told}"


def _near(told: Rate, part: int, whole: int) -> Iterator[tuple[int, int]]:
    steps = [sign * step for step in range(1, _NEAR + 1) for sign in (1, -1)]
    yield from ((part + step, whole) for step in steps if 0 <= part + step <= whole and agrees(told, part + step, whole))
    yield from ((part, whole + step) for step in steps if part <= whole + step and agrees(told, part, whole + step))


def _exact(part: int, whole: int) -> Decimal:
    return Decimal(part) * 100 / Decimal(whole)
