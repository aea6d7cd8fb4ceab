"""Invented ids that obey the platforms' rules of id and time (formats/weibo.md §1, douyin.md §1, toutiao.md §1, weixin.md §1)."""

import base64
import hashlib
from datetime import datetime

WEIBO_EPOCH = 515_483_463
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def draw(*words: object) -> int:
    """A large number that depends on nothing but `words`."""
    return int.from_bytes(hashlib.blake2b("|".join(map(str, words)).encode(), digest_size=16).digest(), "big")


def letters(count: int, *words: object) -> str:
    """`count` base64url characters that depend on nothing but `words` (at most 85)."""
    return base64.urlsafe_b64encode(hashlib.blake2b("|".join(map(str, words)).encode(), digest_size=64).digest()).decode()[:count]


def weibo_mid(at: datetime, seed: int) -> str:
    """A post or comment id whose time is `at` to the second."""
    return str(((int(at.timestamp()) - WEIBO_EPOCH) << 22) | (seed & 0x3FFFFF))


def base62(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 62)
        text = BASE62[rest] + text
    return text or "0"


def mblogid(mid: str) -> str:
    """The base62 form of a mid: groups of 7 digits from the right, all but the first padded to 4."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)][::-1]
    return base62(int(groups[0])) + "".join(base62(int(group)).rjust(4, "0") for group in groups[1:])


def seconds_id(at: datetime, seed: int, early: int = 9) -> str:
    """A 19-digit id whose upper half is `early` seconds before `at`."""
    return str(((int(at.timestamp()) - early) << 32) | (seed & 0xFFFFFFFF))


def biz(number: int) -> str:
    """`__biz`: base64 of a decimal number."""
    return base64.b64encode(str(number).encode()).decode()


def article_key(*words: object) -> str:
    """22 characters after /s/, visibly invented."""
    return "SHILI" + letters(17, "article", *words)


def sec_uid(*words: object) -> str:
    """55 characters, the fixed beginning and a visibly invented rest."""
    return "MS4wLjABAAAASHILI" + letters(38, "sec_uid", *words)
