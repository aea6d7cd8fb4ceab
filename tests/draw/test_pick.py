"""The lot itself: the same frame and seed give the same list, shares are fair, everybody at most once a year."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.invented import AT
from tracker.draw import FAILED, NEW, pick, scope_sentence
from tracker.errors import UsageError
from tracker.store import Draw, Stratum

CITY = {
    "市直": [f"a{n:03}" for n in range(65)],
    "商州区": [f"b{n:03}" for n in range(22)],
    "镇安县": [f"c{n:03}" for n in range(13)],
    "未填": ["d000"],
}


def shares(strata: Mapping[str, list[str]], size: str) -> dict[str, int]:
    return {one.name: one.drawn for one in pick(strata, size, 1)[1]}


def test_one_stratum_is_the_documented_call() -> None:
    ids = [f"{n:04}" for n in range(330)]
    drawn, _ = pick({"全部": list(reversed(ids))}, "100", 20261106)
    assert drawn == frozenset(random.Random(20261106).sample(ids, 100))


def test_the_list_of_a_seed_is_fixed_for_ever() -> None:
    """Written down, so that a change of the algorithm cannot pass unseen."""
    drawn, _ = pick({"二": ["b1", "b2", "b3"], "一": ["a1", "a2", "a3", "a4"]}, "3", 7)
    assert sorted(drawn) == ["a1", "a3", "b2"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("101", {"市直": 65, "商州区": 22, "镇安县": 13, "未填": 1}),
        ("20", {"市直": 13, "商州区": 4, "镇安县": 2, "未填": 1}),  # ideal 12.87 4.36 2.57 0.20
        ("4", {"市直": 1, "商州区": 1, "镇安县": 1, "未填": 1}),
        ("3", {"市直": 2, "商州区": 1, "镇安县": 0, "未填": 0}),  # fewer than strata: nobody has a right to one
        ("10%", {"市直": 7, "商州区": 3, "镇安县": 2, "未填": 1}),  # rounded up in each
        ("100%", {"市直": 65, "商州区": 22, "镇安县": 13, "未填": 1}),
        ("12.5％", {"市直": 9, "商州区": 3, "镇安县": 2, "未填": 1}),
    ],
)
def test_how_a_size_is_shared(size: str, expected: dict[str, int]) -> None:
    assert shares(CITY, size) == expected


groups = st.dictionaries(st.sampled_from("一二三四五六"), st.integers(1, 40), min_size=1)


@given(groups, st.data())
def test_a_number_is_met_exactly_and_fairly(sizes: dict[str, int], data: st.DataObject) -> None:
    whole = sum(sizes.values())
    number = data.draw(st.integers(1, whole))
    strata = {name: [f"{name}{n}" for n in range(count)] for name, count in sizes.items()}
    drawn, told = pick(strata, str(number), data.draw(st.integers(0, 99)))
    assert len(drawn) == number == sum(one.drawn for one in told)
    for one in told:
        assert one.drawn <= one.frame
        assert one.drawn >= int(number >= len(sizes))
        assert one.drawn <= number * one.frame / whole + 1


@given(st.integers(0, 2**31), st.integers(1, 101))
def test_the_same_seed_gives_the_same_list(seed: int, number: int) -> None:
    mixed = {name: random.Random(seed).sample(ids, len(ids)) for name, ids in reversed(CITY.items())}
    assert pick(CITY, str(number), seed) == pick(mixed, str(number), seed)


def test_everybody_has_a_chance() -> None:
    drawn = set().union(*(pick(CITY, "20", seed)[0] for seed in range(120)))
    assert drawn == {one for ids in CITY.values() for one in ids}


def test_who_was_drawn_this_year_is_left_out_and_a_shortfall_is_told() -> None:
    spent = frozenset(CITY["镇安县"][:12])
    drawn, told = pick(CITY, "20", 3, spent)
    assert not drawn & spent
    assert told[-1] == Stratum(name="镇安县", frame=13, eligible=1, wanted=2, drawn=1)


@pytest.mark.parametrize("size", ["0", "0%", "101%", "-3", "十", "", "3.5", "30 %%", "1e3"])
def test_a_size_that_says_nothing_is_refused(size: str) -> None:
    with pytest.raises(UsageError, match="看不懂"):
        pick(CITY, size, 1)


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(UsageError, match="可抽的账号只有101个"):
        pick(CITY, "102", 1)


def made(method: str, count: int, frame: int, **told: object) -> Draw:
    fixed: dict[str, object] = {
        "period": "2020Q4",
        "method": method,
        "frame": tuple(str(n) for n in range(frame)),
        "drawn": tuple(str(n) for n in range(count)),
        "at": AT,
        "who": "王某",
    }
    return Draw(**(fixed | told))  # type: ignore[arg-type]


def stratum(name: str, drawn: int) -> Stratum:
    return Stratum(name=name, frame=drawn, eligible=drawn, wanted=drawn, drawn=drawn)


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (made("all", 330, 330), "对在册的全部330个政务新媒体进行了全面检查,检查率100%。"),
        (
            made("new-failing", 151, 240, strata=(stratum(FAILED, 100), stratum(NEW, 51))),
            "对所有新报备的政务新媒体和上季度检查通报中存在突出问题的政务新媒体账号进行了抽查(共检查151个,检查率约为62.9%)。",
        ),
        (
            made("new-failing", 60, 240, strata=(stratum(NEW, 0), stratum(FAILED, 60))),
            "对上季度检查通报中存在突出问题的政务新媒体账号进行了抽查(共检查60个,检查率为25%)。",
        ),
        (
            made("new-failing", 1, 240, period="2020-10", strata=(stratum(NEW, 0), stratum(FAILED, 1))),
            "对上期检查通报中存在突出问题的政务新媒体账号进行了抽查(共检查1个,检查率约为0.4%)。",
        ),
        (
            made("strata", 100, 330, by="region"),
            "采取按县区分层随机抽取的方式,对100个政务新媒体进行了抽查(共检查100个,检查率约为30.3%)。",
        ),
        (
            made("strata", 12, 16, once_a_year=True),
            "采取随机抽取的方式,对本年度尚未抽查的12个政务新媒体进行了抽查(共检查12个,检查率为75%)。",
        ),
        # 2999 of 3000 rounds to 100.0: a decimal more, never 100 % with one left out
        (made("strata", 2999, 3000), "采取随机抽取的方式,对2999个政务新媒体进行了抽查(共检查2999个,检查率约为99.97%)。"),
        (made("all", 30, 330, once_a_year=True), "对在册政务新媒体中本年度尚未抽查的账号进行了检查(共检查30个,检查率约为9.1%)。"),
    ],
)
def test_the_scope_sentence(draw: Draw, sentence: str) -> None:
    assert scope_sentence(draw) == sentence
