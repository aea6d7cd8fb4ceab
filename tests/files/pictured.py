"""Real small pictures, and what a phone writes beside them."""

import struct
import zlib


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 3, height: int = 2, shade: int = 90, more: bytes = b"") -> bytes:
    """A real PNG; `more` = chunks before the image data."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    # a bomb says that it is huge, and need not be
    wide, high = (width, height) if width * height < 1_000_000 else (1, 1)
    data = zlib.compress((b"\0" + bytes([shade]) * wide) * high)
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


SECRET = b"GPS 33.87N 109.94E PHONE-IMEI-356938"
"""What a phone would write beside a picture."""


def exif(orientation: int = 6) -> bytes:
    """A TIFF block as a camera writes it: which way up, and a secret."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHII", 0x010E, 2, len(SECRET), 38)
    return b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0) + SECRET
