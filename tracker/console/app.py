"""The application: who may come in, which headers every answer carries, which pages there are (DESIGN §9)."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tracker.adapter import Adapter
from tracker.clock import Clock, now
from tracker.console import pages
from tracker.console.desk import COOKIE, Desk, Session
from tracker.console.render import STATIC, page
from tracker.console.rights import permitted
from tracker.console.signing import recognise
from tracker.errors import TrackerError
from tracker.workspace import Workspace

OPEN = ("/login", "/healthz")
"""Nothing else is open to strangers, but for what lies below /static/."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer."""

MOST_BODY = 200 * 1024 * 1024
"""Of one request: fifty phone screenshots at once."""


def create_app(ws: Workspace, adapters: Mapping[str, Adapter], session: Session, *, clock: Clock = now) -> FastAPI:
    """The console of one open workspace for one local user."""
    return app_of(Desk(ws, adapters, session, clock=clock))


def app_of(desk: Desk) -> FastAPI:
    """The console around a desk."""
    app = FastAPI(title="tracker", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.middleware("http")(_gate)
    # a page of a stranger's site must not reach us through a name that resolves to this machine
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
    app.middleware("http")(_headers)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.get("/healthz")(_health)
    app.get("/login")(_login)
    for router in pages.ROUTERS:
        app.include_router(router, dependencies=[Depends(permitted)])
    app.exception_handler(TrackerError)(_told)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(500)(_broken)
    return app


async def _headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    return _dressed(await call(request))


def _dressed(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _gate(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    desk: Desk = request.app.state.desk
    path = request.url.path
    request.state.signed = None if path.startswith("/static/") else await run_in_threadpool(recognise, desk, request)
    if not (request.state.signed or path in OPEN or path.startswith("/static/")):
        return PlainTextResponse("请用命令行窗口里给出的链接打开本页;在那个窗口按回车可取得新的链接", status_code=401)
    if request.method == "POST" and (problem := _too_much(request.headers.get("content-length"))):
        return problem
    return await call(request)


def _too_much(length: str | None) -> Response | None:
    if length is None or not length.isdecimal():
        return PlainTextResponse("没有说明大小的提交不收", status_code=411)
    if int(length) > MOST_BODY:
        return PlainTextResponse(f"一次最多提交 {MOST_BODY // 2**20} MB;请分几次上传", status_code=413)
    return None


def _health(request: Request, word: str = "") -> PlainTextResponse:
    """That the server answers; to whoever brings its word, that it is the one meant."""
    desk: Desk = request.app.state.desk
    return PlainTextResponse("here" if word and word == desk.known_as else "ok")


def _login(request: Request, t: str = "") -> Response:
    """The one-time link; it works once."""
    desk: Desk = request.app.state.desk
    cookie = desk.session.sign_in(t)
    if cookie is not None:
        answer: Response = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return answer
    if desk.session.holds(request.cookies.get(COOKIE)):
        return RedirectResponse("/", status_code=303)
    desk.wrong_link()
    return PlainTextResponse("这个链接已经用过或不对;命令行窗口里已给出新的链接", status_code=401)


def _told(request: Request, error: Exception) -> HTMLResponse:
    return page(request, "error.html", "没有做成", str(error), status=400)


def _refused(request: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "没有这个页面", 405: "这个地址不能这样用"}
    told = str(getattr(error, "detail", ""))
    standard = told in ("", "Not Found", "Method Not Allowed")
    return page(request, "error.html", "没有做成", words.get(status, told) if standard else told, status=status)


def _unreadable(request: Request, error: Exception) -> HTMLResponse:
    return page(request, "error.html", "没有做成", "表单没有填全或填得不对,请返回上一页检查", status=422)


def _broken(request: Request, error: Exception) -> Response:
    """This answer passes no middleware, so it is dressed here."""
    words = "程序出错,这一步没有做成;已保存的内容不受影响。请返回首页重试,并把命令行窗口里的说明交给维护人员"
    return _dressed(page(request, "error.html", "程序出错", words, status=500))
