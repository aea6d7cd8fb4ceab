"""Who is signed in at a request. Pages take it as `signed: OnPerson`."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request

from tracker.console.desk import COOKIE, Desk
from tracker.people import Person, local


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A person at a browser or with a token."""

    person: Person
    csrf: str
    """For the hidden field of every form; empty with a token, which needs none."""
    token: str = ""
    """Name of the API token that came with the request; empty = a browser."""


def recognise(desk: Desk, request: Request) -> Signed | None:
    """Who comes with this request; None = a stranger."""
    if desk.session.holds(request.cookies.get(COOKIE)):
        return Signed(person=local(desk.ws.settings.inspector), csrf=desk.session.csrf)
    return None


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
