import asyncio
import logging
import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.capture.fake import AT, DEMO, QUICK, Canned, Demo, Naps, Notes, job_of, visit_of
from tracker.adapter import Adapter, Ask
from tracker.capture import Job, Lane, sweep
from tracker.capture.engine import MOST_EXCHANGES, MOST_ROUNDS
from tracker.capture.ports import Fetcher, Fetchers
from tracker.errors import EvidenceDamaged, UsageError
from tracker.model import Aspect, Exchange, Observation, Outcome, Route, Unseen, Visit

GUEST = Lane(platform="demo")


def run(
    jobs: Sequence[Job],
    fetcher: Fetcher | Fetchers,
    *,
    notes: Notes | None = None,
    adapter: Adapter = DEMO,
    stop_after: int | None = None,
    **options: Any,
) -> Notes:
    notes = notes or Notes()

    async def go() -> None:
        stop = asyncio.Event()
        if stop_after is not None:
            notes.visited = _stopping(notes, stop, stop_after)  # type: ignore[method-assign]
        fetchers = fetcher if callable(fetcher) else lambda lane, adapter: fetcher
        given = {"pace": lambda adapter: QUICK, "sleep": Naps(), "rng": random.Random(1), **options}
        await sweep(jobs, adapters={"demo": adapter}, fetchers=fetchers, sink=notes, progress=notes, stop=stop, **given)

    asyncio.run(go())
    return notes


def _stopping(notes: Notes, stop: asyncio.Event, after: int) -> Any:
    plain = type(notes).visited

    def visited(job: Job, observation: Observation) -> None:
        plain(notes, job, observation)
        if len(notes.visited_jobs) == after:
            stop.set()

    return visited


def test_a_visit_is_kept_before_it_is_read_and_recorded_after() -> None:
    notes = run([job_of("one")], Canned())
    assert notes.happened == [("started", "one"), ("keep", "one"), ("record", "one"), ("visited", "one")]
    assert notes.said["one"][0].outcome is Outcome.OK


def test_redaction_and_cleaning_come_before_everything_else() -> None:
    class Talking(Canned):
        async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
            headers = {"set-cookie": "a=planted", "x-kept": "1", "location": "https://a.test/?access_token=planted"}
            url = "https://a.test/x?access_token=planted&id=1"
            return [Exchange(page="home", url=url, status=200, body=b"commenter", at=AT, headers=headers)]

    notes = run([job_of("one")], Talking())
    (kept,) = notes.kept["one"]
    assert kept.body == b"someone"
    assert "planted" not in repr(kept)
    assert kept.headers["x-kept"] == "1"


def test_a_wall_stops_its_lane_and_no_other() -> None:
    other = Lane(platform="demo", credential="second")
    jobs = [job_of(name) for name in ("one", "two", "three")] + [job_of(name, Route.API, lane=other) for name in ("four", "five")]
    fetcher = Canned(told={"one": b"fine", "two": b"wall"})
    notes = run(jobs, fetcher)
    assert sorted(url.rpartition("/")[2] for url in fetcher.asked) == ["five", "four", "one", "two"]
    assert notes.stopped == [(GUEST, Outcome.CHALLENGE)]
    (closed,) = notes.said["three"]
    assert (closed.outcome, closed.detail) == (Outcome.CHALLENGE, "通道已停:出现验证码")
    assert closed.aspects == {Aspect.EXISTENCE: Unseen(outcome=Outcome.CHALLENGE, detail="通道已停:出现验证码")}
    assert "three" not in notes.kept
    assert dict(notes.visited_jobs)["five"] is Outcome.OK
    assert fetcher.closed == 2


