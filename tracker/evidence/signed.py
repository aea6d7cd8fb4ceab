"""A signed statement as a file: `{"public_key", "signature", "statement"}` as JSON, one way of writing it only.

The signature (Ed25519, RFC 8032) is over the statement as canonical JSON: keys sorted, no blanks, UTF-8.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement whose signature holds; `public_key` has 32 raw bytes."""

    statement: Mapping[str, Any]
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone."""
        return fingerprint(self.public_key)


def fingerprint(public_key: bytes) -> str:
    """The first 32 digits of the SHA-256 of a public key."""
    return hashlib.sha256(public_key).hexdigest()[:32]


def canonical(plain: object) -> bytes:
    """Plain JSON values as the bytes that are hashed and signed."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pack(statement: Mapping[str, object], key: Ed25519PrivateKey) -> bytes:
    """The file of a statement."""
    return _render(statement, key.sign(canonical(statement)), key.public_key().public_bytes_raw())


def read(raw: bytes, what: str) -> Signed | str:
    """The statement, or what is wrong with the file, which messages call `what` (封存文件)."""
    try:
        told = json.loads(raw.decode("utf-8"))
        statement, signature, public = told["statement"], _bytes(told["signature"]), _bytes(told["public_key"])
        whole = isinstance(statement, dict) and _render(statement, signature, public) == raw
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return f"{what}读不出来"
    # besides what is signed nothing may change either, not even a blank
    if not whole:
        return f"不是本程序写出的原样,{what}被改动"
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, canonical(statement))
    except (InvalidSignature, ValueError):
        return f"签名与内容不符,{what}被改动"
    return Signed(statement=statement, public_key=public)


def _bytes(told: str) -> bytes:
    return base64.b64decode(told, validate=True)


def _render(statement: Mapping[str, object], signature: bytes, public_key: bytes) -> bytes:
    told = {
        "public_key": base64.b64encode(public_key).decode("ascii"),
        "signature": base64.b64encode(signature).decode("ascii"),
        "statement": statement,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
