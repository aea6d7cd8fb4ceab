"""Where a quoted sentence stands in the stored bytes, as text for a person: never markup, never a script."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lxml.etree
import lxml.html

from tracker.model import Exchange

AROUND = 160
"""Characters shown on either side of a quote."""

_MOST = 4_000_000
"""Bytes of an answer that are searched."""
_LONGEST = 300
"""Characters of a quote that are searched for."""
_SPACE = re.compile(r"\s+")
_TAGS = re.compile(r"</?[a-zA-Z!][^<>]*>")
_HEAD, _TAIL = re.compile(r"^[^<>]*>"), re.compile(r"</?[a-zA-Z!][^<>]*$")
"""Halves of tags at the ends of what is cut out."""
_BLANKS = re.compile(r"[ \t\r\f\v]+")
_READ = "//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The words before a quote, the quote as it stands, and the words after it."""

    before: str
    quote: str
    after: str


def find(exchanges: Sequence[Exchange], quote: str) -> Place | None:
    """The first place of a quote in these answers; None when it stands in none of them.

    White space does not count. A quote that was shortened or put together of parts is looked for by its longest part.
    """
    for words in _parts(quote):
        pattern = re.compile(r"\s*".join(re.escape(letter) for letter in words))
        for exchange in exchanges:
            for text in _texts(exchange):
                if (found := pattern.search(text)) is not None:
                    first, last = found.span()
                    before, behind = text[max(0, first - AROUND) : first], text[last : last + AROUND]
                    return Place(before=_bare(_HEAD.sub("", before)), quote=found[0], after=_bare(_TAIL.sub("", behind)))
    return None


def _bare(text: str) -> str:
    """Without whole tags; one that the quote itself stands in is left, so that a person sees where."""
    return _TAGS.sub(" ", text)


def _parts(quote: str) -> Iterator[str]:
    whole = _SPACE.sub("", quote)[:_LONGEST].strip("…")
    yield from (words for words in (whole,) if words)
    longest = max(re.split(r"…|[::]", _SPACE.sub("", quote)), key=len)[:_LONGEST]
    if len(longest) >= 4 and longest != whole:
        yield longest


def _texts(exchange: Exchange) -> Iterator[str]:
    """What a reader sees first, then everything that the page carries: a product card stands in a script or an attribute."""
    yield text_of(exchange)
    if len(exchange.body) <= _MOST:
        yield _BLANKS.sub(" ", html.unescape(exchange.text))


def text_of(exchange: Exchange) -> str:
    """The readable text of an answer: JSON by its strings, HTML without tags and scripts; empty for bytes that are no text."""
    text = exchange.text.lstrip("\ufeff \r\n\t")
    if len(exchange.body) > _MOST or "\0" in text[:2000] or text.count("\ufffd") > len(text) // 20:
        return ""
    if text[:1] in ("{", "["):
        try:
            return "\n".join(_plain(words) for words in _strings(json.loads(text)))
        except (ValueError, RecursionError):
            return text
    return _plain(text)


def _strings(value: object) -> Iterator[str]:
    """All strings of a JSON value in their order, addresses and ids left out."""
    if isinstance(value, str):
        if value.strip() and not value.isdecimal() and not value.startswith(("http://", "https://")):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _plain(text: str) -> str:
    if "<" not in text:
        return text
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.ParserError, ValueError):
        return text
    words = tree.xpath(_READ)
    lines = (str(line).strip() for line in words) if isinstance(words, list) else ()
    return _BLANKS.sub(" ", "\n".join(line for line in lines if line))
