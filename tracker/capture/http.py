"""Plain requests through aiohttp: every redirect is looked at before it is followed, bodies have a cap."""

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import aiohttp

from tracker.adapter import Ask
from tracker.capture import clean
from tracker.capture.guard import Guard, PublicResolver, Refused
from tracker.capture.ports import HostMap, Secret, Session, Tools
from tracker.capture.retry import Unanswered, persist, retry_after
from tracker.errors import Transport
from tracker.model import Exchange, Visit

BODY_CAP = 16 * 1024 * 1024
"""Bytes; the longest real page is about 4 MB."""
HOPS = 5
USER_AGENT = "Mozilla/5.0 (compatible; gov-newmedia-tracker/0.1)"
TIMEOUT = aiohttp.ClientTimeout(total=90, connect=15, sock_read=30)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def open_session(host_map: HostMap | None = None, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> aiohttp.ClientSession:
    """A client without cookie jar, proxy or redirects, that connects to public addresses only. The caller closes it."""
    connector = aiohttp.TCPConnector(
        resolver=PublicResolver(host_map), ssl=host_map.ssl if host_map else True, use_dns_cache=False, limit=20
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        timeout=timeout,
        headers={"User-Agent": USER_AGENT, "Accept-Language": "zh-CN,zh;q=0.9"},
    )


class HttpFetcher:
    """Plain requests of one lane to the hosts of one guard."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        guard: Guard,
        *,
        tools: Tools,
        secret: Secret | None = None,
    ) -> None:
        self._client, self._guard, self._tools = client, guard, tools
        self._cookies = _cookies(secret)
        self._secrets = clean.secrets_of(secret)

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """One exchange: the answer, a redirect that was not followed (3xx with `location`), or status 0 with the reason."""
        found = await persist(lambda: self._once(ask), lambda why: self._failed(ask, why), tools=self._tools)
        return [clean.exchange(found, self._secrets)]

    async def close(self) -> None:
        """Nothing: the client is shared."""

    def _failed(self, ask: Ask, why: str) -> Exchange:
        return Exchange(page=ask.page, url=ask.url, status=0, body=why.encode(), at=self._tools.clock(), method=ask.method)

    async def _once(self, ask: Ask) -> Exchange:
        try:
            self._guard.check(ask.url)
            return await self._follow(ask)
        except Refused as error:
            return self._failed(ask, str(error))
        except TimeoutError as error:
            raise Transport("连接超时") from error
        except aiohttp.ClientError as error:
            raise Transport(f"连接失败({type(error).__name__})") from error

    async def _follow(self, ask: Ask) -> Exchange:
        url, method, body = ask.url, ask.method, ask.body
        for _ in range(HOPS):
            found = await self._hop(ask, url, method, body)
            target = urljoin(url, found.headers.get("location", ""))
            if found.status not in _REDIRECTS or "location" not in found.headers or not self._guard.admits(target):
                return found
            url, method, body = (target, method, body) if found.status in (307, 308) else (target, "GET", b"")
        return found

    async def _hop(self, ask: Ask, url: str, method: str, body: bytes) -> Exchange:
        sent = {**ask.headers, **self._cookie_header(ask, url)}
        async with self._client.request(method, url, data=body or None, headers=sent, allow_redirects=False) as answer:
            found = Exchange(
                page=ask.page,
                url=url,
                status=answer.status,
                body=await _body(answer),
                at=self._tools.clock(),
                headers={name.lower(): value for name, value in answer.headers.items()},
                method=method,
                ask_body=body,
            )
        if found.status >= 500:
            raise Unanswered(found, retry_after=retry_after(found.headers.get("retry-after"), found.at))
        return found

    def _cookie_header(self, ask: Ask, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        fitting = [f"{c['name']}={c['value']}" for c in self._cookies if _fits(c, parts.hostname or "", parts.path or "/")]
        return {"Cookie": "; ".join(fitting)} if ask.auth == "session" and fitting else {}


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    parts, size = [], 0
    async for chunk in answer.content.iter_chunked(1 << 16):
        size += len(chunk)
        if size > BODY_CAP:
            raise Refused(f"正文超过{BODY_CAP // 1024 // 1024}MB,未读取")
        parts.append(chunk)
    return b"".join(parts)


def _cookies(secret: Secret | None) -> Sequence[Mapping[str, object]]:
    rows = secret.storage_state.get("cookies") if isinstance(secret, Session) else None
    return (
        [row for row in rows if isinstance(row, Mapping) and row.keys() >= {"name", "value", "domain"}]
        if isinstance(rows, list)
        else []
    )


def _fits(cookie: Mapping[str, object], host: str, path: str) -> bool:
    domain, below = str(cookie["domain"]).lower(), str(cookie.get("path") or "/").rstrip("/")
    right_host = host == domain.lstrip(".") or (domain.startswith(".") and host.endswith(domain))
    return right_host and (path == below or path.startswith(f"{below}/"))
