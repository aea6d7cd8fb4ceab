"""Whether a name in the prose is a row of the annex: loosely to find it, strictly before anything is held against it."""

import re
from collections.abc import Iterable, Sequence

from tracker.checking.annexes import Annex, Row
from tracker.checking.grammar import grammar
from tracker.text import key

_OFFICE = re.compile("(?:人民)?政府(?:办公室|办)?$|办公室$")
_LEAST = 3
_MOST_MISSING = 2


def loosely(name: str, rows: Iterable[Row]) -> list[Row]:
    """Rows whose account or unit the words may mean: the same, or one contained in the other."""
    told = key(name)
    short = _OFFICE.sub("", told) or told
    long_enough = len(short) >= _LEAST
    found: list[Row] = []
    # Plain loops: a long bulletin asks this of thousands of rows a thousand times.
    for row in rows:
        for each in row.keys:
            if told == each or (long_enough and short in each) or (each in short and len(each) >= _LEAST):
                found.append(row)
                break
    return found


def strictly(name: str, rows: Sequence[Row]) -> list[Row]:
    """Rows that are surely meant: account of just this name, or the one unit that is it (县统计局 is 示例县统计局)."""
    told = key(name)
    named = [row for row in rows if told in row.keys]
    if named:
        return named
    bare = _OFFICE.sub("", told)
    found = [row for row in rows if row.org and len(bare) >= _LEAST and _OFFICE.sub("", key(row.org)).endswith(bare)]
    return found if len({key(row.org) for row in found}) == 1 else []


def alike(name: str, others: Iterable[str]) -> str:
    """The one name among others that differs by a confused sign or by one or two signs left out inside; else empty."""
    told = key(name)
    near = {other for other in others if key(other) != told and (confused(told, key(other)) or dropped(told, key(other)))}
    return near.pop() if len(near) == 1 else ""


def confused(one: str, other: str) -> bool:
    """Whether two names of one length differ in one sign that is easily taken for the other."""
    if len(one) != len(other):
        return False
    odd = [frozenset(pair) for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(odd) == 1 and odd[0] in grammar().pairs


def dropped(one: str, other: str) -> bool:
    """Whether one is the other with one or two signs missing inside (田区城管局, 田家庵区城管局)."""
    short, long = sorted((one, other), key=len)
    gap = len(long) - len(short)
    if not 1 <= gap <= _MOST_MISSING or len(short) < 5:
        return False
    return any(long[:at] + long[at + gap :] == short for at in range(1, len(short)))


def names_in(annexes: Iterable[Annex]) -> list[str]:
    """Every account and unit name of the annexes, each once."""
    return list(dict.fromkeys(name for annex in annexes for row in annex.rows for name in (row.name, row.org) if name))
