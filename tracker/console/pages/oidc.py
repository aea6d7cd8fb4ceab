"""The way to the office's own sign-on and back."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.login import door_of, give_cookie, ours
from tracker.console.render import page
from tracker.console.signing import address_of
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.signin.oidc import SignOn

open_router = APIRouter()
BROWSER = "tracker-sign-on"
"""Cookie that says that whoever comes back is who went; other than the session's it comes along from the provider's site."""
_SECONDS = 600


@open_router.get("/oidc/start")
def start(request: Request, desk: OnDesk, next: str = "") -> RedirectResponse:
    """Off to the provider."""
    address, flow = _sign_on(desk).begin(_back(request, desk), ours(next))
    answer = RedirectResponse(address, status_code=303)
    secure = desk.ws.settings.server.https
    answer.set_cookie(BROWSER, flow.browser, max_age=_SECONDS, httponly=True, samesite="lax", secure=secure, path="/oidc")
    return answer


@open_router.get("/oidc/callback")
def callback(request: Request, desk: OnDesk, state: str = "", code: str = "") -> HTMLResponse:
    """Back from there. The page goes on by itself: a cookie that is for this site alone is not sent on another's redirect."""
    door, sign_on = door_of(desk), _sign_on(desk)
    try:
        flow, claims = sign_on.end(state, request.cookies.get(BROWSER, ""), code)
        user = sign_on.user(desk.ws.store, claims)
    except UsageError:
        door.note(None, "sign-in by office", "failed", address_of(request))
        raise
    came = door.let_in(user, address=address_of(request), agent=request.headers.get("user-agent", ""), how="sign-in by office")
    answer = page(request, "signed_on.html", "已登录", flow.next)
    give_cookie(desk, answer, came)
    answer.delete_cookie(BROWSER, path="/oidc")
    return answer


def _back(request: Request, desk: Desk) -> str:
    scheme = "https" if desk.ws.settings.server.https else request.url.scheme
    return f"{scheme}://{quote(request.url.netloc, safe=':[]')}/oidc/callback"


def _sign_on(desk: Desk) -> "SignOn":
    if desk.sign_on is None or desk.door is None:
        raise UsageError("没有设置统一身份认证;请用登录名和密码登录")
    return desk.sign_on
