"""The look-out of `tracker serve`: real processes are begun, once, and stopped in order."""

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from tests.e2e.running import tracker
from tests.reminding.test_reminding import listening, made
from tests.schedule.made import Hand, on, settle
from tracker.schedule import Due, Lookout
from tracker.schedule.lookout import begin, command
from tracker.store import RunEvent
from tracker.workspace import opened

TOP = Path(__file__).parents[2]


def wait_for(root: Path, event: RunEvent, name: str) -> str:
    for _ in range(600):
        with opened(root) as ws:
            found = ws.store.last_run(name, event)
        if found:
            return found.text
        time.sleep(0.1)
    raise AssertionError(f"{name} never {event}")


def test_a_reminder_that_was_missed_goes_out_once_by_a_process_of_its_own(tmp_path: Path) -> None:
    clock, said = Hand(on("2026-11-18 07:00")), list[str]()
    with listening() as inbox:
        root = made(tmp_path, inbox)
        path = root / "tracker.toml"
        path.write_text(path.read_text(encoding="utf-8") + '\n[schedule]\ndue = "工作日 09:00"\n', encoding="utf-8")
        lookout = Lookout(root, clock=clock, tell=said.append)
        assert lookout.look() == ()
        clock.at = on("2026-11-20 11:00")
        assert [one.at for one in lookout.look()] == [on("2026-11-20 09:00")]
        assert lookout.look() == ()
        assert "已发出2条" in wait_for(root, RunEvent.ENDED, "due")
        assert lookout.look() == ()
        assert len(inbox.got) == 2
    assert len(said) == 1
    assert "到期提醒" in said[0]


def test_what_cannot_be_looked_at_is_told_once(tmp_path: Path) -> None:
    said = list[str]()
    root = settle(tmp_path / "ws", '[schedule]\nsweep = "周五 08:00"\n')
    lookout = Lookout(root, clock=Hand(on("2026-11-18 07:00")), tell=said.append)
    path = root / "tracker.toml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("周五 08:00", "星期八 08:00"), encoding="utf-8")
    lookout.look()
    lookout.look()
    assert len(said) == 1
    assert "schedule.sweep" in said[0]
    path.write_text(good, encoding="utf-8")
    assert lookout.look() == ()


def test_it_looks_by_itself_until_it_is_stopped_and_stops_what_runs(tmp_path: Path) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def sleeper(root: Path, due: Due) -> "subprocess.Popen[bytes]":
        told = "import signal,sys,time; signal.signal(signal.SIGINT, lambda *more: sys.exit(7)); time.sleep(60)"
        begun.append(subprocess.Popen([sys.executable, "-c", told]))
        return begun[-1]

    clock = Hand(on("2026-11-18 07:00"))
    root = settle(tmp_path / "ws", '[schedule]\nsweep = "周五 08:00"\n')
    lookout = Lookout(root, clock=clock, begin=sleeper, every=0.1)
    lookout.start()
    try:
        wait_for(root, RunEvent.TOLD, "sweep")
        clock.at = on("2026-11-20 08:00")
        for _ in range(300):
            if begun:
                break
            time.sleep(0.1)
        time.sleep(1)
        assert len(begun) == 1
    finally:
        lookout.stop()
    assert begun[0].returncode is not None


def test_the_run_is_the_command_that_a_person_would_type(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", "")
    due = Due(name="backup", at=datetime.fromisoformat("2026-11-20T13:30:00+00:00"))
    assert command(root, due)[2:] == [
        "tracker", "--workspace", str(root), "schedule", "run", "backup", "--at", "2026-11-20T21:30:00+08:00",
    ]  # fmt: skip
    process = begin(root, due)
    assert process.wait(60) == 1
    assert "没有写备份到哪里" in (root / ".schedule-backup.out").read_text(encoding="utf-8")
    said = tracker("schedule", "run", "backup", "--at", "2026-11-20T21:30", workspace=root)
    assert (said.code, "已经做过" in said.out) == (0, True)


def test_the_commands_tell_what_is_planned(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", '[schedule]\nsweep = "周五 08:00"\nbackup = "每天 21:30"\n[backup]\nto = "box"\n')
    assert "周五 08:00" in tracker("schedule", "list", workspace=root).out
    assert [one["name"] for one in tracker("schedule", "next", "--json", workspace=root).lines].count("due") == 0
    done = tracker("schedule", "run", "backup", workspace=root)
    assert (done.code, "已备份到" in done.out) == (0, True)
    (kept,) = [one for one in tracker("schedule", "list", "--json", workspace=root).lines if one["name"] == "backup"]
    assert (kept["last"]["event"], kept["last"]["failed"]) == ("ended", False)
    assert tracker("schedule", "run", "nothing", workspace=root).code == 2


def test_the_page_looks_for_what_is_due_and_its_log_holds_no_one_time_word(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", '[log]\nfile = "t.jsonl"\n[schedule]\nsweep = "周五 08:00"\n')
    told = [sys.executable, "-m", "tracker", "--workspace", str(root), "--log-json", "serve", "--port", "0", "--no-open"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(told, cwd=TOP, text=True, encoding="utf-8", **pipes) as process:  # type: ignore[call-overload]
        try:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/login\?t=(\S+)", process.stdout.readline())
            assert found
            link = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
            link.request("GET", f"/login?t={found[2]}")
            assert link.getresponse().status == 303
            wait_for(root, RunEvent.TOLD, "sweep")
        finally:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    kept = (root / "t.jsonl").read_text(encoding="utf-8")
    assert {"event": "request", "path": "/login", "status": 303}.items() <= json.loads(kept.splitlines()[0]).items()
    assert kept.splitlines()[0] in err
    assert found[2] not in kept + err + out
    assert process.returncode == 0
