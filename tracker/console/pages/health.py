"""For whoever runs the machine: whether the program can work (/readyz), and its figures (/metrics)."""

import hmac
import ipaddress

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from tracker.console.desk import Desk, OnDesk
from tracker.watch import Watch, Watched, problems
from tracker.watch.figures import TYPE

router = APIRouter()

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers by which a proxy says that somebody else asks."""


@router.get("/readyz")
def ready(desk: OnDesk) -> JSONResponse:
    """200 when the database answers and evidence can be written, else 503. Strangers learn nothing more."""
    wrong = problems(desk.ws)
    return JSONResponse({"ready": not wrong}, status_code=503 if wrong else 200)


@router.get("/metrics")
def metrics(request: Request, desk: OnDesk) -> Response:
    """The figures, for whoever brings the token of [server] metrics_token; without one set, for programs on this machine."""
    if not _may(request, desk.ws.settings.server.metrics_token):
        return PlainTextResponse("没有权限;请在 tracker.toml 里设 [server] metrics_token,并在请求里带上", status_code=401)
    return Response(watch_of(request.app).text(), media_type=TYPE)


def watched(app: FastAPI) -> Watched:
    """The console with every request timed and written into the log."""
    return Watched(app, watch_of(app))


def watch_of(app: FastAPI) -> Watch:
    """The figures of this console."""
    if not isinstance(getattr(app.state, "watch", None), Watch):
        desk: Desk = app.state.desk
        app.state.watch = Watch(lambda: desk.ws, clock=desk.clock)
    found = app.state.watch
    assert isinstance(found, Watch)  # noqa: S101 - put there above
    return found


def _may(request: Request, token: str) -> bool:
    if token:
        kind, _, told = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(told.strip().encode(), token.encode())
    # behind a proxy everybody seems to be on this machine
    return _here(request.client.host if request.client else "") and not any(name in request.headers for name in _FORWARDED)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
