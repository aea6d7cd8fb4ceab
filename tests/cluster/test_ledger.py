"""The engine where several machines share a lane: it goes on where the lane was left, and sends nothing that was not told."""

import asyncio
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tests.capture.fake import DEMO, Canned, Naps, Notes, job_of
from tests.lanes.world import CONTROL, Answering, careful, job, name
from tests.lanes.world import run as lane_run
from tracker.adapter import Ask, Pace
from tracker.capture import Care, Interrupted, Job, Lane, Past, sweep
from tracker.capture.lanes import Sleep
from tracker.model import Exchange, Observation, Outcome, Visit

PACE = Pace(between_accounts=(30, 30), between_requests=2, rest_every=3, rest_for=300)
GUEST = Lane(platform="demo")


class Book:
    """A ledger that remembers, and of which the lane is lost after so many entries."""

    def __init__(self, past: Past | None = None, lost_after: int | None = None) -> None:
        self._past, self._lost_after = past or Past(), lost_after
        self.used_: list[int] = []
        self.stopped_: list[tuple[Outcome, bool]] = []

    def past(self, lane: Lane) -> Past:
        return self._past

    async def used(self, lane: Lane, *, anonymous: bool, visits: int) -> None:
        if self._lost_after is not None and len(self.used_) >= self._lost_after:
            raise Interrupted
        self.used_.append(visits)

    def stopped(self, lane: Lane, said: Observation, *, anonymous: bool) -> None:
        self.stopped_.append((said.outcome, anonymous))


def run(jobs: Sequence[Job], fetcher: Canned, naps: Sleep | None = None, **care: Any) -> Notes:
    notes = Notes()

    async def go() -> None:
        told: dict[str, Any] = {"adapters": {"demo": DEMO}, "fetchers": lambda lane, adapter: fetcher}
        told |= {"sink": notes, "progress": notes, "pace": lambda adapter: PACE, "rng": random.Random(1)}
        told |= {"sleep": naps or Naps(), "care": Care(**care)}
        await sweep(jobs, stop=asyncio.Event(), **told)

    asyncio.run(go())
    return notes


def test_the_first_visit_here_waits_for_the_last_one_elsewhere() -> None:
    naps = Naps()
    run([job_of("one")], Canned(), naps, ledger=Book(Past(request=10, visit=10, visits=1)))
    assert [round(nap) for nap in naps.taken] == [20]


def test_the_rest_after_so_many_visits_counts_those_of_all_machines() -> None:
    naps = Naps()
    run([job_of("one")], Canned(), naps, ledger=Book(Past(request=10, visit=10, visits=3)))
    assert [round(nap) for nap in naps.taken] == [290]


def test_nothing_is_sent_once_the_lane_is_lost() -> None:
    fetcher, book = Canned(), Book(lost_after=2)
    notes = run([job_of(name) for name in ("one", "two", "three")], fetcher, ledger=book)
    assert fetcher.asked == ["https://a.test/plain/one"]
    assert set(notes.said) == {"one"}


def test_each_request_is_told_before_and_after() -> None:
    book = Book()
    run([job_of("one"), job_of("two")], Canned(), ledger=book)
    assert book.used_ == [1, 1, 2, 2]


def test_a_wall_is_told_and_one_met_elsewhere_is_heeded() -> None:
    book = Book()
    run([job_of("one")], Canned({"one": b"wall"}), ledger=book)
    assert book.stopped_ == [(Outcome.CHALLENGE, False)]
    fetcher = Canned()
    run([job_of("two")], fetcher, ledger=Book(Past(stopped=Observation(outcome=Outcome.CHALLENGE, detail="出现验证码"))))
    assert fetcher.asked == []


def test_a_machine_that_is_to_end_begins_no_visit_and_reads_the_control_account_last() -> None:
    enough = asyncio.Event()

    class Ending(Answering):
        async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
            if name(visit) == "a1":
                enough.set()
            return await super().fetch(ask, visit)

    care = careful(enough=enough, place="甲机")
    journal, tape, _, left = lane_run(
        [job(f"a{n}") for n in range(4)], care=care, fetcher=lambda lane, tape: Ending(lane, tape, {}, 3.0)
    )
    assert journal.names() == [CONTROL, "a0", "a1", CONTROL]
    assert left == 2
    times = [at for at, _ in tape.of(Lane(platform="demo", credential="login"))]
    assert all(later - earlier >= 33 for earlier, later in pairwise(times)), "the last look keeps the pace as well"
    assert {visit.lane for _, visit, _ in journal.made} == {"login@甲机"}, "what it saw is told apart from what others saw"


def test_a_machine_that_is_to_end_does_not_sit_out_its_pause() -> None:
    enough, naps = asyncio.Event(), []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        enough.set()
        await asyncio.sleep(60)

    run([job_of("one"), job_of("two")], fetcher := Canned(), sleep, enough=enough)
    assert (len(naps), fetcher.asked) == (1, ["https://a.test/plain/one"])
