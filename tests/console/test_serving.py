"""`tracker serve` as a process: its links, its end, and only one per workspace."""

import http.client
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tracker import settings
from tracker.workspace import create

TOP = Path(__file__).parents[2]
LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/login\?t=([\w-]+)")


class Server:
    """A running `tracker serve`, its lines as they come."""

    def __init__(self, root: Path, *more: str) -> None:
        command = [sys.executable, "-c", "from tracker.cli import main; main()", "--workspace", str(root), "serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--no-open", *more],
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def link(self) -> tuple[int, str]:
        while True:
            if found := LINK.search(self.lines.get(timeout=90)):
                return int(found[1]), found[2]

    def enter(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "新 工作区")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait(10)


def get(port: int, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    link.request("GET", path)
    return link.getresponse().status


def test_links_are_printed_and_it_ends_cleanly(server: Server, tmp_path: Path) -> None:
    port, word = server.link()
    for _ in range(100):
        if (tmp_path / "新 工作区" / ".serving").exists():
            break
    assert get(port, "/") == 401
    assert get(port, f"/login?t={word}") == 303
    assert get(port, f"/login?t={word}") == 401
    _, again = server.link()
    assert again != word
    server.enter()
    assert server.link() == (port, again)
    assert get(port, f"/login?t={again}") == 303
    server.enter()
    assert server.link()[1] not in (word, again)
    second = Server(tmp_path / "新 工作区")
    assert second.process.wait(90) == 2
    assert f"http://127.0.0.1:{port}/" in second.lines.get(timeout=5)
    assert get(port, "/healthz") == 200
    assert server.end() == 0
    assert not (tmp_path / "新 工作区" / ".serving").exists()


def test_a_crashed_server_does_not_shut_out_the_next(server: Server, tmp_path: Path) -> None:
    server.link()
    while get_word(tmp_path / "新 工作区") == "":
        pass
    server.process.kill()
    server.process.wait(10)
    assert (tmp_path / "新 工作区" / ".serving").exists()
    after = Server(tmp_path / "新 工作区")
    try:
        port, word = after.link()
        assert get(port, f"/login?t={word}") == 303
    finally:
        assert after.end() == 0


def get_word(root: Path) -> str:
    path = root / ".serving"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_only_this_machine(tmp_path: Path) -> None:
    refused = Server(tmp_path / "ws", "--host", "0.0.0.0")  # noqa: S104 - that it is refused is the point
    assert refused.process.wait(90) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in browser is a shell script")
def test_the_link_that_is_printed_is_the_one_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever's browser does not start must be able to use the printed link."""
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}.part" && mv "{opened}.part" "{opened}"\n', encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    running = Server(tmp_path / "ws", "--open")
    try:
        port, word = running.link()
        for _ in range(100):
            if opened.exists():
                break
            time.sleep(0.1)
        assert opened.read_text(encoding="utf-8").strip().endswith(f":{port}/login?t={word}")
    finally:
        running.end()


FIRST = re.compile(r"http://127\.0\.0\.1:(\d+)/first\?t=([\w-]+)")


def test_a_page_for_many_begins_with_a_link_for_the_first_administrator(tmp_path: Path) -> None:
    root = tmp_path / "多人"
    create(root, settings.template(place="示例市") + "\n[server]\nmany = true\n")
    running = Server(root)
    try:
        line = next(line for line in iter(lambda: running.lines.get(timeout=90), "") if FIRST.search(line))
        found = FIRST.search(line)
        assert found
        port, word = int(found[1]), found[2]
        assert get(port, "/") == 303
        assert get(port, f"/login?t={word}") == 200
        fields = {"t": word, "login": "root", "name": "管理一", "password": "三只 aardvark 过河", "again": "三只 aardvark 过河"}
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "10.1.2.3"}
        link.request("POST", "/first", urlencode(fields), headers)
        answer = link.getresponse()
        assert answer.status == 303
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        answer.read()
        link.request("GET", "/system/audit", headers={"Cookie": cookie})
        text = link.getresponse().read().decode()
        # who is no proxy of ours does not say where a request comes from
        assert "127.0.0.1" in text
        assert "10.1.2.3" not in text
        assert get(port, f"/first?t={word}") == 400
        running.enter()
        assert "/first" not in next(line for line in iter(lambda: running.lines.get(timeout=90), "") if "http://" in line)
    finally:
        assert running.end() == 0
