"""The application: who may come in, which headers every answer carries, which pages there are (DESIGN §9)."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tracker import audit
from tracker.adapter import Adapter
from tracker.clock import Clock, now
from tracker.console import api, pages
from tracker.console.api import answers
from tracker.console.api.described import BEARER
from tracker.console.api.pace import Buckets, paced
from tracker.console.desk import Desk, Session
from tracker.console.render import STATIC, page
from tracker.console.rights import permitted
from tracker.console.signing import Signed, address_of, recognise
from tracker.errors import TrackerError
from tracker.workspace import Workspace

OPEN = ("/login", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json")
"""Nothing else is open to strangers, but for what lies below /static/."""

OPEN_TO_WORDS = ("/first", "/invite", "/oidc/start", "/oidc/callback")
"""Where there are many people: open to whoever brings a one-time word, or fetches one from the office's own sign-on."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer."""

HSTS = "max-age=31536000"
"""Where browsers come by https: they shall never come otherwise (RFC 6797)."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; every other is a row of the audit log."""

MOST_BODY = 200 * 1024 * 1024
"""Of one request: fifty phone screenshots at once."""


def create_app(ws: Workspace, adapters: Mapping[str, Adapter], session: Session, *, clock: Clock = now) -> FastAPI:
    """The console of one open workspace for one local user."""
    return app_of(Desk(ws, adapters, session, clock=clock))


def app_of(desk: Desk) -> FastAPI:
    """The console around a desk."""
    app = FastAPI(title="tracker", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk, app.state.buckets = desk, Buckets()
    app.middleware("http")(_gate)
    # a page of a stranger's site must not reach us through a name that resolves to this machine
    hosts = ["127.0.0.1", "localhost", *(desk.ws.settings.server.hosts if desk.door else ())]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.middleware("http")(_headers)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.get("/healthz", include_in_schema=False)(_health)
    for router in pages.OPEN_ROUTERS:
        app.include_router(router, include_in_schema=False)
    for router in pages.ROUTERS:
        app.include_router(router, include_in_schema=False, dependencies=[Depends(permitted)])
    for router in api.OPEN_ROUTERS:
        app.include_router(router)
    for router in api.ROUTERS:
        app.include_router(router, dependencies=[Depends(one) for one in (BEARER, permitted, paced)], responses=answers.RESPONSES)
    app.exception_handler(TrackerError)(_told)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(500)(_broken)
    return app


async def _headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    desk: Desk = request.app.state.desk
    answer = await call(request)
    if desk.door and desk.ws.settings.server.https:
        answer.headers["Strict-Transport-Security"] = HSTS
    return _dressed(answer)


def _dressed(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _gate(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    desk: Desk = request.app.state.desk
    path = request.url.path
    if path.startswith("/static/"):
        request.state.signed = None
        return await call(request)
    try:
        signed = request.state.signed = await run_in_threadpool(recognise, desk, request)
    except TrackerError as error:
        return _plain(request, 503, str(error))
    if not (signed or path in OPEN or (desk.door and path in OPEN_TO_WORDS)):
        return _stranger(desk, request)
    if request.method in ("POST", "PUT", "PATCH") and (problem := _too_much(request)):
        return problem
    if signed is None or request.method in READING:
        return await call(request)
    return await _audited(desk, request, signed, call)


def _stranger(desk: Desk, request: Request) -> Response:
    """Where there are many a page leads to the form and from there back; nothing is told of what lies behind."""
    if desk.door is None and answers.of_api(request):
        return answers.refusal(401, "一个人用的时候没有接口;要用接口,请在 tracker.toml 里写 [server] many = true")
    if desk.door is None:
        return PlainTextResponse("请用命令行窗口里给出的链接打开本页;在那个窗口按回车可取得新的链接", status_code=401)
    if answers.of_api(request):
        return answers.refusal(401, "请在 Authorization 里带上令牌:Bearer trk_…", {"WWW-Authenticate": "Bearer"})
    if "hx-request" in request.headers:
        return PlainTextResponse("请重新登录", status_code=401, headers={"HX-Redirect": "/login"})
    if request.method not in READING:
        return PlainTextResponse("还没有登录,或者离开太久;没有保存。请登录后再试", status_code=401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(wanted, safe='')}" if wanted != "/" else "/login", status_code=303)


async def _audited(desk: Desk, request: Request, signed: Signed, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """The answer to a change, after its row in the audit log of the workspace on screen (`audit.keep` on the order)."""
    ws, status = desk.ws, 500
    try:
        answer = await call(request)
        status = answer.status_code
    finally:
        route = getattr(request.scope.get("route"), "path", "")
        action = f"{request.method} {route or '(no route)'}" + (f" token {signed.token}" if signed.token else "")
        given = request.scope.get("path_params", {})
        targets = " ".join([*(f"{name}={value}" for name, value in given.items()), *getattr(request.state, "targets", ())])
        told = {"targets": targets, "address": address_of(request)}
        await run_in_threadpool(partial(audit.keep, ws.store, desk.clock(), signed.person, action, str(status), **told))
    return answer


def _too_much(request: Request) -> Response | None:
    length, most = request.headers.get("content-length"), answers.MOST_BODY if answers.of_api(request) else MOST_BODY
    if length is None or not (length.isascii() and length.isdecimal()):
        return _plain(request, 411, "没有说明大小的提交不收")
    if len(length) > 12 or int(length) > most:
        return _plain(request, 413, f"一次最多提交 {most // 2**20} MB;请分几次上传")
    return None


def _plain(request: Request, status: int, words: str) -> Response:
    """One sentence, without a page around it."""
    return answers.refusal(status, words) if answers.of_api(request) else PlainTextResponse(words, status_code=status)


def _health(request: Request, word: str = "") -> PlainTextResponse:
    """That the server answers; to whoever brings its word, that it is the one meant."""
    desk: Desk = request.app.state.desk
    return PlainTextResponse("here" if word and word == desk.known_as else "ok")


def _told(request: Request, error: Exception) -> Response:
    if answers.of_api(request) and isinstance(error, TrackerError):
        return answers.told(error)
    return page(request, "error.html", "没有做成", str(error), status=400)


def _refused(request: Request, error: Exception) -> Response:
    if answers.of_api(request) and isinstance(error, HTTPException):
        return answers.refused(error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "没有这个页面", 405: "这个地址不能这样用"}
    told = str(getattr(error, "detail", ""))
    standard = told in ("", "Not Found", "Method Not Allowed")
    return page(request, "error.html", "没有做成", words.get(status, told) if standard else told, status=status)


def _unreadable(request: Request, error: Exception) -> Response:
    if answers.of_api(request) and isinstance(error, RequestValidationError):
        return answers.unreadable(error.errors())
    return page(request, "error.html", "没有做成", "表单没有填全或填得不对,请返回上一页检查", status=422)


def _broken(request: Request, error: Exception) -> Response:
    """This answer passes no middleware, so it is dressed here."""
    words = "程序出错,这一步没有做成;已保存的内容不受影响。请返回首页重试,并把命令行窗口里的说明交给维护人员"
    if answers.of_api(request):
        return _dressed(answers.refusal(500, "程序出错,这一步没有做成;已保存的内容不受影响"))
    return _dressed(page(request, "error.html", "程序出错", words, status=500))
