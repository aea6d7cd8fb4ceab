"""Comparing names and titles as the field does (domain/registry.md §3.4): kept exactly, compared loosely."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_BARS = str.maketrans({"丨": "|", "｜": "|", "︱": "|"})


def key(name: str) -> str:
    """The form in which two names are compared: NFKC, bars unified, without white space, lower case."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name).translate(_BARS)).casefold()


def squeeze(text: str) -> str:
    """One line of text: runs of white space become one blank, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


def clip(text: str, most: int = 80) -> str:
    """At most `most` characters, with an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


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
        for key_ in keys:
            inner = here.value.get(key_) if isinstance(here.value, dict) else None
            here = Json(value=inner, path=f"{here.path}.{key_}")
        return here

    def has(self, name: str) -> bool:
        """Whether this is a table with that key (its value may be null)."""
        return isinstance(self.value, dict) and name in self.value

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
        if self.value is None:
            return ""
        return self.value if isinstance(self.value, str) else str(self.number())

    def flag(self) -> bool | None:
        """True/false, also written as 1/0; None = not told."""
        if self.value is None or isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, int | str) and self.value in (0, 1, "0", "1"):
            return str(self.value) == "1"
        raise self.surprise("是否标志")

    def surprise(self, expected: str) -> Surprise:
        """The error for a value that is not what was expected here."""
        shown = type(self.value).__name__ if isinstance(self.value, dict | list) else clip(repr(self.value), 40)
        return Surprise(f"{self.path} 应为{expected}，实为 {shown}")


_DIGITS = re.compile(r"-?[0-9]{1,25}")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")
_PSEUDONYM = re.compile(r"#[0-9a-f]{4}")
_MENTION = re.compile(r"@[^\s@:：,，]{1,30}")


def json_of(body: bytes) -> Json:
    """The JSON value of a body (UTF-8, with or without a mark). Raises Surprise when it is none, or nested beyond reason."""
    try:
        return Json(value=json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        shown = "网页" if body.lstrip()[:1] == b"<" else f"“{clip(squeeze(body[:60].decode('utf-8', 'replace')), 40)}”"
        raise Surprise(f"$ 应为 JSON，实为 {shown}") from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def pseudonym(platform: str, identifier: str) -> str:
    """A mark of 16 bits for a commenter's id: tells whether it may be the account's own, far too short to name a person."""
    if not identifier or _PSEUDONYM.fullmatch(identifier):
        return identifier
    return "#" + hashlib.sha256(f"{platform}:{identifier}".encode("utf-8", "replace")).hexdigest()[:4]


def mask(text: str) -> str:
    """A stranger's words without telephone and identity-card numbers, mail addresses and @names."""
    return _MENTION.sub("@某用户", _PHONE.sub("[已隐去]", text))


class Linked(str):
    """A cell's text that carries a hyperlink: compares and prints as the text alone, `url` is where the link leads."""

    url: str

    def __new__(cls, shown: str, url: str) -> "Linked":
        """The cell that shows `shown` and leads to `url`."""
        cell = super().__new__(cls, shown)
        cell.url = url
        return cell
