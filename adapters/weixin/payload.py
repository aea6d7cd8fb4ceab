"""JSON answers read strictly: every surprise names its JSON path, nothing is guessed."""

import json
import re
from dataclasses import dataclass

from adapters.weixin.surprise import Surprise
from adapters.weixin.transport import refusal
from tracker.model import Exchange, Outcome
from tracker.text import clip

_INTEGER = re.compile(r"-?[0-9]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value of a JSON answer and where it stands (`$.list[3].msgid`). Its readers raise `Surprise(drift)`."""

    value: object
    path: str = "$"

    def has(self, key: str) -> bool:
        """Whether this is an object with a value under `key`; JSON null counts as absent."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def at(self, key: str) -> "Node":
        """The value under `key`, which has to be there."""
        if not isinstance(self.value, dict) or self.value.get(key) is None:
            raise self.wrong(f"应有“{key}”")
        return Node(value=self.value[key], path=f"{self.path}.{key}")

    def rows(self) -> tuple["Node", ...]:
        """The elements of an array."""
        if not isinstance(self.value, list):
            raise self.wrong("应为数组")
        return tuple(Node(value=row, path=f"{self.path}[{n}]") for n, row in enumerate(self.value))

    def rows_or_one(self) -> tuple["Node", ...]:
        """The elements of an array, or the object itself where the platform sends one row bare (guard 15)."""
        return (self,) if isinstance(self.value, dict) else self.rows()

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self.wrong("应为文字")
        return self.value

    def number(self) -> int:
        """An integer, or one written as a string of at most 20 digits."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and _INTEGER.fullmatch(self.value):
            return int(self.value)
        raise self.wrong("应为整数")

    def flag(self) -> bool:
        """A switch: true/false, 1/0, "1"/"0"."""
        if isinstance(self.value, bool):
            return self.value
        if self.value in (0, 1, "0", "1"):
            return int(str(self.value)) == 1
        raise self.wrong("应为开关值 0 或 1")

    def maybe_text(self, key: str) -> str:
        """The string under `key`, or "" where it is absent."""
        return self.at(key).text() if self.has(key) else ""

    def maybe_flag(self, key: str) -> bool:
        """The switch under `key`, off where it is absent."""
        return self.has(key) and self.at(key).flag()

    def wrong(self, expected: str) -> Surprise:
        """The drift to raise for this value."""
        return Surprise(Outcome.DRIFT, f"接口数据 {self.path} {expected},实为 {clip(repr(self.value), 40)}")


def load(exchange: Exchange) -> Node:
    """The JSON object of an answer. HTML with status 200 is `transport` (guard 14), as is everything that is no JSON."""
    found = refusal(exchange)
    if found is not None:
        raise found
    try:
        value = json.loads(exchange.body)
    except (ValueError, RecursionError):
        what = "网页" if exchange.body.lstrip()[:1] == b"<" else "非 JSON 内容"
        raise Surprise(Outcome.TRANSPORT, f"接口 {exchange.page} 返回{what},不是数据") from None
    if not isinstance(value, dict):
        raise Surprise(Outcome.DRIFT, f"接口 {exchange.page} 的应答不是 JSON 对象")
    return Node(value=value)
