"""Pictures by their bytes: size, and what a phone wrote beside them is gone while the picture is the same."""

import struct

import pytest

from tests.files.pictured import SECRET, chunk, exif, png
from tracker.files.image import MOST_PIXELS, kind_of, size_of, without_metadata


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
FRAME = segment(0xC0, b"\x08" + struct.pack(">HH", 480, 640) + b"\x01\x01\x11\x00")


def jpeg(*more: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + b"".join(more) + FRAME + SCAN + b"\xff\xd9" + after


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    told = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks)
    return b"RIFF" + struct.pack("<I", len(told) + 4) + b"WEBP" + told


VP8X = bytes([0x08 | 0x04 | 0x10, 0, 0, 0]) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
LOSSLESS = b"\x2f" + (639 | 479 << 14).to_bytes(4, "little") + b"\0"


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        (png(300, 200), (300, 200)),
        (jpeg(), (640, 480)),
        (webp((b"VP8X", VP8X), (b"VP8L", LOSSLESS)), (640, 480)),
        (webp((b"VP8L", LOSSLESS)), (640, 480)),
        (webp((b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480) + b"\0\0")), (640, 480)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"RIFF\x04\0\0\0WEBP", None),
        (b"<svg/>", None),
    ],
)
def test_the_size_is_what_the_picture_says(raw: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(raw) == size


def test_a_phone_s_exif_xmp_comment_and_hidden_second_picture_are_not_in_what_is_shown_of_a_jpeg() -> None:
    private = [
        segment(0xE1, b"Exif\0\0" + exif()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        segment(0xED, b"Photoshop 3.0\0" + SECRET),
        segment(0xE2, b"MPF\0" + SECRET),
        segment(0xFE, SECRET),
    ]
    colours = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")
    raw = jpeg(*private, colours, after=b"\xff\xd8\xff\xe1" + SECRET)

    shown = without_metadata(raw)

    assert raw.count(SECRET) == 6
    assert SECRET not in shown
    assert colours in shown
    assert FRAME + SCAN in shown
    assert shown.endswith(b"\xff\xd9")
    assert size_of(shown) == (640, 480)


def test_a_jpeg_stays_the_right_way_up() -> None:
    shown = without_metadata(jpeg(segment(0xE1, b"Exif\0\0" + exif(orientation=6))))
    told = shown[shown.index(b"Exif\0\0") + 6 :]
    assert struct.unpack_from(">HHIH", told, 10) == (0x0112, 3, 1, 6)
    assert SECRET not in shown
    assert b"Exif" not in without_metadata(jpeg(segment(0xE1, b"Exif\0\0" + exif(orientation=1))))


def test_text_and_exif_of_a_png_and_what_follows_its_end_are_gone() -> None:
    private = chunk(b"eXIf", exif()) + chunk(b"tEXt", b"Location\0" + SECRET) + chunk(b"iTXt", SECRET) + chunk(b"zzZz", SECRET)
    raw = png(more=private) + b"PK\x03\x04" + SECRET
    assert without_metadata(raw) == png()
    assert raw.count(SECRET) == 5


def test_exif_and_xmp_of_a_webp_are_gone_and_no_longer_announced() -> None:
    raw = webp((b"VP8X", VP8X), (b"VP8L", LOSSLESS), (b"EXIF", exif()), (b"XMP ", SECRET))
    shown = without_metadata(raw)
    assert shown == webp((b"VP8X", b"\x10" + VP8X[1:]), (b"VP8L", LOSSLESS))
    assert SECRET not in shown


@pytest.mark.parametrize("whole", [png(), jpeg(), webp((b"VP8L", LOSSLESS))])
def test_a_picture_cut_short_anywhere_raises_nothing_and_shows_nothing_private(whole: bytes) -> None:
    for cut in range(len(whole)):
        without_metadata(whole[:cut])
        size_of(whole[:cut])
    assert without_metadata(whole[:-3]) == b""


def test_a_picture_bomb_is_known_without_decoding_it() -> None:
    size = size_of(png(30_000, 30_000))
    assert size == (30_000, 30_000)
    assert size[0] * size[1] > MOST_PIXELS
    assert kind_of(png()[:12]) == "image/png"
