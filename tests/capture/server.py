"""A tiny TLS server that answers for every host name, with a log of what was asked of it."""

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tracker.capture import HostMap

HOSTS = ("a.test", "api.test", "foreign.test", "feed.test", "10.0.0.5", "169.254.169.254")
PAGE = """<!doctype html><title>示例发布的主页</title><body style="height:5000px">
<img src="/pixel.png"><img src="/image-without-ending"><link rel="stylesheet" href="/font.css">
<script>
fetch('/ajax/profile?id=7&msToken=' + ['planted', 'token'].join('-')).then(r => r.json());
fetch('https://foreign.test/ajax/profile').catch(() => 0);
fetch('http://a.test/plain').catch(() => 0);
fetch('/font.woff2').catch(() => 0); fetch('/film.mp4?part=1').catch(() => 0);
open('https://a.test/popup');
addEventListener('scroll', () => { if (!window.done) { window.done = 1; fetch('/ajax/list?page=2'); } });
</script><button onclick="fetch('/ajax/clicked')">评论</button></body>"""


@dataclass
class World:
    """What the server is to do, and what it was asked."""

    log: list[dict[str, Any]] = field(default_factory=list)
    fail_times: int = 0
    """How many of the next /flaky answers are 503."""
    retry_after: str = ""
    token_errcode: int = 0
    dead_tokens: int = 0
    """How many of the next API calls are answered with 40001."""
    api_html: bool = False
    issued: list[str] = field(default_factory=list)
    walls: set[str] = field(default_factory=set)

    def asked(self, path: str) -> list[dict[str, Any]]:
        return [row for row in self.log if row["path"] == path]

    def hosts(self) -> set[str]:
        return {row["host"] for row in self.log}


def app(world: World) -> Starlette:
    async def page(request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def plain(request: Request) -> Response:
        body = f"<html>{request.path_params['name']} cookie={request.headers.get('cookie', '')}</html>"
        if request.path_params["name"] in world.walls:
            body = "wall"
        return HTMLResponse(body, headers={"set-cookie": "sid=server-cookie-value", "x-token": "header-secret", "x-kept": "yes"})

    async def data(request: Request) -> Response:
        return JSONResponse({"id": 7, "path": request.url.path, "cookie": request.headers.get("cookie", "")})

    async def go(request: Request) -> Response:
        return RedirectResponse(request.query_params["to"], status_code=int(request.query_params.get("status", 302)))

    async def script_go(request: Request) -> Response:
        return HTMLResponse(f"<title>go</title><script>location.href = {json.dumps(request.query_params['to'])}</script>")

    async def flaky(request: Request) -> Response:
        world.fail_times -= 1
        headers = {"retry-after": world.retry_after} if world.retry_after else None
        return Response("fine" if world.fail_times < 0 else "busy", 200 if world.fail_times < 0 else 503, headers)

    async def big(request: Request) -> Response:
        return Response(b"x" * (17 * 1024 * 1024))

    async def slow(request: Request) -> Response:
        await asyncio.sleep(5)
        return Response("late")

    async def echo(request: Request) -> Response:
        return JSONResponse({"method": request.method, "body": (await request.body()).decode(), "host": request.headers["host"]})

    async def token(request: Request) -> Response:
        asked = await request.json()
        if world.token_errcode:
            words = f"invalid ip 203.0.113.9, secret {asked['secret']} not in whitelist"
            return JSONResponse({"errcode": world.token_errcode, "errmsg": words})
        world.issued.append(f"TOKEN-{len(world.issued)}-planted")
        return JSONResponse({"access_token": world.issued[-1], "expires_in": 7200})

    async def api(request: Request) -> Response:
        given = request.query_params.get("access_token", "")
        if world.api_html:
            return HTMLResponse("<html>busy</html>")
        if world.dead_tokens > 0:
            world.dead_tokens -= 1
            return JSONResponse({"errcode": 40001, "errmsg": f"invalid credential, access_token={given}"})
        body = (await request.body()).decode()
        return JSONResponse({"list": [], "echo": f"/x?access_token={given}", "body": body, "host": request.headers["host"]})

    async def anything(request: Request) -> Response:
        return Response("nothing here", 404)

    routes = [
        Route("/page", page),
        Route("/plain/{name}", plain),
        Route("/ajax/{rest:path}", data),
        Route("/go", go),
        Route("/script-go", script_go),
        Route("/flaky", flaky),
        Route("/big", big),
        Route("/slow", slow),
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/cgi-bin/stable_token", token, methods=["POST"]),
        Route("/datacube/{rest:path}", api, methods=["GET", "POST"]),
        Route("/{rest:path}", anything),
    ]
    found = Starlette(routes=routes)

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            row = {"host": headers.get("host", ""), "path": scope["path"], "query": scope["query_string"].decode()}
            world.log.append({**row, "cookie": headers.get("cookie", ""), "at": time.monotonic()})
        await found(scope, receive, send)

    return logged  # type: ignore[return-value]


@contextmanager
def serve(world: World) -> Iterator[HostMap]:
    """The server on a free port of 127.0.0.1 and the map that leads every host to it."""
    authority = trustme.CA()
    certificate = authority.issue_cert(*HOSTS)
    with TemporaryDirectory() as folder:
        chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
        for number, part in enumerate(certificate.cert_chain_pems):
            part.write_to_path(chain, append=number > 0)
        certificate.private_key_pem.write_to_path(key)
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            app(world), ssl_certfile=chain, ssl_keyfile=key, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        trust = ssl.create_default_context()
        authority.configure_trust(trust)
        try:
            yield HostMap(port=listener.getsockname()[1], ssl=trust)
        finally:
            server.should_exit = True
            thread.join(5)
