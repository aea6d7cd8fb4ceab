"""Figures and readiness: what is counted, who may read it."""

import re
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.conftest import serving
from tests.schedule.made import on, settle
from tracker import demo, settings
from tracker.clock import now
from tracker.model import Observation, Outcome
from tracker.store import RunEvent, RunStep
from tracker.watch import Watch
from tracker.workspace import create, opened


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("watch") / "ws"
    create(root, settings.template(place="示例市"))
    with opened(root) as ws:
        demo.fill(ws)
    return root


def figures(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*(?: \S+)*) (\S+)$", text, re.MULTILINE)}


def test_the_figures_agree_with_the_journal(sample: Path) -> None:
    with opened(sample) as ws:
        ws.store.add_run_step(
            RunStep(name="backup", due=now(), attempt=1, event=RunEvent.ENDED, at=on("2026-11-20 21:30"), text="", failed=False)
        )
        sweep = ws.sweep()
        visit = ws.store.visits(sweep.name)[0]
        wall = Observation(outcome=Outcome.CHALLENGE, aspects={}, detail="")
        ws.store.add_visit(replace(visit, file=f"{sweep.name}/wall-1.warc.gz", lane="张三的登录", observation=wall))
        text = Watch(lambda: ws, clock=lambda: on("2026-11-20 22:30")).text().decode()
        told = figures(text)
        visits, head = ws.store.visits(sweep.name), ws.store.last_head(sweep.name)
        assert head is not None
        verdicts = list(ws.store.verdicts(head))
    of_visits = {name: value for name, value in told.items() if name.startswith("tracker_sweep_visits{")}
    assert sum(of_visits.values()) == len(visits)
    one = visits[0]
    name = f'tracker_sweep_visits{{outcome="{one.observation.outcome}",platform="{one.platform}",route="{one.route}"}}'
    kinds = [(each.platform, each.route, each.observation.outcome) for each in visits]
    assert told[name] == kinds.count(kinds[0])
    assert sum(v for k, v in told.items() if k.startswith("tracker_verdicts{")) == len(verdicts) == told["tracker_sweep_accounts"]
    assert told["tracker_last_backup_age_seconds"] == 3600
    assert told["tracker_evidence_bytes"] > 10_000
    assert told[f'tracker_lanes{{lane="own",platform="{visit.platform}",state="wall"}}'] == 1
    assert "张三" not in text


def test_no_name_of_an_account_or_a_person_is_among_the_figures(sample: Path) -> None:
    with opened(sample) as ws:
        text = Watch(lambda: ws, clock=now).text().decode()
        names = {word for one in ws.store.accounts() for word in (one.name, one.account_id, one.organisation) if word}
    assert len(names) > 50
    assert not [name for name in names if name in text]


def test_strangers_may_ask_whether_it_works_and_programs_here_for_figures(sample: Path) -> None:
    with serving(sample) as console:
        console.get("/list")
        assert console.get("/healthz", cookie="").text == "ok"
        ready = console.get("/readyz", cookie="")
        assert (ready.status, ready.text) == (200, '{"ready":true}')
        answer = console.get("/metrics", cookie="")
        assert answer.status == 200
        assert "tracker_sweep_accounts " in answer.text
        behind = console.get("/metrics", cookie="", headers={"X-Forwarded-For": "10.0.0.9"})
        assert (behind.status, "tracker_sweep" in behind.text) == (401, False)


def test_with_a_token_set_nobody_reads_without_it(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", '[server]\nmetrics_token = "planted-token"\n')
    with serving(root) as console:
        told = {
            header: console.get("/metrics", cookie="", headers={"Authorization": header} if header else {}).status
            for header in ("", "Bearer wrong", "Basic planted-token", "Bearer planted-token")
        }
    assert told == {"": 401, "Bearer wrong": 401, "Basic planted-token": 401, "Bearer planted-token": 200}


def test_it_is_not_ready_when_evidence_cannot_be_written(sample: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(sample, tmp_path / "ws"))
    with serving(root) as console:
        shutil.rmtree(root / "snapshots")
        (root / "snapshots").write_text("a file where the folder was", encoding="utf-8")
        answer = console.get("/readyz", cookie="")
    assert (answer.status, answer.text) == (503, '{"ready":false}')


def test_it_is_not_ready_when_a_newer_program_changed_the_database(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", "")
    with serving(root) as console:
        with sqlite3.connect(root / "tracker.db") as database:
            table = next(name for (name,) in database.execute("SELECT name FROM sqlite_master") if "migration" in name)
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            newest = next(iter(database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1 DESC LIMIT 1")))  # noqa: S608
            row = ["9999_future" if str(cell)[:4].isdecimal() and "_" in str(cell) else cell for cell in newest]
            row[0] = 9999 if isinstance(row[0], int) else row[0]
            database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        assert console.get("/readyz", cookie="").status == 503
