"""A town for several machines: accounts with feeds (one lane), accounts whose owners granted access (a lane each), pages."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from adapters import BY_PLATFORM
from tests.e2e.living import filed
from tests.platforms import feed
from tests.platforms.serve import Served
from tests.platforms.world import Grant, World, WorldAccount
from tests.soak import worlds
from tracker import settings, store
from tracker.access import vault_of
from tracker.clock import day, now
from tracker.cluster.opening import share
from tracker.credentials import Credential, Hidden, Kind
from tracker.model import Window
from tracker.registry import account_id
from tracker.store import SweepRecord, SweepStanding
from tracker.sweep import REACH
from tracker.workspace import Workspace, create, opened

TOP = Path(__file__).parents[2]
SWEEP = "多机"
TOKENS = ("stable_token", "token")
"""What precedes an owner's request belongs to it: one ask of the lane."""
BEAT = 1.0
"""Seconds between two signs of life: a dead machine's lanes are free after three seconds."""


def world(feeds: int, grants: int, at: datetime, **pages: int) -> World:
    """So many weixin accounts with a feed, so many with an owner's grant, and pages of other platforms."""
    made = worlds.world(at, weixin=feeds + grants, **pages)
    told = [_granted(one, n) if n > feeds and one.platform == "weixin" else one for n, one in enumerate(made.accounts, 1)]
    return replace(made, accounts=tuple(told))


def _granted(account: WorldAccount, number: int) -> WorldAccount:
    return replace(account, grant=Grant(appid=f"wx{number:016x}", secret=f"town-secret-{number:06}"))


@dataclass(slots=True)
class Machine:
    """A machine: its own workspace folder with its own credentials, and the process that works in it."""

    name: str
    root: Path
    process: subprocess.Popen[bytes] | None = None
    begun: int = 0
    grants: Sequence[str] = ()
    """Ids of the accounts whose grants it has."""

    def start(self, served: Served, pace: float, *words: str) -> None:
        """Begin to work; a machine that was killed begins anew."""
        self.begun += 1
        self.process = self._run(served, pace, "worker", "--name", self.name, *words)

    def _run(self, served: Served, pace: float, *words: str) -> subprocess.Popen[bytes]:
        ca = self.root / "ca.pem"
        served.ca.cert_pem.write_to_path(str(ca))
        told = [
            sys.executable,
            "-m",
            "tests.cluster.machine",
            str(served.port),
            str(ca),
            str(pace),
            "--workspace",
            str(self.root),
        ]
        with (self.root / "said.txt").open("ab") as said:
            return subprocess.Popen([*told, *words], cwd=TOP, stdout=said, stderr=said, start_new_session=True)

    def command(self, served: Served, *words: str) -> int:
        """Another command on this machine; its exit code."""
        return self._run(served, 0, *words).wait(timeout=60)

    def kill(self) -> None:
        """`kill -9` of the machine: the program and its browsers."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def signal(self, told: signal.Signals) -> None:
        """Send the program a signal."""
        assert self.process is not None
        os.kill(self.process.pid, told)

    def end(self) -> None:
        """Ask it to end, and see that it does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def text(self) -> str:
        """What the program said, all runs."""
        return (self.root / "said.txt").read_text(encoding="utf-8", errors="replace")


def machine(
    folder: Path, name: str, database: str, shown: World, shared: Path, granted: Sequence[WorldAccount], more: str = ""
) -> Machine:
    """A workspace on the common database, its evidence in the shared folder, with the credentials of some accounts."""
    root = folder / name
    create(root, settings.template().replace("sqlite:///tracker.db", database))
    (root / "snapshots").rmdir()
    (root / "snapshots").symlink_to(shared, target_is_directory=True)
    feeds = [f'"{one.key}" = "{feed.address(one)}"' for one in shown.accounts if one.platform == "weixin" and not one.grant]
    controls = [
        f'{one.platform} = "{worlds.CONTROLS[one.platform].format(**one.ids)}"' for one in shown.accounts if not one.filed
    ]
    told = ["", "[feeds]", *feeds, "", "[control]", *controls, "", "[cluster]", f"heartbeat = {BEAT}", more, ""]
    with (root / settings.FILE).open("a", encoding="utf-8") as file:
        file.write("\n".join(told))
    with opened(root) as ws:
        _register(ws, shown)
        for one in granted:
            _grant(ws, one)
    return Machine(name=name, root=root, grants=[account_id(one.platform, one.name) for one in granted])


def two(folder: Path, served: Served, databases: tuple[str, str]) -> tuple[Machine, Machine]:
    """Two machines that share the folder of evidence; each has every second grant."""
    shared = folder / "证据"
    shared.mkdir()
    granted = [one for one in served.world.accounts if one.grant]
    names = ("甲机", "乙机")
    made = [machine(folder, name, databases[n], served.world, shared, granted[n::2]) for n, name in enumerate(names)]
    return made[0], made[1]


