"""The owner's interface through wechatpy: tokens are kept here and nowhere else (DESIGN §5).

What wechatpy lacks or does wrong is set right here (toolchain.md): no automatic retry (it recurses), a timeout, the
`stable_token` that leaves the unit's own system logged in, one refresh of a dead token, raw bytes by a response hook.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage

from tracker.adapter import Ask
from tracker.capture import clean
from tracker.capture.guard import Guard, Refused
from tracker.capture.http import BODY_CAP, USER_AGENT
from tracker.capture.ports import Delegate, HostMap, Owner, Tools
from tracker.capture.retry import Unanswered, persist
from tracker.clock import Clock
from tracker.errors import Transport
from tracker.model import Exchange, Visit

TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 - a path, no secret
COMPONENT_PATH = "/cgi-bin/component/api_component_token"
AUTHORIZER_PATH = "/cgi-bin/component/api_authorizer_token"
TIMEOUT = 30.0
"""Seconds for one call; wechatpy's own default is to wait for ever."""
# urllib3 logs every address at level DEBUG, and the token stands in the address
logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)
_DEAD_TOKEN = frozenset({40001, 40014, 42001})
_BUSY = -1
_T = TypeVar("_T")
_EARLY = timedelta(minutes=5)
"""A token is renewed so long before its end."""


class OwnerFetcher:
    """Calls of one account's owner interface. The token comes from the host that is asked, which the guard must list."""

    def __init__(
        self,
        owner: Owner | Delegate,
        guard: Guard,
        *,
        tools: Tools,
        timeout: float = TIMEOUT,
    ) -> None:
        self._guard, self._tools = guard, tools
        self._secrets = clean.secrets_of(owner)
        self._client = _Client(owner, guard.host_map, timeout=timeout, clock=tools.clock)

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """One exchange: the interface's answer without any token, or the error (`errcode`, `errmsg`) that refused us a token."""
        found = await persist(lambda: self._once(ask), lambda why: self._failed(ask, why), tools=self._tools)
        return [clean.exchange(found, (*self._client.tokens(), *self._secrets))]

    async def close(self) -> None:
        """Close the connections and forget the token."""
        self._client.forget()

    def _failed(self, ask: Ask, why: str) -> Exchange:
        return self._exchange(ask, 0, why.encode(), {})

    def _exchange(self, ask: Ask, status: int, body: bytes, headers: dict[str, str]) -> Exchange:
        return Exchange(
            page=ask.page,
            url=ask.url,
            status=status,
            body=body,
            at=self._tools.clock(),
            headers=headers,
            method=ask.method,
            ask_body=ask.body,
        )

    async def _once(self, ask: Ask) -> Exchange:
        try:
            self._guard.check(ask.url)
            await self._guard.check_public(ask.url)
            return await asyncio.to_thread(self._call, ask)
        except Refused as error:
            return self._failed(ask, str(error))

    def _call(self, ask: Ask) -> Exchange:
        """In a thread: the call, and once more with a fresh token when the interface calls the token dead."""
        try:
            found = self._send(ask)
            if _errcode(found.body) in _DEAD_TOKEN:
                self._client.drop_token()
                found = self._send(ask)
        except _NoToken as error:
            return self._exchange(ask, 200, error.body, {"content-type": "application/json", "x-tracker-stage": "token"})
        if found.status >= 500 or _errcode(found.body) in (None, _BUSY):
            raise Unanswered(found)
        return found

    def _send(self, ask: Ask) -> Exchange:
        answer = self._client.answer(ask)
        if len(answer.content) > BODY_CAP:
            raise Transport("应答过长,未读取")
        return self._exchange(ask, answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})


def _errcode(body: bytes) -> int | None:
    """The answer's `errcode`, 0 where it has none; None when it is no JSON object (HTML with status 200, guard 14)."""
    try:
        told = json.loads(body)
        return int(told.get("errcode", 0)) if isinstance(told, dict) else None
    except (ValueError, TypeError):
        return None


class _NoToken(Exception):
    """没有拿到令牌: `body` is the interface's refusal, cut down to its code and words."""

    def __init__(self, told: dict[str, object]) -> None:
        super().__init__("no token")
        self.body = json.dumps({"errcode": told.get("errcode"), "errmsg": told.get("errmsg", "")}, ensure_ascii=False).encode()


class _Tokens(SessionStorage):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's session with an expiry of our own; what was ever held is remembered, to be cut out of answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, tuple[str, datetime]] = {}
        self.ever: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:
        value, until = self._held.get(key, ("", None))
        return value if until and self._clock() < until else default

    def set(self, key: str, value: str, ttl: int | None = None) -> None:
        self.ever.add(value)
        self._held[key] = (value, self._clock() + timedelta(seconds=ttl or 0) - _EARLY)

    def delete(self, key: str) -> None:
        self._held.pop(key, None)


