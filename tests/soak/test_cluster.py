"""`kill -9` of machines at twenty seeded moments of a sweep that two of them share: by the platforms' own log."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import town
from tests.cluster.conftest import _key, database  # noqa: F401 - fixtures
from tests.platforms.serve import Served, serve
from tests.soak import results
from tracker.clock import now
from tracker.workspace import opened

pytestmark = [pytest.mark.soak, pytest.mark.postgres, pytest.mark.browser, pytest.mark.usefixtures("chromium")]
PACE = 0.1
KILLS = 20
FEEDS, GRANTS, PAGES = 400, 40, {"toutiao": 40, "douyin": 20}
TOTAL = FEEDS + GRANTS + sum(PAGES.values())


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(town.world(FEEDS, GRANTS, now(), **PAGES)) as running:
        yield running


@pytest.mark.timeout(1800)
def test_twenty_kills_of_two_machines_lose_nothing(served: Served, database: str, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    rng = random.Random(20)
    machines = town.two(tmp_path, served, (database, database))
    for one in machines:
        one.start(served, PACE)
    at = sorted(rng.sample(range(5, TOTAL - 20), KILLS))
    begun = time.monotonic()
    try:
        with opened(machines[0].root) as ws:
            town.share_when_there(ws, machines)
            for count in at:
                town.wait_for(
                    lambda count=count: len(ws.store.visits(town.SWEEP)) >= count, 200, f"no progress: {ws.store.queued_lanes()}"
                )
                time.sleep(rng.uniform(0, 0.3))
                killed = rng.choice(machines)
                killed.kill()
                killed.start(served, PACE)
            town.wait_for(lambda: town.done(ws), 400, f"the sweep does not end: {ws.store.queued_lanes()}")
            town.whole(ws)
    finally:
        for one in machines:
            one.end()
    seen = town.polite(served, PACE)
    results.keep(
        "cluster",
        **{
            "accounts": TOTAL,
            "kills": KILLS,
            "machines": len(machines),
            "repeated": seen.repeated,
            "torn": seen.torn,
            "pace, s": PACE,
            "nearest, s": round(seen.nearest, 3),
            "nearest accounts, s": round(seen.nearest_accounts, 3),
            "requests": seen.requests,
            "seconds": round(time.monotonic() - begun),
        },
    )
    assert seen.repeated <= 3 * KILLS, "a kill repeats the visits under way at most"
