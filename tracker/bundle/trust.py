"""Whose bundles are taken: keys that an operator said to trust, by a fingerprint that was compared by telephone."""

import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tracker.bundle import container
from tracker.errors import UsageError, reason
from tracker.evidence.signed import fingerprint
from tracker.sealing import find_public
from tracker.workspace import Workspace

_PRINT = re.compile(r"[0-9a-f]{32}")


def told_print(told: str) -> str:
    """A fingerprint as typed, blanks taken out. Raises UsageError."""
    plain = re.sub(r"[\s:]", "", told).lower()
    if not _PRINT.fullmatch(plain):
        raise UsageError(f"公钥指纹“{told}”不对:应是32位数字和字母a到f,由对方电话告知;请核对后再输")
    return plain


def print_of(path: Path) -> str:
    """The fingerprint of the key in a public key file (seal-key.pub) or of the one that signed a bundle. Raises UsageError."""
    if path.suffix in (".pub", ".pem"):
        try:
            found = load_pem_public_key(path.read_bytes())
        except OSError as error:
            raise UsageError(f"打不开 {path}({reason(error)});请检查路径和权限") from error
        except ValueError as error:
            raise UsageError(f"{path} 不是公钥文件;应是对方工作区里的 seal-key.pub") from error
        if not isinstance(found, Ed25519PublicKey):
            raise UsageError(f"{path} 不是 Ed25519 公钥;应是对方工作区里的 seal-key.pub")
        return fingerprint(found.public_bytes_raw())
    with container.opened(path) as bundle:
        return bundle.fingerprint


def must_be_trusted(ws: Workspace, print_: str, office: str, *, trust: str) -> bool:
    """Raises UsageError for a signer that nobody said to trust; `trust` = a fingerprint to trust from now on: then True."""
    if print_ == own_print(ws):
        return False
    if trust and told_print(trust) != print_:
        raise UsageError(
            f"数据包是用另一把钥匙签名的:公钥指纹 {print_},不是 --trust 写的那一把;"
            "没有导入任何东西,请打电话与对方核对,不符就不要导入"
        )
    held = ws.store.trusted_keys().get(print_)
    if held is not None and held.trusted:
        return False
    if not trust:
        how = "已经取消信任" if held else "还没有被信任"
        raise UsageError(
            f"数据包自称来自“{office}”,公钥指纹 {print_} {how},没有导入任何东西;"
            f"请打电话与对方逐位核对指纹,相符再运行 tracker bundle trust {print_}"
        )
    return True


def own_print(ws: Workspace) -> str:
    """The fingerprint of this workspace's key; empty where it never sealed."""
    public = find_public(ws.root)
    return fingerprint(public) if public else ""
