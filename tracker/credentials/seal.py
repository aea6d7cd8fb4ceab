"""Secrets sealed with AES-256-GCM; whose they are is sealed along, so that no secret can be passed off as another's."""

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tracker.credentials.key import Key
from tracker.credentials.records import Credential, Hidden

_NONCE = 12
"""Bytes; NIST SP 800-38D §5.2.1.1."""


class Unsealable(Exception):
    """The sealed bytes are not what this key sealed for this credential: they were cut, changed, or belong to another."""


def seal(key: Key, whose: Credential, secret: Hidden) -> bytes:
    """Nonce and ciphertext."""
    nonce = os.urandom(_NONCE)
    told = json.dumps(secret.value, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + AESGCM(key.raw).encrypt(nonce, told, _bound(whose))


def unseal(key: Key, whose: Credential, sealed: bytes) -> Hidden:
    """What was sealed. Raises Unsealable."""
    try:
        told = AESGCM(key.raw).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(whose))
    except (InvalidTag, ValueError) as error:
        raise Unsealable from error
    value = json.loads(told)
    if not isinstance(value, dict):
        raise Unsealable
    return Hidden(value)


def _bound(whose: Credential) -> bytes:
    return "\n".join(("tracker credential 1", whose.name, whose.kind, whose.platform, whose.account_id)).encode()
