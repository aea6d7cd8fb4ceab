"""Requests to the page: how long each took, by the route's own path, and a line in the log without its query."""

import time
from collections.abc import Callable
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker import logs


class Timed(Protocol):
    """Is told of every request."""

    def request(self, path: str, method: str, status: int, seconds: float) -> None:
        """One answer was given. `path` is the route's, with its parameters' names."""
        ...


class Watched:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, timed: Timed, *, ticks: Callable[[], float] = time.perf_counter) -> None:
        self._app, self._timed, self._ticks = app, timed, ticks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on and note how it went; one that fails counts as 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = self._ticks(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, status, self._ticks() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        path, method = _route(scope), str(scope["method"])
        self._timed.request(path, method, status, seconds)
        logs.told("request", path=path, method=method, status=status, seconds=round(seconds, 4))


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """`/accounts/{account_id}`; a path that no route has is told alike for all: strangers choose it."""
    found = getattr(scope.get("route"), "path", "")
    if found:
        return str(found)
    return "/static" if str(scope.get("path", "")).startswith("/static/") else "(none)"
