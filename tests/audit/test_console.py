"""A hostile reading of gates, people and the list page: what a stale judgement, another name, or another's word may not do."""

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bundle.offices import look, office
from tests.e2e.running import tracker
from tracker.capture import Lane
from tracker.clock import now
from tracker.credentials import fresh
from tracker.errors import UsageError
from tracker.live import go, only_in
from tracker.model import Decision
from tracker.workspace import opened

SWEEP = "2026-11-06"
OLD = "新浪微博,示例发布,2026-11-06,2026-09-01,无"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())


@pytest.fixture
def city(tmp_path: Path) -> Path:
    root = office(tmp_path / "市", "示例市", "发布")
    path = root / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("persons = 2", "persons = 1"), encoding="utf-8")
    look(root, SWEEP, OLD)
    return root


def test_a_finding_that_was_dismissed_after_the_judgement_is_not_printed_for_good(city: Path) -> None:
    with opened(city) as ws:
        (verdict,) = ws.store.verdicts(ws.store.last_head(SWEEP))
        own, at = verdict.account.account_id, now() + timedelta(seconds=1)
        # as the review page keeps it: the check is judged anew by whoever shows it next
        for finding in verdict.findings:
            no = Decision(account_id=own, code=finding.code, confirmed=False, who="李四", why="示例理由", at=at)
            ws.store.add_decision(SWEEP, no)
    said = tracker("report", "noncompliant", "--sweep", SWEEP, "--final", "--as", "csv", "--to", city / "印发", workspace=city)
    assert (said.code, "不能印发旧的结论" in said.err) == (2, True), said


def test_two_sweeps_never_use_one_lane_at_once(city: Path) -> None:
    guest, other, owner = Lane(platform="weibo"), Lane(platform="douyin"), Lane(platform="weibo", credential="授权:一/二")
    with opened(city) as ws, opened(city) as second, only_in(ws, {guest}):
        with pytest.raises(UsageError, match="通道 weibo;同一通道不能两处同时看"), only_in(second, {other, guest}):
            pass
        # what was taken before the refusal is free again; other lanes go on beside it
        with only_in(second, {other, owner}):
            pass
    with opened(city) as ws, only_in(ws, {guest}):
        pass


def test_a_sweep_does_not_begin_while_another_uses_its_lane(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def live(*told: object, **more: object) -> None:
        raise AssertionError("it began")

    monkeypatch.setattr("tracker.live.record_shut_out", live)
    with opened(city) as ws:
        lane = Lane(platform="weibo")
        job = SimpleNamespace(lane=lane)
        made = SimpleNamespace(setting=SimpleNamespace(ws=ws), plan=SimpleNamespace(jobs=(job,)))
        with only_in(ws, {lane}), pytest.raises(UsageError, match="另一次巡检"):
            asyncio.run(go(made, fetchers=None, progress=None, stop=asyncio.Event()))  # type: ignore[arg-type]
