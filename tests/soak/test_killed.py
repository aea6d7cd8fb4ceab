"""`kill -9` of the real `tracker sweep` at seeded points, then `--resume`: nothing twice, nothing lost, the chain whole."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.platforms.serve import Served, serve
from tests.soak import processes, results, worlds
from tracker.clock import now
from tracker.model import Route
from tracker.workspace import Workspace, opened

pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(3000)]
POINTS = 50
NAME = "soak"
LANES = 3
"""toutiao, douyin and the links of weixin: so many visits are in flight at most."""
VISITS = {"toutiao": 6, "douyin": 3, "weixin": 8}
TOTAL = sum(VISITS.values())
DOCUMENT = ("home", "article")
"""Endpoints that one visit opens once."""
MOST = 90.0
"""Seconds for one run of the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What one kill left, and what the resumed run made of it."""

    seen: int
    """Visits in the journal when the process was dead."""
    adopted: int
    """Whole files that the journal did not know yet."""
    partial: int
    repeated: int
    orphans: int


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(worlds.world(now(), **VISITS)) as running:
        yield running


def test_fifty_kills_lose_nothing_and_repeat_no_more_than_was_in_flight(served: Served, tmp_path: Path) -> None:
    ends = [_killed_at(seed, served, tmp_path / f"{seed:03}") for seed in range(POINTS)]
    during = [end for end in ends if end.seen + end.adopted < TOTAL]
    figures = {
        "points": len(ends),
        "in the middle": len(during),
        "most repeated": max(end.repeated for end in ends),
        "repeated": sum(end.repeated for end in ends),
        "files adopted": sum(end.adopted for end in ends),
        "half files dropped": sum(end.partial for end in ends),
        "processes left over": sum(end.orphans for end in ends),
        "visits each": TOTAL,
    }
    results.keep("killed", **figures)
    assert len(during) >= POINTS * 3 // 5, "most kills should come before the end"
    assert figures["most repeated"] <= LANES
    assert figures["processes left over"] == 0


def _killed_at(seed: int, served: Served, folder: Path) -> End:
    rng = random.Random(seed)
    root = folder / "ws"
    folder.mkdir()
    worlds.settled(root, served.world)
    served.log.clear()
    process = processes.start(served, folder, _words(root))
    _wait(root, rng.randrange(TOTAL), process)
    time.sleep(rng.uniform(0, 0.3))
    process.kill()
    process.wait()
    orphans = processes.left_over(process.pid)
    seen, adopted, partial = _left(root)
    _finish(served, folder, root)
    _whole(root)
    filed = {one.key for one in served.world.accounts if one.filed}
    calls = (call for call in served.log if call["endpoint"] in DOCUMENT and call["account"] in filed)
    asked = Counter((call["account"], call["endpoint"]) for call in calls)
    repeated = sum(count > 1 for count in asked.values())
    assert max(asked.values()) <= 2, "one kill can repeat a visit once"
    return End(seen=seen, adopted=adopted, partial=partial, repeated=repeated, orphans=orphans)


def _words(root: Path, *more: str) -> list[str]:
    return ["--workspace", str(root), "sweep", "--name", NAME, *more]


def _wait(root: Path, files: int, process: subprocess.Popen[bytes]) -> None:
    folder, until = root / "snapshots" / NAME, time.monotonic() + MOST
    while process.poll() is None and len(list(folder.glob("*.warc.gz"))) < files:
        assert time.monotonic() < until, "the sweep makes no progress"
        time.sleep(0.01)


def _left(root: Path) -> tuple[int, int, int]:
    folder = root / "snapshots" / NAME
    with opened(root) as ws:
        known = {visit.file for visit in ws.store.visits(NAME)} if ws.store.sweep(NAME) else set()
        kept = {file for path in folder.glob("*.warc.gz") if not _is_control(ws, file := f"{NAME}/{path.name}")}
    assert known <= kept, "the journal names a file that is not there"
    return len(known), len(kept - known), len(list(folder.glob("*.partial")))


def _is_control(ws: Workspace, file: str) -> bool:
    """Whether a file holds a visit of a control account: it names an account, but none of ours."""
    meta, _ = ws.evidence.read(file)
    return not meta.account_id and bool(meta.account_key)


def _finish(served: Served, folder: Path, root: Path) -> None:
    with opened(root) as ws:
        begun = ws.store.sweep(NAME)
    if begun is None or begun.ended_at is None:
        process = processes.start(served, folder, _words(root, *(["--resume"] if begun else [])))
        code = process.wait(timeout=MOST)
        assert code in (0, 3), (folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-2000:]


def _whole(root: Path) -> None:
    """Every account and every link once, every file in the chain, the chain unbroken."""
    with opened(root) as ws:
        visits, sweep = ws.store.visits(NAME), ws.sweep(NAME)
        assert sweep.ended_at is not None
        assert ws.evidence.verify(NAME) == ()
        files = [one.file for one in ws.evidence.files(NAME)]
        assert Counter(one.file for one in visits) == Counter(file for file in files if not _is_control(ws, file))
        assert list((root / "snapshots" / NAME).glob("*.partial")) == []
        links = Counter(one.url for one in visits if one.route is Route.LINK)
        others = Counter(one.account_id for one in visits if one.route is not Route.LINK)
        assert links == Counter(link.url for link in ws.store.links())
        assert others == Counter(one.account_id for one in sweep.accounts if one.platform != "weixin")
