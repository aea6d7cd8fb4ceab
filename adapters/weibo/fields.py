"""Small readers of the fields that the pages write in several ways; a shape that is none of these names its path (§3)."""

import re
from collections.abc import Mapping

from tracker.adapter import Unread
from tracker.model import Outcome

Table = Mapping[str, object]

_COUNT = re.compile(r"(\d{1,9}(?:,\d{3})*(?:\.\d{1,4})?)(万|亿)?\+?")
_SCALE = {"": 1, "万": 10_000, "亿": 100_000_000}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ENTITY = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}


def drift(path: str, expected: str) -> Unread:
    """What to raise where the shape at `path` is unknown (class DRIFT)."""
    return Unread(Outcome.DRIFT, f"接口结构有变:{path} 应为{expected},请交开发人员核对")


def table(value: object, path: str) -> Table:
    """`value` as an object. Raises Unread(DRIFT)."""
    if isinstance(value, dict):
        return value
    raise drift(path, "对象")


def rows(value: object, path: str) -> list[object]:
    """`value` as a list. Raises Unread(DRIFT)."""
    if isinstance(value, list):
        return value
    raise drift(path, "列表")


def child(value: Table, key: str) -> Table:
    """The object under `key`, or an empty one where there is none."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def words(value: object) -> str:
    """A string as it stands, without lone surrogates; anything else is empty."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def ident(*values: object) -> str:
    """The first value that is a platform id, as a string of digits; "" when none is. Ids never become floats."""
    for value in values:
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and value > 0:
            return str(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 and value.strip("0"):
            return value
    return ""


def token(value: object) -> str:
    """`since_id` and `max_id` verbatim as a string (guard 13); "" where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return words(str(value))


def code(value: object) -> int | None:
    """A small whole number, also written as a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        return int(value)
    return None


def count(value: object) -> int | None:
    """A counter: 21947, "21,947", "7164.8万", "1.51亿" (a rounded value); None where it is not told."""
    if isinstance(value, int):
        return value if value >= 0 and not isinstance(value, bool) else None
    found = _COUNT.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 30 else None
    if not found:
        return None
    return round(float(found[1].replace(",", "")) * _SCALE[found[2] or ""])


def flag(value: object) -> bool:
    """Whether a field says yes: true, 1, "1"."""
    return value is True or value == 1 or value == "1"


def plain(html: str) -> str:
    """Text of a piece of HTML: tags out, the usual entities resolved."""
    text = _TAG.sub("", html)
    for entity, sign in _ENTITY.items():
        text = text.replace(entity, sign)
    return text
