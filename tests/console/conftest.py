"""A real server on a free loopback port around a workspace, and real browsers that are signed in to it."""

import http.client
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn
from argon2 import Parameters, Type
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from adapters import BY_PLATFORM
from tests.capture.conftest import chromium
from tracker import demo, settings
from tracker.capture import Candidate
from tracker.clock import SHANGHAI
from tracker.console.app import app_of
from tracker.console.desk import COOKIE, Desk, Session, real_net
from tracker.people import Role
from tracker.signin import Door, Hasher
from tracker.store import Store, User
from tracker.workspace import Workspace, create, opened

__all__ = ["chromium"]

TODAY = datetime(2026, 11, 6, 15, 0, tzinfo=SHANGHAI)
"""The console's clock in tests: the last day of the sample's period."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer as it came; `headers` in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True, kw_only=True)
class Console:
    """A served workspace. `get`, `post` and `upload` are signed in (unless `cookie=""`) and follow no redirect."""

    desk: Desk
    port: int
    cookie: str
    heads: dict[str, str] = field(default_factory=dict)
    word: str | None = None
    """The session's csrf word where there are many people; None = alone."""

    @property
    def ws(self) -> Workspace:
        return self.desk.ws

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def csrf(self) -> str:
        return self.desk.session.csrf if self.word is None else self.word

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        cookie: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {"Cookie": f"{COOKIE}={self.cookie if cookie is None else cookie}", **(headers or {})}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body=body, headers=sent)
            told = link.getresponse()
            return Answer(status=told.status, headers={k.lower(): v for k, v in told.getheaders()}, body=told.read())
        finally:
            link.close()

    def get(self, path: str, **more: Any) -> Answer:
        return self.ask("GET", path, **more)

    def post(self, path: str, fields: Mapping[str, object] | None = None, **more: Any) -> Answer:
        """POST a form; the csrf word is added unless `fields` has one."""
        body = urlencode({"csrf": self.csrf, **(fields or {})}, doseq=True).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **more.pop("headers", {})}
        return self.ask("POST", path, body, headers=headers, **more)

    def upload(self, path: str, files: Mapping[str, tuple[str, bytes]], fields: Mapping[str, str] | None = None) -> Answer:
        """POST a multipart form with files: field → (file name, bytes)."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf": self.csrf, **(fields or {})}.items()
        ]
        for name, (title, raw) in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n'
            parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + raw + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask("POST", path, body, headers={"Content-Type": f"multipart/form-data; boundary={mark}"})


Serve = Callable[..., Console]


@contextmanager
def serving(root: Path, **told: Any) -> Iterator[Console]:
    """Serve a workspace until the block ends; `told` goes to the Desk (net, pace, clock …)."""
    with opened(root) as ws, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        session = Session()
        desk = Desk(ws, BY_PLATFORM, session, **{"clock": lambda: TODAY, "net": real_net, **told})
        config = uvicorn.Config(app_of(desk), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            cookie = session.sign_in(session.one_time)
            assert cookie
            yield Console(desk=desk, port=listener.getsockname()[1], cookie=cookie)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)
            desk.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serve]:
    """`served(root=None, **told)`: the console of a workspace, an empty new one where none is given."""
    opened_ones: list[Any] = []

    def serve(root: Path | None = None, **told: Any) -> Console:
        if root is None:
            root = tmp_path / "工作区 一"
            create(root, settings.template(place=""))
        one = serving(root, **told)
        console = one.__enter__()
        opened_ones.append(one)
        return console

    yield serve
    for one in reversed(opened_ones):
        one.__exit__(None, None, None)


@pytest.fixture
def empty(served: Serve) -> Console:
    """The console of an empty workspace."""
    return served()


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented city, judged, nothing reviewed; made once. Copy it, never change it."""
    root = tmp_path_factory.mktemp("sample") / "ws"
    create(root, settings.template(place="示例市", profile="baoji", persons=1))
    with opened(root) as ws:
        demo.fill(ws)
    return root


@pytest.fixture
def sample(sample_root: Path, served: Serve, tmp_path: Path) -> Console:
    """The console of a copy of the invented city: 102 accounts, one check, candidates not reviewed."""
    root = tmp_path / "示例 工作区"
    shutil.copytree(sample_root, root)
    return served(root)


