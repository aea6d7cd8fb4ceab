"""Desk, engine and evidence together against the server: what ends up in files, and that no secret does."""

import asyncio
import gzip
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.capture.fake import AT, DEMO, QUICK, Demo, Naps, Notes, clock, job_of
from tests.capture.server import World
from tests.capture.test_http import LOGIN
from tests.capture.test_owner import OWNER, SECRET
from tracker.adapter import Adapter, Ask, Await
from tracker.capture import Candidate, Desk, HostMap, Job, Lane, Patience, Secret, sweep
from tracker.evidence import Evidence, VisitMeta
from tracker.model import Exchange, Outcome, Route, Visit, Window

FEED = "https://feed.test/plain/feed"


class Everything(Demo):
    """Asks by every kind of route."""

    needs = (*Demo.needs,)

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        if so_far:
            return ()
        match visit.route:
            case Route.API:
                return (Ask(page="day", url="https://api.test/datacube/day", method="POST", body=b"{}", auth="owner"),)
            case Route.BROWSER:
                return (
                    Ask(page="home", url="https://a.test/page", await_=(Await(page="p", url_pattern="/ajax/"),), auth="session"),
                )
            case Route.FEED:
                return (Ask(page="feed", url=visit.url or FEED),)
            case _:
                return (Ask(page="home", url="https://a.test/plain/one", auth="session"),)


class Files(Notes):
    """A sink as the program wires it: evidence beneath, notes beside."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__()
        self.evidence = evidence

    def keep(self, visit: Visit, exchanges: Sequence[Exchange]) -> None:
        super().keep(visit, exchanges)
        meta = VisitMeta.of(visit, platform="demo", at=AT, version="0.1.0")
        self.evidence.keep("s1", visit.account.account_id if visit.account else "", meta, exchanges)


def go(jobs: Sequence[Job], host_map: HostMap, notes: Notes, secrets: Callable[[Lane], Secret | None], adapter: Adapter) -> None:
    async def run() -> None:
        desk = Desk(
            secrets,
            feeds=frozenset({FEED}),
            clock=clock,
            sleep=Naps(),
            host_map=host_map,
            patience=Patience(answers=4, settle=0.3, before_step=1),
        )
        async with desk:
            tools = {"sink": notes, "progress": notes, "stop": asyncio.Event(), "pace": lambda adapter: QUICK, "sleep": Naps()}
            await sweep(jobs, adapters={"demo": adapter}, fetchers=desk, **tools)

    asyncio.run(run())


@pytest.mark.browser
def test_no_secret_is_found_in_any_file(
    world: World, host_map: HostMap, chromium: Candidate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owner, person = Lane(platform="demo", credential="owner"), Lane(platform="demo", credential="person")
    jobs = [
        job_of("one", Route.API, lane=owner),
        job_of("two", Route.BROWSER, lane=person),
        job_of("three", Route.FEED),
        job_of("four", Route.HTTP),
    ]
    notes = Files(Evidence(tmp_path, clock=clock))
    caplog.set_level(0)
    go(jobs, host_map, notes, {owner: OWNER, person: LOGIN}.get, Everything())
    assert [outcome for _, outcome in notes.visited_jobs] == [Outcome.OK] * 4
    assert world.asked("/datacube/day")
    assert "planted-cookie" in world.asked("/ajax/profile")[0]["cookie"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 6  # four visits, their manifest, the empty lock
    written = b"".join(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files)
    for secret in (SECRET, "planted-cookie", "server-cookie-value", "header-secret", "planted-token", *world.issued):
        assert secret.encode() not in written
        assert secret not in caplog.text
    assert notes.evidence.verify("s1") == ()


@pytest.mark.browser
def test_what_was_stored_reads_the_same_again(world: World, host_map: HostMap, chromium: Candidate, tmp_path: Path) -> None:
    notes = Files(Evidence(tmp_path, clock=clock))
    job = job_of("two", Route.BROWSER)
    go([job], host_map, notes, lambda lane: None, Everything())
    (stored,) = notes.evidence.files("s1")
    meta, exchanges = notes.evidence.read(stored.file, sha256=stored.sha256)
    assert exchanges == notes.kept["two"]
    visit = meta.visit(job.visit.account)
    assert visit.route is Route.BROWSER
    assert DEMO.read(visit, exchanges) == notes.said["two"][0]


def test_a_feed_that_nobody_named_is_not_opened(world: World, host_map: HostMap) -> None:
    window = Window(since=date(2026, 11, 1), until=date(2026, 11, 6))
    urls = ("https://foreign.test/feed", "https://10.0.0.5/feed", "https://feed.test/other", FEED)
    visits = [Visit(account=None, route=Route.FEED, window=window, today=window.until, url=url) for url in urls]
    jobs = [Job(visit=visit, routes=(Route.FEED,), lane=Lane(platform="demo")) for visit in visits]
    notes = Notes()
    go(jobs, host_map, notes, lambda lane: None, Everything())
    assert world.hosts() == {"feed.test"}
    assert [row["path"] for row in world.log] == ["/plain/feed"]
    assert [said.outcome for said in notes.said["link"]] == [Outcome.TRANSPORT] * 3 + [Outcome.OK]


def test_an_owner_route_without_a_grant_asks_nothing(world: World, host_map: HostMap) -> None:
    notes = Notes()
    go([job_of("one", Route.API)], host_map, notes, lambda lane: None, Everything())
    assert notes.kept["one"][0].text == "没有这个账号的授权凭据"
    assert world.log == []
