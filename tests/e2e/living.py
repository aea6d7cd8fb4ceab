"""Live sweeps against the fake platforms: real HTTP, real Chromium, the real host names, in a workspace of their own."""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from adapters import BY_PLATFORM
from tests.platforms.serve import Served
from tests.platforms.world import World, WorldAccount
from tests.samples import city, roles
from tests.samples.__main__ import WINDOW, access, fast
from tests.samples.files import _filed
from tracker import settings
from tracker.capture import Desk, HostMap, Job, Lane, Patience, Secret
from tracker.judge import as_json, judge
from tracker.links import paste
from tracker.model import Account, Observation, Outcome
from tracker.recording import with_ids
from tracker.registry import account_id
from tracker.review import decide
from tracker.store import SweepRecord
from tracker.sweep import open_sweep, plan, resume, run
from tracker.workspace import Workspace, create, opened

QUICK = Patience(answers=8, settle=0.05, before_step=0.5)


def world_of(keys: Iterable[str]) -> World:
    """A part of the sample city, and its control accounts."""
    chosen = set(keys)
    return World(accounts=(*(one for one in city.accounts() if one.key in chosen), *city.controls()), today=roles.TODAY)


def filed(account: WorldAccount, position: int) -> Account:
    """The account as its unit filed it."""
    number, url = _filed(account)
    told = Account(
        account_id=account_id(account.platform, account.name),
        platform=account.platform,
        kind=account.kind,
        name=account.name,
        organisation=account.organisation,
        org_type=account.org_type,
        region=account.region,
        filed_id=number,
        url=url,
        position=position,
    )
    return with_ids(told, BY_PLATFORM)


def settle(root: Path, world: World, text: str = "", *, database: str = "") -> AbstractContextManager[Workspace]:
    """A new workspace with the world's filed accounts and the links of a pasted text; opened again by every call."""
    if not (root / settings.FILE).exists():
        told = settings.template()
        create(root, told.replace("sqlite:///tracker.db", database) if database else told)
        accounts = [one for one in world.accounts if one.filed]
        with opened(root) as ws:
            ws.store.add_accounts([filed(one, n) for n, one in enumerate(accounts, 1)], "e2e", world.clock)
            paste(ws, text, BY_PLATFORM, who="e2e", at=world.clock)
    return opened(root)


@dataclass(slots=True)
class Watch:
    """Progress that stops the sweep after so many visits (None = never)."""

    stop: asyncio.Event
    most: int | None = None
    seen: int = 0

    def started(self, job: Job) -> None:
        pass

    def visited(self, job: Job, observation: Observation) -> None:
        self.seen += 1
        if self.most is not None and self.seen >= self.most:
            self.stop.set()

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        pass


def desk(
    served: Served,
    secrets: Callable[[Lane], Secret | None],
    patience: Patience = QUICK,
    *,
    feeds: frozenset[str] = frozenset(),
) -> Desk:
    """The engine's fetchers, pointed at the served world; a second try waits for nothing."""
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    return Desk(
        secrets,
        feeds=feeds,
        clock=lambda: served.world.clock,
        sleep=_at_once,
        host_map=HostMap(port=served.port, ssl=trust),
        patience=patience,
    )


async def _at_once(seconds: float) -> None:
    await asyncio.sleep(0)


def begin(ws: Workspace, world: World, name: str) -> SweepRecord:
    """Open a sweep of all accounts, or go on with the one of that name; returns it."""
    found = ws.store.sweep(name)
    if found is None:
        return open_sweep(ws, name, at=world.clock, window=WINDOW)
    resume(ws, found, BY_PLATFORM)
    return found


async def go(ws: Workspace, sweep: SweepRecord, served: Served, *, most: int | None = None, adapters=BY_PLATFORM) -> int:
    """Do what is left of a sweep with the world's logins and grants; returns how many jobs were begun and ended."""
    allowed, secrets = access(ws)
    jobs = plan(ws, sweep, adapters, allowed, today=served.world.today)
    stop = asyncio.Event()
    watch = Watch(stop=stop, most=most)
    async with desk(served, lambda lane: secrets.get(lane.credential)) as fetchers:
        tools = {"progress": watch, "clock": lambda: served.world.clock, "stop": stop, "pace": fast}
        await run(ws, sweep, jobs, adapters, fetchers=fetchers, **tools)
    return watch.seen


def verdicts(ws: Workspace, sweep: SweepRecord, decisions: Sequence = ()) -> list[dict[str, object]]:
    """The sweep judged, then judged again with what people decided, as `judge --json` prints it."""
    at = sweep.started_at
    judgement = judge(ws, sweep, ws.profile(), BY_PLATFORM, at=at)
    if decisions:
        judgement = decide(ws, sweep, decisions, BY_PLATFORM, at=at)
    return [as_json(one) for one in judgement.verdicts]
