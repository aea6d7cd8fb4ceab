"""The browser lane over a thousand visits: memory of our process and its children stays where it is."""

import time
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression

import pytest

from tests.platforms.serve import serve
from tests.soak import processes, results, worlds
from tracker.clock import now
from tracker.workspace import opened

pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(3000)]
VISITS = 1000
SETTLED = 150
"""Visits after which everything is loaded, and the first browser context was replaced."""
SLOPE, PEAK = 10.0, 600.0
"""MB per 1,000 visits, and MB at any time: RSS counts shared pages for each process; PSS does not and is told beside."""
EVERY = 1.0
"""Seconds between two looks."""

Look = tuple[int, float, float]
"""Visits done, RSS and PSS in MB."""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc to see the memory of processes")
def test_a_thousand_visits_do_not_grow(tmp_path: Path) -> None:
    with serve(worlds.world(now(), toutiao=VISITS)) as served:
        worlds.settled(tmp_path / "ws", served.world)
        process = processes.start(served, tmp_path, ["--workspace", tmp_path / "ws", "sweep", "--name", "soak"])
        looks, began = [], time.monotonic()
        while process.poll() is None:
            looks.append((_done(tmp_path / "ws"), *processes.memory(process.pid)))
            time.sleep(EVERY)
        seconds = time.monotonic() - began
    with opened(tmp_path / "ws") as ws:
        assert len(ws.store.visits("soak")) == VISITS, (tmp_path / "said.txt").read_text(encoding="utf-8")[-2000:]
    figures = _figures(looks)
    results.keep("memory", visits=VISITS, seconds=round(seconds), looks=len(looks), **figures)
    assert figures["RSS slope, MB per 1000 visits"] <= SLOPE
    assert figures["RSS peak, MB"] <= PEAK


def _done(root: Path) -> int:
    return len(list((root / "snapshots" / "soak").glob("*.warc.gz")))


def _figures(looks: list[Look]) -> dict[str, float]:
    settled = [look for look in looks[:-1] if look[0] >= SETTLED]
    assert len(settled) > 50, "too few looks for a slope"
    assert all(a[0] <= b[0] for a, b in pairwise(settled))
    visits = [look[0] for look in settled]
    told: dict[str, float] = {}
    for name, at in (("RSS", 1), ("PSS", 2)):
        slope = linear_regression(visits, [look[at] for look in settled]).slope * 1000
        told |= {
            f"{name} slope, MB per 1000 visits": round(slope, 1),
            f"{name} peak, MB": round(max(look[at] for look in looks), 1),
        }
    return told
