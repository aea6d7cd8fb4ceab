"""The shipped sample from county to city to province: every verdict arrives as it was."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.running import ok
from tracker import demo
from tracker.bundle import Terms, Wanted, send, take
from tracker.clock import now
from tracker.credentials import fresh
from tracker.enrol import import_accounts
from tracker.judge import as_json
from tracker.sealing import findings, seal
from tracker.settings import template
from tracker.workspace import Workspace, create, opened

SAME = ("name", "check_date", "latest_post", "idle_days", "verdict", "findings", "undetermined")


def told(ws: Workspace, sweep: str) -> list[dict[str, object]]:
    judged = ws.store.last_judgement(sweep)
    assert judged is not None
    found = [as_json(one) for one in judged.verdicts]
    return sorted(({name: one[name] for name in SAME} for one in found), key=lambda one: str(one["name"]))


def office(root: Path, place: str) -> Path:
    create(root, template(place=place, profile="baoji"))
    with opened(root) as ws:
        ws.store.put_period(demo.PERIOD)
        import_accounts(ws, demo.samples() / "registry.xlsx", BY_PLATFORM, skip_bad=False, who="示例", at=now())
    return root


@pytest.mark.soak
def test_the_sample_goes_up_two_levels_and_stays_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())
    create(tmp_path / "县", template(place="示例县", profile="baoji"))
    at = now()
    with opened(tmp_path / "县") as ws:
        demo.fill(ws)
        seal(ws, ws.head(), BY_PLATFORM, who="县", at=at)
        began = time.perf_counter()
        first = send(ws, Wanted(), tmp_path / "县.bundle", who="县", at=at)
        figures = [f"export {time.perf_counter() - began:.1f} s, {first.path.stat().st_size / 2**20:.1f} MB"]
        held = told(ws, demo.SWEEP)
    trust, bundle, name = first.fingerprint, first.path, ""
    for level, (folder, place) in enumerate((("市", "示例市"), ("省", "示例省")), 1):
        with opened(office(tmp_path / folder, place)) as ws:
            began = time.perf_counter()
            taken = take(ws, bundle, BY_PLATFORM, Terms(who=folder, trust=trust), at=at + timedelta(hours=level))
            (sweep,) = taken.sweeps
            figures.append(f"{folder}: {sweep.visits} visits, {sweep.accounts} accounts, {time.perf_counter() - began:.1f} s")
            assert (taken.unknown, sweep.aside, sweep.visits) == ([], 0, first.visits)
            assert told(ws, sweep.name) == held
            assert findings(ws, ws.head(sweep.name), BY_PLATFORM) == ()
            name = sweep.name
            sent = send(ws, Wanted(sweeps=(name,)), tmp_path / f"{folder}.bundle", who=folder, at=at + timedelta(hours=level))
            trust, bundle = sent.fingerprint, sent.path
    print("\n".join(figures))
    listed = ok("bundle", "list", workspace=tmp_path / "省").out
    assert "来自 示例市" in listed
    assert name == f"{demo.SWEEP}-示例县"
