"""What every answer of the API shares: one shape of refusal, pages of lists, the words of the errors."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tracker.console.signing import API
from tracker.errors import EvidenceDamaged, TrackerError, Transport, UsageError

_One = TypeVar("_One")

PREFIX = "/api/v1"
"""Every router of the API has it by itself: rights are told by the whole path of a route."""
MOST = 500
"""Rows of one page."""
MOST_BODY = 2**20
"""Bytes of one request."""
_MARK = 12
"""Bytes of the digest that a cursor begins with."""

CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
}
"""Status → `code`, for programs."""


class Problem(BaseModel):
    """What was wrong: a word for programs, a sentence for people."""

    code: str
    message: str


class Refusal(BaseModel):
    """The body of every answer that is not what was asked for."""

    error: Problem


class Page(BaseModel):
    """One page of a list; `next` is the address of the following one, null on the last."""

    next: str | None = Field(default=None, description="下一页的地址;没有下一页为 null")


RESPONSES: dict[int | str, dict[str, Any]] = {status: {"model": Refusal} for status in (401, 403, 404, 422, 429, 503)}
"""What any route may answer beside what it is for."""
CHANGES: dict[int | str, dict[str, Any]] = {status: {"model": Refusal} for status in (400, 409, 411, 413, 415)}
"""What a route that changes something may answer too."""


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A refusal in the one shape."""
    code = CODES.get(status, "error")
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=dict(headers or {}))


def of_api(request: Request) -> bool:
    """Whether a request is the API's, so that it is answered without a page."""
    return request.url.path.startswith(API)


def told(error: TrackerError) -> JSONResponse:
    """The program's own errors: what the asker can mend is 422, what only the office can is 503."""
    mendable = isinstance(error, UsageError) and not isinstance(error, (EvidenceDamaged, Transport))
    return refusal(422 if mendable else 503, str(error))


def refused(error: HTTPException) -> JSONResponse:
    """What the frame or a route refused; the frame's own English is said in Chinese."""
    words = {404: "没有这个地址;地址见 /api/v1/openapi.json", 405: "这个地址不能用这种方法"}
    detail = str(error.detail or "")
    standard = detail in ("", "Not Found", "Method Not Allowed") or not any(ord(char) > 127 for char in detail)
    if standard and error.status_code == 400:
        return refusal(422, "提交的内容不是能读的 JSON")
    message = words.get(error.status_code, "请求不对,没有做") if standard else detail
    return refusal(error.status_code, message, error.headers)


def unreadable(errors: Iterable[Mapping[str, Any]]) -> JSONResponse:
    """Parameters or a body that do not fit, by the places of the first few."""
    places = [".".join(str(part) for part in one.get("loc", ()) if not isinstance(part, int)) for one in errors]
    named = "、".join(dict.fromkeys(place[:60] for place in places[:5]))
    return refusal(422, f"请求里这些地方不对:{_plain(named)};写法见 /api/v1/openapi.json")


def _plain(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8")


class Paging:
    """Which page is asked for: `limit` rows after a cursor, which fits only the list and the filters that gave it."""

    def __init__(
        self,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST, description="一页几条")] = 100,
        cursor: Annotated[str, Query(max_length=4000, description="上一页 next 里的游标;原样带回")] = "",
    ) -> None:
        self.limit = limit
        self._path = request.url.path
        self._asked = sorted((name, value) for name, value in request.query_params.multi_items() if name != "cursor")
        self._whose = json.dumps([self._path, [one for one in self._asked if one[0] != "limit"]])
        self.key = self._read(cursor) if cursor else ""
        """What the cursor holds; empty = the first page."""

    def _read(self, cursor: str) -> str:
        try:
            raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
            key = raw[_MARK:].decode("utf-8")
        except ValueError as error:
            raise UsageError(_LOST) from error
        if not hmac.compare_digest(raw[:_MARK], self._mark(key)):
            raise UsageError(_LOST)
        return key

    def _mark(self, key: str) -> bytes:
        return hashlib.sha256(f"{self._whose}\n{key}".encode("utf-8", "replace")).digest()[:_MARK]

    def link(self, key: str) -> str | None:
        """Address of the page after a key; None where there is none (the key is empty)."""
        if not key:
            return None
        cursor = base64.b64encode(self._mark(key) + key.encode(), altchars=b"-_").decode("ascii")
        return f"{self._path}?{urlencode([*self._asked, ('cursor', cursor)], errors='replace')}"

    def pick(self, held: Iterable[_One], key: Callable[[_One], tuple[str, ...]]) -> tuple[list[_One], str | None]:
        """A page of a list in memory, sorted by a key of texts; what comes in between shifts nothing."""
        ordered = sorted(held, key=key)
        if self.key:
            after = tuple(self._texts())
            ordered = [one for one in ordered if key(one) > after]
        rows = ordered[: self.limit]
        more = len(ordered) > len(rows)
        return rows, self.link(json.dumps(key(rows[-1]), ensure_ascii=False)) if more else None

    def _texts(self) -> Sequence[str]:
        try:
            found = json.loads(self.key)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise UsageError(_LOST)
        return found

    def number(self) -> int | None:
        """The key as a number; None = the first page. Raises UsageError."""
        if self.key and not (self.key.isascii() and self.key.isdecimal() and len(self.key) < 16):
            raise UsageError(_LOST)
        return int(self.key) if self.key else None


_LOST = "游标不对:被改过,或者不是这个列表、这些条件给的;请从第一页再取"

OnPaging = Annotated[Paging, Depends(Paging)]


def by_number(number: int) -> tuple[str, ...]:
    """A key that sorts texts as numbers."""
    return (f"{number:015d}",)
