"""One endpoint of a fake platform: finds the account, plays the faults that every server knows, logs the call, then answers."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.platforms import mangling
from tests.platforms.faults import Fault
from tests.platforms.world import World, WorldAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as an endpoint sees it. `name` is the endpoint's, `main` whether it is the platform's main one."""

    world: World
    platform: str
    name: str
    main: bool
    request: Request
    body: bytes
    account: WorldAccount | None

    def fault(self, name: str) -> Fault | None:
        """The fault of that name for this call, counted down."""
        account = self.account.key if self.account else ""
        host = self.request.url.hostname or ""
        return self.world.faults.take(name, self.platform, account, host, self.name, self.main)

    def query(self, name: str, default: str = "") -> str:
        """A query parameter."""
        return self.request.query_params.get(name, default)

    def path(self, name: str) -> str:
        """A path parameter."""
        return str(self.request.path_params.get(name, ""))

    def json(self) -> dict[str, Any]:
        """The request's JSON object; {} when it holds none."""
        try:
            told = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    @property
    def me(self) -> WorldAccount:
        """The account, where the endpoint has made sure that there is one."""
        assert self.account is not None
        return self.account


Find = Callable[[World, Request, bytes], WorldAccount | None]
Answer = Callable[[Call], Response]


def as_json(payload: object, status: int = 200) -> Response:
    """A JSON answer in UTF-8, Chinese unescaped as the platforms send it."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, media_type="application/json; charset=utf-8")


def nobody(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """For endpoints that belong to no account."""
    return None


def endpoint(path: str, platform: str, name: str, find: Find, answer: Answer, *, main: bool = False, post: bool = False) -> Route:
    """A route that plays the faults of any server before and after `answer`."""

    async def run(request: Request) -> Response:
        world: World = request.app.state.world
        body = await request.body()
        account = find(world, request, body)
        if account and world.faults.take("other_account", platform, account.key, request.url.hostname or "", name, main):
            account = next(one for one in world.accounts if one.platform == platform and one is not account)
        call = Call(world=world, platform=platform, name=name, main=main, request=request, body=body, account=account)
        _note(call)
        if slow := call.fault("slow"):
            await asyncio.sleep(float(slow.arg or 1))
        response = _broken(call) or answer(call)
        return _cut(response) if call.fault("truncated") else _mangled(call, response)

    return Route(path, run, methods=["POST"] if post else ["GET"])


def _note(call: Call) -> None:
    told = {"account": call.account.key if call.account else "", "endpoint": call.name}
    call.request.scope["world_entry"].update(told)


def _broken(call: Call) -> Response | None:
    if call.fault("http_500"):
        return Response("Internal Server Error", 500, media_type="text/plain")
    if call.fault("empty_body"):
        return Response(b"", 200, media_type="application/json")
    if call.fault("html_200"):
        return HTMLResponse("<!DOCTYPE html><html><head><title>502</title></head><body><h1>系统维护</h1></body></html>")
    return None


def _mangled(call: Call, response: Response) -> Response:
    """The answer after the faults of the way, which hit an endpoint by its name or the main one."""
    if call.fault("same_again"):
        return mangling.again(call.request, call.name, call.me.key, response)
    name = next((name for name in sorted(mangling.PLAYED_LAST) if call.fault(name)), "")
    return (mangling.instead(name) or mangling.mangled(name, call.name, response)) if name else response


def _cut(response: Response) -> Response:
    body = bytes(response.body)
    return Response(body[: len(body) // 2], response.status_code, media_type=response.media_type)


class Log(list[dict[str, Any]]):
    """Every request in order: host, path, query, method, at (monotonic seconds), account (platform:name), endpoint, status."""

    def of(self, account: str = "", endpoint: str = "", host: str = "") -> list[dict[str, Any]]:
        """The calls that match everything given."""
        wanted = {"account": account, "endpoint": endpoint, "host": host}
        return [call for call in self if all(not value or call[key] == value for key, value in wanted.items())]

    def open(self, scope: Any) -> dict[str, Any]:
        """Write a request down as it arrives; account, endpoint and status follow."""
        host = dict(scope["headers"]).get(b"host", b"").decode().partition(":")[0]
        told = {"host": host, "path": scope["path"], "query": scope["query_string"].decode(), "method": scope["method"]}
        self.append({**told, "account": "", "endpoint": "", "at": time.monotonic(), "status": 0})
        return self[-1]
