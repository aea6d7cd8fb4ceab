"""The zip tried on a Windows machine, by 启动.bat: the page and the demo. python -m tools.windows.trial ZIP FOLDER."""

import argparse
import http.client
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

from tools.windows.tree import STARTER

_LINK = re.compile(r"http://127\.0\.0\.1:\d+/login\?t=\S+")
_PATIENCE = 120.0
"""Seconds until a page must be there; the first start compiles every module."""


def demo(starter: Sequence[str], home: Path, *, pdf: bool) -> None:
    """`启动.bat demo 示例` in the folder of the program. Raises ValueError with what was printed."""
    done = subprocess.run([*starter, "demo", "示例"], cwd=home, capture_output=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - ours
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    made = {path.suffix for path in (home / "示例" / "reports").glob("*.*")}
    if done.returncode or not {".docx", ".xlsx", ".html", *([".pdf"] if pdf else [])} <= made:
        raise ValueError(f"demo: exit code {done.returncode}, made {sorted(made)}:\n{told}")


def page(starter: Sequence[str], home: Path) -> str:
    """Start without words, sign in by a fresh link, return the start page. Raises ValueError with what was printed."""
    with _started(starter, home) as (typed, next_line):
        _link(next_line)
        # the browser was opened with a later link; Enter asks for one that is ours alone
        time.sleep(2)
        typed("\n")
        link = _link(next_line)
        found = _signed_in(link)
    if not (home / "工作区" / "tracker.toml").is_file():
        raise ValueError("no workspace was made beside the program")
    return found


def _link(next_line: Callable[[], str]) -> str:
    told = []
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        told.append(next_line())
        if found := _LINK.search(told[-1]):
            return found[0]
        if not told[-1]:
            break
    raise ValueError(f"no link was printed:\n{''.join(told)}")


def _signed_in(link: str) -> str:
    """The page behind a link: the first answer sets the cookie and sends on, the second is the page."""
    parts = urlsplit(link)
    first = _get(parts.port or 0, f"{parts.path}?{parts.query}", {})
    cookie = (first.getheader("Set-Cookie") or "").split(";")[0]
    second = _get(parts.port or 0, urlsplit(first.getheader("Location") or "/").path, {"Cookie": cookie})
    body = second.read().decode("utf-8")
    if not cookie or second.status != http.client.OK:
        raise ValueError(f"the link answered {first.status}, the page {second.status}: {body[:300]}")
    return body


def _get(port: int, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers=headers)
    return line.getresponse()


@contextmanager
def _started(starter: Sequence[str], home: Path) -> Iterator[tuple[Callable[[str], None], Callable[[], str]]]:
    with subprocess.Popen(  # noqa: S603 - ours
        list(starter),
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_listen, args=(process, lines), daemon=True).start()

        def typed(text: str) -> None:
            if process.stdin:
                process.stdin.write(text)
                process.stdin.flush()

        try:
            yield typed, lambda: _next(lines)
        finally:
            _end(process)


def _listen(process: "subprocess.Popen[str]", lines: "queue.Queue[str]") -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put("")


def _next(lines: "queue.Queue[str]") -> str:
    try:
        return lines.get(timeout=_PATIENCE)
    except queue.Empty:
        return ""


def _end(process: "subprocess.Popen[str]") -> None:
    if sys.platform == "win32":
        # 启动.bat is cmd, and Python is its child: both must go
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)  # noqa: S603, S607 - part of Windows
    else:
        process.terminate()


def main() -> int:
    """Exit code 0 when the page opened and the demo was made, PDF included (that is Edge)."""
    words = argparse.ArgumentParser(prog="python -m tools.windows.trial")
    words.add_argument("zip", type=Path)
    words.add_argument("folder", type=Path)
    told = words.parse_args()
    with ZipFile(told.zip) as archive:
        archive.extractall(told.folder)
    (starter,) = told.folder.glob(f"*/{STARTER}")
    body = page([str(starter)], starter.parent)
    print(f"page: {len(body)} characters")
    demo([str(starter)], starter.parent, pdf=True)
    print("demo: made, with PDF")
    return 0


if __name__ == "__main__":
    sys.exit(main())
