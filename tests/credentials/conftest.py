"""A vault with a key of its own, and fake platforms with a login page on which a test "scans"."""

import asyncio
import json
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from tests.platforms import serve as serving
from tests.platforms.app import Platforms
from tests.platforms.serve import Served, serve
from tests.platforms.weixin_api import token_of
from tests.platforms.world import LOGIN, World
from tests.samples import city, roles
from tracker import settings
from tracker.capture import Candidate, Desktop, HostMap, Patience, find_browser
from tracker.credentials import Keys, Vault, fresh
from tracker.errors import UsageError
from tracker.evidence import lock
from tracker.workspace import create

SIGN_IN = "https://passport.weibo.com/sso/signin"
PAGE = """<!doctype html><title>扫码登录</title><p>请扫码</p><script>
const poll = async () => {
  const told = await (await fetch("/sso/poll")).json();
  if (told.done) { location.href = "https://weibo.com/u/900019999"; return; }
  setTimeout(poll, 100);
};
poll();
</script>"""


@dataclass
class Phone:
    """What the person does: `scan()` logs in, with a good or a worthless login; `refresh` is the 第三方平台's valid token."""

    cookie: str = ""
    polls: int = 0
    refresh: str = "refresh-token-1"
    asked: set[str] = field(default_factory=set)

    def scan(self, cookie: str = LOGIN) -> None:
        self.cookie = cookie


class WithLogin(Platforms):
    """The fake platforms, whose first page sends strangers to a page that waits for a scan."""

    phone = Phone()

    async def __call__(self, scope, receive, send) -> None:
        told = dict(scope.get("headers", ()))
        host, path = told.get(b"host", b"").decode().partition(":")[0], scope.get("path", "")
        self.phone.asked.add(host)
        answer = None
        if (host, path) == ("weibo.com", "/"):
            answer = RedirectResponse(SIGN_IN, 302)
        elif (host, path) == ("passport.weibo.com", "/sso/signin"):
            answer = HTMLResponse(PAGE)
        elif (host, path) == ("passport.weibo.com", "/sso/poll"):
            self.phone.polls += 1
            answer = JSONResponse({"done": bool(self.phone.cookie)})
            if self.phone.cookie:
                answer.set_cookie("SUB", self.phone.cookie, domain=".weibo.com", secure=True, httponly=True, max_age=86_400)
                answer.set_cookie("PASSPORT_ONLY", "stranger-cookie-9", secure=True)
        elif path.startswith("/cgi-bin/component/"):
            told = json.loads((await receive())["body"])
            answer = JSONResponse(self.component(path.rpartition("/")[2], told, scope["query_string"].decode()))
        await (answer or super().__call__)(scope, receive, send)

    def component(self, call: str, told: dict[str, str], query: str) -> dict[str, object]:
        """The two token interfaces of a 第三方平台."""
        if call == "api_component_token":
            good = told == {
                "component_appid": "wxcomponent",
                "component_appsecret": "component-secret-1",
                "component_verify_ticket": "ticket-1",
            }
            return (
                {"component_access_token": "COMPONENT-TOKEN-1", "expires_in": 7200}
                if good
                else {"errcode": 61006, "errmsg": "component ticket is expired"}
            )
        if query != "component_access_token=COMPONENT-TOKEN-1" or told["authorizer_refresh_token"] != self.phone.refresh:
            return {"errcode": 61023, "errmsg": "refresh_token is invalid"}
        account = self.world.find("weixin", "appid", told["authorizer_appid"])
        self.phone.refresh = "refresh-token-2"
        return {"authorizer_access_token": token_of(account), "expires_in": 7200, "authorizer_refresh_token": self.phone.refresh}


@pytest.fixture(scope="session")
def chromium() -> Candidate:
    try:
        return find_browser()
    except UsageError as error:
        if os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def _platforms() -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "Platforms", WithLogin)
        chosen = [one for one in city.accounts() if one.key in ("weibo:示例水利", "weixin:示例统计", "weixin:示例教育")]
        with serve(World(accounts=(*chosen, *city.controls()), today=roles.TODAY)) as served:
            yield served


@pytest.fixture
def platforms(_platforms: Served) -> Iterator[Served]:
    WithLogin.phone = Phone()
    _platforms.log.clear()
    yield _platforms
    _platforms.world.faults.__dict__.update(type(_platforms.world.faults)().__dict__)


@pytest.fixture
def phone(platforms: Served) -> Phone:
    return WithLogin.phone


@pytest.fixture
def host_map(platforms: Served) -> HostMap:
    trust = ssl.create_default_context()
    platforms.ca.configure_trust(trust)
    return HostMap(port=platforms.port, ssl=trust)


@pytest.fixture
def desktop(chromium: Candidate, platforms: Served, host_map: HostMap) -> Desktop:
    """A window without a screen."""
    quick = Patience(answers=4, settle=0.05, before_step=0.5)
    at = platforms.world.clock
    return Desktop(headless=True, host_map=host_map, patience=quick, wait=20, clock=lambda: at)


@pytest.fixture
def keys() -> Keys:
    return Keys({"TRACKER_KEY": fresh()})


@pytest.fixture
def vault(tmp_path: Path, keys: Keys) -> Vault:
    return Vault(tmp_path / "credentials", alone=lock.alone, keys=keys)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace, and a key for it in the environment."""
    root = tmp_path / "张三 的工作区"
    create(root, settings.template())
    monkeypatch.setenv("TRACKER_KEY", fresh())
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    return root


async def at_once(seconds: float) -> None:
    await asyncio.sleep(0)
