"""A judged and reviewed workspace of the invented 示例市, made once; each test gets a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tracker import consult, demo, settings
from tracker.clock import now
from tracker.consult import Sent
from tracker.report import told
from tracker.review import decide, last_judgement, read_decisions
from tracker.workspace import Workspace, create, opened

SWEEP = demo.SWEEP


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("consult") / "工作区"
    create(root, settings.template(place="示例市", profile="baoji"))
    with opened(root) as ws:
        demo.fill(ws)
        decisions = read_decisions(ws, demo.samples() / "decisions.csv", at=now())
        decide(ws, ws.sweep(SWEEP), decisions, BY_PLATFORM, at=now())
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "工作区")
    return tmp_path / "工作区"


@pytest.fixture
def ws(home: Path) -> Iterator[Workspace]:
    with opened(home) as office:
        yield office


@pytest.fixture
def at() -> datetime:
    return now()


Ask = Callable[..., Sent]


@pytest.fixture
def ask(ws: Workspace, at: datetime, tmp_path: Path) -> Ask:
    """`ask()` writes the packets into out/, without a browser, due in three days."""

    def run(days: int = 3) -> Sent:
        facts = told(ws, ws.sweep(SWEEP), last_judgement(ws, ws.sweep(SWEEP)), final=False)
        due = at.date() + timedelta(days=days)
        sent = consult.ask(facts, deadline=due, to=tmp_path / "out", printer=None, who="王某", at=at)
        assert sent
        return sent

    return run
