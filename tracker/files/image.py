"""Pictures by their bytes alone: kind, size in pixels, and the same picture without what a camera or phone wrote beside it.

Nothing is decoded. Sources: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, JFIF, Exif 2.3), WebP (RFC 9649).
"""

import struct
from collections.abc import Iterator

MOST_PIXELS = 60_000_000
"""Of a picture that is shown: a browser holds four bytes for each."""

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT acTL fcTL fdAT".split())
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04


def kind_of(head: bytes) -> str:
    """The media type by the first 12 bytes (PNG, JPEG, WebP); empty for everything else, SVG and HTML included."""
    if head.startswith(_PNG):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def size_of(raw: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the picture itself says; None where it is cut short or says nothing."""
    try:
        match kind_of(raw[:12]):
            case "image/png":
                return struct.unpack(">II", raw[16:24]) if raw[12:16] == b"IHDR" else None
            case "image/jpeg":
                return next((_frame(body) for mark, body, _ in _segments(raw) if mark in _FRAMES), None)
            case "image/webp":
                return next((size for name, body in _chunks(raw) if (size := _canvas(name, body))), None)
    except (struct.error, IndexError):
        pass
    return None


def without_metadata(raw: bytes) -> bytes:
    """The picture without Exif, XMP, comments and whatever follows its end; a JPEG keeps which way up it is.

    Empty where the bytes are no whole PNG, JPEG or WebP picture: then nothing can be said of what is in them.
    """
    try:
        match kind_of(raw[:12]):
            case "image/png":
                return _bare_png(raw)
            case "image/jpeg":
                return _bare_jpeg(raw)
            case "image/webp":
                return _bare_webp(raw)
    except (struct.error, IndexError):
        pass
    return b""


def _bare_png(raw: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at < len(raw):
        (length,) = struct.unpack_from(">I", raw, at)
        name, whole = raw[at + 4 : at + 8], raw[at : at + 12 + length]
        if len(whole) < 12 + length:
            return b""
        if name in _PNG_KEPT:
            kept.append(whole)
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + length
    return b""


def _segments(raw: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each part of a JPEG as (marker, what it says, its bytes), the image data with the scan that it belongs to."""
    at = 2
    while at + 1 < len(raw):
        if raw[at] != 0xFF:
            return
        mark = raw[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in _STANDALONE or mark == 0xD9:
            yield mark, b"", raw[at : at + 2]
            at += 2
        else:
            (length,) = struct.unpack_from(">H", raw, at + 2)
            end = _data_end(raw, at + 2 + length) if mark == 0xDA else at + 2 + length
            yield mark, raw[at + 4 : at + 2 + length], raw[at:end]
            at = end


def _data_end(raw: bytes, at: int) -> int:
    """Where the image data ends: at the next marker that is neither a stuffed byte nor a restart."""
    while (at := raw.find(b"\xff", at)) >= 0:
        if at + 1 < len(raw) and raw[at + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return at
        at += 1
    return len(raw)


def _bare_jpeg(raw: bytes) -> bytes:
    kept = [raw[:2]]
    for mark, body, whole in _segments(raw):
        if mark == 0xE1 and body.startswith(b"Exif\0\0"):
            kept.append(_upright(body[6:]))
        elif not _private(mark, body):
            kept.append(whole)
        if mark == 0xD9:
            return b"".join(kept)
    return b""


def _private(mark: int, body: bytes) -> bool:
    """Whether a segment may tell more than the picture: comments and all application data but JFIF, colours and Adobe's."""
    if mark == 0xE2:
        return not body.startswith(b"ICC_PROFILE\0")
    return mark == 0xFE or (0xE0 <= mark <= 0xEF and mark not in (0xE0, 0xEE))


def _upright(tiff: bytes) -> bytes:
    """An Exif segment that holds the orientation and nothing else; empty where there is none, or the picture is upright."""
    told = _orientation(tiff)
    if not 2 <= told <= 8:
        return b""
    body = b"Exif\0\0MM\0\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, told, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(count):
            tag, kind, _, told = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * entry)
            if (tag, kind) == (_ORIENTATION, 3):
                return int(told)
    except struct.error:
        pass
    return 0


def _frame(body: bytes) -> tuple[int, int]:
    height, width = struct.unpack_from(">HH", body, 1)
    return width, height


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk of a WebP file as (name, content). Raises struct.error where one is cut short."""
    at, end = 12, min(len(raw), 8 + struct.unpack_from("<I", raw, 4)[0])
    while at < end:
        name, length = struct.unpack_from("<4sI", raw, at)
        if at + 8 + length > len(raw):
            raise struct.error("cut short")
        yield name, raw[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _canvas(name: bytes, body: bytes) -> tuple[int, int] | None:
    if name == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _bare_webp(raw: bytes) -> bytes:
    kept = []
    for name, body in _chunks(raw):
        if name in (b"EXIF", b"XMP "):
            continue
        told = bytes([body[0] & ~(_WEBP_EXIF | _WEBP_XMP)]) + body[1:] if name == b"VP8X" else body
        kept.append(struct.pack("<4sI", name, len(told)) + told + b"\0" * (len(told) % 2))
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside if kept else b""
