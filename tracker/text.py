"""Comparing names and titles as the field does (domain/registry.md §3.4): kept exactly, compared loosely."""

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_BARS = str.maketrans({"丨": "|", "｜": "|", "︱": "|"})


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """The form in which two names are compared: NFKC, bars unified, without white space, lower case."""
    return folded(name)


def folded(name: str) -> str:
    """The same, not kept: for names that are met once."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name).translate(_BARS)).casefold()


def squeeze(text: str) -> str:
    """One line of text: runs of white space become one blank, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


def clip(text: str, most: int = 80) -> str:
    """At most `most` characters, with an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


class Linked(str):
    """A cell's text that carries a hyperlink: compares and prints as the text alone, `url` is where the link leads."""

    url: str

    def __new__(cls, shown: str, url: str) -> "Linked":
        """The cell that shows `shown` and leads to `url`."""
        cell = super().__new__(cls, shown)
        cell.url = url
        return cell
