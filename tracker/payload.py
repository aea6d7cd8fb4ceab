"""What platforms send, read strictly: JSON with its paths, addresses, the words of a page; and marks instead of persons."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html

from tracker.clock import from_unix
from tracker.text import clip, squeeze

DEPTH = 60
"""Levels of nesting that are read; real answers nest about a dozen."""
_DIGITS = re.compile(r"-?[0-9]{1,25}")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")
_NAMED = {type(None): "缺失", dict: "对象", list: "列表"}
_PSEUDONYM = re.compile(r"#[0-9a-f]{4}")
_MENTION = re.compile(r"@[^\s@:：,，]{1,30}")


class Surprise(ValueError):
    """数据与格式说明不符: the message names the JSON path, what was expected and what stood there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Json:
    """A value of a JSON body with its path, read strictly: what is not as expected raises Surprise, what is absent is None."""

    value: object
    path: str = "$"

    def at(self, *keys: str) -> "Json":
        """The value below these keys; absent (or below something that is no table) = None."""
        here = self
        for key in keys:
            inner = here.value.get(key) if isinstance(here.value, dict) else None
            here = Json(value=inner, path=f"{here.path}.{key}")
        return here

    def must(self, *keys: str) -> "Json":
        """The value below these keys, which has to be there; null counts as absent."""
        found = self.at(*keys)
        if found.value is None:
            raise found.surprise("必有的值")
        return found

    def has(self, name: str) -> bool:
        """Whether this is a table with that key (its value may be null)."""
        return isinstance(self.value, dict) and name in self.value

    def tells(self, name: str) -> bool:
        """Whether this is a table with a value under that key; null counts as absent."""
        return self.at(name).value is not None

    def rows(self) -> tuple["Json", ...]:
        """The members of a list."""
        if not isinstance(self.value, list):
            raise self.surprise("列表")
        return tuple(Json(value=one, path=f"{self.path}[{n}]") for n, one in enumerate(self.value))

    def number(self) -> int:
        """A whole number, also one written as digits; never a float (19-digit ids lose their end) and never a bool."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and _DIGITS.fullmatch(self.value):
            return int(self.value)
        raise self.surprise("整数")

    def count(self) -> int | None:
        """A whole number, or None when absent."""
        return None if self.value is None else self.number()

    def words(self) -> str:
        """A string; absent = "", a whole number as its digits."""
        return self.text() if self.value is None or isinstance(self.value, str) else str(self.number())

    def text(self) -> str:
        """A string and nothing else; absent = ""."""
        if self.value is None or isinstance(self.value, str):
            return self.value or ""
        raise self.surprise("文字")

    def flag(self) -> bool | None:
        """True/false, also written as 1/0; None = not told."""
        if self.value is None or isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, int | str) and self.value in (0, 1, "0", "1"):
            return str(self.value) == "1"
        raise self.surprise("是否标志")

    def instant(self) -> datetime:
        """Unix seconds as an aware datetime in Asia/Shanghai."""
        seconds = self.number()
        try:
            return from_unix(seconds)
        except (OverflowError, OSError, ValueError) as error:
            raise self.surprise("Unix 秒") from error

    def surprise(self, expected: str) -> Surprise:
        """The error for a value that is not what was expected here."""
        shown = _NAMED.get(type(self.value)) or clip(repr(self.value), 40)
        return Surprise(f"{self.path} 应为{expected}，实为 {shown}")


def json_of(body: bytes) -> Json:
    """The JSON value of a body (UTF-8, with or without a mark). Raises Surprise when it is none, or nested beyond DEPTH."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        shown = "网页" if body.lstrip()[:1] == b"<" else f"“{clip(squeeze(body[:60].decode('utf-8', 'replace')), 40)}”"
        raise Surprise(f"$ 应为 JSON，实为 {shown}") from error
    if _too_deep(value):
        raise Surprise(f"$ 应为不超过 {DEPTH} 层的 JSON，实为更深")
    return Json(value=value)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _too_deep(value: object) -> bool:
    """A loop: the answer must not depend on how deep our own stack is."""
    level = [value]
    for _ in range(DEPTH):
        members = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [inner for group in members for inner in group]
        if not level:
            return False
    return True


def rewritten(body: bytes, clean: Callable[[object], object]) -> bytes | None:
    """A JSON table or list after `clean`, the very bytes where it changed nothing; None when the body is neither."""
    try:
        value = json_of(body).value
    except Surprise:
        return None
    if not isinstance(value, dict | list):
        return None
    changed = clean(value)
    return body if changed == value else json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def argument(url: str, name: str) -> str:
    """One value of a URL's query; "" when absent or when the URL is broken."""
    try:
        return parse_qs(urlsplit(url).query).get(name, [""])[0]
    except ValueError:
        return ""


def host_of(url: str, *schemes: str) -> str:
    """The host of an address, lower case; "" when it has none, is broken, or has none of the schemes named (if any are)."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if not schemes or parts.scheme in schemes else ""
    except ValueError:
        return ""


def visible(body: bytes, *dropped: str) -> str:
    """The text of an HTML page without scripts, styles and `dropped` elements, on one line; "" when it is no HTML."""
    try:
        root = html.document_fromstring(body[:3_000_000], parser=html.HTMLParser(encoding="utf-8"))
        etree.strip_elements(root, "script", "style", *dropped, etree.Comment, with_tail=False)
        return squeeze(" ".join(str(one) for one in root.itertext()))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""


def pseudonym(platform: str, identifier: str) -> str:
    """A mark of 16 bits for a commenter's id: tells whether it may be the account's own, far too short to name a person."""
    if not identifier or _PSEUDONYM.fullmatch(identifier):
        return identifier
    return "#" + hashlib.sha256(f"{platform}:{identifier}".encode("utf-8", "replace")).hexdigest()[:4]


def mask(text: str) -> str:
    """A stranger's words without telephone and identity-card numbers, mail addresses and @names."""
    return _MENTION.sub("@某用户", _PHONE.sub("[已隐去]", text))
