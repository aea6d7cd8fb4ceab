"""Passwords: argon2id as RFC 9106 §4 recommends where memory is small; which ones are refused (NIST SP 800-63B §5.1.1.2)."""

import threading
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST = 10
"""Characters of a password."""
LONGEST = 200
"""More is refused: hashing it would cost whoever is asked more than whoever asks."""
_OWN = 6
"""Characters that must be left when what everybody would guess is taken away."""

_GUESSED = Path(__file__).parent.parent / "data" / "guessed_passwords.txt"
"""What everybody tries first, one a line."""


class Hasher:
    """Makes and checks hashes, few at once: each takes 64 MB. `profile` is an argument for tests."""

    def __init__(self, profile: Parameters = RFC_9106_LOW_MEMORY, *, at_once: int = 4) -> None:
        self._argon = PasswordHasher.from_parameters(profile)
        self._turn = threading.BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """The hash with its salt and parameters."""
        with self._turn:
            return self._argon.hash(password)

    def fits(self, held: str, password: str) -> bool:
        """Whether a password is the one of a hash. An empty hash (no such user, none set) costs as much time and fits nothing."""
        told = held or self._nobody
        with self._turn:
            try:
                return self._argon.verify(told, password[: LONGEST + 1]) and bool(held)
            except (VerificationError, InvalidHashError):
                return False

    def stale(self, held: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._argon.check_needs_rehash(held)

    @cached_property
    def _nobody(self) -> str:
        return self.hash("nobody has this one")


def weak(password: str, names: Iterable[str] = ()) -> str:
    """What is wrong with a new password, in Chinese; empty = nothing. `names`: login, name, place, unit."""
    if len(password) < SHORTEST:
        return f"密码至少 {SHORTEST} 个字;几个不相干的词连在一起,又长又好记"
    if len(password) > LONGEST:
        return f"密码最多 {LONGEST} 个字"
    left = password.casefold()
    for known in sorted((one.casefold() for one in (*_guessed(), *names) if len(one) > 1), key=len, reverse=True):
        left = left.replace(known, "")
    if len(set(password)) < 5 or len(left) < _OWN or _in_a_row(left):
        return "这个密码太容易猜到(常用密码、键盘顺序、姓名、登录名或地名);请另想一个"
    return ""


@cache
def _guessed() -> tuple[str, ...]:
    return tuple(_GUESSED.read_text(encoding="utf-8").split())


def _in_a_row(told: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(told)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
