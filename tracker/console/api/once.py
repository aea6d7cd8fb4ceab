"""Changes by the API: JSON alone, each under an Idempotency-Key, so that a request sent again does nothing more.

The key belongs to the user; the same key with the same request gives the stored answer for a day.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from tracker.console.api.answers import MOST_BODY
from tracker.console.desk import Desk, desk_of
from tracker.console.rights import permitted
from tracker.console.signing import Signed, signed_of
from tracker.store import Kept

SHORTEST, LONGEST = 8, 64
KEPT = timedelta(hours=24)
"""How long an answer is kept."""
STUCK = timedelta(minutes=10)
"""After so long a request without an answer has died with its server; whatever it began, doing it again does no harm."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]

OnKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=SHORTEST,
        max_length=LONGEST,
        pattern=r"^[!-~]+$",
        description="每次提交自己起的编号(8 至 64 个可见的英文字符);没收到回答时用同一个编号再发,不会做两次",
    ),
]


class Keyed(APIRoute):
    """A route whose changes are done once."""

    def get_route_handler(self) -> _Handler:
        """The route as it is for reading; around a change, the key."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await (inner(request) if request.method == "GET" else _once(request, inner))

        return handle


async def _once(request: Request, inner: _Handler) -> Response:
    # first of all: a stored answer is not for whoever has lost the right since
    await run_in_threadpool(permitted, request)
    signed, key = signed_of(request), _key(request)
    asked = _digest(request, signed, await _body(request))
    desk, login = desk_of(request), signed.person.login
    kept = await run_in_threadpool(_claim, desk, login, key, asked)
    if kept is not None:
        return _again(kept, asked)
    request.state.once = hashlib.sha256(json.dumps([login, key, asked]).encode()).hexdigest()
    done: Response | None = None
    try:
        done = await inner(request)
    finally:
        await run_in_threadpool(_settle, desk, login, key, done)
    return done


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not (SHORTEST <= len(key) <= LONGEST and all("!" <= char <= "~" for char in key)):
        raise HTTPException(400, "每次提交要在 Idempotency-Key 里带一个自己起的编号:8 至 64 个可见的英文字符,重发时用同一个")
    return key


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "提交的内容要是 JSON,并写明 Content-Type: application/json")
    body = await request.body()
    if len(body) > MOST_BODY:
        raise HTTPException(413, f"一次最多提交 {MOST_BODY // 2**20} MB")
    return body


def _digest(request: Request, signed: Signed, body: bytes) -> str:
    person = signed.person
    whose = [str(person.role), person.region, *sorted(person.organisations)]
    where = [request.method, request.url.path, request.url.query]
    return hashlib.sha256(json.dumps([whose, where, hashlib.sha256(body).hexdigest()]).encode()).hexdigest()


def _claim(desk: Desk, login: str, key: str, asked: str) -> Kept | None:
    """None = the key is ours now."""
    store, at = desk.ws.store, desk.clock()
    store.drop_requests(at - KEPT)
    found = store.begin_request(login, key, asked, at)
    if found is not None and not found.status and at - found.at >= STUCK:
        store.free_request(login, key)
        found = store.begin_request(login, key, asked, at)
    return found


def _again(kept: Kept, asked: str) -> Response:
    if kept.request != asked:
        raise HTTPException(422, "这个 Idempotency-Key 已经用在另一次提交上;请换一个编号再发")
    if not kept.status:
        raise HTTPException(409, "同一个 Idempotency-Key 的提交还在做;请过一会儿用同一个编号再发", {"Retry-After": "2"})
    return Response(kept.body, kept.status, {"Content-Type": kept.kind, "Idempotency-Replayed": "true"})


def _settle(desk: Desk, login: str, key: str, done: Response | None) -> None:
    """Keep the answer; a request that was refused or broke did nothing that a second one would do twice: its key is free."""
    if done is None or done.status_code >= 400:
        desk.ws.store.free_request(login, key)
        return
    kind = done.headers.get("content-type", "application/json")
    keep = partial(desk.ws.store.end_request, login, key)
    keep(status=done.status_code, kind=kind, body=bytes(done.body))


def once_of(request: Request) -> str:
    """A word for this very request: records that know their form by a word take it, and are made once."""
    return str(request.state.once)


def keyed(key: OnKey) -> None:
    """Tells the description of the API that the route takes the header; it was checked before."""
