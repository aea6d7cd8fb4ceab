"""What any server can do to its own answer on the way: cut the line, lead away, swell, change its shape, repeat itself."""

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATUSES = (403, 404, 414, 418, 429, 432, 503)
AWAY: Mapping[str, str] = {
    "redirect_foreign": "https://elsewhere.example/login",
    "redirect_private": "https://10.0.0.5/",
    "redirect_link_local": "https://169.254.169.254/latest/meta-data/",
    "redirect_this_machine": "https://127.0.0.1/",
    "redirect_clear_text": "http://elsewhere.example/",
}
"""Fault → where its redirect leads."""
SWELL = 8 * 1024 * 1024
"""Bytes of a body that is merely long."""
BOMB = 64 * 1024 * 1024
"""Bytes that a gzip bomb unpacks to."""
ROWS: Mapping[str, tuple[str, ...]] = {
    "mymblog": ("data", "list"),
    "feed": ("data",),
    "works": ("aweme_list",),
    "totaldetail": ("list",),
    "freepublish": ("item",),
}
"""Endpoint → where its rows stand."""
DATES = frozenset({"created_at", "create_time", "publish_time", "behot_time", "ref_date", "publishTime", "update_time"})
MORE: Mapping[str, object] = {"has_more": True, "since_id": "4kp2"}
_LATER = 500 * 86400
"""Seconds by which `future_dates` is ahead."""
_FUTURE_TEXT = {"ref_date": "2028-03-20", "created_at": "Mon Mar 20 09:30:15 +0800 2028"}


class Reset(Response):
    """No answer: the connection is cut before a byte of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _cut(scope)


class BrokenOff(Response):
    """Half of the announced bytes, then the connection is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: len(self.body) // 2], "more_body": True})
        await _cut(scope)


async def _cut(scope: Scope) -> None:
    scope["world_cut"]()
    await asyncio.sleep(0.01)  # the server takes the loss of the connection in


def instead(name: str) -> Response | None:
    """The answer that such a fault gives in place of any other; None where it changes the true one."""
    if name in AWAY:
        return Response(b"", 302, {"location": AWAY[name]})
    if name == "reset":
        return Reset()
    if name.startswith("http_"):
        return Response(b"", int(name.removeprefix("http_")), media_type="text/html; charset=utf-8")
    return None


def _broken_off(answer: Response) -> Response:
    return BrokenOff(answer.body, answer.status_code, media_type=answer.media_type)


def _swollen(answer: Response) -> Response:
    body = bytes(answer.body)
    return _like(answer, body + (b" " * SWELL if _is_json(answer) else b"<!--" + b"=" * SWELL + b"-->"))


@cache
def _packed(body: bytes) -> bytes:
    return gzip.compress(body + b" " * BOMB)


def _bomb(answer: Response) -> Response:
    told = _like(answer, _packed(bytes(answer.body)))
    told.headers["content-encoding"] = "gzip"
    return told


def _gbk_body(answer: Response) -> Response:
    return _like(answer, bytes(answer.body).decode("utf-8").encode("gb18030"))


def _gbk_header(answer: Response) -> Response:
    told = _like(answer, bytes(answer.body))
    told.headers["content-type"] = f"{(answer.media_type or 'text/html').partition(';')[0]}; charset=gbk"
    return told


def _is_json(answer: Response) -> bool:
    return "json" in (answer.media_type or "")


def _like(answer: Response, body: bytes) -> Response:
    return Response(body, answer.status_code, media_type=answer.media_type)


BYTES: Mapping[str, Callable[[Response], Response]] = {
    "broken_off": _broken_off,
    "big_body": _swollen,
    "gzip_bomb": _bomb,
    "gbk_body": _gbk_body,
    "gbk_header": _gbk_header,
}

Row = dict[str, Any]


def _new_field(rows: list[Row]) -> object:
    return [{"banner": {"kind": 7, "text": "新栏目"}, **row, "ext_v2": [1, 2]} for row in rows]


def _new_row(rows: list[Row]) -> object:
    return [{"kind": "banner", "text": "活动专区"}, *rows]


def _deeper(rows: list[Row]) -> object:
    return [{"kind": "card", "inner": row} for row in rows]


def _object(rows: list[Row]) -> object:
    return {str(n): row for n, row in enumerate(rows)}


def _numbers_as_text(rows: list[Row]) -> object:
    return [{key: str(v) if isinstance(v, int) and not isinstance(v, bool) else v for key, v in row.items()} for row in rows]


def _odd_dates(rows: list[Row]) -> object:
    return [{key: {"text": str(value)} if key in DATES else value for key, value in row.items()} for row in rows]


def _no_dates(rows: list[Row]) -> object:
    return [{key: value for key, value in row.items() if key not in DATES} for row in rows]


def _future(rows: list[Row]) -> object:
    return [{key: _later(key, value) if key in DATES else value for key, value in row.items()} for row in rows]


def _later(key: str, value: object) -> object:
    return value + _LATER if isinstance(value, int) else _FUTURE_TEXT.get(key, value)


def _twice(rows: list[Row]) -> object:
    return [row for one in rows for row in (one, one)]


def _oldest_first(rows: list[Row]) -> object:
    return rows[::-1]


SHAPES: Mapping[str, Callable[[list[Row]], object]] = {
    "new_field": _new_field,
    "new_row": _new_row,
    "rows_deeper": _deeper,
    "rows_as_object": _object,
    "numbers_as_text": _numbers_as_text,
    "odd_dates": _odd_dates,
    "no_dates": _no_dates,
    "future_dates": _future,
    "rows_twice": _twice,
    "oldest_first": _oldest_first,
    "rows_none": lambda rows: [],
}
"""Faults of the rows of a list."""
WHOLE = frozenset({"same_again", "rows_renamed", "other_account"})
"""Faults of the whole list answer; `other_account` is played before the answer is made."""
NAMES = frozenset({*AWAY, *BYTES, *SHAPES, *WHOLE, "reset", *(f"http_{status}" for status in STATUSES)})

PLAYED_LAST = NAMES - {"same_again", "other_account"}
"""Those that change an answer once it is made."""


def mangled(name: str, endpoint: str, answer: Response) -> Response:
    """The answer as the fault leaves it; unchanged where it has no rows to change."""
    if name in BYTES:
        return BYTES[name](answer)
    told = _rows(endpoint, answer)
    if told is None:
        return answer
    whole, holder, key = told
    if name in SHAPES:
        holder[key] = SHAPES[name](holder[key])
    if name == "rows_renamed":
        holder[f"{key}_v2"] = holder.pop(key)
    if name == "rows_none":
        whole |= {"has_more": 0} if "has_more" in whole else {}
    return _like(answer, json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def _rows(endpoint: str, answer: Response) -> tuple[Row, Row, str] | None:
    *way, key = ROWS.get(endpoint, ("",))
    try:
        whole = json.loads(bytes(answer.body))
        holder = whole
        for step in way:
            holder = holder[step]
        return (whole, holder, key) if isinstance(holder[key], list) else None
    except (ValueError, KeyError, TypeError):
        return None


def again(request: Request, endpoint: str, account: str, answer: Response) -> Response:
    """The first answer of this endpoint, whatever is asked for, and always with more to come."""
    held: dict[tuple[str, str], Response] = request.app.state.held
    if (endpoint, account) not in held:
        told = _rows(endpoint, answer)
        if told is not None:
            whole, holder, _ = told
            whole |= {name: more for name, more in MORE.items() if name in whole}
            holder |= {name: more for name, more in MORE.items() if name in holder}
            answer = _like(answer, json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
        held[endpoint, account] = answer
    return held[endpoint, account]
