"""Files that a unit sends with its answer: pictures and PDF, checked by their first bytes, kept as received under their hash.

What is shown of a picture is without what a camera or phone wrote beside it; a PDF is only handed out to be saved.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from tracker.errors import UsageError
from tracker.files.image import MOST_PIXELS, kind_of, size_of, without_metadata
from tracker.files.write import put
from tracker.store import Attachment
from tracker.text import clip, squeeze
from tracker.workspace import Workspace

FOLDER = "objections"
"""Below the workspace."""
MOST = 20 * 1024 * 1024
"""Bytes of one file that comes over a page."""
MOST_FILES = 9
"""With one answer."""
MOST_TEXT = 20_000
"""Characters of a text file that are shown."""
PDF = "application/pdf"

_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One checked file that is not kept yet."""

    attachment: Attachment
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a kept file may be shown: `picture` (media type) with `body`, or `text`; neither = only to be saved."""

    picture: str = ""
    body: bytes = b""
    text: str = ""


def take(source: BinaryIO, name: str) -> Piece:
    """Check a file that came over a page. Nothing is kept.

    Raises UsageError for what is empty, too large, no whole picture, of too many pixels, or neither picture nor PDF.
    """
    shown = _shown(name)
    raw = source.read(MOST + 1)
    if not raw:
        raise UsageError(f"“{shown}”是空文件,没有收下;请重新选择")
    if len(raw) > MOST:
        raise UsageError(f"“{shown}”超过 {MOST // 2**20} MB,没有收下;请压缩或分开再传")
    if kind_of(raw[:12]):
        _must_be_whole(raw, shown)
    elif not raw.startswith(b"%PDF-"):
        raise UsageError(f"“{shown}”不是图片或 PDF,没有收下;网页、SVG、压缩包、表格都不收,请截图或另存为 PDF 再传")
    sha256 = hashlib.sha256(raw).hexdigest()
    return Piece(attachment=Attachment(name=shown, sha256=sha256, size=len(raw)), raw=raw)


def _must_be_whole(raw: bytes, shown: str) -> None:
    size = size_of(raw)
    if size is None or not without_metadata(raw):
        raise UsageError(f"“{shown}”不完整,打不开,没有收下;请重新截图或另存为 JPG 再传")
    if size[0] * size[1] > MOST_PIXELS:
        told = f"{size[0]}×{size[1]}"
        raise UsageError(f"“{shown}”有 {told} 个像素,超过 {MOST_PIXELS // 10_000} 万,没有收下;请缩小后再传")


def _shown(name: str) -> str:
    """The last part of whatever the sender called it, printable; it never becomes a path."""
    last = re.split(r"[\\/]", name)[-1]
    return clip(squeeze("".join(letter for letter in last if letter.isprintable())), _NAME) or "未命名文件"


def keep(ws: Workspace, pieces: Sequence[Piece]) -> tuple[Attachment, ...]:
    """Write the files into the workspace, each under its hash. Raises UsageError when that cannot be done."""
    for one in pieces:
        path = ws.root / FOLDER / one.attachment.sha256
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            put(path, one.raw)
    return tuple(dict.fromkeys(one.attachment for one in pieces))


def read(ws: Workspace, told: Attachment) -> bytes:
    """The bytes as they were received. Raises UsageError when the file is gone or was changed."""
    path = ws.root / FOLDER / told.sha256
    raw = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(raw).hexdigest() != told.sha256:
        raise UsageError(f"“{told.name}”的文件不见了或被改动过;请从备份里找回工作区的 {FOLDER} 文件夹")
    return raw


def view(raw: bytes) -> View:
    """How these bytes may be shown. Pages and drawings are shown as the text that they are made of, never run."""
    if kind := kind_of(raw[:12]):
        bare = without_metadata(raw)
        size = size_of(raw)
        return View(picture=kind, body=bare) if bare and size and size[0] * size[1] <= MOST_PIXELS else View()
    if raw.startswith(b"%PDF-") or b"\0" in raw:
        return View()
    try:
        told = raw[: 4 * MOST_TEXT].decode("utf-8-sig", errors="strict" if len(raw) <= 4 * MOST_TEXT else "ignore")
    except UnicodeDecodeError:
        return View()
    return View(text="".join(letter for letter in told if letter.isprintable() or letter == "\n")[:MOST_TEXT])
