"""Figures for Prometheus, read from the journal when they are asked for; in a registry of our own."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tracker.clock import Clock
from tracker.evidence import seals
from tracker.store import RunEvent, SweepHead
from tracker.workspace import Workspace

TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Media type of `Watch.text`."""

_FRESH = 600.0
"""Seconds for which the size of the evidence counts as known: finding it out reads the whole folder."""

_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Watch:
    """The figures of one open workspace. Safe for threads."""

    def __init__(self, ws: Callable[[], Workspace], *, clock: Clock, ticks: Callable[[], float] = time.monotonic) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._latency = Histogram(
            "tracker_http_seconds",
            "How long an answer took",
            ["path", "method", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Journal(ws, clock, ticks))

    def request(self, path: str, method: str, status: int, seconds: float) -> None:
        """One answer was given."""
        self._latency.labels(path, method, f"{status // 100}xx").observe(seconds)

    def text(self) -> bytes:
        """All figures as Prometheus reads them (`TYPE`)."""
        return generate_latest(self._registry)


class _Journal(Collector):
    """What the database and the folders say now."""

    def __init__(self, ws: Callable[[], Workspace], clock: Clock, ticks: Callable[[], float]) -> None:
        self._ws, self._clock, self._ticks = ws, clock, ticks
        self._size, self._sized_at, self._lock = 0, float("-inf"), threading.Lock()

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is, is known only when it is asked for."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Called by the library at every scrape."""
        ws = self._ws()
        sweep = ws.store.sweep_head(None)
        if sweep is not None:
            yield from _sweep(ws, sweep)
            yield from _verdicts(ws, sweep)
        yield _one("tracker_evidence_bytes", "Bytes of all evidence", self._evidence(ws))
        yield from self._ages(ws, sweep)

    def _evidence(self, ws: Workspace) -> int:
        with self._lock:
            if self._ticks() - self._sized_at > _FRESH:
                self._size = sum(path.stat().st_size for path in ws.evidence.root.rglob("*") if path.is_file())
                self._sized_at = self._ticks()
            return self._size

    def _ages(self, ws: Workspace, sweep: SweepHead | None) -> Iterator[Metric]:
        now = self._clock()
        if last := ws.store.last_visit_at():
            yield _age("tracker_last_visit_age_seconds", "Since the last visit of all", now, datetime.fromisoformat(last))
        if backup := ws.store.last_run("backup", RunEvent.ENDED):
            yield _age("tracker_last_backup_age_seconds", "Since the last backup", now, backup.at)
            yield _one("tracker_last_backup_failed", "Whether the last backup failed", int(backup.failed))
        held = seals.read_all(ws.evidence.root / sweep.name) if sweep else ()
        if held:
            at = datetime.fromisoformat(str(held[-1].statement["at"]))
            yield _age("tracker_last_seal_age_seconds", "Since the latest sweep was sealed", now, at)


def _sweep(ws: Workspace, sweep: SweepHead) -> Iterator[Metric]:
    visits = GaugeMetricFamily("tracker_sweep_visits", "Visits of the latest sweep", labels=["platform", "route", "outcome"])
    for one in ws.store.visits_by_outcome(sweep.name):
        visits.add_metric([one.platform, one.route, one.outcome], one.visits)
    yield visits
    total, seen = ws.store.sweep_size(sweep.name), ws.store.accounts_looked_at(sweep.name)
    yield _one("tracker_sweep_accounts", "Accounts of the latest sweep", total)
    yield _one("tracker_sweep_accounts_visited", "Of these: with a visit", seen)
    links = len(ws.store.links(pending_for_sweep=sweep.name))
    yield _one("tracker_queue_length", "Accounts without a visit and links not opened", max(total - seen, 0) + links)
    yield _one("tracker_sweep_ended", "Whether the latest sweep has ended", int(sweep.ended_at is not None))
    yield _lanes(ws, sweep)


def _lanes(ws: Workspace, sweep: SweepHead) -> Metric:
    """What the last mark of every lane says; a credential's name may be a person's and is not told."""
    told = GaugeMetricFamily(
        "tracker_lanes", "Lanes of the latest sweep by what they proved", labels=["platform", "lane", "state"]
    )
    last = {(one.platform, one.lane): one.state for one in ws.store.marks(sweep.name)}
    counted = Counter((platform, "own" if lane else "guest", str(state)) for (platform, lane), state in last.items())
    for labels, count in sorted(counted.items()):
        told.add_metric(labels, count)
    return told


def _verdicts(ws: Workspace, sweep: SweepHead) -> Iterator[Metric]:
    head = ws.store.last_head(sweep.name)
    if head is not None:
        told = GaugeMetricFamily("tracker_verdicts", "Verdicts of the last judgement of the latest sweep", labels=["conclusion"])
        for conclusion, count in ws.store.concluded(head.number).items():
            told.add_metric([conclusion], count)
        yield told


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _age(name: str, words: str, now: datetime, then: datetime) -> Metric:
    return _one(name, words, max((now - then).total_seconds(), 0))