class _Client(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    def __init__(self, owner: Owner | Delegate, host_map: HostMap | None, *, timeout: float, clock: Clock) -> None:
        self._tokens, self._owner = _Tokens(clock), owner
        super().__init__(owner.appid, "", session=self._tokens, timeout=timeout, auto_retry=False)
        self._root = ""
        self._refresh = owner.refresh_token if isinstance(owner, Delegate) else ""
        # A proxy or a .netrc of the environment must not see the owner's secret
        self._http.trust_env = False
        self._http.headers["User-Agent"] = USER_AGENT
        if host_map:
            self._http.mount("https://", _Mapped(host_map))

    def fetch_access_token(self) -> dict[str, object]:
        told, token = self._own_token(self._owner) if isinstance(self._owner, Owner) else self._delegated(self._owner)
        ttl = told.get("expires_in")
        self._tokens.set(self.access_token_key, token, ttl if isinstance(ttl, int) else 7200)
        return told

    def _own_token(self, owner: Owner) -> tuple[dict[str, object], str]:
        sent = {"grant_type": "client_credential", "appid": owner.appid, "secret": owner.secret, "force_refresh": False}
        return self._token(TOKEN_PATH, sent, "access_token")

    def _delegated(self, owner: Delegate) -> tuple[dict[str, object], str]:
        """The token of an authoriser, by way of the platform's own (the open platform's manual, 授权流程)."""
        own = {"component_appid": owner.component, "component_appsecret": owner.component_secret}
        sent = {**own, "component_verify_ticket": owner.ticket}
        _, platform = self._token(COMPONENT_PATH, sent, "component_access_token")
        self._tokens.ever.add(platform)
        sent = {"component_appid": owner.component, "authorizer_appid": owner.appid, "authorizer_refresh_token": self._refresh}
        told, token = self._token(f"{AUTHORIZER_PATH}?component_access_token={quote(platform)}", sent, "authorizer_access_token")
        self._renew(owner, told.get("authorizer_refresh_token"))
        return told, token

    def _renew(self, owner: Delegate, told: object) -> None:
        if isinstance(told, str) and told and told != self._refresh:
            self._refresh = told
            self._tokens.ever.add(told)
            owner.renewed(told)

    def _token(self, path: str, sent: Mapping[str, object], name: str) -> tuple[dict[str, object], str]:
        """What a token interface answers, and its token. Raises Transport or _NoToken."""
        url = f"{self._root}{path}"
        told = _object(_reached(lambda: self._http.post(url, json=sent, timeout=self.timeout, allow_redirects=False)))
        if not told.get(name):
            raise _NoToken(told)
        return told, str(told[name])

    def answer(self, ask: Ask) -> requests.Response:
        """The raw answer to an ask, with a token; whatever wechatpy thinks of it. Raises Transport or _NoToken."""
        self._root = f"https://{urlsplit(ask.url).hostname}"
        seen: list[requests.Response] = []

        def keep(response: requests.Response, *_: object, **__: object) -> None:
            seen.append(response)

        headers = {"Content-Type": "application/json", **ask.headers}
        try:
            _reached(lambda: self._ask(ask, hooks={"response": keep}, allow_redirects=False, headers=headers))
        except WeChatClientException:
            # An errcode is an answer: the adapter reads it from the bytes
            if not seen:
                raise Transport("所有者接口没有应答") from None
        return seen[-1]

    def _ask(self, ask: Ask, **options: object) -> object:
        return self._request(ask.method.lower(), ask.url, data=ask.body or None, **options)

    def tokens(self) -> tuple[str, ...]:
        """Every token that was ever held, to be cut out of answers."""
        return tuple(sorted(self._tokens.ever))

    def drop_token(self) -> None:
        """Ask for a new token before the next call."""
        self._tokens.delete(self.access_token_key)

    def forget(self) -> None:
        """Close the connections and drop the token."""
        self.drop_token()
        self._http.close()


def _reached(call: Callable[[], _T]) -> _T:
    try:
        return call()
    except requests.Timeout:
        raise Transport("所有者接口超时") from None
    except requests.RequestException as error:
        # The library's message quotes the address, token and all: it must not travel on
        raise Transport(f"连不上所有者接口({type(error).__name__})") from None


def _object(answer: requests.Response) -> dict[str, object]:
    try:
        told = answer.json()
    except ValueError:
        raise Transport(f"令牌接口应答{answer.status_code},不是 JSON") from None
    if not isinstance(told, dict) or told.get("errcode") == _BUSY:
        raise Transport("令牌接口繁忙")
    return told


class _Mapped(HTTPAdapter):
    """Tests only: the interface's host answered at 127.0.0.1, under its own name and certificate."""

    def __init__(self, host_map: HostMap) -> None:
        self._map = host_map
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Where to connect, and under which name to check the certificate."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = host["host"]
        pool |= {"ssl_context": self._map.ssl, "server_hostname": name, "assert_hostname": name}
        return {**host, "host": "127.0.0.1", "port": self._map.port}, pool

    def add_headers(self, request: Any, **_: Any) -> None:
        """The real host's name: the connection only knows 127.0.0.1."""
        request.headers["Host"] = urlsplit(request.url).hostname