@pytest.fixture(scope="module")
def browser(chromium: Candidate) -> Iterator[Browser]:
    """A real Chromium; of the module, because its event loop would stand in the way of other modules' own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.path or None, channel=chromium.channel or None, args=["--no-sandbox"]
        )
        yield running
        running.close()


@pytest.fixture
def signed_in(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`signed_in(console, **options) -> Page`: a new browser context (1366x768 unless told) with the session's cookie."""
    contexts: list[BrowserContext] = []

    def enter(console: Console, **options: Any) -> Page:
        told: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", "base_url": console.base}
        context = browser.new_context(**{**told, **options})
        context.add_cookies([{"name": COOKIE, "value": console.cookie, "url": console.base, "httpOnly": True}])
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


ROLES: Mapping[str, Mapping[str, Any]] = {
    "admin": {"name": "管理一", "role": Role.ADMIN},
    "city": {"name": "市级一", "role": Role.CITY},
    "county": {"name": "县区一", "role": Role.COUNTY, "region": "甲山县"},
    "unit": {"name": "单位一", "role": Role.UNIT, "organisations": frozenset({"甲山县公安局"})},
}
"""The four users of a console for many; login = the key. The unit has 3 accounts, the county 10, of 102."""
PASSWORD = "correct horse 电池 staple"
CHEAP = Parameters(Type.ID, 19, 16, 32, 1, 8, 1)
"""argon2 that takes no time: what is tested here is not how hard it is."""


@dataclass(frozen=True, kw_only=True)
class Many:
    """A console for many people over a copy of the invented city."""

    console: Console

    @property
    def ws(self) -> Workspace:
        return self.console.ws

    @property
    def door(self) -> Door:
        assert self.console.desk.door
        return self.console.desk.door

    def as_(self, role: str) -> Console:
        """The console as this user: a session of its own, `get`, `post`, `upload` with its cookie and word."""
        user = self.ws.store.user(login=role)
        assert user
        came = self.door.let_in(user, address="127.0.0.1")
        return replace(self.console, cookie=came.cookie, word=came.csrf)

    @property
    def stranger(self) -> Console:
        return replace(self.console, cookie="", word="")


def fill_users(store: Store) -> None:
    """The four users, each with PASSWORD."""
    hashed = Hasher(CHEAP).hash(PASSWORD)
    for login, told in ROLES.items():
        store.add_user(User(login=login, password=hashed, at=TODAY, **told))


MakeMany = Callable[..., Many]


@pytest.fixture
def make_many(sample_root: Path, served: Serve, tmp_path: Path) -> MakeMany:
    """`make_many(server="", **told)`: as `many`, with more lines for [server] in tracker.toml, `told` for the Desk."""

    def make(server: str = "", **told: Any) -> Many:
        root = tmp_path / "多人 工作区"
        shutil.copytree(sample_root, root)
        path = root / settings.FILE
        path.write_text(f"{path.read_text(encoding='utf-8')}\n[server]\nmany = true\n{server}\n", encoding="utf-8")
        with opened(root) as ws:
            fill_users(ws.store)
        return Many(console=served(root, **{"hasher": Hasher(CHEAP), **told}))

    return make


@pytest.fixture
def many(make_many: MakeMany) -> Many:
    """A console for many people: `many.as_("county").get("/accounts")`; `signed_in(many.as_("unit"))` for a browser."""
    return make_many()


@pytest.fixture(scope="session")
def asked_root(sample_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented city for many people, reviewed, every unit asked; made once. Copy it, never change it."""
    from tests.console.sending import city_of_many

    return city_of_many(sample_root, tmp_path_factory.mktemp("asked") / "ws", asked=True)


@pytest.fixture
def asked(asked_root: Path, served: Serve, tmp_path: Path) -> Many:
    """A console over a copy of it."""
    shutil.copytree(asked_root, tmp_path / "已征求")
    return Many(console=served(tmp_path / "已征求", hasher=Hasher(CHEAP)))


@pytest.fixture
def reviewed(sample_root: Path, served: Serve, tmp_path: Path) -> Many:
    """The same before anybody was asked."""
    from tests.console.sending import city_of_many

    return Many(console=served(city_of_many(sample_root, tmp_path / "已复核", asked=False), hasher=Hasher(CHEAP)))
