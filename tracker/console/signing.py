"""Who is signed in at a request. Pages take it as `signed: OnPerson`."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request

from tracker.console.desk import COOKIE, Desk
from tracker.people import Person, local
from tracker.signin import Came

API = "/api/"
"""Below it a token opens, and nothing else does where there are many; above it only the cookie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A person at a browser or with a token."""

    person: Person
    csrf: str
    """For the hidden field of every form; empty with a token, which needs none."""
    token: str = ""
    """Name of the API token that came with the request; empty = a browser."""
    came: Came | None = None
    """The session, where there are many and a browser came."""


def cookie_name(desk: Desk) -> str:
    """Name of the session's cookie; with https one that no other host and no http page can set (RFC 6265bis §4.1.3)."""
    return f"__Host-{COOKIE}" if desk.door and desk.ws.settings.server.https else COOKIE


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy, what the proxy says."""
    return request.client.host if request.client else ""


def recognise(desk: Desk, request: Request) -> Signed | None:
    """Who comes with this request; None = a stranger. Raises UsageError when the database does not answer."""
    if request.url.path.startswith(API):
        return _by_token(desk, request.headers.get("authorization", ""))
    cookie = request.cookies.get(cookie_name(desk), "")
    if desk.door is None:
        if not desk.session.holds(cookie):
            return None
        return Signed(person=local(desk.ws.settings.inspector), csrf=desk.session.csrf)
    came = desk.door.came(cookie)
    return Signed(person=came.user.person, csrf=came.csrf, came=came) if came else None


def _by_token(desk: Desk, told: str) -> Signed | None:
    """A cookie is no way into the API: so no page of a stranger can use it through somebody's browser."""
    kind, _, word = told.partition(" ")
    found = desk.door.by_token(word.strip()) if desk.door and kind.lower() == "bearer" else None
    return Signed(person=found[0], csrf="", token=found[1].name) if found else None


def signed_of(request: Request) -> Signed:
    """Who is signed in. Raises HTTPException 401 for a stranger."""
    found = maybe_signed(request)
    if found is None:
        raise HTTPException(401, "请先登录")
    return found


def maybe_signed(request: Request) -> Signed | None:
    """Who is signed in; None = a stranger at one of the open pages."""
    found = getattr(request.state, "signed", None)
    return found if isinstance(found, Signed) else None


OnPerson = Annotated[Signed, Depends(signed_of)]


def checked(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a change that does not carry the session's word: `dependencies=[Depends(checked)]` on every POST."""
    signed = signed_of(request)
    if not signed.csrf or not hmac.compare_digest(csrf.encode(), signed.csrf.encode()):
        raise HTTPException(403, "页面已过期,请返回上一页刷新后再试")


def from_here(request: Request) -> None:
    """Refuse a form that another site sent: for the forms of strangers, who have no word yet. Only browsers say whence."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    # an origin of http is as good behind a proxy that speaks https: the host is what counts
    other = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if site not in (None, "same-origin", "none") or other:
        raise HTTPException(403, "这个表单不是从本页面提交的,没有收;请从登录页重新打开")
