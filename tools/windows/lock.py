"""requirements.lock as Windows reads it: what is to be installed there, and the hashes that are allowed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.utils import canonicalize_name

PYTHON = "3.12"
"""The Python of the zip; every compiled wheel is made for it."""

WINDOWS: Mapping[str, str] = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "10",
    "platform_version": "10.0.19045",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "implementation_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "python_full_version": f"{PYTHON}.0",
}
"""What the markers of requirements ask for, answered for 64-bit Windows 10 (packaging's names)."""

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)\s*(?:;\s*(?P<marker>.+))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One requirement of the lock: name as pip compares it, version, SHA-256 in hex."""

    name: str
    version: str
    hashes: frozenset[str]


def wanted(lock: str, environment: Mapping[str, str] = WINDOWS) -> tuple[Pinned, ...]:
    """The requirements of a lock that hold there. Raises ValueError naming a line that is neither a pin nor its hash."""
    return tuple(one for one, marker in _every(lock) if not marker or Marker(marker).evaluate(dict(environment)))


def _every(lock: str) -> Iterator[tuple[Pinned, str]]:
    lines = (line for line in lock.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#"))
    for line in lines:
        head, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        found = _PINNED.match(head.strip())
        if not found or not hashes:
            raise ValueError(f"requirements.lock: a pin with hashes was expected, this is: {line[:80]}")
        name = canonicalize_name(found["name"])
        yield Pinned(name=name, version=found["version"], hashes=frozenset(hashes)), (found["marker"] or "").strip()


def as_text(pins: tuple[Pinned, ...]) -> str:
    """The pins without markers: pip asks markers of the machine that it runs on, which is not the one meant."""
    return "".join(f"{one.name}=={one.version} {_hashes(one)}\n" for one in pins)


def _hashes(one: Pinned) -> str:
    return " ".join(f"--hash=sha256:{found}" for found in sorted(one.hashes))