@pytest.mark.parametrize(
    ("outcome", "stops"),
    [
        (Outcome.LOGIN_WALL, True),
        (Outcome.CHALLENGE, True),
        (Outcome.AUTH, True),
        (Outcome.RATE_LIMITED, True),
        (Outcome.REFUSED, True),
        (Outcome.QUOTA, True),
        (Outcome.DRIFT, False),
        (Outcome.TRANSPORT, False),
        (Outcome.GONE, False),
        (Outcome.AMBIGUOUS_EMPTY, False),
        (Outcome.PARTIAL, False),
    ],
)
def test_which_outcomes_stop_a_lane(outcome: Outcome, stops: bool) -> None:
    class Saying(Demo):
        def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
            return Observation(outcome=outcome)

    fetcher = Canned()
    run([job_of("one"), job_of("two")], fetcher, adapter=Saying())
    assert len(fetcher.asked) == (1 if stops else 2)


def test_the_next_route_is_tried_after_ignorance_only() -> None:
    fetcher = Canned(told={"two": b"wall"})
    lane = Lane(platform="demo", credential="owner-of-two")
    notes = run([job_of("one", Route.API, Route.HTTP, lane=lane), job_of("two", Route.API, Route.HTTP, lane=lane)], fetcher)
    assert [url.rpartition("/")[2] for url in fetcher.asked] == ["one", "two", "two"]
    assert len(notes.said["one"]) == 1
    assert len(notes.said["two"]) == 2
    assert {lane for lane, _ in notes.stopped} == {lane, GUEST}


def test_a_guest_route_of_an_owner_job_shares_the_guests_lane_and_its_wall() -> None:
    fetcher = Canned(told={"one": b"wall"})
    jobs = [job_of("one"), job_of("two", Route.LINK, lane=Lane(platform="demo", credential="x"))]

    notes = run(jobs, fetcher)
    assert fetcher.asked == ["https://a.test/plain/one"]
    assert notes.said["two"][0].outcome is Outcome.CHALLENGE


def test_one_accounts_surprise_is_drift_and_the_sweep_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        notes = run([job_of("one"), job_of("two")], Canned(told={"one": b"broken"}))
    (said,) = notes.said["one"]
    assert (said.outcome, "KeyError" in said.detail) == (Outcome.DRIFT, True)
    assert "one" in notes.kept, "what made the adapter fail must be there to be looked at"
    assert notes.said["two"][0].outcome is Outcome.OK
    assert "KeyError" in caplog.text
    assert "secret-in-message" not in caplog.text + said.detail


@pytest.mark.parametrize("error", [UsageError("磁盘已满"), EvidenceDamaged("坏了")])
def test_what_concerns_the_whole_sweep_ends_it(error: Exception) -> None:
    class Full(Notes):
        def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
            raise error

    fetcher = Canned()
    with pytest.raises(type(error), match=str(error)):
        run([job_of("one"), job_of("two")], fetcher, notes=Full())
    assert len(fetcher.asked) == 1
    assert fetcher.closed == 1


@pytest.mark.parametrize(
    ("width", "route", "expected"),
    [(1, Route.HTTP, MOST_ROUNDS), (1, Route.API, MOST_EXCHANGES), (30, Route.HTTP, MOST_EXCHANGES)],
)
def test_an_adapter_without_end_is_capped(width: int, route: Route, expected: int) -> None:
    class Endless(Demo):
        def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
            return (Ask(page="home", url=f"https://a.test/plain/{len(so_far)}"),) * width

    fetcher = Canned()
    notes = run([job_of("one", route)], fetcher, adapter=Endless())
    assert len(fetcher.asked) == expected
    assert len(notes.kept["one"]) == expected


def test_a_wall_within_a_round_ends_the_round() -> None:
    class Days(Demo):
        def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
            return () if so_far else tuple(Ask(page="day", url=f"https://a.test/plain/{day}") for day in range(9))

    fetcher = Canned(told={"3": b"wall"})
    notes = run([job_of("one", Route.API)], fetcher, adapter=Days())
    assert len(fetcher.asked) == 4
    assert notes.said["one"][0].outcome is Outcome.CHALLENGE


