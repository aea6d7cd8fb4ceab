"""Reminders: one digest per organisation, never twice, never in quiet hours, and no address in any file."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import tracker
from tests.schedule.made import Hand, account, on, settle
from tracker.cli import scheduling
from tracker.due import standings
from tracker.reminding import Fate, check, deliver, digests, quiet_until, sender
from tracker.schedule import Due
from tracker.store import NoticeEvent
from tracker.workspace import opened

TOP = Path(__file__).parents[2]
TOKEN = "planted-token-7731"


@dataclass
class Inbox:
    """What came in; it refuses so many messages first, and holds its answer back while `slow` is not set."""

    got: list[dict[str, Any]] = field(default_factory=list)
    refuse: int = 0
    slow: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def url(self, who: str = "office") -> str:
        return f"json://127.0.0.1:{self.port}/{who}?:token={TOKEN}"


@contextmanager
def listening() -> Iterator[Inbox]:
    inbox = Inbox()
    inbox.slow.set()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            inbox.got.append({"to": self.path.partition("?")[0], **told})
            inbox.came.set()
            inbox.slow.wait(30)
            self.send_response(503 if len(inbox.got) <= inbox.refuse else 200)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        inbox.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield inbox
        inbox.slow.set()
        server.shutdown()


def made(folder: Path, inbox: Inbox, more: str = "", database: str = "") -> Path:
    notify = f'[notify]\nurls = ["{inbox.url()}"]\n{more}\n[notify.organisations]\n"示例市示例局" = ["{inbox.url("bureau")}"]\n'
    root = settle(folder / "ws", notify, database=database)
    accounts = [account(1, "示例市示例局"), account(2, "示例市示例局"), account(3, "甲山县政府", region="甲山县"), account(4)]
    with opened(root) as ws:
        ws.store.add_accounts(accounts, "test", on("2026-11-20 08:00"))
    return root


def test_every_organisation_gets_one_digest_and_the_office_all_the_others(tmp_path: Path) -> None:
    with listening() as inbox:
        root = made(tmp_path, inbox)
        said = tracker("due", "--send", workspace=root)
    assert (said.code, "已发出2条" in said.out) == (0, True)
    told = {one["to"]: one["message"] for one in inbox.got}
    assert sorted(told) == ["/bureau", "/office"]
    assert "示例1" in told["/bureau"]
    assert "示例2" in told["/bureau"]
    assert "示例3" not in told["/bureau"]
    assert "【甲山县】" in told["/office"]
    assert "示例4" in told["/office"]
    assert "示例1" not in told["/office"]


def test_the_same_is_not_sent_twice_on_a_day(tmp_path: Path, database: str) -> None:
    clock = Hand(on("2026-11-20 09:00"))
    with listening() as inbox:
        root = made(tmp_path, inbox, database=database)
        with opened(root) as ws:
            posts = digests(standings(ws, ws.profile(), clock().date()), ws.settings.notify, {})
            first = deliver(ws, posts, clock=clock, send=sender())
            second = deliver(ws, posts, clock=clock, send=sender())
            assert [one.event for one in ws.store.notices_sent()] == [NoticeEvent.INTENT, NoticeEvent.SENT] * 2
    assert [one.fate for one in first] == [Fate.SENT, Fate.SENT]
    assert [one.fate for one in second] == [Fate.BEFORE, Fate.BEFORE]
    assert len(inbox.got) == 2


def test_what_is_refused_is_tried_again_and_then_told(tmp_path: Path, database: str) -> None:
    clock, slept = Hand(on("2026-11-20 09:00")), list[float]()
    with listening() as inbox:
        root = made(tmp_path, inbox, database=database)
        inbox.refuse = 4
        with opened(root) as ws:
            posts = digests(standings(ws, ws.profile(), clock().date()), ws.settings.notify, {})
            done = deliver(ws, posts, clock=clock, send=sender(), sleep=slept.append)
            assert [one.fate for one in done] == [Fate.FAILED, Fate.SENT]
            assert (len(inbox.got), len(slept)) == (5, 3)
            again = deliver(ws, posts, clock=clock, send=sender(), sleep=slept.append)
    assert [one.fate for one in again] == [Fate.SENT, Fate.BEFORE]


def test_a_process_killed_between_sending_and_noting_it_sends_nothing_twice(tmp_path: Path, database: str) -> None:
    with listening() as inbox:
        root = made(tmp_path, inbox, database=database)
        inbox.slow.clear()
        told = [sys.executable, "-m", "tracker", "--workspace", str(root), "due", "--send"]
        with subprocess.Popen(told, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            assert inbox.came.wait(30)
            process.send_signal(signal.SIGKILL)
        inbox.slow.set()
        said = tracker("due", "--send", workspace=root)
        assert "不清楚是否发出1条" in said.out
        assert "没有重发" in said.out
        assert [one["to"] for one in inbox.got] == ["/bureau", "/office"]
        assert '"outcome": "unknown"' in tracker("schedule", "sent", "--json", workspace=root).out
        tracker("due", "--send", "--again", workspace=root)
    assert [one["to"] for one in inbox.got].count("/bureau") == 2


def test_in_quiet_hours_nothing_goes_out_and_the_schedule_waits_for_the_morning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as inbox:
        root = made(tmp_path, inbox, 'quiet = ["20:00", "08:00"]')
        with opened(root) as ws:
            assert quiet_until(ws, on("2026-11-20 12:00")) is None
            assert quiet_until(ws, on("2026-11-20 21:00")) == on("2026-11-23 08:00")
            clock = Hand(on("2026-10-02 10:00"))
            monkeypatch.setattr(scheduling, "now", clock)
            done = scheduling.remind(ws, Due(name="due", at=clock()))
            assert (done.again, inbox.got) == (on("2026-10-08 08:00"), [])
            clock.at = on("2026-10-08 08:00")
            assert "已发出2条" in scheduling.remind(ws, Due(name="due", at=clock())).text
        monkeypatch.setattr("tracker.cli.due.now", Hand(on("2026-11-20 22:00")))
        refused = tracker("due", "--send", "--check-date", "2026-11-20", workspace=root)
        assert (refused.code, "11-23 08:00" in refused.err) == (2, True)
        assert tracker("due", "--send", "--now", "--check-date", "2026-11-20", workspace=root).code == 0


def test_no_address_stands_in_any_file_but_the_settings_nor_is_it_printed(tmp_path: Path) -> None:
    with listening() as inbox:
        root = made(tmp_path, inbox)
        inbox.refuse = 99
        path = root / "tracker.toml"
        told = path.read_text(encoding="utf-8")
        path.write_text(told.replace("[notify]", '[log]\nfile = "t.jsonl"\nlevel = "debug"\n[notify]'), encoding="utf-8")
        with opened(root) as ws:
            posts = digests(standings(ws, ws.profile(), on("2026-11-20 09:00").date()), ws.settings.notify, {})
            deliver(ws, posts, clock=Hand(on("2026-11-20 09:00")), send=sender(), sleep=lambda seconds: None)
            assert TOKEN not in repr(posts)
            assert TOKEN not in repr(ws.settings)
        said = [tracker("schedule", *words, workspace=root) for words in (("list",), ("sent",), ("sent", "--json"))]
    assert all(TOKEN not in one.out + one.err for one in said)
    planted = [path for path in tmp_path.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert planted == [path]


def test_an_address_that_cannot_be_read_is_told_by_whose_it_is(tmp_path: Path) -> None:
    with listening() as inbox:
        root = made(tmp_path, inbox)
        with opened(root) as ws:
            posts = digests(standings(ws, ws.profile(), on("2026-11-20 09:00").date()), ws.settings.notify, {})
        check(posts)
        path = root / "tracker.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("json://127.0.0.1", f"nosuch://{TOKEN}@h"), encoding="utf-8")
        said = tracker("due", "--send", workspace=root)
    assert said.code == 2
    assert "示例市示例局#1" in said.err
    assert TOKEN not in said.out + said.err
    assert inbox.got == []
