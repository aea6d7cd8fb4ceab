"""The office's own sign-on: OpenID Connect, authorization code with PKCE (OpenID Connect Core 1.0 §3.1; RFC 7636, RFC 9700).

The ID token is believed only when its signature, issuer, audience, times and nonce are right; nothing else of it is used
but the subject and the one claim that names the login.
"""

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # authlib ships no types
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]  # the same
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from tracker.clock import Clock
from tracker.errors import UsageError
from tracker.people import Role
from tracker.settings import OidcSettings
from tracker.signin.people import login_of
from tracker.store import Store, User
from tracker.text import squeeze

SECRET = "TRACKER_OIDC_SECRET"  # noqa: S105 - the name of a variable
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are taken; never `none`, nothing with a shared secret."""
_LASTS = timedelta(minutes=10)
_MOST = 500
"""Sign-ons begun and not ended that are remembered."""
_SECONDS = 10
_MOST_BYTES = 2**20
_SKEW = 60
"""Seconds by which the provider's clock may differ."""
FAILED = "统一身份认证没有成功,请再试一次;还不行请找管理员"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sign-on that was begun."""

    state: str
    browser: str
    """The word in the browser's cookie: whoever comes back must be who went."""
    nonce: str
    verifier: str
    back: str
    """Our address to which the provider sends people back."""
    next: str
    """Where they wanted to go."""
    at: datetime


class SignOn:
    """The provider as tracker.toml names it. `plain` = http is taken too: an argument for tests."""

    def __init__(self, told: OidcSettings, secret: str, *, clock: Clock, plain: bool = False) -> None:
        self._told, self._secret, self._clock, self._plain = told, secret, clock, plain
        self._flows: dict[str, Flow] = {}
        self._lock = threading.Lock()
        self._about: dict[str, Any] = {}
        if not told.client_id or not secret:
            raise UsageError(f"[oidc] 要写 client_id,密钥放在环境变量 {SECRET} 里;两样都要有")
        self._allowed(told.issuer)

    @property
    def title(self) -> str:
        """What the button says."""
        return self._told.title

    def begin(self, back: str, after: str) -> tuple[str, Flow]:
        """Where the browser is sent, and the sign-on to remember. Raises UsageError when the provider does not answer."""
        words = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(
            state=next(words),
            browser=next(words),
            nonce=next(words),
            verifier=secrets.token_urlsafe(48),
            back=back,
            next=after,
            at=self._clock(),
        )
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"), state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
            )
        with self._lock:
            self._flows[flow.state] = flow
            while len(self._flows) > _MOST:
                del self._flows[next(iter(self._flows))]
        return str(address), flow

    def end(self, state: str, browser: str, code: str) -> tuple[Flow, Mapping[str, Any]]:
        """What the provider says of whoever came back: the claims of a right ID token. Raises UsageError."""
        with self._lock:
            # taken away at once: a state is good for one answer, right or wrong
            flow = self._flows.pop(state, None)
        if flow is None or not hmac.compare_digest(flow.browser.encode(), browser.encode()) or not code:
            raise UsageError(FAILED)
        if self._clock() - flow.at > _LASTS:
            raise UsageError("登录用的时间太长,请再试一次")
        try:
            with self._client(flow.back) as client:
                told = client.fetch_token(
                    self._endpoint("token_endpoint"),
                    code=code,
                    code_verifier=flow.verifier,
                    timeout=_SECONDS,
                    allow_redirects=False,
                )
            return flow, self._claims(str(told.get("id_token") or ""), flow.nonce)
        except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError) as error:
            # what it says may hold the code or the token
            raise UsageError(FAILED) from error

    def _client(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self._told.client_id,
            self._secret,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
        )

    def _claims(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        keys = KeySet.import_key_set(cast("KeySetSerialization", self._fetch(self._endpoint("jwks_uri"))))
        told = jwt.decode(id_token, keys, algorithms=list(ALGORITHMS))
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock().timestamp()),
            leeway=_SKEW,
            iss={"essential": True, "value": self._told.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._told.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(told.claims)
        party = told.claims.get("azp")
        if party not in (None, self._told.client_id) or (party is None and not _one(told.claims["aud"])):
            raise ValueError("another party's token")
        return told.claims

    def _endpoint(self, name: str) -> str:
        if not self._about:
            about = self._fetch(self._told.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if about.get("issuer") != self._told.issuer:
                raise UsageError(f"身份认证服务自称 {about.get('issuer')},与 [oidc] issuer 不同;请改正设置")
            self._about = about
        address = str(self._about.get(name) or "")
        self._allowed(address)
        return address

    def _fetch(self, address: str) -> dict[str, Any]:
        self._allowed(address)
        try:
            with requests.get(address, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
                answer.raise_for_status()
                raw = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
                found = json.loads(raw) if len(raw) <= _MOST_BYTES else None
        except (requests.RequestException, ValueError, OSError) as error:
            raise UsageError("身份认证服务没有应答,请稍后再试,或用登录名和密码登录") from error
        if not isinstance(found, dict):
            raise UsageError("身份认证服务的应答看不懂;请检查 [oidc] issuer 的设置")
        return found

    def _allowed(self, address: str) -> None:
        if urlsplit(address).scheme != "https" and not (self._plain and address.startswith("http://")):
            raise UsageError(f"身份认证服务的地址要以 https:// 开头,不能是“{address[:80]}”;请改正 [oidc] 的设置")

    def user(self, store: Store, claims: Mapping[str, Any]) -> User:
        """Whom these claims mean: by the subject once it was seen, before by the login. Raises UsageError."""
        subject = f"{claims['iss']} {claims['sub']}"
        known = store.user(subject=subject)
        if known is not None:
            return _enabled(known)
        login = login_of(str(claims.get(self._told.claim) or ""))
        found = store.user(login=login)
        if found is None and self._told.create_role:
            name = squeeze(str(claims.get("name") or login))[:60]
            fresh = User(login=login, name=name, role=Role(self._told.create_role), subject=subject, at=self._clock())
            return store.add_user(fresh)
        if found is None or found.subject:
            raise UsageError("统一身份认证成功了,但这里没有您的账户;请找管理员添加")
        if found.role is Role.ADMIN:
            # where people choose the claim themselves at the provider, anybody could call themselves the administrator
            raise UsageError("管理员的账户不会自动绑定统一身份认证;请用登录名和密码登录")
        store.bind_subject(_enabled(found).id, subject)
        return found


def _enabled(user: User) -> User:
    if user.disabled:
        raise UsageError("统一身份认证成功了,但您的账户已停用;请找管理员")
    return user


def _one(audience: object) -> bool:
    return isinstance(audience, str) or (isinstance(audience, list) and len(audience) == 1)