def test_a_lane_keeps_its_pace_and_its_rests() -> None:
    naps = Naps()
    run([job_of(str(number)) for number in range(7)], Canned(), pace=lambda adapter: adapter.pace, sleep=naps)
    between = [nap for nap in naps.taken if nap > 5]
    assert len(between) == 6
    assert [nap > 290 for nap in between] == [False, False, True, False, False, True]
    assert all(29 < nap < 61 for nap in between if nap < 290)
    assert len(set(between)) > 2, "drawn, not constant"
    assert all(1.9 < nap <= 2 for nap in naps.taken if nap < 5)


def test_lanes_run_side_by_side_but_each_alone() -> None:
    class Slow(Canned):
        here = most = 0
        lanes_at_once = 0

        async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
            self.here += 1
            self.most = max(self.most, self.here)
            Slow.lanes_at_once = max(Slow.lanes_at_once, sum(one.here for one in opened))
            await asyncio.sleep(0.02)
            self.here -= 1
            return await Canned.fetch(self, ask, visit)

    opened: list[Slow] = []

    def fetchers(lane: Lane, adapter: Adapter) -> Fetcher:
        opened.append(Slow())
        return opened[-1]

    lanes = [Lane(platform="demo", credential=name) for name in "abc"]
    run([job_of(f"{lane.credential}{n}", Route.API, lane=lane) for lane in lanes for n in range(3)], fetchers)
    assert [one.most for one in opened] == [1, 1, 1]
    assert Slow.lanes_at_once == 3


def test_stopping_ends_cleanly_and_the_rest_can_be_done_later() -> None:
    jobs = [job_of(name) for name in ("one", "two", "three", "four")]
    notes = run(jobs, Canned(), stop_after=2)
    assert set(notes.said) == set(notes.kept) == {"one", "two"}
    rest = [job for job in jobs if job.visit.account and job.visit.account.name not in notes.said]
    again = run(rest, Canned(), notes=Notes(said=notes.said, kept=notes.kept))
    assert set(again.said) == {"one", "two", "three", "four"}
    assert all(len(said) == 1 for said in again.said.values())


def test_stopping_while_a_lane_rests_does_not_wait_for_the_rest() -> None:
    async def go() -> Notes:
        notes, stop = Notes(), asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, stop.set)
        options = {"adapters": {"demo": DEMO}, "fetchers": lambda lane, adapter: Canned(), "sink": notes, "progress": notes}
        async with asyncio.timeout(5):
            await sweep([job_of("one"), job_of("two")], stop=stop, **options)
        return notes

    assert set(asyncio.run(go()).said) == {"one"}


def test_a_visit_in_flight_is_dropped_whole_when_asked_to_stop() -> None:
    class Two(Demo):
        def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
            return () if len(so_far) > 1 else (Ask(page="home", url="https://a.test/plain/x"),)

    async def go() -> Notes:
        notes, stop = Notes(), asyncio.Event()

        class Stopping(Canned):
            async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
                stop.set()
                return await super().fetch(ask, visit)

        fetcher = Stopping()
        options = {"adapters": {"demo": Two()}, "fetchers": lambda lane, adapter: fetcher, "sink": notes, "progress": notes}
        await sweep([job_of("one")], stop=stop, **options)
        assert fetcher.closed == 1
        return notes

    notes = asyncio.run(go())
    assert (notes.kept, notes.said) == ({}, {})


def test_a_cancelled_sweep_leaves_no_half_visit_and_closes_its_lanes() -> None:
    class Hanging(Canned):
        async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
            await asyncio.Event().wait()
            return []

    fetcher, notes = Hanging(), Notes()

    async def go() -> None:
        async with asyncio.timeout(0.1):
            options = {"adapters": {"demo": DEMO}, "fetchers": lambda lane, adapter: fetcher, "sink": notes, "progress": notes}
            await sweep([job_of("one")], stop=asyncio.Event(), **options)

    with pytest.raises(TimeoutError):
        asyncio.run(go())
    assert (notes.kept, fetcher.closed) == ({}, 1)


def test_a_job_needs_a_route() -> None:
    with pytest.raises(ValueError, match="route"):
        Job(visit=visit_of(), routes=(), lane=GUEST)
