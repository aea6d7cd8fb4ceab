"""`make samples`: write the sample's files and record its visits from the fake platforms, through the real engine and Chromium.

python -m tests.samples snapshots/samples
"""

import asyncio
import ssl
import sys
import tempfile
from pathlib import Path

from adapters import BY_PLATFORM
from tests.platforms.serve import Served, serve
from tests.platforms.world import LOGIN, LOGIN_COOKIES
from tests.samples import city, roles
from tracker import settings
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk, HostMap, Job, Lane, Owner, Patience, Secret, Session
from tracker.enrol import import_accounts
from tracker.evidence import Evidence
from tracker.links import paste
from tracker.model import Observation, Outcome, Window
from tracker.sweep import REACH, Access, open_sweep, plan, run
from tracker.workspace import Workspace, create, opened

SWEEP = "visits"
WINDOW = Window(since=roles.TODAY - REACH, until=roles.TODAY)


class Quiet:
    """A progress display that only counts."""

    def __init__(self) -> None:
        self.outcomes: dict[Outcome, int] = {}

    def started(self, job: Job) -> None:
        pass

    def visited(self, job: Job, observation: Observation) -> None:
        self.outcomes[observation.outcome] = self.outcomes.get(observation.outcome, 0) + 1

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        print(f"lane {lane.platform} stopped: {outcome} {detail}", flush=True)


def fast(adapter: Adapter) -> Pace:
    """No pauses: the fake platforms are ours."""
    return Pace(between_accounts=(0, 0), between_requests=0)


def sessions() -> dict[str, Session]:
    """A login per platform that has one in the world, as Playwright's storage state."""
    return {platform: Session(storage_state={"cookies": _cookies(platform), "origins": []}) for platform in LOGIN_COOKIES}


def _cookies(platform: str) -> list[dict[str, object]]:
    name, *domains = LOGIN_COOKIES[platform]
    attributes = {"path": "/", "expires": -1, "httpOnly": True, "secure": True, "sameSite": "Lax"}
    return [{"name": name, "value": LOGIN, "domain": domain, **attributes} for domain in domains]


def access(ws: Workspace) -> tuple[Access, dict[str, Secret]]:
    """The world's logins and owner grants, by the names that lanes carry."""
    secrets: dict[str, Secret] = {f"login-{platform}": session for platform, session in sessions().items()}
    granted = city.grants()
    for account in ws.store.accounts():
        if grant := granted.get(f"{account.platform}:{account.name}"):
            secrets[account.account_id] = Owner(appid=grant.appid, secret=grant.secret)
    logins = {(platform, "session"): f"login-{platform}" for platform in LOGIN_COOKIES}
    return Access(sessions=logins, grants={name for name, secret in secrets.items() if isinstance(secret, Owner)}), secrets


async def record(ws: Workspace, served: Served) -> dict[Outcome, int]:
    """Sweep the whole city live against the fake platforms."""
    at = served.world.clock
    sweep = open_sweep(ws, SWEEP, at=at, window=WINDOW)
    allowed, secrets = access(ws)
    jobs = plan(ws, sweep, BY_PLATFORM, allowed, today=roles.TODAY)
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    progress = Quiet()
    desk = Desk(
        lambda lane: secrets.get(lane.credential),
        clock=lambda: at,
        host_map=HostMap(port=served.port, ssl=trust),
        patience=Patience(answers=20, settle=0.1),
    )
    async with desk:
        stop = asyncio.Event()
        await run(ws, sweep, jobs, BY_PLATFORM, fetchers=desk, progress=progress, clock=lambda: at, stop=stop, pace=fast)
    return progress.outcomes


def prepare(root: Path, files: Path, served: Served) -> None:
    """A workspace with the sample's registry and links."""
    create(root, settings.template())
    at = served.world.clock
    with opened(root) as ws:
        told = import_accounts(ws, files / "registry.xlsx", BY_PLATFORM, skip_bad=False, who="samples", at=at)
        assert told.changes is not None, [str(problem) for problem in told.problems]
        paste(ws, (files / "links.txt").read_text(encoding="utf-8"), BY_PLATFORM, who="samples", at=at)


def main(folder: Path) -> None:
    """Write the four files, then the visits, into the folder."""
    city.main(folder)
    for old in [*(folder / SWEEP).glob("*")]:
        old.unlink()
    with serve(city.world()) as served, tempfile.TemporaryDirectory() as made:
        root = Path(made) / "ws"
        prepare(root, folder, served)
        with opened(root) as ws:
            outcomes = asyncio.run(record(ws, served))
        at = served.world.clock
        stored = list(Evidence(folder, clock=lambda: at).copy_in(root / "snapshots" / SWEEP, SWEEP))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{len(stored)} visits, {size / 1e6:.1f} MB: {dict(outcomes)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
