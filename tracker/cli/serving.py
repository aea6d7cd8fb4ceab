"""serve: the local page."""

import http.client
import json
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
import uvicorn

from adapters import BY_PLATFORM
from tracker import settings
from tracker.cli.common import Context, say
from tracker.clock import now
from tracker.console.app import app_of
from tracker.console.desk import Desk, Session
from tracker.errors import UsageError, reason
from tracker.workspace import create, locate, opened

BESIDE = ".serving"
"""File in the workspace that says where its page is open: port, and the word by which that server is known again."""

_QUIET = 5.0
"""Seconds between two links that wrong requests can have printed."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="只能是本机地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口;0 表示自动挑一个")] = 8000,
    show: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器")] = True,
) -> None:
    """在本机打开网页版:只听 127.0.0.1,用一次性链接进入;按回车取得新的链接,按 Ctrl-C 结束。"""
    if host not in ("127.0.0.1", "localhost"):
        raise UsageError(f"网页版只在本机使用,不能听 {host};请用 127.0.0.1")
    told = (context.find_object(Context) or Context()).workspace
    if told is not None and not (told / settings.FILE).exists():
        create(told, settings.template(place=""))
    root = locate(told, Path.cwd())
    with _alone(root, show), _listen(port) as listener, opened(root) as ws:
        links = _Links(Session(), listener.getsockname()[1])
        desk = Desk(ws, BY_PLATFORM, links.session, clock=now, wrong_link=links.wrong)
        address = links.tell()
        say("按回车取得新的链接,按 Ctrl-C 结束")
        if show:
            threading.Timer(0.8, webbrowser.open, [address]).start()
        threading.Thread(target=links.listen, daemon=True).start()
        _beside(root, links.port, desk.known_as)
        _run(desk, listener)
    say("网页版已结束;数据都已保存")


def _run(desk: Desk, listener: socket.socket) -> None:
    config = uvicorn.Config(app_of(desk), log_level="warning", lifespan="off", server_header=False, timeout_graceful_shutdown=2)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn ends in order, then raises the signal again
        pass
    finally:
        desk.close()


class _Links:
    """The one-time links as the command line tells them."""

    def __init__(self, session: Session, port: int) -> None:
        self.session, self.port = session, port
        self._told_at = float("-inf")

    def tell(self) -> str:
        """Print a new link and give it back; the links before it work no more."""
        address = f"http://127.0.0.1:{self.port}/login?t={self.session.renew()}"
        say(f"请用浏览器打开(只能用一次):{address}")
        return address

    def wrong(self) -> None:
        """Somebody came with a wrong or used link: a new one is printed, but no page can flood the window."""
        if time.monotonic() - self._told_at >= _QUIET:
            self._told_at = time.monotonic()
            self.tell()

    def listen(self) -> None:
        """A new link for every Enter, until standard input ends."""
        with suppress(OSError, ValueError):
            for _ in sys.stdin:
                self.tell()


@contextmanager
def _alone(root: Path, show: bool) -> Iterator[None]:
    """One server per workspace: two would write into one chain of evidence. Raises UsageError when one runs already."""
    path = root / BESIDE
    port = _running(path)
    if port:
        if show:
            webbrowser.open(f"http://127.0.0.1:{port}/")
        raise UsageError(f"这个工作区已经开着网页版:http://127.0.0.1:{port}/;要新的进入链接,请在那个窗口按回车")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _running(path: Path) -> int:
    """The port of the server that a `.serving` file names, if it still answers to its word; else 0."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        port, word = int(told["port"]), str(told["word"])
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        link.request("GET", f"/healthz?word={quote(word)}")
        return port if link.getresponse().read() == b"here" else 0
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException):
        return 0


def _beside(root: Path, port: int, word: str) -> None:
    with suppress(OSError):
        (root / BESIDE).write_text(json.dumps({"port": port, "word": word}), encoding="utf-8")


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(f"端口 {port} 已被占用或不能用({reason(error)});换一个:tracker serve --port 0") from error
