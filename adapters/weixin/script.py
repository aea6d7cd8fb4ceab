"""Values that a page's scripts assign, read without running them (formats/weixin.md §3.2, guard 1).

The pages are up to 4 MB, so anchors are found by bytes search, and only where a script's own line begins: what an author
writes into an article stands in markup or inside a string literal and can never pose as the page's data.
"""

import re
from collections.abc import Iterator
from html import unescape

from tracker.adapter import Unread
from tracker.model import Outcome

Js = str | None | list["Js"] | dict[str, "Js"]
"""A script value: texts and numbers as str ("1"/"0" for true/false), null as None."""

_STRING = r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\""
_SKIPPED = r"(?:\s++|//[^\n]*+|/\*.*?\*/)*+"
_CALLED = rf"(?P<called>JsDecode\((?:{_STRING})\))|(?P<times>(?:{_STRING}) \* 1)"
"""The two forms that nearly all values have, as one token each: a page has hundreds."""
_TOKEN = re.compile(rf"{_SKIPPED}(?:{_CALLED}|(?P<string>{_STRING})|(?P<word>[\w$.]+)|(?P<mark>.)|\Z)", re.DOTALL)
_MEMBER = re.compile(
    rf"{_SKIPPED}(?P<key>{_STRING}|[\w$.]++){_SKIPPED}:{_SKIPPED}"
    rf"(?:JsDecode\((?P<called>{_STRING})\)|(?P<string>{_STRING})(?: \* 1)?+|(?P<empty>\[{_SKIPPED}\]|\{{{_SKIPPED}\}}))"
    rf"{_SKIPPED},",
    re.DOTALL,
)
"""A member with one of the two forms, a plain string or an empty list or object, and the comma after it: most are read by this
in one go."""
_LITERAL = re.compile(_STRING, re.DOTALL)
_ASSIGNED = re.compile(rf"\s*=\s*((?:{_STRING}|[^;\n'\"])*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
_DEEPEST = 40
_BRACKETS = {"(": 1, ")": -1}
_TEXTS = {"string": slice(None), "called": slice(len("JsDecode("), -1), "times": slice(-len(" * 1"))}
"""Kinds of tokens that hold a string literal, and where in them it stands."""
_WRAPPED = frozenset({"called", "times"})
"""Those that are values only, never keys."""
_WORDS = {"true": "1", "false": "0", "null": None, "undefined": None}


def plain(text: str) -> str:
    """Display text of a script string: the page encodes entities once more inside JsDecode."""
    return unescape(unescape(text)).strip()


def assigned(body: bytes, name: str) -> str | None:
    """The first non-empty string that `var <name> = …` gives, "" where it gives none, None where it is not there."""
    found: str | None = None
    for end in _statements(body, f"var {name}".encode()):
        hit = _ASSIGNED.match(body[end : end + 4000].decode("utf-8", errors="replace"))
        if hit:
            texts = [_unquote(literal) for literal in _LITERAL.findall(hit[1])]
            found = next((text for text in texts if text), "")
            break
    return found


def record(body: bytes, name: str) -> dict[str, Js] | None:
    """The object literal that `<name> = {` assigns; None where no script does. Raises Unread where it does not end."""
    for end in _statements(body, f"{name} = {{".encode()):
        stop = body.find(b"</script", end)
        tokens = _Tokens(body[end : stop if stop >= 0 else len(body)].decode("utf-8", errors="replace"))
        return _object(tokens, 0)
    return None


def _statements(body: bytes, anchor: bytes) -> Iterator[int]:
    """Ends of `anchor` where it begins a line inside a script element."""
    at = body.find(anchor)
    while at >= 0:
        line = body[body.rfind(b"\n", 0, at) + 1 : at]
        if not line.strip(b" \t\r") and body.rfind(b"<script", 0, at) > body.rfind(b"</script", 0, at):
            yield at + len(anchor)
        at = body.find(anchor, at + 1)


class _Tokens:
    """The tokens of a script, one ahead; white space and comments are left out."""

    def __init__(self, text: str) -> None:
        self._script = text
        self._begin = self._end = 0
        self.kind, self.text = "", ""
        self.step()

    def step(self) -> str:
        """Go on by one token; gives the text of the one left behind. After the last, kind is ""."""
        left = self.text
        self._begin = self._end
        hit = _TOKEN.match(self._script, self._begin)
        kind = hit.lastgroup if hit else None
        self.kind, self.text = (kind, hit[kind]) if hit and kind else ("", "")
        self._end = hit.end() if hit else self._begin
        return left

    def take(self, members: dict[str, Js]) -> None:
        """Go on over the plain members (see `_MEMBER`) that begin at the present token."""
        script, at = self._script, self._begin
        while hit := _MEMBER.match(script, at):
            key, called, string, empty = hit.groups()
            members.setdefault(_unquote(key), _unquote(called or string) if not empty else [] if empty[0] == "[" else {})
            at = hit.end()
        if at > self._begin:
            self._end = at
            self.step()


def _object(tokens: _Tokens, depth: int) -> dict[str, Js]:
    """Members up to the closing brace; the first of equal keys counts (guard 1)."""
    members: dict[str, Js] = {}
    while tokens.text != "}":
        if tokens.kind != "mark" and depth <= _DEEPEST:
            tokens.take(members)
            if tokens.text == "}":
                break
        kind, key = tokens.kind, _unquote(tokens.step())
        if tokens.text != ":" or kind in _WRAPPED:
            raise _cut(key)
        tokens.step()
        members.setdefault(key, _value(tokens, depth))
        if tokens.text == ",":
            tokens.step()
    tokens.step()
    return members


def _array(tokens: _Tokens, depth: int) -> list[Js]:
    items: list[Js] = []
    while tokens.text != "]":
        if not tokens.kind:
            raise _cut("]")
        items.append(_value(tokens, depth))
        if tokens.text == ",":
            tokens.step()
        elif tokens.text != "]":
            raise _cut("]")
    tokens.step()
    return items


def _value(tokens: _Tokens, depth: int) -> Js:
    if depth > _DEEPEST:
        raise Unread(Outcome.DRIFT, "文章页数据嵌套过深,版式可能已变")
    if tokens.text in ("{", "["):
        opened = tokens.step()
        return _object(tokens, depth + 1) if opened == "{" else _array(tokens, depth + 1)
    return _expression(tokens)


def _expression(tokens: _Tokens) -> Js:
    """`JsDecode('…')`, `'0' * 1`, `'' || 'x'`, `true`: the first non-empty string, else the word."""
    text, word, brackets = "", "", 0
    while brackets or tokens.text not in (",", "}", "]"):
        if not tokens.kind:
            raise _cut(word)
        brackets += _BRACKETS.get(tokens.text, 0)
        if tokens.kind in _TEXTS:
            text = text or _unquote(tokens.text[_TEXTS[tokens.kind]])
            word = word or "''"
        elif tokens.kind == "word":
            word = word or tokens.text
        tokens.step()
    if text or word in ("", "''"):
        return text
    return _WORDS[word] if word in _WORDS else word if word[0].isdigit() else ""


def _unquote(literal: str) -> str:
    if literal[:1] not in ("'", '"'):
        return literal
    if "\\" not in literal:
        return literal[1:-1]
    return _ESCAPE.sub(lambda hit: _char(hit[1] or hit[2], hit[3]), literal[1:-1])


def _char(code: str | None, char: str | None) -> str:
    """A decoded escape; half a surrogate pair would not encode as UTF-8 again and becomes U+FFFD."""
    if code:
        point = int(code, 16)
        return "\ufffd" if 0xD800 <= point <= 0xDFFF else chr(point)
    return _PLAIN.get(char or "", char or "")


def _cut(where: str) -> Unread:
    return Unread(Outcome.DRIFT, f"文章页数据在“{where[:30]}”附近中断")
