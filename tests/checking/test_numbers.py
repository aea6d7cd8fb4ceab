from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.checking.numbers import Rate, agrees, number, percent, rate

DIGITS = "零一二三四五六七八九"


def chinese(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (DIGITS[ones] if ones else "")


@given(st.integers(1, 999))
def test_chinese_numerals_and_digits_are_the_same_number(value: int) -> None:
    assert number(chinese(value)) == number(str(value)) == value


@pytest.mark.parametrize(
    ("words", "value"), [("两", 2), ("1,234", 1234), ("一千零二十", 1020), ("三十", 30), ("０１８", 18), ("一百五十", 150)]
)
def test_numbers_as_written(words: str, value: int) -> None:
    assert number(words) == value


def test_a_word_is_no_number() -> None:
    with pytest.raises(ValueError, match="多个"):
        number("多个")


@given(st.integers(1, 2000), st.integers(0, 2000), st.integers(0, 2))
def test_a_rate_that_is_rounded_half_up_agrees_and_its_neighbours_do_not(whole: int, part: int, places: int) -> None:
    part = min(part, whole)
    value = percent(part, whole, places)
    step = Decimal(1).scaleb(-places)
    assert agrees(Rate(value), part, whole) is not (value == 100 and part < whole)
    assert not agrees(Rate(value - step), part, whole)
    assert abs(value - Decimal(part) * 100 / whole) <= step / 2


def test_half_is_rounded_up_on_the_decimal_value() -> None:
    assert percent(1, 8, 2) == Decimal("12.50")
    assert percent(29, 200, 0) == Decimal("15")
    assert percent(201, 2000, 1) == Decimal("10.1")


@pytest.mark.parametrize(
    ("words", "value", "about", "bound"),
    [
        ("仅为82%", "82", False, False),
        ("约62.9%", "62.9", True, False),
        ("超过90%", "90", False, True),
        ("百分之八十二点五", "82.5", False, False),
        ("90%以上", "90", False, True),
    ],
)
def test_rates_as_written(words: str, value: str, about: bool, bound: bool) -> None:
    assert rate(words) == Rate(Decimal(value), about=about, bound=bound)
