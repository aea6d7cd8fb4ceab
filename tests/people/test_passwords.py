"""Which passwords are taken, and how they are kept."""

import pytest
from argon2 import Parameters, Type

from tests.people.conftest import CHEAP, GOOD
from tracker.signin import LONGEST, Hasher, weak


@pytest.mark.parametrize(
    "good", [GOOD, "correct horse battery", "大江东去浪淘尽千古风流", "x7#kQ!29mZp0", "只有汉字也可以做密码用"]
)
def test_long_and_own_is_enough_whatever_its_letters(good: str) -> None:
    assert weak(good, ("boss", "张三")) == ""


@pytest.mark.parametrize(
    "bad",
    [
        "short",
        "password12",
        "1234567890",
        "0987654321",
        "aaaaaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop123",
        "Admin@123456",
        "zhangsan2026",
        "张三张三张三张三1234",
        "示例市政务公开办公室",
        "abcdefghijklmnop",
        "x" * (LONGEST + 1),
    ],
)
def test_what_everybody_would_guess_is_refused_in_words(bad: str) -> None:
    assert "密码" in weak(bad, ("zhangsan", "张三", "示例市"))


def test_the_hash_is_argon2id_with_the_parameters_of_rfc_9106_for_little_memory() -> None:
    held = Hasher().hash(GOOD)
    assert held.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Hasher().fits(held, GOOD)
    assert not Hasher().fits(held, GOOD + " ")
    assert GOOD not in held


def test_no_hash_fits_nothing_and_costs_as_much() -> None:
    asked: list[str] = []
    hasher = Hasher(CHEAP)
    real = hasher._argon.verify

    class Counting:
        def verify(self, held: str, password: str) -> bool:
            asked.append(held)
            return real(held, password)

    hasher._nobody  # noqa: B018 - made once, before counting
    hasher._argon = Counting()  # type: ignore[assignment]  # stands in the way to count
    for password in ("", "nobody has this one", GOOD):
        assert not hasher.fits("", password)
    assert asked == [hasher._nobody] * 3
    assert hasher._nobody.split("$")[3] == Hasher(CHEAP).hash("x").split("$")[3]


def test_a_hash_with_old_parameters_is_stale() -> None:
    assert Hasher(Parameters(Type.ID, 19, 16, 32, 2, 16, 1)).stale(Hasher(CHEAP).hash(GOOD))
    assert not Hasher(CHEAP).stale(Hasher(CHEAP).hash(GOOD))
    assert not Hasher(CHEAP).fits("not a hash", GOOD)
