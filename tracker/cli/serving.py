"""serve: the local page."""

import http.client
import json
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer
import uvicorn

from adapters import BY_PLATFORM
from tracker import settings
from tracker.cli.common import Context, say
from tracker.cli.scheduling import by_itself
from tracker.clock import now
from tracker.console.app import app_of
from tracker.console.desk import Desk, Session
from tracker.console.pages.health import watched
from tracker.errors import UsageError, reason
from tracker.signin import Door
from tracker.workspace import create, locate, opened

if TYPE_CHECKING:
    from tracker.signin.oidc import SignOn

BESIDE = ".serving"
"""File in the workspace that says where its page is open: port, and the word by which that server is known again."""

_HERE = ("127.0.0.1", "localhost", "::1")

_SWITCH = 0.0005
"""Seconds after which a thread that computes lets others in."""
_QUIET = 5.0
"""Seconds between two links that wrong requests can have printed."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="本机地址;多人使用时可以是 0.0.0.0")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口;0 表示自动挑一个")] = 8000,
    show: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器")] = True,
) -> None:
    """打开网页版:一人使用时只听 127.0.0.1,用一次性链接进入;多人使用([server] many = true)时各人用自己的密码登录。

    按回车取得新的链接,按 Ctrl-C 结束。
    """
    told = (context.find_object(Context) or Context()).workspace
    if told is not None and not (told / settings.FILE).exists():
        create(told, settings.template(place=""))
    root = locate(told, Path.cwd())
    server = settings.load(root).server
    _may_listen(host, server)
    with _alone(root, show), _listen(host, port) as listener, opened(root) as ws:
        links = _Links(Session(), listener.getsockname()[1], server)
        desk = Desk(ws, BY_PLATFORM, links.session, clock=now, wrong_link=links.wrong, sign_on=_sign_on(ws.settings.oidc))
        links.door = desk.door
        _told_of(desk)
        address = links.tell()
        say("按回车取得新的链接,按 Ctrl-C 结束")
        if show:
            threading.Timer(0.8, webbrowser.open, [address]).start()
        threading.Thread(target=links.listen, daemon=True).start()
        _beside(root, links.port, desk.known_as)
        with by_itself(ws, say, shown=(context.find_object(Context) or Context()).log_json):
            _run(desk, listener)
    say("网页版已结束;数据都已保存")


def _may_listen(host: str, server: settings.ServerSettings) -> None:
    if host in _HERE:
        return
    if not server.many:
        raise UsageError(
            f"一人使用的网页版只在本机打开,不能听 {host};要多人使用,请在 tracker.toml 的 [server] 里写 "
            'many = true 和 hosts = ["浏览器里写的主机名"],再试'
        )
    if not server.hosts:
        raise UsageError(
            f"听 {host} 之前,请在 tracker.toml 的 [server] 里写明浏览器用哪些名字打开本页,"
            '例如 hosts = ["xunjian.example.gov.cn"];写错名字的请求一律不应答'
        )


def _sign_on(told: settings.OidcSettings) -> "SignOn | None":
    if not told.issuer:
        return None
    # imported only where there is one: its libraries take their time
    from tracker.signin.oidc import SECRET, SignOn

    return SignOn(told, os.environ.get(SECRET, ""), clock=now)


def _told_of(desk: Desk) -> None:
    """What whoever starts a page for many should know."""
    if desk.door is None:
        return
    if not desk.ws.settings.server.https:
        say("注意:没有 https,密码在网络上是明文;请在前面放一个有证书的反向代理,并在 [server] 里写 https = true")
    rows, head = desk.ws.store.audit_head()
    say(f"操作日志共 {rows} 条" + (f",最后一条的哈希 {head};抄在别处,以后用 tracker audit verify --head 核对" if head else ""))


def _run(desk: Desk, listener: socket.socket) -> None:
    proxies = list(desk.ws.settings.server.proxy) if desk.door else []
    config = uvicorn.Config(
        watched(app_of(desk)),
        log_level="warning",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        # nobody but a proxy that we know says where a request comes from
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
    # judging goes on behind the pages: a page must not wait 5 ms each time that it comes back from the database
    sys.setswitchinterval(_SWITCH)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn ends in order, then raises the signal again
        pass
    finally:
        desk.close()


class _Links:
    """The one-time links as the command line tells them: to come in where one works alone, to make the first administrator."""

    def __init__(self, session: Session, port: int, server: settings.ServerSettings) -> None:
        self.session, self.port, self._server = session, port, server
        self.door: Door | None = None
        self._told_at = float("-inf")

    def tell(self) -> str:
        """Print a new link and give it back; the links before it work no more. Where there are users: the page's address."""
        if self.door is not None:
            return self._tell_many(self.door)
        address = f"http://127.0.0.1:{self.port}/login?t={self.session.renew()}"
        say(f"请用浏览器打开(只能用一次):{address}")
        return address

    def _tell_many(self, door: Door) -> str:
        name = self._server.hosts[0] if self._server.hosts else "127.0.0.1"
        base = f"https://{name}" if self._server.https else f"http://{name}:{self.port}"
        word = door.first()
        if word:
            say(f"还没有用户,请用浏览器打开,设置第一个管理员(30 分钟内有效,只能用一次):{base}/first?t={word}")
            return f"{base}/first?t={word}"
        say(f"网页版的地址:{base}/;没有人能登录时,可用 tracker users 另设管理员")
        return f"{base}/"

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


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(f"端口 {port} 已被占用或不能用({reason(error)});换一个:tracker serve --port 0") from error
