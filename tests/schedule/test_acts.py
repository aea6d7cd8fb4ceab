"""What the runs do: the weekly sweep is the command line's own, judged, and sealed or told why not."""

from pathlib import Path

import pytest

from tests.e2e.running import tracker
from tests.schedule.made import account, on, settle
from tracker import demo, settings
from tracker.cli import scheduling
from tracker.model import Window
from tracker.schedule import Due
from tracker.store import RunEvent
from tracker.sweep import open_sweep
from tracker.workspace import Workspace, create, opened


def test_the_weekly_sweep_is_monitoring_judged_at_its_end_and_gone_on_with_by_its_name(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", "")
    with opened(root) as ws:
        # no machine reaches these: nothing is fetched
        ws.store.add_accounts([account(number) for number in range(1, 4)], "test", on("2026-11-19 08:00"))
    for _ in range(2):
        said = tracker("schedule", "run", "sweep", "--at", "2026-11-20T08:00", workspace=root)
        assert said.code == 0
    with opened(root) as ws:
        (sweep,) = ws.store.sweeps()
        (ended,) = [one for one in ws.store.run_steps("sweep") if one.event is RunEvent.ENDED]
        head = ws.store.last_head(sweep.name)
        assert head is not None
        assert {str(one.conclusion) for one in ws.store.verdicts(head)} == {"unchecked"}
    assert (sweep.name, sweep.kind, sweep.ended_at is not None) == ("2026-11-20-周检", "weekly", True)
    assert "共3个账号,没看到3个;不合格0个、待复核0个、未能核查3个" in ended.text
    assert "没有封存:" in ended.text
    assert "已经做过" in said.out


def test_a_sweep_with_evidence_is_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", "A" * 43 + "=")
    create(tmp_path / "ws", settings.template(place="示例市"))

    def looked(ws: Workspace, name: str) -> object:
        demo.fill(ws)
        return ws.sweep()

    monkeypatch.setattr(scheduling, "weekly", looked)
    with opened(tmp_path / "ws") as ws:
        done = scheduling.sweep(ws, Due(name="sweep", at=on("2026-11-20 08:00")))
        assert done.again is not None
        assert "明天接着做" in done.text
        ws.store.end_sweep(ws.sweep().name, on("2026-11-20 18:00"))
        monkeypatch.setattr(scheduling, "weekly", lambda ws, name: ws.sweep())
        done = scheduling.sweep(ws, Due(name="sweep", at=on("2026-11-20 08:00")))
    assert done.again is None
    assert ";已封存(第1份)" in done.text


def test_without_an_address_or_a_folder_the_run_says_what_to_write(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", "")
    for name, words in (("due", "[notify] urls"), ("backup", "[backup] to")):
        said = tracker("schedule", "run", name, workspace=root)
        assert (said.code, words in said.out) == (1, True)


def test_it_waits_while_another_sweep_asks_the_same_platforms(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", "")
    with opened(root) as ws, opened(root) as page:
        ws.store.add_accounts([account(1)], "test", on("2026-11-19 08:00"))
        at = on("2026-11-20 07:00")
        open_sweep(ws, "正式检查", at=at, window=Window(since=at.date(), until=at.date()))
        due = Due(name="sweep", at=on("2026-11-20 08:00"))
        with page.evidence.alone("正式检查", "sweep"):
            waiting = scheduling.sweep(ws, due)
        assert "批次 正式检查 正在巡检" in waiting.text
        assert waiting.again is not None
        assert [one.name for one in ws.store.sweeps()] == ["正式检查"]
        assert scheduling.sweep(ws, due).again is None
