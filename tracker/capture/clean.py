"""Nothing secret leaves a fetcher: cookies, tokens and signatures are cut from addresses, headers and bodies."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from tracker.capture.ports import Delegate, Owner, Secret, Session
from tracker.model import Exchange

HIDDEN = "redacted"
_SECRET_PARAMS = frozenset(
    {"access_token", "refresh_token", "component_access_token", "authorizer_access_token", "appsecret", "secret"}
    | {"mstoken", "a_bogus", "x-bogus", "x_bogus", "_signature", "verifyfp", "s_v_web_id", "pass_ticket", "exportkey"}
    | {"wxtoken", "key", "uin", "csrf", "csrf_token", "csrftoken", "xsrf_token", "sessionid", "ticket"}
)
"""Names of query parameters whose values are secrets or belong to a browser session; `token` is a public id on some platforms."""
_DROPPED = re.compile(r"(?i)cookie|authori[sz]ation|token|ticket|secret|session|csrf|xsrf|passport|signature|x-ms-|logid|trace")
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
"""True of the wire only: bodies are kept as decoded."""
_TOO_SHORT = 6
"""A secret shorter than this is not searched for: it would cut innocent text."""


def url(text: str) -> str:
    """The address without user, password, and secret parameters' values."""
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return text.partition("?")[0]
    return urlunsplit((parts.scheme, host, parts.path, _query(parts.query), _query(parts.fragment)))


def _query(query: str) -> str:
    return "&".join(_param(part) for part in query.split("&"))


def _param(part: str) -> str:
    name, equals, _ = part.partition("=")
    return f"{name}={HIDDEN}" if equals and name.lower() in _SECRET_PARAMS else part


def headers(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Response headers in lower case, without cookies, anything token-like, and what is true of the wire only."""
    kept = {name.lower(): value for name, value in given}
    kept = {name: value for name, value in kept.items() if name not in _TRANSFER and not _DROPPED.search(name)}
    return {name: url(value) if name in ("location", "content-location", "link") else value for name, value in kept.items()}


def secrets_of(secret: Secret | None) -> tuple[str, ...]:
    """The literal texts that must appear nowhere, longest first."""
    match secret:
        case Owner():
            found = [secret.secret]
        case Delegate():
            found = [secret.component_secret, secret.ticket, secret.refresh_token]
        case Session():
            found = [*_values(secret.storage_state.get("cookies")), *_stored(secret.storage_state.get("origins"))]
        case None:
            found = []
    spelled = {text for value in found for text in (value, quote(value, safe="")) if len(value) >= _TOO_SHORT}
    return tuple(sorted(spelled, key=lambda text: (-len(text), text)))


def _values(rows: object) -> list[str]:
    return [str(row.get("value", "")) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _stored(origins: object) -> list[str]:
    rows = origins if isinstance(origins, list) else []
    return [value for row in rows if isinstance(row, Mapping) for value in _values(row.get("localStorage"))]


def exchange(given: Exchange, secrets: tuple[str, ...]) -> Exchange:
    """The exchange without these secrets, in any part of it."""
    return replace(
        given,
        url=_cut(url(given.url), secrets),
        title=_cut(given.title, secrets),
        headers={name: _cut(value, secrets) for name, value in headers(given.headers.items()).items()},
        body=_cut_bytes(given.body, secrets),
        ask_body=_cut_bytes(given.ask_body, secrets),
    )


def _cut(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _cut_bytes(body: bytes, secrets: tuple[str, ...]) -> bytes:
    for secret in secrets:
        body = body.replace(secret.encode(), HIDDEN.encode())
    return body
