"""A 330-account city lived through six weeks: few looks remain, the same on every run (`python -m tests.due` prints them)."""

from pathlib import Path

import pytest

from tests.due.week import ACCOUNTS, WEEKS, Week, city, live, printed


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Week]:
    return live(tmp_path_factory.mktemp("week") / "ws", city())


def test_the_first_week_pays_and_the_later_ones_are_short(weeks: list[Week]) -> None:
    assert len(weeks) == WEEKS
    assert all(one.accounts == ACCOUNTS for one in weeks)
    later = [one.after_links / one.accounts for one in weeks[1:]]
    assert weeks[0].after_links > max(one.after_links for one in weeks[1:])
    assert all(0.02 < share < 0.25 for share in later)


def test_links_and_last_weeks_readings_each_spare_looks(weeks: list[Week]) -> None:
    assert all(one.after_links < one.after_machines for one in weeks)
    assert all(one.after_links < one.without_memory for one in weeks[1:])


def test_a_week_of_looks_takes_less_than_the_hour(weeks: list[Week]) -> None:
    seconds = 15
    assert all((one.after_links + one.answers) * seconds <= 3600 for one in weeks[1:])


def test_aspects_are_asked_once_a_period_of_the_drawn(weeks: list[Week]) -> None:
    assert weeks[0].answers > 0
    assert [one.answers for one in weeks[1:]] == [0] * (WEEKS - 1)


def test_the_same_seed_gives_the_same_weeks(weeks: list[Week], tmp_path: Path) -> None:
    assert live(tmp_path / "ws", city()) == weeks
    assert len(printed(weeks).splitlines()) == 1 + WEEKS
