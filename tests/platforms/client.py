"""A plain HTTPS client for the fake platforms: real TLS, the real host names, no browser."""

import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any

from tests.platforms.serve import Served
from tests.platforms.world import LOGIN, LOGIN_COOKIES, WorldAccount

GUEST = "SUB=world-guest"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


class Client:
    """Requests to a served world."""

    def __init__(self, served: Served) -> None:
        self.served = served
        tls = ssl.create_default_context()
        served.ca.configure_trust(tls)
        self._link = http.client.HTTPSConnection("127.0.0.1", served.port, context=tls, timeout=20)

    def get(self, url: str, *, cookie: str = "", body: object = None) -> Answer:
        """GET, or POST when there is a JSON body; redirects are not followed."""
        host, _, path = url.removeprefix("https://").partition("/")
        headers = {"Host": host} | ({"Cookie": cookie} if cookie else {})
        sent = None if body is None else json.dumps(body).encode()
        try:
            return self._ask(f"/{path}", headers, sent)
        except (http.client.HTTPException, ConnectionError):  # the server let the idle connection go
            self._link.close()
            return self._ask(f"/{path}", headers, sent)

    def _ask(self, path: str, headers: dict[str, str], sent: bytes | None) -> Answer:
        self._link.request("GET" if sent is None else "POST", path, body=sent, headers=headers)
        told = self._link.getresponse()
        return Answer(status=told.status, headers={k.lower(): v for k, v in told.getheaders()}, body=told.read())

    def logged_in(self, platform: str, url: str) -> Answer:
        """GET with the world's login."""
        return self.get(url, cookie=f"{LOGIN_COOKIES[platform][0]}={LOGIN}")

    def token(self, account: WorldAccount) -> str:
        """The owner's access token."""
        assert account.grant is not None
        told = {"grant_type": "client_credential", "appid": account.grant.appid, "secret": account.grant.secret}
        return str(self.get("https://api.weixin.qq.com/cgi-bin/stable_token", body=told).json()["access_token"])

    def owner(self, account: WorldAccount, path: str, body: object = None) -> Any:
        """An owner interface with a fresh token."""
        return self.get(f"https://api.weixin.qq.com/{path}?access_token={self.token(account)}", body=body).json()
