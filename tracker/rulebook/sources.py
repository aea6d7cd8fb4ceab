"""The files behind a profile: the file itself and those that it extends, each with the lines on which its keys stand."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Key = tuple[str | int, ...]
"""Where something stands in a TOML document: table names, keys, positions in an array."""

_AT = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
_SAID = {
    "Invalid value": "等号后面的值不对,文字要加英文引号",
    "Invalid statement": "这一行不是 键 = 值",
    "Expected '=' after a key in a key/value pair": "键的后面缺等号",
    "Expected newline or end of document after a statement": "值的后面有多余的字",
    "Cannot overwrite a value": "这个键前面已经写过",
    "Unclosed array": "方括号没有合上",
    "Unclosed inline table": "花括号没有合上",
    "Unterminated string": "引号没有合上",
    "Expected ']' at the end of a table declaration": "表名的方括号没有合上",
    "Expected ']]' at the end of an array declaration": "表名的方括号没有合上",
    "Illegal character '\\n'": "引号没有在同一行合上",
}
"""What the TOML reader says (Python's tomllib), in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of a profile: its text and what it says. `base` is the name that it extends, empty for none."""

    path: Path
    text: str
    told: Mapping[str, Any]

    @property
    def base(self) -> str:
        """The name of the profile that it extends."""
        return str(self.told.get("extends", ""))

    def has(self, key: Key) -> bool:
        """Whether the file says something under this key."""
        return _found(self.told, key)

    def line(self, key: Key) -> int:
        """The line (from 1) of the statement that first says something under this key, or under as much of it as there is."""
        while key and not self.has(key):
            key = key[:-1]
        return next((line for line, told in self._statements if _found(told, key)), 1) if key else 1

    @cached_property
    def _statements(self) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """After each statement what the document says so far: the beginning of a TOML document up to the end of a
        statement is one itself, up to the middle of one is none."""
        lines, found, first = self.text.splitlines(), [], 1
        for end in range(1, len(lines) + 1):
            try:
                told = tomllib.loads("\n".join(lines[:end]) + "\n")
            except tomllib.TOMLDecodeError:
                continue
            found.append((first, told))
            first = end + 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something wrong in a profile, as a Chinese clause. `keys`: where it may be put right, the best place first."""

    text: str
    keys: tuple[Key, ...] = ()
    source: Source | None = None
    """The file, where it is known; None = the first of the profile's files that has one of the keys."""


@dataclass(kw_only=True)
class Mistakes:
    """Collects all that is wrong while a profile is read."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, text: str, *keys: Key, source: Source | None = None) -> None:
        """One more."""
        self.found.append(Mistake(text=text, keys=keys, source=source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mistake stands: the file's path and the line, from 1."""

    path: Path
    line: int


class Unreadable(ValueError):
    """文件读不懂: the message is a Chinese clause; `line` and `path` say where."""

    def __init__(self, message: str, path: Path, line: int = 1) -> None:
        super().__init__(message)
        self.path, self.line = path, line


def read(path: Path) -> Source:
    """A profile's file. Raises Unreadable (no TOML, no UTF-8) and OSError."""
    try:
        # one kind of line end, so that lines are counted as an editor counts them
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Unreadable("文字编码不是 UTF-8,请另存为 UTF-8", path, error.object[: error.start].count(b"\n") + 1) from error
    try:
        return Source(path=path, text=text, told=tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(str(error), path, text) from error


def _unreadable(said: str, path: Path, text: str) -> Unreadable:
    found = _AT.fullmatch(said)
    if found is None:
        return Unreadable(f"不是正确的 TOML({said})", path)
    what = _SAID.get(found["what"], found["what"])
    if found["line"] is None:
        return Unreadable(f"不是正确的 TOML:到文件末尾还没有写完({what})", path, text.count("\n") + 1)
    return Unreadable(f"不是正确的 TOML:第{found['column']}个字起,{what}", path, int(found["line"]))


def place(mistake: Mistake, sources: Sequence[Source]) -> Place:
    """Where to put a mistake right: the first file that has one of its keys, else the nearest table of the profile's own file."""
    if mistake.source is not None:
        key = mistake.keys[0] if mistake.keys else ()
        return Place(path=mistake.source.path, line=mistake.source.line(key))
    for source in sources:
        for key in mistake.keys:
            if source.has(key):
                return Place(path=source.path, line=source.line(key))
    return Place(path=sources[0].path, line=sources[0].line(mistake.keys[0] if mistake.keys else ()))


def _found(told: object, key: Key) -> bool:
    for part in key:
        known = dict(enumerate(told)) if isinstance(told, list) else told
        if not isinstance(known, dict) or part not in known:
            return False
        told = known[part]
    return True
