"""GET /openapi.json: how the API is used, open to whoever writes a program for it."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBearer

from tracker import __version__
from tracker.console.api.answers import PREFIX

router = APIRouter(prefix=PREFIX, include_in_schema=False)

BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="网页上“我的账户”里做的令牌:Authorization: Bearer trk_…")
"""Tells the description how one comes in; who it is, is found out at the gate."""


@router.get("/openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    """The description as OpenAPI 3.1."""
    return description(request.app)


def description(app: FastAPI) -> dict[str, Any]:
    """The description of the API's routes alone; the pages, which are for people, are left out where they are included."""
    return get_openapi(title="tracker", version=__version__, summary="政务新媒体巡检:接口", routes=app.routes)
