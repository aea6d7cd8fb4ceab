"""No lane is ever faster than its pace, whatever is retried, proved or read twice; lanes do not wait for each other's walls."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lanes.world import CONTROL, Platform, Tape, careful, clock, control, job, run
from tracker.adapter import Ask, Pace
from tracker.capture import Care, Lane
from tracker.capture.ports import Tools
from tracker.capture.retry import persist
from tracker.errors import Transport
from tracker.model import Exchange, Observation, Outcome, Visit

LOGIN = Lane(platform="demo", credential="login")


@dataclass
class Failing:
    """A fetcher whose tries fail as told, with or without a Retry-After; every try is written down."""

    lane: Lane
    tape: Tape
    pace: Pace
    failures: Sequence[float | None]
    words: Mapping[str, str]
    tried: int = 0

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        tools = Tools(clock=clock, sleep=asyncio.sleep, rng=random.Random(3), least=self.pace.between_requests)
        return [await persist(partial(self._once, ask), lambda why: self._answer(ask, 0, why), tools=tools)]

    async def _once(self, ask: Ask) -> Exchange:
        who = ask.url.rpartition("/")[2]
        self.tape.sent.append((self.lane, asyncio.get_running_loop().time(), who))
        self.tried += 1
        if who != CONTROL and self.tried % 2 and self.failures:
            raise Transport("连接失败", retry_after=self.failures[self.tried % len(self.failures)])
        return self._answer(ask, 200, self.words.get(who, "fresh"))

    def _answer(self, ask: Ask, status: int, body: str) -> Exchange:
        return Exchange(page=ask.page, url=ask.url, status=status, body=body.encode(), at=clock())

    async def close(self) -> None:
        pass


PACES = st.builds(
    lambda low, more, requests, every, control: Pace(
        between_accounts=(low, low + more), between_requests=requests, rest_every=every, rest_for=300, control_every=control
    ),
    st.floats(0, 60),
    st.floats(0, 60),
    st.floats(0.5, 9),
    st.integers(0, 4),
    st.integers(0, 4),
)


@settings(max_examples=40, deadline=None)
@given(
    pace=PACES,
    asks=st.integers(1, 4),
    failures=st.lists(st.one_of(st.none(), st.floats(0, 10)), max_size=5),
    words=st.dictionaries(st.sampled_from([f"a{n}" for n in range(6)]), st.sampled_from(["silent", "gone", "thin", "wall"])),
    seed=st.integers(0, 99),
)
def test_two_requests_of_a_lane_are_never_closer_than_its_pace(
    pace: Pace, asks: int, failures: list[float | None], words: dict[str, str], seed: int
) -> None:
    platform = Platform(pace=pace, asks=asks)
    care = careful(again=lambda visit, said: said.outcome is Outcome.OK and visit.route == "browser", wait=60.0)
    _, tape, _, _ = run(
        [job(f"a{n}") for n in range(6)],
        platforms=[platform],
        care=care,
        fetcher=lambda lane, tape: Failing(lane, tape, pace, failures, words),
        seed=seed,
    )
    times = [at for at, _ in tape.of(LOGIN)]
    assert len(times) >= 2
    assert all(later - earlier >= pace.between_requests - 1e-6 for earlier, later in pairwise(times))


def test_the_first_wall_stops_its_lane_and_the_others_go_on() -> None:
    platforms = [Platform(name) for name in ("one", "two", "three")]
    jobs = [job(f"{one.platform}{n}", one.platform) for one in platforms for n in range(8)]
    journal, tape, _, _ = run(jobs, {"two3": ("wall",)}, platforms=platforms)
    sent = {name: len(tape.of(Lane(platform=name, credential="login"))) for name in ("one", "two", "three")}
    assert sent == {"one": 11, "two": 5, "three": 11}
    assert [lane.platform for lane, _, _ in journal.stopped] == ["two"]
    assert len(journal.done) == 24


def again_if_silent(visit: Visit, said: Observation) -> bool:
    return "silent" in told(visit)


def told(visit: Visit) -> str:
    return visit.account.name if visit.account else ""


def test_a_veto_is_read_again_at_the_lanes_end_and_not_sooner_than_told() -> None:
    jobs = [job("silent"), job("a"), job("b")]
    journal, _, _, _ = run(jobs, {"silent": ("silent",)}, care=careful(again=again_if_silent, wait=1000.0))
    assert journal.names() == [CONTROL, "silent", "a", "b", "silent", CONTROL]
    first, second = (at for at, visit, _ in journal.made if told(visit) == "silent")
    assert second - first >= 1000
    assert [one for one, _ in journal.done] == ["silent", "a", "b"]


def test_a_second_reading_is_never_followed_by_a_third() -> None:
    journal, _, _, _ = run([job("silent")], care=careful(again=lambda visit, said: True, wait=10.0))
    assert journal.names() == [CONTROL, "silent", "silent", CONTROL]


def test_a_lane_that_stopped_owes_no_second_reading() -> None:
    jobs = [job("silent"), job("b")]
    journal, _, _, _ = run(jobs, {"b": ("wall",)}, care=careful(again=again_if_silent))
    assert journal.names() == [CONTROL, "silent", "b"]


def test_a_second_reading_that_was_owed_is_made_alone() -> None:
    owed = replace(job("silent"), second=True, not_before=500.0)
    journal, _, seconds, _ = run([owed], care=Care(controls={"demo": control()}))
    assert journal.names() == [CONTROL, "silent", CONTROL]
    assert seconds >= 500
