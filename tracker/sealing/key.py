"""The workspace's key pair for seals: the private half (PKCS #8) encrypted with the credentials' key, the public one in clear."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from tracker.credentials import Key, Keys
from tracker.errors import UsageError, reason
from tracker.evidence import lock
from tracker.files.write import put

PRIVATE, PUBLIC = "seal-key.pem", "seal-key.pub"


def open_private(root: Path, keys: Keys | None = None) -> Ed25519PrivateKey:
    """The workspace's signing key, a new one where there was none.

    Raises UsageError: no key to encrypt it with, another key, or a damaged file.
    """
    path = root / PRIVATE
    with lock.alone(root / ".seal.lock", "另一个 tracker 正在封存;请等它做完再试"):
        sealing = (keys or Keys()).make()
        if not path.exists():
            if (root / PUBLIC).exists():
                raise UsageError(f"{path} 不见了,只剩公钥;请从备份恢复,不要新建:新钥匙的封存别人无法与旧的对上")
            _make(root, sealing)
        return _load(path, sealing)


def find_public(root: Path) -> bytes | None:
    """The public half, 32 raw bytes; None where this workspace never sealed. Raises UsageError when the file is damaged."""
    path = root / PUBLIC
    try:
        found = load_pem_public_key(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"打不开 {path}({reason(error)});请检查文件和权限") from error
    except ValueError as error:
        raise UsageError(f"{path} 不是封存用的公钥,文件已损坏;请从备份恢复") from error
    if not isinstance(found, Ed25519PublicKey):
        raise UsageError(f"{path} 不是 Ed25519 公钥;请从备份恢复")
    return found.public_bytes_raw()


def _make(root: Path, sealing: Key) -> None:
    fresh = Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(sealing.raw.hex().encode())
    # the public half last: without the private one it stands for a key that was lost
    put(root / PRIVATE, fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    put(root / PUBLIC, fresh.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _load(path: Path, sealing: Key) -> Ed25519PrivateKey:
    try:
        found = load_pem_private_key(path.read_bytes(), sealing.raw.hex().encode())
    except OSError as error:
        raise UsageError(f"打不开 {path}({reason(error)});请检查文件和权限") from error
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{path} 用现在的钥匙(来自{sealing.source})打不开;请设回第一次封存时的 TRACKER_KEY,文件损坏则从备份恢复"
        ) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError(f"{path} 不是 Ed25519 私钥;请从备份恢复")
    return found
