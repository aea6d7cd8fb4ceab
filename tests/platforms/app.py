"""The fake platforms: one ASGI application that answers by Host header as the real hosts do for a seeded world."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Host, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.platforms import douyin, feed, toutiao, weibo, weibo_mobile, weixin_api, weixin_page
from tests.platforms.endpoint import Log
from tests.platforms.world import World

HOSTS: dict[str, list[BaseRoute]] = {
    "weibo.com": weibo.routes(),
    "www.weibo.com": weibo.routes(),
    "m.weibo.cn": weibo_mobile.routes(),
    "mp.weixin.qq.com": weixin_page.routes(),
    "api.weixin.qq.com": weixin_api.routes(),
    "www.toutiao.com": toutiao.routes(),
    "m.toutiao.com": toutiao.mobile_routes(),
    "www.douyin.com": douyin.routes(),
    feed.HOST: feed.routes(),
}


async def _asset(request: Request) -> Response:
    return Response(b"", 404)


async def _passport(request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>登录</title><form>请登录</form>")


async def _elsewhere(request: Request) -> Response:
    return Response("no such host in this world", 404, media_type="text/plain")


class Platforms:
    """The application; `log` holds every request in order, `world.faults` may be changed at any time."""

    def __init__(self, world: World) -> None:
        assets = [Route(path, _asset) for path in ("/favicon.ico", "/robots.txt", "/static/{rest:path}")]
        routes: list[BaseRoute] = [Host(host, Router([*assets, *own])) for host, own in HOSTS.items()]
        routes += [
            Host("passport.weibo.com", Router([Route("/{rest:path}", _passport)])),
            Mount("/", app=Route("/{rest:path}", _elsewhere)),
        ]
        self.world, self.log = world, Log()
        self._app: ASGIApp = Starlette(routes=routes)
        self._app.state.world = world  # type: ignore[attr-defined]  # Starlette gives every application a state
        self._app.state.held = {}  # type: ignore[attr-defined]  # the same

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        entry = self.log.open(scope)
        scope["world_entry"] = entry
        # uvicorn hands over the bound method of a cycle that knows its connection
        scope["world_cut"] = lambda: send.__self__.transport.abort()  # type: ignore[attr-defined]

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)

        await self._app(scope, receive, noted)
