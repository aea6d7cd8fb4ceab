"""The key that seals the credentials: from the environment, else the system's keyring (密钥库); never in the workspace."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tracker.errors import UsageError

VARIABLE = "TRACKER_KEY"
"""Environment variable that holds the key; it comes before the keyring."""
_SERVICE, _USER = "tracker", "credentials"
_BYTES = 32
_MARK = b"tracker credentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """256 bits, and where they came from, in Chinese."""

    raw: bytes = field(repr=False)
    source: str

    @property
    def mark(self) -> str:
        """Twelve digits that tell two keys apart and nothing else."""
        return hmac.new(self.raw, _MARK, hashlib.sha256).hexdigest()[:12]


def fresh() -> str:
    """The text of a new key, as the environment variable takes it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def _held(service: str, user: str) -> str | None:
    # imported only where a key is asked for: what has nothing to do with credentials starts without it
    import keyring

    return keyring.get_password(service, user)


def _hold(service: str, user: str, text: str) -> None:
    import keyring

    keyring.set_password(service, user, text)


class Keys:
    """Where the key is looked for. `environ` and the two functions of the keyring are arguments for tests."""

    def __init__(
        self,
        environ: Mapping[str, str] = os.environ,
        *,
        get: Callable[[str, str], str | None] = _held,
        put: Callable[[str, str, str], None] = _hold,
    ) -> None:
        self._environ, self._get, self._put = environ, get, put

    def find(self) -> Key | None:
        """The key; None where the keyring works and holds none yet.

        Raises UsageError when there is no keyring, or what is there is no key.
        """
        if told := self._environ.get(VARIABLE, "").strip():
            return _key(told, f"环境变量 {VARIABLE}")
        from keyring.errors import KeyringError

        try:
            held = self._get(_SERVICE, _USER)
        except KeyringError as error:
            raise _no_keyring() from error
        return _key(held, "系统密钥库") if held else None

    def make(self) -> Key:
        """The key, a new one in the keyring where there was none. Not safe against another process: hold a lock.

        Raises UsageError.
        """
        if found := self.find():
            return found
        from keyring.errors import KeyringError

        text = fresh()
        try:
            self._put(_SERVICE, _USER, text)
            kept = self._get(_SERVICE, _USER)
        except KeyringError as error:
            raise _no_keyring() from error
        if kept != text:
            # the null backend takes everything and keeps nothing
            raise _no_keyring()
        return _key(text, "系统密钥库")


def _key(text: str, source: str) -> Key:
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _BYTES:
        raise UsageError(
            f"{source}里的钥匙不对:应为 tracker credentials key 生成的44个字符;请设回原来的那一把,没有就重新生成一把"
        )
    return Key(raw=raw, source=source)


def _no_keyring() -> UsageError:
    return UsageError(
        "本机没有能用的系统密钥库,凭据没有地方放钥匙;请运行 tracker credentials key 生成一把,"
        f"设为环境变量 {VARIABLE} 再试,并另外妥善保管一份(不要放在工作区里)"
    )
