"""Pages that follow each other by the key of their last row, forwards and back: what comes in between shifts nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import peewee

from tracker.errors import UsageError
from tracker.store.codec import scrub

_Row = TypeVar("_Row")

_MOST = 2**31
"""Numbers of a key lie below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which page: how many rows, in which order, and the key (`Slice`) after or before which it lies; both empty = the first."""

    order: str = "position"
    down: bool = False
    """The other way round."""
    after: str = ""
    before: str = ""
    size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[_Row]):
    """One page. `before` and `after` are the keys for the page before and after it, empty where there is none."""

    rows: tuple[_Row, ...]
    before: str = ""
    after: str = ""


def sliced(query: Any, keys: Sequence[peewee.Field], turn: Turn) -> tuple[list[Any], str, str]:
    """The rows of the page as plain tuples, and the keys before and after it. The query's first columns are `keys`.

    Raises UsageError for a key that is none of ours.
    """
    back = bool(turn.before)
    up = turn.down == back
    told = turn.before or turn.after
    if told:
        here, value = (keys[0], _read(told, keys)[0]) if len(keys) == 1 else (_tuple(*keys), _tuple(*_read(told, keys)))
        query = query.where(here > value if up else here < value)
    order = [one if up else one.desc() for one in keys]
    rows = list(query.order_by(*order).limit(turn.size + 1).tuples())
    more, rows = len(rows) > turn.size, rows[: turn.size]
    if back:
        rows.reverse()
    earlier, later = (more, True) if back else (bool(turn.after), more)
    ends = [_key(row[: len(keys)]) for row in (rows[0], rows[-1])] if rows else ["", ""]
    return rows, ends[0] if earlier else "", ends[1] if later else ""


def _tuple(*values: Any) -> Any:
    return peewee.Tuple(*values)


def _key(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _read(told: str, keys: Sequence[peewee.Field]) -> list[Any]:
    try:
        values = json.loads(told)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != len(keys) or not all(map(_fits, values, keys)):
        raise UsageError("翻页的地址不完整,找不到这一页;请回到列表的第一页再翻")
    return [scrub(value) if isinstance(value, str) else value for value in values]


def _fits(value: object, key: peewee.Field) -> bool:
    if isinstance(key, peewee.IntegerField):
        return type(value) is int and abs(value) < _MOST
    return isinstance(value, str)
