"""The contenders, and one run of one of them: started, measured, its answers and its evidence looked at."""

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from subprocess import PIPE, Popen
from tempfile import mkdtemp
from time import monotonic, sleep

from warcio.archiveiterator import ArchiveIterator

from benchmarks import visiting
from benchmarks.peers import costs
from benchmarks.peers.costs import Cost
from benchmarks.peers.world import NOW, Answer, answers, targets, world

TOP = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "contenders"
PEERS = TOP / "build" / "peers-venv" / "bin" / "python"
OURS = "tracker"
LEAST = "http.client"
"""No tool, but what every one of them costs at least."""
Answers = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A tool and the script of ours that uses it, "" = our own program."""

    name: str
    script: str = ""

    def command(self, task: Path) -> list[str]:
        """How it is started."""
        if not self.script:
            return [sys.executable, "-m", "benchmarks.visiting", str(task)]
        return [str(PEERS), str(SCRIPTS / self.script), str(task)]


BY_HTTP = (
    Contender(name=OURS),
    Contender(name="Scrapy", script="scrapy_http.py"),
    Contender(name="crawlee", script="crawlee_http.py"),
    Contender(name=LEAST, script="least_http.py"),
)
BY_BROWSER = (
    Contender(name=OURS),
    Contender(name="scrapy-playwright", script="scrapy_pages.py"),
    Contender(name="crawlee", script="crawlee_pages.py"),
)
CONTENDERS: Mapping[str, tuple[Contender, ...]] = {"article": BY_HTTP, "feed": BY_HTTP, "pages": BY_BROWSER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Evidence that a run left: files, manifest lines, answers in the files, and bytes of their bodies and of the files."""

    files: int
    lines: int
    responses: int
    bodies: int
    packed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A served world. `browser` = path of the browser that everybody uses."""

    kind: str
    count: int
    port: int
    ca: Path
    folder: Path
    browser: str

    def run(self, contender: Contender, some: int = 0) -> tuple[Cost, Written]:
        """One run over all accounts, or the first `some`. Raises ValueError when answers or evidence are not as they must be."""
        shown = world(self.kind, self.count)
        chosen = targets(self.kind, shown)[: some or self.count]
        out = Path(mkdtemp(dir=self.folder))
        task = self._task(contender, [asdict(one) for one in chosen], out)
        cost = costs.cost(contender.command(task), self.folder, {"PYTHONPATH": str(TOP), "TRACKER_BROWSER": self.browser})
        got = visiting.answers(out / "ws") if contender.name == OURS else journal(out / "peer")
        held = written(out)
        wanted = answers(shown)
        wrong = differences({one.account_id: wanted[one.account_id] for one in chosen}, got)
        if wrong or {held.files, held.lines} != {len(chosen)}:
            raise ValueError(f"{contender.name} on {self.kind}: {wrong[:3]} {held}")
        rmtree(out)
        return cost, held

    def _task(self, contender: Contender, chosen: list[dict[str, str]], out: Path) -> Path:
        where = out / ("ws" if contender.name == OURS else "peer")
        if contender.name == OURS:
            visiting.prepare(where, chosen, NOW)
        told = {"kind": self.kind, "port": self.port, "ca": str(self.ca), "targets": chosen, "out": str(where)}
        told |= {"now": NOW.isoformat(), "browser": self.browser}
        path = out / "task.json"
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path


@contextmanager
def ring(kind: str, count: int, browser: str) -> Iterator[Ring]:
    """Serve a world from a process of its own."""
    folder = Path(mkdtemp(prefix=f"peers-{kind}-", dir=_scratch()))
    command = [sys.executable, "-m", "benchmarks.peers.server", kind, str(count), str(folder)]
    with Popen(command, stdin=PIPE, cwd=TOP) as server:  # noqa: S603 - this very package
        try:
            _await((folder / "port").exists)
            port = int((folder / "port").read_text(encoding="utf-8"))
            yield Ring(kind=kind, count=count, port=port, ca=folder / "ca.pem", folder=folder, browser=browser)
        finally:
            server.communicate()
            rmtree(folder)


def _scratch() -> Path:
    folder = TOP / "build" / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _await(ready: Callable[[], bool]) -> None:
    until = monotonic() + 60
    while not ready():
        if monotonic() > until:
            raise RuntimeError("the fake platforms did not start within 60 seconds")
        sleep(0.05)


def journal(out: Path) -> Answers:
    """What a peer's journal says of each account."""
    with closing(sqlite3.connect(out / "journal.db")) as database:
        rows = database.execute("SELECT account_id, name, latest, count FROM visit").fetchall()
    return {account_id: {"name": name, "latest": latest, "count": count} for account_id, name, latest, count in rows}


def differences(wanted: Mapping[str, Answer], got: Answers) -> list[str]:
    """A line for each account whose answer is missing, wrong, or was not asked for."""
    told = {account_id: asdict(answer) for account_id, answer in wanted.items()}
    names = sorted({*told, *got})
    return [f"{name}: {got.get(name)} instead of {told.get(name)}" for name in names if dict(got.get(name, {})) != told.get(name)]


def written(out: Path) -> Written:
    """Read the evidence below a folder back."""
    files = sorted(out.rglob("*.warc.gz"))
    manifests = [path.read_text(encoding="utf-8").splitlines() for path in out.rglob("manifest.jsonl")]
    bodies = [size for path in files for size in _bodies(path)]
    return Written(
        files=len(files),
        lines=sum(map(len, manifests)),
        responses=len(bodies),
        bodies=sum(bodies),
        packed=sum(path.stat().st_size for path in files),
    )


def _bodies(path: Path) -> list[int]:
    with path.open("rb") as stream:
        return [len(one.content_stream().read()) for one in ArchiveIterator(stream) if one.rec_type == "response"]
