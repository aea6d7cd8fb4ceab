"""Posts that repeat an older one (旧稿新发, domain/rules.md §6 CNT-05)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker import text
from tracker.clock import day
from tracker.model import Post

LEAST_CHARACTERS = 12
"""Shorter words (转发微博, 早安) repeat by themselves and prove nothing."""
ALIKE = 0.9
"""Share of matching characters from which two texts are near-duplicates; dates and numbers are compared apart."""

_NUMBERS = re.compile(r"\d+|[一二三四五六七八九十百千]+(?=[月日年季期号届次])")
_PREFIX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A post that says again what an older one said; `days` calendar days lie between them."""

    post: Post
    older: Post
    days: int


def repeats(posts: Sequence[Post]) -> tuple[Repeat, ...]:
    """Every post that nearly repeats an older one with the same numbers in it, beside the oldest such; newest first.

    Numbers must agree: 10月空气质量 is not 9月空气质量 again. Reposts (转发) are not repeats.
    """
    seen: dict[str, list[tuple[Post, str, tuple[str, ...]]]] = defaultdict(list)
    found: list[Repeat] = []
    for post in sorted((one for one in posts if not one.repost), key=lambda one: one.at):
        words = _words(post)
        if len(words) < LEAST_CHARACTERS:
            continue
        numbers = tuple(_NUMBERS.findall(words))
        older = next(
            (
                one
                for one, told, digits in seen[words[:_PREFIX]]
                if digits == numbers and _alike(words, told) and one.id != post.id
            ),
            None,
        )
        if older is None:
            seen[words[:_PREFIX]].append((post, words, numbers))
        elif days := (day(post.at) - day(older.at)).days:
            found.append(Repeat(post=post, older=older, days=days))
    return tuple(reversed(found))


def _words(post: Post) -> str:
    """The text where it is told, else the title, without white space and marks."""
    return re.sub(r"[^\w]", "", text.key(post.text if len(post.text) > len(post.title) else post.title))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > (1 - ALIKE) * 2 * max(len(one), len(other)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
