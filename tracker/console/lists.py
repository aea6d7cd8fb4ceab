"""What the pages with long lists share: filters with their counts, heads of columns that sort, the way on and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tracker.errors import UsageError
from tracker.registry.tables import kinds
from tracker.store import Slice, Turn

SIZE = 50
"""Rows of one page."""
MOST_WORDS = 100
"""Characters that are searched for."""
BLANK = "(未填)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter, and how it is called."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One drop-down of a list; `value` is what is chosen, empty = all."""

    name: str
    title: str
    value: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column; `address` empty = it does not sort. `now` is the word of `aria-sort`, empty = sorted by another."""

    title: str
    address: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Addresses of the first page and of those before and after this one, empty where there is none; `order`, `down` as asked."""

    first: str
    before: str
    after: str
    order: str
    down: bool


def turn_of(orders: Mapping[str, tuple[str, ...]], order: str, down: str, after: str, before: str) -> Turn:
    """The page that an address asks for. Raises UsageError for an order that there is not."""
    if order not in orders:
        raise UsageError("列表不能这样排序;请点表头里的链接")
    return Turn(order=order, down=bool(down), after=after, before=before, size=SIZE)


def way_of(path: str, asked: Mapping[str, str], turn: Turn, found: Slice[Any]) -> Way:
    """The way on and back from a page; `asked` are the filters in the address."""
    told = {**{name: value for name, value in asked.items() if value}, **_order(turn.order, turn.down)}

    def at(**more: str) -> str:
        return f"{path}?{urlencode({**told, **more})}" if told or more else path

    return Way(
        first=at() if turn.after or turn.before else "",
        before=at(before=found.before) if found.before else "",
        after=at(after=found.after) if found.after else "",
        order=turn.order,
        down=turn.down,
    )


def columns_of(path: str, asked: Mapping[str, str], turn: Turn, titles: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    """The heads; `titles` = title and order, empty = it does not sort. A second click turns the order round."""
    told = {name: value for name, value in asked.items() if value}
    found = []
    for title, order in titles:
        here = order == turn.order
        more = _order(order, here and not turn.down)
        address = (f"{path}?{urlencode({**told, **more})}" if told or more else path) if order else ""
        now = ("descending" if turn.down else "ascending") if order and here else ""
        found.append(Column(title=title, address=address, now=now))
    return tuple(found)


def _order(order: str, down: bool) -> dict[str, str]:
    return {**({"order": order} if order != "position" else {}), **({"down": "1"} if down else {})}


def choices_of(counted: Iterable[tuple[str, int]], titles: Mapping[str, str] | None = None) -> tuple[Choice, ...]:
    """The values of a filter with how many have each, the most frequent first; an empty value cannot be asked for."""
    sums: dict[str, int] = {}
    for value, number in counted:
        sums[value] = sums.get(value, 0) + number
    told = titles or {}
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Choice(value=value, title=told.get(value, value), count=number) for value, number in ordered if value)


def platform_titles(adapters: Mapping[str, Any]) -> Mapping[str, str]:
    """Slug → how a platform is called."""
    return {**{kind.slug: kind.kind for kind in reversed(kinds())}, **{slug: one.title for slug, one in adapters.items()}}
