"""A small OpenID Connect provider on loopback that signs real tokens, and tells lies when told to."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.people.conftest import Watch

CLIENT, SECRET = "tracker-test", "client-secret"


@dataclass
class Provider:
    """What it says of whom, and which lie it tells."""

    watch: Watch
    base: str = ""
    sub: str = "u-1"
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "boss", "name": "管理一"})
    lie: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token that are told otherwise; None = left out."""
    sign: str = "RS256"
    """Also: none, HS256 (with the client's secret), other (a key that is not in the set)."""
    about: dict[str, Any] = field(default_factory=dict)
    """Of the discovery document, told otherwise."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "k1"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "k1"}))

    def discovery(self) -> dict[str, Any]:
        told = {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys",
        }
        return {**told, **self.about}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to: whoever asks is signed in here already."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], auth: str) -> tuple[int, dict[str, Any]]:
        """A code is good once, for the client and the verifier it was made for."""
        flow = self.codes.pop(asked.get("code", ""), None)
        if auth != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return 401, {"error": "invalid_client"}
        told = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if flow is None or flow["code_challenge"] != told or flow["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(flow["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(self.watch().timestamp())
        whole = {"iss": self.base, "sub": self.sub, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.claims}
        told = {name: value for name, value in {**whole, **self.lie}.items() if value is not None}
        if self.sign == "none":
            parts = ({"alg": "none"}, told)
            return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
        if self.sign == "HS256":
            return jwt.encode({"alg": "HS256", "kid": "k1"}, told, OctKey.import_key(SECRET * 3), algorithms=["HS256"])
        return jwt.encode({"alg": "RS256", "kid": "k1"}, told, self.other if self.sign == "other" else self.key)


@contextmanager
def running(watch: Watch) -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider(watch)

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, told: object, **headers: str) -> None:
            raw = json.dumps(told).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.answer(302, {}, Location=provider.authorize(asked))
            elif parts.path == "/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif parts.path == "/keys":
                self.answer(200, KeySet([provider.key]).as_dict(private=False))
            else:
                self.answer(302, {}, Location=f"{provider.base}/keys")

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(raw).items()}
            self.answer(*provider.token(asked, self.headers.get("Authorization", "")))

        def log_message(self, *_: object) -> None:
            """Nothing on the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
