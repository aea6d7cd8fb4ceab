"""A judged and reviewed workspace of the invented 示例市, made once; each test gets a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
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
    create(root, settings.template(place="示例市", profile="baoji", persons=1))
    with opened(root) as ws:
        demo.fill(ws)
        decisions = read_decisions(ws, demo.samples() / "decisions.csv", at=now())
        decide(ws, ws.sweep(SWEEP), decisions, BY_PLATFORM, at=now())
    return root


@pytest.fixture(scope="session")
def written(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sent]:
    """The same after a sending; the packets lie in its reports/."""
    root = tmp_path_factory.mktemp("sent") / "工作区"
    shutil.copytree(made, root)
    with opened(root) as ws:
        return root, send(ws, ws.reports, now())


def send(ws: Workspace, to: Path, at: datetime, days: int = 3) -> Sent:
    """Write the packets, without a browser."""
    facts = told(ws, ws.sweep(SWEEP), last_judgement(ws, ws.sweep(SWEEP)), final=False)
    sent = consult.ask(facts, deadline=at.date() + timedelta(days=days), to=to, printer=None, who="王某", at=at)
    assert sent
    return sent


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "工作区")
    return tmp_path / "工作区"


@pytest.fixture
def ws(home: Path) -> Iterator[Workspace]:
    """Judged and reviewed, nobody was asked yet."""
    with opened(home) as office:
        yield office


@pytest.fixture
def asked(written: tuple[Path, Sent], tmp_path: Path) -> Iterator[Workspace]:
    """Every unit was asked."""
    shutil.copytree(written[0], tmp_path / "已征求")
    with opened(tmp_path / "已征求") as office:
        yield office


@pytest.fixture
def sent(written: tuple[Path, Sent], asked: Workspace) -> Sent:
    """The sending of `asked`."""
    return replace(written[1], folder=asked.reports / written[1].folder.name)


Ask = Callable[..., Sent]


@pytest.fixture
def ask(ws: Workspace, at: datetime, tmp_path: Path) -> Ask:
    """`ask()` writes the packets into out/, due in three days."""
    return lambda: send(ws, tmp_path / "out", at)