def _register(ws: Workspace, shown: World) -> None:
    if not ws.store.accounts():
        own = [one for one in shown.accounts if one.filed]
        ws.store.add_accounts([filed(one, n) for n, one in enumerate(own, 1)], "town", shown.clock)


def _grant(ws: Workspace, account: WorldAccount) -> None:
    assert account.grant is not None
    own = account_id(account.platform, account.name)
    told = Credential(
        name=f"own-{own}", kind=Kind.OWNER, platform="weixin", account_id=own, added_at=now(), who="town", last_fit=now()
    )
    vault_of(ws).add(told, Hidden({"appid": account.grant.appid, "secret": account.grant.secret}))


def begin(ws: Workspace) -> SweepRecord:
    """A sweep of all accounts, not stored yet."""
    today = day(now())
    accounts = tuple(ws.store.accounts())
    window = Window(since=today - REACH, until=today)
    return SweepRecord(name=SWEEP, kind="check", period=None, check_date=None, window=window, started_at=now(), accounts=accounts)


def wait_for(told: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something holds. Raises AssertionError."""
    until = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def done(ws: Workspace) -> bool:
    found = ws.store.queued_sweep(SWEEP)
    return found is not None and found.standing is SweepStanding.DONE


def share_when_there(ws: Workspace, machines: Sequence[Machine], later: Sequence[Machine] = ()) -> None:
    """Share a sweep of all accounts as soon as these machines are there; some were there and come back `later`."""
    wait_for(lambda: len(ws.store.machines()) >= len(machines), 60, "the machines do not come")
    for one in later:
        ws.store.tell_machine(store.Machine(name=one.name, grants=tuple(one.grants)))
    share(ws, begin(ws), BY_PLATFORM, clock=now)


def whole(ws: Workspace) -> None:
    """Every account once, every file in the chain, one judgement with a verdict for each."""
    visits, sweep = ws.store.visits(SWEEP), ws.sweep(SWEEP)
    assert sweep.ended_at is not None
    assert Counter(one.account_id for one in visits) == Counter(one.account_id for one in sweep.accounts)
    assert ws.evidence.verify(SWEEP) == ()
    judged = ws.store._rows.judgement_end.select().count()
    assert judged == 1
    head = ws.store.last_head(SWEEP)
    assert head is not None
    assert Counter(one.account.account_id for one in ws.store.verdicts(head)) == Counter(one.account_id for one in sweep.accounts)


def lane_of(call: dict[str, object]) -> str:
    """The lane that a request belongs to, as the platform sees it; empty for what pages load by themselves, and for tokens."""
    host = str(call["host"])
    if call["endpoint"] in TOKENS:
        return ""
    if host == feed.HOST:
        return "weixin"
    if host == "api.weixin.qq.com":
        return str(call["account"])
    return host if call["endpoint"] == "home" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the platforms saw of the lanes."""

    requests: int
    nearest: float
    """Seconds between two requests of one lane, the least."""
    nearest_accounts: float
    """Seconds between two accounts of one lane, the least."""
    torn: int
    """How often a lane went back to an account after it had begun another: two machines at once in it would do that."""
    repeated: int
    """Visits that were made more than once."""


def watched(served: Served) -> Watched:
    """Hold the platforms' own log against what lanes promise."""
    lanes: dict[str, list[tuple[float, str]]] = {}
    for call in served.log:
        if lane := lane_of(call):
            lanes.setdefault(lane, []).append((float(call["at"]), str(call["account"])))
    gaps = [later[0] - before[0] for calls in lanes.values() for before, later in pairwise(calls)]
    between = [later[0] - before[0] for calls in lanes.values() for before, later in pairwise(calls) if before[1] != later[1]]
    filed_keys = {one.key for one in served.world.accounts if one.filed}
    # a machine that takes a lane over reads the control account before it goes on
    own = [[key for _, key in calls if key in filed_keys] for calls in lanes.values()]
    runs = [[key for before, key in pairwise(["", *keys]) if before != key] for keys in own]
    pages = Counter(
        call["account"] for call in served.log if call["endpoint"] in ("rss", "home") and call["account"] in filed_keys
    )
    return Watched(
        requests=len(served.log),
        nearest=min(gaps, default=0.0),
        nearest_accounts=min(between, default=0.0),
        torn=sum(count - 1 for run in runs for count in Counter(run).values()),
        repeated=sum(count - 1 for count in pages.values()),
    )


def polite(served: Served, pace: float) -> Watched:
    """Raises AssertionError when a lane was faster than its pace, or used by two machines at once."""
    seen = watched(served)
    assert seen.nearest >= pace, seen
    assert seen.nearest_accounts >= 2 * pace, seen
    assert seen.torn == 0, seen
    return seen
