"""Pictures that people took (截图): checked by their first bytes, kept in the workspace's inbox until a look takes them along.

Phone screenshots that come in at once lie beside the accounts in order, one each, and can be moved. Nothing here is decoded.
"""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from tracker.errors import UsageError, reason
from tracker.files.image import MOST_PIXELS, kind_of, size_of, without_metadata
from tracker.model import Exchange
from tracker.store import LoosePicture
from tracker.text import clip, squeeze
from tracker.workspace import Workspace

PAGE = "picture"
"""Name of a picture's exchange in a visit by route `manual`."""

MOST = 20 * 1024 * 1024
"""Bytes of one picture."""

INBOX = "inbox"
"""Folder below the workspace."""

__all__ = [
    "INBOX",
    "MOST",
    "PAGE",
    "exchanges",
    "forget",
    "in_order",
    "kind_of",
    "lay_out",
    "must_be_shown",
    "read",
    "shifted",
    "shown_bytes",
    "take_in",
]

_DIGITS = re.compile(r"(\d+)")


def take_in(ws: Workspace, source: BinaryIO, name: str, *, account_id: str, who: str, at: datetime) -> bool:
    """Put a picture into the inbox; False when the same bytes lie there already.

    Raises UsageError for what is no picture, is larger than `MOST`, or cannot be written.
    """
    shown = _shown(name)
    raw = source.read(MOST + 1)
    if not raw:
        raise UsageError(f"“{shown}”是空文件,没有收下;请重新选择")
    if len(raw) > MOST:
        raise UsageError(f"“{shown}”超过 {MOST // 2**20} MB,没有收下;请截小一些或压缩后再传")
    kind = kind_of(raw[:12])
    if not kind:
        raise UsageError(f"“{shown}”不是 PNG、JPG 或 WebP 图片,没有收下;请在手机或电脑上另存为 JPG 再传")
    must_be_shown(raw, shown)
    sha256 = hashlib.sha256(raw).hexdigest()
    _write(ws.root / INBOX, sha256, raw)
    picture = LoosePicture(account_id=account_id, name=shown, kind=kind, size=len(raw), sha256=sha256, who=who, at=at)
    return ws.store.add_picture(picture)


def must_be_shown(raw: bytes, name: str) -> None:
    """Raises UsageError for a picture of more pixels than a browser should have to hold."""
    size = size_of(raw)
    if size and size[0] * size[1] > MOST_PIXELS:
        told = f"{size[0]}×{size[1]}"
        raise UsageError(f"“{name}”有 {told} 个像素,超过 {MOST_PIXELS // 10_000} 万,没有收下;请缩小后再传")


def shown_bytes(raw: bytes) -> bytes:
    """A picture as it is shown and printed: what a phone writes beside it (place, time, device) stays in the stored bytes.

    Of a picture cut short the stored bytes: nothing stands behind the picture in them that could be told apart.
    """
    return without_metadata(raw) or raw


def _shown(name: str) -> str:
    """The last part of whatever the sender called it, printable; it never becomes a path."""
    last = re.split(r"[\\/]", name)[-1]
    return clip(squeeze("".join(letter for letter in last if letter.isprintable())), 80) or "未命名图片"


def _write(folder: Path, name: str, raw: bytes) -> None:
    partial = folder / f"{name}.{os.getpid()}.partial"
    try:
        folder.mkdir(exist_ok=True)
        partial.write_bytes(raw)
        partial.replace(folder / name)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"截图写不进 {folder}:{reason(error)};请检查磁盘和权限后再试") from error


def read(ws: Workspace, picture: LoosePicture) -> bytes:
    """The bytes of a loose picture. Raises UsageError when somebody removed or changed the file."""
    path = ws.root / INBOX / picture.sha256
    raw = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(raw).hexdigest() != picture.sha256:
        raise UsageError(f"截图“{picture.name}”的文件不见了或被改动;请在截图页删除它,再重新上传")
    return raw


def forget(ws: Workspace, pictures: Sequence[LoosePicture]) -> None:
    """Remove loose pictures and their files; what a look has taken along stays in its evidence."""
    for picture in pictures:
        ws.store.drop_picture(picture.id)
        (ws.root / INBOX / picture.sha256).unlink(missing_ok=True)


def exchanges(ws: Workspace, pictures: Sequence[LoosePicture], at: datetime) -> tuple[Exchange, ...]:
    """Loose pictures as what a manual visit stores."""
    return tuple(
        Exchange(
            page=PAGE,
            url=f"urn:picture:{picture.sha256}",
            status=200,
            body=read(ws, picture),
            at=at,
            headers={"content-type": picture.kind},
        )
        for picture in pictures
    )


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of file names as people number them: IMG_9 before IMG_10."""
    parts = _DIGITS.split(_shown(name).casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def lay_out(loose: Sequence[LoosePicture], accounts: Sequence[str]) -> Mapping[int, str]:
    """Pictures that belong to nobody, each beside the next account that has none: picture number → account id."""
    taken = {picture.account_id for picture in loose if picture.account_id}
    free = (own for own in accounts if own not in taken)
    return {picture.id: own for picture, own in zip((one for one in loose if not one.account_id), free, strict=False)}


def shifted(loose: Sequence[LoosePicture], number: int, accounts: Sequence[str], by: int) -> Mapping[int, str]:
    """One picture, and all that lie beside later accounts, moved by one account: +1 later, -1 earlier.

    What would leave the list goes back to nobody. Unknown numbers move nothing.
    """
    places = {own: place for place, own in enumerate(accounts)}
    start = next((places.get(one.account_id) for one in loose if one.id == number), None)
    if start is None:
        return {}
    moved = {one.id: places[one.account_id] + by for one in loose if places.get(one.account_id, -1) >= start}
    return {one: accounts[place] if 0 <= place < len(accounts) else "" for one, place in moved.items()}
