"""Two machines, one database, one folder of evidence: `kill -9`, and the platforms' own log of what reached them."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.cluster import town
from tests.cluster.cut import Wire, port_of, server, wired
from tests.cluster.town import Machine
from tests.platforms.serve import Served, serve
from tests.platforms.world import article_url
from tracker.clock import now
from tracker.links import paste
from tracker.model import Route
from tracker.store import LaneStanding
from tracker.workspace import opened

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]
PACE = 0.04
FEEDS, GRANTS = 30, 10


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(town.world(FEEDS, GRANTS, now())) as running:
        yield running


@pytest.fixture
def machines(served: Served, database: str, tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    made = town.two(tmp_path, served, (database, database))
    yield made
    for one in made:
        one.end()


def test_killed_machines_lose_nothing_and_no_lane_is_used_twice(served: Served, machines: tuple[Machine, Machine]) -> None:
    for one in machines:
        one.start(served, PACE)
    with opened(machines[0].root) as ws:
        town.share_when_there(ws, machines)
        for killed in machines:
            count = len(ws.store.visits(town.SWEEP))
            town.wait_for(lambda count=count: len(ws.store.visits(town.SWEEP)) >= count + 5, 30, "no progress")
            killed.kill()
            killed.start(served, PACE)
        town.wait_for(lambda: town.done(ws), 60, f"the sweep does not end: {ws.store.queued_lanes()}")
        town.whole(ws)
    town.polite(served, PACE)


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_a_machine_that_is_cut_off_stops_at_once_and_the_other_goes_on(served: Served, database: str, tmp_path: Path) -> None:
    wire = Wire(port_of(database))
    own = town.two(tmp_path, served, (wired(database, wire.port), database))
    own[0].start(served, PACE)
    try:
        with opened(own[1].root) as ws:
            town.share_when_there(ws, own[:1], later=own[1:])
            town.wait_for(lambda: len(ws.store.visits(town.SWEEP)) >= 5, 60, "no progress")
            wire.cut()
            own[1].start(served, PACE)
            # a little later the machine that was cut off asks nobody for anything any more, until the other one has begun
            time.sleep(town.BEAT)
            count = len(served.log)
            assert len(ws.store.visits(town.SWEEP)) < FEEDS
            town.wait_for(lambda: len(served.log) > count, 60, "the other machine does not begin")
            wire.mend()
            town.wait_for(lambda: town.done(ws), 100, f"the sweep does not end: {ws.store.queued_lanes()}")
            town.whole(ws)
    finally:
        wire.close()
        for one in own:
            one.end()
    town.polite(served, PACE)


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_a_database_that_was_switched_off_is_waited_for(served: Served, tmp_path: Path) -> None:
    with server() as own:
        machines = town.two(tmp_path, served, (own.url, own.url))
        for one in machines:
            one.start(served, PACE)
        try:
            with opened(machines[0].root) as ws:
                town.share_when_there(ws, machines)
                town.wait_for(lambda: len(ws.store.visits(town.SWEEP)) >= 5, 60, "no progress")
            own.stop()
            time.sleep(2 * town.BEAT)
            count = len(served.log)
            time.sleep(town.BEAT)
            assert len(served.log) == count, "nobody is asked for anything while nobody can know whose turn it is"
            own.start()
            with opened(machines[0].root) as ws:
                town.wait_for(lambda: town.done(ws), 100, f"the sweep does not end: {ws.store.queued_lanes()}")
                town.whole(ws)
        finally:
            for one in machines:
                one.end()
    town.polite(served, PACE)


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_a_machine_that_is_asked_to_end_finishes_its_visit_and_the_other_takes_over(
    served: Served, machines: tuple[Machine, Machine]
) -> None:
    first, second = machines
    first.start(served, PACE)
    with opened(first.root) as ws:
        town.share_when_there(ws, machines[:1], later=machines[1:])
        town.wait_for(lambda: len(ws.store.visits(town.SWEEP)) >= 5, 60, "no progress")
        first.end()
        assert first.process is not None
        assert first.process.returncode == 0, first.text()
        assert ws.store.holders() == ()
        known, kept = ws.store.known_files(town.SWEEP), {one.file for one in ws.evidence.files(town.SWEEP)}
        assert known == kept, "what was begun is whole"
        assert len(known) < FEEDS + GRANTS
        second.start(served, PACE, "--once")
        # what only the first machine has credentials for stays queued
        assert second.process is not None
        second.process.wait(timeout=60)
        waiting = {line.credential for line in ws.store.queued_lanes(town.SWEEP) if line.standing is LaneStanding.QUEUED}
        assert not waiting & set(second.grants)
        first.start(served, PACE)
        town.wait_for(lambda: town.done(ws), 60, f"the sweep does not end: {ws.store.queued_lanes()}")
        town.whole(ws)
    assert town.polite(served, PACE).repeated == 0


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_a_machine_that_froze_loses_its_lane_and_asks_nobody_when_it_wakes(served: Served, database: str, tmp_path: Path) -> None:
    frozen, other = town.two(tmp_path, served, (database, database))
    frozen.start(served, PACE, "--lanes", "weixin")
    try:
        with opened(frozen.root) as ws:
            town.share_when_there(ws, (frozen,), later=(other,))
            town.wait_for(lambda: len(ws.store.visits(town.SWEEP)) >= 5, 60, "no progress")
            frozen.signal(signal.SIGSTOP)
            other.start(served, PACE)
            count = len(ws.store.visits(town.SWEEP))
            town.wait_for(lambda: len(ws.store.visits(town.SWEEP)) > count + 2, 60, "the other machine does not take over")
            frozen.signal(signal.SIGCONT)
            town.wait_for(lambda: town.done(ws), 60, f"the sweep does not end: {ws.store.queued_lanes()}")
            town.whole(ws)
    finally:
        frozen.signal(signal.SIGCONT)
        frozen.end()
        other.end()
    town.polite(served, PACE)


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_a_wall_stops_the_lane_on_all_machines_until_a_person_frees_it(served: Served, machines: tuple[Machine, Machine]) -> None:
    feeds = [one for one in served.world.accounts if one.filed and not one.grant][:4]
    served.world.faults.put("captcha", account=feeds[1].key)
    for one in machines:
        one.start(served, PACE)
    with opened(machines[0].root) as ws:
        paste(ws, "\n".join(article_url(one, one.posts[0]) for one in feeds), BY_PLATFORM, who="town", at=now())
        town.share_when_there(ws, machines)
        stopped = LaneStanding.STOPPED
        town.wait_for(lambda: any(one.standing is stopped for one in ws.store.queued_lanes()), 60, "the wall is not heeded")
        town.wait_for(
            lambda: all(one.standing is not LaneStanding.QUEUED for one in ws.store.queued_lanes()), 60, "the rest waits"
        )
        count = len(served.log)
        time.sleep(3 * town.BEAT)
        assert len(served.log) == count
        assert not town.done(ws)
        (line,) = [one for one in ws.store.queued_lanes() if one.standing is stopped]
        assert (line.platform, line.credential) == ("weixin", "")
        served.world.faults.clear()
        assert machines[1].command(served, "worker", "resume", "weixin") == 0
        town.wait_for(lambda: town.done(ws), 60, f"the sweep does not end: {ws.store.queued_lanes()}")
        opened_links = Counter(one.url for one in ws.store.visits(town.SWEEP) if one.route is Route.LINK)
        assert opened_links == Counter(one.url for one in ws.store.links())
    assert "tracker worker resume weixin" in machines[0].text() + machines[1].text()
    town.polite(served, PACE)
